/* SPDX-License-Identifier: MIT */
/* Names in certificates and CRLs, and the name of the signing key. */
#ifndef LIBPV_CERTS_NAME_H
#define LIBPV_CERTS_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/x509.h>

#define PV_NAME_TEXT_SIZE	256

/** struct pv_name_text - a name for people, cut if it is too long */
struct pv_name_text {
	char text[PV_NAME_TEXT_SIZE];
};

/** pv_name_text() - "OU = ..., CN = ..." without characters of control */
struct pv_name_text pv_name_text(const X509_NAME *name);

/**
 * pv_name_is_signing_key() - is this the subject of an IBM Z signing key?
 *
 * Exactly six entries in any order: C, ST, L, O and CN with their known values
 * (for L there are two) and an OU that ends with "Key Signing Service".
 */
bool pv_name_is_signing_key(const X509_NAME *name);

/**
 * pv_name_is_issuer() - does @issuer mean the signing key @subject?
 *
 * The same entries in any order.  Signing keys have moved from Poughkeepsie to
 * Armonk while documents and CRLs kept the older name (and the other way
 * round), so these two values of L count as equal.
 */
bool pv_name_is_issuer(const X509_NAME *issuer, const X509_NAME *subject);

/** pv_name_says_test() - does any entry contain the word TEST? */
bool pv_name_says_test(const X509_NAME *name);

#endif /* LIBPV_CERTS_NAME_H */
