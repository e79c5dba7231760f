// SPDX-License-Identifier: MIT
/* Retrieve attestation measurement: answers, order of checks, refusals. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "array.h"
#include "bytes.h"
#include "config.h"
#include "fake_machine.h"
#include "machine.h"
#include "pv/uvc.h"
#include "secrets.h"
#include "tap.h"

/* The block, 1:1; the operands, in the home space and across page borders. */
#define BLOCK		0x3000
#define HEAD_SIZE	0xe0
#define ARCB		(0x21000 - HEAD_SIZE)	/* rest: in the next page */
#define MEAS		0x16ff0
#define ADD		0x18fd8
#define PAGE(addr)	((addr) / FAKE_PAGE)

#define ALL_FLAGS	UINT64_C(0x7c00000000000000)
#define ALL_SIZE	448

/**
 * struct run - an attestation about to be made
 * @request: how the request was sealed
 * @arcb: the sealed request, @size bytes; put in place by perform()
 * @len: length that the block claims
 */
struct run {
	struct fake_machine *fake;
	struct seal_request request;
	uint8_t arcb[SEAL_MAX_REQUEST];
	size_t size;
	uint16_t len;
	uint64_t arcb_addr;
	uint64_t token;
	uint16_t user_len;
	uint32_t meas_len;
	uint32_t add_len;
};

static uint8_t *block_of(const struct run *run)
{
	return run->fake->memory + BLOCK;
}

static void seal(struct run *run)
{
	run->size = seal_request(&run->request, run->arcb);
}

static struct run *run_new(const char *profile)
{
	struct run *run = calloc(1, sizeof(*run));

	if (!run)
		abort();
	run->fake = fake_new_guest(profile);
	seal_request_init(&run->request, fake_keys()->customer,
			  fake_keys()->host);
	run->len = 0x188;
	run->arcb_addr = ARCB;
	run->user_len = 5;
	run->meas_len = 64;
	run->add_len = ALL_SIZE;
	seal(run);
	return run;
}

static void run_free(struct run *run)
{
	fake_free(run->fake);
	free(run);
}

/* Everything that can be an output holds 0xee before the call. */
static uint16_t perform(struct run *run)
{
	uint8_t *block = fake_block(run->fake, BLOCK, PV_CMD_RETR_ATTEST,
				    0x188);
	uint8_t fill[512];
	int cc;

	memset(fill, 0xee, sizeof(fill));
	fake_home_put(run->fake, MEAS, fill, 80);
	fake_home_put(run->fake, ADD, fill, sizeof(fill));
	fake_home_put(run->fake, ARCB, run->arcb, run->size);
	fake_put16(block, run->len);
	fake_put64(block + 0x18, run->arcb_addr);
	fake_put64(block + 0x20, run->token);
	fake_put16(block + 0x2e, run->user_len);
	memset(block + 0x30, 'u', 256);
	memcpy(block + 0x30, "hello", 5);
	fake_put32(block + 0x13c, run->meas_len);
	fake_put64(block + 0x140, MEAS);
	memset(block + 0x148, 0xee, 16);
	fake_put32(block + 0x15c, run->add_len);
	fake_put64(block + 0x160, ADD);
	run->fake->home_stores = 0;
	cc = fake_call(run->fake, BLOCK);
	if (cc != (fake_get16(block + 4) == 1 ? 0 : 1))
		return 0;
	return fake_get16(block + 4);
}

/* ---- known answers ---- */

/* The slot of SEAL_PUBLISHED_X. */
#define PUBLISHED_SLOT \
	"415c25a5d19c381e619733e1c1b7fbd88bdd1c31d882d5ade04b97043c5010f0" \
	"c07743c154ac20653815af37b196ad1ef8e847690c5c1ef985291df18e6870d8" \
	"a038978d7ccb85b5b32bd40c15c6353f"

