// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Translations of a page that a host loses: of all its spaces, under few
 * addresses or many, of code, and of a plain guest that uses it.
 */
#include "dat.h"
#include "host.h"
#undef PAGE_INVALID
#undef PAGE_PROTECTED
#undef TEID_FETCH
#undef TEID_STORE
#include "sie.h"

#define FRAME		(2UL << 20)	/* at the same address in the guest */
#define MAX_ALIASES	12
#define SPACES		3
#define ROUNDS		4

static const unsigned int asc_of[SPACES] = { 0, 2, 3 };

static struct space spaces[SPACES], guest;
static uint64_t handle, kept[PAGE_SIZE / 8];

/**
 * struct place - one way to the page
 * @addr: logical address
 * @asc: address space, as for dat_on(), 1: none, DAT is off
 */
struct place {
	uint64_t addr;
	unsigned int asc;
};

static uint64_t (*how)(uint64_t addr);

static uint64_t touch_place(uint64_t arg)
{
	const struct place *place = (void *)arg;
	uint64_t ret;

	if (place->asc != 1)
		dat_on(place->asc);
	ret = how(place->addr);
	if (place->asc != 1)
		dat_off();
	return ret;
}

/* Return: program interruption code, 0 for none */
static uint16_t touch(uint64_t (*in_which_way)(uint64_t), uint64_t addr,
		      unsigned int asc)
{
	struct place place = { addr, asc };
	uint64_t ret;

	how = in_which_way;
	return catch_pgm(touch_place, (uint64_t)&place, &ret) ? pgm_code() : 0;
}

/* What is stored meanwhile would not be taken. */
static uint16_t take(void)
{
	if (kept[0])
		memcpy((void *)FRAME, kept, PAGE_SIZE);
	return host_import(handle, FRAME);
}

static uint16_t give_back(void)
{
	uint16_t rc = host_page(UVC_EXPORT, FRAME);

	memcpy(kept, (void *)FRAME, PAGE_SIZE);
	/* Where fetch() jumps to. */
	*(uint16_t *)FRAME = 0x07fe;
	return rc;
}

/* Loads, stores and jumps by @aliases addresses in each of @count spaces. */
static unsigned int touch_all(unsigned int count, unsigned int aliases,
			      uint16_t code)
{
	unsigned int space, i, bad = 0;
	uint64_t addr;

	for (space = 0; space < count; space++) {
		for (i = 0; i < aliases; i++) {
			addr = ALIAS + i * PAGE_SIZE;
			bad += touch(load, addr, asc_of[space]) != code;
			bad += touch(store, addr, asc_of[space]) != code;
			bad += touch(fetch, addr, asc_of[space]) != code;
		}
	}
	return bad;
}

static void test_aliases(unsigned int count, unsigned int aliases,
			 const char *name)
{
	unsigned int i, bad = 0;

	for (i = 0; i < ROUNDS; i++) {
		bad += touch_all(count, aliases, 0);
		bad += take() != 1;
		bad += touch_all(count, aliases, PGM_SECURE_ACCESS);
		bad += give_back() != 1;
	}
	check_equal(bad, 0, name);
}

static void test_real(void)
{
	uint64_t (*const ways[])(uint64_t) = { load, store, fetch };
	unsigned int i, bad = 0;

	for (i = 0; i < 3; i++) {
		bad += touch(ways[i], FRAME, 1) != 0;
		bad += take() != 1;
		bad += touch(ways[i], FRAME, 1) != PGM_SECURE_ACCESS;
		bad += give_back() != 1;
	}
	check_equal(bad, 0, "by its real address");
}

/* Code in front of the page whose last instruction, LHI, ends in it. */
static void test_crossing(void)
{
	static const uint16_t code[] = { 0x1812, 0xa718, 0x0000, 0x07fe };
	unsigned int i, asc, bad = 0;
	uint64_t addr = FRAME - 4;

	for (i = 0; i < 2 * ROUNDS; i++) {
		asc = i % 2 ? 0 : 1;
		memcpy((void *)addr, code, sizeof(code));
		bad += touch(fetch, addr, asc) != 0;
		bad += touch(fetch, addr, asc) != 0;
		bad += take() != 1;
		bad += touch(fetch, addr, asc) != PGM_SECURE_ACCESS;
		bad += give_back() != 1;
	}
	check_equal(bad, 0, "by an instruction that begins in front of it");
}

/* CR1 belongs to the guest's storage there. */
static void test_sie(void)
{
	unsigned int i, bad = 0;

	guest_program(guest_copy);
	guest_map(GUEST_DATA, FRAME);
	for (i = 0; i < ROUNDS; i++) {
		bad += guest_run() != ICPT_INST;
		block.addr = GUEST_CODE;
		bad += guest_run() != ICPT_INST;
		block.addr = GUEST_CODE;
		bad += take() != 1;
		bad += guest_run() != -1 || pgm_code() != PGM_SECURE_ACCESS;
		bad += give_back() != 1;
	}
	check_equal(bad, 0, "by a plain guest in SIE");
}

static void make_spaces(void)
{
	uint64_t cr[SPACES];
	unsigned int i, j;

	for (i = 0; i < SPACES; i++) {
		make_space(&spaces[i]);
		for (j = 0; j < MAX_ALIASES; j++)
			map(&spaces[i], ALIAS + j * PAGE_SIZE, FRAME);
		cr[i] = asce(&spaces[i]);
	}
	asm volatile("lctlg 1,1,%0\n"
		     "lctlg 7,7,%1\n"
		     "lctlg 13,13,%2"
		     : : "Q" (cr[0]), "Q" (cr[1]), "Q" (cr[2]) : "memory");
}

int main(void)
{
	make_spaces();
	make_space(&guest);
	check_equal(host_init(), 1, "init");
	check_equal(host_create(&guest, VARIABLE, &handle), 1,
		    "a configuration");
	check(take() == 1 && give_back() == 1, "its page comes and goes");
	test_real();
	test_aliases(1, 1, "by one address");
	test_aliases(SPACES, 1, "by one address of each space");
	test_aliases(1, 2, "by two addresses");
	test_aliases(SPACES, 3, "by three addresses of each space");
	test_aliases(1, 4, "by four addresses");
	test_aliases(SPACES, MAX_ALIASES, "by many addresses");
	test_aliases(SPACES, 1, "by few again");
	test_crossing();
	test_sie();
	plan();
	return 0;
}
