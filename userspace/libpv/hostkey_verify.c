// SPDX-License-Identifier: MIT
/*
 * Deciding whether host key documents can be trusted.
 *
 * The path from the signing key to the root is ordinary (certs_chain.c).  The
 * last step is done here, since the signing key is not a CA.
 */
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "array.h"
#include "certs.h"
#include "certs_chain.h"
#include "certs_crl.h"
#include "certs_name.h"
#include "hostkey_internal.h"

#define MIN_SECURITY_BITS	112

/**
 * struct trust - what is known once the signing key is validated
 * @given: from the files of certificates and CRLs
 * @root: from the file with the root, empty for the system's store
 * @signer: the signing key, in @given
 */
struct trust {
	struct pv_certs given;
	struct pv_certs root;
	const struct pv_cert *signer;
	time_t now;
	bool test;
};

/* struct step - one check of a document; they are made in the order below */
struct step {
	enum pv_hostkey_outcome outcome;
	int (*check)(const struct pv_hostkey *key, const struct trust *trust,
		     struct pv_error *err);
};

static int check_begin(const struct pv_hostkey *key, const struct trust *trust,
		       struct pv_error *err)
{
	time_t now = trust->now;

	if (X509_cmp_time(X509_get0_notBefore(key->cert), &now) < 0)
		return 0;
	return pv_fail(err, PV_ERR_HOSTKEY,
		       "%s: host key document is not valid before a later date; look at the clock of this system",
		       key->path);
}

static int check_end(const struct pv_hostkey *key, const struct trust *trust,
		     struct pv_error *err)
{
	time_t now = trust->now;

	if (X509_cmp_time(X509_get0_notAfter(key->cert), &now) > 0)
		return 0;
	return pv_fail(err, PV_ERR_HOSTKEY,
		       "%s: host key document has expired; get the current one of the machine",
		       key->path);
}

static int check_extensions(const struct pv_hostkey *key,
			    const struct trust *trust, struct pv_error *err)
{
	(void)trust;
	if (!(X509_get_extension_flags(key->cert) & EXFLAG_INVALID))
		return 0;
	return pv_fail(err, PV_ERR_HOSTKEY,
		       "%s: host key document is damaged: an extension cannot be decoded",
		       key->path);
}

static int check_critical(const struct pv_hostkey *key,
			  const struct trust *trust, struct pv_error *err)
{
	char type[64];

	(void)trust;
	if (!pv_cert_critical(key->cert, type, sizeof(type)))
		return 0;
	return pv_fail(err, PV_ERR_HOSTKEY,
		       "%s: host key document has critical extension %s, which is not understood",
		       key->path, type);
}

static int check_usage(const struct pv_hostkey *key, const struct trust *trust,
		       struct pv_error *err)
{
	(void)trust;
	/* All bits are set if the extension is missing. */
	if (X509_get_key_usage(key->cert) & KU_KEY_AGREEMENT)
		return 0;
	return pv_fail(err, PV_ERR_HOSTKEY,
		       "%s: host key document is not for keyAgreement",
		       key->path);
}

static int check_akid(const struct pv_hostkey *key, const struct trust *trust,
		      struct pv_error *err)
{
	const struct pv_cert *signer = trust->signer;
	AUTHORITY_KEYID *akid;
	int critical;
	bool right;

	akid = X509_get_ext_d2i(key->cert, NID_authority_key_identifier,
				&critical, NULL);
	right = pv_cert_has_akid(signer->x509, akid) ||
		(!akid && critical == -1);
	AUTHORITY_KEYID_free(akid);
	if (right)
		return 0;
	return pv_fail(err, PV_ERR_HOSTKEY,
		       "%s: host key document was signed by another key than %s; give the signing key that belongs to it",
		       key->path, signer->path);
}

static int check_issuer(const struct pv_hostkey *key, const struct trust *trust,
			struct pv_error *err)
{
	const X509_NAME *issuer = X509_get_issuer_name(key->cert);
	const struct pv_cert *signer = trust->signer;

	if (pv_name_is_issuer(issuer, X509_get_subject_name(signer->x509)))
		return 0;
	return pv_fail(err, PV_ERR_HOSTKEY,
		       "%s: host key document was issued by %s, which is not the name of the signing key %s",
		       key->path, pv_name_text(issuer).text, signer->path);
}

static int check_strength(const struct pv_hostkey *key,
			  const struct trust *trust, struct pv_error *err)
{
	int bits = 0;

	(void)trust;
	if (X509_get_signature_info(key->cert, NULL, NULL, &bits, NULL) == 1 &&
	    bits >= MIN_SECURITY_BITS)
		return 0;
	return pv_fail(err, PV_ERR_HOSTKEY,
		       "%s: host key document is signed with an algorithm of less than %d bits of security",
		       key->path, MIN_SECURITY_BITS);
}

