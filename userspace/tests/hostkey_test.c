// SPDX-License-Identifier: MIT
/* Host key verification against every case of the TEST hierarchy's manifest. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "hostkey.h"
#include "tap.h"

#define MAX_LIST	8
#define N_FIELDS	7

enum field { CASE, EXPECT, HOSTS, CERTS, CRLS, ROOT, TEXT };

static const char *pki;

/* Comma list of files below the hierarchy's directory; "-" is an empty one. */
struct list {
	const char *paths[MAX_LIST];
	size_t n;
};

static void list_split(struct list *list, char *text)
{
	char *save, *path;

	list->n = 0;
	if (!strcmp(text, "-"))
		return;
	for (char *name = strtok_r(text, ",", &save); name && list->n < MAX_LIST;
	     name = strtok_r(NULL, ",", &save))
		if (asprintf(&path, "%s/%s", pki, name) > 0)
			list->paths[list->n++] = path;
}

static void list_free(struct list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free((char *)list->paths[i]);
}

/* Return: name of the outcome, "unusable" if a document does not even load. */
static const char *run_case(const struct list *hosts,
			    const struct pv_verify_params *params,
			    struct pv_error *err)
{
	struct pv_hostkey *keys[MAX_LIST] = { 0 };
	const char *outcome = "unusable";
	size_t n;
	int ret = 0;

	for (n = 0; n < hosts->n; n++)
		if (pv_hostkey_load(&keys[n], hosts->paths[n], err))
			goto out;
	ret = pv_hostkeys_verify(keys, n, params, err);
	for (size_t i = 0; i < n; i++) {
		outcome = pv_hostkey_outcome_name(pv_hostkey_outcome(keys[i]));
		if (strcmp(outcome, "ok"))
			break;
	}
	/* The verdict and the outcome must say the same. */
	if (!ret != !strcmp(outcome, "ok"))
		outcome = "contradiction";
out:
	for (size_t i = 0; i < n; i++)
		pv_hostkey_free(keys[i]);
	return outcome;
}

/* "chain" stands for any outcome of the chain: it depends on libcrypto. */
static bool outcome_matches(const char *got, const char *want)
{
	if (!strcmp(want, "chain"))
		return !strncmp(got, "chain-", 6);
	return !strcmp(got, want);
}

static void test_case(char *fields[N_FIELDS])
{
	struct list hosts, certs, crls, root;
	struct pv_verify_params params = { 0 };
	struct pv_error err = { 0 };
	const char *outcome;
	bool good;

	list_split(&hosts, fields[HOSTS]);
	list_split(&certs, fields[CERTS]);
	list_split(&crls, fields[CRLS]);
	list_split(&root, fields[ROOT]);
	params.certs = certs.paths;
	params.n_certs = certs.n;
	params.crls = crls.paths;
	params.n_crls = crls.n;
	params.root_ca = root.n ? root.paths[0] : NULL;
	outcome = run_case(&hosts, &params, &err);
	good = outcome_matches(outcome, fields[EXPECT]);
	if (strcmp(fields[EXPECT], "ok"))
		good = good && err.code != PV_OK &&
		       (!strcmp(fields[TEXT], "-") ||
			strstr(err.text, fields[TEXT]));
	else
		good = good && err.code == PV_OK;
	if (!tap_ok(good, "manifest case %s: %s", fields[CASE], fields[EXPECT]))
		tap_note("got %s: %s (wanted the text: %s)", outcome, err.text,
			 fields[TEXT]);
	list_free(&hosts);
	list_free(&certs);
	list_free(&crls);
	list_free(&root);
}

