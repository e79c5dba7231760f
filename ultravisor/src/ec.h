/* SPDX-License-Identifier: MIT */
/* P-521: private host keys, their hashes, and the exchange of wrapping keys. */
#ifndef UV_EC_H
#define UV_EC_H

#include "crypto.h"

struct uv_error;

/**
 * uv_ec_read_public() - the public key that a request or header carries
 *
 * Return: UV_CRYPTO_REFUSED if @point is not on the curve
 */
enum uv_crypto_result uv_ec_read_public(const struct pv_ec_point *point,
					EVP_PKEY **key);

/** uv_ec_exchange_key() - the key that @own and @peer agree on for a slot */
enum uv_crypto_result uv_ec_exchange_key(EVP_PKEY *own, EVP_PKEY *peer,
					 uint8_t key[PV_EXCHANGE_KEY_SIZE]);

/** uv_ec_hash() - public host key hash (PHKH) of @key; false if that failed */
bool uv_ec_hash(const EVP_PKEY *key, uint8_t phkh[PV_PHKH_SIZE]);

/**
 * uv_ec_read_private() - parse an unencrypted P-521 private key
 *
 * Return: the key, to be freed with EVP_PKEY_free(), or NULL with @err set
 */
EVP_PKEY *uv_ec_read_private(const char *pem, size_t len, struct uv_error *err);

#endif /* UV_EC_H */
