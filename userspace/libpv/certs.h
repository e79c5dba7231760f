/* SPDX-License-Identifier: MIT */
/* Reading certificates and CRLs, PEM or DER. */
#ifndef LIBPV_CERTS_H
#define LIBPV_CERTS_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "error.h"

#define PV_CERT_FILE_MAX	0x100000
#define PV_CRL_FILE_MAX		0x1000000

struct pv_cert {
	X509 *x509;
	const char *path;
};

struct pv_crl {
	X509_CRL *x509;
	const char *path;
};

/**
 * struct pv_certs - certificates and CRLs, each with the file it came from
 *
 * To be zeroed before first use and freed with pv_certs_release().  The paths
 * belong to the caller of the functions below.
 */
struct pv_certs {
	struct pv_cert *certs;
	size_t n_certs;
	struct pv_crl *crls;
	size_t n_crls;
};

/* Which files are allowed to hold no certificate or no CRL. */
enum pv_certs_kind {
	PV_CERTS_OF_HOST,	/* a certificate is needed */
	PV_CERTS_OF_CHAIN,	/* either */
	PV_CERTS_OF_ROOT,	/* a certificate is needed */
	PV_CERTS_OF_CRLS,	/* a CRL is needed, certificates are dropped */
};

/**
 * pv_certs_add() - all certificates and CRLs of a file
 * @certs: they are added here, in the order of the file
 * @path: kept in @certs, not copied
 * @kind: what the file is for
 * @err: PV_ERR_IO, PV_ERR_LIMIT, PV_ERR_FORMAT, PV_ERR_MEMORY
 *
 * Other objects in a PEM file are passed over, but a damaged certificate or CRL
 * makes the whole file unusable: it might have been the one that says
 * "revoked".
 *
 * Return: 0, or -1 with @err set.
 */
int pv_certs_add(struct pv_certs *certs, const char *path,
		 enum pv_certs_kind kind, struct pv_error *err);

/**
 * pv_certs_parse() - the same with the content of the file in memory
 * @data: @len bytes
 * @path: for messages, and as above
 */
int pv_certs_parse(struct pv_certs *certs, const void *data, size_t len,
		   const char *path, enum pv_certs_kind kind,
		   struct pv_error *err);

/** pv_certs_release() - free everything; @certs is empty afterwards */
void pv_certs_release(struct pv_certs *certs);

/**
 * pv_cert_critical() - a critical extension that nobody here understands
 * @text: out, its name or number in dots, at most @size bytes with the NUL
 *
 * Return: 1 if there is one, else 0.
 */
int pv_cert_critical(const X509 *cert, char *text, size_t size);

/**
 * pv_cert_has_akid() - is this the certificate that an AKID extension means?
 * @issuer: its extensions are decoded on the way
 * @akid: NULL if the extension could not be decoded
 */
bool pv_cert_has_akid(X509 *issuer, const AUTHORITY_KEYID *akid);

#endif /* LIBPV_CERTS_H */
