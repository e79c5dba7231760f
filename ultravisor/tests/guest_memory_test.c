// SPDX-License-Identifier: MIT
/* Guest storage through the host's tables: each level, each refusal. */
#include <string.h>

#include "array.h"
#include "config.h"
#include "fake_guest.h"
#include "guest_memory.h"
#include "pv/sie.h"
#include "tap.h"

#define FRAME		9
#define GADDR		UINT64_C(0x5000)

#define REGION_1	12
#define REGION_2	8
#define REGION_3	4

/* Where an address leads if every index in it is another one. */
#define FAR		(UINT64_C(3) << 53 | UINT64_C(0x602) << 42 | \
			 UINT64_C(0x201) << 31 | UINT64_C(0x7ff) << 20 | GADDR)

static const struct {
	uint64_t table;
	uint64_t index;
	unsigned int type;
	uint16_t code;
	const char *name;
} tables[] = {
	{ FAKE_SEGMENT_TABLE, 0x7ff, 0, 0x10, "segment" },
	{ FAKE_THIRD_TABLE, 0x201, REGION_3, 0x3b, "third region" },
	{ FAKE_SECOND_TABLE, 0x602, REGION_2, 0x3a, "second region" },
	{ FAKE_FIRST_TABLE, 3, REGION_1, 0x39, "first region" },
};

/* All five tables, full length, for FAR. */
static struct fake_guest *deep(void)
{
	struct fake_guest *guest = fake_guest_new();
	uint64_t below = FAKE_PAGE_TABLE;

	fake_guest_map(guest, GADDR, FRAME);
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		fake_put64(fake_guest_entry(guest, tables[i].table,
					    tables[i].index),
			   below | tables[i].type | (i ? 3 : 0));
		below = tables[i].table;
	}
	return guest;
}

static uint16_t walk(struct fake_guest *guest, uint64_t asce, uint64_t addr,
		     bool write)
{
	uint64_t frame = 0;
	uint16_t code = uv_walk(guest->fake->uv, asce, addr, write, &frame);

	return code || frame == FRAME * FAKE_PAGE ? code : 0xffff;
}

/* What remains of FAR if the walk begins at a table of @type. */
static uint64_t within(size_t type)
{
	return type == 3 ? FAR : FAR & ((UINT64_C(1) << (31 + 11 * type)) - 1);
}

static void test_levels(void)
{
	struct fake_guest *guest = deep();

	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		uint64_t asce = tables[i].table | tables[i].type | 3;

		tap_equal(walk(guest, asce, within(i) + 0x123, true), 0,
			  "a walk begins at a %s table", tables[i].name);
		if (i == 3)
			break;
		tap_equal(walk(guest, asce,
			       within(i) | UINT64_C(1) << (31 + 11 * i),
			       false), 0x38,
			  "%s table: an address beyond its reach",
			  tables[i].name);
	}
	tap_equal(walk(guest, FAKE_FIRST_TABLE | REGION_1 | 0x23, FAR, false),
		  0x38, "a real space is no space of a guest");
	fake_guest_free(guest);
}

static void patch(struct fake_guest *guest, size_t i, uint64_t set)
{
	uint8_t *at = fake_guest_entry(guest, tables[i].table,
				       tables[i].index);

	fake_put64(at, fake_get64(at) ^ set);
}

