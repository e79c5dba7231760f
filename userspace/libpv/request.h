/* SPDX-License-Identifier: MIT */
/*
 * What all sealed requests have in common: a header, a fixed part that ends
 * with the customer's public key, key slots, plain bytes of some requests, the
 * encrypted area, the GCM tag.
 */
#ifndef LIBPV_REQUEST_H
#define LIBPV_REQUEST_H

#include <openssl/evp.h>

#include <pv/attest.h>

#include "file.h"

#define PV_REQUEST_MAX_SLOTS	255

/**
 * struct pv_request - a request to be made
 * @hosts: public keys of the hosts that may open it
 * @customer: key pair of the request
 * @n_hosts: number of @hosts, 1 to PV_REQUEST_MAX_SLOTS
 * @key: request protection key, PV_REQUEST_KEY_SIZE bytes
 * @iv: PV_GCM_IV_SIZE bytes
 * @fixed: bytes before the key slots
 * @trailer: plain bytes between the slots and the encrypted area
 * @encrypted: size of the encrypted area
 */
struct pv_request {
	EVP_PKEY **hosts;
	EVP_PKEY *customer;
	size_t n_hosts;
	const uint8_t *key;
	const uint8_t *iv;
	size_t fixed;
	size_t trailer;
	size_t encrypted;
};

/** pv_request_plain() - bytes before the encrypted area */
size_t pv_request_plain(const struct pv_request *request);

/**
 * pv_request_begin() - a request with header, customer key and slots in place
 * @out: owned by the caller; what it fills in before pv_request_seal() is zero
 * @err: PV_ERR_LIMIT (number of hosts), PV_ERR_HOSTKEY, PV_ERR_MEMORY,
 *	PV_ERR_CRYPTO
 *
 * Return: 0, or -1 with @err set and @out empty.
 */
int pv_request_begin(struct pv_buffer *out, const struct pv_request *request,
		     struct pv_error *err);

/**
 * pv_request_seal() - encrypt the area and compute the tag
 * @out: from pv_request_begin(), complete but for area and tag
 * @plain: what goes into the area, @request->encrypted bytes
 * @err: PV_ERR_CRYPTO
 *
 * Again for the same @plain it gives the same area, and the tag of what stands
 * before it by then.
 *
 * Return: 0, or -1 with @err set.
 */
int pv_request_seal(struct pv_buffer *out, const struct pv_request *request,
		    const void *plain, struct pv_error *err);

/**
 * pv_request_check() - do size and version of a request hold?
 * @size: bytes there are, not less than the header's
 * @what: what the request is, for the message
 * @err: PV_ERR_FORMAT, PV_ERR_UNSUPPORTED (version)
 *
 * Return: 0, or -1 with @err set.
 */
int pv_request_check(const struct pv_request_header *header, size_t size,
		     const char *what, struct pv_error *err);

#endif /* LIBPV_REQUEST_H */
