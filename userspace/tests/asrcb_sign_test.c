// SPDX-License-Identifier: MIT
/* Signed user data of add-secret requests. */
#include <stdlib.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "array.h"
#include "asrcb.h"
#include "tap.h"
#include "vectors.h"

#define USER_DATA	0x218

/* The keys that can sign, in the order of the kinds, and some that cannot. */
enum key { P521, RSA2048, RSA3072, RSA4096, P256, ED25519, KEYS };

struct fixture {
	EVP_PKEY *host;
	EVP_PKEY *keys[KEYS];
	struct pv_asrcb_spec spec;
	uint8_t data[PV_ASRCB_USER_DATA_SIZE + 1];
};

/*
 * What is signed, per kind: SHA-512 of the request without its tag and with
 * zeros for the signature, computed without any of this code.
 */
static const struct signed_kind {
	const char *name;
	enum key key;
	enum pv_user_data_kind kind;
	size_t data;
	const char *digest;
} kinds[] = {
	{ "EC P-521", P521, PV_USER_DATA_EC_P521, 256,
	  "f1e1c3d90327a25539cc16cf4eb695adbc0ab599abec3cb2f2ccc98357b6c39a604c0d1189440f43802a7e6c49c8c94dc912020d08c21e8ff07c9dd87daee5fc",
	},
	{ "RSA-2048", RSA2048, PV_USER_DATA_RSA_2048, 256,
	  "76e700a9fdf020855a99a3c84c78d115c7ccb554b1b4802fd7e13820311994f43803618065ad6f3f4a89e68e3ea7be7b33cbe48b57206cb2d325df72a6d87ee1",
	},
	{ "RSA-3072", RSA3072, PV_USER_DATA_RSA_3072, 128,
	  "25baccd943f0b43ecc1aeabdc000d933be0c489f20ffde7eb2d805a8c54294d91169f52e600e861c04f978cf827fd94cd3dc5ea35b065e92d0921a0571d83954",
	},
};

static void set_up(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	f->host = vector_synthetic_key();
	f->keys[P521] = EVP_EC_gen("P-521");
	f->keys[RSA2048] = EVP_RSA_gen(2048);
	f->keys[RSA3072] = EVP_RSA_gen(3072);
	f->keys[RSA4096] = EVP_RSA_gen(4096);
	f->keys[P256] = EVP_EC_gen("P-256");
	f->keys[ED25519] = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	vector_asrcb_spec(&f->spec, &f->host);
	memset(f->data, 0x56, sizeof(f->data));
}

static void tear_down(struct fixture *f)
{
	for (size_t i = 0; i < KEYS; i++)
		EVP_PKEY_free(f->keys[i]);
	EVP_PKEY_free(f->spec.customer);
	EVP_PKEY_free(f->host);
}

static void make(struct fixture *f, struct pv_buffer *asrcb, enum key key,
		 size_t data_size)
{
	struct pv_error err = { 0 };

	f->spec.sign_key = f->keys[key];
	f->spec.user_data = data_size ? f->data : NULL;
	f->spec.user_data_size = data_size;
	if (pv_asrcb_create(asrcb, &f->spec, &err) == 0)
		return;
	tap_note("%s", err.text);
	abort();
}

static enum pv_error_code verify(const struct pv_buffer *asrcb, EVP_PKEY *key)
{
	struct pv_error err = { 0 };
	struct pv_asrcb_info info;

	if (pv_asrcb_parse(&info, asrcb->data, asrcb->size, &err) == 0)
		pv_asrcb_verify(&info, asrcb->data, asrcb->size, key, &err);
	return err.code;
}

/* A verifier by itself: the digest is known, the signature is cut out. */
static bool signature_holds(const struct pv_buffer *asrcb,
			    const struct signed_kind *k, EVP_PKEY *key)
{
	const uint8_t *field = asrcb->data + USER_DATA;
	size_t size = PV_ASRCB_USER_DATA_SIZE - k->data;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	uint8_t digest[64];
	bool good;

	if (k->key == P521)
		size = (size_t)field[0x190] << 8 | field[0x191];
	OPENSSL_hexstr2buf_ex(digest, sizeof(digest), NULL, k->digest, '\0');
	good = EVP_PKEY_verify_init(ctx) == 1 &&
	       (k->key == P521 ||
		(EVP_PKEY_CTX_set_rsa_padding(ctx,
					      RSA_PKCS1_PSS_PADDING) == 1 &&
		 EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, 64) == 1)) &&
	       EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha512()) == 1 &&
	       EVP_PKEY_verify(ctx, field + k->data, size, digest, 64) == 1;
	EVP_PKEY_CTX_free(ctx);
	return good;
}

