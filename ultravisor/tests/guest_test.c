// SPDX-License-Identifier: MIT
/* A booted guest: its reset, its end, and what the untrusted side sees. */
#define _GNU_SOURCE		/* memmem() */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "boot_try.h"
#include "config.h"
#include "machine.h"
#include "pv/uvc.h"
#include "tap.h"

#define SHARED		0x32000

/* ---- the end of a guest ---- */

static void end_config(struct try *try)
{
	uv_config_end(try->fake->uv, try->fake->cpu.config);
}

static void reset_machine(struct try *try)
{
	uv_machine_reset(try->fake->uv);
}

static const struct end {
	const char *name;
	void (*end)(struct try *try);
} ends[] = {
	{ "end", end_config },
	{ "machine reset", reset_machine },
};

static void test_end(const struct end *end)
{
	struct try *try = try_new();
	unsigned int reduced;

	try_boot(try);
	memset(try->fake->memory + SHARED, 0x77, FAKE_PAGE);
	fake_share(try->fake, PV_CMD_SET_SHARED_ACCESS, SHARED);
	reduced = try->fake->reduced;
	/* 6 of the image, the shared one and that with the control block. */
	try->fake->abs_stores = 0;
	end->end(try);
	tap_ok(try_is_zero(try->fake->memory, sizeof(try->fake->memory)),
	       "%s: all storage is cleared, shared pages too", end->name);
	tap_equal(try->fake->abs_stores, IMAGE_PAGES + 2,
		  "%s: pages that are zero are not stored into", end->name);
	tap_equal(try_pages_in_state(try, UV_PAGE_NORMAL), FAKE_PAGES,
		  "%s: every page is normal", end->name);
	tap_ok(!try->fake->uv->configs, "%s: there is no configuration",
	       end->name);
	tap_ok(try->fake->reduced > reduced, "%s: somebody lost access",
	       end->name);
	try_seal(try);
	tap_ok(try_boot(try), "%s: another image boots", end->name);
	try_free(try);
}

/* Only pages of the configuration are cleared, not those beside it. */
static void test_end_beside(void)
{
	struct fake_machine *fake = fake_new("z17");
	struct uv_config *config = uv_config_new(fake->uv, NULL);

	memset(fake->memory, 0x55, sizeof(fake->memory));
	for (uint64_t addr = 0x5000; addr < 0xb000; addr += 0x1000)
		uv_storage_apply(&fake->uv->storage, addr, &config->owner,
				 UV_PAGE_GIVE);
	uv_config_destroy(fake->uv, config);
	tap_filled(fake->memory, 0x5000, 0x55, "pages before are left alone");
	tap_filled(fake->memory + 0x5000, 0x6000, 0,
		   "a run of pages is cleared");
	tap_filled(fake->memory + 0xb000, sizeof(fake->memory) - 0xb000, 0x55,
		   "pages behind are left alone");
	fake_free(fake);
}

/* The embedder has gone away, its storage with it. */
static void test_free(void)
{
	struct try *try = try_new();

	try_boot(try);
	try->fake->abs_stores = 0;
	uv_machine_free(try->fake->uv);
	tap_equal(try->fake->abs_stores, 0,
		  "freeing the machine touches no storage");
	try->fake->uv = NULL;
	try_free(try);
}

static void test_uncleared(void)
{
	struct try *try = try_new();

	try_boot(try);
	try->fake->read_only = KERNEL / FAKE_PAGE;
	try->fake->lines = 0;
	uv_config_end(try->fake->uv, try->fake->cpu.config);
	tap_equal(try->fake->lines, 2,
		  "a page that cannot be cleared is an error in the log");
	try_free(try);
}

/* One page that cannot be read saves no other one. */
static void test_unreadable(void)
{
	struct try *try = try_new();
	uint8_t *page = try->fake->memory + KERNEL;

	try_boot(try);
	try->fake->broken = KERNEL / FAKE_PAGE;
	uv_config_end(try->fake->uv, try->fake->cpu.config);
	memset(page, 0, FAKE_PAGE);
	tap_ok(try_is_zero(try->fake->memory, sizeof(try->fake->memory)),
	       "all pages around one that cannot be accessed are cleared");
	try_free(try);
}

/* A guest whose storage was given, not unpacked. */
static void test_given_guest(void)
{
	struct fake_machine *fake = fake_new("z17");

	memset(fake->memory, 0x55, sizeof(fake->memory));
	fake_become_guest(fake);
	tap_filled(fake->memory, sizeof(fake->memory), 0x55,
		   "uv_guest_new() leaves storage as it is");
	uv_machine_reset(fake->uv);
	tap_filled(fake->memory, sizeof(fake->memory), 0,
		   "but a reset clears it");
	fake_free(fake);
}

/* ---- reset within the guest ---- */

