/* SPDX-License-Identifier: MIT */
/* From the signing key up to the root: ordinary X.509 path validation. */
#ifndef LIBPV_CERTS_CHAIN_H
#define LIBPV_CERTS_CHAIN_H

#include <time.h>

#include "certs.h"
#include "hostkey.h"

/**
 * pv_chain_find_signing_key() - the one certificate with the right subject
 * @certs: all certificates that were given beside the root
 * @outcome: set on failure
 * @err: PV_ERR_HOSTKEY if there is none or more than one
 *
 * Return: the signing key, owned by @certs, or NULL with @err set.
 */
const struct pv_cert *
pv_chain_find_signing_key(const struct pv_certs *certs,
			  enum pv_hostkey_outcome *outcome,
			  struct pv_error *err);

/**
 * pv_chain_verify() - validate the path from the signing key to a root
 * @signer: the signing key
 * @certs: certificates its path may go through, and CRLs
 * @root: trusted certificates and more CRLs, or NULL for the system's store
 * @now: seconds since the epoch
 * @test: out: a name on the path says TEST
 * @outcome: set on failure
 * @err: PV_ERR_HOSTKEY; PV_ERR_MEMORY, PV_ERR_CRYPTO
 *
 * Strict RFC 5280 rules, at least 112 bits of security, at most two
 * intermediate certificates, and a CRL for every certificate on the path, the
 * root included.
 *
 * Return: 0, or -1 with @err set.
 */
int pv_chain_verify(const struct pv_cert *signer, const struct pv_certs *certs,
		    const struct pv_certs *root, time_t now, bool *test,
		    enum pv_hostkey_outcome *outcome, struct pv_error *err);

#endif /* LIBPV_CERTS_CHAIN_H */