static void test_entries(void)
{
	struct fake_guest *guest = deep();
	const uint64_t asce = FAKE_FIRST_TABLE | REGION_1 | 3;

	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		const char *name = tables[i].name;

		patch(guest, i, 0x20);
		tap_equal(walk(guest, asce, FAR, false), tables[i].code,
			  "%s entry invalid", name);
		patch(guest, i, 0x20 | 0x200);
		tap_equal(walk(guest, asce, FAR, false), 0,
			  "%s entry protected: reading works", name);
		tap_equal(walk(guest, asce, FAR, true), 4,
			  "%s entry protected: storing does not", name);
		patch(guest, i, 0x200 | 0x8);
		tap_equal(walk(guest, asce, FAR, false), 0x12,
			  "%s entry of another type", name);
		patch(guest, i, 0x8 | 0x400);
		tap_equal(walk(guest, asce, FAR, false),
			  i < 2 ? tables[i].code : 0,
			  "%s entry with the bit of a large frame", name);
		patch(guest, i, 0x400);
		fake_put64(fake_guest_entry(guest, tables[i].table,
					    tables[i].index),
			   UINT64_C(1) << 40 | tables[i].type | (i ? 3 : 0));
		tap_equal(walk(guest, asce, FAR, false), 5,
			  "%s entry that leads beyond storage", name);
		fake_put64(fake_guest_entry(guest, tables[i].table,
					    tables[i].index),
			   (i ? tables[i - 1].table : FAKE_PAGE_TABLE) |
			   tables[i].type | (i ? 3 : 0));
	}
	fake_guest_free(guest);
}

/* FAR has quarters 3, 1, 3, 0 from the segment table upwards. */
static void test_lengths(void)
{
	static const struct {
		size_t table;
		uint64_t flip;
		uint16_t code;
		const char *name;
	} cases[] = {
		{ 1, 1, 0x10, "segment table one quarter too short" },
		{ 1, 3 << 6, 0, "segment table that begins with its last quarter" },
		{ 2, 3, 0x3b, "third region table one quarter too short" },
		{ 2, 2, 0, "third region table just long enough" },
		{ 2, 1 << 6, 0, "third region table that begins just before" },
		{ 2, 2 << 6, 0x3b, "third region table that begins behind" },
		{ 3, 1, 0x3a, "second region table one quarter too short" },
	};
	struct fake_guest *guest = deep();
	const uint64_t asce = FAKE_FIRST_TABLE | REGION_1 | 3;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		patch(guest, cases[i].table, cases[i].flip);
		tap_equal(walk(guest, asce, FAR, false), cases[i].code, "%s",
			  cases[i].name);
		patch(guest, cases[i].table, cases[i].flip);
	}
	tap_equal(walk(guest, FAKE_SECOND_TABLE | REGION_2 | 3,
		       within(2), false), 0,
		  "designation: all of the table");
	tap_equal(walk(guest, FAKE_SECOND_TABLE | REGION_2 | 2,
		       within(2), false), 0x3a,
		  "designation: a quarter less");
	fake_guest_free(guest);
}

static void test_pages(void)
{
	static const struct {
		uint64_t bits;
		uint16_t read;
		uint16_t write;
		const char *name;
	} cases[] = {
		{ 0, 0, 0, "page" },
		{ 0x400, 0x11, 0x11, "invalid page" },
		{ 0x600, 0x11, 0x11, "invalid, protected page" },
		{ 0x200, 0, 4, "protected page" },
		{ 0x800, 0x12, 0x12, "page with a bit that must be zero" },
		{ 0x100, 0, 0, "page whose code may not be executed" },
	};
	struct fake_guest *guest = fake_guest_new();
	uint64_t asce = guest->config->asce;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		fake_put64(fake_guest_entry(guest, FAKE_PAGE_TABLE, 5),
			   FRAME * FAKE_PAGE | cases[i].bits);
		tap_equal(walk(guest, asce, GADDR, false), cases[i].read,
			  "%s: to read", cases[i].name);
		tap_equal(walk(guest, asce, GADDR, true), cases[i].write,
			  "%s: to store", cases[i].name);
	}
	guest->fake->broken = FAKE_TABLES;
	tap_equal(walk(guest, asce, GADDR, false), 5,
		  "a page table that cannot be reached");
	guest->fake->broken = 0;
	fake_guest_free(guest);
}

