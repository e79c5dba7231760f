/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Address spaces: tables for dynamic address translation.
 */
#ifndef DAT_H
#define DAT_H

#include "bare.h"

#define SEGMENTS	16		/* of 1 MiB, mapped one to one */
#define PAGES		256		/* in one segment */
#define ALIAS		(8UL << 20)	/* free addresses for the tests */

#define ASCE_REAL_SPACE		0x20
#define ASCE_PRIVATE		0x100
#define ASCE_2048_SEGMENTS	0x03
#define SEGMENT_INVALID		0x20
#define PAGE_INVALID		0x400
#define PAGE_PROTECTED		0x200

#define TEID_FETCH	0x800
#define TEID_STORE	0x400
#define TEID_BIT_61	0x004
#define TEID_SECONDARY	0x002
#define TEID_HOME	0x003
#define TEID_PAGE	(~(PAGE_SIZE - 1))

struct space {
	uint64_t segments[2048] __attribute__((aligned(PAGE_SIZE)));
	uint64_t pages[SEGMENTS][PAGES] __attribute__((aligned(2048)));
};

/** make_space() - one to one below ALIAS, nothing behind */
void make_space(struct space *space);

static inline uint64_t asce(const struct space *space)
{
	return (uint64_t)space->segments | ASCE_2048_SEGMENTS;
}

static inline uint64_t *entry(struct space *space, uint64_t addr)
{
	return &space->pages[addr >> 20][addr >> 12 & 0xff];
}

/** map() - set the page-table entry of an address */
void map(struct space *space, uint64_t addr, uint64_t value);

/** dat_on() - of the address space that @asc names: 0 primary, 2, 3 */
void dat_on(unsigned int asc);
void dat_off(void);

#endif /* DAT_H */
