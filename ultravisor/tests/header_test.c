// SPDX-License-Identifier: MIT
/* Opening SE headers: what they give, order of checks, refusals. */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "bytes.h"
#include "fake_machine.h"
#include "header.h"
#include "machine.h"
#include "tap.h"

#define SIZE		640	/* with one slot */
#define CODE(rc, rrc)	((uint32_t)(rc) << 16 | (rrc))

#define SLOT		0x1a0
#define PCF		0x38
#define BACKUP_ALLOWED	2

/**
 * struct try - a header about to be opened
 * @len: bytes that are handed over
 */
struct try {
	struct fake_machine *fake;
	struct seal_header header;
	uint8_t bytes[8192 + 80];
	size_t len;
	struct uv_image image;
};

static void seal(struct try *try)
{
	try->len = seal_header(&try->header, try->bytes);
}

static struct try *try_new(const char *profile)
{
	struct try *try = calloc(1, sizeof(*try));

	if (!try)
		abort();
	try->fake = fake_new(profile);
	seal_header_init(&try->header, fake_keys()->customer,
			 fake_keys()->host);
	seal(try);
	return try;
}

static void try_free(struct try *try)
{
	fake_free(try->fake);
	free(try);
}

/* 0 if the header opens, otherwise rc and rrc */
static uint32_t attempt(struct try *try)
{
	struct uv_error err = { 0 };

	if (!uv_header_open(try->fake->uv, try->bytes, try->len, &try->image,
			    &err))
		return 0;
	/* A refusal must say something. */
	return err.text[0] ? CODE(err.rc, err.rrc) : 1;
}

static void install_backup(struct try *try)
{
	char *pem = seal_pem(fake_keys()->backup);

	uv_machine_set_host_key(try->fake->uv, UV_HOST_KEY_BACKUP, pem,
				strlen(pem), NULL);
	free(pem);
}

static void test_contents(void)
{
	struct try *try = try_new("z17");
	const struct uv_image *image = &try->image;

	try->header.pcf = PV_PCF_ALLOW_DUMPING | PV_PCF_PCKMO_AES;
	seal(try);
	tap_equal(attempt(try), 0, "control case: a good header opens");
	tap_filled(image->tags.pld, 64, 0x02, "page list digest");
	tap_filled(image->tags.ald, 64, 0x01, "address list digest");
	tap_filled(image->tags.tld, 64, 0x03, "tweak list digest");
	tap_ok(memcmp(image->tags.tag, try->bytes + SIZE - 16, 16) == 0,
	       "header tag");
	tap_bytes(image->phkh, 32,
		  "1cad0d72bffc4622d1043fe30a3465dc5a4f9ec84b43751ff3cf830b4c8aee8b",
		  "hash of the host key that opened it");
	tap_equal(image->pcf, 0x20000040, "plaintext control flags");
	tap_filled(image->secret.cck, 32, 0x31,
		   "customer communication key");
	tap_filled(image->secret.xts_key, 64, 0x03, "image key");
	tap_equal(get64(image->secret.psw_mask), 5678, "PSW mask");
	tap_equal(get64(image->secret.psw_addr), 1234, "PSW address");
	try_free(try);
}

static void bad_magic(struct try *try)
{
	try->bytes[0] ^= 1;
}

static void bad_version(struct try *try)
{
	try->bytes[0x0a] = 2;
}

static void bad_size(struct try *try)
{
	try->bytes[0x0f]++;
}

static void bad_encrypted_size(struct try *try)
{
	try->bytes[0x2f]++;
}

static void no_slots(struct try *try)
{
	try->bytes[0x27] = 0;
}

static void wrong_slots(struct try *try)
{
	try->bytes[0x27] = 2;
}

static void bad_pcf(struct try *try)
{
	try->bytes[PCF + 6] |= 0x20;	/* bit 50 */
}

static void bad_slot_hash(struct try *try)
{
	try->bytes[SLOT + 31] ^= 1;
}

static void bad_point(struct try *try)
{
	try->bytes[0x40 + 159] ^= 1;
}

static void bad_slot_tag(struct try *try)
{
	try->bytes[SLOT + 79] ^= 1;
}

static void bad_tag(struct try *try)
{
	try->bytes[SIZE - 1] ^= 1;
}