/* The known requests of three secrets. */
static void add_three_secrets(struct fake_machine *fake)
{
	struct seal_secret null, assoc, plain;

	seal_secret_init(&null, fake_keys()->customer, fake_keys()->backup);
	assoc = null;
	plain = null;
	seal_secret_fill(&assoc, PV_SECRET_ASSOCIATION, "assoc1", 0x11, 32);
	seal_secret_text(&plain, "plain1", "hello world", 11);
	if (secrets_add(fake, &null) != 1 || secrets_add(fake, &assoc) != 1 ||
	    secrets_add(fake, &plain) != 1 || secrets_lock(fake) != 1)
		tap_ok(false, "the three secrets can be added");
}

static void set_host_key(struct fake_machine *fake, EVP_PKEY *key)
{
	char *pem = seal_pem(key);

	uv_machine_set_host_key(fake->uv, UV_HOST_KEY, pem, strlen(pem), NULL);
	free(pem);
}

/* The configuration of the complete known-answer run. */
static void make_known_config(struct fake_machine *fake)
{
	uint8_t firmware[320];
	struct uv_config *config = uv_config_new(fake->uv, NULL);
	struct uv_image *image = &config->image;

	memset(image->tags.pld, 1, 64);
	memset(image->tags.ald, 2, 64);
	memset(image->tags.tld, 3, 64);
	memset(image->tags.tag, 4, 16);
	memcpy(image->phkh, fake->uv->host_keys[UV_HOST_KEY].phkh, 32);
	memset(config->uid, 0x42, sizeof(config->uid));
	memset(firmware, 0x5a, sizeof(firmware));
	uv_machine_set_firmware_state(fake->uv, firmware);
	fake->cpu.config = config;
	add_three_secrets(fake);
}

static void check_request(const struct run *run, size_t size,
			  const char *sha256, const char *name)
{
	uint8_t hash[32];

	tap_equal(run->size, size, "known request, %s: size", name);
	EVP_Digest(run->arcb, run->size, hash, NULL, EVP_sha256(), NULL);
	tap_bytes(hash, 32, sha256, "known request, %s: all of it", name);
}

static void test_known_full(struct run *run)
{
	static const char phkh[] =
		"9cc24828c44d21690d76c3b158e07042d8dc8f2e136106059ba34ce893130605";
	uint8_t meas[64], add[ALL_SIZE];

	check_request(run, 400,
		      "655ddfa0356b8ab03f6e0f78f056b72db79875e7b50db340502e95e6a16ff84e",
		      "all flags");
	tap_equal(perform(run), 1, "known request, all flags: is accepted");
	fake_home_get(run->fake, MEAS, meas, sizeof(meas));
	fake_home_get(run->fake, ADD, add, sizeof(add));
	tap_bytes(meas, 64,
		  "6e4fe8d0b1d426e2da77945658340b91bf111492d368f7f3f0dcd8c86c27d191"
		  "0e8d465d0efde89b98651e581b64b5fc0b6475a32c9807591ef9c79fa8ec3073",
		  "known request, all flags: measurement");
	tap_bytes(add, 32, phkh, "additional data: hash of the image's key");
	tap_bytes(add + 32, 32, phkh,
		  "additional data: hash of the request's key");
	tap_bytes(add + 64, 64,
		  "175307bb6b205b8abb0924c32c14ad14b391ab616d342b4b832da78e19762449"
		  "929db2cd084f439f844fc8f8bdaabeb82c00c6748dfeed38b4346055ffd5c8db",
		  "additional data: secret store");
	tap_filled(add + 128, 320, 0x5a,
		   "additional data: firmware state");
	tap_filled(block_of(run) + 0x148, 16, 0x42,
		   "the configuration's unique id is returned");
}

