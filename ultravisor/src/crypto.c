// SPDX-License-Identifier: MIT
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "crypto.h"

static bool digest(const EVP_MD *md, const void *data, size_t len,
		   uint8_t *hash)
{
	int ok;

	ERR_set_mark();
	ok = EVP_Digest(data, len, hash, NULL, md, NULL);
	ERR_pop_to_mark();
	return ok == 1;
}

bool uv_sha256(const void *data, size_t len, uint8_t hash[UV_SHA256_SIZE])
{
	return digest(EVP_sha256(), data, len, hash);
}

bool uv_sha512(const void *data, size_t len, uint8_t hash[UV_SHA512_SIZE])
{
	return digest(EVP_sha512(), data, len, hash);
}

static bool mac_chunks(EVP_MAC_CTX *ctx, const void *key, size_t key_len,
		       const struct uv_chunk *chunks, size_t count,
		       uint8_t *mac)
{
	char name[] = "SHA512";
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_MAC_PARAM_DIGEST, name,
				       sizeof(name) - 1),
		OSSL_PARAM_END
	};
	size_t len;

	if (!ctx || !EVP_MAC_init(ctx, key, key_len, params))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!EVP_MAC_update(ctx, chunks[i].data, chunks[i].len))
			return false;
	}
	return EVP_MAC_final(ctx, mac, &len, UV_SHA512_SIZE) == 1;
}

bool uv_hmac_sha512(const void *key, size_t key_len,
		    const struct uv_chunk *chunks, size_t count,
		    uint8_t mac[UV_SHA512_SIZE])
{
	EVP_MAC_CTX *ctx = NULL;
	EVP_MAC *hmac;
	bool ok;

	ERR_set_mark();
	hmac = EVP_MAC_fetch(NULL, OSSL_MAC_NAME_HMAC, NULL);
	if (hmac)
		ctx = EVP_MAC_CTX_new(hmac);
	ok = mac_chunks(ctx, key, key_len, chunks, count, mac);
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(hmac);
	ERR_pop_to_mark();
	return ok;
}

bool uv_hkdf_sha512(const uint8_t *key, size_t key_len, const uint8_t *salt,
		    size_t salt_len, const char *info, size_t info_len,
		    uint8_t *out, size_t out_len)
{
	char name[] = "SHA512";
	/* The parameters take writable pointers, but are only read. */
	const OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_KDF_PARAM_DIGEST, name,
				       sizeof(name) - 1),
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_KEY, (void *)key,
					key_len),
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_SALT, (void *)salt,
					salt_len),
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_INFO, (void *)info,
					info_len),
		OSSL_PARAM_END
	};
	EVP_KDF_CTX *ctx = NULL;
	EVP_KDF *hkdf;
	bool ok;

	ERR_set_mark();
	hkdf = EVP_KDF_fetch(NULL, OSSL_KDF_NAME_HKDF, NULL);
	if (hkdf)
		ctx = EVP_KDF_CTX_new(hkdf);
	ok = ctx && EVP_KDF_derive(ctx, out, out_len, params) == 1;
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(hkdf);
	ERR_pop_to_mark();
	return ok;
}

static enum uv_crypto_result gcm_decrypt(EVP_CIPHER_CTX *ctx,
					 const uint8_t *key,
					 const struct uv_sealed *sealed,
					 uint8_t *plain)
{
	uint8_t none[1];
	int len;

	/* The context takes a writable pointer, but only reads a tag to set. */
	if (!ctx ||
	    !EVP_DecryptInit_ex2(ctx, EVP_aes_256_gcm(), key, sealed->iv,
				 NULL) ||
	    !EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, PV_GCM_TAG_SIZE,
				 (void *)sealed->tag))
		return UV_CRYPTO_FAILED;
	if (sealed->aad_len &&
	    !EVP_DecryptUpdate(ctx, NULL, &len, sealed->aad,
			       (int)sealed->aad_len))
		return UV_CRYPTO_FAILED;
	if (!EVP_DecryptUpdate(ctx, plain, &len, sealed->data,
			       (int)sealed->len))
		return UV_CRYPTO_FAILED;
	return EVP_DecryptFinal_ex(ctx, none, &len) == 1 ? UV_CRYPTO_OK :
							   UV_CRYPTO_REFUSED;
}

enum uv_crypto_result uv_gcm_open(const uint8_t *key,
				  const struct uv_sealed *sealed, void *plain)
{
	enum uv_crypto_result result;
	EVP_CIPHER_CTX *ctx;

	ERR_set_mark();
	ctx = EVP_CIPHER_CTX_new();
	result = gcm_decrypt(ctx, key, sealed, plain);
	if (result != UV_CRYPTO_OK)
		OPENSSL_cleanse(plain, sealed->len);
	EVP_CIPHER_CTX_free(ctx);
	ERR_pop_to_mark();
	return result;
}

static bool gcm_encrypt(EVP_CIPHER_CTX *ctx, const uint8_t *key,
			const struct uv_sealing *sealing)
{
	uint8_t none[1];
	int len;

	return ctx &&
	       EVP_EncryptInit_ex2(ctx, EVP_aes_256_gcm(), key, sealing->iv,
				   NULL) == 1 &&
	       EVP_EncryptUpdate(ctx, NULL, &len, sealing->aad,
				 (int)sealing->aad_len) == 1 &&
	       EVP_EncryptUpdate(ctx, sealing->data, &len, sealing->data,
				 (int)sealing->len) == 1 &&
	       EVP_EncryptFinal_ex(ctx, none, &len) == 1 &&
	       EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, PV_GCM_TAG_SIZE,
				   sealing->tag) == 1;
}

bool uv_gcm_seal(const uint8_t *key, const struct uv_sealing *sealing)
{
	EVP_CIPHER_CTX *ctx;
	bool ok;

	ERR_set_mark();
	ctx = EVP_CIPHER_CTX_new();
	ok = gcm_encrypt(ctx, key, sealing);
	if (!ok)
		OPENSSL_cleanse(sealing->data, sealing->len);
	EVP_CIPHER_CTX_free(ctx);
	ERR_pop_to_mark();
	return ok;
}

EVP_CIPHER_CTX *uv_xts_new(const uint8_t key[UV_XTS_KEY_SIZE], bool encrypt)
{
	EVP_CIPHER_CTX *ctx;

	ERR_set_mark();
	ctx = EVP_CIPHER_CTX_new();
	if (ctx && EVP_CipherInit_ex2(ctx, EVP_aes_256_xts(), key, NULL,
				      encrypt, NULL) != 1) {
		EVP_CIPHER_CTX_free(ctx);
		ctx = NULL;
	}
	ERR_pop_to_mark();
	return ctx;
}

bool uv_xts_unit(EVP_CIPHER_CTX *xts, const pv_be64 tweak[2],
		 const uint8_t *in, size_t len, uint8_t *out)
{
	const int same_direction = -1;
	int done = 0;
	bool ok;

	ERR_set_mark();
	ok = EVP_CipherInit_ex2(xts, NULL, NULL, (const uint8_t *)tweak,
				same_direction, NULL) == 1 &&
	     EVP_CipherUpdate(xts, out, &done, in, (int)len) == 1 &&
	     done == (int)len;
	ERR_pop_to_mark();
	return ok;
}
