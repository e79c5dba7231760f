/* SPDX-License-Identifier: MIT */
/* Inside of a host key: for hostkey.c and hostkey_verify.c only. */
#ifndef LIBPV_HOSTKEY_INTERNAL_H
#define LIBPV_HOSTKEY_INTERNAL_H

#include <openssl/x509.h>

#include <pv/keyslot.h>

#include "hostkey.h"

struct pv_hostkey {
	char *path;
	X509 *cert;
	EVP_PKEY *public;		/* owned by cert */
	uint8_t phkh[PV_PHKH_SIZE];
	enum pv_hostkey_outcome outcome;
	char *warnings;
};

/**
 * pv_hostkey_warn() - add a sentence to the warnings
 * @err: PV_ERR_MEMORY
 *
 * Return: 0, or -1 with @err set.
 */
int pv_hostkey_warn(struct pv_hostkey *key, const char *text,
		    struct pv_error *err);

#endif /* LIBPV_HOSTKEY_INTERNAL_H */
