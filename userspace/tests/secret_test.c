// SPDX-License-Identifier: MIT
/* Types, ids and values of secrets. */
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>

#include "array.h"
#include "secret.h"
#include "tap.h"
#include "vectors.h"

/* As published: number, name, bytes in the request, bytes when retrieved. */
static const struct {
	unsigned int type;
	const char *name;
	size_t size, object;
	bool retrievable;
} types[] = {
	{ 0x01, "NULL", 0, 0, false },
	{ 0x02, "Association", 32, 0, false },
	{ 0x03, "PLAINTEXT", 0, 0, true },
	{ 0x04, "AES-128-KEY", 16, 48, true },
	{ 0x05, "AES-192-KEY", 24, 56, true },
	{ 0x06, "AES-256-KEY", 32, 64, true },
	{ 0x07, "AES-XTS-128-KEY", 32, 64, true },
	{ 0x08, "AES-XTS-256-KEY", 64, 96, true },
	{ 0x09, "HMAC-SHA-256-KEY", 64, 96, true },
	{ 0x0a, "HMAC-SHA-512-KEY", 128, 160, true },
	{ 0x11, "EC-SECP256R1-PRIVATE-KEY", 32, 64, true },
	{ 0x12, "EC-SECP384R1-PRIVATE-KEY", 48, 80, true },
	{ 0x13, "EC-SECP521R1-PRIVATE-KEY", 80, 112, true },
	{ 0x14, "EC-ED25519-PRIVATE-KEY", 32, 64, true },
	{ 0x15, "EC-ED448-PRIVATE-KEY", 64, 96, true },
	{ 0x16, "UPDATE-CCK", 32, 0, false },
};

static void test_types(void)
{
	unsigned int known = 0;

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		const struct pv_secret_kind *kind =
			pv_secret_kind(types[i].type);

		tap_ok(kind && strcmp(kind->name, types[i].name) == 0 &&
		       kind->size == types[i].size &&
		       kind->object == types[i].object &&
		       kind->retrievable == types[i].retrievable,
		       "type 0x%02x is %s", types[i].type, types[i].name);
		tap_ok(kind && pv_secret_size_fits(kind, 16) ==
		       (types[i].size == 16 || types[i].type == 3),
		       "type 0x%02x: are 16 bytes right?", types[i].type);
	}
	for (unsigned int type = 0; type <= 0xffff; type++)
		known += !!pv_secret_kind(type);
	tap_ok(known == ARRAY_SIZE(types), "no other type is known");
}

static void test_ids(void)
{
	static const struct { const char *name, *id; } ids[] = {
		{ "association secret",
		  "75ad01b403a9e4595df07ace38129799ddad908a8f82f9c32cdd7d53efc73c62" },
		{ "test retr secret",
		  "612cd63ea8f2c115c10e15b88a9016c155ef9c7c2c8e56d0784c8a1dc93a80ba" },
		{ "PLAINTEXT_PAD",
		  "0f7bb0d287e7dce8945dc6c3a5d4d6812d015e0ba712970f78fe0d6dadba254a" },
		{ "add_secret_request",
		  "70dc758d711fef605b1b1b1774a2a4ab701020ea4b2cb399ebbdd5a3971c76a9" },
	};
	uint8_t id[PV_SECRET_ID_SIZE];

	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		pv_secret_id_from_name(id, ids[i].name, NULL);
		tap_bytes(id, sizeof(id), ids[i].id, "id of '%s'",
			  ids[i].name);
	}
	pv_secret_id_use_name(id, "Fancy secret ID");
	tap_bytes(id, sizeof(id),
		  "46616e6379207365637265742049440000000000000000000000000000000000",
		  "a name as id");
	pv_secret_id_use_name(id, "0123456789abcdef0123456789ABCDEF more");
	tap_bytes(id, sizeof(id),
		  "3031323334353637383961626364656630313233343536373839414243444500",
		  "a long name is cut at 31 bytes");
}