static void test_known_plain(struct run *run)
{
	uint8_t meas[64];

	run->request.flags = 0;
	run->user_len = 0;
	run->add_len = 0;
	seal(run);
	check_request(run, 384,
		      "a50ee1fe6036672ed3ce387fd03cc4b99df26f3893534785935dba21365a6bf8",
		      "no flags");
	tap_equal(perform(run), 1, "known request, no flags: is accepted");
	fake_home_get(run->fake, MEAS, meas, sizeof(meas));
	tap_bytes(meas, 64,
		  "f74febe97f97a02c8f9145d9ae080ea9f1f0001ec2429b15662d10d5dcd6b68c"
		  "082aa9f5a01883cb0a013a9403095df16768bf3ad9352b2643ddfd9b8d9bbe66",
		  "known request, no flags: measurement");
}

static void test_known_two_slots(struct run *run)
{
	run->request.flags = PV_ATTEST_FLAG_NONCE;
	run->request.hosts[1] = run->request.hosts[0];
	run->request.nks = 2;
	seal(run);
	seal_hex(PUBLISHED_SLOT, run->arcb + HEAD_SIZE, 80);
	seal_request_again(&run->request, run->arcb, run->size);
	check_request(run, 480,
		      "52e257a3c1b2d4b663537f26cc73ba4d47677d88066bac5659049210b2b86120",
		      "two slots");
	tap_equal(perform(run), 1, "known request, two slots: is accepted");
}

/* The one request whose bytes are published; nobody can open it. */
static void test_known_published(void)
{
	EVP_PKEY *host = seal_public(SEAL_PUBLISHED_X, SEAL_PUBLISHED_Y);
	struct run *run = run_new("z17");

	run->request.hosts[0] = host;
	run->request.flags = PV_ATTEST_FLAG_NONCE | PV_ATTEST_FLAG_IMAGE_PHKH |
			     PV_ATTEST_FLAG_ATTEST_PHKH;
	seal(run);
	check_request(run, 400,
		      "8eefb020aea5b26d6da24d601636cb3cf034825f71e81c7b1f29c4dfffcaa8a7",
		      "published");
	tap_bytes(run->arcb + HEAD_SIZE, 80, PUBLISHED_SLOT,
		  "known request, published: key slot");
	tap_bytes(run->arcb + 384, 16, "92cff0ab3e9131bc2984efb24b699cb4",
		  "known request, published: tag");
	tap_equal(perform(run), PV_RC_ATTEST_UNSEAL,
		  "known request, published: its host key is unknown");
	run_free(run);
	EVP_PKEY_free(host);
}

static void test_known_answers(void)
{
	struct run *run = run_new("z17");

	set_host_key(run->fake, fake_keys()->backup);
	make_known_config(run->fake);
	run->request.hosts[0] = fake_keys()->backup;
	seal(run);
	test_known_full(run);
	test_known_plain(run);
	test_known_two_slots(run);
	run_free(run);
}

/* ---- every combination of flags, against an independent computation ---- */

static size_t expected_add_data(const struct run *run, uint8_t *out)
{
	static const uint8_t zero;
	size_t len = 0;

	if (run->request.flags & PV_ATTEST_FLAG_IMAGE_PHKH) {
		seal_phkh(fake_keys()->host, out + len);
		len += 32;
	}
	if (run->request.flags & PV_ATTEST_FLAG_ATTEST_PHKH) {
		seal_phkh(fake_keys()->host, out + len);
		len += 32;
	}
	if (run->request.flags & PV_ATTEST_FLAG_SECRET_STORE) {
		EVP_Digest(&zero, 1, out + len, NULL, EVP_sha512(), NULL);
		len += 64;
	}
	if (run->request.flags & PV_ATTEST_FLAG_FIRMWARE_STATE) {
		memset(out + len, 0, 320);
		len += 320;
	}
	return len;
}

