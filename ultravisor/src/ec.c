// SPDX-License-Identifier: MIT
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/pem.h>

#include "ec.h"
#include "report.h"

#define CURVE		"secp521r1"
#define COORD_PADDING	(PV_EC_COORD_SIZE - PV_P521_BYTES)

/* Encrypted keys are refused; without this libcrypto would ask the terminal. */
static int no_password(char *buf, int size, int writing, void *opaque)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)opaque;
	return -1;
}

static bool on_p521(const EVP_PKEY *key)
{
	char name[32];

	return EVP_PKEY_get_group_name(key, name, sizeof(name), NULL) &&
	       strcmp(name, CURVE) == 0;
}

static bool has_matching_private_part(EVP_PKEY *key)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	bool ok = ctx && EVP_PKEY_check(ctx) == 1;

	EVP_PKEY_CTX_free(ctx);
	return ok;
}

static EVP_PKEY *parse_pem(const char *pem, size_t len)
{
	EVP_PKEY *key = NULL;
	BIO *bio = NULL;

	if (len <= INT32_MAX)
		bio = BIO_new_mem_buf(pem, (int)len);
	if (bio)
		key = PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL);
	BIO_free(bio);
	return key;
}

EVP_PKEY *uv_ec_read_private(const char *pem, size_t len,
			     struct uv_error *err)
{
	const char *why = NULL;
	EVP_PKEY *key;

	ERR_set_mark();
	key = parse_pem(pem, len);
	if (!key)
		why = "is not an unencrypted private key in PEM form";
	else if (!on_p521(key))
		why = "is not on curve P-521 (secp521r1)";
	else if (!has_matching_private_part(key))
		why = "is damaged: private and public part do not match";
	if (why) {
		uv_fail(err, 0, 0, "the host key %s", why);
		EVP_PKEY_free(key);
		key = NULL;
	}
	ERR_pop_to_mark();
	return key;
}

static bool coordinate(const EVP_PKEY *key, const char *which,
		       uint8_t out[PV_EC_COORD_SIZE])
{
	BIGNUM *bn = NULL;
	bool ok = EVP_PKEY_get_bn_param(key, which, &bn) &&
		  BN_bn2binpad(bn, out, PV_EC_COORD_SIZE) == PV_EC_COORD_SIZE;

	BN_free(bn);
	return ok;
}

bool uv_ec_hash(const EVP_PKEY *key, uint8_t phkh[PV_PHKH_SIZE])
{
	struct pv_ec_point point;
	bool ok;

	ERR_set_mark();
	ok = coordinate(key, OSSL_PKEY_PARAM_EC_PUB_X, point.x) &&
	     coordinate(key, OSSL_PKEY_PARAM_EC_PUB_Y, point.y) &&
	     uv_sha256(&point, sizeof(point), phkh);
	ERR_pop_to_mark();
	return ok;
}

/* Uncompressed form of SEC 1: 04 || X || Y, coordinates without padding. */
static bool encode_point(const struct pv_ec_point *point,
			 uint8_t out[1 + 2 * PV_P521_BYTES])
{
	static const uint8_t zero[COORD_PADDING];

	if (memcmp(point->x, zero, COORD_PADDING) ||
	    memcmp(point->y, zero, COORD_PADDING))
		return false;
	out[0] = POINT_CONVERSION_UNCOMPRESSED;
	memcpy(out + 1, point->x + COORD_PADDING, PV_P521_BYTES);
	memcpy(out + 1 + PV_P521_BYTES, point->y + COORD_PADDING,
	       PV_P521_BYTES);
	return true;
}

/* Importing checks the curve equation; the cofactor of P-521 is 1. */
static enum uv_crypto_result import_point(uint8_t *encoded, size_t len,
					  EVP_PKEY **key)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	char curve[] = CURVE;
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, curve,
				       sizeof(curve) - 1),
		OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, encoded, len),
		OSSL_PARAM_END
	};
	enum uv_crypto_result result = UV_CRYPTO_FAILED;

	if (ctx && EVP_PKEY_fromdata_init(ctx) > 0) {
		result = UV_CRYPTO_REFUSED;
		if (EVP_PKEY_fromdata(ctx, key, EVP_PKEY_PUBLIC_KEY,
				      params) > 0)
			result = UV_CRYPTO_OK;
	}
	EVP_PKEY_CTX_free(ctx);
	return result;
}

enum uv_crypto_result uv_ec_read_public(const struct pv_ec_point *point,
					EVP_PKEY **key)
{
	uint8_t encoded[1 + 2 * PV_P521_BYTES];
	enum uv_crypto_result result;

	*key = NULL;
	if (!encode_point(point, encoded))
		return UV_CRYPTO_REFUSED;
	ERR_set_mark();
	result = import_point(encoded, sizeof(encoded), key);
	ERR_pop_to_mark();
	return result;
}

static bool agree(EVP_PKEY *own, EVP_PKEY *peer, uint8_t z[PV_P521_BYTES])
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(own, NULL);
	size_t len = PV_P521_BYTES;
	/*
	 * uv_ec_read_public() has checked @peer.  Letting libcrypto do it again
	 * would cost a second scalar multiplication for each slot.
	 */
	bool ok = ctx && EVP_PKEY_derive_init(ctx) > 0 &&
		  EVP_PKEY_derive_set_peer_ex(ctx, peer, 0) > 0 &&
		  EVP_PKEY_derive(ctx, z, &len) > 0 && len == PV_P521_BYTES;

	EVP_PKEY_CTX_free(ctx);
	return ok;
}

/* X9.63, one block, no shared information: SHA-256(z || 00000001). */
static bool derive(uint8_t z[PV_P521_BYTES], uint8_t key[PV_EXCHANGE_KEY_SIZE])
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, OSSL_KDF_NAME_X963KDF, NULL);
	EVP_KDF_CTX *ctx = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
	char hash[] = "SHA256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_KDF_PARAM_DIGEST, hash,
				       sizeof(hash) - 1),
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_KEY, z, PV_P521_BYTES),
		OSSL_PARAM_END
	};
	bool ok = ctx && EVP_KDF_derive(ctx, key, PV_EXCHANGE_KEY_SIZE,
					params) > 0;

	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return ok;
}

enum uv_crypto_result uv_ec_exchange_key(EVP_PKEY *own, EVP_PKEY *peer,
					 uint8_t key[PV_EXCHANGE_KEY_SIZE])
{
	uint8_t z[PV_P521_BYTES];
	bool ok;

	ERR_set_mark();
	ok = agree(own, peer, z) && derive(z, key);
	OPENSSL_cleanse(z, sizeof(z));
	ERR_pop_to_mark();
	return ok ? UV_CRYPTO_OK : UV_CRYPTO_FAILED;
}