static unsigned int test_manifest(void)
{
	char *fields[N_FIELDS], *path, *line = NULL, *rest;
	unsigned int n = 0;
	size_t size = 0;
	FILE *file;
	int i;

	if (asprintf(&path, "%s/manifest.tsv", pki) < 0)
		return 0;
	file = fopen(path, "r");
	while (file && getline(&line, &size, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (*line == '#')
			continue;
		rest = line;
		for (i = 0; i < N_FIELDS; i++)
			fields[i] = strsep(&rest, "\t") ?: "";
		test_case(fields);
		n++;
	}
	free(line);
	free(path);
	if (file)
		fclose(file);
	return n;
}

static struct pv_hostkey *load(const char *name)
{
	struct pv_hostkey *key = NULL;
	char *path;

	if (asprintf(&path, "%s/%s", pki, name) < 0)
		return NULL;
	pv_hostkey_load(&key, path, NULL);
	free(path);
	return key;
}

/* The hash once more, from the encoded point instead of the coordinates. */
static void test_hash(void)
{
	struct pv_hostkey *key = load("host.crt"), *der = load("host.der");
	uint8_t encoded[1 + 2 * 66] = { 0 }, padded[160] = { 0 };
	uint8_t want[32], got[32] = { 0 };
	size_t len = 0;

	if (!tap_ok(key && der, "host key documents load in PEM and DER"))
		return;
	EVP_PKEY_get_octet_string_param(pv_hostkey_public(key), "encoded-pub-key",
					encoded, sizeof(encoded), &len);
	memcpy(padded + 14, encoded + 1, 66);
	memcpy(padded + 80 + 14, encoded + 67, 66);
	EVP_Digest(padded, sizeof(padded), want, NULL, EVP_sha256(), NULL);
	pv_hostkey_hash(key, got);
	tap_ok(len == sizeof(encoded) && encoded[0] == 4 &&
	       !memcmp(got, want, sizeof(got)),
	       "host key hash is SHA-256 over both padded coordinates");
	pv_hostkey_hash(der, got);
	tap_ok(!memcmp(got, want, sizeof(got)), "DER form has the same hash");
	tap_ok(strstr(pv_hostkey_path(der), "host.der"), "path is remembered");
	pv_hostkey_free(key);
	pv_hostkey_free(der);
}

static void test_warnings(void)
{
	char certs[2][4096], crls[3][4096], root[4096];
	const char *cert_paths[2] = { certs[0], certs[1] };
	const char *crl_paths[3] = { crls[0], crls[1], crls[2] };
	const struct pv_verify_params params = {
		.certs = cert_paths, .n_certs = 2,
		.crls = crl_paths, .n_crls = 3, .root_ca = root,
	};
	struct pv_hostkey *one = load("host.crt");
	struct pv_hostkey *two = load("host-two-in-one.crt");
	uint8_t hash[2][32];

	snprintf(certs[0], sizeof(certs[0]), "%s/signing.crt", pki);
	snprintf(certs[1], sizeof(certs[1]), "%s/ca.crt", pki);
	snprintf(crls[0], sizeof(crls[0]), "%s/signing.crl", pki);
	snprintf(crls[1], sizeof(crls[1]), "%s/ca.crl", pki);
	snprintf(crls[2], sizeof(crls[2]), "%s/root.crl", pki);
	snprintf(root, sizeof(root), "%s/root.crt", pki);
	if (!tap_ok(one && two, "documents for the warnings load"))
		return;
	pv_hostkey_hash(one, hash[0]);
	pv_hostkey_hash(two, hash[1]);
	tap_ok(!memcmp(hash[0], hash[1], sizeof(hash[0])),
	       "of two certificates in one file the first counts");
	tap_ok(!pv_hostkey_warnings(one), "one certificate: no warning");
	tap_ok(strstr(pv_hostkey_warnings(two) ?: "", "more than one"),
	       "two certificates in one file: a warning");
	pv_hostkeys_verify(&two, 1, &params, NULL);
	tap_ok(strstr(pv_hostkey_warnings(two) ?: "", "TEST certificate chain"),
	       "a chain that says TEST: another warning");
	tap_ok(strstr(pv_hostkey_warnings(two) ?: "", "more than one") &&
	       strchr(pv_hostkey_warnings(two), '\n'),
	       "the first warning is kept, each has its line");
	pv_hostkey_free(one);
	pv_hostkey_free(two);
}

static void test_no_verify(void)
{
	const struct pv_verify_params params = { .no_verify = true };
	struct pv_hostkey *key = load("bad/host-revoked.crt");
	struct pv_error err = { 0 };

	if (!tap_ok(key, "an untrustworthy document loads"))
		return;
	tap_ok(pv_hostkey_outcome(key) == PV_HOSTKEY_UNCHECKED,
	       "a document is unchecked at first");
	tap_ok(!pv_hostkeys_verify(&key, 1, &params, &err) &&
	       pv_hostkey_outcome(key) == PV_HOSTKEY_NO_VERIFY,
	       "without verification nothing is refused, and the outcome says so");
	tap_ok(pv_hostkeys_verify(&key, 0, &params, &err) < 0 &&
	       err.code == PV_ERR_USAGE, "no document at all is an error");
	pv_hostkey_free(key);
}

static void test_names(void)
{
	bool distinct = true;

	for (int i = 0; i < PV_HOSTKEY_N_OUTCOMES; i++)
		for (int k = 0; k < i; k++)
			if (!strcmp(pv_hostkey_outcome_name(i),
				    pv_hostkey_outcome_name(k)))
				distinct = false;
	tap_ok(distinct, "every outcome has a name of its own");
	tap_ok(!strcmp(pv_hostkey_outcome_name(PV_HOSTKEY_N_OUTCOMES),
		       "unknown"), "what is no outcome is called unknown");
}

int main(void)
{
	pki = getenv("PV_TEST_PKI");
	if (!pki) {
		fputs("PV_TEST_PKI has to name what make-test-pki made\n",
		      stderr);
		return EXIT_FAILURE;
	}
	tap_start();
	tap_ok(test_manifest() >= 90, "manifest was read to the end");
	test_hash();
	test_warnings();
	test_no_verify();
	test_names();
	return tap_done();
}
