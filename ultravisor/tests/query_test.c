// SPDX-License-Identifier: MIT
/* Query Ultravisor information and keys, for every profile and caller. */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "fake_machine.h"
#include "pv/uvc.h"
#include "tap.h"

#define BLOCK	0x3000
#define QUI_LEN	0x120

#define BIT0	UINT64_C(0x8000000000000000)

/* What each view must be: installed calls, then what they take. */
static const struct view {
	const char *profile;
	bool guest;
	uint64_t calls;
	uint64_t att_versions;
	uint64_t att_flags;
	uint64_t secret_versions;
	uint64_t secret_flags;
	uint64_t secret_types;
	uint16_t assoc_secrets;
	uint16_t retr_secrets;
} views[] = {
	{ "z15", true, UINT64_C(0x80c0000000000000), 0, 0, 0, 0, 0, 0, 0 },
	{ "z16", true, UINT64_C(0x80c0000f00000000), BIT0,
	  UINT64_C(0x7000000000000000), BIT0, BIT0,
	  UINT64_C(0x6000000000000000), 64, 0 },
	{ "z17", true, UINT64_C(0x80c0000f60000000), BIT0,
	  UINT64_C(0x7c00000000000000), BIT0, BIT0,
	  UINT64_C(0x7fe07e0000000000), 64, 128 },
	{ "z15", false, UINT64_C(0xff1ffe0000000000), 0, 0, 0, 0, 0, 0, 0 },
	{ "z16", false, UINT64_C(0xff1ffff000000000), 0, 0, 0, 0, 0, 0, 0 },
	{ "z17", false, UINT64_C(0xff1ffff020000000), 0, 0, 0, 0, 0, 0, 0 },
};

/* What only a host is told. */
static void expect_host(uint8_t *answer, const char *profile)
{
	static const struct {
		const char *profile;
		uint64_t flags;
	} pcf[] = {
		{ "z15", 0x100000e0 }, { "z16", 0x300000e2 },
		{ "z17", 0x300000f2 },
	};

	fake_put64(answer + 0x40, 0x100000);
	fake_put64(answer + 0x50, 0x4000);
	fake_put64(answer + 0x58, 0x1000);
	fake_put64(answer + 0x60, 0x2000);
	fake_put64(answer + 0x68, 0x1000);
	fake_put32(answer + 0x7c, 0x7fffff);
	fake_put64(answer + 0x80, 0x7fffffffffff);
	fake_put16(answer + 0x9e, 247);
	fake_put64(answer + 0xa0, UINT64_C(0xc000000000000000));
	fake_put64(answer + 0xb0, BIT0);
	for (size_t i = 0; i < ARRAY_SIZE(pcf); i++) {
		if (!strcmp(pcf[i].profile, profile))
			fake_put64(answer + 0xb8, pcf[i].flags);
	}
	if (!strcmp(profile, "z15"))
		return;
	fake_put64(answer + 0xc8, 0x1000);
	fake_put64(answer + 0xd0, 0x1000);
}

static const char *who(const struct view *view)
{
	return view->guest ? "guest" : "host";
}

static void test_view(const struct view *view)
{
	struct fake_machine *fake = view->guest ? fake_new_guest(view->profile) :
						  fake_new(view->profile);
	uint8_t *block = fake->memory + BLOCK;
	uint8_t expected[QUI_LEN] = { 0 };

	fake_put16(expected, QUI_LEN);
	fake_put16(expected + 2, PV_CMD_QUI);
	fake_put16(expected + 4, 1);
	fake_put64(expected + 0x10, view->calls);
	fake_put64(expected + 0xe0, view->att_versions);
	fake_put64(expected + 0xe8, view->att_flags);
	fake_put64(expected + 0xf8, view->secret_versions);
	fake_put64(expected + 0x100, view->secret_flags);
	fake_put64(expected + 0x108, view->secret_types);
	fake_put16(expected + 0x110, view->assoc_secrets);
	fake_put16(expected + 0x112, view->retr_secrets);

	if (!view->guest)
		expect_host(expected, view->profile);

	fake_block(fake, BLOCK, PV_CMD_QUI, QUI_LEN);
	memset(block + 8, 0xee, QUI_LEN - 8);
	tap_equal((uint64_t)fake_call(fake, BLOCK), 0, "%s %s: query succeeds",
		  view->profile, who(view));
	tap_equal(fake_get64(block + 0x10), view->calls,
		  "%s %s: installed calls", view->profile, who(view));
	tap_equal(fake_get64(block + 0xe8), view->att_flags,
		  "%s %s: attestation flags", view->profile, who(view));
	tap_equal(fake_get64(block + 0x108), view->secret_types,
		  "%s %s: secret types", view->profile, who(view));
	tap_ok(memcmp(block, expected, QUI_LEN) == 0,
	       "%s %s: every other byte of the answer", view->profile,
	       who(view));
	fake_free(fake);
}

