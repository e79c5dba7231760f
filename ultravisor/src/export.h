/* SPDX-License-Identifier: MIT */
/*
 * Pages as they leave a configuration: AES-256-XTS under a key that nobody
 * outside has, and an integrity value that stays inside.
 *
 * The tweak is component OR nonce: the component tells the pages of a
 * configuration apart and is no secret, the nonce is one and tells
 * configurations apart.
 */
#ifndef UV_EXPORT_H
#define UV_EXPORT_H

#include <stdbool.h>
#include <stdint.h>

#include <openssl/types.h>

#include "pv/types.h"
#include "ultravisor.h"

#define UV_EXPORT_KEY_SIZE	64
#define UV_EXPORT_MAC_KEY_SIZE	64
#define UV_EXPORT_MAC_SIZE	16

/**
 * struct uv_export - export secrets of a configuration
 * @key: AES-256-XTS key, the halves differ
 * @nonce: low half of the tweaks; the component is the high half, so the two
 *	never overlap
 * @mac_key: HMAC-SHA-512 key of integrity values
 * @encrypt: @key in use
 * @decrypt: the same
 */
struct uv_export {
	uint8_t key[UV_EXPORT_KEY_SIZE];
	uint8_t nonce[8];
	uint8_t mac_key[UV_EXPORT_MAC_KEY_SIZE];
	EVP_CIPHER_CTX *encrypt;
	EVP_CIPHER_CTX *decrypt;
};

/** uv_export_init() - draw the secrets; false without random bytes or memory */
bool uv_export_init(struct uv_machine *machine, struct uv_export *export);
/** uv_export_free() - zeroed is fine */
void uv_export_free(struct uv_export *export);

/**
 * uv_export_page() - encrypt a page
 * @component: drawn when the page became secure
 * @page: in: content, out: what leaves the configuration
 *
 * Return: false if libcrypto failed; @page is zero then
 */
bool uv_export_page(const struct uv_export *export, uint64_t component,
		    uint8_t page[PV_PAGE_SIZE]);

/** uv_export_open() - decrypt a page, the counterpart of uv_export_page() */
bool uv_export_open(const struct uv_export *export, uint64_t component,
		    uint8_t page[PV_PAGE_SIZE]);

/**
 * uv_export_mac() - integrity value of an encrypted page
 * @gaddr: guest address of the page: its content is of no use elsewhere
 * @component: which is used once: an older content has another value
 *
 * Return: false if libcrypto failed
 */
bool uv_export_mac(const struct uv_export *export, uint64_t gaddr,
		   uint64_t component, const uint8_t page[PV_PAGE_SIZE],
		   uint8_t mac[UV_EXPORT_MAC_SIZE]);

#endif /* UV_EXPORT_H */
