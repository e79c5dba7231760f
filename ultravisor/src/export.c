// SPDX-License-Identifier: MIT
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "array.h"
#include "bytes.h"
#include "config.h"
#include "export.h"
#include "machine.h"

bool uv_export_init(struct uv_machine *machine, struct uv_export *export)
{
	if (!uv_machine_random_xts_key(machine, export->key) ||
	    !uv_machine_random(machine, export->nonce,
			       sizeof(export->nonce)) ||
	    !uv_machine_random(machine, export->mac_key,
			       sizeof(export->mac_key)))
		return false;
	export->encrypt = uv_xts_new(export->key, true);
	export->decrypt = uv_xts_new(export->key, false);
	return export->encrypt && export->decrypt;
}

void uv_export_free(struct uv_export *export)
{
	EVP_CIPHER_CTX_free(export->encrypt);
	EVP_CIPHER_CTX_free(export->decrypt);
	OPENSSL_cleanse(export, sizeof(*export));
}

static bool crypt(const struct uv_export *export, EVP_CIPHER_CTX *xts,
		  uint64_t component, uint8_t page[PV_PAGE_SIZE])
{
	pv_be64 tweak[2] = { put64(component) };
	bool ok;

	memcpy(tweak[1].byte, export->nonce, sizeof(export->nonce));
	ok = uv_xts_unit(xts, tweak, page, PV_PAGE_SIZE, page);
	if (!ok)
		OPENSSL_cleanse(page, PV_PAGE_SIZE);
	OPENSSL_cleanse(tweak, sizeof(tweak));
	return ok;
}

bool uv_export_page(const struct uv_export *export, uint64_t component,
		    uint8_t page[PV_PAGE_SIZE])
{
	return crypt(export, export->encrypt, component, page);
}

bool uv_export_open(const struct uv_export *export, uint64_t component,
		    uint8_t page[PV_PAGE_SIZE])
{
	return crypt(export, export->decrypt, component, page);
}

bool uv_export_mac(const struct uv_export *export, uint64_t gaddr,
		   uint64_t component, const uint8_t page[PV_PAGE_SIZE],
		   uint8_t mac[UV_EXPORT_MAC_SIZE])
{
	const pv_be64 place[] = { put64(gaddr), put64(component) };
	const struct uv_chunk chunks[] = {
		{ place, sizeof(place) },
		{ page, PV_PAGE_SIZE },
	};
	uint8_t full[UV_SHA512_SIZE];

	if (!uv_hmac_sha512(export->mac_key, sizeof(export->mac_key), chunks,
			    ARRAY_SIZE(chunks), full))
		return false;
	memcpy(mac, full, UV_EXPORT_MAC_SIZE);
	OPENSSL_cleanse(full, sizeof(full));
	return true;
}

int uv_host_view(struct uv_machine *machine, uint64_t addr, uint8_t page[4096])
{
	const struct uv_page *state = uv_storage_page(&machine->storage, addr);
	const struct uv_config *config;

	if (addr % PV_PAGE_SIZE || !state ||
	    machine->ops.read_abs(machine->opaque, addr, page, PV_PAGE_SIZE) !=
	    UV_ACCESS_OK)
		return -1;
	if (state->state != UV_PAGE_SECURE && state->state != UV_PAGE_DONATED)
		return 0;
	config = uv_config_find(machine, state->owner);
	if (state->state == UV_PAGE_SECURE && config)
		return uv_export_page(&config->export, state->component,
				      page) ? 0 : -1;
	/* All that anybody will ever get of it. */
	OPENSSL_cleanse(page, PV_PAGE_SIZE);
	return 0;
}
