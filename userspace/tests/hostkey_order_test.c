// SPDX-License-Identifier: MIT
/* Dates, order of the checks and special CRLs, with documents made here. */
#include <string.h>

#include <openssl/pem.h>

#include "array.h"
#include "certs.h"
#include "hostkey_mint.h"
#include "tap.h"

#define DAY	86400

static const char *document, *crl;

static void expect(struct mint *mint, enum pv_hostkey_outcome want,
		   const char *with_crl, time_t now, const char *name)
{
	struct pv_error err = { 0 };
	enum pv_hostkey_outcome got = mint_verify(mint, document, with_crl, now,
						  &err);

	if (!tap_ok(got == want, "%s", name))
		tap_note("got %s, wanted %s: %s", pv_hostkey_outcome_name(got),
			 pv_hostkey_outcome_name(want), err.text);
}

static void test_dates(struct mint *mint)
{
	const char *good = mint_pki(mint, "signing.crl");
	const time_t from = MINT_NOW - 10, until = MINT_NOW + 10;

	mint_document(mint, document, 0, from, until, NULL);
	expect(mint, PV_HOSTKEY_OK, good, MINT_NOW, "document is valid");
	expect(mint, PV_HOSTKEY_NOT_YET_VALID, good, from - 1,
	       "a second before it begins to be valid: refused");
	expect(mint, PV_HOSTKEY_OK, good, from,
	       "in the second in which it begins to be valid: accepted");
	expect(mint, PV_HOSTKEY_OK, good, until - 1,
	       "in the last second of its validity: accepted");
	expect(mint, PV_HOSTKEY_EXPIRED, good, until,
	       "in the second in which it expires: refused");
}

static void test_crl_dates(struct mint *mint)
{
	const time_t from = MINT_NOW - 10, until = MINT_NOW + 10;

	mint_document(mint, document, 0, from - DAY, until + DAY, NULL);
	mint_crl(mint, crl, 0, from, until, 0, NULL);
	expect(mint, PV_HOSTKEY_OK, crl, MINT_NOW, "CRL is valid");
	expect(mint, PV_HOSTKEY_NO_CRL, crl, from - 1,
	       "a second before the CRL begins to be valid: not used");
	expect(mint, PV_HOSTKEY_OK, crl, from,
	       "in the second in which the CRL begins to be valid: used");
	expect(mint, PV_HOSTKEY_OK, crl, until - 1,
	       "in the last second of the CRL: used");
	expect(mint, PV_HOSTKEY_NO_CRL, crl, until,
	       "in the second in which the CRL expires: not used");
}

/* Everything wrong at once, then one thing less in every step. */
static void test_order(struct mint *mint)
{
	static const struct {
		unsigned int flaw;
		enum pv_hostkey_outcome outcome;
	} order[] = {
		{ MINT_EXPIRED, PV_HOSTKEY_EXPIRED },
		{ MINT_DAMAGED, PV_HOSTKEY_DAMAGED },
		{ MINT_CRITICAL, PV_HOSTKEY_CRITICAL_EXTENSION },
		{ MINT_USAGE, PV_HOSTKEY_KEY_USAGE },
		{ MINT_AKID, PV_HOSTKEY_AKID },
		{ MINT_ISSUER, PV_HOSTKEY_ISSUER },
		{ MINT_WEAK, PV_HOSTKEY_WEAK },
		{ MINT_SIGNATURE, PV_HOSTKEY_SIGNATURE },
	};
	const time_t from = MINT_NOW - DAY, until = MINT_NOW + DAY;
	unsigned int flaws = 0;
	struct pv_error err = { 0 };
	enum pv_hostkey_outcome got;

	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		flaws |= order[i].flaw;
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		mint_document(mint, document, flaws, from, until, NULL);
		got = mint_verify(mint, document, NULL, MINT_NOW, &err);
		tap_ok(got == order[i].outcome, "check %zu of a document: %s",
		       i + 1, pv_hostkey_outcome_name(order[i].outcome));
		mint_document(mint, document, order[i].flaw, from, until, NULL);
		mint_crl(mint, crl, 0, from, until, 0, NULL);
		got = mint_verify(mint, document, crl, MINT_NOW, &err);
		tap_ok(got == order[i].outcome, "%s alone is enough to refuse",
		       pv_hostkey_outcome_name(order[i].outcome));
		flaws &= ~order[i].flaw;
	}
	mint_document(mint, document, 0, from, until, NULL);
	expect(mint, PV_HOSTKEY_NO_CRL, NULL, MINT_NOW,
	       "check 9 of a document: no-crl");
	mint_crl(mint, crl, 0, from, until, MINT_SERIAL, NULL);
	expect(mint, PV_HOSTKEY_REVOKED, crl, MINT_NOW,
	       "check 10 of a document: revoked");
	mint_crl(mint, crl, 0, from, until, MINT_SERIAL + 1, NULL);
	expect(mint, PV_HOSTKEY_OK, crl, MINT_NOW,
	       "a CRL that lists another document: accepted");
	mint_document(mint, document, MINT_TWO_AKIDS, from, until, NULL);
	expect(mint, PV_HOSTKEY_DAMAGED, crl, MINT_NOW,
	       "an extension that occurs twice: refused");
}