static void test_id_text(void)
{
	static const struct {
		const char *name, *id;
		size_t size;
		const char *text;
	} ids[] = {
		{ "a name", "Fancy", 5, "Fancy" },
		{ "all blank to tilde", " ~", 2, " ~" },
		{ "31 characters", "0123456789abcdef0123456789ABCDE", 31,
		  "0123456789abcdef0123456789ABCDE" },
		{ "32 characters", "0123456789abcdef0123456789ABCDEF", 32,
		  NULL },
		{ "nothing", "", 0, NULL },
		{ "a line feed", "a\nb", 3, NULL },
		{ "a DEL", "a\177", 2, NULL },
		{ "not ASCII", "caf\303\251", 5, NULL },
		{ "more behind the end", "a\0b", 3, NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		uint8_t id[PV_SECRET_ID_SIZE] = { 0 };
		char text[PV_SECRET_ID_SIZE];
		bool is_text;

		memcpy(id, ids[i].id, ids[i].size);
		is_text = pv_secret_id_text(text, id);
		tap_ok(is_text == !!ids[i].text &&
		       (!is_text || strcmp(text, ids[i].text) == 0),
		       "is an id of %s text?", ids[i].name);
	}
}

static void test_from_plaintext(void)
{
	static const struct { size_t size, blob; const char *hex; } sizes[] = {
		{ 0, 16, "00000000000000000000000000000000" },
		{ 10, 16, "000a0707070707070707070700000000" },
		{ 14, 16, "000e0707070707070707070707070707" },
		{ 15, 32, "000f070707070707070707070707070707000000000000000000000000000000" },
		{ 8190, 8192, NULL },
	};
	uint8_t payload[8191];
	struct pv_error err = { 0 };
	struct pv_buffer blob;

	memset(payload, 7, sizeof(payload));
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		pv_secret_from_plaintext(&blob, payload, sizes[i].size, NULL);
		tap_ok(blob.size == sizes[i].blob,
		       "%zu bytes of plaintext need %zu", sizes[i].size,
		       sizes[i].blob);
		if (sizes[i].hex)
			tap_bytes(blob.data, blob.size, sizes[i].hex,
				  "%zu bytes of plaintext", sizes[i].size);
		pv_buffer_free(&blob);
	}
	tap_ok(pv_secret_from_plaintext(&blob, payload, 8191, &err) < 0 &&
	       err.code == PV_ERR_LIMIT && !blob.data,
	       "8191 bytes of plaintext are too many");
}

static void test_to_plaintext(void)
{
	static const struct {
		const char *name;
		uint8_t object[32];
		size_t size, start, payload;
	} objects[] = {
		{ "10 bytes and padding", { 0, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9,
		  10 }, 16, 2, 10 },
		{ "no padding", { 0, 14 }, 16, 2, 14 },
		{ "15 bytes of padding", { 0, 0 }, 17, 2, 0 },
		{ "empty", { 0, 0 }, 16, 2, 0 },
		{ "length too large", { 0x20, 0x20 }, 32, 0, 32 },
		{ "length one too large", { 0, 15 }, 16, 0, 16 },
		{ "padding not zero", { 0, 10, [12] = 1 }, 16, 0, 16 },
		{ "last byte not zero", { 0, 10, [15] = 1 }, 16, 0, 16 },
		{ "16 bytes of padding", { 0, 0 }, 18, 0, 18 },
		{ "20 bytes of padding", { 0, 10 }, 32, 0, 32 },
		{ "all zero", { 0 }, 32, 0, 32 },
		{ "one byte", { 0 }, 1, 0, 1 },
		{ "nothing", { 0 }, 0, 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(objects); i++) {
		const uint8_t *object = objects[i].object, *payload;
		size_t size;

		payload = pv_secret_to_plaintext(object, objects[i].size,
						 &size);
		tap_ok(payload == object + objects[i].start &&
		       size == objects[i].payload, "payload of an object: %s",
		       objects[i].name);
	}
}

/* The private part by another way than the code under test has. */
static void private_of(uint8_t *out, size_t size, EVP_PKEY *key)
{
	BIGNUM *scalar = NULL;
	size_t length = size;

	memset(out, 0, size);
	if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &scalar)) {
		BN_bn2bin(scalar, out + size - BN_num_bytes(scalar));
		BN_free(scalar);
		return;
	}
	EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PRIV_KEY, out,
					size, &length);
	memmove(out + size - length, out, length);
	memset(out, 0, size - length);
}

