/* SPDX-License-Identifier: MIT */
/*
 * What the fuzzers of certificates and CRLs begin with: a signing key, a host
 * key document and a CRL, made when the fuzzer starts.
 */
#ifndef FUZZ_HOSTKEY_SEED_H
#define FUZZ_HOSTKEY_SEED_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "array.h"
#include "fuzzer.h"

/* In the middle of the validity of what is made here. */
#define SEED_NOW	((time_t)1768435200)
#define SEED_DAY	86400

struct seed {
	X509 *signer;
	X509 *document;
	X509_CRL *crl;
};

static void seed_need(int done)
{
	if (!done)
		abort();
}

static void seed_name(X509_NAME *name)
{
	static const char *const parts[][2] = {
		{ "C", "US" },
		{ "O", "International Business Machines Corporation" },
		{ "CN", "International Business Machines Corporation" },
		{ "ST", "New York" },
		{ "L", "Poughkeepsie" },
		{ "OU", "TEST Key Signing Service" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		seed_need(X509_NAME_add_entry_by_txt(name, parts[i][0],
						     MBSTRING_ASC,
						     (const uint8_t *)parts[i][1],
						     -1, -1, 0));
}

static void seed_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509_EXTENSION *ext;
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	seed_need(ext && X509_add_ext(cert, ext, -1));
	X509_EXTENSION_free(ext);
}

static X509 *seed_certificate(EVP_PKEY *key, EVP_PKEY *signing, X509 *issuer)
{
	X509 *cert = X509_new();

	seed_need(cert && X509_set_version(cert, X509_VERSION_3) &&
		  ASN1_INTEGER_set(X509_get_serialNumber(cert), 1) &&
		  ASN1_TIME_set(X509_getm_notBefore(cert),
				SEED_NOW - SEED_DAY) &&
		  ASN1_TIME_set(X509_getm_notAfter(cert),
				SEED_NOW + SEED_DAY) &&
		  X509_set_pubkey(cert, key));
	seed_name(X509_get_subject_name(cert));
	seed_name(X509_get_issuer_name(cert));
	seed_extension(cert, NULL, NID_subject_key_identifier, "hash");
	seed_extension(cert, issuer ? issuer : cert,
		       NID_authority_key_identifier, "keyid:always");
	seed_extension(cert, NULL, NID_key_usage, "critical,keyAgreement");
	seed_extension(cert, NULL, NID_crl_distribution_points,
		       "URI:http://crl.invalid/TEST.crl");
	seed_need(X509_sign(cert, signing, EVP_sha512()));
	return cert;
}

static X509_CRL *seed_crl(EVP_PKEY *signing, X509 *signer)
{
	ASN1_TIME *last = ASN1_TIME_set(NULL, SEED_NOW - SEED_DAY);
	ASN1_TIME *next = ASN1_TIME_set(NULL, SEED_NOW + SEED_DAY);
	X509_EXTENSION *akid, *point;
	X509_CRL *crl = X509_CRL_new();
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, signer, NULL, NULL, NULL, 0);
	akid = X509V3_EXT_conf_nid(NULL, &ctx, NID_authority_key_identifier,
				   "keyid:always");
	point = X509V3_EXT_conf_nid(NULL, &ctx, NID_issuing_distribution_point,
				    "critical,fullname:URI:http://crl.invalid/TEST.crl");
	seed_need(crl && akid && point && X509_CRL_set_version(crl, 1) &&
		  X509_CRL_set_issuer_name(crl, X509_get_subject_name(signer)) &&
		  X509_CRL_set1_lastUpdate(crl, last) &&
		  X509_CRL_set1_nextUpdate(crl, next) &&
		  X509_CRL_add_ext(crl, akid, -1) &&
		  X509_CRL_add_ext(crl, point, -1) &&
		  X509_CRL_sign(crl, signing, EVP_sha512()));
	X509_EXTENSION_free(akid);
	X509_EXTENSION_free(point);
	ASN1_TIME_free(last);
	ASN1_TIME_free(next);
	return crl;
}

static void seed_init(struct seed *seed)
{
	EVP_PKEY *signing = EVP_EC_gen("P-256"), *host = EVP_EC_gen("P-521");

	seed_need(signing && host);
	seed->signer = seed_certificate(signing, signing, NULL);
	seed->document = seed_certificate(host, signing, seed->signer);
	seed->crl = seed_crl(signing, seed->signer);
	EVP_PKEY_free(signing);
	EVP_PKEY_free(host);
}

/* Put PEM or DER of the certificate or CRL there; Return: its size. */
static size_t seed_write(uint8_t *data, size_t max, X509 *cert, X509_CRL *crl,
			 int pem)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	size_t size;

	seed_need(bio && (cert ? (pem ? PEM_write_bio_X509(bio, cert) :
				  i2d_X509_bio(bio, cert)) :
			  (pem ? PEM_write_bio_X509_CRL(bio, crl) :
			   i2d_X509_CRL_bio(bio, crl))));
	size = (size_t)BIO_get_mem_data(bio, &text);
	if (size > max)
		size = 0;
	memcpy(data, text, size);
	BIO_free(bio);
	return size;
}

#endif /* FUZZ_HOSTKEY_SEED_H */