static int check_signature(const struct pv_hostkey *key,
			   const struct trust *trust, struct pv_error *err)
{
	EVP_PKEY *public = X509_get0_pubkey(trust->signer->x509);
	const int good = public ? X509_verify(key->cert, public) : 0;

	ERR_clear_error();
	if (good == 1)
		return 0;
	return pv_fail(err, PV_ERR_HOSTKEY,
		       "%s: signature of the host key document is not that of the signing key %s: damaged, forged, or not its signing key",
		       key->path, trust->signer->path);
}

static const struct step steps[] = {
	{ PV_HOSTKEY_NOT_YET_VALID, check_begin },
	{ PV_HOSTKEY_EXPIRED, check_end },
	{ PV_HOSTKEY_DAMAGED, check_extensions },
	{ PV_HOSTKEY_CRITICAL_EXTENSION, check_critical },
	{ PV_HOSTKEY_KEY_USAGE, check_usage },
	{ PV_HOSTKEY_AKID, check_akid },
	{ PV_HOSTKEY_ISSUER, check_issuer },
	{ PV_HOSTKEY_WEAK, check_strength },
	{ PV_HOSTKEY_SIGNATURE, check_signature },
};

static int verify_key(struct pv_hostkey *key, const struct trust *trust,
		      struct pv_error *err)
{
	const struct pv_certs *sets[] = { &trust->given, &trust->root };
	const struct pv_crl_check check = {
		.cert = key->cert,
		.path = key->path,
		.signer = trust->signer,
		.now = trust->now,
	};

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		if (!steps[i].check(key, trust, err))
			continue;
		key->outcome = steps[i].outcome;
		return -1;
	}
	if (pv_crls_check(&check, sets, 2, &key->outcome, err))
		return -1;
	if (trust->test && pv_hostkey_warn(key, "TEST certificate chain: this key protects nothing",
					   err))
		return -1;
	key->outcome = PV_HOSTKEY_OK;
	return 0;
}

static int read_files(struct trust *trust, const struct pv_verify_params *params,
		      struct pv_error *err)
{
	for (size_t i = 0; i < params->n_certs; i++)
		if (pv_certs_add(&trust->given, params->certs[i],
				 PV_CERTS_OF_CHAIN, err))
			return -1;
	for (size_t i = 0; i < params->n_crls; i++)
		if (pv_certs_add(&trust->given, params->crls[i],
				 PV_CERTS_OF_CRLS, err))
			return -1;
	if (!params->root_ca)
		return 0;
	return pv_certs_add(&trust->root, params->root_ca, PV_CERTS_OF_ROOT,
			    err);
}

static int establish(struct trust *trust, const struct pv_verify_params *params,
		     enum pv_hostkey_outcome *outcome, struct pv_error *err)
{
	*outcome = PV_HOSTKEY_BAD_FILE;
	if (read_files(trust, params, err))
		return -1;
	trust->signer = pv_chain_find_signing_key(&trust->given, outcome, err);
	if (!trust->signer)
		return -1;
	trust->now = params->now ?: time(NULL);
	return pv_chain_verify(trust->signer, &trust->given,
			       params->root_ca ? &trust->root : NULL,
			       trust->now, &trust->test, outcome, err);
}

static void set_outcome(struct pv_hostkey *const *keys, size_t n,
			enum pv_hostkey_outcome outcome)
{
	for (size_t i = 0; i < n; i++)
		keys[i]->outcome = outcome;
}

int pv_hostkeys_verify(struct pv_hostkey *const *keys, size_t n,
		       const struct pv_verify_params *params,
		       struct pv_error *err)
{
	enum pv_hostkey_outcome outcome = PV_HOSTKEY_UNCHECKED;
	struct trust trust = { 0 };
	int ret;

	if (!n)
		return pv_fail(err, PV_ERR_USAGE,
			       "No host key document; give at least one");
	if (params->no_verify) {
		set_outcome(keys, n, PV_HOSTKEY_NO_VERIFY);
		return 0;
	}
	set_outcome(keys, n, PV_HOSTKEY_UNCHECKED);
	ret = establish(&trust, params, &outcome, err);
	if (ret)
		set_outcome(keys, n, outcome);
	for (size_t i = 0; !ret && i < n; i++)
		ret = verify_key(keys[i], &trust, err);
	pv_certs_release(&trust.given);
	pv_certs_release(&trust.root);
	return ret;
}
