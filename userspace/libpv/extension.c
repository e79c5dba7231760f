// SPDX-License-Identifier: MIT
/* The extension secret that only the holder of a guest's CCK can derive. */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "asrcb.h"

int pv_extension_secret_derive(uint8_t *extension, const uint8_t *cck,
			       const uint8_t *header_tag,
			       struct pv_error *err)
{
	/* Parameters are not const because a context could fill them in. */
	char digest[] = "SHA512", info[] = PV_EXTENSION_SECRET_INFO;
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_KDF_PARAM_DIGEST, digest,
				       sizeof(digest) - 1),
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_KEY, (void *)cck,
					PV_CCK_SIZE),
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_SALT,
					(void *)header_tag, PV_GCM_TAG_SIZE),
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_INFO, info,
					sizeof(info) - 1),
		OSSL_PARAM_END
	};
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
	int ret = 0;

	if (EVP_KDF_derive(ctx, extension, PV_EXTENSION_SECRET_SIZE,
			   params) != 1) {
		memset(extension, 0, PV_EXTENSION_SECRET_SIZE);
		ret = pv_fail_openssl(err, PV_ERR_CRYPTO,
				      "Cannot derive the extension secret");
	}
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return ret;
}
