// SPDX-License-Identifier: MIT
/* AES-256-XTS as the components of an SE image are encrypted, page by page. */
#include "bytes.h"
#include "se_xts.h"

EVP_CIPHER_CTX *pv_se_xts_new(const uint8_t *key, struct pv_error *err)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, "AES-256-XTS", NULL);
	EVP_CIPHER_CTX *xts = EVP_CIPHER_CTX_new();

	/* Without a tweak yet; libcrypto refuses a key with equal halves. */
	if (!cipher || !xts ||
	    !EVP_EncryptInit_ex2(xts, cipher, key, NULL, NULL)) {
		pv_fail_openssl(err, PV_ERR_CRYPTO,
				"AES-256-XTS does not start");
		EVP_CIPHER_CTX_free(xts);
		xts = NULL;
	}
	EVP_CIPHER_free(cipher);
	return xts;
}

int pv_se_xts_encrypt(EVP_CIPHER_CTX *xts, uint8_t *data, size_t pages,
		      const struct pv_se_place *place, struct pv_error *err)
{
	pv_be64 tweak[2] = { pv_put_be64(place->tweak_prefix) };
	uint64_t offset = place->offset;
	int done;

	for (size_t i = 0; i < pages; i++) {
		tweak[1] = pv_put_be64(offset);
		/* Each page is a data unit of its own. */
		if (!EVP_EncryptInit_ex2(xts, NULL, NULL,
					 (const uint8_t *)tweak, NULL) ||
		    !EVP_EncryptUpdate(xts, data, &done, data, PV_PAGE_SIZE) ||
		    done != PV_PAGE_SIZE)
			return pv_fail_openssl(err, PV_ERR_CRYPTO,
					       "AES-256-XTS failed");
		data += PV_PAGE_SIZE;
		offset += PV_PAGE_SIZE;
	}
	return 0;
}
