/* SPDX-License-Identifier: MIT */
/* The attestation measurement, and the additional data that is part of it. */
#ifndef LIBPV_MEASUREMENT_H
#define LIBPV_MEASUREMENT_H

#include <pv/attest.h>

#include "exchange.h"

/**
 * struct pv_measured - all that takes part in a measurement
 * @boot_tags: of the image that the guest was started from
 * @config_uid: PV_CONFIG_UID_SIZE bytes
 * @user_data: @user_data_len bytes, at most PV_USER_DATA_MAX
 * @nonce: PV_ATTEST_NONCE_SIZE bytes, or NULL
 * @additional: @additional_len bytes
 */
struct pv_measured {
	const struct pv_boot_tags *boot_tags;
	const uint8_t *config_uid;
	const uint8_t *user_data;
	size_t user_data_len;
	const uint8_t *nonce;
	const uint8_t *additional;
	size_t additional_len;
};

/**
 * pv_measure() - compute a measurement (HMAC-SHA-512)
 * @out: PV_ATTEST_MEASUREMENT_SIZE bytes
 * @meas_key: PV_ATTEST_MEAS_KEY_SIZE bytes
 * @err: PV_ERR_CRYPTO, PV_ERR_LIMIT
 *
 * Return: 0, or -1 with @err set.
 */
int pv_measure(uint8_t *out, const uint8_t *meas_key,
	       const struct pv_measured *measured, struct pv_error *err);

/**
 * pv_attest_verify() - does a response prove what it says?
 * @response: parsed file
 * @boot_tags: of the image that the guest should have been started from
 * @arpk: attestation request protection key of the request
 * @flags: out, flags of the request
 * @err: PV_ERR_MISMATCH if the measurement is another one; otherwise as
 *	pv_exchange_check_response() and pv_arcb_open()
 *
 * Return: 0 if it does, else -1 with @err set.
 */
int pv_attest_verify(const struct pv_exchange *response,
		     const struct pv_boot_tags *boot_tags, const uint8_t *arpk,
		     uint64_t *flags, struct pv_error *err);

enum pv_additional_field {
	PV_ADDITIONAL_IMAGE_PHKH,
	PV_ADDITIONAL_ATTEST_PHKH,
	PV_ADDITIONAL_SECRET_STORE,
	PV_ADDITIONAL_FIRMWARE_STATE,
	PV_ADDITIONAL_UNRECOGNIZED,
	PV_ADDITIONAL_N_FIELDS,
};

/**
 * struct pv_additional - additional data, taken apart
 * @field: indexed by enum pv_additional_field; not owned, absent if NULL
 */
struct pv_additional {
	struct {
		const uint8_t *data;
		size_t size;
	} field[PV_ADDITIONAL_N_FIELDS];
};

/** pv_additional_size() - bytes of additional data that the flags ask for */
size_t pv_additional_size(uint64_t flags);

/**
 * pv_additional_parse() - take additional data apart
 * @out: points into @data
 * @flags: of the request
 * @data: @size bytes, may be NULL if @size is 0
 * @err: PV_ERR_FORMAT if a field that was asked for is missing
 *
 * Return: 0, or -1 with @err set.
 */
int pv_additional_parse(struct pv_additional *out, uint64_t flags,
			const uint8_t *data, size_t size,
			struct pv_error *err);

/**
 * pv_secret_store_hash() - SHA-512 over request tags and the lock byte
 * @out: PV_SECRET_STORE_HASH_SIZE bytes
 * @tags: @n tags of PV_GCM_TAG_SIZE bytes each, one behind the other: those of
 *	the successful add-secret requests, in order
 * @locked: the store accepts no more
 * @err: PV_ERR_CRYPTO
 *
 * Return: 0, or -1 with @err set.
 */
int pv_secret_store_hash(uint8_t *out, const uint8_t *tags, size_t n,
			 bool locked, struct pv_error *err);

#endif /* LIBPV_MEASUREMENT_H */