static void zero_signature(struct pv_buffer *asrcb, size_t data)
{
	memset(asrcb->data + USER_DATA + data, 0,
	       PV_ASRCB_USER_DATA_SIZE - data);
}

/* The tag is that of the request as it is: with the signature. */
static bool tag_holds(const struct fixture *f, const struct pv_buffer *asrcb)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	size_t area = asrcb->size - 48;
	uint8_t plain[32];
	bool good;
	int n;

	good = EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, f->spec.key,
				  f->spec.iv) &&
	       EVP_DecryptUpdate(ctx, NULL, &n, asrcb->data, (int)area) &&
	       EVP_DecryptUpdate(ctx, plain, &n, asrcb->data + area, 32) &&
	       EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, 16,
				   asrcb->data + area + 32) &&
	       EVP_DecryptFinal_ex(ctx, plain, &n);
	EVP_CIPHER_CTX_free(ctx);
	return good;
}

static void test_kind(struct fixture *f, const struct signed_kind *k)
{
	struct pv_error err = { 0 };
	struct pv_asrcb_info info;
	struct pv_buffer asrcb;

	make(f, &asrcb, k->key, k->data);
	tap_ok(pv_asrcb_parse(&info, asrcb.data, asrcb.size, &err) == 0 &&
	       info.kind == k->kind && info.data_size == k->data &&
	       memcmp(info.head->user_data, f->data, k->data) == 0,
	       "%s: kind and data are in the request", k->name);
	tap_ok(signature_holds(&asrcb, k, f->keys[k->key]),
	       "%s: the signature is over the known digest", k->name);
	tap_ok(tag_holds(f, &asrcb), "%s: the tag covers the signature",
	       k->name);
	tap_ok(verify(&asrcb, f->keys[k->key]) == PV_OK, "%s: verifies",
	       k->name);
	tap_ok(verify(&asrcb, NULL) == PV_ERR_USAGE,
	       "%s: takes a key to verify", k->name);
	for (size_t i = 0; i < KEYS; i++)
		if (i != k->key)
			tap_ok(verify(&asrcb, f->keys[i]) ==
			       PV_ERR_UNSUPPORTED,
			       "%s: does not verify with key %zu", k->name, i);
	zero_signature(&asrcb, k->data);
	tap_ok(verify(&asrcb, f->keys[k->key]) != PV_OK,
	       "%s: without its signature it does not verify", k->name);
	pv_buffer_free(&asrcb);
}

/*
 * Every bit of what is signed, of the signature, and of what is around it.  EC
 * keys are slow, so only the field of user data, where their layout differs.
 */
static void test_every_bit(struct fixture *f, const struct signed_kind *k)
{
	size_t first = 0, last, accepted = 0;
	struct pv_buffer asrcb;

	make(f, &asrcb, k->key, 5);
	last = asrcb.size - PV_GCM_TAG_SIZE;
	if (k->key == P521) {
		first = USER_DATA + 250;
		last = USER_DATA + PV_ASRCB_USER_DATA_SIZE;
	}
	for (size_t bit = 8 * first; bit < 8 * last; bit++) {
		asrcb.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (verify(&asrcb, f->keys[k->key]) == PV_OK) {
			tap_note("bit %zu does not matter", bit);
			accepted++;
		}
		asrcb.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	tap_ok(accepted == 0, "%s: no bit can be altered unnoticed", k->name);
	asrcb.data[asrcb.size - 1] ^= 1;
	tap_ok(verify(&asrcb, f->keys[k->key]) == PV_OK,
	       "%s: the tag is not looked at", k->name);
	pv_buffer_free(&asrcb);
}

static void test_other_key(struct fixture *f)
{
	EVP_PKEY *other = EVP_EC_gen("P-521");
	struct pv_buffer asrcb;

	make(f, &asrcb, P521, 3);
	tap_ok(verify(&asrcb, other) == PV_ERR_MISMATCH,
	       "another key of the same kind does not verify");
	pv_buffer_free(&asrcb);
	EVP_PKEY_free(other);
}

/* s390-tools with an older OpenSSL takes the longest salt there can be. */
static void test_long_salt(struct fixture *f)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	struct pv_buffer asrcb;
	EVP_PKEY_CTX *ctx;
	size_t length = 256;

	make(f, &asrcb, RSA2048, 9);
	zero_signature(&asrcb, 256);
	if (EVP_DigestSignInit(md, &ctx, EVP_sha512(), NULL,
			       f->keys[RSA2048]) != 1 ||
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) != 1 ||
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_MAX) != 1 ||
	    EVP_DigestSign(md, asrcb.data + USER_DATA + 256, &length,
			   asrcb.data, asrcb.size - 16) != 1)
		abort();
	tap_ok(verify(&asrcb, f->keys[RSA2048]) == PV_OK,
	       "a signature with the longest salt verifies");
	EVP_MD_CTX_free(md);
	pv_buffer_free(&asrcb);
}

