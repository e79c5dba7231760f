/* SPDX-License-Identifier: MIT */
/* AES-256-XTS as the components of an SE image are encrypted, page by page. */
#ifndef LIBPV_SE_XTS_H
#define LIBPV_SE_XTS_H

#include <openssl/evp.h>

#include "se_digests.h"

/**
 * pv_se_xts_new() - get ready to encrypt
 * @key: 64 bytes, both halves of the image key
 * @err: PV_ERR_CRYPTO
 *
 * Return: for one thread at a time, to be freed (and wiped) with
 * EVP_CIPHER_CTX_free(); or NULL with @err set.
 */
EVP_CIPHER_CTX *pv_se_xts_new(const uint8_t *key, struct pv_error *err);

/**
 * pv_se_xts_encrypt() - encrypt pages of a component in place
 * @xts: from pv_se_xts_new()
 * @data: @pages pages of PV_PAGE_SIZE bytes
 * @place: of the first of them; its address does not matter
 * @err: PV_ERR_CRYPTO
 *
 * Return: 0, or -1 with @err set.
 */
int pv_se_xts_encrypt(EVP_CIPHER_CTX *xts, uint8_t *data, size_t pages,
		      const struct pv_se_place *place, struct pv_error *err);

#endif /* LIBPV_SE_XTS_H */
