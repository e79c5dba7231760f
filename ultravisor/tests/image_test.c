// SPDX-License-Identifier: MIT
/* Set parameters, unpack, verify: known answers, states, refusals. */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "array.h"
#include "bytes.h"
#include "config.h"
#include "fake_machine.h"
#include "machine.h"
#include "seal_image.h"
#include "tap.h"

#define HEADER		0x14000
#define DONE		0
#define CODE(rc, rrc)	((uint32_t)(rc) << 16 | (rrc))

/**
 * struct try - a configuration whose image is about to be unpacked
 * @err: why the last call failed
 */
struct try {
	struct fake_machine *fake;
	struct seal_image image;
	struct uv_config *config;
	struct uv_error err;
};

static uint32_t outcome(struct try *try, int ret)
{
	if (!ret)
		return DONE;
	/* A refusal must say something. */
	return try->err.text[0] ? CODE(try->err.rc, try->err.rrc) : 1;
}

static uint32_t set_params(struct try *try)
{
	const struct uv_source source = {
		.read = try->fake->uv->ops.read_abs,
		.opaque = try->fake,
		.addr = HEADER,
		.len = try->image.header_len,
	};

	try->err = (struct uv_error){ 0 };
	return outcome(try, uv_image_set_params(try->fake->uv, try->config,
						&source, &try->err));
}

static uint32_t unpack(struct try *try, uint64_t addr, uint64_t prefix,
		       uint64_t offset)
{
	const pv_be64 tweak[2] = { put64(prefix), put64(offset) };

	try->err = (struct uv_error){ 0 };
	return outcome(try, uv_image_unpack(try->fake->uv, try->config, addr,
					    addr,
					    tweak, &try->err));
}

static uint32_t verify(struct try *try)
{
	try->err = (struct uv_error){ 0 };
	return outcome(try, uv_image_verify(try->fake->uv, try->config,
					    &try->err));
}

/* The image of the known answers: seven pages in two components. */
static struct try *try_new(uint64_t pcf)
{
	static uint8_t ones[0x3400], twos[0x3000];
	struct try *try = calloc(1, sizeof(*try));

	if (!try)
		abort();
	memset(ones, 1, sizeof(ones));
	memset(twos, 2, sizeof(twos));
	try->fake = fake_new("z17");
	try->image = (struct seal_image){
		.header_addr = HEADER,
		.components = {
			{ 0x42, 0x10000, ones, sizeof(ones) },
			{ 0x42, 0x20000, twos, sizeof(twos) },
		},
		.count = 2,
	};
	seal_header_init(&try->image.header, fake_keys()->customer,
			 fake_keys()->host);
	try->image.header.pcf = pcf;
	memset(try->image.header.xts, 0x42, 32);
	memset(try->image.header.xts + 32, 0x43, 32);
	seal_image(&try->image, try->fake->memory);
	try->config = uv_config_new(try->fake->uv, NULL);
	return try;
}

static void try_free(struct try *try)
{
	fake_free(try->fake);
	free(try);
}

/* All pages but the last @missing ones. */
static uint32_t unpack_most(struct try *try, unsigned int missing)
{
	uint32_t code = DONE;

	for (unsigned int i = 0; !code && i < 7 - missing; i++)
		code = i < 4 ? unpack(try, 0x10000 + i * 0x1000, 0x42,
				      i * 0x1000) :
			       unpack(try, 0x20000 + (i - 4) * 0x1000, 0x42,
				      (i - 4) * 0x1000);
	return code;
}

/* ---- known answers ---- */

static void put_digest(struct try *try, size_t at, const char *hex)
{
	seal_hex(hex, try->fake->memory + HEADER + at, 64);
}

static void test_page(const struct try *try, unsigned int page,
		      const char *start, const char *sha256)
{
	const uint8_t *bytes = try->fake->memory + 0x10000 + page * 0x1000;
	uint8_t hash[32];

	EVP_Digest(bytes, 4096, hash, NULL, EVP_sha256(), NULL);
	tap_bytes(bytes, 32, start, "known answer: page %u starts right", page);
	tap_bytes(hash, 32, sha256, "known answer: all of page %u", page);
}

static void put_known_digests(struct try *try)
{
	put_digest(try, 0x0e0,
		   "a24ff30a8af1295888dedfe9369eb509290309a90159ebc32ca26a53f9d4364a"
		   "781857e2590587536c3e767355c7b7603f2b0c6a407f16330d82128d0964fad2");
	put_digest(try, 0x120,
		   "c391de5727a08212ea2fea9c37f9cf090be51f93c6d521b8906332ce720c5f38"
		   "ada0e73e69663e5211d015fef41dc62606f5135e619904d4f450ab889f49caad");
	put_digest(try, 0x160,
		   "424fe3cf04a6f64a7aef185c3b4ef607c0e4f54bb7e14620b574a3d31eef31c7"
		   "d462eb040d45ee6918e6b80968ba4454f9e2edc26f6929ed624d0055f2355659");
	seal_header_again(&try->image.header, try->fake->memory + HEADER,
			  try->image.header_len);
}