/* "No slots" and "wrong number" exclude each other: listed one by one below. */
static const struct step {
	const char *name;
	void (*spoil)(struct try *try);
	uint32_t code;
} order[] = {
	{ "magic", bad_magic, CODE(0x10a, 0x31) },
	{ "version", bad_version, CODE(0x104, 0x01) },
	{ "size field", bad_size, CODE(0x10a, 0x31) },
	{ "encrypted size", bad_encrypted_size, CODE(0x10a, 0x39) },
	{ "slot count", no_slots, CODE(0x10a, 0x40) },
	{ "plaintext control flags", bad_pcf, CODE(0x106, 0x30) },
	{ "slot hash", bad_slot_hash, CODE(0x108, 0x05) },
	{ "customer key", bad_point, CODE(0x108, 0x0b) },
	{ "slot", bad_slot_tag, CODE(0x108, 0xff) },
	{ "tag", bad_tag, CODE(0x10a, 0xff) },
};

static void test_pair(const struct step *first, const struct step *second)
{
	struct try *try = try_new("z17");

	first->spoil(try);
	if (second) {
		second->spoil(try);
		tap_equal(attempt(try), first->code,
			  "%s is checked before %s", first->name,
			  second->name);
	} else {
		tap_equal(attempt(try), first->code, "wrong %s is refused",
			  first->name);
	}
	try_free(try);
}

static void test_order(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		test_pair(&order[i], NULL);
		for (size_t j = i + 1; j < ARRAY_SIZE(order); j++)
			test_pair(&order[i], &order[j]);
	}
}

static void test_sizes(void)
{
	struct try *try = try_new("z17");
	unsigned int accepted = 0;

	for (size_t len = 0; len < SIZE; len++) {
		try->len = len;
		accepted += attempt(try) != CODE(0x10a, 0x31);
	}
	tap_equal(accepted, 0, "every truncation is refused as a wrong size");
	try->len = SIZE + 1;
	tap_equal(attempt(try), CODE(0x10a, 0x31), "a byte too much is refused");
	try->len = sizeof(try->bytes);
	fake_put32(try->bytes + 0x0c, sizeof(try->bytes));
	tap_equal(attempt(try), CODE(0x10a, 0x31),
		  "more than 8192 bytes are refused");
	seal(try);
	wrong_slots(try);
	tap_equal(attempt(try), CODE(0x10a, 0x31),
		  "a slot count that does not fit the size is refused");
	memset(try->bytes + 0x20, 0xff, 8);
	tap_equal(attempt(try), CODE(0x10a, 0x31),
		  "the greatest slot count is refused");
	/* 2^60 slots of 80 bytes are 0 bytes modulo 2^64. */
	fake_put64(try->bytes + 0x20, (UINT64_C(1) << 60) + 1);
	tap_equal(attempt(try), CODE(0x10a, 0x31),
		  "a slot count whose size overflows to the right one is refused");
	try_free(try);
}

static void test_many_slots(void)
{
	struct try *try = try_new("z17");

	for (size_t i = 0; i < 94; i++)
		try->header.hosts[i] = fake_keys()->backup;
	try->header.hosts[94] = fake_keys()->host;
	try->header.nks = 95;
	seal(try);
	tap_equal(try->len, 8160, "95 slots: size of the header");
	tap_equal(attempt(try), 0, "95 slots, the last is ours: opens");
	try_free(try);
}

static void test_backup(void)
{
	struct try *try = try_new("z17");

	try->header.hosts[0] = fake_keys()->backup;
	try->header.pcf = BACKUP_ALLOWED;
	seal(try);
	tap_equal(attempt(try), CODE(0x108, 0x34),
		  "backup key allowed, but none installed");
	install_backup(try);
	tap_equal(attempt(try), 0, "the backup key opens a header that allows it");
	tap_bytes(try->image.phkh, 32,
		  "9cc24828c44d21690d76c3b158e07042d8dc8f2e136106059ba34ce893130605",
		  "and is reported as the key that did");
	try->header.pcf = 0;
	seal(try);
	tap_equal(attempt(try), CODE(0x108, 0x05),
		  "the backup key opens no header that does not allow it");

	try->header.pcf = BACKUP_ALLOWED;
	try->header.hosts[1] = fake_keys()->host;
	try->header.nks = 2;
	seal(try);
	tap_equal(attempt(try), 0, "slots for both keys: opens");
	tap_bytes(try->image.phkh, 32,
		  "1cad0d72bffc4622d1043fe30a3465dc5a4f9ec84b43751ff3cf830b4c8aee8b",
		  "slots for both keys: the host key comes first");
	try_free(try);
}

