/* SPDX-License-Identifier: MIT */
/*
 * Keys as a guest gets them: wrapped by a key of its configuration, so that
 * only CPUs running the configuration could use them.
 *
 * The form is our own (a real machine's is not public), but its length, and
 * that the last bytes tell which wrapping key was used, are not.
 */
#ifndef UV_PROTECTED_KEY_H
#define UV_PROTECTED_KEY_H

#include "crypto.h"
#include "pv/secret.h"
#include "ultravisor.h"

/**
 * struct uv_wrapping_key - wraps the keys of a configuration
 * @key: AES-256-XTS key; the tweak of a key is its type
 * @pattern: verification pattern behind every key it has wrapped
 */
struct uv_wrapping_key {
	uint8_t key[UV_XTS_KEY_SIZE];
	uint8_t pattern[PV_PROTECTED_KEY_OVERHEAD];
};

/** uv_wrapping_key_init() - draw one; false on failure */
bool uv_wrapping_key_init(struct uv_machine *machine,
			  struct uv_wrapping_key *wrapping);

/**
 * uv_protect_key() - equal keys of equal type give equal protected keys
 * @type: enum pv_secret_type
 * @clear: the key, @len bytes of it, at least 16
 * @out: @len + PV_PROTECTED_KEY_OVERHEAD bytes
 *
 * Return: false if libcrypto failed
 */
bool uv_protect_key(const struct uv_wrapping_key *wrapping, uint16_t type,
		    const uint8_t *clear, size_t len, uint8_t *out);

#endif /* UV_PROTECTED_KEY_H */
