// SPDX-License-Identifier: MIT
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "bytes.h"
#include "config.h"
#include "export.h"
#include "machine.h"

bool uv_export_init(struct uv_machine *machine, struct uv_export *export)
{
	return uv_machine_random_xts_key(machine, export->key) &&
	       uv_machine_random(machine, export->nonce,
				 sizeof(export->nonce));
}

bool uv_export_page(const struct uv_export *export, uint64_t component,
		    uint8_t page[PV_PAGE_SIZE])
{
	EVP_CIPHER_CTX *xts = uv_xts_new(export->key, true);
	pv_be64 tweak[2] = { put64(component) };
	bool ok;

	memcpy(tweak[1].byte, export->nonce, sizeof(export->nonce));
	ok = xts && uv_xts_unit(xts, tweak, page, PV_PAGE_SIZE, page);
	if (!ok)
		OPENSSL_cleanse(page, PV_PAGE_SIZE);
	EVP_CIPHER_CTX_free(xts);
	OPENSSL_cleanse(tweak, sizeof(tweak));
	return ok;
}

int uv_host_view(struct uv_machine *machine, uint64_t addr, uint8_t page[4096])
{
	const struct uv_page *state = uv_storage_page(&machine->storage, addr);
	const struct uv_config *config;

	if (addr % PV_PAGE_SIZE || !state ||
	    machine->ops.read_abs(machine->opaque, addr, page, PV_PAGE_SIZE) !=
	    UV_ACCESS_OK)
		return -1;
	if (state->state != UV_PAGE_SECURE)
		return 0;
	config = uv_config_find(machine, state->owner);
	return uv_export_page(&config->export, state->component, page) ? 0 : -1;
}
