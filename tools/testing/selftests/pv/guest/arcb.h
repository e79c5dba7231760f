/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The requester's side of attestation: seal a request, check a measurement.
 *
 * Written for the tests alone and with nothing of what it is used to test.
 */
#ifndef PV_SELFTEST_ARCB_H
#define PV_SELFTEST_ARCB_H

#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>

#include "request.h"

/* Plaintext attestation flags; bit 0 is the leftmost. */
#define ARCB_FLAG(bit)		(1ULL << (63 - (bit)))
#define ARCB_FLAG_NONCE		ARCB_FLAG(1)
#define ARCB_FLAG_IMAGE_PHKH	ARCB_FLAG(2)
#define ARCB_FLAG_ATTEST_PHKH	ARCB_FLAG(3)
#define ARCB_FLAG_SECRET_STORE	ARCB_FLAG(4)
#define ARCB_FLAG_FIRMWARE	ARCB_FLAG(5)

#define ARCB_HMAC_SHA512	1
#define ARCB_MEAS_SIZE		64
#define ARCB_PHKH_SIZE		REQUEST_PHKH_SIZE
#define ARCB_STORE_HASH_SIZE	64
#define ARCB_FIRMWARE_SIZE	320
#define ARCB_UID_SIZE		16
#define ARCB_BOOT_TAGS_SIZE	0xd0
#define ARCB_SLOT_SIZE		REQUEST_SLOT_SIZE
#define ARCB_MAX_SLOTS		REQUEST_MAX_SLOTS

/**
 * struct arcb_request - what a request is made of
 * @flags: plaintext attestation flags
 * @customer: key pair of the requester, P-521
 * @hosts: public keys the request is sealed for
 * @nr_hosts: number of them
 * @nr_decoys: key slots of random content before those of @hosts
 * @iv: initialisation vector of the encrypted area
 * @key: request protection key
 * @meas_key: measurement key
 * @nonce: takes part if ARCB_FLAG_NONCE is set
 */
struct arcb_request {
	uint64_t flags;
	EVP_PKEY *customer;
	EVP_PKEY *hosts[4];
	unsigned int nr_hosts;
	unsigned int nr_decoys;
	uint8_t iv[12];
	uint8_t key[32];
	uint8_t meas_key[64];
	uint8_t nonce[16];
};

/**
 * struct arcb_answer - what the Ultravisor returned, and what it was asked with
 * @boot_tags: page, address and tweak list digest and tag of the SE header
 * @config_uid: unique id of the guest
 * @user_data: user data of the ioctl
 * @user_data_len: bytes of @user_data that take part
 * @add_data: additional data
 * @add_data_len: bytes of @add_data that were stored
 */
struct arcb_answer {
	const uint8_t *boot_tags;
	const uint8_t *config_uid;
	const uint8_t *user_data;
	uint16_t user_data_len;
	const uint8_t *add_data;
	uint32_t add_data_len;
};

size_t arcb_size(const struct arcb_request *req);
size_t arcb_add_data_size(uint64_t flags);
int arcb_seal(const struct arcb_request *req, uint8_t *out);
int arcb_measure(const struct arcb_request *req,
		 const struct arcb_answer *answer, uint8_t *measurement);

EVP_PKEY *arcb_private_key(const uint8_t *scalar, size_t len);
EVP_PKEY *arcb_public_key(const uint8_t *x, const uint8_t *y, size_t len);

#endif /* PV_SELFTEST_ARCB_H */
