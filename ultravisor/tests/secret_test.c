// SPDX-License-Identifier: MIT
/* Secrets of every type: known requests, what lists and retrieval give. */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "array.h"
#include "config.h"
#include "pv/secret.h"
#include "pv/uvc.h"
#include "secrets.h"
#include "tap.h"

/* ---- published requests; nobody can open them ---- */

#define PUBLISHED_NAME	"add_secret_request"
#define DUMP_FLAG	UINT64_C(0x8000000000000000)

enum extension { NONE, SIMPLE, DERIVED };

static const struct published {
	const char *name;
	bool assoc;
	enum extension extension;
	uint64_t flags;
	uint8_t uid;
	size_t nks;
	size_t size;
	const char *tag;
} published[] = {
	{ "null", false, NONE, 0, 0x42, 1, 1352,
	  "04e2c301200abaf71117ac30b972a70c" },
	{ "association", true, NONE, 0, 0x42, 1, 1416,
	  "fbf57e5391337ffd69fc201c589e4ae2" },
	{ "null, simple extension", false, SIMPLE, 0, 0x42, 1, 1352,
	  "497926d1c60026ebbc40c2e12dbf85ce" },
	{ "association, simple extension", true, SIMPLE, 0, 0x42, 1, 1416,
	  "b66e9b837739e3e1c4ab4ecdcc536820" },
	{ "null, derived extension", false, DERIVED, 0, 0x42, 1, 1352,
	  "bfaf761c7c6955c99e600dcacd39283e" },
	{ "association, derived extension", true, DERIVED, 0, 0x42, 1, 1416,
	  "40b8cb4ecd5090c3e68b81e62cd5c5d0" },
	{ "null, no dump", false, NONE, DUMP_FLAG, 0x42, 1, 1352,
	  "af18671392f569ca610176e2c1606889" },
	{ "null, any instance", false, NONE, 0, 0x00, 1, 1352,
	  "7c5f4a3ddfab6e2e9c45575515508ee0" },
	{ "null, seven slots", false, NONE, 0, 0x42, 7, 1832,
	  "5ea37a9e1120360598dee2ad3ec232ab" },
};

static void make_published(const struct published *test, EVP_PKEY *host,
			   struct seal_secret *secret)
{
	static const uint8_t cck[32];

	seal_secret_init(secret, fake_keys()->customer, host);
	for (size_t i = 1; i < test->nks; i++)
		secret->hosts[i] = host;
	secret->nks = test->nks;
	secret->flags = test->flags;
	memset(secret->uid, test->uid, sizeof(secret->uid));
	if (test->assoc)
		seal_secret_fill(secret, PV_SECRET_ASSOCIATION, PUBLISHED_NAME,
				 0x11, 32);
	if (test->extension == SIMPLE)
		memset(secret->extension, 0x17, 32);
	if (test->extension == DERIVED)
		seal_extension(cck, secret->tags + 192, secret->extension);
}

static void test_published(void)
{
	EVP_PKEY *host = seal_public(SEAL_PUBLISHED_X, SEAL_PUBLISHED_Y);
	struct fake_machine *fake = secrets_known_guest("z17");
	uint8_t asrcb[SEAL_MAX_ASRCB];
	struct seal_secret secret;
	size_t size;

	for (size_t i = 0; i < ARRAY_SIZE(published); i++) {
		make_published(&published[i], host, &secret);
		size = seal_secret(&secret, asrcb);
		tap_equal(size, published[i].size, "published request, %s: size",
			  published[i].name);
		tap_bytes(asrcb + size - 16, 16, published[i].tag,
			  "published request, %s: tag", published[i].name);
		tap_equal(secrets_add_bytes(fake, asrcb, size),
			  PV_RC_SECRET_UNSEAL,
			  "published request, %s: its host key is unknown",
			  published[i].name);
		/* The same for a host key that we have. */
		for (size_t n = 0; n < secret.nks; n++)
			secret.hosts[n] = fake_keys()->backup;
		memset(secret.extension, 0, 32);
		tap_equal(secrets_add(fake, &secret), 1,
			  "published request, %s: accepted with another slot",
			  published[i].name);
	}
	fake_free(fake);
	EVP_PKEY_free(host);
}

/* ---- every type ---- */