static void test_special_crls(struct mint *mint)
{
	const time_t from = MINT_NOW - DAY, until = MINT_NOW + DAY;
	const char *here = "http://crl.invalid/TEST.crl";
	const char *there = "http://crl.invalid/TEST-other.crl";

	mint_document(mint, document, 0, from, until, here);
	mint_crl(mint, crl, MINT_NO_NEXT_UPDATE, from, until, 0, NULL);
	expect(mint, PV_HOSTKEY_NO_CRL, crl, MINT_NOW,
	       "a CRL that never expires is not used");
	mint_crl(mint, crl, 0, from, until, 1, NULL);
	expect(mint, PV_HOSTKEY_OK, crl, MINT_NOW,
	       "a CRL with an entry for somebody else is used");
	mint_crl(mint, crl, MINT_CRITICAL_ENTRY, from, until, 1, NULL);
	expect(mint, PV_HOSTKEY_NO_CRL, crl, MINT_NOW,
	       "a CRL with a critical extension in an entry is not used");
	mint_crl(mint, crl, 0, from, until, 0, here);
	expect(mint, PV_HOSTKEY_OK, crl, MINT_NOW,
	       "a CRL for the document's distribution point is used");
	mint_crl(mint, crl, 0, from, until, 0, there);
	expect(mint, PV_HOSTKEY_NO_CRL, crl, MINT_NOW,
	       "a CRL for another distribution point is not used");
	mint_crl(mint, crl, MINT_TWO_IDPS, from, until, 0, here);
	expect(mint, PV_HOSTKEY_NO_CRL, crl, MINT_NOW,
	       "a CRL with two issuing distribution points is not used");
	mint_document(mint, document, 0, from, until, NULL);
	mint_crl(mint, crl, 0, from, until, 0, here);
	expect(mint, PV_HOSTKEY_NO_CRL, crl, MINT_NOW,
	       "a CRL for a distribution point, document without: not used");
}

/* The clock that counts is the given one for everything above as well. */
static void test_injected_clock(struct mint *mint)
{
	const char *good = mint_pki(mint, "signing.crl");
	enum pv_hostkey_outcome got;

	mint_document(mint, document, 0, 1, MINT_NOW, NULL);
	got = mint_verify(mint, document, good, 1000, NULL);
	tap_ok(got == PV_HOSTKEY_CHAIN_NOT_YET_VALID ||
	       got == PV_HOSTKEY_CHAIN_CRL_NOT_YET_VALID,
	       "in 1970 the chain is not yet valid");
	got = mint_verify(mint, document, good, (time_t)4102444800, NULL);
	tap_ok(got == PV_HOSTKEY_CHAIN_EXPIRED ||
	       got == PV_HOSTKEY_CHAIN_CRL_EXPIRED,
	       "in 2100 the chain has expired");
}

static X509 *read_cert(const char *path)
{
	FILE *file = fopen(path, "r");
	X509 *cert = file ? PEM_read_X509(file, NULL, NULL, NULL) : NULL;

	if (file)
		fclose(file);
	return cert;
}

/* Certificates nobody has looked at yet: where libcrypto has its trap. */
static void test_fresh_issuer(struct mint *mint)
{
	X509 *host = read_cert(mint_pki(mint, "host.crt"));
	X509 *signing = read_cert(mint_pki(mint, "signing.crt"));
	X509 *ca = read_cert(mint_pki(mint, "ca.crt"));
	AUTHORITY_KEYID *akid;

	if (!tap_ok(host && signing && ca, "certificates are read"))
		return;
	akid = X509_get_ext_d2i(host, NID_authority_key_identifier, NULL, NULL);
	tap_ok(pv_cert_has_akid(signing, akid),
	       "AKID of a document means the signing key");
	tap_ok(!pv_cert_has_akid(ca, akid),
	       "AKID of a document does not mean a fresh certificate of the CA");
	tap_ok(!pv_cert_has_akid(signing, NULL),
	       "an AKID that could not be decoded means nobody");
	AUTHORITY_KEYID_free(akid);
	X509_free(host);
	X509_free(signing);
	X509_free(ca);
}

int main(void)
{
	struct mint *mint = mint_open();

	if (!mint)
		return 1;
	tap_start();
	document = mint_file(mint, "hostkey-order.crt");
	crl = mint_file(mint, "hostkey-order.crl");
	test_dates(mint);
	test_crl_dates(mint);
	test_order(mint);
	test_special_crls(mint);
	test_injected_clock(mint);
	test_fresh_issuer(mint);
	mint_close(mint);
	return tap_done();
}