static void expected_measurement(const struct run *run, const uint8_t *add,
				 size_t add_len, uint8_t mac[64])
{
	const uint8_t *block = block_of(run);
	uint8_t message[2048], header[8192];
	struct seal_header image;
	size_t size, len = 0;

	seal_header_init(&image, fake_keys()->customer, fake_keys()->host);
	size = seal_header(&image, header);
	memcpy(message, header + 0xe0, 192);
	memcpy(message + 192, header + size - 16, 16);
	memcpy(message + 208, block + 0x148, 16);
	memset(message + 224, 0, 8);
	fake_put16(message + 224, run->user_len);
	fake_put32(message + 228, (uint32_t)add_len);
	len = 232;
	memcpy(message + len, block + 0x30, run->user_len);
	len += run->user_len;
	if (run->request.flags & PV_ATTEST_FLAG_NONCE) {
		memcpy(message + len, run->request.nonce, 16);
		len += 16;
	}
	memcpy(message + len, add, add_len);
	len += add_len;
	HMAC(EVP_sha512(), run->request.meas_key, 64, message, len, mac, NULL);
}

static void test_combination(struct run *run, uint64_t flags,
			     uint16_t user_len)
{
	uint8_t want_add[ALL_SIZE + 1], add[ALL_SIZE + 1], want[64], meas[65];
	size_t add_len;
	bool good;

	run->request.flags = flags;
	run->user_len = user_len;
	seal(run);
	good = perform(run) == 1;
	add_len = expected_add_data(run, want_add);
	want_add[add_len] = 0xee;
	expected_measurement(run, want_add, add_len, want);
	fake_home_get(run->fake, MEAS, meas, sizeof(meas));
	fake_home_get(run->fake, ADD, add, sizeof(add));
	tap_ok(good && memcmp(meas, want, 64) == 0 && meas[64] == 0xee &&
	       memcmp(add, want_add, add_len + 1) == 0 &&
	       fake_get32(block_of(run) + 0x15c) == add_len,
	       "flags 0x%016llx, %u bytes of user data: measurement and additional data",
	       (unsigned long long)flags, user_len);
}

static void test_combinations(void)
{
	static const uint16_t user_lens[] = { 0, 1, 64, 256 };
	struct run *run = run_new("z17");

	run->meas_len = 65;
	run->add_len = 512;
	for (uint64_t bits = 0; bits < 32; bits++)
		test_combination(run, bits << 58, user_lens[bits % 4]);
	run_free(run);

	run = run_new("z16");
	test_combination(run, UINT64_C(0x7000000000000000), 5);
	run->request.flags |= PV_ATTEST_FLAG_SECRET_STORE;
	seal(run);
	tap_equal(perform(run), PV_RC_ATTEST_FLAGS,
		  "a z16 does not report the secret store");
	run_free(run);
}

/* ---- order of the checks ---- */

static void bad_length(struct run *run)
{
	run->len = 0x180;
}

static void bad_token(struct run *run)
{
	run->token = 1;
}

static void bad_user_len(struct run *run)
{
	run->user_len = 257;
}

static void bad_head(struct run *run)
{
	run->fake->home[PAGE(ARCB)].valid = false;
}

static void bad_version(struct run *run)
{
	run->arcb[0x0a] = 2;
}

static void bad_slots(struct run *run)
{
	run->arcb[0x27] = 0;
}

static void bad_encrypted_size(struct run *run)
{
	run->arcb[0x2f] = 17;
}

static void bad_size(struct run *run)
{
	run->arcb[0x0f]++;
}

static void bad_rest(struct run *run)
{
	run->fake->home[PAGE(ARCB) + 1].valid = false;
}

static void bad_flags(struct run *run)
{
	run->arcb[0x37] |= 2;
}

static void bad_algorithm(struct run *run)
{
	run->arcb[0x3b] = 2;
}

static void bad_meas_len(struct run *run)
{
	run->meas_len = 63;
}

static void bad_add_len(struct run *run)
{
	run->add_len = ALL_SIZE - 1;
}

static void bad_tag(struct run *run)
{
	run->arcb[run->size - 1] ^= 1;
}

/* The area starts in a good page, so all of it must be looked at. */
static void bad_meas_area(struct run *run)
{
	run->fake->home[PAGE(MEAS) + 1].writable = false;
}

