/* SPDX-License-Identifier: MIT */
/*
 * Pages as they leave a configuration: AES-256-XTS under a key that nobody
 * outside has.
 *
 * The tweak is component OR nonce: the component tells the pages of a machine
 * apart and is no secret, the nonce is one and tells configurations apart.
 */
#ifndef UV_EXPORT_H
#define UV_EXPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "pv/types.h"
#include "ultravisor.h"

#define UV_EXPORT_KEY_SIZE	64

/**
 * struct uv_export - export secrets of a configuration
 * @key: AES-256-XTS key, the halves differ
 * @nonce: low half of the tweaks; the component is the high half, so the two
 *	never overlap
 */
struct uv_export {
	uint8_t key[UV_EXPORT_KEY_SIZE];
	uint8_t nonce[8];
};

/** uv_export_init() - draw key and nonce; false without random bytes */
bool uv_export_init(struct uv_machine *machine, struct uv_export *export);

/**
 * uv_export_page() - encrypt a page
 * @component: drawn when the page became secure
 * @page: in: content, out: what leaves the configuration
 *
 * Return: false if libcrypto failed; @page is zero then
 */
bool uv_export_page(const struct uv_export *export, uint64_t component,
		    uint8_t page[PV_PAGE_SIZE]);

#endif /* UV_EXPORT_H */
