/* SPDX-License-Identifier: MIT */
/*
 * Key slots, version 1: how a 32-byte key is handed to one host.
 *
 * Attestation requests and SE headers share this.  A later slot version (hybrid
 * key exchange) would get its own seal function beside pv_keyslot_seal().
 */
#ifndef LIBPV_KEYSLOT_H
#define LIBPV_KEYSLOT_H

#include <openssl/evp.h>

#include <pv/keyslot.h>

#include "error.h"

/**
 * pv_point_hash() - public host key hash (SHA-256 over the coordinates)
 * @phkh: out, PV_PHKH_SIZE bytes
 * @point: of the host key
 * @err: PV_ERR_CRYPTO
 *
 * Return: 0, or -1 with @err set.
 */
int pv_point_hash(uint8_t *phkh, const struct pv_ec_point *point,
		  struct pv_error *err);

/**
 * pv_exchange_key() - the key both sides of a slot derive
 * @exchange_key: out, PV_EXCHANGE_KEY_SIZE bytes; the caller wipes it
 * @own: private key of one side
 * @peer: public key of the other side
 * @err: PV_ERR_HOSTKEY if the keys do not fit, PV_ERR_CRYPTO
 *
 * Return: 0, or -1 with @err set.
 */
int pv_exchange_key(uint8_t *exchange_key, EVP_PKEY *own, EVP_PKEY *peer,
		    struct pv_error *err);

/**
 * pv_keyslot_seal() - make the slot that hands a key to a host
 * @slot: out
 * @customer: key pair of the request or header
 * @host: public key of the host
 * @request_key: the key to hand over, PV_REQUEST_KEY_SIZE bytes
 * @err: PV_ERR_HOSTKEY, PV_ERR_CRYPTO
 *
 * Return: 0, or -1 with @err set.
 */
int pv_keyslot_seal(struct pv_keyslot *slot, EVP_PKEY *customer,
		    EVP_PKEY *host, const uint8_t *request_key,
		    struct pv_error *err);

/**
 * pv_point_from_key() - coordinates of a P-521 public key
 * @point: out
 * @key: public or private key
 * @err: PV_ERR_HOSTKEY if the key is not on P-521
 *
 * Return: 0, or -1 with @err set.
 */
int pv_point_from_key(struct pv_ec_point *point, const EVP_PKEY *key,
		      struct pv_error *err);

/**
 * pv_customer_key_generate() - fresh P-521 key pair for one request or header
 * @err: PV_ERR_CRYPTO
 *
 * A pair must never seal two different keys for the same host: the slot's IV is
 * constant, so its key may be used once only.
 *
 * Return: the pair, to be freed with EVP_PKEY_free(), or NULL with @err set.
 */
EVP_PKEY *pv_customer_key_generate(struct pv_error *err);

#endif /* LIBPV_KEYSLOT_H */
