// SPDX-License-Identifier: MIT
/* Names in certificates and CRLs, and the name of the signing key. */
#include <string.h>

#include <openssl/bio.h>
#include <openssl/objects.h>

#include "array.h"
#include "certs_name.h"

#define IBM			"International Business Machines Corporation"
#define OU_SUFFIX		"Key Signing Service"
#define SIGNING_KEY_ENTRIES	6

/* The first value of L is what older documents say. */
static const char *const localities[] = { "Poughkeepsie", "Armonk" };

struct pv_name_text pv_name_text(const X509_NAME *name)
{
	struct pv_name_text out = { "" };
	BIO *bio = BIO_new(BIO_s_mem());
	int len = 0;

	if (bio && X509_NAME_print_ex(bio, name, 0, XN_FLAG_ONELINE) >= 0)
		len = BIO_read(bio, out.text, sizeof(out.text) - 1);
	BIO_free(bio);
	out.text[len > 0 ? len : 0] = '\0';
	return out;
}

static bool is_text(const ASN1_STRING *value, const char *text)
{
	return ASN1_STRING_length(value) == (int)strlen(text) &&
	       !memcmp(ASN1_STRING_get0_data(value), text, strlen(text));
}

static bool ends_with(const ASN1_STRING *value, const char *suffix)
{
	const int excess = ASN1_STRING_length(value) - (int)strlen(suffix);

	return excess >= 0 && !memcmp(ASN1_STRING_get0_data(value) + excess,
				      suffix, strlen(suffix));
}

static bool is_locality(const ASN1_STRING *value)
{
	return is_text(value, localities[0]) || is_text(value, localities[1]);
}

/* The first entry of this type; without one, an empty string. */
static const ASN1_STRING *first_entry(const X509_NAME *name, int nid)
{
	const int at = X509_NAME_get_index_by_NID((X509_NAME *)name, nid, -1);

	if (at < 0)
		return NULL;
	return X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
}

bool pv_name_is_signing_key(const X509_NAME *name)
{
	static const struct {
		int nid;
		const char *text;
	} fixed[] = {
		{ NID_countryName, "US" },
		{ NID_stateOrProvinceName, "New York" },
		{ NID_organizationName, IBM },
		{ NID_commonName, IBM },
	};
	const ASN1_STRING *value;

	if (X509_NAME_entry_count(name) != SIGNING_KEY_ENTRIES)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(fixed); i++) {
		value = first_entry(name, fixed[i].nid);
		if (!value || !is_text(value, fixed[i].text))
			return false;
	}
	value = first_entry(name, NID_localityName);
	if (!value || !is_locality(value))
		return false;
	value = first_entry(name, NID_organizationalUnitName);
	return value && ends_with(value, OU_SUFFIX);
}

static bool entries_match(const X509_NAME_ENTRY *a, const X509_NAME_ENTRY *b)
{
	const ASN1_STRING *left = X509_NAME_ENTRY_get_data(a);
	const ASN1_STRING *right = X509_NAME_ENTRY_get_data(b);
	const ASN1_OBJECT *type = X509_NAME_ENTRY_get_object(a);

	if (OBJ_cmp(type, X509_NAME_ENTRY_get_object(b)))
		return false;
	if (OBJ_obj2nid(type) == NID_localityName && is_locality(left) &&
	    is_locality(right))
		return true;
	return ASN1_STRING_length(left) == ASN1_STRING_length(right) &&
	       !memcmp(ASN1_STRING_get0_data(left), ASN1_STRING_get0_data(right),
		       (size_t)ASN1_STRING_length(left));
}

bool pv_name_is_issuer(const X509_NAME *issuer, const X509_NAME *subject)
{
	const int n = X509_NAME_entry_count(subject);
	unsigned int used = 0;
	int i, k;

	if (n != SIGNING_KEY_ENTRIES || X509_NAME_entry_count(issuer) != n)
		return false;
	for (i = 0; i < n; i++) {
		for (k = 0; k < n; k++)
			if (!(used & 1u << k) &&
			    entries_match(X509_NAME_get_entry(issuer, i),
					  X509_NAME_get_entry(subject, k)))
				break;
		if (k == n)
			return false;
		used |= 1u << k;
	}
	return true;
}

bool pv_name_says_test(const X509_NAME *name)
{
	for (int i = 0; i < X509_NAME_entry_count(name); i++) {
		const ASN1_STRING *value =
			X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i));
		const unsigned char *data = ASN1_STRING_get0_data(value);
		const int len = ASN1_STRING_length(value);

		for (int at = 0; at + 4 <= len; at++)
			if (!memcmp(data + at, "TEST", 4))
				return true;
	}
	return false;
}
