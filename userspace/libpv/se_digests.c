// SPDX-License-Identifier: MIT
/* Page, address and tweak list digests of an SE image. */
#include <stdlib.h>

#include <openssl/evp.h>

#include "bytes.h"
#include "se_digests.h"

#define BATCH	32	/* pages */

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

/* Up to BATCH pages: each digest takes what is new to it in one piece. */
static int add_batch(struct pv_se_digests *digests, const uint8_t *data,
		     size_t pages, const struct pv_se_place *place)
{
	pv_be64 addresses[BATCH], tweaks[BATCH][2];

	for (size_t i = 0; i < pages; i++) {
		const uint64_t at = i * PV_PAGE_SIZE;

		addresses[i] = pv_put_be64(place->addr + at);
		tweaks[i][0] = pv_put_be64(place->tweak_prefix);
		tweaks[i][1] = pv_put_be64(place->offset + at);
	}
	return EVP_DigestUpdate(digests->pld, data, pages * PV_PAGE_SIZE) &&
	       EVP_DigestUpdate(digests->ald, addresses,
				pages * sizeof(addresses[0])) &&
	       EVP_DigestUpdate(digests->tld, tweaks,
				pages * sizeof(tweaks[0])) ? 0 : -1;
}

int pv_se_digests_pages(struct pv_se_digests *digests, const uint8_t *data,
			size_t pages, const struct pv_se_place *place,
			struct pv_error *err)
{
	struct pv_se_place now = *place;

	while (pages > 0) {
		const size_t n = pages < BATCH ? pages : BATCH;

		if (add_batch(digests, data, n, &now) < 0)
			return pv_fail_openssl(err, PV_ERR_CRYPTO,
					       "SHA-512 failed");
		digests->pages += n;
		data += n * PV_PAGE_SIZE;
		now.addr += n * PV_PAGE_SIZE;
		now.offset += n * PV_PAGE_SIZE;
		pages -= n;
	}
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