static bool is_zero(const void *data, size_t len)
{
	const uint8_t *bytes = data;

	while (len && !bytes[len - 1])
		len--;
	return !len;
}

static const struct flag_case {
	const char *profile;
	uint64_t pcf;
	uint64_t scf;
	uint32_t noi;
	uint32_t code;
} flag_cases[] = {
	{ "z17", 0x300000f2, 0, 0, 0 },
	{ "z16", 0x300000e2, 0, 0, 0 },
	{ "z15", 0x100000e0, 0, 0, 0 },
	{ "z16", PV_PCF_PCKMO_HMAC, 0, 0, CODE(0x106, 0x30) },
	{ "z15", PV_PCF_ALLOW_DUMPING, 0, 0, CODE(0x106, 0x30) },
	{ "z15", PV_PCF_BACKUP_TARGET_KEYS, 0, 0, CODE(0x106, 0x30) },
	{ "z17", PV_BIT64(0), 0, 0, CODE(0x106, 0x30) },
	{ "z17", 0, PV_SCF_CCK_EXTENSION_SECRET | PV_SCF_CCK_UPDATE, 0, 0 },
	{ "z16", 0, PV_SCF_CCK_EXTENSION_SECRET, 0, 0 },
	{ "z16", 0, PV_SCF_CCK_UPDATE, 0, CODE(0x109, 0) },
	{ "z15", 0, PV_SCF_CCK_EXTENSION_SECRET, 0, CODE(0x109, 0) },
	{ "z17", 0, PV_BIT64(63), 0, CODE(0x109, 0) },
	{ "z17", 0, 0, 1, CODE(0x10a, 0x39) },
	{ "z17", 0, PV_BIT64(63), 1, CODE(0x10a, 0x39) },
};

static void test_flags(const struct flag_case *test)
{
	struct try *try = try_new(test->profile);

	try->header.pcf = test->pcf;
	try->header.scf = test->scf;
	try->header.noi = test->noi;
	seal(try);
	tap_equal(attempt(try), test->code,
		  "%s: pcf 0x%llx, scf 0x%llx, %u optional items",
		  test->profile, (unsigned long long)test->pcf,
		  (unsigned long long)test->scf, test->noi);
	if (test->code)
		tap_ok(is_zero(&try->image, sizeof(try->image)),
		       "%s: pcf 0x%llx, scf 0x%llx, %u optional items: leaves no secrets",
		       test->profile, (unsigned long long)test->pcf,
		       (unsigned long long)test->scf, test->noi);
	try_free(try);
}

static void test_flipped_bits(uint64_t seed)
{
	struct try *try = try_new("z17");
	unsigned int accepted = 0, left = 0;
	uint64_t random = seed | 1;

	for (size_t byte = 0; byte < SIZE; byte++) {
		uint8_t bit = (uint8_t)(1 << fake_random(&random) % 8);

		try->bytes[byte] ^= bit;
		accepted += attempt(try) <= 1;
		left += !is_zero(&try->image, sizeof(try->image));
		try->bytes[byte] ^= bit;
	}
	tap_equal(accepted, 0, "a header with a flipped bit is refused");
	tap_equal(left, 0, "a refused header leaves no secrets behind");
	tap_equal(attempt(try), 0, "and the original opens");
	try_free(try);
}

/* The published header: everything about it is right, but the host. */
static void test_other_host(void)
{
	struct try *try = try_new("z17");

	try->header.hosts[0] = fake_keys()->backup;
	seal(try);
	tap_equal(attempt(try), CODE(0x108, 0x05),
		  "a header for another host is refused");
	try_free(try);
}

int main(void)
{
	uint64_t seed;

	tap_begin();
	seed = tap_seed();
	test_contents();
	test_order();
	test_sizes();
	test_many_slots();
	test_backup();
	test_other_host();
	for (size_t i = 0; i < ARRAY_SIZE(flag_cases); i++)
		test_flags(&flag_cases[i]);
	test_flipped_bits(seed);
	return tap_end();
}
