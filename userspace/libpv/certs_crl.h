/* SPDX-License-Identifier: MIT */
/* The CRLs that the signing key has issued. */
#ifndef LIBPV_CERTS_CRL_H
#define LIBPV_CERTS_CRL_H

#include <time.h>

#include "certs.h"
#include "hostkey.h"

/**
 * struct pv_crl_check - what a CRL is held against
 * @cert: the host key document
 * @path: where it came from
 * @signer: the signing key that issued it
 * @now: seconds since the epoch
 */
struct pv_crl_check {
	const X509 *cert;
	const char *path;
	const struct pv_cert *signer;
	time_t now;
};

/**
 * pv_crls_check() - is the document on no CRL of the signing key?
 * @sets: CRLs that were given, in any order and from anybody
 * @n_sets: how many sets
 * @outcome: set on failure
 * @err: PV_ERR_HOSTKEY
 *
 * A CRL that may not be used (wrong issuer, key, signature or date; covers a
 * part only; has something critical that is not understood) is dropped, and not
 * obeyed either.  At least one has to remain, and none that remains may list
 * the document.
 *
 * Return: 0, or -1 with @err set.
 */
int pv_crls_check(const struct pv_crl_check *check,
		  const struct pv_certs *const *sets, size_t n_sets,
		  enum pv_hostkey_outcome *outcome, struct pv_error *err);

#endif /* LIBPV_CERTS_CRL_H */