/* The published digests go into the header, so verifying compares with them. */
static void test_known(void)
{
	struct try *try = try_new(0);

	test_page(try, 0,
		  "6f491067554994df159146098fb52c5a326679d2c9bef23979e4587ba4ac7c79",
		  "dde34fcf4cc7d36cfd0730af567c8a17d8b9b87cf4b1721a7da3647f92ebbe04");
	test_page(try, 3,
		  "db991fd24d66d88ebca471daadc3122706aa345842de69cb8247aa72021a092d",
		  "8a8019e64adacae9da58bcc55c482a48a860ede617b9bcd8289633a3ef678dd8");
	put_known_digests(try);
	tap_equal(set_params(try), DONE, "known answer: the header opens");
	tap_equal(unpack_most(try, 0), DONE, "known answer: seven pages");
	tap_equal(verify(try), DONE, "known answer: the digests are as published");
	tap_filled(try->fake->memory + 0x10000, 0x3400, 1,
		   "known answer: content of the first component");
	tap_filled(try->fake->memory + 0x13400, 0xc00, 0,
		   "known answer: its padding");
	tap_filled(try->fake->memory + 0x20000, 0x3000, 2,
		   "known answer: content of the second component");
	tap_equal(ERR_peek_error(), 0,
		  "the embedder's error queue is left alone");
	try_free(try);
}

/* ---- states ---- */

/* Brings a new configuration to @state. */
static struct try *in_state(enum uv_config_state state)
{
	struct try *try = try_new(0);

	if (state >= UV_CONFIG_PARAMS_SET)
		set_params(try);
	if (state >= UV_CONFIG_UNPACKING)
		unpack_most(try, state == UV_CONFIG_UNPACKING);
	if (state >= UV_CONFIG_VERIFIED)
		verify(try);
	return try;
}

static uint32_t unpack_free_page(struct try *try)
{
	return unpack(try, 0x22000, 0x42, 0x2000);
}

static const struct call {
	const char *name;
	uint32_t (*perform)(struct try *try);
} calls[] = {
	{ "set parameters", set_params },
	{ "unpack", unpack_free_page },
	{ "verify", verify },
};

static const char *const state_names[] = {
	"created", "parameters set", "unpacking", "verified",
};

#define WRONG	CODE(0x3, 0)

/* The table of README.md; the state afterwards where the call is possible. */
static const struct {
	uint32_t code;
	enum uv_config_state next;
} state_table[UV_CONFIG_STATES][3] = {
	/* set parameters, unpack, verify */
	{ { DONE, UV_CONFIG_PARAMS_SET },
	  { WRONG, UV_CONFIG_CREATED },
	  { WRONG, UV_CONFIG_CREATED } },
	{ { WRONG, UV_CONFIG_PARAMS_SET },
	  { DONE, UV_CONFIG_UNPACKING },
	  { WRONG, UV_CONFIG_PARAMS_SET } },
	{ { WRONG, UV_CONFIG_UNPACKING },
	  { DONE, UV_CONFIG_UNPACKING },
	  { CODE(0x102, 0x1d), UV_CONFIG_UNPACKING } },
	{ { WRONG, UV_CONFIG_VERIFIED },
	  { WRONG, UV_CONFIG_VERIFIED },
	  { WRONG, UV_CONFIG_VERIFIED } },
};

static void test_states(void)
{
	for (int state = 0; state < UV_CONFIG_STATES; state++) {
		for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
			struct try *try = in_state(state);

			tap_equal(try->config->state, state,
				  "state '%s' is reached",
				  state_names[state]);
			tap_equal(calls[i].perform(try),
				  state_table[state][i].code,
				  "state '%s', %s: as in the table",
				  state_names[state], calls[i].name);
			tap_equal(try->config->state,
				  state_table[state][i].next,
				  "state '%s', %s: state afterwards",
				  state_names[state], calls[i].name);
			try_free(try);
		}
	}
}

/* The state is looked at before anything else. */
static void test_state_first(void)
{
	struct try *try = in_state(UV_CONFIG_VERIFIED);

	try->fake->memory[HEADER] ^= 1;
	tap_equal(set_params(try), WRONG, "set parameters: the state comes first");
	tap_equal(unpack(try, 1, 0, 0), WRONG, "unpack: the state comes first");
	try_free(try);
}

/* ---- set parameters ---- */

