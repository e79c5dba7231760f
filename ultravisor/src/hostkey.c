// SPDX-License-Identifier: MIT
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "ec.h"
#include "hostkey.h"
#include "machine.h"
#include "report.h"

const struct pv_keyslot *
uv_host_key_find_slot(const struct uv_host_key_pair *pair,
		      const struct pv_keyslot *slots, size_t count)
{
	if (!pair->key)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (memcmp(slots[i].phkh, pair->phkh, PV_PHKH_SIZE) == 0)
			return &slots[i];
	}
	return NULL;
}

static enum uv_unwrap_result open_slot(const uint8_t *exchange_key,
				       const struct pv_keyslot *slot,
				       uint8_t *key)
{
	/* A constant IV is safe here: the exchange key serves one message. */
	static const uint8_t iv[PV_GCM_IV_SIZE];
	const struct uv_sealed sealed = {
		.iv = iv,
		.data = slot->wrapped_key,
		.len = sizeof(slot->wrapped_key),
		.tag = slot->tag,
	};

	switch (uv_gcm_open(exchange_key, &sealed, key)) {
	case UV_CRYPTO_OK:
		return UV_UNWRAP_DONE;
	case UV_CRYPTO_REFUSED:
		return UV_UNWRAP_BAD_TAG;
	default:
		return UV_UNWRAP_FAILED;
	}
}

enum uv_unwrap_result
uv_host_key_unwrap(const struct uv_host_key_pair *pair,
		   const struct pv_ec_point *point,
		   const struct pv_keyslot *slot, uint8_t *key)
{
	uint8_t exchange_key[PV_EXCHANGE_KEY_SIZE];
	enum uv_unwrap_result result = UV_UNWRAP_FAILED;
	enum uv_crypto_result read;
	EVP_PKEY *peer;

	memset(key, 0, PV_REQUEST_KEY_SIZE);
	read = uv_ec_read_public(point, &peer);
	if (read == UV_CRYPTO_REFUSED)
		result = UV_UNWRAP_BAD_POINT;
	else if (read == UV_CRYPTO_OK &&
		 uv_ec_exchange_key(pair->key, peer, exchange_key) ==
		 UV_CRYPTO_OK)
		result = open_slot(exchange_key, slot, key);
	OPENSSL_cleanse(exchange_key, sizeof(exchange_key));
	EVP_PKEY_free(peer);
	return result;
}

void uv_host_key_free(struct uv_host_key_pair *pair)
{
	EVP_PKEY_free(pair->key);
	*pair = (struct uv_host_key_pair){ 0 };
}

int uv_machine_set_host_key(struct uv_machine *machine, enum uv_host_key which,
			    const char *pem, size_t len, struct uv_error *err)
{
	struct uv_host_key_pair pair = { 0 };

	if ((unsigned int)which >= UV_HOST_KEYS)
		return uv_fail(err, 0, 0, "there is no host key number %d",
			       (int)which);
	pair.key = uv_ec_read_private(pem, len, err);
	if (!pair.key)
		return -1;
	if (!uv_ec_hash(pair.key, pair.phkh)) {
		uv_host_key_free(&pair);
		return uv_fail(err, 0, 0, "cannot hash the host key");
	}
	uv_host_key_free(&machine->host_keys[which]);
	machine->host_keys[which] = pair;
	return 0;
}