static void test_frames(void)
{
	struct fake_guest *guest = fake_guest_new();
	struct uv_guest_fault fault = { 0 };
	uint64_t frame = 0;

	fake_guest_map(guest, GADDR, FRAME);
	tap_ok(!uv_guest_frame(guest->fake->uv, guest->config, GADDR + 7, true,
			       &frame, &fault) && frame == FRAME * FAKE_PAGE,
	       "a guest reaches its own page");
	fake_guest_export(guest, FRAME);
	tap_equal(uv_guest_frame(guest->fake->uv, guest->config, GADDR + 7,
				 true, &frame, &fault),
		  PV_PGM_NON_SECURE_ACCESS, "a page that is not secure");
	tap_ok(fault.code == PV_PGM_NON_SECURE_ACCESS && fault.store &&
	       fault.gaddr == GADDR, "the fault says what, where and how");
	fake_guest_map(guest, GADDR + 0x20000, FRAME);
	fake_guest_unmap(guest, GADDR + 0x20000);
	tap_equal(uv_guest_frame(guest->fake->uv, guest->config, GADDR, false,
				 &frame, NULL),
		  PV_PGM_SECURE_VIOLATION, "a page that belongs elsewhere");
	tap_equal(uv_guest_frame(guest->fake->uv, guest->config,
				 GADDR + 0x1fff, false, &frame, &fault), 0x11,
		  "a page without translation");
	tap_ok(fault.gaddr == GADDR + 0x1000 && !fault.store,
	       "is named, too");
	fake_put64(fake_guest_entry(guest, FAKE_PAGE_TABLE, 5),
		   FAKE_PAGES * FAKE_PAGE);
	tap_equal(uv_guest_frame(guest->fake->uv, guest->config, GADDR, false,
				 &frame, NULL), 5,
		  "a frame that the machine does not have");
	fake_guest_free(guest);
}

static void test_copies(void)
{
	struct fake_guest *guest = fake_guest_new();
	struct uv_machine *uv = guest->fake->uv;
	struct uv_guest_fault fault;
	char buf[8] = "";

	fake_guest_map(guest, GADDR, FRAME);
	fake_guest_map(guest, GADDR + 0x1000, FRAME + 4);
	tap_equal(uv_guest_write(uv, guest->config, GADDR + 0xffd, "abcdef", 6,
				 &fault), 0, "six bytes over two pages");
	tap_ok(!memcmp(fake_guest_at(guest, GADDR + 0xffd), "abc", 3) &&
	       !memcmp(fake_guest_at(guest, GADDR + 0x1000), "def", 3),
	       "stand in the frames of both");
	tap_ok(!uv_guest_read(uv, guest->config, GADDR + 0xffd, buf, 6,
			      &fault) && !strcmp(buf, "abcdef"),
	       "and come back");
	fake_put64(fake_guest_entry(guest, FAKE_PAGE_TABLE, 6),
		   (FRAME + 4) * FAKE_PAGE | 0x200);
	tap_equal(uv_guest_write(uv, guest->config, GADDR + 0xffd, "ABCDEF", 6,
				 &fault), 4, "the second page is read only");
	tap_ok(fault.gaddr == GADDR + 0x1000 && fault.store,
	       "the fault names it");
	tap_ok(!memcmp(fake_guest_at(guest, GADDR + 0xffd), "abc", 3),
	       "and nothing has been stored into the first");
	tap_equal(uv_guest_read(uv, guest->config, GADDR + 0xffd, buf, 6,
				NULL), 0, "reading works");
	tap_equal(uv_guest_read(uv, guest->config, GADDR + 0x1ffd, buf, 6,
				&fault), 0x11, "until there is no page");
	tap_equal(uv_guest_read(uv, guest->config, GADDR + 0x3000, buf, 0,
				NULL), 0, "no bytes can always be read");
	fake_guest_free(guest);
}

int main(void)
{
	tap_begin();
	test_levels();
	test_entries();
	test_lengths();
	test_pages();
	test_frames();
	test_copies();
	return tap_end();
}