static void bad_add_area(struct run *run)
{
	run->fake->home[PAGE(ADD) + 1].valid = false;
}

static const struct step {
	const char *name;
	void (*spoil)(struct run *run);
	uint16_t rc;
} order[] = {
	{ "block length", bad_length, PV_RC_INV_LEN },
	{ "continuation token", bad_token, PV_RC_ATTEST_CONT_TOKEN },
	{ "user data length", bad_user_len, PV_RC_ATTEST_USER_DATA_LEN },
	{ "access to the request's head", bad_head, PV_RC_ATTEST_ACC_ARCB },
	{ "version", bad_version, PV_RC_ATTEST_VERSION },
	{ "number of slots", bad_slots, PV_RC_ATTEST_SLOTS },
	{ "encrypted size", bad_encrypted_size, PV_RC_ATTEST_ENCR_LEN },
	{ "request size", bad_size, PV_RC_ATTEST_ARCB_LEN },
	{ "access to the request's rest", bad_rest, PV_RC_ATTEST_ACC_ARCB },
	{ "flags", bad_flags, PV_RC_ATTEST_FLAGS },
	{ "algorithm", bad_algorithm, PV_RC_ATTEST_ALGORITHM },
	{ "measurement area size", bad_meas_len, PV_RC_ATTEST_MEAS_LEN },
	{ "additional data area size", bad_add_len, PV_RC_ATTEST_ADD_LEN },
	{ "authenticity", bad_tag, PV_RC_ATTEST_UNSEAL },
	{ "access to the measurement area", bad_meas_area,
	  PV_RC_ATTEST_ACC_MEAS },
	{ "access to the additional data area", bad_add_area,
	  PV_RC_ATTEST_ACC_ADD },
};

/* Nothing of the outputs changes when a call is refused. */
static bool nothing_stored(const struct run *run)
{
	static const uint8_t ee[] = {
		0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee,
		0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee,
	};

	return !run->fake->home_stores &&
	       fake_get32(block_of(run) + 0x15c) == run->add_len &&
	       memcmp(block_of(run) + 0x148, ee, sizeof(ee)) == 0;
}

static void test_pair(const struct step *first, const struct step *second)
{
	struct run *run = run_new("z17");
	uint16_t rc;

	if (second)
		second->spoil(run);
	first->spoil(run);
	rc = perform(run);
	if (second)
		tap_equal(rc, first->rc, "%s is checked before %s",
			  first->name, second->name);
	else
		tap_equal(rc, first->rc, "wrong %s is refused", first->name);
	if (!second)
		tap_ok(nothing_stored(run), "wrong %s: nothing is stored",
		       first->name);
	run_free(run);
}

static void test_order(void)
{
	struct run *run = run_new("z17");

	tap_equal(perform(run), 1, "control case: nothing is wrong");
	run_free(run);
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		test_pair(&order[i], NULL);
		for (size_t j = i + 1; j < ARRAY_SIZE(order); j++)
			test_pair(&order[i], &order[j]);
	}
}

/* ---- what kvm-unit-tests expect of real firmware ---- */

static const struct kut_case {
	const char *name;
	unsigned int offset;	/* of a byte in the request */
	uint8_t value;
	uint16_t rc;
} kut_cases[] = {
	{ "unchanged", 0x37, 0x00, PV_RC_ATTEST_UNSEAL },
	{ "size + 1", 0x0f, 0x81, PV_RC_ATTEST_ARCB_LEN },
	{ "2 slots", 0x27, 2, PV_RC_ATTEST_ARCB_LEN },
	{ "0 slots", 0x27, 0, PV_RC_ATTEST_SLOTS },
	{ "encrypted size 80", 0x2f, 80, PV_RC_ATTEST_ENCR_LEN },
	{ "encrypted size 17", 0x2f, 17, PV_RC_ATTEST_ENCR_LEN },
	{ "unsupported flag", 0x30, 0x83, PV_RC_ATTEST_FLAGS },
	{ "algorithm 0", 0x3b, 0, PV_RC_ATTEST_ALGORITHM },
};

