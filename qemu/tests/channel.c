// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One subchannel and what a driver does with it.
 */
#include "channel.h"

#define PMCW_ENABLED	0x0080
#define ORB_FORMAT_1	0x00800000
#define ORB_IDAW_64BIT	0x00020000
#define ORB_ALL_PATHS	0x0000ff00

struct schib {
	uint32_t parm;
	uint16_t flags;
	uint8_t rest[46];
} __attribute__((aligned(8)));

struct irb {
	uint32_t control;
	uint32_t ccw_addr;
	uint16_t status;
	uint16_t count;
	uint8_t rest[84];
} __attribute__((aligned(8)));

static uint64_t store_subchannel(struct schib *schib)
{
	uint64_t cc;

	asm volatile("	lgr	%%r1,%1\n"
		     "	stsch	0(%2)\n"
		     "	ipm	%0\n"
		     : "=&d" (cc) : "d" ((uint64_t)SCHID), "a" (schib)
		     : "1", "cc", "memory");
	return (cc & 0xffffffff) >> 28;
}

static uint64_t modify_subchannel(const struct schib *schib)
{
	uint64_t cc;

	asm volatile("	lgr	%%r1,%1\n"
		     "	msch	0(%2)\n"
		     "	ipm	%0\n"
		     : "=&d" (cc) : "d" ((uint64_t)SCHID), "a" (schib)
		     : "1", "cc", "memory");
	return (cc & 0xffffffff) >> 28;
}

static uint64_t start_subchannel(const uint32_t *orb)
{
	uint64_t cc;

	asm volatile("	lgr	%%r1,%1\n"
		     "	ssch	0(%2)\n"
		     "	ipm	%0\n"
		     : "=&d" (cc) : "d" ((uint64_t)SCHID), "a" (orb)
		     : "1", "cc", "memory");
	return (cc & 0xffffffff) >> 28;
}

static uint64_t test_subchannel(struct irb *irb)
{
	uint64_t cc;

	asm volatile("	lgr	%%r1,%1\n"
		     "	tsch	0(%2)\n"
		     "	ipm	%0\n"
		     : "=&d" (cc) : "d" ((uint64_t)SCHID), "a" (irb)
		     : "1", "cc", "memory");
	return (cc & 0xffffffff) >> 28;
}

bool channel_enable(void)
{
	struct schib schib;

	if (store_subchannel(&schib))
		return false;
	schib.flags |= PMCW_ENABLED;
	return modify_subchannel(&schib) == 0;
}

uint16_t channel_run(const struct ccw *ccw)
{
	uint32_t orb[8] = { 0, ORB_FORMAT_1 | ORB_IDAW_64BIT | ORB_ALL_PATHS,
			    (uint32_t)(uint64_t)ccw };
	struct irb irb = {};

	if (start_subchannel(orb))
		return 0;
	while (test_subchannel(&irb))
		;
	return irb.status;
}

void channel_notify(void)
{
	asm volatile("	lghi	%%r1,3\n"
		     "	lgr	%%r2,%0\n"
		     "	lghi	%%r3,0\n"
		     "	diag	0,0,0x500\n"
		     : : "d" ((uint64_t)SCHID) : "1", "2", "3", "memory");
}
