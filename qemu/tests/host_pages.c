// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An image that a host unpacks for a guest: its pages are hidden then, exported
 * as something else, and come back as they were.
 */
#include "dat.h"
#include "host.h"
#include "image.h"

#define CODE		(IMAGE_TEXT + 0x800)

static struct space guest;
static uint64_t handle;

/* Something is executed there, so that the emulator knows it as code. */
static void use_page(void)
{
	uint32_t *code = (void *)CODE;
	uint32_t kept = *code;

	*code = 0x07fe07fe;	/* br %r14, twice */
	fetch(CODE);
	*code = kept;
}

static void test_unpack(void)
{
	check_equal(host_init(), 1, "init");
	check_equal(host_create(&guest, VARIABLE, &handle), 1,
		    "a configuration");
	check_equal(host_set_params(handle), 1, "its parameters");
	use_page();
	check_equal(host_unpack(handle), 0, "its image is unpacked");
	check_equal(host_call(UVC_VERIFY, 0x40, &handle, 1), 1,
		    "and is what it was");
}

static bool has_marker(void)
{
	static const char marker[] = IMAGE_MARKER;
	unsigned int i;

	for (i = 0; i < sizeof(marker); i++) {
		if (((char *)IMAGE_TEXT)[i] != marker[i])
			return false;
	}
	return true;
}

static bool is_kept(const uint64_t *page, uint64_t at)
{
	unsigned int i;

	for (i = 0; i < PAGE_SIZE / 8; i++) {
		if (page[i] != ((uint64_t *)at)[i])
			return false;
	}
	return true;
}

static uint16_t fetch_code(uint64_t at)
{
	uint64_t ret;

	return catch_pgm(fetch, at, &ret) ? pgm_code() : 0;
}

static void test_pages(void)
{
	static uint64_t kept[PAGE_SIZE / 8];

	check(are_hidden(IMAGE_TEXT, PAGE_SIZE), "a page of it is hidden");
	check_equal(fetch_code(CODE), PGM_SECURE_ACCESS,
		    "nothing is executed there");
	check_equal(host_page(UVC_EXPORT, IMAGE_TEXT), 1, "it is exported");
	check(!is_hidden(IMAGE_TEXT), "it is not hidden any more");
	check(!has_marker(), "it does not show what it holds");
	memcpy(kept, (void *)IMAGE_TEXT, PAGE_SIZE);
	check_equal(host_page(UVC_EXPORT, IMAGE_TEXT), 1, "export again");
	check(is_kept(kept, IMAGE_TEXT), "changes nothing");

	*(uint64_t *)IMAGE_TEXT ^= 1;
	check(host_import(handle, IMAGE_TEXT) > 0x100, "changed, it is not imported");
	check(!is_hidden(IMAGE_TEXT), "and stays open");
	*(uint64_t *)IMAGE_TEXT ^= 1;
	check_equal(host_import(handle, IMAGE_TEXT), 1, "as it was, it is");
	check(are_hidden(IMAGE_TEXT, PAGE_SIZE), "and hidden");
}

/* A page that nobody could be told of. */
static void test_own_block(void)
{
	uint64_t page = host_block() & -PAGE_SIZE;

	map(&guest, page, page);
	check_equal(host_import(handle, page), 0x1f2,
		    "the page of the call's own block is not imported");
	check_equal(host_result(0) >> 48, 0x28, "and the block is still there");
}

static void test_end(void)
{
	check_equal(host_destroy(handle), 1, "the configuration ends");
	check(are_clear(IMAGE_PROGRAM, 4 * PAGE_SIZE) &&
	      are_clear(IMAGE_TEXT, PAGE_SIZE), "its pages are cleared");
}

int main(void)
{
	uint64_t page;

	make_space(&guest);
	for (page = IMAGE_START; page < IMAGE_END; page += PAGE_SIZE)
		map(&guest, page, page);
	test_unpack();
	test_pages();
	test_own_block();
	test_end();
	plan();
	return 0;
}
