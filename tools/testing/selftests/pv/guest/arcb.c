// SPDX-License-Identifier: GPL-2.0
/*
 * Attestation request control block, version 1, and its measurement.
 */
#include <assert.h>
#include <endian.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>

#include "arcb.h"

struct arcb_head {
	struct request_head head;
	uint64_t flags;			/* 0x30 */
	uint32_t algorithm;
	uint8_t reserved3c[4];
	uint8_t customer[REQUEST_POINT_SIZE];
};

static_assert(sizeof(struct arcb_head) == 0xe0, "layout of the ARCB");

static size_t enc_size(const struct arcb_request *req)
{
	size_t nonce = req->flags & ARCB_FLAG_NONCE ? sizeof(req->nonce) : 0;

	return sizeof(req->meas_key) + nonce;
}

/** arcb_size() - Size of the whole request in bytes */
size_t arcb_size(const struct arcb_request *req)
{
	return sizeof(struct arcb_head) +
	       (req->nr_decoys + req->nr_hosts) * ARCB_SLOT_SIZE +
	       enc_size(req) + REQUEST_TAG_SIZE;
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

/**
 * arcb_seal() - Seal a request
 * @req: what it is made of
 * @out: arcb_size() bytes
 *
 * Return: 0, or -1 if the library refuses
 */
int arcb_seal(const struct arcb_request *req, uint8_t *out)
{
	struct arcb_head *arcb = (struct arcb_head *)out;
	struct request_slots slots = {
		.customer = req->customer,
		.key = req->key,
		.hosts = req->hosts,
		.nr_hosts = req->nr_hosts,
		.nr_decoys = req->nr_decoys,
	};
	unsigned int nr_slots = req->nr_decoys + req->nr_hosts;
	size_t aad_len = sizeof(*arcb) + nr_slots * ARCB_SLOT_SIZE;
	uint8_t area[sizeof(req->meas_key) + sizeof(req->nonce)];

	memset(arcb, 0, sizeof(*arcb));
	arcb->head.version = htobe32(REQUEST_VERSION);
	arcb->head.size = htobe32((uint32_t)arcb_size(req));
	memcpy(arcb->head.iv, req->iv, sizeof(arcb->head.iv));
	arcb->head.nr_slots = (uint8_t)nr_slots;
	arcb->head.enc_size = htobe32((uint32_t)enc_size(req));
	arcb->flags = htobe64(req->flags);
	arcb->algorithm = htobe32(ARCB_HMAC_SHA512);
	if (request_put_point(req->customer, arcb->customer) ||
	    request_put_slots(&slots, (uint8_t *)(arcb + 1)))
		return -1;
	memcpy(area, req->meas_key, sizeof(req->meas_key));
	memcpy(area + sizeof(req->meas_key), req->nonce, sizeof(req->nonce));
	return request_seal(req->key, req->iv, out, aad_len, area,
			    enc_size(req));
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
