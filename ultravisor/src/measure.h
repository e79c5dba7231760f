/* SPDX-License-Identifier: MIT */
/* The attestation measurement itself. */
#ifndef UV_MEASURE_H
#define UV_MEASURE_H

#include "crypto.h"
#include "pv/attest.h"

/**
 * struct uv_evidence - what a measurement vouches for
 * @tags: identity of the image
 * @uid: PV_CONFIG_UID_SIZE bytes, identity of the configuration
 * @user_data: at most 256 bytes
 * @nonce: 0 or PV_ATTEST_NONCE_SIZE bytes
 * @add_data: additional data as it is returned
 */
struct uv_evidence {
	const struct pv_boot_tags *tags;
	const uint8_t *uid;
	struct uv_chunk user_data;
	struct uv_chunk nonce;
	struct uv_chunk add_data;
};

/** uv_measure() - HMAC-SHA-512 over @evidence; false if libcrypto failed */
bool uv_measure(const uint8_t key[PV_ATTEST_MEAS_KEY_SIZE],
		const struct uv_evidence *evidence,
		uint8_t measurement[PV_ATTEST_MEASUREMENT_SIZE]);

#endif /* UV_MEASURE_H */
