// SPDX-License-Identifier: MIT
/* Booting an SE image: what the guest gets, every refusal, faults. */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "array.h"
#include "boot_try.h"
#include "machine.h"
#include "pv/se_header.h"
#include "pv/uvc.h"
#include "tap.h"

#define BARE		UINT64_C(0xa02)
#define CODE(step, rc, rrc) \
	((uint64_t)(step) << 48 | (uint64_t)(rrc) << 32 | \
	 (uint64_t)(rc) << 16 | BARE)

/* ---- what a boot gives ---- */

static void test_storage(struct try *try)
{
	const uint8_t *memory = try->fake->memory;

	tap_ok(memcmp(memory + KERNEL, try_kernel, sizeof(try_kernel)) == 0 &&
	       try_is_zero(memory + KERNEL + sizeof(try_kernel),
			   0x3000 - sizeof(try_kernel)),
	       "the kernel is decrypted");
	tap_ok(memcmp(memory + CMDLINE, try_cmdline, sizeof(try_cmdline)) == 0,
	       "so is the command line");
	tap_ok(memcmp(memory + STAGE3B, try_stage3b, sizeof(try_stage3b)) == 0,
	       "so is the last stage");
	tap_ok(try_is_zero(memory, KERNEL),
	       "what lies before the image is cleared, its header too");
	tap_ok(try_is_zero(memory + IMAGE_END,
			   sizeof(try->fake->memory) - IMAGE_END),
	       "what lies behind the image is cleared");
}

static void test_boot(void)
{
	struct try *try = try_new();
	struct uv_config *config = try_boot(try);

	tap_ok(config, "an image boots");
	tap_equal(try->psw.mask, 0x180000000, "PSW mask of the header");
	tap_equal(try->psw.addr, STAGE3B, "PSW address of the header");
	test_storage(try);
	tap_equal(try_pages_in_state(try, UV_PAGE_SECURE), FAKE_PAGES,
		  "every page is secure");
	tap_ok(try->fake->reduced > 0, "somebody lost access by that");
	tap_ok(strstr(try->fake->said, "6 pages unpacked"),
	       "and the log says so");
	tap_equal(fake_share(try->fake, PV_CMD_SET_SHARED_ACCESS, 0x8000), 1,
		  "the guest can make calls");
	tap_ok(!try_boot(try) && try->code == BARE &&
	       strstr(try->err.text, "reset"),
	       "a machine that is a guest boots no second image");
	tap_ok(try->fake->uv->configs == config, "and stays that guest");
	try_free(try);
}

/* 44 slots and more: the header needs a second page. */
static void test_long_header(void)
{
	struct try *try = try_new();

	for (size_t i = 0; i < 94; i++)
		try->image.header.hosts[i] = fake_keys()->backup;
	try->image.header.hosts[94] = fake_keys()->host;
	try->image.header.nks = 95;
	try->image.header_addr = 0x3e000;
	try_seal(try);
	tap_ok(try_boot(try), "a header of 8160 bytes at the end of storage");
	try_free(try);
}

static void test_plain(void)
{
	struct try *try = try_new();

	try->image.header.pcf = PV_PCF_NO_COMPONENT_ENCRYPTION;
	try_seal(try);
	tap_ok(memcmp(try->fake->memory + KERNEL, try_kernel, sizeof(try_kernel)) == 0,
	       "control case: the image is not encrypted");
	tap_ok(try_boot(try), "an image that is not encrypted boots");
	test_storage(try);
	try_free(try);
}

/* ---- attestation of what was booted ---- */

#define ARCB		0x20000
#define MEAS		0x21000
#define ADD		0x22000
#define BLOCK		0x3000

