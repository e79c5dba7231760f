// SPDX-License-Identifier: MIT
/* Page, address and tweak list digests of an SE image. */
#include <stdlib.h>

#include <openssl/evp.h>

#include "bytes.h"
#include "se_digests.h"

struct pv_se_digests {
	EVP_MD_CTX *pld;
	EVP_MD_CTX *ald;
	EVP_MD_CTX *tld;
	uint64_t pages;
};

static EVP_MD_CTX *new_sha512(void)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	if (ctx && !EVP_DigestInit_ex(ctx, EVP_sha512(), NULL)) {
		EVP_MD_CTX_free(ctx);
		return NULL;
	}
	return ctx;
}

struct pv_se_digests *pv_se_digests_new(struct pv_error *err)
{
	struct pv_se_digests *digests = calloc(1, sizeof(*digests));

	if (!digests) {
		pv_fail(err, PV_ERR_MEMORY, "Out of memory");
		return NULL;
	}
	digests->pld = new_sha512();
	digests->ald = new_sha512();
	digests->tld = new_sha512();
	if (!digests->pld || !digests->ald || !digests->tld) {
		pv_fail_openssl(err, PV_ERR_CRYPTO, "SHA-512 does not start");
		pv_se_digests_free(digests);
		return NULL;
	}
	return digests;
}

void pv_se_digests_free(struct pv_se_digests *digests)
{
	if (!digests)
		return;
	EVP_MD_CTX_free(digests->pld);
	EVP_MD_CTX_free(digests->ald);
	EVP_MD_CTX_free(digests->tld);
	free(digests);
}

int pv_se_digests_page(struct pv_se_digests *digests, const uint8_t *page,
		       uint64_t addr, uint64_t tweak_prefix, uint64_t offset,
		       struct pv_error *err)
{
	const pv_be64 address = pv_put_be64(addr);
	const pv_be64 tweak[2] = { pv_put_be64(tweak_prefix),
				   pv_put_be64(offset) };

	if (!EVP_DigestUpdate(digests->pld, page, PV_PAGE_SIZE) ||
	    !EVP_DigestUpdate(digests->ald, &address, sizeof(address)) ||
	    !EVP_DigestUpdate(digests->tld, tweak, sizeof(tweak)))
		return pv_fail_openssl(err, PV_ERR_CRYPTO, "SHA-512 failed");
	digests->pages++;
	return 0;
}

int pv_se_digests_final(struct pv_se_digests *digests,
			struct pv_se_header *head, struct pv_error *err)
{
	if (!EVP_DigestFinal_ex(digests->pld, head->pld, NULL) ||
	    !EVP_DigestFinal_ex(digests->ald, head->ald, NULL) ||
	    !EVP_DigestFinal_ex(digests->tld, head->tld, NULL))
		return pv_fail_openssl(err, PV_ERR_CRYPTO, "SHA-512 failed");
	head->nep = pv_put_be64(digests->pages);
	return 0;
}