static void test_keys(void)
{
	static const struct {
		const char *algorithm, *group;
		enum pv_secret_type type;
		size_t size, zeros;
	} keys[] = {
		{ "EC", "P-256", PV_SECRET_EC_P256, 32, 0 },
		{ "EC", "P-384", PV_SECRET_EC_P384, 48, 0 },
		{ "EC", "P-521", PV_SECRET_EC_P521, 80, 14 },
		{ "ED25519", NULL, PV_SECRET_EC_ED25519, 32, 0 },
		{ "ED448", NULL, PV_SECRET_EC_ED448, 64, 7 },
	};
	static const uint8_t zeros[16];

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL,
						  keys[i].algorithm,
						  keys[i].group);
		enum pv_secret_type type = 0;
		struct pv_error err = { 0 };
		struct pv_buffer out;
		uint8_t want[80];

		private_of(want, keys[i].size, key);
		tap_ok(pv_secret_from_key(&out, &type, key, &err) == 0 &&
		       type == keys[i].type && out.size == keys[i].size &&
		       memcmp(out.data, want, out.size) == 0 &&
		       memcmp(out.data, zeros, keys[i].zeros) == 0,
		       "private key for type 0x%02x", keys[i].type);
		pv_buffer_free(&out);
		EVP_PKEY_free(key);
	}
}

/* A scalar with leading zero bytes keeps them. */
static void test_short_scalar(void)
{
	EVP_PKEY *key = vector_synthetic_key();
	enum pv_secret_type type;
	struct pv_buffer out;

	if (pv_secret_from_key(&out, &type, key, NULL) < 0)
		abort();
	tap_bytes(out.data, out.size,
		  "00000000000000000000000000000000"
		  "21212121212121212121212121212121"
		  "21212121212121212121212121212121"
		  "21212121212121212121212121212121"
		  "21212121212121212121212121212121",
		  "a scalar is padded on the left");
	pv_buffer_free(&out);
	EVP_PKEY_free(key);
}

static void test_bad_keys(void)
{
	static const struct { const char *algorithm, *group; } bad[] = {
		{ "EC", "secp256k1" }, { "EC", "P-224" }, { "X25519", NULL },
	};
	EVP_PKEY *public = vector_host_key();
	enum pv_secret_type type = 0;
	struct pv_error err = { 0 };
	struct pv_buffer out;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, bad[i].algorithm,
						  bad[i].group);

		err.code = PV_OK;
		tap_ok(key && pv_secret_from_key(&out, &type, key, &err) < 0 &&
		       err.code == PV_ERR_UNSUPPORTED && !out.data,
		       "the Ultravisor takes no key of %s %s",
		       bad[i].algorithm, bad[i].group ? bad[i].group : "");
		EVP_PKEY_free(key);
	}
	err.code = PV_OK;
	tap_ok(pv_secret_from_key(&out, &type, public, &err) < 0 &&
	       err.code == PV_ERR_CRYPTO && !out.data && type == 0,
	       "a public key is no secret");
	EVP_PKEY_free(public);
}

int main(void)
{
	tap_start();
	test_types();
	test_ids();
	test_id_text();
	test_from_plaintext();
	test_to_plaintext();
	test_keys();
	test_short_scalar();
	test_bad_keys();
	return tap_done();
}