static void test_config_reset(void)
{
	struct try *try = try_new();
	struct uv_config *config = try_boot(try);
	uint8_t uid[16];
	unsigned int reduced;

	memcpy(uid, config->uid, sizeof(uid));
	fake_share(try->fake, PV_CMD_SET_SHARED_ACCESS, SHARED);
	fake_share(try->fake, PV_CMD_SET_SHARED_ACCESS, KERNEL);
	memset(try->fake->memory + SHARED, 0x77, FAKE_PAGE);
	memcpy(try->before, try->fake->memory, sizeof(try->before));
	reduced = try->fake->reduced;
	uv_config_reset(try->fake->uv, config);
	tap_equal(try_pages_in_state(try, UV_PAGE_SECURE), FAKE_PAGES,
		  "after a reset within the guest nothing is shared");
	tap_ok(try->fake->reduced > reduced, "by which somebody lost access");
	tap_ok(memcmp(try->before, try->fake->memory,
		      sizeof(try->before)) == 0, "contents stay");
	tap_ok(try->fake->uv->configs == config &&
	       memcmp(uid, config->uid, sizeof(uid)) == 0,
	       "it is the same guest");
	reduced = try->fake->reduced;
	uv_config_reset(try->fake->uv, config);
	tap_equal(try->fake->reduced, reduced,
		  "and another reset takes nothing from anybody");
	try_free(try);
}

/* ---- what the untrusted side sees ---- */

static bool contains(const uint8_t *bytes, size_t len, const char *text)
{
	return memmem(bytes, len, text, strlen(text));
}

static bool view_all(struct try *try, uint8_t *out)
{
	for (uint64_t at = 0; at < FAKE_PAGES * FAKE_PAGE; at += FAKE_PAGE) {
		if (uv_host_view(try->fake->uv, at, out + at))
			return false;
	}
	return true;
}

static uint64_t nonce_of(const struct uv_config *config)
{
	return fake_get64(config->export.nonce);
}

static void test_view_decrypts(struct try *try, const uint8_t *view)
{
	const struct uv_config *config = try->fake->cpu.config;
	const struct uv_storage *storage = &try->fake->uv->storage;
	unsigned int wrong = 0;
	uint8_t page[FAKE_PAGE];

	for (uint64_t at = 0; at < FAKE_PAGES * FAKE_PAGE; at += FAKE_PAGE) {
		seal_xts(config->export.key,
			 uv_storage_page(storage, at)->component,
			 nonce_of(config), view + at, page, false);
		wrong += memcmp(page, try->fake->memory + at, FAKE_PAGE) != 0;
	}
	tap_equal(wrong, 0, "with the export key every page of it decrypts");
}

static void test_host_view(void)
{
	static uint8_t view[FAKE_PAGES * FAKE_PAGE];
	struct try *try = try_new();

	tap_ok(view_all(try, view) &&
	       memcmp(view, try->fake->memory, sizeof(view)) == 0,
	       "without a guest storage is seen as it is");
	tap_ok(!contains(view, sizeof(view), MARKER),
	       "the marker is not to be seen in the image");
	try_free(try);
}

static void test_guest_view(void)
{
	static uint8_t view[FAKE_PAGES * FAKE_PAGE];
	static uint8_t again[FAKE_PAGES * FAKE_PAGE];
	struct try *try = try_new();
	const struct uv_config *config = try_boot(try);

	tap_ok(contains(try->fake->memory, sizeof(view), MARKER),
	       "control case: the guest has it in its storage");
	memcpy(try->before, try->fake->memory, sizeof(try->before));
	tap_ok(view_all(try, view), "every page of a guest can be viewed");
	tap_ok(!contains(view, sizeof(view), MARKER),
	       "the untrusted side does not see the marker");
	tap_ok(memcmp(view, view + FAKE_PAGE, FAKE_PAGE) != 0,
	       "not even that two pages are equal");
	test_view_decrypts(try, view);
	tap_ok(view_all(try, again) && memcmp(view, again, sizeof(view)) == 0 &&
	       memcmp(try->before, try->fake->memory,
		      sizeof(try->before)) == 0, "looking changes nothing");
	tap_ok(memcmp(config->export.key, config->export.key + 32, 32) != 0,
	       "the halves of the export key differ");
	tap_equal((uint64_t)uv_host_view(try->fake->uv, 0x1008, view),
		  UINT64_MAX, "an address within a page is refused");
	tap_equal((uint64_t)uv_host_view(try->fake->uv, sizeof(again), view),
		  UINT64_MAX, "so is one behind storage");
	try_free(try);
}

static void test_view_shared(void)
{
	struct try *try = try_new();
	uint8_t before[FAKE_PAGE], page[FAKE_PAGE];

	try_boot(try);
	uv_host_view(try->fake->uv, KERNEL, before);
	fake_share(try->fake, PV_CMD_SET_SHARED_ACCESS, KERNEL);
	uv_host_view(try->fake->uv, KERNEL, page);
	tap_ok(memcmp(page, try_kernel, sizeof(page)) == 0,
	       "a shared page is seen as it is");
	fake_share(try->fake, PV_CMD_REMOVE_SHARED_ACCESS, KERNEL);
	uv_host_view(try->fake->uv, KERNEL, page);
	tap_ok(memcmp(page, try_kernel, sizeof(page)) != 0 &&
	       memcmp(page, before, sizeof(page)) != 0,
	       "and hidden again, with another tweak");
	try_free(try);
}

int main(void)
{
	tap_begin();
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		test_end(&ends[i]);
	test_end_beside();
	test_free();
	test_uncleared();
	test_unreadable();
	test_given_guest();
	test_config_reset();
	test_host_view();
	test_guest_view();
	test_view_shared();
	return tap_end();
}