/* Formally right, but nobody can unseal it. */
static struct run *kut_run(void)
{
	struct run *run = run_new("z17");

	memset(run->arcb, 0, sizeof(run->arcb));
	run->arcb[0x0a] = 1;
	run->size = HEAD_SIZE + 80 + 64 + 16;
	fake_put32(run->arcb + 0x0c, (uint32_t)run->size);
	run->arcb[0x27] = 1;
	run->arcb[0x2f] = 64;
	run->arcb[0x30] = 0x20;
	run->arcb[0x3b] = 1;
	run->add_len = 32;
	return run;
}

static void test_kut(void)
{
	struct run *run;

	for (size_t i = 0; i < ARRAY_SIZE(kut_cases); i++) {
		run = kut_run();
		run->arcb[kut_cases[i].offset] = kut_cases[i].value;
		tap_equal(perform(run), kut_cases[i].rc,
			  "request nobody can unseal, %s", kut_cases[i].name);
		run_free(run);
	}
	run = kut_run();
	run->meas_len = 0;
	tap_equal(perform(run), PV_RC_ATTEST_MEAS_LEN,
		  "request nobody can unseal, no measurement area");
	run->meas_len = 64;
	run->add_len = 0;
	tap_equal(perform(run), PV_RC_ATTEST_ADD_LEN,
		  "request nobody can unseal, no additional data area");
	run->add_len = 32;
	run->arcb_addr = FAKE_PAGES * FAKE_PAGE;
	tap_equal(perform(run), PV_RC_ATTEST_ACC_ARCB,
		  "request beyond storage");
	run->arcb_addr = UINT64_MAX - 7;
	tap_equal(perform(run), PV_RC_ATTEST_ACC_ARCB,
		  "request at the end of all addresses");
	run_free(run);
}

/* ---- slots and keys ---- */

static void test_slots(void)
{
	const struct fake_keys *keys = fake_keys();
	struct run *run = run_new("z17");
	uint8_t *slots = run->arcb + HEAD_SIZE;
	char *pem = seal_pem(keys->backup);

	run->request.hosts[1] = keys->host;
	run->request.nks = 2;
	seal(run);
	slots[80 + 32] ^= 1;
	seal_request_again(&run->request, run->arcb, run->size);
	tap_equal(perform(run), 1,
		  "two slots for the host key: the second is not looked at");
	seal(run);
	slots[32] ^= 1;
	seal_request_again(&run->request, run->arcb, run->size);
	tap_equal(perform(run), PV_RC_ATTEST_UNSEAL,
		  "two slots for the host key: the first decides");

	run->request.hosts[0] = keys->backup;
	run->request.nks = 1;
	seal(run);
	tap_equal(perform(run), PV_RC_ATTEST_UNSEAL,
		  "a request for another host cannot be unsealed");
	uv_machine_set_host_key(run->fake->uv, UV_HOST_KEY_BACKUP, pem,
				strlen(pem), NULL);
	free(pem);
	tap_equal(perform(run), PV_RC_ATTEST_UNSEAL,
		  "the backup host key opens no requests");
	run_free(run);
}

static void test_many_slots(void)
{
	struct run *run = run_new("z17");

	for (size_t i = 0; i < 254; i++)
		run->request.hosts[i] = fake_keys()->backup;
	run->request.hosts[254] = fake_keys()->host;
	run->request.nks = 255;
	seal(run);
	tap_equal(run->size, SEAL_MAX_REQUEST, "255 slots: size of the request");
	tap_equal(perform(run), 1, "255 slots, the last is ours: accepted");
	fake_put32(run->arcb + 0x0c, UINT32_MAX);
	tap_equal(perform(run), PV_RC_ATTEST_ARCB_LEN,
		  "255 slots, claims 4 GiB: refused");
	run_free(run);
}

