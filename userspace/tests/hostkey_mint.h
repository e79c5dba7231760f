/* SPDX-License-Identifier: MIT */
/* More documents and CRLs of the TEST hierarchy, made to measure by a test. */
#ifndef TESTS_HOSTKEY_MINT_H
#define TESTS_HOSTKEY_MINT_H

#include <time.h>

#include "hostkey.h"

/* What can be wrong with a document, in the order in which it is checked. */
#define MINT_EXPIRED	0x001
#define MINT_DAMAGED	0x002	/* an extension that cannot be decoded */
#define MINT_CRITICAL	0x004
#define MINT_USAGE	0x008
#define MINT_AKID	0x010	/* of the CA */
#define MINT_ISSUER	0x020	/* the CA's name */
#define MINT_WEAK	0x040	/* SHA-1 */
#define MINT_SIGNATURE	0x080	/* by a key that is not in the hierarchy */
#define MINT_TWO_AKIDS	0x100

/* What can be special about a CRL. */
#define MINT_NO_NEXT_UPDATE	0x1
#define MINT_CRITICAL_ENTRY	0x2
#define MINT_TWO_IDPS		0x4

/* In the middle of the validity of everything that is not meant to be bad. */
#define MINT_NOW	((time_t)1768435200)	/* 2026-01-15 */
#define MINT_SERIAL	0x7e57

struct mint;

/** mint_open() - read what PV_TEST_PKI names; NULL after a message if it fails */
struct mint *mint_open(void);
void mint_close(struct mint *mint);

/** mint_pki() - a file of the hierarchy, valid until mint_close() */
const char *mint_pki(struct mint *mint, const char *name);

/** mint_file() - a file to write to below PV_TEST_DIR, removed at the end */
const char *mint_file(struct mint *mint, const char *name);

/**
 * mint_document() - a host key document with serial number MINT_SERIAL
 *
 * Like mint_crl(), ends the test if it cannot be made: what follows would mean
 * nothing.
 */
void mint_document(struct mint *mint, const char *path, unsigned int flaws,
		   time_t from, time_t until, const char *point);

/**
 * mint_crl() - a CRL of the signing key
 * @serial: what it lists, 0 for nothing
 * @point: URI of the only distribution point it covers, or NULL
 */
void mint_crl(struct mint *mint, const char *path, unsigned int flags,
	      time_t from, time_t until, long serial, const char *point);

/**
 * mint_verify() - load and verify a document
 * @crl: CRL of the signing key, NULL for none; the others are the good ones
 * @err: may be NULL
 */
enum pv_hostkey_outcome mint_verify(struct mint *mint, const char *document,
				    const char *crl, time_t now,
				    struct pv_error *err);

#endif /* TESTS_HOSTKEY_MINT_H */
