// SPDX-License-Identifier: MIT
/* More documents and CRLs of the TEST hierarchy, made to measure by a test. */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "hostkey_mint.h"

#define MAX_PATHS	64

struct mint {
	const char *pki;
	const char *scratch;
	X509 *signing_cert;
	X509 *ca_cert;
	EVP_PKEY *signing;
	EVP_PKEY *stranger;
	EVP_PKEY *host;
	char *paths[MAX_PATHS];
	size_t n_paths;
	size_t n_files;			/* the first of paths, to be removed */
};

static const char *remember(struct mint *mint, const char *dir,
			    const char *name)
{
	char *path;

	if (mint->n_paths == MAX_PATHS || asprintf(&path, "%s/%s", dir, name) < 0)
		abort();
	mint->paths[mint->n_paths++] = path;
	return path;
}

const char *mint_pki(struct mint *mint, const char *name)
{
	return remember(mint, mint->pki, name);
}

const char *mint_file(struct mint *mint, const char *name)
{
	char own[64], *last;

	/* Another run at the same time must not write to the same file. */
	snprintf(own, sizeof(own), "%d-%s", (int)getpid(), name);
	last = (char *)remember(mint, mint->scratch, own);
	/* Keep the files in front of the paths that are only read. */
	mint->paths[mint->n_paths - 1] = mint->paths[mint->n_files];
	mint->paths[mint->n_files++] = last;
	return last;
}

static EVP_PKEY *read_key(struct mint *mint, const char *name)
{
	FILE *file = fopen(mint_pki(mint, name), "r");
	EVP_PKEY *key = file ? PEM_read_PrivateKey(file, NULL, NULL, NULL) :
			       NULL;

	if (file)
		fclose(file);
	return key;
}

static X509 *read_cert(struct mint *mint, const char *name)
{
	FILE *file = fopen(mint_pki(mint, name), "r");
	X509 *cert = file ? PEM_read_X509(file, NULL, NULL, NULL) : NULL;

	if (file)
		fclose(file);
	return cert;
}

struct mint *mint_open(void)
{
	struct mint *mint = calloc(1, sizeof(*mint));

	if (!mint)
		abort();
	mint->pki = getenv("PV_TEST_PKI") ?: "PV_TEST_PKI-is-not-set";
	mint->scratch = getenv("PV_TEST_DIR") ?: "/tmp";
	mint->signing_cert = read_cert(mint, "signing.crt");
	mint->ca_cert = read_cert(mint, "ca.crt");
	mint->signing = read_key(mint, "signing.key");
	mint->stranger = read_key(mint, "bad/fake-signing.key");
	mint->host = read_key(mint, "host.key");
	if (mint->signing_cert && mint->ca_cert && mint->signing &&
	    mint->stranger && mint->host)
		return mint;
	fprintf(stderr, "%s: not what make-test-pki makes\n", mint->pki);
	mint_close(mint);
	return NULL;
}

void mint_close(struct mint *mint)
{
	for (size_t i = 0; i < mint->n_paths; i++) {
		if (i < mint->n_files)
			unlink(mint->paths[i]);
		free(mint->paths[i]);
	}
	X509_free(mint->signing_cert);
	X509_free(mint->ca_cert);
	EVP_PKEY_free(mint->signing);
	EVP_PKEY_free(mint->stranger);
	EVP_PKEY_free(mint->host);
	free(mint);
}

static X509_EXTENSION *named_extension(X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, issuer, NULL, NULL, NULL, 0);
	return X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
}

static X509_EXTENSION *raw_extension(const char *type, int critical)
{
	ASN1_OCTET_STRING *data = ASN1_OCTET_STRING_new();
	ASN1_OBJECT *object = OBJ_txt2obj(type, 0);
	X509_EXTENSION *ext;

	ASN1_OCTET_STRING_set(data, (const unsigned char *)"TEST", 4);
	ext = X509_EXTENSION_create_by_OBJ(NULL, object, critical, data);
	ASN1_OCTET_STRING_free(data);
	ASN1_OBJECT_free(object);
	return ext;
}

static bool add_extension(X509 *cert, X509_EXTENSION *ext)
{
	bool done = ext && X509_add_ext(cert, ext, -1);

	X509_EXTENSION_free(ext);
	return done;
}

static bool add_extensions(struct mint *mint, X509 *cert, unsigned int flaws,
			   const char *point)
{
	X509 *akid = flaws & MINT_AKID ? mint->ca_cert : mint->signing_cert;
	bool done = true;
	char uri[128];

	done &= add_extension(cert, named_extension(akid,
						    NID_authority_key_identifier,
						    "keyid:always"));
	if (flaws & MINT_TWO_AKIDS)
		done &= add_extension(cert,
				      named_extension(akid,
						      NID_authority_key_identifier,
						      "keyid:always"));
	done &= add_extension(cert, named_extension(NULL, NID_key_usage,
						    flaws & MINT_USAGE ?
						    "critical,keyEncipherment" :
						    "critical,keyAgreement"));
	if (flaws & MINT_DAMAGED)
		done &= add_extension(cert, raw_extension("basicConstraints",
							  0));
	if (flaws & MINT_CRITICAL)
		done &= add_extension(cert, raw_extension("2.999.1", 1));
	if (point) {
		snprintf(uri, sizeof(uri), "URI:%s", point);
		done &= add_extension(cert,
				      named_extension(NULL,
						      NID_crl_distribution_points,
						      uri));
	}
	return done;
}

