// SPDX-License-Identifier: MIT
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "secret_store.h"

bool uv_secret_store_init(struct uv_secret_store *store)
{
	bool ok;

	*store = (struct uv_secret_store){ 0 };
	ERR_set_mark();
	store->log = EVP_MD_CTX_new();
	ok = store->log &&
	     EVP_DigestInit_ex2(store->log, EVP_sha512(), NULL) == 1;
	ERR_pop_to_mark();
	return ok;
}

void uv_secret_store_free(struct uv_secret_store *store)
{
	EVP_MD_CTX_free(store->log);
	for (size_t i = 0; i < store->count; i++)
		OPENSSL_clear_free(store->secrets[i].value,
				   store->secrets[i].size);
	OPENSSL_free(store->secrets);
	OPENSSL_cleanse(store, sizeof(*store));
}

size_t uv_secret_store_has(const struct uv_secret_store *store,
			   enum uv_secret_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < store->count; i++)
		n += store->secrets[i].type->kind == kind;
	return n;
}

/* Copies behind the last entry, without counting it. */
static bool append(struct uv_secret_store *store,
		   const struct uv_secret *secret)
{
	struct uv_secret *secrets =
		OPENSSL_realloc(store->secrets,
				(store->count + 1) * sizeof(*secrets));
	struct uv_secret *last;

	if (!secrets)
		return false;
	store->secrets = secrets;
	last = &secrets[store->count];
	*last = *secret;
	last->value = OPENSSL_memdup(secret->value, secret->size);
	return last->value;
}

static bool log_tag(struct uv_secret_store *store,
		    const uint8_t tag[PV_GCM_TAG_SIZE])
{
	bool ok;

	ERR_set_mark();
	ok = EVP_DigestUpdate(store->log, tag, PV_GCM_TAG_SIZE) == 1;
	ERR_pop_to_mark();
	return ok;
}

bool uv_secret_store_add(struct uv_secret_store *store,
			 const struct uv_secret *secret,
			 const uint8_t tag[PV_GCM_TAG_SIZE])
{
	if (secret && !append(store, secret))
		return false;
	if (!log_tag(store, tag)) {
		if (secret)
			OPENSSL_clear_free(store->secrets[store->count].value,
					   secret->size);
		return false;
	}
	store->count += !!secret;
	return true;
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
