// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "open_dump.h"

#define TAG	16

static void need(bool ok)
{
	if (ok)
		return;
	fprintf(stderr, "open dump: libcrypto failed\n");
	abort();
}

/* HKDF by hand: extract, and as much of expand as 32 bytes take. */
void open_dump_key(const uint8_t cck[32], const uint8_t seed[64],
		   uint8_t key[32])
{
	uint8_t info[] = "IBM Z Ultravisor Dump\001";
	uint8_t prk[64], full[64];

	need(HMAC(EVP_sha512(), seed, 64, cck, 32, prk, NULL));
	need(HMAC(EVP_sha512(), prk, sizeof(prk), info, sizeof(info) - 1, full,
		  NULL));
	memcpy(key, full, 32);
}

/* Sealed: @aad bytes, @len bytes of ciphertext, tag. */
static bool open_sealed(const uint8_t key[32], const uint8_t *iv,
			const uint8_t *sealed, int aad, int len, uint8_t *plain)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t tag[TAG];
	bool good;
	int n;

	memcpy(tag, sealed + aad + len, TAG);
	need(ctx && EVP_DecryptInit(ctx, EVP_aes_256_gcm(), key, iv) &&
	     EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, TAG, tag) &&
	     EVP_DecryptUpdate(ctx, NULL, &n, sealed, aad) &&
	     EVP_DecryptUpdate(ctx, plain, &n, sealed + aad, len));
	good = EVP_DecryptFinal(ctx, plain + len, &n) == 1;
	EVP_CIPHER_CTX_free(ctx);
	return good;
}

bool open_dump(const uint8_t cck[32], const uint8_t *area,
	       struct open_dump *dump)
{
	uint8_t plain[176];

	open_dump_key(cck, area + 0x10, dump->key);
	if (!open_sealed(dump->key, area + 0x50, area, 0x60, sizeof(plain),
			 plain))
		return false;
	memcpy(dump->nonce, plain, sizeof(dump->nonce));
	memcpy(dump->xts, plain + 16, sizeof(dump->xts));
	return true;
}

bool open_dump_cpu(const struct open_dump *dump, const uint8_t *area,
		   uint8_t regs[OPEN_DUMP_REGS])
{
	return open_sealed(dump->key, area + 8, area, 32, OPEN_DUMP_REGS, regs);
}

void open_dump_page(const struct open_dump *dump, const uint8_t state[16],
		    uint8_t page[4096])
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t tweak[16];
	int n;

	for (int i = 0; i < 16; i++)
		tweak[i] = state[i] | dump->nonce[i];
	need(ctx && EVP_DecryptInit(ctx, EVP_aes_256_xts(), dump->xts, tweak) &&
	     EVP_DecryptUpdate(ctx, page, &n, page, 4096) && n == 4096);
	EVP_CIPHER_CTX_free(ctx);
}
