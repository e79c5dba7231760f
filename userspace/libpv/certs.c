// SPDX-License-Identifier: MIT
/* Reading certificates and CRLs, PEM or DER. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pem.h>

#include "certs.h"
#include "file.h"

struct kind {
	const char *what;
	size_t max;
	bool needs_cert;
	bool needs_crl;
	bool crls_only;		/* certificates in it are passed over */
};

static const struct kind kinds[] = {
	[PV_CERTS_OF_HOST] = {
		.what = "a host key document (certificate)",
		.max = PV_CERT_FILE_MAX,
		.needs_cert = true,
	},
	[PV_CERTS_OF_CHAIN] = {
		.what = "a certificate or a CRL",
		.max = PV_CERT_FILE_MAX,
	},
	[PV_CERTS_OF_ROOT] = {
		.what = "a root certificate",
		.max = PV_CERT_FILE_MAX,
		.needs_cert = true,
	},
	[PV_CERTS_OF_CRLS] = {
		.what = "a CRL",
		.max = PV_CRL_FILE_MAX,
		.needs_crl = true,
		.crls_only = true,
	},
};

static int keep_cert(struct pv_certs *certs, X509 *x509, const char *path,
		     struct pv_error *err)
{
	size_t n = certs->n_certs;
	struct pv_cert *grown = realloc(certs->certs, (n + 1) * sizeof(*grown));

	if (!grown) {
		X509_free(x509);
		return pv_fail(err, PV_ERR_MEMORY, "Out of memory");
	}
	certs->certs = grown;
	grown[n] = (struct pv_cert){ .x509 = x509, .path = path };
	certs->n_certs++;
	return 0;
}

static int keep_crl(struct pv_certs *certs, X509_CRL *x509, const char *path,
		    struct pv_error *err)
{
	size_t n = certs->n_crls;
	struct pv_crl *grown = realloc(certs->crls, (n + 1) * sizeof(*grown));

	if (!grown) {
		X509_CRL_free(x509);
		return pv_fail(err, PV_ERR_MEMORY, "Out of memory");
	}
	certs->crls = grown;
	grown[n] = (struct pv_crl){ .x509 = x509, .path = path };
	certs->n_crls++;
	return 0;
}

/* Return: 1 if it is one, 0 if not, -1 with @err set. */
static int add_cert_der(struct pv_certs *certs, const unsigned char *der,
			long len, const char *path, struct pv_error *err)
{
	const unsigned char *end = der;
	X509 *x509 = d2i_X509(NULL, &end, len);

	if (x509 && end == der + len)
		return keep_cert(certs, x509, path, err) ? -1 : 1;
	X509_free(x509);
	return 0;
}

/* Signature algorithm inside of what is signed, of a well-formed CRL. */
static X509_ALGOR *signed_algorithm(const unsigned char *der, long len)
{
	const unsigned char *at = der, *behind_version;
	int tag, class;
	long size;

	ASN1_get_object(&at, &size, &tag, &class, len);
	ASN1_get_object(&at, &size, &tag, &class, der + len - at);
	behind_version = at;
	ASN1_get_object(&behind_version, &size, &tag, &class, der + len - at);
	if (tag == V_ASN1_INTEGER)
		at = behind_version + size;
	return d2i_X509_ALGOR(NULL, &at, der + len - at);
}

/*
 * The algorithm stands inside and outside of what is signed.  For certificates
 * libcrypto compares both, for CRLs it does not.
 */
static bool same_algorithms(const X509_CRL *crl, const unsigned char *der,
			    long len)
{
	X509_ALGOR *inside = signed_algorithm(der, len);
	const X509_ALGOR *outside;
	bool same;

	X509_CRL_get0_signature(crl, NULL, &outside);
	same = inside && !X509_ALGOR_cmp(inside, outside);
	X509_ALGOR_free(inside);
	return same;
}

static int add_crl_der(struct pv_certs *certs, const unsigned char *der,
		       long len, const char *path, struct pv_error *err)
{
	const unsigned char *end = der;
	X509_CRL *x509 = d2i_X509_CRL(NULL, &end, len);

	if (x509 && end == der + len && same_algorithms(x509, der, len))
		return keep_crl(certs, x509, path, err) ? -1 : 1;
	X509_CRL_free(x509);
	return 0;
}

static int add_pem_object(struct pv_certs *certs, const char *name,
			  const unsigned char *der, long len, const char *path,
			  struct pv_error *err)
{
	int found;

	if (!strcmp(name, PEM_STRING_X509) ||
	    !strcmp(name, PEM_STRING_X509_OLD))
		found = add_cert_der(certs, der, len, path, err);
	else if (!strcmp(name, PEM_STRING_X509_CRL))
		found = add_crl_der(certs, der, len, path, err);
	else
		return 0;
	if (found)
		return found > 0 ? 0 : -1;
	return pv_fail_openssl(err, PV_ERR_FORMAT,
			       "%s: damaged: what is marked %s is none", path,
			       name);
}

