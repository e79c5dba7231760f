/* SPDX-License-Identifier: MIT */
/* What attestation can report about the secrets of a configuration. */
#ifndef UV_SECRET_STORE_H
#define UV_SECRET_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include <openssl/types.h>

#include "pv/attest.h"

/**
 * struct uv_secret_store - state of the store
 * @log: running SHA-512 over the tags of all successful add-secret requests
 * @locked: no more secrets, for the life of the configuration
 */
struct uv_secret_store {
	EVP_MD_CTX *log;
	bool locked;
};

/** uv_secret_store_init() - an empty, unlocked store; false on failure */
bool uv_secret_store_init(struct uv_secret_store *store);
void uv_secret_store_free(struct uv_secret_store *store);

/** uv_secret_store_log() - note the tag of a successful add-secret request */
bool uv_secret_store_log(struct uv_secret_store *store,
			 const uint8_t tag[PV_GCM_TAG_SIZE]);

/**
 * uv_secret_store_hash() - SHA-512 over all tags in order and the lock byte
 *
 * The log goes on afterwards.
 */
bool uv_secret_store_hash(const struct uv_secret_store *store,
			  uint8_t hash[PV_SECRET_STORE_HASH_SIZE]);

#endif /* UV_SECRET_STORE_H */
