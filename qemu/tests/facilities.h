/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The facility list (STFLE).
 */
#ifndef FACILITIES_H
#define FACILITIES_H

#include "bare.h"

#define FACILITY_WORDS	4

static inline void store_facilities(uint64_t list[FACILITY_WORDS])
{
	memset(list, 0, FACILITY_WORDS * sizeof(*list));
	asm volatile("	lghi	%%r0,%1\n"
		     "	.insn	s,0xb2b00000,0(%0)\n"
		     : : "a" (list), "i" (FACILITY_WORDS - 1)
		     : "0", "cc", "memory");
}

static inline bool facility(unsigned int bit)
{
	uint64_t list[FACILITY_WORDS];

	store_facilities(list);
	return list[bit / 64] << bit % 64 >> 63;
}

/* For the runner, which compares machines. */
static inline void show_facilities(void)
{
	uint64_t list[FACILITY_WORDS];
	int i;

	store_facilities(list);
	say("# facilities");
	for (i = 0; i < FACILITY_WORDS; i++) {
		say(" ");
		say_hex(list[i], 16);
	}
	say("\n");
}

#endif /* FACILITIES_H */