static void test_customer_key(void)
{
	struct run *run = run_new("z17");

	run->arcb[0x40 + 79] ^= 1;
	seal_request_again(&run->request, run->arcb, run->size);
	tap_equal(perform(run), PV_RC_ATTEST_UNSEAL,
		  "a customer key beside the curve is refused");
	seal(run);
	run->arcb[0x40] = 1;
	seal_request_again(&run->request, run->arcb, run->size);
	tap_equal(perform(run), PV_RC_ATTEST_UNSEAL,
		  "a customer key with too long a coordinate is refused");
	run_free(run);
}

/* ---- access ---- */

static void test_access(void)
{
	struct run *run = run_new("z17");

	run->fake->real_space = true;
	tap_equal(perform(run), PV_RC_HOME_REAL_SPACE,
		  "a home space that is real space is refused");
	run->token = 1;
	tap_equal(perform(run), PV_RC_ATTEST_CONT_TOKEN,
		  "but the block itself is checked before");
	run->token = 0;
	run->fake->real_space = false;

	run->fake->break_home_stores = true;
	tap_equal(perform(run), PV_RC_ATTEST_ACC_MEAS,
		  "a store that fails after all is reported");
	tap_equal(fake_get32(block_of(run) + 0x15c), run->add_len,
		  "and the block gets no outputs");
	run->fake->break_home_stores = false;

	run->request.flags = 0;
	run->add_len = 0;
	seal(run);
	bad_add_area(run);
	run->fake->home[PAGE(ADD)].valid = false;
	tap_equal(perform(run), 1,
		  "an additional data area that is not needed is not touched");
	run_free(run);
}

static void test_unshared_buffers(void)
{
	struct run *run = run_new("z17");

	tap_equal(uv_page_state(run->fake->uv,
				(uint64_t)(fake_home(run->fake, MEAS) -
					   run->fake->memory)),
		  UV_PAGE_SECURE, "control case: the measurement area is secure");
	tap_equal(perform(run), 1, "secure pages can be operands");
	run_free(run);
}

/* ---- altered requests ---- */

static void test_reserved(void)
{
	static const unsigned int offsets[] = {
		0x00, 0x07, 0x1c, 0x1f, 0x20, 0x26, 0x28, 0x2b, 0x3c, 0x3f,
	};
	struct run *run = run_new("z17");

	for (size_t i = 0; i < ARRAY_SIZE(offsets); i++) {
		seal(run);
		run->arcb[offsets[i]] = 0x11;
		seal_request_again(&run->request, run->arcb, run->size);
		tap_equal(perform(run), 1,
			  "reserved byte 0x%02x of the request is ignored",
			  offsets[i]);
	}
	run_free(run);
}

static void test_flipped_bits(uint64_t seed)
{
	struct run *run = run_new("z17");
	unsigned int accepted = 0, stored = 0, tried = 0;
	uint64_t random = seed | 1;

	for (size_t byte = 0; byte < run->size; byte++) {
		uint8_t bit = (uint8_t)(1 << fake_random(&random) % 8);

		run->arcb[byte] ^= bit;
		accepted += perform(run) == 1;
		stored += !nothing_stored(run);
		run->arcb[byte] ^= bit;
		tried++;
	}
	tap_equal(accepted, 0, "a request with a flipped bit is refused");
	tap_equal(stored, 0, "a request with a flipped bit stores nothing");
	tap_equal(tried, 400, "a bit of every byte was tried");
	tap_equal(perform(run), 1, "and the original is accepted");
	run_free(run);
}

int main(void)
{
	uint64_t seed;

	tap_begin();
	seed = tap_seed();
	test_known_answers();
	test_known_published();
	test_combinations();
	test_order();
	test_kut();
	test_slots();
	test_many_slots();
	test_customer_key();
	test_access();
	test_unshared_buffers();
	test_reserved();
	test_flipped_bits(seed);
	return tap_end();
}
