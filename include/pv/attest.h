/* SPDX-License-Identifier: MIT */
/*
 * Attestation request (ARCB, version 1) and measurement.
 *
 * Request: header, arcb head, key slots || encrypted area || GCM tag.  All
 * before the encrypted area is authenticated as additional data.
 */
#ifndef PV_ATTEST_H
#define PV_ATTEST_H

#include "keyslot.h"

#define PV_REQUEST_VERSION_1	0x0100

/**
 * struct pv_request_header - head of every sealed request
 * @magic: zero in attestation requests
 * @version: PV_REQUEST_VERSION_1
 * @size: of the whole request in bytes, tag included
 * @iv: AES-GCM IV
 * @nks: number of key slots, 1 to 255
 * @sea: size of the encrypted area in bytes, tag not included
 */
struct pv_request_header {
	uint8_t magic[8];
	pv_be32 version;
	pv_be32 size;
	uint8_t iv[PV_GCM_IV_SIZE];		/* 0x10 */
	uint8_t reserved1c[11];
	uint8_t nks;				/* 0x27 */
	uint8_t reserved28[4];
	pv_be32 sea;				/* 0x2c */
};

PV_ASSERT_SIZE(struct pv_request_header, 0x30);
PV_ASSERT_OFFSET(struct pv_request_header, nks, 0x27);

/**
 * struct pv_arcb - fixed part of an attestation request
 * @flags: plaintext attestation flags, PV_ATTEST_FLAG_*
 * @algorithm: PV_ATTEST_HMAC_SHA512
 * @cust_pub_key: customer public key
 *
 * Followed by the slots (struct pv_keyslot), the encrypted area (measurement
 * key, then the nonce if PV_ATTEST_FLAG_NONCE is set) and the GCM tag.
 */
struct pv_arcb {
	struct pv_request_header header;
	pv_be64 flags;				/* 0x30 */
	pv_be32 algorithm;
	uint8_t reserved3c[4];
	struct pv_ec_point cust_pub_key;	/* 0x40 */
};

PV_ASSERT_SIZE(struct pv_arcb, 0xe0);

#define PV_ATTEST_FLAG_NONCE		PV_BIT64(1)
#define PV_ATTEST_FLAG_IMAGE_PHKH	PV_BIT64(2)
#define PV_ATTEST_FLAG_ATTEST_PHKH	PV_BIT64(3)
#define PV_ATTEST_FLAG_SECRET_STORE	PV_BIT64(4)
#define PV_ATTEST_FLAG_FIRMWARE_STATE	PV_BIT64(5)

#define PV_ATTEST_HMAC_SHA512		1
#define PV_ATTEST_MEAS_KEY_SIZE		64
#define PV_ATTEST_MEASUREMENT_SIZE	64
#define PV_ATTEST_NONCE_SIZE		16
#define PV_CONFIG_UID_SIZE		16

/* Additional data, packed in ascending order of the flag bits. */
#define PV_SECRET_STORE_HASH_SIZE	64
#define PV_FIRMWARE_STATE_SIZE		320

/**
 * struct pv_boot_tags - what identifies an image in measurements and requests
 * @pld: page list digest
 * @ald: address list digest
 * @tld: tweak list digest
 * @tag: GCM tag of the SE header
 */
struct pv_boot_tags {
	uint8_t pld[64];
	uint8_t ald[64];
	uint8_t tld[64];
	uint8_t tag[PV_GCM_TAG_SIZE];
};

PV_ASSERT_SIZE(struct pv_boot_tags, 0xd0);

/**
 * struct pv_measured_head - fixed part of the measured message
 *
 * HMAC-SHA-512 over this, then user data, nonce (if any), additional data.
 */
struct pv_measured_head {
	struct pv_boot_tags boot_tags;
	uint8_t config_uid[PV_CONFIG_UID_SIZE];
	pv_be16 user_data_len;
	uint8_t zero[2];
	pv_be32 add_data_len;
};

PV_ASSERT_SIZE(struct pv_measured_head, 0xe8);

#endif /* PV_ATTEST_H */
