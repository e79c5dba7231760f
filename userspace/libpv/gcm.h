/* SPDX-License-Identifier: MIT */
/* AES-256-GCM in one go, as slots, requests and SE headers use it. */
#ifndef LIBPV_GCM_H
#define LIBPV_GCM_H

#include <pv/keyslot.h>

#include "error.h"

#define PV_GCM_KEY_SIZE	32

/**
 * pv_gcm_seal() - encrypt and authenticate
 * @key: PV_GCM_KEY_SIZE bytes
 * @iv: PV_GCM_IV_SIZE bytes
 * @aad: authenticated, not encrypted; may be NULL if @aad_len is 0
 * @aad_len: its size in bytes
 * @in: plaintext
 * @len: size of @in and @out in bytes
 * @out: ciphertext; may be the same memory as @in
 * @tag: out, PV_GCM_TAG_SIZE bytes
 * @err: PV_ERR_CRYPTO or PV_ERR_LIMIT
 *
 * Return: 0, or -1 with @err set.
 */
int pv_gcm_seal(const uint8_t *key, const uint8_t *iv, const void *aad,
		size_t aad_len, const void *in, size_t len, void *out,
		uint8_t *tag, struct pv_error *err);

/**
 * pv_gcm_open() - check the tag and decrypt
 *
 * Like pv_gcm_seal() with @in the ciphertext and @tag the expected tag.  On
 * failure @out is wiped, @err is PV_ERR_UNSEAL (wrong key or altered data) or
 * PV_ERR_CRYPTO.
 *
 * Return: 0, or -1 with @err set.
 */
int pv_gcm_open(const uint8_t *key, const uint8_t *iv, const void *aad,
		size_t aad_len, const void *in, size_t len, void *out,
		const uint8_t *tag, struct pv_error *err);

#endif /* LIBPV_GCM_H */
