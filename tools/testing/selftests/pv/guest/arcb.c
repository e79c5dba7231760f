// SPDX-License-Identifier: GPL-2.0
/*
 * Attestation request control block, version 1, and its measurement.
 */
#include <assert.h>
#include <endian.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "arcb.h"

#define COORDINATE_SIZE	80
#define TAG_SIZE	16

struct arcb_head {
	uint8_t magic[8];
	uint32_t version;
	uint32_t size;
	uint8_t iv[12];
	uint8_t reserved1c[11];
	uint8_t nr_slots;
	uint8_t reserved28[4];
	uint32_t enc_size;
	uint64_t flags;			/* 0x30 */
	uint32_t algorithm;
	uint8_t reserved3c[4];
	uint8_t customer[2 * COORDINATE_SIZE];
};

static_assert(sizeof(struct arcb_head) == 0xe0, "layout of the ARCB");

struct arcb_slot {
	uint8_t phkh[ARCB_PHKH_SIZE];
	uint8_t wrapped_key[32];
	uint8_t tag[TAG_SIZE];
};

static_assert(sizeof(struct arcb_slot) == ARCB_SLOT_SIZE, "layout of a slot");

static size_t enc_size(const struct arcb_request *req)
{
	size_t nonce = req->flags & ARCB_FLAG_NONCE ? sizeof(req->nonce) : 0;

	return sizeof(req->meas_key) + nonce;
}

/** arcb_size() - Size of the whole request in bytes */
size_t arcb_size(const struct arcb_request *req)
{
	return sizeof(struct arcb_head) +
	       (req->nr_decoys + req->nr_hosts) * sizeof(struct arcb_slot) +
	       enc_size(req) + TAG_SIZE;
}

/** arcb_add_data_size() - Size of the additional data that @flags ask for */
size_t arcb_add_data_size(uint64_t flags)
{
	size_t size = 0;

	if (flags & ARCB_FLAG_IMAGE_PHKH)
		size += ARCB_PHKH_SIZE;
	if (flags & ARCB_FLAG_ATTEST_PHKH)
		size += ARCB_PHKH_SIZE;
	if (flags & ARCB_FLAG_SECRET_STORE)
		size += ARCB_STORE_HASH_SIZE;
	if (flags & ARCB_FLAG_FIRMWARE)
		size += ARCB_FIRMWARE_SIZE;
	return size;
}

static int put_coordinate(EVP_PKEY *key, const char *name, uint8_t *out)
{
	BIGNUM *bn = NULL;
	int ok;

	ok = EVP_PKEY_get_bn_param(key, name, &bn) &&
	     BN_bn2binpad(bn, out, COORDINATE_SIZE) == COORDINATE_SIZE;
	BN_free(bn);
	return ok ? 0 : -1;
}

static int put_point(EVP_PKEY *key, uint8_t *out)
{
	if (put_coordinate(key, OSSL_PKEY_PARAM_EC_PUB_X, out))
		return -1;
	return put_coordinate(key, OSSL_PKEY_PARAM_EC_PUB_Y,
			      out + COORDINATE_SIZE);
}

/** arcb_phkh() - Hash that names a host key: 32 bytes in @phkh, 0 or -1 */
int arcb_phkh(EVP_PKEY *key, uint8_t *phkh)
{
	uint8_t point[2 * COORDINATE_SIZE];

	if (put_point(key, point))
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
	     EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TAG_SIZE, tag);
	EVP_CIPHER_CTX_free(ctx);
	return ok ? 0 : -1;
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

static int put_slot(const struct arcb_request *req, EVP_PKEY *host,
		    struct arcb_slot *slot)
{
	static const uint8_t iv[12];
	uint8_t key[32];
	int ret;

	if (arcb_phkh(host, slot->phkh) ||
	    exchange_key(req->customer, host, key))
		return -1;
	ret = gcm_seal(key, iv, NULL, 0, req->key, sizeof(req->key),
		       slot->wrapped_key, slot->tag);
	OPENSSL_cleanse(key, sizeof(key));
	return ret;
}