/* The value is @size times @byte, or @size bytes of payload in a plaintext. */
static const struct known {
	uint16_t type;
	const char *name;
	uint8_t byte;
	size_t size;
	size_t zeros;	/* in front */
	size_t object;	/* that a list reports, 0 if it is not listed */
	size_t request;
	const char *sha256;
} known[] = {
	{ PV_SECRET_NULL, NULL, 0, 0, 0, 0, 1352,
	  "824cd6e99fd9ff224d5592ea92b9ad3be019f37597059b69eee9b708b68b9479" },
	{ PV_SECRET_ASSOCIATION, "assoc1", 0x11, 32, 0, 32, 1416,
	  "f5d781e696d57dcc49b846737ae2694deef3e00fc730f993d615bc87bcc3bf45" },
	{ PV_SECRET_PLAINTEXT, "plain2", 0x07, 14, 0, 16, 1400,
	  "85827a0567defae601d9cef1ad29f24429d1e9ae3a302e859091cedd071351fa" },
	{ PV_SECRET_PLAINTEXT, "plain0", 0x00, 0, 0, 16, 1400,
	  "1ffce11a6dea6aaa0afa7517c4856a3dedd4668a61ab14f46c48d73b2de9828b" },
	{ PV_SECRET_PLAINTEXT, "plainmax", 0x5a, 8190, 0, 8192, 9576,
	  "0876f8d9670acb1730d282f0b70c2eb00527fc9175407942f56d783f6ae4b0c4" },
	{ PV_SECRET_AES_128, "aes128", 0x11, 16, 0, 48, 1400,
	  "0c4e9ee015bc38a6586e4cdaff55e9d5e4e18e0d557f487142a92b609f1fe26b" },
	{ PV_SECRET_AES_192, "aes192", 0x11, 24, 0, 56, 1408,
	  "021dc7b76e88a751bad80ef81c96e69151f904e479d56971d0f252aff5948c20" },
	{ PV_SECRET_AES_256, "aes256", 0x11, 32, 0, 64, 1416,
	  "76f96ec5342af4f5bf00cad814add7fb5084c86b238aa9d0c55bb545b763b158" },
	{ PV_SECRET_AES_XTS_128, "xts128", 0x11, 32, 0, 64, 1416,
	  "2add38af2edb2fb783e91e0b2cb235b9ada6b31e81db9062c096ae9f5dcf6c14" },
	{ PV_SECRET_AES_XTS_256, "xts256", 0x11, 64, 0, 96, 1448,
	  "77264639ea358c12e1f0eeb430919da79f33c915fc70974515895dcacc628b36" },
	{ PV_SECRET_HMAC_SHA_256, "hmac256", 0x11, 64, 0, 96, 1448,
	  "851e55f5c0aa3efb53b18ab1687e96483a3801cb2a648fd9bcfec91a4436a172" },
	{ PV_SECRET_HMAC_SHA_512, "hmac512", 0x11, 128, 0, 160, 1512,
	  "76c4f073932b0cec560fb3c0edfd76a8e90736f9f8f27240faaa67251213b192" },
	{ PV_SECRET_EC_P256, "p256", 0x11, 32, 0, 64, 1416,
	  "a020665ff5759b8e7e56953b8d0b1f5e6d30f25b0352d41b20c5ecfc643e0e44" },
	{ PV_SECRET_EC_P384, "p384", 0x11, 48, 0, 80, 1432,
	  "d1c7e6b47b37e61a3a91190e3211c6ecb1b3b6a8948ab3d16210b2494686fbad" },
	{ PV_SECRET_EC_P521, "p521", 0x88, 80, 16, 112, 1464,
	  "b2ed060dc3a76fb043375c40c6065499a22c381689a2830a31cf0586540e5b58" },
	{ PV_SECRET_EC_ED25519, "ed25519", 0x11, 32, 0, 64, 1416,
	  "47f24b2827fea496542d4783a3289d651c218dbcf9cfa63ab0df7125bdbe87d5" },
	{ PV_SECRET_EC_ED448, "ed448", 0x11, 64, 7, 96, 1448,
	  "de8add7426f51af71794da84f69784c53cea70e901ca1a825b45ce9f7a5a176c" },
};

static void make_known(const struct known *test, struct seal_secret *secret)
{
	uint8_t payload[8190];

	seal_secret_init(secret, fake_keys()->customer, fake_keys()->backup);
	memset(payload, test->byte, sizeof(payload));
	if (test->type == PV_SECRET_PLAINTEXT)
		seal_secret_text(secret, test->name, payload, test->size);
	else
		seal_secret_fill(secret, test->type, test->name, test->byte,
				 test->size);
	memset(secret->secret, 0, test->zeros);
	/* The known P-521 key is the customer's. */
	if (test->type == PV_SECRET_EC_P521)
		secret->secret[15] = 1;
}

