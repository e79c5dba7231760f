// SPDX-License-Identifier: MIT
/* IPL parameter blocks: what is read from them, order of checks, refusals. */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "fake_machine.h"
#include "seal_image.h"
#include "tap.h"
#include "ultravisor.h"

#define MEMORY		0x40000
#define COMPONENT(n)	(0x88 + 24 * (n))

/** struct try - a block about to be parsed */
struct try {
	uint8_t block[4096];
	struct uv_ipib ipib;
	struct uv_error err;
};

/* Two components, as an image of pvimg has them. */
static void try_init(struct try *try)
{
	static const uint8_t data[0x3000];
	const struct seal_image image = {
		.header_addr = 0x14000,
		.header_len = 640,
		.components = {
			{ 0x0028000000000001, 0x15000, data, 0x2345 },
			{ 0x0046000000000000, 0x18000, data, 0x1000 },
		},
		.count = 2,
	};

	memset(try, 0, sizeof(*try));
	seal_ipib(&image, try->block);
}

static bool parse(struct try *try)
{
	memset(&try->ipib, 0xee, sizeof(try->ipib));
	try->err = (struct uv_error){ 0 };
	return uv_ipib_parse(&try->ipib, try->block, MEMORY, &try->err) == 0;
}

static void put_component(struct try *try, size_t index, uint64_t prefix,
			  uint64_t addr, uint64_t size)
{
	uint8_t *at = try->block + COMPONENT(index);

	fake_put64(at, prefix);
	fake_put64(at + 8, addr);
	fake_put64(at + 16, size);
}

static void put_count(struct try *try, uint32_t count, uint32_t block_len,
		      uint32_t len)
{
	fake_put32(try->block, len);
	fake_put32(try->block + 8, block_len);
	fake_put32(try->block + 0x74, count);
}

static void test_contents(void)
{
	const struct uv_ipib_component *component;
	struct try try;

	try_init(&try);
	put_component(&try, 0, 0x0028000000000001, 0x15000, 0x2345);
	tap_ok(parse(&try), "control case: a block of pvimg is accepted");
	tap_equal(try.ipib.header_addr, 0x14000, "address of the header");
	tap_equal(try.ipib.header_len, 640, "length of the header");
	tap_equal(try.ipib.count, 2, "number of components");
	component = try.ipib.components;
	tap_equal(component->tweak_prefix, 0x0028000000000001, "tweak prefix");
	tap_equal(component->addr, 0x15000, "address of a component");
	tap_equal(component->size, 0x3000, "size, rounded up to pages");
	tap_equal(component[1].size, 0x1000, "whole pages stay as they are");

	try_init(&try);
	fake_put32(try.block, 4096);
	try.block[0x6f] = 0;
	tap_ok(parse(&try), "a block of genprotimg is accepted");
	tap_equal(try.ipib.count, 2, "with as many components");
}

/* ---- what is refused ---- */

static void bad_len(struct try *try)
{
	fake_put32(try->block, 147);
}

static void bad_type(struct try *try)
{
	try->block[0x0c] = 4;
}

static void bad_block_len(struct try *try)
{
	fake_put32(try->block + 8, 127);
}

static void bad_count(struct try *try)
{
	fake_put32(try->block + 0x74, 3);
}

static void bad_header_len(struct try *try)
{
	fake_put64(try->block + 0x80, 8193);
}

static void bad_header_place(struct try *try)
{
	fake_put64(try->block + 0x78, MEMORY + 1);
}

static void bad_address(struct try *try)
{
	fake_put64(try->block + COMPONENT(0) + 8, 0x15001);
}

static void bad_size(struct try *try)
{
	fake_put64(try->block + COMPONENT(0) + 16, 0);
}

static void bad_end(struct try *try)
{
	fake_put64(try->block + COMPONENT(1) + 8, UINT64_MAX - 0xfff);
	fake_put64(try->block + COMPONENT(1) + 16, 0x1001);
}

static void bad_prefix(struct try *try)
{
	fake_put64(try->block + COMPONENT(1), 0x0028000000000001);
}

/* In the order of the checks; each is told by a part of its message. */
static const struct step {
	const char *name;
	void (*spoil)(struct try *try);
	const char *says;
} order[] = {
	{ "length", bad_len, "147 bytes" },
	{ "type", bad_type, "has type 4" },
	{ "inner length", bad_block_len, "inner length" },
	{ "number of components", bad_count, "claims 3" },
	{ "length of the header", bad_header_len, "8193" },
	{ "place of the header", bad_header_place, "beyond storage" },
	{ "address of a component", bad_address, "page boundary" },
	{ "size of a component", bad_size, "is empty" },
	{ "tweak prefix", bad_prefix, "tweak prefix" },
};

