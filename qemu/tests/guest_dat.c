// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ultravisor calls with DAT on: where the block is, which interruption it
 * raises when it is not accessible, and the caller's home space.
 */
#include "dat.h"
#include "uvc.h"

static struct space primary, home;
static uint8_t frames[2][PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

static void load_asces(uint64_t cr1, uint64_t cr13)
{
	asm volatile("lctlg 1,1,%0\n"
		     "lctlg 13,13,%1"
		     : : "Q" (cr1), "Q" (cr13) : "memory");
}

/* For catch_pgm(): the program's new PSW turns DAT off again. */
static uint64_t uvc_dat(uint64_t block)
{
	uint8_t mask;
	uint64_t cc;

	asm volatile("stosm %0,4" : "=Q" (mask) : : "memory");
	cc = uvc(block);
	asm volatile("stnsm %0,0xfb" : "=Q" (mask) : : "memory");
	return cc;
}

/* A query whose block starts @offset bytes behind ALIAS, in frames[0]. */
static struct uvcb *query_at(uint64_t offset)
{
	memset(frames, 0, sizeof(frames));
	return uvcb_init(frames[0] + offset, UVC_QUI,
			 offset > PAGE_SIZE - 0x120 ? 8 : 0x120);
}

static void test_mapped(void)
{
	struct uvcb *b = query_at(0x100);
	uint64_t cc;

	map(&primary, ALIAS, (uint64_t)frames[0]);
	check(!catch_pgm(uvc_dat, ALIAS + 0x100, &cc) && cc == 0 && b->rc == 1,
	      "block behind another address");
	show("rc", b->rc);
}

/* The two halves of the block are no neighbours in storage. */
static void test_crossing(void)
{
	struct uvcb *b = query_at(PAGE_SIZE - 0x10);
	uint64_t cc;

	b->len = 0x120;
	map(&primary, ALIAS, (uint64_t)frames[0]);
	map(&primary, ALIAS + PAGE_SIZE, 5UL << 20);
	*(uint64_t *)(5UL << 20) = 0;
	check(!catch_pgm(uvc_dat, ALIAS + PAGE_SIZE - 0x10, &cc) && cc == 0 &&
	      b->rc == 1 && *(uint64_t *)(5UL << 20) >> 63 &&
	   *(uint64_t *)frames[1] == 0, "block crosses to a page elsewhere");
	show("rc", b->rc);
}

/* @at: of the block; @bad: address of the page the interruption is about */
static void test_fault(uint64_t at, uint64_t bad, uint64_t pte, uint16_t code,
		       uint64_t teid_low, const char *name)
{
	struct uvcb *b = query_at(at & ~TEID_PAGE);
	uint64_t cc;
	int caught;

	b->len = 0x120;
	map(&primary, ALIAS, (uint64_t)frames[0]);
	map(&primary, ALIAS + PAGE_SIZE, (uint64_t)frames[1]);
	map(&primary, bad, *entry(&primary, bad) | pte);
	caught = catch_pgm(uvc_dat, at, &cc);
	check(caught && pgm_code() == code && pgm_teid() == (bad | teid_low) &&
	      b->rc == NOT_STORED && *(uint64_t *)frames[1] == 0, name);
	show("code", caught ? pgm_code() : 0);
	show("teid", pgm_teid());
	show("rc", b->rc);
}

static void test_faults(void)
{
	uint64_t crossing = ALIAS + PAGE_SIZE - 0x10;

	test_fault(ALIAS, ALIAS, PAGE_INVALID, PGM_PAGE_TRANSLATION, TEID_FETCH,
		   "block on an invalid page");
	check_equal(pgm_old_addr(), (uint64_t)uvc_insn,
		    "page translation nullifies");
	test_fault(crossing, ALIAS + PAGE_SIZE, PAGE_INVALID,
		   PGM_PAGE_TRANSLATION, TEID_FETCH,
		   "block crosses to an invalid page");
	test_fault(ALIAS, ALIAS, PAGE_PROTECTED, PGM_PROTECTION,
		   TEID_STORE | TEID_BIT_61, "block on a protected page");
	test_fault(crossing, ALIAS + PAGE_SIZE, PAGE_PROTECTED, PGM_PROTECTION,
		   TEID_STORE | TEID_BIT_61,
		   "block crosses to a protected page");
}

/* The tables change but no CPU is told: either answer is right, a hang not. */
static void test_stale(void)
{
	struct uvcb *b = query_at(0);
	uint64_t cc;
	int caught;

	map(&primary, ALIAS, (uint64_t)frames[0]);
	catch_pgm(uvc_dat, ALIAS, &cc);
	b->rc = NOT_STORED;
	*entry(&primary, ALIAS) = PAGE_INVALID;
	asm volatile("" : : : "memory");
	caught = catch_pgm(uvc_dat, ALIAS, &cc);
	check(caught ? pgm_code() == PGM_PAGE_TRANSLATION && b->rc == NOT_STORED :
	   b->rc == 1, "block on a page invalid without a purge");
}

/* Attestation of nothing: the response tells whether ARCB was reached. */
static uint16_t attest(uint64_t arcb)
{
	static uint8_t space[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
	struct uvcb *b = uvcb_init(space, UVC_ATTEST, 0x188);
	uint64_t cc;

	*(uint64_t *)(space + 0x18) = arcb;
	catch_pgm(uvc_dat, (uint64_t)b, &cc);
	return b->rc;
}

static void test_home(void)
{
	uint16_t reachable;

	map(&primary, ALIAS, (uint64_t)frames[0]);
	map(&home, ALIAS, PAGE_INVALID);
	check_equal(attest(ALIAS), 0x103, "operand only in the primary space");

	map(&primary, ALIAS, PAGE_INVALID);
	map(&home, ALIAS, (uint64_t)frames[0]);
	reachable = attest(ALIAS);
	check(reachable > 0x105, "operand only in the home space");
	show("rc", reachable);

	load_asces(asce(&primary), asce(&home) | ASCE_REAL_SPACE);
	check_equal(attest(ALIAS), 0x30, "home space is real space");
}

int main(void)
{
	make_space(&primary);
	make_space(&home);
	load_asces(asce(&primary), asce(&home));
	test_mapped();
	test_crossing();
	test_faults();
	test_stale();
	test_home();
	plan();
	return 0;
}
