/* SPDX-License-Identifier: MIT */
/* HKDF (RFC 5869) with SHA-512, extract and expand. */
#ifndef LIBPV_HKDF_H
#define LIBPV_HKDF_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"

/**
 * struct pv_hkdf - what a key is derived from
 * @key: input key, @key_size bytes
 * @salt: @salt_size bytes
 * @info: text, used without its NUL
 */
struct pv_hkdf {
	const uint8_t *key;
	size_t key_size;
	const uint8_t *salt;
	size_t salt_size;
	const char *info;
};

/**
 * pv_hkdf_sha512() - derive a key
 * @out: @size bytes, zeros on failure; the caller wipes it
 * @what: for the message
 * @err: PV_ERR_CRYPTO
 *
 * Return: 0, or -1 with @err set.
 */
int pv_hkdf_sha512(uint8_t *out, size_t size, const struct pv_hkdf *from,
		   const char *what, struct pv_error *err);

#endif /* LIBPV_HKDF_H */
