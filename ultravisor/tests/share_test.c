// SPDX-License-Identifier: MIT
/* Set and remove shared access, and what they mean for devices. */
#include <string.h>

#include "array.h"
#include "fake_machine.h"
#include "pv/uvc.h"
#include "tap.h"

#define SHARE	PV_CMD_SET_SHARED_ACCESS
#define UNSHARE	PV_CMD_REMOVE_SHARED_ACCESS
#define PAGE	0x8000
#define SIZE	(FAKE_PAGES * FAKE_PAGE)

static void test_states(void)
{
	struct fake_machine *fake = fake_new_guest("z17");
	unsigned int before = fake->reduced;

	tap_equal(uv_page_state(fake->uv, PAGE), UV_PAGE_SECURE,
		  "a page is secure at first");
	tap_equal(fake_share(fake, SHARE, PAGE), 1, "it can be shared");
	tap_equal(uv_page_state(fake->uv, PAGE + 4095), UV_PAGE_SHARED,
		  "and then is shared");
	tap_equal(uv_page_state(fake->uv, PAGE - 1), UV_PAGE_SECURE,
		  "the page before it is not");
	tap_equal(uv_page_state(fake->uv, PAGE + 4096), UV_PAGE_SECURE,
		  "nor is the page behind it");
	tap_equal(fake->reduced, before, "nobody lost access by sharing");
	tap_equal(fake_share(fake, SHARE, PAGE), 1,
		  "sharing a shared page succeeds");
	tap_equal(fake_share(fake, UNSHARE, PAGE), 1, "it can be unshared");
	tap_equal(uv_page_state(fake->uv, PAGE), UV_PAGE_SECURE,
		  "and is secure again");
	tap_equal(fake->reduced, before + 1, "by which somebody lost access");
	tap_equal(fake_share(fake, UNSHARE, PAGE), 1,
		  "unsharing a secure page succeeds");
	tap_equal(fake->reduced, before + 1, "but nobody loses by that");
	fake_free(fake);
}

static void test_addresses(void)
{
	static const struct {
		uint64_t paddr;
		uint16_t rc;
		const char *name;
	} cases[] = {
		{ 0, 1, "page 0" },
		{ SIZE - 4096, 1, "the last page" },
		{ SIZE, 0x101, "behind storage" },
		{ UINT64_C(1) << 63, 0x101, "far behind storage" },
		{ UINT64_MAX - 4095, 0x101, "at the end of all addresses" },
		{ PAGE + 1, 0x101, "not at a page boundary" },
		{ PAGE + 0x800, 0x101, "in the middle of a page" },
	};
	struct fake_machine *fake = fake_new_guest("z15");

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		tap_equal(fake_share(fake, SHARE, cases[i].paddr), cases[i].rc,
			  "share: %s", cases[i].name);
		tap_equal(fake_share(fake, UNSHARE, cases[i].paddr),
			  cases[i].rc, "unshare: %s", cases[i].name);
	}
	tap_equal(uv_page_state(fake->uv, PAGE), UV_PAGE_SECURE,
		  "a refused address shares nothing");
	fake_free(fake);
}

static void test_devices(void)
{
	struct fake_machine *fake = fake_new_guest("z16");

	tap_ok(!uv_device_may_access(fake->uv, PAGE, 1),
	       "a device may not touch a secure page");
	tap_ok(uv_device_may_access(fake->uv, PAGE, 0),
	       "touching nothing is harmless");
	fake_share(fake, SHARE, PAGE);
	tap_ok(uv_device_may_access(fake->uv, PAGE, 4096),
	       "a device may touch all of a shared page");
	tap_ok(!uv_device_may_access(fake->uv, PAGE, 4097),
	       "but not a byte more");
	tap_ok(!uv_device_may_access(fake->uv, PAGE - 1, 2),
	       "nor a byte before it");
	fake_share(fake, SHARE, PAGE + 4096);
	tap_ok(uv_device_may_access(fake->uv, PAGE + 10, 8000),
	       "a range over two shared pages is fine");
	tap_ok(!uv_device_may_access(fake->uv, PAGE, UINT64_MAX),
	       "a range that wraps ends at the last address");
	tap_ok(uv_device_may_access(fake->uv, SIZE, 4096),
	       "what is behind storage is not protected");
	uv_machine_reset(fake->uv);
	tap_ok(uv_device_may_access(fake->uv, 0, SIZE),
	       "after a reset all storage is open");
	fake_free(fake);
}

/* The raw block that kvm-unit-tests use. */
static void test_raw_block(void)
{
	struct fake_machine *fake = fake_new_guest("z17");
	uint8_t *block = fake->memory + 0x5000;

	seal_hex("003010000000000000000000000000000000000000000000"
		 "000000000000000000000000000090000000000000000000",
		 block, 48);
	tap_equal((uint64_t)fake_call(fake, 0x5000), 0,
		  "a raw share block is accepted");
	tap_bytes(block, 48,
		  "003010000001000000000000000000000000000000000000"
		  "000000000000000000000000000090000000000000000000",
		  "only the response code in it changed");
	tap_equal(uv_page_state(fake->uv, 0x9000), UV_PAGE_SHARED,
		  "and its page is shared");
	fake_free(fake);
}

static void test_contents(void)
{
	struct fake_machine *fake = fake_new_guest("z17");

	memset(fake->memory + PAGE, 0xa5, 4096);
	fake_share(fake, SHARE, PAGE);
	fake_share(fake, UNSHARE, PAGE);
	tap_ok(fake->memory[PAGE] == 0xa5 && fake->memory[PAGE + 4095] == 0xa5,
	       "the content of a page survives sharing and unsharing");
	fake_free(fake);
}

int main(void)
{
	tap_begin();
	test_states();
	test_addresses();
	test_devices();
	test_raw_block();
	test_contents();
	return tap_end();
}