static bool refused(struct try *try, const char *says)
{
	static const struct uv_ipib nothing;

	return !parse(try) && strstr(try->err.text, says) &&
	       memcmp(&try->ipib, &nothing, sizeof(nothing)) == 0;
}

static void test_order(void)
{
	struct try try;

	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		try_init(&try);
		order[i].spoil(&try);
		tap_ok(refused(&try, order[i].says), "wrong %s is refused",
		       order[i].name);
		for (size_t j = i + 1; j < ARRAY_SIZE(order); j++) {
			try_init(&try);
			order[j].spoil(&try);
			order[i].spoil(&try);
			tap_ok(refused(&try, order[i].says),
			       "%s is checked before %s", order[i].name,
			       order[j].name);
		}
	}
	try_init(&try);
	bad_end(&try);
	bad_prefix(&try);
	tap_ok(refused(&try, "beyond all addresses"),
	       "the end of a component is checked, and before its prefix");
}

static void test_lengths(void)
{
	struct try try;

	try_init(&try);
	put_count(&try, 2, 128 + 48, 4097);
	tap_ok(refused(&try, "4097 bytes"), "4097 bytes are too many");
	put_count(&try, 0, 128 + 12, 148);
	tap_ok(refused(&try, "claims 0"), "148 bytes hold no component");
	put_count(&try, 1, 128 + 12, 148);
	tap_ok(refused(&try, "claims 1"), "and cannot claim one");
	put_count(&try, 2, 128 + 48, 136 + 47);
	tap_ok(refused(&try, "inner length"),
	       "the inner length is bounded by the outer one");
	put_count(&try, 2, 128 + 47, 136 + 48);
	tap_ok(refused(&try, "claims 2"),
	       "components are bounded by the inner length");
	put_count(&try, 2, UINT32_MAX, 4096);
	tap_ok(refused(&try, "inner length"),
	       "the greatest inner length is refused");
	put_count(&try, UINT32_MAX, 128 + 48, 4096);
	tap_ok(refused(&try, "claims 4294967295"),
	       "the greatest number of components is refused");
	/* 24 * 0x55555556 is 16 modulo 2^32. */
	put_count(&try, 0x55555556, 128 + 48, 4096);
	tap_ok(refused(&try, "claims 1431655766"),
	       "a number whose size overflows is refused");
}

static void test_most(void)
{
	struct try try;

	try_init(&try);
	put_count(&try, 165, 128 + 165 * 24, 4096);
	for (size_t i = 0; i < 165; i++)
		put_component(&try, i, i, i * 0x1000, 1);
	tap_ok(parse(&try) && try.ipib.count == 165 &&
	       try.ipib.components[164].addr == 164 * 0x1000,
	       "165 components are accepted");
	put_count(&try, 166, 128 + 165 * 24, 4096);
	tap_ok(refused(&try, "claims 166"), "166 do not fit");
}

static void test_places(void)
{
	struct try try;

	try_init(&try);
	fake_put64(try.block + 0x78, MEMORY - 640);
	tap_ok(parse(&try), "a header may end where storage ends");
	fake_put64(try.block + 0x78, MEMORY - 639);
	tap_ok(refused(&try, "beyond storage"), "but not a byte behind");
	fake_put64(try.block + 0x78, UINT64_MAX);
	tap_ok(refused(&try, "beyond storage"),
	       "an end beyond all addresses is refused");
	try_init(&try);
	fake_put64(try.block + 0x80, 0);
	tap_ok(parse(&try) && !try.ipib.header_len,
	       "an empty header is left to \"set parameters\"");
	try_init(&try);
	put_component(&try, 1, UINT64_MAX, UINT64_MAX - 0xfff, 0x1000);
	tap_ok(parse(&try), "a component may be the last of all pages");
	put_component(&try, 1, UINT64_MAX, 0, UINT64_MAX);
	tap_ok(refused(&try, "larger than any storage"),
	       "a size that cannot be rounded up is refused");
	try_init(&try);
	put_component(&try, 1, 0x0028000000000000, 0x18000, 0x1000);
	tap_ok(refused(&try, "tweak prefix"), "prefixes must not decrease");
}

int main(void)
{
	tap_begin();
	test_contents();
	test_order();
	test_lengths();
	test_most();
	test_places();
	return tap_end();
}
