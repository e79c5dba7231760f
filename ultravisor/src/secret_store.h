/* SPDX-License-Identifier: MIT */
/* The secrets of a configuration, and what attestation can report of them. */
#ifndef UV_SECRET_STORE_H
#define UV_SECRET_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/types.h>

#include "pv/secret.h"
#include "secret_types.h"

/**
 * struct uv_secret - an entry of the store
 * @type: its type
 * @id: chosen by the owner, need not be unique
 * @size: bytes of @value
 * @value: as it was in the request
 */
struct uv_secret {
	const struct uv_secret_type *type;
	uint8_t id[PV_SECRET_ID_SIZE];
	size_t size;
	uint8_t *value;
};

/**
 * struct uv_secret_store - state of the store
 * @log: running SHA-512 over the tags of all successful add-secret requests
 * @locked: no more secrets, for the life of the configuration
 * @has_extension: @extension is fixed
 * @extension: extension secret that every request must carry
 * @count: number of @secrets
 * @secrets: in the order in which they came, which numbers them
 */
struct uv_secret_store {
	EVP_MD_CTX *log;
	bool locked;
	bool has_extension;
	uint8_t extension[PV_EXTENSION_SECRET_SIZE];
	size_t count;
	struct uv_secret *secrets;
};

/** uv_secret_store_init() - an empty, unlocked store; false on failure */
bool uv_secret_store_init(struct uv_secret_store *store);
/** uv_secret_store_free() - wipes the secrets as well */
void uv_secret_store_free(struct uv_secret_store *store);

/** uv_secret_store_has() - number of secrets of a kind */
size_t uv_secret_store_has(const struct uv_secret_store *store,
			   enum uv_secret_kind kind);

/**
 * uv_secret_store_add() - an add-secret request was successful
 * @secret: what to keep a copy of, NULL for nothing
 * @tag: of the request, for the log
 *
 * Return: false on failure, nothing has changed then
 */
bool uv_secret_store_add(struct uv_secret_store *store,
			 const struct uv_secret *secret,
			 const uint8_t tag[PV_GCM_TAG_SIZE]);

/**
 * uv_secret_store_hash() - SHA-512 over all tags in order and the lock byte
 *
 * The log goes on afterwards.
 */
bool uv_secret_store_hash(const struct uv_secret_store *store,
			  uint8_t hash[PV_SECRET_STORE_HASH_SIZE]);

#endif /* UV_SECRET_STORE_H */
