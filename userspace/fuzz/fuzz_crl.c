// SPDX-License-Identifier: MIT
/* Files of CRLs with any content, held against a document. */
#include "certs.h"
#include "certs_crl.h"
#include "hostkey_seed.h"

static struct seed seed;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	seed_init(&seed);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned int choice)
{
	if (size < 64)
		size = seed_write(data, max, NULL, seed.crl, choice & 1);
	return LLVMFuzzerMutate(data, size, max);
}

/*
 * Nobody else can sign: what is accepted has to carry the signature that was
 * made here.  The outermost lengths may be encoded in another way.
 */
static int is_genuine(const X509_CRL *crl)
{
	const ASN1_BIT_STRING *one, *other;

	X509_CRL_get0_signature(crl, &one, NULL);
	X509_CRL_get0_signature(seed.crl, &other, NULL);
	return !ASN1_STRING_cmp(one, other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct pv_cert signer = { seed.signer, "signer" };
	const struct pv_crl_check check = {
		.cert = seed.document,
		.path = "document",
		.signer = &signer,
		.now = SEED_NOW,
	};
	enum pv_hostkey_outcome outcome = PV_HOSTKEY_UNCHECKED;
	struct pv_certs certs = { 0 };
	const struct pv_certs *set = &certs;
	struct pv_error err = { 0 };
	int genuine = 0;

	if (pv_certs_parse(&certs, data, size, "input", PV_CERTS_OF_CRLS,
			   &err))
		seed_need(err.code != PV_OK && *err.text);
	for (size_t i = 0; i < certs.n_crls; i++)
		genuine |= is_genuine(certs.crls[i].x509);
	if (pv_crls_check(&check, &set, 1, &outcome, NULL))
		seed_need(outcome == PV_HOSTKEY_NO_CRL);
	else
		seed_need(genuine);
	pv_certs_release(&certs);
	return 0;
}
