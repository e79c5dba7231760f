// SPDX-License-Identifier: MIT
#include <string.h>

#include <openssl/evp.h>

#include "bytes.h"
#include "machine.h"
#include "protected_key.h"

bool uv_wrapping_key_init(struct uv_machine *machine,
			  struct uv_wrapping_key *wrapping)
{
	static const uint8_t salt[] = { 'T', 'E', 'S', 'T' };
	static const char info[] = "verification pattern";

	return uv_machine_random_xts_key(machine, wrapping->key) &&
	       uv_hkdf_sha512(wrapping->key, sizeof(wrapping->key), salt,
			      sizeof(salt), info, sizeof(info) - 1,
			      wrapping->pattern, sizeof(wrapping->pattern));
}

bool uv_protect_key(const struct uv_wrapping_key *wrapping, uint16_t type,
		    const uint8_t *clear, size_t len, uint8_t *out)
{
	const pv_be64 tweak[2] = { put64(0), put64(type) };
	EVP_CIPHER_CTX *xts = uv_xts_new(wrapping->key, true);
	bool ok = xts && uv_xts_unit(xts, tweak, clear, len, out);

	memcpy(out + len, wrapping->pattern, sizeof(wrapping->pattern));
	EVP_CIPHER_CTX_free(xts);
	return ok;
}
