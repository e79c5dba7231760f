// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * SIE: storage of a guest, its own interruptions, and the TLB.
 */
#include "sie.h"

#define PGM_DATA	0x07
#define VALUE		0x1122334455667788

static uint64_t *guest_page(uint64_t page)
{
	return (uint64_t *)(*guest_entry(page) & -PAGE_SIZE);
}

static uint64_t spare[2][PAGE_SIZE / 8] __attribute__((aligned(PAGE_SIZE)));

static bool stopped_at_diag(int code)
{
	return code == ICPT_INST && block.ipa == 0x8301;
}

static void test_copy(void)
{
	guest_program(guest_copy);
	guest_page(GUEST_DATA)[0] = VALUE;
	check(stopped_at_diag(guest_run()) &&
	      guest_page(GUEST_DATA + PAGE_SIZE)[0] == VALUE,
	      "a guest's pages are where the host put them");
}

/* The instructions that are not translated into a few accesses, too. */
static void test_sides(void)
{
	guest_program(guest_mvpg);
	guest_page(GUEST_DATA)[0] = VALUE;
	asm volatile("mvghi 0(%0),7" : : "a" (GUEST_DATA) : "memory");
	check(stopped_at_diag(guest_run()) &&
	      guest_page(GUEST_DATA + PAGE_SIZE)[0] == VALUE &&
	      lowcore(GUEST_DATA) == 7,
	      "the host has other pages at the same addresses");
	show("host's", lowcore(GUEST_DATA));
}

/* An exception of the host, and nothing happened to the guest. */
static void check_fault(int code, uint16_t pgm, uint64_t teid, uint64_t addr,
			const char *name)
{
	uint64_t psw = (uint64_t)(pgm == PGM_PROTECTION ? sie_behind :
							   sie_insn);

	check(code == -1 && pgm_code() == pgm && pgm_teid() == teid &&
	      pgm_old_addr() == psw && block.addr == addr &&
	      block.icptcode == ICPT_NONE, name);
	show("code", pgm_code());
	show("teid", pgm_teid());
	show("old PSW", pgm_old_addr());
	show("guest's PSW", block.addr);
	show("interception", block.icptcode);
}

/* @page: is made invalid or protected by @bits, found out, and mended. */
static void test_fault(const char *start, const char *end, uint64_t page,
		       uint64_t bits, uint16_t pgm, uint64_t teid,
		       uint64_t addr, const char *name)
{
	uint64_t entry;

	guest_reset(start, end);
	entry = *guest_entry(page);
	guest_map(page, entry | bits);
	check_fault(guest_run(), pgm, page | teid, addr, name);
	guest_map(page, entry);
	check(stopped_at_diag(guest_run()), name);
	show("code", block.icptcode);
}

