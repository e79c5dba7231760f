/* SPDX-License-Identifier: MIT */
/* The private host keys of a machine, and the key slots made for them. */
#ifndef UV_HOSTKEY_H
#define UV_HOSTKEY_H

#include "crypto.h"
#include "ultravisor.h"

#define UV_HOST_KEYS	2	/* indexed by enum uv_host_key */

/**
 * struct uv_host_key_pair - an installed host key
 * @key: NULL while none is installed
 * @phkh: hash of its public part, zero while none is installed
 */
struct uv_host_key_pair {
	EVP_PKEY *key;
	uint8_t phkh[PV_PHKH_SIZE];
};

enum uv_unwrap_result {
	UV_UNWRAP_DONE,
	UV_UNWRAP_BAD_POINT,	/* customer public key not on the curve */
	UV_UNWRAP_BAD_TAG,	/* slot is damaged, or made with another key */
	UV_UNWRAP_FAILED,	/* libcrypto failed */
};

/**
 * uv_host_key_find_slot() - the first slot that was made for @pair
 *
 * Return: the slot, NULL if no key is installed or none of the slots is for it
 */
const struct pv_keyslot *
uv_host_key_find_slot(const struct uv_host_key_pair *pair,
		      const struct pv_keyslot *slots, size_t count);

/**
 * uv_host_key_unwrap() - the symmetric key in a slot
 * @point: customer public key of the request or header that holds the slot
 * @key: PV_REQUEST_KEY_SIZE bytes; zeroed unless UV_UNWRAP_DONE
 */
enum uv_unwrap_result
uv_host_key_unwrap(const struct uv_host_key_pair *pair,
		   const struct pv_ec_point *point,
		   const struct pv_keyslot *slot, uint8_t *key);

void uv_host_key_free(struct uv_host_key_pair *pair);

#endif /* UV_HOSTKEY_H */