/* Measured by the test itself: tags, uid, user data, nonce, additional data. */
static void measure(const struct try *try, const struct seal_request *request,
		    const uint8_t *uid, uint8_t measurement[64])
{
	const struct seal_header *header = &try->image.header;
	uint8_t input[64 * 3 + 16 + 16 + 8 + 16], *at = input;
	size_t len = 64;

	memcpy(at, header->pld, 64);
	memcpy(at + 64, header->ald, 64);
	memcpy(at + 128, header->tld, 64);
	memcpy(at + 192, try->before + HEADER + try->image.header_len - 16, 16);
	memcpy(at + 208, uid, 16);
	memset(at + 224, 0, 8);		/* lengths of user and additional data */
	memcpy(at + 232, request->nonce, 16);
	EVP_Q_mac(NULL, "HMAC", NULL, "SHA512", NULL, request->meas_key, 64,
		  input, sizeof(input), measurement, 64, &len);
}

static void test_attestation(void)
{
	struct try *try = try_new();
	uint8_t arcb[SEAL_MAX_REQUEST], got[64], want[64];
	struct seal_request request;
	uint8_t *block;
	size_t len;

	try_boot(try);
	seal_request_init(&request, fake_keys()->customer, fake_keys()->host);
	request.flags = UINT64_C(1) << 62;
	len = seal_request(&request, arcb);
	fake_home_put(try->fake, ARCB, arcb, len);
	block = fake_block(try->fake, BLOCK, PV_CMD_RETR_ATTEST, 0x188);
	fake_put64(block + 0x18, ARCB);
	fake_put32(block + 0x13c, 64);
	fake_put64(block + 0x140, MEAS);
	tap_equal((uint64_t)fake_call(try->fake, BLOCK), 0,
		  "the booted guest is attested");
	fake_home_get(try->fake, MEAS, got, sizeof(got));
	measure(try, &request, block + 0x148, want);
	tap_ok(memcmp(got, want, sizeof(want)) == 0,
	       "and the digests of the image are what is measured");
	try_free(try);
}

/* ---- refusals ---- */

/* Everything as before, but unpacked pages are zero; how many those are. */
static int check_storage(const struct try *try)
{
	int cleared = 0;

	for (size_t at = 0; at < sizeof(try->before); at += FAKE_PAGE) {
		const uint8_t *page = try->fake->memory + at;

		if (memcmp(page, try->before + at, FAKE_PAGE) == 0)
			continue;
		if (!try_is_zero(page, FAKE_PAGE))
			return -1;
		cleared++;
	}
	return cleared;
}

static void check_refused(struct try *try, uint64_t code, int cleared,
			  const char *name)
{
	struct uv_config *config = try_boot(try);

	tap_ok(!config, "%s: does not boot", name);
	tap_equal(try->code, code, "%s: code", name);
	tap_ok(try->err.text[0] && strstr(try->fake->said, try->err.text),
	       "%s: the reason is told and logged", name);
	tap_equal(CODE(try->code >> 48, try->err.rc, try->err.rrc), code,
		  "%s: rc and rrc are told as well", name);
	tap_equal((uint64_t)check_storage(try), (uint64_t)cleared,
		  "%s: unpacked pages are cleared, nothing else changed",
		  name);
	tap_ok(!try->fake->uv->configs &&
	       try_pages_in_state(try, UV_PAGE_NORMAL) == FAKE_PAGES,
	       "%s: leaves no configuration and no page", name);
}

static void other_host(struct try *try)
{
	try->image.header.hosts[0] = fake_keys()->backup;
	try_seal(try);
}

static void bad_magic(struct try *try)
{
	try->fake->memory[HEADER] ^= 1;
}

static void bad_version(struct try *try)
{
	try->fake->memory[HEADER + 0x0a] = 2;
}

static void bad_header_size(struct try *try)
{
	fake_put64(try->block + 0x80, try->image.header_len + 80);
}

static void no_header(struct try *try)
{
	fake_put64(try->block + 0x80, 0);
}

static void bad_encrypted_size(struct try *try)
{
	try->fake->memory[HEADER + 0x2f]++;
}

static void no_slots(struct try *try)
{
	try->fake->memory[HEADER + 0x27] = 0;
}

static void bad_pcf(struct try *try)
{
	try->fake->memory[HEADER + 0x3e] |= 0x20;
}

