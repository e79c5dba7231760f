/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What attestation requests and add-secret requests have in common: a header,
 * a key slot for each host that may open them, an area sealed with the key in
 * the slots.
 *
 * Written for the tests alone and with nothing of what it is used to test.
 */
#ifndef PV_SELFTEST_REQUEST_H
#define PV_SELFTEST_REQUEST_H

#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>

#define REQUEST_VERSION		0x100
#define REQUEST_PHKH_SIZE	32
#define REQUEST_SLOT_SIZE	0x50
#define REQUEST_POINT_SIZE	160
#define REQUEST_TAG_SIZE	16
#define REQUEST_MAX_SLOTS	255

/* Every request starts with this. */
struct request_head {
	uint8_t magic[8];
	uint32_t version;
	uint32_t size;
	uint8_t iv[12];
	uint8_t reserved1c[11];
	uint8_t nr_slots;
	uint8_t reserved28[4];
	uint32_t enc_size;
};

/**
 * struct request_slots - for whom a request is sealed
 * @customer: key pair of the requester, P-521
 * @key: request protection key, 32 bytes
 * @hosts: public keys the request is sealed for
 * @nr_hosts: number of them
 * @nr_decoys: key slots of random content before those of @hosts
 */
struct request_slots {
	EVP_PKEY *customer;
	const uint8_t *key;
	EVP_PKEY *const *hosts;
	unsigned int nr_hosts;
	unsigned int nr_decoys;
};

int request_put_point(EVP_PKEY *key, uint8_t *out);
int request_put_slots(const struct request_slots *slots, uint8_t *out);
int request_phkh(EVP_PKEY *key, uint8_t *phkh);
int request_seal(const uint8_t *key, const uint8_t *iv, uint8_t *request,
		 size_t aad_len, const uint8_t *area, size_t len);

#endif /* PV_SELFTEST_REQUEST_H */
