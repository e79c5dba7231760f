// SPDX-License-Identifier: MIT
/* Host key documents: reading them and what they hold. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>

#include "certs.h"
#include "hostkey_internal.h"
#include "keyslot.h"

/* A curve spelled out can be P-521 in all but one parameter. */
static int check_named_curve(const struct pv_hostkey *key, struct pv_error *err)
{
	int explicit = 0;

	EVP_PKEY_get_int_param(key->public,
			       OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS,
			       &explicit);
	if (explicit)
		return pv_fail(err, PV_ERR_HOSTKEY,
			       "%s: not a host key document: its public key is not on a named curve",
			       key->path);
	return 0;
}

static int take_public_key(struct pv_hostkey *key, struct pv_error *err)
{
	struct pv_ec_point point;

	key->public = X509_get0_pubkey(key->cert);
	if (!key->public)
		return pv_fail_openssl(err, PV_ERR_HOSTKEY,
				       "%s: not a host key document: its public key cannot be decoded as EC on curve P-521",
				       key->path);
	if (pv_point_from_key(&point, key->public, err) ||
	    pv_point_hash(key->phkh, &point, err)) {
		pv_error_prefix(err, "%s: not a host key document", key->path);
		return -1;
	}
	return check_named_curve(key, err);
}

static int take_first_certificate(struct pv_hostkey *key, struct pv_error *err)
{
	struct pv_certs file = { 0 };
	int ret = -1;

	if (pv_certs_add(&file, key->path, PV_CERTS_OF_HOST, err))
		goto out;
	key->cert = file.certs[0].x509;
	X509_up_ref(key->cert);
	ret = 0;
	if (file.n_certs > 1)
		ret = pv_hostkey_warn(key,
				      "more than one certificate, only the first is used",
				      err);
out:
	pv_certs_release(&file);
	return ret;
}

int pv_hostkey_load(struct pv_hostkey **out, const char *path,
		    struct pv_error *err)
{
	struct pv_hostkey *key = calloc(1, sizeof(*key));

	*out = NULL;
	if (key)
		key->path = strdup(path);
	if (!key || !key->path) {
		pv_hostkey_free(key);
		return pv_fail(err, PV_ERR_MEMORY, "Out of memory");
	}
	if (take_first_certificate(key, err) || take_public_key(key, err)) {
		pv_hostkey_free(key);
		return -1;
	}
	*out = key;
	return 0;
}

void pv_hostkey_free(struct pv_hostkey *key)
{
	if (!key)
		return;
	X509_free(key->cert);
	free(key->path);
	free(key->warnings);
	free(key);
}

int pv_hostkey_warn(struct pv_hostkey *key, const char *text,
		    struct pv_error *err)
{
	const char *old = key->warnings ?: "";
	size_t size = strlen(old) + strlen(key->path) + strlen(text) + 4;
	char *grown = malloc(size);

	if (!grown)
		return pv_fail(err, PV_ERR_MEMORY, "Out of memory");
	snprintf(grown, size, "%s%s%s: %s", old, *old ? "\n" : "", key->path,
		 text);
	free(key->warnings);
	key->warnings = grown;
	return 0;
}

EVP_PKEY *pv_hostkey_public(const struct pv_hostkey *key)
{
	return key->public;
}

void pv_hostkey_hash(const struct pv_hostkey *key, uint8_t phkh[32])
{
	memcpy(phkh, key->phkh, sizeof(key->phkh));
}

const char *pv_hostkey_path(const struct pv_hostkey *key)
{
	return key->path;
}

const char *pv_hostkey_warnings(const struct pv_hostkey *key)
{
	return key->warnings;
}

enum pv_hostkey_outcome pv_hostkey_outcome(const struct pv_hostkey *key)
{
	return key->outcome;
}

const char *pv_hostkey_outcome_name(enum pv_hostkey_outcome outcome)
{
	static const char *const names[] = {
		[PV_HOSTKEY_UNCHECKED] = "unchecked",
		[PV_HOSTKEY_OK] = "ok",
		[PV_HOSTKEY_NO_VERIFY] = "no-verify",
		[PV_HOSTKEY_BAD_FILE] = "bad-file",
		[PV_HOSTKEY_NO_SIGNING_KEY] = "no-signing-key",
		[PV_HOSTKEY_MANY_SIGNING_KEYS] = "many-signing-keys",
		[PV_HOSTKEY_CHAIN_INCOMPLETE] = "chain-incomplete",
		[PV_HOSTKEY_CHAIN_TOO_SHORT] = "chain-too-short",
		[PV_HOSTKEY_CHAIN_SIGNATURE] = "chain-signature",
		[PV_HOSTKEY_CHAIN_EXPIRED] = "chain-expired",
		[PV_HOSTKEY_CHAIN_NOT_YET_VALID] = "chain-not-yet-valid",
		[PV_HOSTKEY_CHAIN_REVOKED] = "chain-revoked",
		[PV_HOSTKEY_CHAIN_NO_CRL] = "chain-no-crl",
		[PV_HOSTKEY_CHAIN_CRL_EXPIRED] = "chain-crl-expired",
		[PV_HOSTKEY_CHAIN_CRL_NOT_YET_VALID] =
			"chain-crl-not-yet-valid",
		[PV_HOSTKEY_CHAIN_CRL_SIGNATURE] = "chain-crl-signature",
		[PV_HOSTKEY_CHAIN_WEAK] = "chain-weak",
		[PV_HOSTKEY_CHAIN_CRITICAL_EXTENSION] =
			"chain-critical-extension",
		[PV_HOSTKEY_CHAIN_INVALID] = "chain-invalid",
		[PV_HOSTKEY_NOT_YET_VALID] = "not-yet-valid",
		[PV_HOSTKEY_EXPIRED] = "expired",
		[PV_HOSTKEY_DAMAGED] = "damaged",
		[PV_HOSTKEY_CRITICAL_EXTENSION] = "critical-extension",
		[PV_HOSTKEY_KEY_USAGE] = "key-usage",
		[PV_HOSTKEY_AKID] = "akid",
		[PV_HOSTKEY_ISSUER] = "issuer",
		[PV_HOSTKEY_WEAK] = "weak",
		[PV_HOSTKEY_SIGNATURE] = "signature",
		[PV_HOSTKEY_NO_CRL] = "no-crl",
		[PV_HOSTKEY_REVOKED] = "revoked",
	};

	if ((unsigned int)outcome >= PV_HOSTKEY_N_OUTCOMES)
		return "unknown";
	return names[outcome];
}