/* Return: 1 if there was an object, 0 at the end, -1 with @err set. */
static int next_pem_object(struct pv_certs *certs, BIO *bio, const char *path,
			   struct pv_error *err)
{
	char *name = NULL, *header = NULL;
	unsigned char *der = NULL;
	int ret, reason;
	long len;

	if (PEM_read_bio(bio, &name, &header, &der, &len)) {
		ret = add_pem_object(certs, name, der, len, path, err) ? -1 : 1;
		OPENSSL_free(name);
		OPENSSL_free(header);
		OPENSSL_clear_free(der, (size_t)len);
		return ret;
	}
	reason = ERR_GET_REASON(ERR_peek_last_error());
	if (reason == PEM_R_NO_START_LINE) {
		ERR_clear_error();
		return 0;
	}
	return pv_fail_openssl(err, PV_ERR_FORMAT, "%s: damaged PEM file", path);
}

static int parse_pem(struct pv_certs *certs, const void *data, size_t len,
		     const char *path, struct pv_error *err)
{
	/* An empty file has no memory, which a BIO does not accept. */
	BIO *bio = BIO_new_mem_buf(len ? data : "", (int)len);
	int more = 1;

	if (!bio)
		return pv_fail(err, PV_ERR_MEMORY, "Out of memory");
	while (more > 0)
		more = next_pem_object(certs, bio, path, err);
	BIO_free(bio);
	return more;
}

static int parse_der(struct pv_certs *certs, const void *data, size_t len,
		     const char *path, struct pv_error *err)
{
	int found = add_cert_der(certs, data, (long)len, path, err);

	if (!found)
		found = add_crl_der(certs, data, (long)len, path, err);
	ERR_clear_error();
	if (found)
		return found > 0 ? 0 : -1;
	return pv_fail(err, PV_ERR_FORMAT,
		       "%s: damaged: begins like a DER file, but holds neither a certificate nor a CRL of this size",
		       path);
}

/* A SEQUENCE with a long length: nothing smaller is signed, no text is so. */
static int is_der(const unsigned char *data, size_t len)
{
	return len > 2 && data[0] == 0x30 && (data[1] & 0x80);
}

static void drop_certs(struct pv_certs *certs, size_t keep)
{
	while (certs->n_certs > keep)
		X509_free(certs->certs[--certs->n_certs].x509);
}

int pv_certs_parse(struct pv_certs *certs, const void *data, size_t len,
		   const char *path, enum pv_certs_kind kind,
		   struct pv_error *err)
{
	const size_t old_certs = certs->n_certs, old_crls = certs->n_crls;
	const struct kind *wanted = &kinds[kind];
	size_t n_certs, n_crls;
	int ret;

	if (len > wanted->max)
		return pv_fail(err, PV_ERR_LIMIT,
			       "%s: larger than %zu bytes, which is too much for %s",
			       path, wanted->max, wanted->what);
	ERR_clear_error();
	if (is_der(data, len))
		ret = parse_der(certs, data, len, path, err);
	else
		ret = parse_pem(certs, data, len, path, err);
	if (ret)
		return -1;
	n_certs = certs->n_certs - old_certs;
	n_crls = certs->n_crls - old_crls;
	if (wanted->crls_only)
		drop_certs(certs, old_certs);
	if (n_certs + n_crls == 0 || (wanted->needs_cert && !n_certs) ||
	    (wanted->needs_crl && !n_crls))
		return pv_fail(err, PV_ERR_FORMAT,
			       "%s: does not contain %s, neither in PEM nor in DER form",
			       path, wanted->what);
	return 0;
}

int pv_certs_add(struct pv_certs *certs, const char *path,
		 enum pv_certs_kind kind, struct pv_error *err)
{
	struct pv_buffer file;
	int ret;

	if (pv_file_read(&file, path, kinds[kind].max, err))
		return -1;
	ret = pv_certs_parse(certs, file.data, file.size, path, kind, err);
	pv_buffer_free(&file);
	return ret;
}

void pv_certs_release(struct pv_certs *certs)
{
	for (size_t i = 0; i < certs->n_certs; i++)
		X509_free(certs->certs[i].x509);
	for (size_t i = 0; i < certs->n_crls; i++)
		X509_CRL_free(certs->crls[i].x509);
	free(certs->certs);
	free(certs->crls);
	*certs = (struct pv_certs){ 0 };
}

int pv_cert_critical(const X509 *cert, char *text, size_t size)
{
	for (int i = 0; i < X509_get_ext_count(cert); i++) {
		X509_EXTENSION *ext = X509_get_ext(cert, i);

		if (!X509_EXTENSION_get_critical(ext) ||
		    X509_supported_extension(ext))
			continue;
		OBJ_obj2txt(text, (int)size, X509_EXTENSION_get_object(ext), 0);
		return 1;
	}
	return 0;
}

bool pv_cert_has_akid(X509 *issuer, const AUTHORITY_KEYID *akid)
{
	/*
	 * X509_check_akid() compares key identifiers only when the extension
	 * cache of the issuer is filled, and accepts any issuer otherwise.
	 */
	X509_check_purpose(issuer, -1, 0);
	return akid && X509_check_akid(issuer, akid) == X509_V_OK;
}
