// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A machine that can become a protected guest, and what keeps it from it.
 */
#include "boot.h"
#include "channel.h"
#include "cpus.h"
#include "diag308.h"
#include "facilities.h"
#include "image.h"
#include "uvc.h"

#define IPIB_LEN	0xb8		/* of the image's block */
#define COMPONENT(n)	(0x88 + 24 * (n))

static uint8_t block[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static uint8_t stored[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

static void put(unsigned int offset, unsigned int size, uint64_t value)
{
	while (size--) {
		block[offset + size] = value;
		value >>= 8;
	}
}

static void fresh_block(void)
{
	memcpy(block, (void *)IMAGE_IPIB, PAGE_SIZE);
}

static uint64_t set(void)
{
	return diag308(DIAG308_PV_SET, (uint64_t)block);
}

static void test_nothing_set(void)
{
	check_equal(diag308(DIAG308_PV_STORE, (uint64_t)stored),
		    DIAG308_NO_BLOCK, "subcode 9 without a block");
	check(is_clear((uint64_t)stored, (uint64_t)stored + PAGE_SIZE),
	      "subcode 9 without a block stores nothing");
	check_equal(diag308(DIAG308_PV_START, 0), DIAG308_NO_PV_BLOCK,
		    "subcode 10 without a block");
}

static void test_exceptions(void)
{
	static const struct {
		uint64_t subcode, addr;
		uint64_t (*how)(uint64_t request);
		uint16_t code;
		const char *name;
	} cases[] = {
		{ 8, 0x10008, diag308_pgm, 6, "subcode 8 at no page boundary" },
		{ 9, 0x10008, diag308_pgm, 6, "subcode 9 at no page boundary" },
		{ 8, 0x10000, diag308_odd, 6, "subcode 8 with an odd register" },
		{ 9, 0x10000, diag308_odd, 6, "subcode 9 with an odd register" },
		{ 10, 0, diag308_odd, 6, "subcode 10 with an odd register" },
		{ 8, STORAGE, diag308_pgm, 5, "subcode 8 beyond storage" },
		{ 9, STORAGE, diag308_pgm, 5, "subcode 9 beyond storage" },
		{ 8, STORAGE + 8, diag308_pgm, 6, "boundary before storage" },
		{ 8, STORAGE, diag308_odd, 6, "odd register before storage" },
		{ 4, 0, diag308_pgm, 6, "subcode 4" },
		{ 7, 0, diag308_pgm, 6, "subcode 7" },
		{ 11, 0, diag308_pgm, 6, "subcode 11" },
		{ 0x10008, 0, diag308_pgm, 6, "subcode with high bits" },
	};
	unsigned int i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_equal(refused(cases[i].how, cases[i].subcode,
				    cases[i].addr),
			    cases[i].code, cases[i].name);
	for (i = 8; i <= 10; i++)
		check_equal(refused(diag308_problem, i, 0), PGM_PRIVILEGED,
			    "problem state");
}

static void test_wrong_blocks(void)
{
	static const struct {
		unsigned int offset, size;
		uint64_t value;
		const char *name;
	} cases[] = {
		{ 0x00, 4, 147, "block too short" },
		{ 0x00, 4, 4097, "block too long" },
		{ 0x00, 4, IPIB_LEN - 1, "block ends in a component" },
		{ 0x08, 4, 128, "inner length without components" },
		{ 0x0c, 1, 4, "block of another type" },
		{ 0x74, 4, 0, "no component" },
		{ 0x74, 4, 3, "more components than the block has" },
		{ 0x74, 4, 0xffffffff, "far more components" },
		{ 0x74, 4, 0x0aaaaaac, "components that wrap 32 bits" },
		{ 0x78, 8, STORAGE, "header beyond storage" },
		{ 0x78, 8, STORAGE - 8, "header leaves storage" },
		{ 0x78, 8, -8UL, "header wraps" },
		{ 0x80, 8, 8193, "header too long" },
		{ 0x80, 8, (1UL << 32) + 640, "header far too long" },
		{ COMPONENT(0) + 8, 8, IMAGE_PROGRAM + 8, "component at no page boundary" },
		{ COMPONENT(1) + 8, 8, IMAGE_TEXT + 2048, "second one at no page boundary" },
		{ COMPONENT(1), 8, 0x0001000000007e57, "equal tweak prefixes" },
		{ COMPONENT(1), 8, 1, "tweak prefixes that decrease" },
	};
	unsigned int i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fresh_block();
		put(cases[i].offset, cases[i].size, cases[i].value);
		check_equal(set(), DIAG308_INVALID, cases[i].name);
	}
	check_equal(diag308(DIAG308_PV_STORE, (uint64_t)stored),
		    DIAG308_NO_BLOCK, "none of them is kept");
}

static bool equal(const uint8_t *a, const uint8_t *b, size_t len)
{
	while (len--)
		if (*a++ != *b++)
			return false;
	return true;
}

static void check_stored(const char *name)
{
	memset(stored, 0xcc, sizeof(stored));
	check_equal(diag308(DIAG308_PV_STORE, (uint64_t)stored), DIAG308_OK,
		    name);
	check(equal(stored, (void *)IMAGE_IPIB, IPIB_LEN),
	      "subcode 9 returns the block");
	check(stored[IPIB_LEN] == 0xcc && stored[PAGE_SIZE - 1] == 0xcc,
	      "subcode 9 returns no more than the block");
}

static void test_set(void)
{
	fresh_block();
	check_equal(set(), DIAG308_OK, "subcode 8");
	memset(block, 0, sizeof(block));
	check_stored("subcode 9 after the block's storage has changed");
	check_equal(set(), DIAG308_INVALID, "subcode 8 with zeros");
	check_stored("a refused block leaves the one before");
}

/* Registers that tell each other apart, as a start takes them. */
static void prepare(uint64_t registers[REGISTERS])
{
	unsigned int i;

	for (i = 0; i < 16; i++)
		registers[i] = 0x0123456789abcd00 + i;
	registers[9] = 0x20000000;		/* condition code 2 */
	registers[10] = 0;
	registers[12] = DIAG308_PV_START;
	registers[13] = (uint64_t)diag_target;
	registers[REGISTER_CC] = -1;
}

static void test_failure(void (*start)(uint64_t *), uint64_t code,
			 const char *name)
{
	uint64_t before[REGISTERS], after[REGISTERS];
	unsigned int i, changed = 0;

	prepare(before);
	memcpy(after, before, sizeof(after));
	start(after);
	check_equal(after[11], code, name);
	for (i = 0; i < 16; i++)
		changed += i != 11 && after[i] != before[i];
	check_equal(changed, 0, "no other register has changed");
	check_equal(after[REGISTER_CC], 2, "nor has the condition code");
}

static uint64_t failure(uint64_t step, uint64_t rrc, uint64_t rc)
{
	return step << 48 | rrc << 32 | rc << 16 | DIAG308_FAILED;
}

/* Two CPUs: the second one runs, and is stopped by a start that fails. */
void second(void)
{
	for (;;)
		;
}

static void test_failures(void)
{
	uint8_t *head = (void *)IMAGE_HEADER;

	fresh_block();
	set();
	start_second();
	head[0x1a0 + 0x50] ^= 1;
	test_failure(start_direct, failure(2, 0xff, 0x10a),
		     "a header that does not authenticate");
	check(second_is_stopped(), "the second CPU, if there is one, is stopped");
	test_failure(start_ex, failure(2, 0xff, 0x10a), "the same by EXECUTE");
	test_failure(start_exrl, failure(2, 0xff, 0x10a),
		     "the same by EXECUTE RELATIVE LONG");
	head[0x1a0 + 0x50] ^= 1;
	check(*(uint8_t *)IMAGE_TEXT, "no component is touched for a bad header");
}

static void test_bad_components(void)
{
	fresh_block();
	put(COMPONENT(1) + 8, 8, STORAGE);
	check_equal(set(), DIAG308_OK, "a block with a component beyond storage");
	test_failure(start_direct, failure(3, 0, 0x103),
		     "component beyond storage");
	check(is_clear(IMAGE_PROGRAM, IMAGE_PROGRAM + PAGE_SIZE),
	      "what was unpacked before is cleared");
	check(!is_clear(IMAGE_TEXT, IMAGE_TEXT + PAGE_SIZE), "the rest is not");

	fresh_block();
	set();
	test_failure(start_direct, failure(4, 0x1b, 0x102),
		     "component with other content");
	check(is_clear(IMAGE_TEXT, IMAGE_TEXT + PAGE_SIZE),
	      "all that was unpacked is cleared");
}

/* The block outlives what keeps storage. */
void loaded(void)
{
	check_equal(diag308(DIAG308_PV_STORE, (uint64_t)stored), DIAG308_OK,
		    "the block is kept by subcode 1");
	check_ordinary("after subcode 1");
	plan();
}

int main(void)
{
	check_ordinary("at the start");
	show_facilities();
	test_nothing_set();
	test_exceptions();
	test_wrong_blocks();
	test_set();
	test_failures();
	test_bad_components();
	check_ordinary("after failures");
	check_equal(sense_device(), STATUS_ENDED,
		    "devices need no sharing after failures");
	set_load_psw();
	diag308(DIAG308_NORMAL, 0);
	return 0;
}