static enum uv_access real_space(void *opaque, uint64_t addr, void *buf,
				 size_t len)
{
	(void)opaque;
	(void)addr;
	(void)buf;
	(void)len;
	return UV_ACCESS_REAL_SPACE;
}

static void test_header_access(void)
{
	struct try *try = try_new(0);
	struct uv_source source = { .read = real_space, .len = 640 };

	tap_equal(outcome(try, uv_image_set_params(try->fake->uv, try->config,
						   &source, &try->err)),
		  CODE(0x30, 0), "a header in a home space that is real");
	try->fake->broken = HEADER / FAKE_PAGE;
	try->image.header_len = 0x10000;
	tap_equal(set_params(try), CODE(0x103, 0),
		  "a header that cannot be read, whatever its length");
	try->fake->broken = 0;
	tap_equal(set_params(try), CODE(0x10a, 0x31), "a header of 64 KiB");
	try->image.header_len = 0;
	tap_equal(set_params(try), CODE(0x10a, 0x31), "an empty header");
	tap_equal(try->config->state, UV_CONFIG_CREATED,
		  "a refused header leaves the state");
	try->image.header_len = 640;
	tap_equal(set_params(try), DONE, "and the right one can follow");
	try_free(try);
}

/* ---- unpack ---- */

static void test_unpack_place(void)
{
	struct try *try = in_state(UV_CONFIG_PARAMS_SET);
	struct uv_config *other = uv_config_new(try->fake->uv, NULL);
	uint64_t end = sizeof(try->fake->memory);

	tap_equal(unpack(try, 0x10001, 0x42, 0), CODE(0x103, 0),
		  "unpack: not a page address");
	tap_equal(unpack(try, end, 0x42, 0), CODE(0x103, 0),
		  "unpack: behind the end of storage");
	tap_equal(unpack(try, UINT64_MAX - 0xfff, 0x42, 0), CODE(0x103, 0),
		  "unpack: the last of all addresses");
	uv_storage_apply(&try->fake->uv->storage, 0x10000, &other->owner,
			 UV_PAGE_GIVE);
	tap_equal(unpack(try, 0x10000, 0x42, 0), CODE(0x1f2, 0),
		  "unpack: a page of another configuration");
	tap_equal(try->config->state, UV_CONFIG_PARAMS_SET,
		  "refusals leave the state");
	uv_storage_apply(&try->fake->uv->storage, 0x10000, &other->owner,
			 UV_PAGE_SHARE);
	tap_equal(unpack(try, 0x10000, 0x42, 0), DONE,
		  "unpack: unless that one shares it");
	tap_ok(uv_storage_owned(&try->fake->uv->storage, 0x10000,
				try->config->owner.id),
	       "unpack: then it has another owner");
	tap_equal(unpack(try, end - 0x1000, 0x42, 0), DONE,
		  "unpack: the last page of storage");
	tap_equal(uv_page_state(try->fake->uv, end - 0x1000), UV_PAGE_SECURE,
		  "is secure then");
	tap_equal(unpack(try, end - 0x1000, 0x42, 0), CODE(0x1f2, 0),
		  "unpack: not a second time");
	try_free(try);
}

/* Nothing may be left of a page that could not be read or stored. */
static void test_unpack_access(void)
{
	struct try *try = in_state(UV_CONFIG_PARAMS_SET);

	try->fake->broken = 0x10;
	tap_equal(unpack(try, 0x10000, 0x42, 0), CODE(0x10a, 0),
		  "unpack: a page that cannot be read");
	try->fake->broken = 0;
	try->fake->read_only = 0x10;
	tap_equal(unpack(try, 0x10000, 0x42, 0), CODE(0x10a, 0),
		  "unpack: a page that cannot be stored into");
	tap_equal(uv_page_state(try->fake->uv, 0x10000), UV_PAGE_NORMAL,
		  "stays normal");
	try->fake->read_only = 0;
	tap_equal(unpack_most(try, 0), DONE, "afterwards all pages can come");
	tap_equal(verify(try), DONE, "and verify");
	try_free(try);
}

/*
 * Libcrypto fails when the page has been decrypted already: nobody else may see
 * it then, and it ends with the configuration.
 */
static void test_unpack_no_digest(void)
{
	struct try *try = in_state(UV_CONFIG_PARAMS_SET);

	EVP_MD_CTX_reset(try->config->unpack.tld);
	tap_equal(unpack(try, 0x10000, 0x42, 0), CODE(UV_RC_INTERNAL, 0),
		  "unpack: a page that cannot be hashed");
	tap_filled(try->fake->memory + 0x10000, FAKE_PAGE, 1,
		   "control case: it is decrypted already");
	tap_equal(uv_page_state(try->fake->uv, 0x10000), UV_PAGE_SECURE,
		  "so it is secure as well");
	tap_equal(try->config->unpack.pages, 0, "but it does not count");
	uv_config_destroy(try->fake->uv, try->config);
	tap_filled(try->fake->memory + 0x10000, FAKE_PAGE, 0,
		   "and it is cleared with the others");
	try_free(try);
}

