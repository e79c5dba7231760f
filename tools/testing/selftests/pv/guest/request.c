// SPDX-License-Identifier: GPL-2.0
/*
 * Key slots and the sealed area of a request.
 */
#include <assert.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "request.h"

#define COORDINATE_SIZE	80

static_assert(sizeof(struct request_head) == 0x30, "layout of the header");

struct slot {
	uint8_t phkh[REQUEST_PHKH_SIZE];
	uint8_t wrapped_key[32];
	uint8_t tag[REQUEST_TAG_SIZE];
};

static_assert(sizeof(struct slot) == REQUEST_SLOT_SIZE, "layout of a slot");

static int put_coordinate(EVP_PKEY *key, const char *name, uint8_t *out)
{
	BIGNUM *bn = NULL;
	int ok;

	ok = EVP_PKEY_get_bn_param(key, name, &bn) &&
	     BN_bn2binpad(bn, out, COORDINATE_SIZE) == COORDINATE_SIZE;
	BN_free(bn);
	return ok ? 0 : -1;
}

/** request_put_point() - Both coordinates of a public key, 0 or -1 */
int request_put_point(EVP_PKEY *key, uint8_t *out)
{
	if (put_coordinate(key, OSSL_PKEY_PARAM_EC_PUB_X, out))
		return -1;
	return put_coordinate(key, OSSL_PKEY_PARAM_EC_PUB_Y,
			      out + COORDINATE_SIZE);
}

/** request_phkh() - Hash that names a host key: 32 bytes in @phkh, 0 or -1 */
int request_phkh(EVP_PKEY *key, uint8_t *phkh)
{
	uint8_t point[REQUEST_POINT_SIZE];

	if (request_put_point(key, point))
		return -1;
	return SHA256(point, sizeof(point), phkh) ? 0 : -1;
}

/* AES-256-GCM with a 12-byte iv; @aad may be NULL. */
static int gcm_seal(const uint8_t *key, const uint8_t *iv, const uint8_t *aad,
		    size_t aad_len, const uint8_t *in, size_t len, uint8_t *out,
		    uint8_t *tag)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n, ok;

	ok = ctx &&
	     EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, iv) &&
	     (!aad || EVP_EncryptUpdate(ctx, NULL, &n, aad, (int)aad_len)) &&
	     EVP_EncryptUpdate(ctx, out, &n, in, (int)len) &&
	     EVP_EncryptFinal_ex(ctx, out + len, &n) &&
	     EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, REQUEST_TAG_SIZE,
				 tag);
	EVP_CIPHER_CTX_free(ctx);
	return ok ? 0 : -1;
}

/**
 * request_seal() - Seal the encrypted area of a request
 * @key: request protection key
 * @iv: initialisation vector, 12 bytes
 * @request: @aad_len bytes that are there already; area and tag are appended
 * @aad_len: their number
 * @area: what is to be encrypted
 * @len: bytes of it
 *
 * Return: 0, or -1 if the library refuses
 */
int request_seal(const uint8_t *key, const uint8_t *iv, uint8_t *request,
		 size_t aad_len, const uint8_t *area, size_t len)
{
	return gcm_seal(key, iv, request, aad_len, area, len, request + aad_len,
			request + aad_len + len);
}

/* X coordinate of the shared point, 66 bytes, then a counter that stays 1. */
static int exchange_key(EVP_PKEY *customer, EVP_PKEY *host, uint8_t *key)
{
	uint8_t secret[66 + 4] = { [69] = 1 };
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(customer, NULL);
	size_t len = 66;
	int ok;

	ok = ctx && EVP_PKEY_derive_init(ctx) > 0 &&
	     EVP_PKEY_derive_set_peer(ctx, host) > 0 &&
	     EVP_PKEY_derive(ctx, secret, &len) > 0 && len == 66 &&
	     SHA256(secret, sizeof(secret), key);
	OPENSSL_cleanse(secret, sizeof(secret));
	EVP_PKEY_CTX_free(ctx);
	return ok ? 0 : -1;
}

static int put_slot(const struct request_slots *slots, EVP_PKEY *host,
		    struct slot *slot)
{
	static const uint8_t iv[12];
	uint8_t key[32];
	int ret;

	if (request_phkh(host, slot->phkh) ||
	    exchange_key(slots->customer, host, key))
		return -1;
	ret = gcm_seal(key, iv, NULL, 0, slots->key, sizeof(slot->wrapped_key),
		       slot->wrapped_key, slot->tag);
	OPENSSL_cleanse(key, sizeof(key));
	return ret;
}

/** request_put_slots() - All key slots, decoys first; 0 or -1 */
int request_put_slots(const struct request_slots *slots, uint8_t *out)
{
	struct slot *slot = (struct slot *)out;
	unsigned int i;

	for (i = 0; i < slots->nr_decoys; i++, slot++)
		if (RAND_bytes((uint8_t *)slot, sizeof(*slot)) != 1)
			return -1;
	for (i = 0; i < slots->nr_hosts; i++, slot++)
		if (put_slot(slots, slots->hosts[i], slot))
			return -1;
	return 0;
}