static void bad_point(struct try *try)
{
	try->fake->memory[HEADER + 0x40 + 159] ^= 1;
}

static void bad_slot(struct try *try)
{
	try->fake->memory[HEADER + 0x1a0 + 79] ^= 1;
}

static void bad_tag(struct try *try)
{
	try->fake->memory[HEADER + try->image.header_len - 1] ^= 1;
}

static void bad_digest_in_header(struct try *try)
{
	try->fake->memory[HEADER + 0xe0] ^= 1;
}

static void bad_scf(struct try *try)
{
	try->image.header.scf = 1;
	try_seal(try);
}

static void optional_items(struct try *try)
{
	try->image.header.noi = 1;
	try_seal(try);
}

static void backup_only(struct try *try)
{
	try->image.header.pcf = PV_PCF_BACKUP_TARGET_KEYS;
	other_host(try);
}

static void unreadable_header(struct try *try)
{
	try->fake->broken = HEADER / FAKE_PAGE;
}

static void flipped_kernel(struct try *try)
{
	try->fake->memory[KERNEL + 0x1fff] ^= 0x80;
}

static void flipped_cmdline(struct try *try)
{
	try->fake->memory[CMDLINE] ^= 1;
}

static void flipped_stage(struct try *try)
{
	try->fake->memory[STAGE3B + 0x1000] ^= 1;
}

static void flipped_padding(struct try *try)
{
	try->fake->memory[KERNEL + 0x2fff] ^= 1;
}

static void swap_components(struct try *try)
{
	struct uv_ipib_component first;

	uv_ipib_parse(&try->ipib, try->block, sizeof(try->fake->memory), NULL);
	first = try->ipib.components[0];
	try->ipib.components[0] = try->ipib.components[1];
	try->ipib.components[1] = first;
	try->parsed = true;
}

static uint8_t *component(struct try *try, size_t index)
{
	return try->block + 0x88 + 24 * index;
}

static void swap_prefixes(struct try *try)
{
	fake_put64(component(try, 0), 0x0027123456789abc);
}

static void swap_addresses(struct try *try)
{
	fake_put64(component(try, 0) + 8, CMDLINE);
	fake_put64(component(try, 0) + 16, 0x1000);
	fake_put64(component(try, 1) + 8, KERNEL);
	fake_put64(component(try, 1) + 16, 0x3000);
}

static void missing_page(struct try *try)
{
	fake_put64(component(try, 2) + 16, 0x1000);
}

static void extra_page(struct try *try)
{
	fake_put64(component(try, 2) + 16, 0x3000);
}

static void overlap(struct try *try)
{
	fake_put64(component(try, 2) + 8, CMDLINE);
}

static void beyond_storage(struct try *try)
{
	fake_put64(component(try, 2) + 8, FAKE_PAGES * FAKE_PAGE - 0x1000);
}

static void far_beyond(struct try *try)
{
	fake_put64(component(try, 1) + 8, UINT64_MAX - 0xfff);
}

static void unaligned(struct try *try)
{
	uv_ipib_parse(&try->ipib, try->block, sizeof(try->fake->memory), NULL);
	try->ipib.components[1].addr += 8;
	try->parsed = true;
}

static void header_beyond(struct try *try)
{
	uv_ipib_parse(&try->ipib, try->block, sizeof(try->fake->memory), NULL);
	try->ipib.header_addr = FAKE_PAGES * FAKE_PAGE - 100;
	try->parsed = true;
}

static void broken_page(struct try *try)
{
	try->fake->broken = CMDLINE / FAKE_PAGE;
}