static void test_request(const struct known *test, struct fake_machine *fake)
{
	const char *name = test->name ? test->name : "null";
	uint8_t asrcb[SEAL_MAX_ASRCB], hash[32];
	struct seal_secret secret;
	size_t size;

	make_known(test, &secret);
	size = seal_secret(&secret, asrcb);
	EVP_Digest(asrcb, size, hash, NULL, EVP_sha256(), NULL);
	tap_equal(size, test->request, "known request, %s: size", name);
	tap_bytes(hash, 32, test->sha256, "known request, %s: all of it", name);
	tap_equal(secrets_add_bytes(fake, asrcb, size), 1,
		  "known request, %s: is accepted", name);
}

static void test_entry(const struct known *test, uint16_t index,
		       const uint8_t *entry)
{
	static const uint8_t zeros[8];
	struct seal_secret secret;

	make_known(test, &secret);
	tap_ok(fake_get16(entry) == index &&
	       fake_get16(entry + 2) == test->type &&
	       fake_get32(entry + 4) == test->object &&
	       memcmp(entry + 8, zeros, 8) == 0 &&
	       memcmp(entry + 0x10, secret.id, 32) == 0,
	       "%s: is listed with index, type, size and id", test->name);
}

/* What the CPU of the configuration would do with a protected key. */
static bool unwrap(const struct fake_machine *fake, uint16_t type,
		   const uint8_t *object, size_t size, uint8_t *clear)
{
	const uint8_t *key = fake->cpu.config->wrapping.key;
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t tweak[16] = { 0 };
	bool ok;
	int len;

	fake_put16(tweak + 14, type);
	ok = EVP_DecryptInit_ex2(ctx, EVP_aes_256_xts(), key, tweak, NULL) &&
	     EVP_DecryptUpdate(ctx, clear, &len, object, (int)size - 32) &&
	     len == (int)size - 32;
	EVP_CIPHER_CTX_free(ctx);
	return ok;
}

static void check_key(const struct known *test, struct fake_machine *fake,
		      const struct seal_secret *secret, const uint8_t *object)
{
	const uint8_t *pattern = fake->cpu.config->wrapping.pattern;
	uint8_t clear[128];

	tap_ok(memcmp(object, secret->secret, 16) != 0 &&
	       unwrap(fake, test->type, object, test->object, clear) &&
	       memcmp(clear, secret->secret, secret->size) == 0,
	       "%s: the configuration can unwrap the protected key",
	       test->name);
	tap_ok(memcmp(object + secret->size, pattern, 32) == 0,
	       "%s: the verification pattern is that of all keys", test->name);
}

static void test_object(const struct known *test, uint16_t index,
			struct fake_machine *fake)
{
	uint8_t object[8192 + 16], again[8192 + 16];
	struct seal_secret secret;

	make_known(test, &secret);
	if (test->type == PV_SECRET_ASSOCIATION) {
		tap_equal(secrets_retrieve(fake, index, 8192, object),
			  PV_RC_SECRET_NOT_RETRIEVABLE,
			  "an association secret cannot be retrieved");
		return;
	}
	tap_equal(secrets_retrieve(fake, index, test->object, object), 1,
		  "%s: is retrieved", test->name);
	tap_filled(object + test->object, 8, 0xee,
		   "%s: and nothing behind it is touched", test->name);
	secrets_retrieve(fake, index, 8192, again);
	tap_ok(memcmp(object, again, test->object) == 0,
	       "%s: a second time it is the same", test->name);
	if (test->type == PV_SECRET_PLAINTEXT)
		tap_ok(memcmp(object, secret.secret, test->object) == 0,
		       "%s: as it was sealed", test->name);
	else
		check_key(test, fake, &secret, object);
}

static void test_types(void)
{
	struct fake_machine *fake = secrets_known_guest("z17");
	uint8_t page[SECRETS_PAGE];
	uint16_t index = 0;

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		test_request(&known[i], fake);
	tap_equal(secrets_list(fake, 0, page), 1, "all types: can be listed");
	tap_equal(fake_get16(page), ARRAY_SIZE(known) - 1,
		  "all types: all but the null secret are listed");
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (!known[i].object)
			continue;
		test_entry(&known[i], index, page + 0x10 + 0x30 * index);
		test_object(&known[i], index, fake);
		index++;
	}
	fake_free(fake);
}