static void test_plain(void)
{
	struct try *try = try_new(PV_PCF_NO_COMPONENT_ENCRYPTION);

	tap_filled(try->fake->memory + 0x10000, 0x3400, 1,
		   "control case: the image is not encrypted");
	try->fake->abs_stores = 0;
	set_params(try);
	tap_equal(unpack_most(try, 0), DONE, "an unencrypted image is unpacked");
	tap_equal(verify(try), DONE, "and verified");
	tap_filled(try->fake->memory + 0x10000, 0x3400, 1, "its content stays");
	tap_equal(try->fake->abs_stores, 0, "nothing was stored");
	tap_equal(uv_page_state(try->fake->uv, 0x10000), UV_PAGE_SECURE,
		  "its pages are secure");
	try_free(try);
}

/* Nobody can make such an image with libcrypto, but it opens. */
static void test_equal_halves(void)
{
	struct try *try = try_new(0);
	uint8_t want[4096];

	memset(try->image.header.xts, 0x42, 64);
	seal_xts(try->image.header.xts, 0x42, 0, try->fake->memory + 0x10000,
		 want, false);
	seal_header(&try->image.header, try->fake->memory + HEADER);
	tap_equal(set_params(try), DONE,
		  "an image key with equal halves is accepted");
	tap_equal(unpack(try, 0x10000, 0x42, 0), DONE, "and decrypts a page");
	tap_ok(memcmp(try->fake->memory + 0x10000, want, 4096) == 0,
	       "with that key");
	try_free(try);
}

/* ---- verify ---- */

/* Digests and count wrong in the header, all behind a valid tag. */
enum wrong {
	WRONG_COUNT	= 1 << 0,
	WRONG_ALD	= 1 << 1,
	WRONG_PLD	= 1 << 2,
	WRONG_TLD	= 1 << 3,
};

static uint32_t expected(unsigned int wrong)
{
	static const uint16_t codes[] = { 0x1d, 0x1a, 0x1b, 0x1c };

	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		if (wrong & 1u << i)
			return CODE(0x102, codes[i]);
	}
	return DONE;
}

static void test_verify(unsigned int wrong)
{
	struct try *try = try_new(0);
	struct seal_header *header = &try->image.header;

	header->nep += !!(wrong & WRONG_COUNT);
	header->ald[63] ^= !!(wrong & WRONG_ALD);
	header->pld[0] ^= !!(wrong & WRONG_PLD);
	header->tld[31] ^= !!(wrong & WRONG_TLD);
	seal_header(header, try->fake->memory + HEADER);
	set_params(try);
	unpack_most(try, 0);
	tap_equal(verify(try), expected(wrong),
		  "verify: count, addresses, pages, tweaks wrong: %u%u%u%u",
		  wrong & 1, wrong >> 1 & 1, wrong >> 2 & 1, wrong >> 3 & 1);
	tap_equal(try->config->state,
		  wrong ? UV_CONFIG_UNPACKING : UV_CONFIG_VERIFIED,
		  "verify: and the state is right");
	try_free(try);
}

/* All 64 bits of the count are compared. */
static void test_verify_count(void)
{
	struct try *try = try_new(0);

	try->image.header.nep += UINT64_C(1) << 32;
	seal_header(&try->image.header, try->fake->memory + HEADER);
	set_params(try);
	unpack_most(try, 0);
	tap_equal(verify(try), CODE(0x102, 0x1d),
		  "verify: 2^32 pages more than there are");
	try_free(try);
}

static void test_verify_later(void)
{
	struct try *try = in_state(UV_CONFIG_UNPACKING);

	tap_equal(verify(try), CODE(0x102, 0x1d), "a page is missing");
	tap_equal(unpack_free_page(try), DONE, "it can still be unpacked");
	tap_equal(verify(try), DONE, "and the image is complete");
	tap_filled(try->config->image.secret.xts_key, 64, 0,
		   "the image key is wiped");
	tap_ok(!try->config->unpack.xts && !try->config->unpack.pld,
	       "as is what decrypted and hashed");
	try_free(try);
}

int main(void)
{
	tap_begin();
	test_known();
	test_states();
	test_state_first();
	test_header_access();
	test_unpack_place();
	test_unpack_access();
	test_unpack_no_digest();
	test_plain();
	test_equal_halves();
	for (unsigned int wrong = 0; wrong < 16; wrong++)
		test_verify(wrong);
	test_verify_count();
	test_verify_later();
	return tap_end();
}