/* @cleared: pages that were unpacked before the failure */
static const struct refusal {
	const char *name;
	void (*spoil)(struct try *try);
	uint64_t code;
	int cleared;
} refusals[] = {
	{ "foreign host key", other_host, CODE(2, 0x108, 0x05), 0 },
	{ "backup key not there", backup_only, CODE(2, 0x108, 0x34), 0 },
	{ "header: magic", bad_magic, CODE(2, 0x10a, 0x31), 0 },
	{ "header: version", bad_version, CODE(2, 0x104, 0x01), 0 },
	{ "header: size", bad_header_size, CODE(2, 0x10a, 0x31), 0 },
	{ "header: empty", no_header, CODE(2, 0x10a, 0x31), 0 },
	{ "header: encrypted size", bad_encrypted_size,
	  CODE(2, 0x10a, 0x39), 0 },
	{ "header: no slots", no_slots, CODE(2, 0x10a, 0x40), 0 },
	{ "header: flags", bad_pcf, CODE(2, 0x106, 0x30), 0 },
	{ "header: secret flags", bad_scf, CODE(2, 0x109, 0), 0 },
	{ "header: optional items", optional_items, CODE(2, 0x10a, 0x39), 0 },
	{ "header: customer key", bad_point, CODE(2, 0x108, 0x0b), 0 },
	{ "header: slot", bad_slot, CODE(2, 0x108, 0xff), 0 },
	{ "header: tag", bad_tag, CODE(2, 0x10a, 0xff), 0 },
	{ "header: digest", bad_digest_in_header, CODE(2, 0x10a, 0xff), 0 },
	{ "header: unreadable", unreadable_header, CODE(2, 0x103, 0), 0 },
	{ "header: beyond storage", header_beyond, CODE(2, 0x103, 0), 0 },
	{ "flipped bit in the kernel", flipped_kernel,
	  CODE(4, 0x102, 0x1b), IMAGE_PAGES },
	{ "flipped bit in the command line", flipped_cmdline,
	  CODE(4, 0x102, 0x1b), IMAGE_PAGES },
	{ "flipped bit in the stage", flipped_stage,
	  CODE(4, 0x102, 0x1b), IMAGE_PAGES },
	{ "flipped bit in padding", flipped_padding,
	  CODE(4, 0x102, 0x1b), IMAGE_PAGES },
	{ "components in the wrong order", swap_components,
	  CODE(4, 0x102, 0x1a), IMAGE_PAGES },
	{ "addresses exchanged", swap_addresses,
	  CODE(4, 0x102, 0x1a), IMAGE_PAGES },
	{ "wrong tweak", swap_prefixes, CODE(4, 0x102, 0x1c), IMAGE_PAGES },
	{ "a page is missing", missing_page,
	  CODE(4, 0x102, 0x1d), IMAGE_PAGES - 1 },
	{ "a page too many", extra_page,
	  CODE(4, 0x102, 0x1d), IMAGE_PAGES + 1 },
	{ "overlapping components", overlap, CODE(3, 0x1f2, 0), 4 },
	{ "component beyond storage", beyond_storage, CODE(3, 0x103, 0), 5 },
	{ "component at the last page of all", far_beyond,
	  CODE(3, 0x103, 0), 3 },
	{ "unaligned component", unaligned, CODE(3, 0x103, 0), 3 },
};

static void test_refusals(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		struct try *try = try_new();

		refusals[i].spoil(try);
		check_refused(try, refusals[i].code, refusals[i].cleared,
			      refusals[i].name);
		try_free(try);
	}
}

/* After a refusal the loader can put the right image there, and it boots. */
static void test_again(void)
{
	struct try *try = try_new();

	flipped_cmdline(try);
	tap_ok(!try_boot(try), "control case: a damaged image is refused");
	try_seal(try);
	tap_ok(try_boot(try), "the same machine boots the sound image then");
	test_storage(try);
	try_free(try);
}

static void test_broken_page(void)
{
	struct try *try = try_new();

	broken_page(try);
	check_refused(try, CODE(3, 0x10a, 0), 3, "a page that cannot be read");
	try_free(try);
}

/* ---- faults on demand ---- */