/* Equal keys of one type are equal, of two types or guests they are not. */
static void test_wrapping(void)
{
	static const uint16_t types[] = {
		PV_SECRET_AES_256, PV_SECRET_AES_256, PV_SECRET_EC_P256,
	};
	struct fake_machine *fake = secrets_guest("z17", 0);
	uint8_t objects[3][72], other[72];
	struct seal_secret secret;

	secrets_request(fake, &secret);
	for (uint16_t i = 0; i < 3; i++) {
		seal_secret_fill(&secret, types[i], "key", 0x11, 32);
		secrets_add(fake, &secret);
		secrets_retrieve(fake, i, 64, objects[i]);
	}
	tap_ok(memcmp(objects[0], objects[1], 64) == 0,
	       "equal keys give equal protected keys");
	tap_ok(memcmp(objects[0], objects[2], 32) != 0,
	       "but not if they are of different types");

	uv_machine_reset(fake->uv);
	fake_become_guest(fake);
	secrets_request(fake, &secret);
	seal_secret_fill(&secret, PV_SECRET_AES_256, "key", 0x11, 32);
	secrets_add(fake, &secret);
	secrets_retrieve(fake, 0, 64, other);
	tap_ok(memcmp(objects[0], other, 32) != 0,
	       "nor if they are of different configurations");
	tap_ok(memcmp(objects[0] + 32, other + 32, 32) != 0,
	       "whose verification patterns differ, too");
	fake_free(fake);
}

/* ---- the log ---- */

static void test_log(void)
{
	struct fake_machine *fake = secrets_known_guest("z17");
	struct seal_secret secret;
	uint8_t hash[64];

	make_known(&known[0], &secret);
	secrets_add(fake, &secret);
	make_known(&known[1], &secret);
	secrets_add(fake, &secret);
	seal_secret_text(&secret, "plain1", "hello world", 11);
	secrets_add(fake, &secret);
	secrets_hash(fake, hash);
	tap_bytes(hash, 64,
		  "417ad5492ae5a14a8ad27caced8ad8cb1e389a7f578c7d94cee82c20c161e12c"
		  "9807eb7fc3113b1fb34b597b04b754dfb2c85f02de9eebb16e687da90f964a20",
		  "three known requests give the known store hash");
	tap_equal(secrets_lock(fake), 1, "the store is locked");
	secrets_hash(fake, hash);
	tap_bytes(hash, 64,
		  "175307bb6b205b8abb0924c32c14ad14b391ab616d342b4b832da78e19762449"
		  "929db2cd084f439f844fc8f8bdaabeb82c00c6748dfeed38b4346055ffd5c8db",
		  "and the known hash of a locked store");
	fake_free(fake);
}

/* ---- parts that the Ultravisor does not look at, but authenticates ---- */

static const struct plain_case {
	const char *name;
	uint64_t flags;
	uint8_t kind;
	size_t user_data;
	const char *sha256;
} plain_cases[] = {
	{ "disable dump", DUMP_FLAG, 0, 0,
	  "a469d7f501c200ee3b904d7492daa17400e808c9a200a0e01b9e25e3d55d63c6" },
	{ "unsigned user data", 0, 1, 0x183,
	  "87ce0efb479930a27519872bd61cc81787992657dbebe13600dfa5fa1a161337" },
};

static void test_plain_parts(void)
{
	struct fake_machine *fake = secrets_known_guest("z17");
	uint8_t asrcb[SEAL_MAX_ASRCB], hash[32];
	struct seal_secret secret;
	size_t size;

	for (size_t i = 0; i < ARRAY_SIZE(plain_cases); i++) {
		make_known(&known[0], &secret);
		secret.flags = plain_cases[i].flags;
		secret.magic[7] = plain_cases[i].kind;
		memset(secret.user_data, 0x56, plain_cases[i].user_data);
		size = seal_secret(&secret, asrcb);
		EVP_Digest(asrcb, size, hash, NULL, EVP_sha256(), NULL);
		tap_bytes(hash, 32, plain_cases[i].sha256,
			  "known request, %s: all of it", plain_cases[i].name);
		tap_equal(secrets_add_bytes(fake, asrcb, size), 1,
			  "known request, %s: is accepted",
			  plain_cases[i].name);
	}
	fake_free(fake);
}

int main(void)
{
	tap_begin();
	test_published();
	test_types();
	test_wrapping();
	test_log();
	test_plain_parts();
	return tap_end();
}
