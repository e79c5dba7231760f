/* SPDX-License-Identifier: MIT */
/* Attestation requests (ARCB, version 1): making, reading and opening them. */
#ifndef LIBPV_ARCB_H
#define LIBPV_ARCB_H

#include <stdbool.h>

#include <openssl/evp.h>

#include <pv/attest.h>

#include "file.h"
#include "request.h"

/* What both the kernel and the exchange format take at most. */
#define PV_ARCB_MAX_SIZE	0x100000
#define PV_ARCB_MAX_SLOTS	PV_REQUEST_MAX_SLOTS

/**
 * struct pv_arcb_spec - everything that goes into a request
 * @hosts: public keys of the hosts that may answer
 * @customer: key pair of this request
 * @n_hosts: number of @hosts, 1 to PV_ARCB_MAX_SLOTS
 * @flags: PV_ATTEST_FLAG_*
 * @iv: of this request
 * @arpk: attestation request protection key
 * @meas_key: key of the measurement
 * @nonce: used if PV_ATTEST_FLAG_NONCE is set
 *
 * pv_arcb_spec_randomize() fills in @customer and everything from @iv on;
 * pv_arcb_spec_wipe() forgets it.  @hosts stays the caller's.
 */
struct pv_arcb_spec {
	EVP_PKEY **hosts;
	EVP_PKEY *customer;
	size_t n_hosts;
	uint64_t flags;
	uint8_t iv[PV_GCM_IV_SIZE];
	uint8_t arpk[PV_REQUEST_KEY_SIZE];
	uint8_t meas_key[PV_ATTEST_MEAS_KEY_SIZE];
	uint8_t nonce[PV_ATTEST_NONCE_SIZE];
};

/**
 * pv_arcb_spec_randomize() - draw keys, IV and nonce
 * @err: PV_ERR_CRYPTO
 *
 * Return: 0, or -1 with @err set.
 */
int pv_arcb_spec_randomize(struct pv_arcb_spec *spec, struct pv_error *err);

/** pv_arcb_spec_wipe() - wipe the secrets and free the customer key */
void pv_arcb_spec_wipe(struct pv_arcb_spec *spec);

/**
 * pv_arcb_create() - seal a request
 * @out: the request, owned by the caller
 * @err: PV_ERR_LIMIT (number of hosts), PV_ERR_HOSTKEY, PV_ERR_CRYPTO
 *
 * Return: 0, or -1 with @err set and @out empty.
 */
int pv_arcb_create(struct pv_buffer *out, const struct pv_arcb_spec *spec,
		   struct pv_error *err);

/**
 * struct pv_arcb_info - what a request says in plain text
 * @flags: PV_ATTEST_FLAG_* and unknown ones
 * @n_slots: number of key slots
 * @slots: in the request itself
 * @encrypted: offset of the encrypted area
 * @encrypted_size: its size without the tag
 */
struct pv_arcb_info {
	uint64_t flags;
	size_t n_slots;
	const struct pv_keyslot *slots;
	size_t encrypted;
	size_t encrypted_size;
};

/**
 * pv_arcb_parse() - check a request as far as that is possible without a key
 * @info: out
 * @arcb: the request
 * @size: its size in bytes, which the request must confirm
 * @err: PV_ERR_FORMAT, PV_ERR_UNSUPPORTED (version or algorithm)
 *
 * Order: size of the fixed part, magic, sizes, version, algorithm, size of the
 * encrypted area against the flags, number of slots against the size.
 *
 * Return: 0, or -1 with @err set.
 */
int pv_arcb_parse(struct pv_arcb_info *info, const void *arcb, size_t size,
		  struct pv_error *err);

/**
 * struct pv_arcb_keys - what the encrypted area holds; the caller wipes it
 * @meas_key: key of the measurement
 * @has_nonce: @nonce takes part in the measurement
 */
struct pv_arcb_keys {
	uint8_t meas_key[PV_ATTEST_MEAS_KEY_SIZE];
	bool has_nonce;
	uint8_t nonce[PV_ATTEST_NONCE_SIZE];
};

/**
 * pv_arcb_open() - parse, authenticate and decrypt a request
 * @keys: out
 * @info: out
 * @arpk: attestation request protection key
 * @err: as pv_arcb_parse(); PV_ERR_UNSEAL
 *
 * Return: 0, or -1 with @err set and @keys wiped.
 */
int pv_arcb_open(struct pv_arcb_keys *keys, struct pv_arcb_info *info,
		 const void *arcb, size_t size, const uint8_t *arpk,
		 struct pv_error *err);

#endif /* LIBPV_ARCB_H */
