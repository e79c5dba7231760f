// SPDX-License-Identifier: MIT
/* AES-256-GCM in one go, as slots, requests and SE headers use it. */
#include <limits.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "gcm.h"

/* Everything but the tag; the same steps in both directions. */
static int run_cipher(EVP_CIPHER_CTX *ctx, int encrypt, const uint8_t *key,
		      const uint8_t *iv, const void *aad, size_t aad_len,
		      const void *in, size_t len, void *out)
{
	int done;

	if (EVP_CipherInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, iv,
			      encrypt) != 1)
		return -1;
	if (aad_len > 0 &&
	    EVP_CipherUpdate(ctx, NULL, &done, aad, (int)aad_len) != 1)
		return -1;
	if (EVP_CipherUpdate(ctx, out, &done, in, (int)len) != 1 ||
	    done != (int)len)
		return -1;
	return 0;
}

static int check_sizes(size_t aad_len, size_t len, struct pv_error *err)
{
	if (aad_len > INT_MAX || len > INT_MAX)
		return pv_fail(err, PV_ERR_LIMIT,
			       "More data than AES-GCM can take at once");
	return 0;
}

int pv_gcm_seal(const uint8_t *key, const uint8_t *iv, const void *aad,
		size_t aad_len, const void *in, size_t len, void *out,
		uint8_t *tag, struct pv_error *err)
{
	EVP_CIPHER_CTX *ctx;
	uint8_t rest[16];
	int done, ret = -1;

	if (check_sizes(aad_len, len, err) < 0)
		return -1;
	ctx = EVP_CIPHER_CTX_new();
	if (ctx &&
	    run_cipher(ctx, 1, key, iv, aad, aad_len, in, len, out) == 0 &&
	    EVP_CipherFinal_ex(ctx, rest, &done) == 1 &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, PV_GCM_TAG_SIZE,
				tag) == 1)
		ret = 0;
	else
		pv_fail_openssl(err, PV_ERR_CRYPTO, "AES-GCM encryption failed");
	EVP_CIPHER_CTX_free(ctx);
	return ret;
}

int pv_gcm_open(const uint8_t *key, const uint8_t *iv, const void *aad,
		size_t aad_len, const void *in, size_t len, void *out,
		const uint8_t *tag, struct pv_error *err)
{
	EVP_CIPHER_CTX *ctx;
	uint8_t rest[16];
	int done, ret = -1;

	if (check_sizes(aad_len, len, err) < 0)
		return -1;
	ctx = EVP_CIPHER_CTX_new();
	if (!ctx ||
	    run_cipher(ctx, 0, key, iv, aad, aad_len, in, len, out) < 0 ||
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, PV_GCM_TAG_SIZE,
				(void *)tag) != 1)
		pv_fail_openssl(err, PV_ERR_CRYPTO, "AES-GCM decryption failed");
	else if (EVP_CipherFinal_ex(ctx, rest, &done) != 1)
		pv_fail(err, PV_ERR_UNSEAL,
			"The authentication tag does not match (wrong key or altered data)");
	else
		ret = 0;
	if (ret < 0)
		OPENSSL_cleanse(out, len);
	EVP_CIPHER_CTX_free(ctx);
	return ret;
}