/* A signature that is good by another padding is none. */
static void test_other_padding(struct fixture *f)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	struct pv_buffer asrcb;
	size_t length = 256;

	make(f, &asrcb, RSA2048, 9);
	zero_signature(&asrcb, 256);
	if (EVP_DigestSignInit(md, NULL, EVP_sha512(), NULL,
			       f->keys[RSA2048]) != 1 ||
	    EVP_DigestSign(md, asrcb.data + USER_DATA + 256, &length,
			   asrcb.data, asrcb.size - 16) != 1)
		abort();
	tap_ok(verify(&asrcb, f->keys[RSA2048]) == PV_ERR_MISMATCH,
	       "a signature with the older padding does not verify");
	EVP_MD_CTX_free(md);
	pv_buffer_free(&asrcb);
}

static void test_ec_length(struct fixture *f)
{
	static const uint16_t lengths[] = { 0, 1, 140, 0xffff };
	struct pv_buffer asrcb;

	make(f, &asrcb, P521, 3);
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		uint8_t *field = asrcb.data + USER_DATA + 0x190;

		field[0] = (uint8_t)(lengths[i] >> 8);
		field[1] = (uint8_t)lengths[i];
		tap_ok(verify(&asrcb, f->keys[P521]) == PV_ERR_FORMAT,
		       "a signature of %u bytes is none", lengths[i]);
	}
	pv_buffer_free(&asrcb);
}

static void test_unsigned(struct fixture *f)
{
	struct pv_buffer asrcb;

	f->spec.sign_key = NULL;
	f->spec.user_data = f->data;
	f->spec.user_data_size = 7;
	if (pv_asrcb_create(&asrcb, &f->spec, NULL) < 0)
		abort();
	tap_ok(verify(&asrcb, NULL) == PV_OK, "unsigned data need no key");
	tap_ok(verify(&asrcb, f->keys[P521]) == PV_ERR_USAGE,
	       "unsigned data cannot be confirmed by a key");
	pv_buffer_free(&asrcb);
	f->spec.user_data = NULL;
	if (pv_asrcb_create(&asrcb, &f->spec, NULL) < 0)
		abort();
	tap_ok(verify(&asrcb, NULL) == PV_OK, "no data need no key");
	tap_ok(verify(&asrcb, f->keys[P521]) == PV_ERR_USAGE,
	       "no data cannot be confirmed by a key");
	pv_buffer_free(&asrcb);
}

static void test_limits(struct fixture *f)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct pv_error err = { 0 };
		struct pv_buffer asrcb;

		make(f, &asrcb, kinds[i].key, 0);
		tap_ok(verify(&asrcb, f->keys[kinds[i].key]) == PV_OK,
		       "%s: signs a request without data", kinds[i].name);
		pv_buffer_free(&asrcb);
		f->spec.user_data = f->data;
		f->spec.user_data_size = kinds[i].data + 1;
		tap_ok(pv_asrcb_create(&asrcb, &f->spec, &err) < 0 &&
		       err.code == PV_ERR_LIMIT && !asrcb.data,
		       "%s: no more than %zu bytes", kinds[i].name,
		       kinds[i].data);
	}
}

static void test_bad_keys(struct fixture *f)
{
	static const enum key bad[] = { RSA4096, P256, ED25519 };
	EVP_PKEY *public = vector_host_key();
	struct pv_error err = { 0 };
	struct pv_buffer asrcb;

	f->spec.user_data = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		f->spec.sign_key = f->keys[bad[i]];
		err.code = PV_OK;
		tap_ok(pv_asrcb_create(&asrcb, &f->spec, &err) < 0 &&
		       err.code == PV_ERR_UNSUPPORTED && !asrcb.data,
		       "key %d cannot sign", bad[i]);
	}
	f->spec.sign_key = public;
	err.code = PV_OK;
	tap_ok(pv_asrcb_create(&asrcb, &f->spec, &err) < 0 &&
	       err.code == PV_ERR_CRYPTO && !asrcb.data,
	       "a public key cannot sign");
	EVP_PKEY_free(public);
}

int main(void)
{
	struct fixture f;

	tap_start();
	set_up(&f);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		test_kind(&f, &kinds[i]);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		test_every_bit(&f, &kinds[i]);
	test_other_key(&f);
	test_long_salt(&f);
	test_other_padding(&f);
	test_ec_length(&f);
	test_unsigned(&f);
	test_limits(&f);
	test_bad_keys(&f);
	tear_down(&f);
	return tap_done();
}
