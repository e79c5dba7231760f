// SPDX-License-Identifier: MIT
#include <openssl/err.h>
#include <openssl/evp.h>

#include "secret_store.h"

bool uv_secret_store_init(struct uv_secret_store *store)
{
	bool ok;

	ERR_set_mark();
	store->locked = false;
	store->log = EVP_MD_CTX_new();
	ok = store->log &&
	     EVP_DigestInit_ex2(store->log, EVP_sha512(), NULL) == 1;
	ERR_pop_to_mark();
	return ok;
}

void uv_secret_store_free(struct uv_secret_store *store)
{
	EVP_MD_CTX_free(store->log);
	store->log = NULL;
}

bool uv_secret_store_log(struct uv_secret_store *store,
			 const uint8_t tag[PV_GCM_TAG_SIZE])
{
	bool ok;

	ERR_set_mark();
	ok = EVP_DigestUpdate(store->log, tag, PV_GCM_TAG_SIZE) == 1;
	ERR_pop_to_mark();
	return ok;
}

bool uv_secret_store_hash(const struct uv_secret_store *store,
			  uint8_t hash[PV_SECRET_STORE_HASH_SIZE])
{
	const uint8_t lock = store->locked ? 0x01 : 0x00;
	EVP_MD_CTX *copy;
	bool ok;

	ERR_set_mark();
	copy = EVP_MD_CTX_new();
	ok = copy && EVP_MD_CTX_copy_ex(copy, store->log) == 1 &&
	     EVP_DigestUpdate(copy, &lock, sizeof(lock)) == 1 &&
	     EVP_DigestFinal_ex(copy, hash, NULL) == 1;
	EVP_MD_CTX_free(copy);
	ERR_pop_to_mark();
	return ok;
}