static int put_slots(const struct arcb_request *req, struct arcb_slot *slot)
{
	unsigned int i;

	for (i = 0; i < req->nr_decoys; i++, slot++)
		if (RAND_bytes((uint8_t *)slot, sizeof(*slot)) != 1)
			return -1;
	for (i = 0; i < req->nr_hosts; i++, slot++)
		if (put_slot(req, req->hosts[i], slot))
			return -1;
	return 0;
}

/**
 * arcb_seal() - Seal a request
 * @req: what it is made of
 * @out: arcb_size() bytes
 *
 * Return: 0, or -1 if the library refuses
 */
int arcb_seal(const struct arcb_request *req, uint8_t *out)
{
	struct arcb_head *head = (struct arcb_head *)out;
	unsigned int nr_slots = req->nr_decoys + req->nr_hosts;
	size_t aad_len = sizeof(*head) + nr_slots * sizeof(struct arcb_slot);
	uint8_t area[sizeof(req->meas_key) + sizeof(req->nonce)];

	memset(head, 0, sizeof(*head));
	head->version = htobe32(0x100);
	head->size = htobe32((uint32_t)arcb_size(req));
	memcpy(head->iv, req->iv, sizeof(head->iv));
	head->nr_slots = (uint8_t)nr_slots;
	head->enc_size = htobe32((uint32_t)enc_size(req));
	head->flags = htobe64(req->flags);
	head->algorithm = htobe32(ARCB_HMAC_SHA512);
	if (put_point(req->customer, head->customer) ||
	    put_slots(req, (struct arcb_slot *)(head + 1)))
		return -1;
	memcpy(area, req->meas_key, sizeof(req->meas_key));
	memcpy(area + sizeof(req->meas_key), req->nonce, sizeof(req->nonce));
	return gcm_seal(req->key, req->iv, out, aad_len, area, enc_size(req),
			out + aad_len, out + aad_len + enc_size(req));
}

struct measured_head {
	uint8_t boot_tags[ARCB_BOOT_TAGS_SIZE];
	uint8_t config_uid[ARCB_UID_SIZE];
	uint16_t user_data_len;
	uint16_t zero;
	uint32_t add_data_len;
};

static_assert(sizeof(struct measured_head) == 0xe8, "layout of the message");

static int hmac_update(EVP_MAC_CTX *ctx, const void *data, size_t len)
{
	return !len || EVP_MAC_update(ctx, data, len);
}

/**
 * arcb_measure() - Compute the measurement that the answer should hold
 * @req: the request
 * @answer: lengths and data as returned
 * @measurement: out, ARCB_MEAS_SIZE bytes
 *
 * Return: 0, or -1 if the library refuses
 */
int arcb_measure(const struct arcb_request *req,
		 const struct arcb_answer *answer, uint8_t *measurement)
{
	char digest[] = "SHA512";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};
	struct measured_head head = {
		.user_data_len = htobe16(answer->user_data_len),
		.add_data_len = htobe32(answer->add_data_len),
	};
	size_t nonce = enc_size(req) - sizeof(req->meas_key);
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(mac);
	size_t len;
	int ok;

	memcpy(head.boot_tags, answer->boot_tags, sizeof(head.boot_tags));
	memcpy(head.config_uid, answer->config_uid, sizeof(head.config_uid));
	ok = ctx &&
	     EVP_MAC_init(ctx, req->meas_key, sizeof(req->meas_key), params) &&
	     hmac_update(ctx, &head, sizeof(head)) &&
	     hmac_update(ctx, answer->user_data, answer->user_data_len) &&
	     hmac_update(ctx, req->nonce, nonce) &&
	     hmac_update(ctx, answer->add_data, answer->add_data_len) &&
	     EVP_MAC_final(ctx, measurement, &len, ARCB_MEAS_SIZE) &&
	     len == ARCB_MEAS_SIZE;
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(mac);
	return ok ? 0 : -1;
}
