/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The program that runs in the tests' guests: it does what its host tells it.
 *
 * It asks with DIAGNOSE 0x500 for its next order, which it gets in GR2: what to
 * do in the leftmost 16 bits, an address in the others.  Some orders need a
 * number, for which it asks as well.  With each question for an order come the
 * result of the last one in GR3 and how that ended in GR4.
 */
#ifndef PV_SELFTEST_AGENT_H
#define PV_SELFTEST_AGENT_H

/* The guest's memory */
#define AGENT_ADDR		0x10000

/* Questions, in GR1 */
#define AGENT_ASKS_ORDER	0x50
#define AGENT_ASKS_NUMBER	0x51

/* Orders */
#define AGENT_LOAD		0	/* doubleword at the address */
#define AGENT_STORE		1	/* a number at the address */
#define AGENT_SHARE		2	/* the page; result: rc */
#define AGENT_UNSHARE		3
#define AGENT_DIAG308		4	/* subcode as address */
#define AGENT_AWAIT		5	/* until the doubleword is not zero */
#define AGENT_WAIT		6	/* for nothing, with a disabled PSW */
#define AGENT_SIGP		7	/* CPU address << 8 | order; result: cc */
#define AGENT_FILL		8	/* a number of pages with their addresses */
#define AGENT_CHECK		9	/* how many of them have that */
#define AGENT_CHURN		10	/* see below; first address that is wrong */
#define AGENT_NR_ORDERS		11
#define AGENT_ORDER_SHIFT	48

/*
 * AGENT_CHURN: number of pages, and a generation in the leftmost half.  Every
 * AGENT_STRIDE bytes the pages hold a doubleword of generation and address.
 * Those of the generation before are looked for, unless this is the first, and
 * those of this one take their place.
 */
#define AGENT_STRIDE		256
#define AGENT_STRIDES		16	/* in a page */
#define AGENT_GENERATION_SHIFT	32

/* How an order ended, in GR4 */
#define AGENT_DONE		0
#define AGENT_PROGRAM_CHECK	1	/* result: interruption code */
#define AGENT_STARTED		2	/* there was none; result: 1 for a restart */

#ifndef __ASSEMBLER__

extern const unsigned char agent_begin[];
extern const unsigned char agent_end[];

#endif

#endif /* PV_SELFTEST_AGENT_H */
