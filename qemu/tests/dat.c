// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Address spaces: tables for dynamic address translation.
 */
#include "dat.h"

void map(struct space *space, uint64_t addr, uint64_t value)
{
	*entry(space, addr) = value;
	asm volatile("ptlb" : : : "memory");
}

void make_space(struct space *space)
{
	uint64_t addr;
	int i;

	for (i = 0; i < 2048; i++)
		space->segments[i] = i < SEGMENTS ?
			(uint64_t)space->pages[i] : SEGMENT_INVALID;
	for (addr = 0; addr < SEGMENTS * PAGES * PAGE_SIZE; addr += PAGE_SIZE)
		*entry(space, addr) = addr < ALIAS ? addr : PAGE_INVALID;
}

/* SET ADDRESS SPACE CONTROL FAST needs DAT on. */
void dat_on(unsigned int asc)
{
	static const uint16_t sac[] = { 0x000, 0x200, 0x100, 0x300 };
	uint8_t mask;

	asm volatile("stosm %0,4\n"
		     : "=Q" (mask) : : "memory");
	asm volatile("sacf 0(%0)" : : "a" ((uint64_t)sac[asc]) : "memory");
}

void dat_off(void)
{
	uint8_t mask;

	asm volatile("sacf 0\n"
		     "stnsm %0,0xfb" : "=Q" (mask) : : "memory");
}