/* @cleared: as above; -1: the boot succeeds */
static const struct fault_case {
	const char *policy;
	uint64_t code;
	int cleared;
} fault_cases[] = {
	{ "cmd=set-params:rc=0x106:rrc=0x30", CODE(2, 0x106, 0x30), 0 },
	{ "cmd=0x0300:rc=0x108", CODE(2, 0x108, 0), 0 },
	{ "cmd=unpack:nth=5:rc=0x103", CODE(3, 0x103, 0), 4 },
	{ "cmd=unpack:nth=5:rc=0x103:rrc=7:late", CODE(3, 0x103, 7), 5 },
	{ "cmd=unpack:nth=7:rc=0x103", 0, -1 },
	{ "call=2:rc=0x42", CODE(3, 0x42, 0), 0 },
	{ "cmd=verify:rc=0x102:rrc=0x1b", CODE(4, 0x102, 0x1b), IMAGE_PAGES },
	{ "cmd=verify:rc=0x102:late", CODE(4, 0x102, 0), IMAGE_PAGES },
	{ "cmd=verify:nth=1:rc=0", CODE(4, 0, 0), IMAGE_PAGES },
	{ "cmd=verify:nth=2:rc=0x102", 0, -1 },
	{ "cmd=attest:rc=0x10c", 0, -1 },
	/* An answer of success for what was not done. */
	{ "cmd=set-params:rc=1", CODE(3, 0x3, 0), 0 },
	{ "cmd=unpack:nth=2:rc=1", CODE(4, 0x102, 0x1d), IMAGE_PAGES - 1 },
	{ "cmd=verify:rc=1", BARE, IMAGE_PAGES },
	{ "cmd=verify:rc=1:late", 0, -1 },
	/* Repetitions. */
	{ "cmd=unpack:busy=3", 0, -1 },
	{ "cmd=unpack:partial=2;cmd=verify:busy=100", 0, -1 },
	{ "busy=2;partial=3", 0, -1 },
	{ "cmd=unpack:nth=3:busy=2;cmd=unpack:nth=3:rc=0x10a",
	  CODE(3, 0x10a, 0), 2 },
	{ "cmd=set-params:busy=262143", 0, -1 },
	{ "cmd=set-params:busy=262144", BARE, 0 },
	{ "cmd=unpack:nth=2:partial=18446744073709551615", BARE, 1 },
};

static void test_fault(const struct fault_case *test)
{
	struct try *try = try_new();

	uv_machine_set_faults(try->fake->uv, test->policy, NULL);
	if (test->cleared >= 0) {
		check_refused(try, test->code, test->cleared, test->policy);
	} else {
		tap_ok(try_boot(try), "%s: boots", test->policy);
		test_storage(try);
	}
	try_free(try);
}

/* A policy that answers for pages that do not exist must not go on for ever. */
static void test_endless(void)
{
	struct try *try = try_new();

	fake_put64(component(try, 2) + 16, FAKE_PAGES * FAKE_PAGE + 0x1000);
	uv_machine_set_faults(try->fake->uv, "cmd=unpack:rc=1", NULL);
	check_refused(try, BARE, 0, "more pages than storage has");
	try_free(try);
}

static void test_fault_text(void)
{
	struct try *try = try_new();

	uv_machine_set_faults(try->fake->uv, "cmd=unpack:rc=0x103", NULL);
	try_boot(try);
	tap_ok(strstr(try->err.text, "fault policy"),
	       "a failure on demand is told as one");
	uv_machine_set_faults(try->fake->uv, "", NULL);
	flipped_kernel(try);
	try_boot(try);
	tap_ok(strstr(try->err.text, "verify failed with rc 0x0102 rrc 0x001b") &&
	       strstr(try->err.text, "contents"),
	       "a failure of its own in words");
	try_free(try);
}

int main(void)
{
	tap_begin();
	test_boot();
	test_long_header();
	test_plain();
	test_attestation();
	test_refusals();
	test_broken_page();
	test_again();
	for (size_t i = 0; i < ARRAY_SIZE(fault_cases); i++)
		test_fault(&fault_cases[i]);
	test_endless();
	test_fault_text();
	return tap_end();
}