#define FAULT(program, page, bits, pgm, teid, addr, name) \
	test_fault(program, program##_end, page, bits, pgm, teid, addr, name)

static void test_faults(void)
{
	FAULT(guest_copy, GUEST_DATA, PAGE_INVALID, PGM_PAGE_TRANSLATION,
	      TEID_FETCH, GUEST_CODE, "fetch from a page that is not there");
	FAULT(guest_copy, GUEST_DATA + PAGE_SIZE, PAGE_INVALID,
	      PGM_PAGE_TRANSLATION, TEID_STORE, GUEST_CODE + 6,
	      "store to a page that is not there");
	FAULT(guest_copy, GUEST_DATA + PAGE_SIZE, PAGE_PROTECTED,
	      PGM_PROTECTION, TEID_STORE | TEID_PROTECTION, GUEST_CODE + 6,
	      "store to a page that is protected");
	FAULT(guest_copy, GUEST_CODE, PAGE_INVALID, PGM_PAGE_TRANSLATION,
	      TEID_FETCH, GUEST_CODE, "instruction that is not there");
	FAULT(guest_diag, 0, PAGE_INVALID, PGM_PAGE_TRANSLATION, TEID_STORE,
	      GUEST_CODE, "first page of the prefix area");
	FAULT(guest_diag, PAGE_SIZE, PAGE_INVALID, PGM_PAGE_TRANSLATION,
	      TEID_STORE, GUEST_CODE, "second page of the prefix area");
	FAULT(guest_mvpg, GUEST_DATA, PAGE_INVALID, PGM_PAGE_TRANSLATION,
	      TEID_FETCH, GUEST_CODE + 4, "MVPG from a page that is not there");
	FAULT(guest_tprot, GUEST_DATA, PAGE_INVALID, PGM_PAGE_TRANSLATION,
	      TEID_FETCH, GUEST_CODE, "TPROT of a page that is not there");
}

/* The guest's own tables: page GUEST_DATA has segments, the next one pages. */
static void make_guest_dat(void)
{
	uint64_t *segments, *pages;
	int i;

	segments = guest_page(GUEST_DATA);
	pages = guest_page(GUEST_DATA + PAGE_SIZE);
	for (i = 0; i < 512; i++)
		segments[i] = 0x20;
	segments[0] = GUEST_DATA + PAGE_SIZE;
	for (i = 0; i < 256; i++)
		pages[i] = PAGE_INVALID;
	pages[GUEST_CODE >> 12] = GUEST_CODE;
	pages[0x10] = 0x2000;		/* where R4 points to */
	block.cr[1] = GUEST_DATA;
	block.mask |= MASK_DAT;
	guest_gr[4] = 0x10000;
	guest_gr[5] = 0x10008;
	guest_page(0x2000)[0] = VALUE;
	*(uint64_t *)(*guest_entry(0) + 0x1d0) = MASK_64 | MASK_WAIT;
}

static void test_dat(void)
{
	uint64_t entry;

	guest_program(guest_copy);
	make_guest_dat();
	check(stopped_at_diag(guest_run()) && guest_page(0x2000)[1] == VALUE,
	      "two levels of translation");
	show("code", block.icptcode);

	guest_program(guest_copy);
	make_guest_dat();
	entry = *guest_entry(GUEST_DATA + PAGE_SIZE);
	guest_map(GUEST_DATA + PAGE_SIZE, entry | PAGE_INVALID);
	check_fault(guest_run(), PGM_PAGE_TRANSLATION,
		    (GUEST_DATA + PAGE_SIZE) | TEID_FETCH, GUEST_CODE,
		    "a table of the guest that is not there");

	guest_program(guest_copy);
	make_guest_dat();
	guest_gr[5] = 0x11008;
	check(guest_run() == ICPT_WAIT &&
	      (guest_lowcore(0x88) & 0xffff) == PGM_PAGE_TRANSLATION &&
	      guest_lowcore(0xa8) == (0x11000 | TEID_STORE) &&
	      guest_lowcore(0x158) == GUEST_CODE + 6,
	      "a page the guest itself does not have");
	show("code", guest_lowcore(0x88));
	show("teid", guest_lowcore(0xa8));
}

static void test_lra(void)
{
	guest_program(guest_lra);
	make_guest_dat();
	check(stopped_at_diag(guest_run()) && guest_gr[2] == 0x2000,
	      "LRA tells the guest's real address");
	show("address", guest_gr[2]);
	guest_program(guest_lra);
	make_guest_dat();
	guest_page(GUEST_DATA)[1] = 0x7000;	/* a table on a page that is not there */
	guest_gr[4] = 1 << 20;
	check_fault(guest_run(), PGM_PAGE_TRANSLATION, 0x7000 | TEID_FETCH,
		    GUEST_CODE, "LRA through a table that is not there");
}

static void test_tprot(void)
{
	guest_program(guest_tprot);
	guest_map(GUEST_DATA, *guest_entry(GUEST_DATA) | PAGE_PROTECTED);
	check(stopped_at_diag(guest_run()) &&
	      !(block.mask & 0x0000300000000000),
	      "what the host protects is not protected for the guest");
	show("mask", block.mask);
}

static void test_interruptions(void)
{
	uint64_t dxc = lowcore(0x90);
	uint32_t prefix;

	guest_program(guest_svc);
	*(uint64_t *)(*guest_entry(0) + 0x1c0) = MASK_64 | MASK_WAIT;
	check(guest_run() == ICPT_WAIT && (guest_lowcore(0x88) >> 32) == 0x2004d &&
	      guest_lowcore(0x148) == GUEST_CODE + 2, "supervisor call");
	show("code", guest_lowcore(0x88));

	guest_program(guest_trap);
	*(uint64_t *)(*guest_entry(0) + 0x1d0) = MASK_64 | MASK_WAIT;
	check(guest_run() == ICPT_WAIT &&
	      (guest_lowcore(0x88) & 0xffff) == PGM_DATA &&
	      guest_lowcore(0x90) >> 32 == 0xff, "data exception");
	show("code", guest_lowcore(0x88));
	check_equal(lowcore(0x90), dxc,
		    "the host's lowcore is not the guest's");

	guest_program(guest_trap);
	block.prefix = 0x2000;
	block.addr = GUEST_CODE - 0x2000;	/* by prefixing, swapped */
	guest_page(0x2000)[0x1d0 / 8] = MASK_64 | MASK_WAIT;
	check(guest_run() == ICPT_WAIT &&
	      (guest_page(0x2000)[0x88 / 8] & 0xffff) != 0, "prefix");
	show("code", guest_page(0x2000)[0x88 / 8]);
	asm volatile("stpx %0" : "=Q" (prefix));
	check_equal(prefix, 0, "the host has its own");
}

static void test_origin(void)
{
	int i;

	guest_program(guest_copy);
	block.msl = 0;
	guest_gr[5] = 1 << 20;
	*(uint64_t *)(*guest_entry(0) + 0x1d0) = MASK_64 | MASK_WAIT;
	check(guest_run() == ICPT_WAIT &&
	      (guest_lowcore(0x88) & 0xffff) == PGM_ADDRESSING,
	      "beyond the guest's storage limit");
	show("code", guest_lowcore(0x88));

	guest_program(guest_copy);
	block.mso = 1 << 20;
	i = guest_run();
	check(i == -1 && pgm_code() == 0x10 &&
	      pgm_teid() == ((1 << 20) | TEID_STORE),
	      "with an origin addresses are others");
	show("teid", pgm_teid());
}

static void test_31(void)
{
	guest_program(guest_copy);
	block.mask = MASK_31;
	guest_gr[4] |= 0xffffffff80000000;
	guest_page(GUEST_DATA)[0] = VALUE;
	check(stopped_at_diag(guest_run()) && guest_gr[2] == VALUE,
	      "31-bit addressing");
}

static void test_keys(void)
{
	uint64_t key;

	guest_program(guest_sske);
	guest_gr[5] = 0x70;
	check(stopped_at_diag(guest_run()), "SSKE is the guest's");
	asm volatile("iske %0,%1" : "=d" (key)
		     : "a" (*guest_entry(GUEST_DATA)));
	check_equal(key & 0xf0, 0x70, "and changes the key of the host's page");
}

/* Has the guest read @want at GUEST_DATA? */
static void check_read(uint64_t want, const char *name)
{
	block.addr = GUEST_CODE;
	guest_gr[2] = 0;
	guest_run();
	check_equal(guest_gr[2], want, name);
}

/* Behind 1 MiB: addresses below may be those of any segment, to purge all. */
static void invalidate(uint64_t page)
{
	asm volatile("ipte %0,%1"
		     : : "a" (guest_page_table()), "a" (page | 1 << 20)
		     : "memory");
}

static void invalidate_here(uint64_t page)
{
	asm volatile(".insn rrf,0xb2210000,%0,%1,0,1"
		     : : "a" (guest_page_table()), "a" (page | 1 << 20)
		     : "memory");
}

static void test_tlb(void)
{
	guest_program(guest_copy);
	spare[0][0] = 1;
	spare[1][0] = 2;
	guest_map(GUEST_DATA, (uint64_t)spare[0]);
	check_read(1, "guest reads a page");
	invalidate(GUEST_DATA);
	*guest_entry(GUEST_DATA) = (uint64_t)spare[1];
	check_read(2, "another one after the host's IPTE");
	/* Not the guest's address: it has what the host calls otherwise. */
	*guest_entry(GUEST_DATA) = (uint64_t)spare[0];
	*guest_entry(0x80000) = 0;
	invalidate(0x80000);
	check_read(1, "any IPTE of the host counts");
	invalidate_here(GUEST_DATA);
	*guest_entry(GUEST_DATA) = (uint64_t)spare[1];
	check_read(2, "one of this CPU only");
	*guest_entry(GUEST_DATA) = (uint64_t)spare[0];
	block.ihcpu = 0xffff;
	check_read(1, "the host demands a purge");
	check(block.ihcpu != 0xffff, "and is told where the guest ran");
	*guest_entry(GUEST_DATA) = (uint64_t)spare[1];
	block.ihcpu = 0;
	check_read(2, "a new block where an old one was");
}

/* Two primary spaces, changed by a guest that is in its home space. */
static void test_spaces(void)
{
	uint64_t *pages, *data, *segments;
	int i;

	guest_program(guest_home);
	make_guest_dat();
	pages = guest_page(GUEST_DATA + PAGE_SIZE);
	memcpy(pages + 256, pages, 2048);
	pages[256 + 0x10] = 0;
	guest_page(0)[0] = 99;
	segments = guest_page(0x1000);
	for (i = 0; i < 512; i++)
		segments[i] = 0x20;
	segments[0] = GUEST_DATA + PAGE_SIZE + 2048;
	data = guest_page(0x2000);
	data[0x100 / 8] = 0x1000;
	data[0x108 / 8] = GUEST_DATA;
	guest_gr[6] = 0x10100;
	block.cr[13] = GUEST_DATA;
	block.mask |= MASK_HOME;
	check(stopped_at_diag(guest_run()) && guest_gr[2] == VALUE &&
	      guest_gr[3] == 99 && guest_gr[7] == VALUE,
	      "another primary space, and the first one again");
	show("first", guest_gr[2]);
	show("second", guest_gr[3]);
	show("third", guest_gr[7]);
}

int main(void)
{
	test_copy();
	test_sides();
	test_faults();
	test_dat();
	test_lra();
	test_tprot();
	test_interruptions();
	test_origin();
	test_31();
	test_keys();
	test_tlb();
	test_spaces();
	plan();
	return 0;
}
