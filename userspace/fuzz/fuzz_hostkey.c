// SPDX-License-Identifier: MIT
/* Host key documents and certificate files, PEM and DER, with any content. */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "certs.h"
#include "certs_name.h"
#include "hostkey.h"
#include "hostkey_seed.h"

static struct seed seed;
static char path[64];
static int fd;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	seed_init(&seed);
	fd = memfd_create("hostkey", MFD_CLOEXEC);
	seed_need(fd >= 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return 0;
}

/* Random bytes hardly ever become a certificate: begin with a real one. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned int choice)
{
	if (size < 64)
		size = seed_write(data, max, seed.document, NULL, choice & 1);
	return LLVMFuzzerMutate(data, size, max);
}

static void look_at(X509 *cert)
{
	const X509_NAME *subject = X509_get_subject_name(cert);
	const X509_NAME *issuer = X509_get_issuer_name(cert);
	struct pv_name_text text = pv_name_text(subject);
	AUTHORITY_KEYID *akid;
	char type[64];

	seed_need(strnlen(text.text, sizeof(text.text)) <
		  sizeof(text.text));
	/* A signing key's name is always its own issuer's, in this sense. */
	if (pv_name_is_signing_key(subject))
		seed_need(pv_name_is_issuer(subject, subject));
	pv_name_is_issuer(issuer, subject);
	pv_name_says_test(subject);
	pv_cert_critical(cert, type, sizeof(type));
	akid = X509_get_ext_d2i(cert, NID_authority_key_identifier, NULL, NULL);
	pv_cert_has_akid(seed.signer, akid);
	pv_cert_has_akid(cert, akid);
	AUTHORITY_KEYID_free(akid);
}

static void load_and_verify(const uint8_t *data, size_t size)
{
	const struct pv_verify_params params = {
		.certs = (const char *const[]){ path },
		.n_certs = 1,
		.root_ca = path,
		.now = SEED_NOW,
	};
	struct pv_error err = { 0 };
	struct pv_hostkey *key;

	seed_need(!ftruncate(fd, 0) &&
		  pwrite(fd, data, size, 0) == (ssize_t)size);
	if (pv_hostkey_load(&key, path, &err)) {
		seed_need(err.code != PV_OK && *err.text);
		return;
	}
	/* There is no CRL: nothing can be trustworthy. */
	seed_need(pv_hostkeys_verify(&key, 1, &params, &err) < 0 &&
		  pv_hostkey_outcome(key) != PV_HOSTKEY_OK && *err.text);
	pv_hostkey_free(key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pv_certs certs = { 0 };

	if (!pv_certs_parse(&certs, data, size, "input", PV_CERTS_OF_HOST,
			    NULL))
		seed_need(certs.n_certs > 0);
	for (size_t i = 0; i < certs.n_certs; i++)
		look_at(certs.certs[i].x509);
	pv_certs_release(&certs);
	load_and_verify(data, size);
	return 0;
}