static void test_lengths(void)
{
	static const struct {
		uint16_t len;
		uint16_t rc;
		uint16_t stored;
	} cases[] = {
		{ 0x120, 0x0001, 0x120 }, { 0x08, 0x0005, 8 },
		{ 0xa0, 0x0005, 8 }, { 0xa7, 0x0005, 8 },
		{ 0xa8, 0x0100, 0xa8 }, { 0xe4, 0x0100, 0xe4 },
		{ 0x100, 0x0100, 0x100 }, { 0x11f, 0x0100, 0x11f },
		{ 0x121, 0x0001, 0x120 }, { 0x1000, 0x0001, 0x120 },
		{ 0xffff, 0x0001, 0x120 },
	};
	struct fake_machine *fake = fake_new_guest("z17");
	uint8_t *block = fake->memory + BLOCK;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		fake_block(fake, BLOCK, PV_CMD_QUI, cases[i].len);
		memset(block + 8, 0xee, 0x10000);
		fake_call(fake, BLOCK);
		tap_equal(fake_get16(block + 4), cases[i].rc,
			  "query of %u bytes: response code", cases[i].len);
		tap_ok(block[cases[i].stored] == 0xee &&
		       (cases[i].stored == 8 ||
			block[cases[i].stored - 1] != 0xee),
		       "query of %u bytes: stores %u", cases[i].len,
		       cases[i].stored);
	}
	fake_free(fake);
}

static void install_backup(struct fake_machine *fake)
{
	char *pem = seal_pem(fake_keys()->backup);

	uv_machine_set_host_key(fake->uv, UV_HOST_KEY_BACKUP, pem, strlen(pem),
				NULL);
	free(pem);
}

static void test_keys(void)
{
	struct fake_machine *fake = fake_new_guest("z17");
	uint8_t *block = fake_block(fake, BLOCK, PV_CMD_QUERY_KEYS, 0x200);

	tap_equal((uint64_t)fake_call(fake, BLOCK), 0, "keys can be queried");
	tap_bytes(block + 0x20, 32,
		  "1cad0d72bffc4622d1043fe30a3465dc5a4f9ec84b43751ff3cf830b4c8aee8b",
		  "the first is the host key");
	tap_filled(block + 0x40, 32, 0x00,
		   "a backup key that is not installed is zero");
	install_backup(fake);
	memset(block + 8, 0xee, 0x1f8);
	fake_call(fake, BLOCK);
	tap_bytes(block + 0x40, 32,
		  "9cc24828c44d21690d76c3b158e07042d8dc8f2e136106059ba34ce893130605",
		  "the second is the backup host key");
	tap_filled(block + 0x60, 16, 0x00, "the others are zero");
	tap_equal(block[0x1ff], 0, "up to the end of the block");
	fake_free(fake);

	fake = fake_new("z17");
	tap_equal(fake_simple_call(fake, PV_CMD_QUERY_KEYS, 0x200), 1,
		  "a host can query keys as well");
	fake_free(fake);
	fake = fake_new_guest("z16");
	tap_equal(fake_simple_call(fake, PV_CMD_QUERY_KEYS, 0x200), 2,
		  "a z16 does not know the command");
	fake_free(fake);
}

int main(void)
{
	tap_begin();
	for (size_t i = 0; i < ARRAY_SIZE(views); i++)
		test_view(&views[i]);
	test_lengths();
	test_keys();
	return tap_end();
}
