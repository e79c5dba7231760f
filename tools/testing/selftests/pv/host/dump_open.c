// SPDX-License-Identifier: GPL-2.0
/*
 * Reading of sealed dumps.
 */
#include <assert.h>
#include <endian.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "dump_open.h"

#define TAG_SIZE	16
#define IV_IN_COMPLETE	80
#define SEALED_COMPLETE	96
#define IV_IN_CPU	8
#define SEALED_CPU	32

static_assert(sizeof(struct dump_regs) == 1520, "layout of the registers");

static int derive(const uint8_t *cck, const uint8_t *seed, uint8_t *key)
{
	char info[] = "IBM Z Ultravisor Dump", digest[] = "SHA512";
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 6),
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_KEY, (void *)cck,
					DUMP_CCK_SIZE),
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_SALT, (void *)seed,
					DUMP_SEED_SIZE),
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_INFO, info,
					strlen(info)),
		OSSL_PARAM_END
	};
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
	int ok = ctx && EVP_KDF_derive(ctx, key, 32, params) > 0;

	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return ok ? 0 : -1;
}

/* Additional data, ciphertext and tag follow each other. */
static int open_sealed(const uint8_t *key, const uint8_t *area, int iv, int aad,
		       int size, uint8_t *plain)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t none[TAG_SIZE];
	int n, ok;

	ok = ctx &&
	     EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, area + iv) &&
	     EVP_DecryptUpdate(ctx, NULL, &n, area, aad) &&
	     EVP_DecryptUpdate(ctx, plain, &n, area + aad, size) &&
	     EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, TAG_SIZE,
				 (void *)(area + aad + size)) &&
	     EVP_DecryptFinal_ex(ctx, none, &n) > 0;
	EVP_CIPHER_CTX_free(ctx);
	return ok ? 0 : -1;
}

/**
 * dump_open() - Completion data
 * @cck: customer communication key of the image
 *
 * Return: 0, or -1 if the key is another one or the data were changed
 */
int dump_open(const uint8_t *cck, const uint8_t *area, struct dump_keys *keys)
{
	uint8_t plain[DUMP_COMPLETE_SIZE - SEALED_COMPLETE - TAG_SIZE];

	if (derive(cck, area + DUMP_SEED, keys->dump) ||
	    open_sealed(keys->dump, area, IV_IN_COMPLETE, SEALED_COMPLETE,
			sizeof(plain), plain))
		return -1;
	memcpy(keys->nonce, plain, sizeof(keys->nonce));
	memcpy(keys->xts, plain + sizeof(keys->nonce), sizeof(keys->xts));
	return 0;
}

/** dump_open_cpu() - State of a CPU; 0, or -1 if it was changed */
int dump_open_cpu(const struct dump_keys *keys, const uint8_t *area,
		  struct dump_regs *regs)
{
	return open_sealed(keys->dump, area, IV_IN_CPU, SEALED_CPU,
			   sizeof(*regs), (uint8_t *)regs);
}

static enum dump_page special(const uint8_t *state)
{
	if (state[14])
		return DUMP_PAGE_BAD;
	if (state[15] == 1)
		return DUMP_PAGE_ZERO;
	return state[15] == 2 ? DUMP_PAGE_SHARED : DUMP_PAGE_BAD;
}

/**
 * dump_open_page() - What a page holds
 * @page: in: as the host read it, out: as the guest has it
 */
enum dump_page dump_open_page(const struct dump_keys *keys,
			      const uint8_t *state, uint8_t *page)
{
	static const uint8_t mark[4] = { 0xff, 0xff, 0xff, 0xff };
	EVP_CIPHER_CTX *ctx;
	uint8_t tweak[16];
	int n, ok;

	if (!memcmp(state, mark, sizeof(mark)))
		return special(state);
	for (unsigned int i = 0; i < sizeof(tweak); i++)
		tweak[i] = state[i] | keys->nonce[i];
	ctx = EVP_CIPHER_CTX_new();
	ok = ctx && EVP_DecryptInit_ex(ctx, EVP_aes_256_xts(), NULL, keys->xts,
				       tweak) &&
	     EVP_DecryptUpdate(ctx, page, &n, page, DUMP_PAGE_SIZE);
	EVP_CIPHER_CTX_free(ctx);
	return ok ? DUMP_PAGE_ENCRYPTED : DUMP_PAGE_BAD;
}