static bool write_pem(const char *path, X509 *cert, X509_CRL *crl)
{
	FILE *file = fopen(path, "w");
	bool done = file && (cert ? PEM_write_X509(file, cert) :
				    PEM_write_X509_CRL(file, crl));

	return file && !fclose(file) && done;
}

static void need(bool done, const char *path)
{
	if (done)
		return;
	printf("Bail out! %s cannot be made\n", path);
	exit(EXIT_FAILURE);
}

void mint_document(struct mint *mint, const char *path, unsigned int flaws,
		   time_t from, time_t until, const char *point)
{
	X509 *issuer = flaws & MINT_ISSUER ? mint->ca_cert : mint->signing_cert;
	EVP_PKEY *key = flaws & MINT_SIGNATURE ? mint->stranger : mint->signing;
	X509 *cert = X509_new();
	bool done;

	done = cert && X509_set_version(cert, X509_VERSION_3) &&
	       ASN1_INTEGER_set(X509_get_serialNumber(cert), MINT_SERIAL) &&
	       X509_set_issuer_name(cert, X509_get_subject_name(issuer)) &&
	       X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN",
					  MBSTRING_ASC,
					  (const unsigned char *)"TEST minted",
					  -1, -1, 0) &&
	       ASN1_TIME_set(X509_getm_notBefore(cert), from) &&
	       ASN1_TIME_set(X509_getm_notAfter(cert),
			     flaws & MINT_EXPIRED ? from + 1 : until) &&
	       X509_set_pubkey(cert, mint->host) &&
	       add_extensions(mint, cert, flaws, point) &&
	       X509_sign(cert, key,
			 flaws & MINT_WEAK ? EVP_sha1() : EVP_sha512()) &&
	       write_pem(path, cert, NULL);
	X509_free(cert);
	need(done, path);
}

static bool add_entry(X509_CRL *crl, long serial, bool critical)
{
	X509_REVOKED *entry = X509_REVOKED_new();
	ASN1_INTEGER *number = ASN1_INTEGER_new();
	ASN1_TIME *when = ASN1_TIME_set(NULL, MINT_NOW - 1000);
	X509_EXTENSION *ext = critical ? raw_extension("2.999.1", 1) : NULL;
	bool done;

	done = entry && number && when && ASN1_INTEGER_set(number, serial) &&
	       X509_REVOKED_set_serialNumber(entry, number) &&
	       X509_REVOKED_set_revocationDate(entry, when) &&
	       (!ext || X509_REVOKED_add_ext(entry, ext, -1)) &&
	       X509_CRL_add0_revoked(crl, entry);
	if (!done)
		X509_REVOKED_free(entry);
	X509_EXTENSION_free(ext);
	ASN1_INTEGER_free(number);
	ASN1_TIME_free(when);
	return done;
}

static bool add_idp(X509_CRL *crl, const char *point)
{
	X509_EXTENSION *ext;
	char value[128];
	bool done;

	snprintf(value, sizeof(value), "critical,fullname:URI:%s", point);
	ext = named_extension(NULL, NID_issuing_distribution_point, value);
	done = ext && X509_CRL_add_ext(crl, ext, -1);
	X509_EXTENSION_free(ext);
	return done;
}

void mint_crl(struct mint *mint, const char *path, unsigned int flags,
	      time_t from, time_t until, long serial, const char *point)
{
	ASN1_TIME *last = ASN1_TIME_set(NULL, from);
	ASN1_TIME *next = ASN1_TIME_set(NULL, until);
	X509_CRL *crl = X509_CRL_new();
	bool done;

	done = crl && last && next && X509_CRL_set_version(crl, 1) &&
	       X509_CRL_set_issuer_name(crl,
					X509_get_subject_name(mint->signing_cert)) &&
	       X509_CRL_set1_lastUpdate(crl, last) &&
	       (flags & MINT_NO_NEXT_UPDATE ||
		X509_CRL_set1_nextUpdate(crl, next)) &&
	       (!serial || add_entry(crl, serial,
				     flags & MINT_CRITICAL_ENTRY)) &&
	       (!point || add_idp(crl, point)) &&
	       (!(flags & MINT_TWO_IDPS) || add_idp(crl, point)) &&
	       X509_CRL_sign(crl, mint->signing, EVP_sha512()) &&
	       write_pem(path, NULL, crl);
	X509_CRL_free(crl);
	ASN1_TIME_free(last);
	ASN1_TIME_free(next);
	need(done, path);
}

enum pv_hostkey_outcome mint_verify(struct mint *mint, const char *document,
				    const char *crl, time_t now,
				    struct pv_error *err)
{
	const size_t n_paths = mint->n_paths;
	const char *const certs[] = { mint_pki(mint, "signing.crt"),
				mint_pki(mint, "ca.crt") };
	const char *const crls[] = { mint_pki(mint, "ca.crl"),
			       mint_pki(mint, "root.crl"), crl };
	const struct pv_verify_params params = {
		.certs = certs, .n_certs = 2,
		.crls = crls, .n_crls = crl ? 3 : 2,
		.root_ca = mint_pki(mint, "root.crt"), .now = now,
	};
	enum pv_hostkey_outcome outcome = PV_HOSTKEY_BAD_FILE;
	struct pv_hostkey *key;

	if (!pv_hostkey_load(&key, document, err)) {
		pv_hostkeys_verify(&key, 1, &params, err);
		outcome = pv_hostkey_outcome(key);
		pv_hostkey_free(key);
	}
	while (mint->n_paths > n_paths)
		free(mint->paths[--mint->n_paths]);
	return outcome;
}
