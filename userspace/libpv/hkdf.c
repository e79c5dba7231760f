// SPDX-License-Identifier: MIT
/* HKDF (RFC 5869) with SHA-512, extract and expand. */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "hkdf.h"

int pv_hkdf_sha512(uint8_t *out, size_t size, const struct pv_hkdf *from,
		   const char *what, struct pv_error *err)
{
	/* Parameters are not const because a context could fill them in. */
	char digest[] = "SHA512";
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_KDF_PARAM_DIGEST, digest,
				       sizeof(digest) - 1),
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_KEY, (void *)from->key,
					from->key_size),
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_SALT,
					(void *)from->salt, from->salt_size),
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_INFO,
					(void *)from->info,
					strlen(from->info)),
		OSSL_PARAM_END
	};
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
	int ret = 0;

	if (EVP_KDF_derive(ctx, out, size, params) != 1) {
		memset(out, 0, size);
		ret = pv_fail_openssl(err, PV_ERR_CRYPTO, "Cannot derive %s",
				      what);
	}
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return ret;
}
