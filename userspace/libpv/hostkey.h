/* SPDX-License-Identifier: MIT */
/*
 * Host key documents: X.509 certificates that carry the P-521 public key of one
 * machine, signed by the "IBM Z signing key".
 *
 * That signing key is no CA, so the generic path validation of X.509 stops at
 * it; the last step, from the signing key to the host key document, is done by
 * hand (see hostkey_verify.c).
 */
#ifndef LIBPV_HOSTKEY_H
#define LIBPV_HOSTKEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <openssl/evp.h>

#include "error.h"

/* A verified (or knowingly unverified) host public key. */
struct pv_hostkey;

/**
 * enum pv_hostkey_outcome - what became of a host key document
 *
 * Every distinct cause has its own value.  Those that begin with CHAIN concern
 * the signing key and what is above it, the ones after them the document
 * itself.
 */
enum pv_hostkey_outcome {
	PV_HOSTKEY_UNCHECKED,		/* pv_hostkeys_verify() did not get there */
	PV_HOSTKEY_OK,
	PV_HOSTKEY_NO_VERIFY,		/* verification was switched off */
	PV_HOSTKEY_BAD_FILE,		/* certificate or CRL file unusable */
	PV_HOSTKEY_NO_SIGNING_KEY,
	PV_HOSTKEY_MANY_SIGNING_KEYS,
	PV_HOSTKEY_CHAIN_INCOMPLETE,	/* an issuer is missing or not trusted */
	PV_HOSTKEY_CHAIN_TOO_SHORT,	/* the signing key is its own root */
	PV_HOSTKEY_CHAIN_SIGNATURE,
	PV_HOSTKEY_CHAIN_EXPIRED,
	PV_HOSTKEY_CHAIN_NOT_YET_VALID,
	PV_HOSTKEY_CHAIN_REVOKED,
	PV_HOSTKEY_CHAIN_NO_CRL,
	PV_HOSTKEY_CHAIN_CRL_EXPIRED,
	PV_HOSTKEY_CHAIN_CRL_NOT_YET_VALID,
	PV_HOSTKEY_CHAIN_CRL_SIGNATURE,
	PV_HOSTKEY_CHAIN_WEAK,		/* key too short or digest too weak */
	PV_HOSTKEY_CHAIN_CRITICAL_EXTENSION,
	PV_HOSTKEY_CHAIN_INVALID,	/* refused for another reason */
	PV_HOSTKEY_NOT_YET_VALID,
	PV_HOSTKEY_EXPIRED,
	PV_HOSTKEY_DAMAGED,		/* an extension cannot be decoded */
	PV_HOSTKEY_CRITICAL_EXTENSION,
	PV_HOSTKEY_KEY_USAGE,
	PV_HOSTKEY_AKID,		/* says that another key signed it */
	PV_HOSTKEY_ISSUER,		/* says that somebody else issued it */
	PV_HOSTKEY_WEAK,
	PV_HOSTKEY_SIGNATURE,
	PV_HOSTKEY_NO_CRL,		/* none that may be used */
	PV_HOSTKEY_REVOKED,
	PV_HOSTKEY_N_OUTCOMES
};

/**
 * struct pv_verify_params - what a host key document is held against
 * @certs: files with the signing key and its chain, PEM or DER; a PEM file may
 *	hold CRLs as well
 * @n_certs: how many
 * @crls: files with CRLs, PEM or DER; certificates in them are not used
 * @n_crls: how many
 * @root_ca: file with the trusted root, NULL for the system's store; a PEM file
 *	may hold several certificates and CRLs
 * @no_verify: trust every document without looking at anything above
 * @now: seconds since the epoch, 0 for the clock
 */
struct pv_verify_params {
	const char *const *certs;
	size_t n_certs;
	const char *const *crls;
	size_t n_crls;
	const char *root_ca;
	bool no_verify;
	time_t now;
};

/**
 * pv_hostkey_load() - read a host key document
 * @out: the key, to be freed with pv_hostkey_free()
 * @path: PEM or DER; only the first certificate counts
 * @err: PV_ERR_IO, PV_ERR_LIMIT, PV_ERR_FORMAT, PV_ERR_HOSTKEY if the public
 *	key is not a P-521 key by name, PV_ERR_MEMORY, PV_ERR_CRYPTO
 *
 * Verifies nothing but the kind of key.
 *
 * Return: 0, or -1 with @err set and @out NULL.
 */
int pv_hostkey_load(struct pv_hostkey **out, const char *path,
		    struct pv_error *err);

/** pv_hostkey_free() - NULL is fine */
void pv_hostkey_free(struct pv_hostkey *key);

/**
 * pv_hostkeys_verify() - decide whether host key documents can be trusted
 * @keys: @n keys
 * @n: at least 1
 * @params: what they are held against; no file is fetched from anywhere
 * @err: PV_ERR_HOSTKEY if a document is not trustworthy; PV_ERR_USAGE,
 *	PV_ERR_IO, PV_ERR_LIMIT, PV_ERR_FORMAT, PV_ERR_MEMORY, PV_ERR_CRYPTO
 *
 * Stops at the first document that fails.  pv_hostkey_outcome() tells what
 * became of each; one that fails before any document is looked at is the
 * outcome of all of them.
 *
 * Return: 0 if all of them can be trusted, or -1 with @err set.
 */
int pv_hostkeys_verify(struct pv_hostkey *const *keys, size_t n,
		       const struct pv_verify_params *params,
		       struct pv_error *err);

/** pv_hostkey_public() - P-521 public key, owned by @key */
EVP_PKEY *pv_hostkey_public(const struct pv_hostkey *key);

/** pv_hostkey_hash() - public host key hash, SHA-256 over the coordinates */
void pv_hostkey_hash(const struct pv_hostkey *key, uint8_t phkh[32]);

/** pv_hostkey_path() - the file it was read from */
const char *pv_hostkey_path(const struct pv_hostkey *key);

/**
 * pv_hostkey_warnings() - what the user should hear although it is no error
 *
 * Return: sentences, one a line, without a newline at the end, owned by @key
 * and valid until the next function that takes it; or NULL.
 */
const char *pv_hostkey_warnings(const struct pv_hostkey *key);

/** pv_hostkey_outcome() - what pv_hostkeys_verify() found out about @key */
enum pv_hostkey_outcome pv_hostkey_outcome(const struct pv_hostkey *key);

/**
 * pv_hostkey_outcome_name() - short stable name, such as "chain-revoked"
 *
 * For logs and tests; the sentence for people is in struct pv_error.
 */
const char *pv_hostkey_outcome_name(enum pv_hostkey_outcome outcome);

#endif /* LIBPV_HOSTKEY_H */
