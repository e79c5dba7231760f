// SPDX-License-Identifier: MIT
/* From the signing key up to the root: ordinary X.509 path validation. */
#include <stdio.h>

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "array.h"
#include "certs_chain.h"
#include "certs_name.h"

#define MAX_INTERMEDIATES	2
#define AUTH_LEVEL		2	/* at least 112 bits of security */
#define MIN_CHAIN		2	/* signing key and somebody above it */

/* Tell what was looked at, as far as it fits. */
static void no_signing_key(const struct pv_certs *certs, struct pv_error *err)
{
	char files[320] = "";
	size_t used = 0;

	for (size_t i = 0; i < certs->n_certs && used < sizeof(files); i++)
		used += (size_t)snprintf(files + used, sizeof(files) - used,
					 "%s%s", i ? ", " : "",
					 certs->certs[i].path);
	pv_fail(err, PV_ERR_HOSTKEY,
		"No IBM Z signing key among the certificates given (%s); its subject has six entries, with an OU that ends with \"Key Signing Service\"; give it with --cert",
		*files ? files : "none");
}

const struct pv_cert *
pv_chain_find_signing_key(const struct pv_certs *certs,
			  enum pv_hostkey_outcome *outcome,
			  struct pv_error *err)
{
	const struct pv_cert *found = NULL;

	for (size_t i = 0; i < certs->n_certs; i++) {
		const struct pv_cert *cert = &certs->certs[i];

		if (!pv_name_is_signing_key(X509_get_subject_name(cert->x509)))
			continue;
		if (found) {
			*outcome = PV_HOSTKEY_MANY_SIGNING_KEYS;
			pv_fail(err, PV_ERR_HOSTKEY,
				"More than one signing key certificate: %s and %s; give the one that issued the host key document",
				found->path, cert->path);
			return NULL;
		}
		found = cert;
	}
	if (found)
		return found;
	*outcome = PV_HOSTKEY_NO_SIGNING_KEY;
	no_signing_key(certs, err);
	return NULL;
}

/**
 * struct reason - what libcrypto's verification errors mean here
 * @error: X509_V_ERR_*
 * @what: goes on after "FILE: SUBJECT: ", followed by the issuer's name
 */
struct reason {
	int error;
	enum pv_hostkey_outcome outcome;
	const char *what;
};

#define NO_ISSUER \
	"no trusted certificate of its issuer; give CA certificates with --cert and the root with --root-ca"
#define TOO_SHORT	"its key is too short"

static const struct reason reasons[] = {
	{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
	  PV_HOSTKEY_CHAIN_INCOMPLETE, NO_ISSUER },
	{ X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
	  PV_HOSTKEY_CHAIN_INCOMPLETE, NO_ISSUER },
	{ X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
	  PV_HOSTKEY_CHAIN_INCOMPLETE, NO_ISSUER },
	{ X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
	  PV_HOSTKEY_CHAIN_INCOMPLETE,
	  "signed by itself and not trusted; give the root with --root-ca"
	},
	{ X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
	  PV_HOSTKEY_CHAIN_INCOMPLETE,
	  "a root, but not a trusted one; give the right root with --root-ca"
	},
	{ X509_V_ERR_AKID_SKID_MISMATCH,
	  PV_HOSTKEY_CHAIN_INCOMPLETE,
	  "the certificate of its issuer is there, but with another key than the one that signed it"
	},
	{ X509_V_ERR_CERT_SIGNATURE_FAILURE,
	  PV_HOSTKEY_CHAIN_SIGNATURE,
	  "its signature is not that of its issuer: it is damaged or forged"
	},
	{ X509_V_ERR_CERT_NOT_YET_VALID, PV_HOSTKEY_CHAIN_NOT_YET_VALID,
	  "not yet valid; look at the clock of this system" },
	{ X509_V_ERR_CERT_HAS_EXPIRED, PV_HOSTKEY_CHAIN_EXPIRED,
	  "expired; get the current certificate" },
	{ X509_V_ERR_CERT_REVOKED, PV_HOSTKEY_CHAIN_REVOKED,
	  "revoked by its issuer; get the current certificate" },
	{ X509_V_ERR_UNABLE_TO_GET_CRL, PV_HOSTKEY_CHAIN_NO_CRL,
	  "no usable CRL of its issuer, so nobody knows whether it was revoked; give that CRL with --crl"
	},
	{ X509_V_ERR_CRL_HAS_EXPIRED, PV_HOSTKEY_CHAIN_CRL_EXPIRED,
	  "the CRL of its issuer expired; give the current one with --crl"
	},
	{ X509_V_ERR_CRL_NOT_YET_VALID, PV_HOSTKEY_CHAIN_CRL_NOT_YET_VALID,
	  "the CRL of its issuer is not yet valid; look at the clock of this system"
	},
	{ X509_V_ERR_CRL_SIGNATURE_FAILURE, PV_HOSTKEY_CHAIN_CRL_SIGNATURE,
	  "the CRL of its issuer has a wrong signature: it is damaged or forged"
	},
	{ X509_V_ERR_EE_KEY_TOO_SMALL, PV_HOSTKEY_CHAIN_WEAK, TOO_SHORT },
	{ X509_V_ERR_CA_KEY_TOO_SMALL, PV_HOSTKEY_CHAIN_WEAK, TOO_SHORT },
	{ X509_V_ERR_CA_MD_TOO_WEAK, PV_HOSTKEY_CHAIN_WEAK,
	  "its issuer signed it with a weak digest" },
	{ X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION,
	  PV_HOSTKEY_CHAIN_CRITICAL_EXTENSION,
	  "it has a critical extension that is not understood" },
	{ X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION,
	  PV_HOSTKEY_CHAIN_CRITICAL_EXTENSION,
	  "the CRL of its issuer has a critical extension that is not understood"
	},
};

static const struct reason *find_reason(int error)
{
	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
		if (reasons[i].error == error)
			return &reasons[i];
	return NULL;
}

/* Where the certificate at fault came from; NULL if from the system's store. */
static const char *path_of(const X509 *x509, const struct pv_certs *certs,
			   const struct pv_certs *root)
{
	for (size_t i = 0; i < certs->n_certs; i++)
		if (!X509_cmp(certs->certs[i].x509, x509))
			return certs->certs[i].path;
	for (size_t i = 0; root && i < root->n_certs; i++)
		if (!X509_cmp(root->certs[i].x509, x509))
			return root->certs[i].path;
	return NULL;
}

static int chain_error(X509_STORE_CTX *ctx, const struct pv_cert *signer,
		       const struct pv_certs *certs,
		       const struct pv_certs *root,
		       enum pv_hostkey_outcome *outcome, struct pv_error *err)
{
	const int error = X509_STORE_CTX_get_error(ctx);
	const struct reason *reason = find_reason(error);
	const X509 *x509 = X509_STORE_CTX_get_current_cert(ctx) ?: signer->x509;
	const char *path = path_of(x509, certs, root);
	const struct pv_name_text subject =
		pv_name_text(X509_get_subject_name(x509));
	const struct pv_name_text issuer =
		pv_name_text(X509_get_issuer_name(x509));

	*outcome = reason ? reason->outcome : PV_HOSTKEY_CHAIN_INVALID;
	return pv_fail(err, PV_ERR_HOSTKEY, "%s: %s: %s (issuer: %s)",
		       path ?: "certificate store of the system", subject.text,
		       reason ? reason->what :
				X509_verify_cert_error_string(error),
		       issuer.text);
}

static int add_to_store(X509_STORE *store, const struct pv_certs *certs,
			bool trusted)
{
	for (size_t i = 0; trusted && i < certs->n_certs; i++)
		if (!X509_STORE_add_cert(store, certs->certs[i].x509))
			return -1;
	for (size_t i = 0; i < certs->n_crls; i++)
		if (!X509_STORE_add_crl(store, certs->crls[i].x509))
			return -1;
	return 0;
}

static X509_STORE *make_store(const struct pv_certs *certs,
			      const struct pv_certs *root)
{
	X509_STORE *store = X509_STORE_new();

	if (!store)
		return NULL;
	if (add_to_store(store, certs, false) ||
	    (root ? add_to_store(store, root, true) :
		    !X509_STORE_set_default_paths(store))) {
		X509_STORE_free(store);
		return NULL;
	}
	return store;
}

static struct stack_st_X509 *others_than(const struct pv_cert *signer,
					 const struct pv_certs *certs)
{
	struct stack_st_X509 *others = sk_X509_new_null();

	for (size_t i = 0; others && i < certs->n_certs; i++) {
		if (&certs->certs[i] == signer ||
		    sk_X509_push(others, certs->certs[i].x509))
			continue;
		sk_X509_free(others);
		return NULL;
	}
	return others;
}

static int set_rules(X509_STORE_CTX *ctx, time_t now)
{
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);

	if (!X509_VERIFY_PARAM_set_flags(param,
					 X509_V_FLAG_X509_STRICT |
					 X509_V_FLAG_CRL_CHECK |
					 X509_V_FLAG_CRL_CHECK_ALL |
					 X509_V_FLAG_TRUSTED_FIRST |
					 X509_V_FLAG_CHECK_SS_SIGNATURE |
					 X509_V_FLAG_POLICY_CHECK) ||
	    !X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_ANY))
		return -1;
	X509_VERIFY_PARAM_set_depth(param, MAX_INTERMEDIATES);
	X509_VERIFY_PARAM_set_auth_level(param, AUTH_LEVEL);
	X509_VERIFY_PARAM_set_time(param, now);
	return 0;
}

static bool says_test(struct stack_st_X509 *chain)
{
	for (int i = 0; i < sk_X509_num(chain); i++) {
		const X509 *cert = sk_X509_value(chain, i);

		if (pv_name_says_test(X509_get_subject_name(cert)))
			return true;
	}
	return false;
}

int pv_chain_verify(const struct pv_cert *signer, const struct pv_certs *certs,
		    const struct pv_certs *root, time_t now, bool *test,
		    enum pv_hostkey_outcome *outcome, struct pv_error *err)
{
	X509_STORE *store = make_store(certs, root);
	struct stack_st_X509 *others = others_than(signer, certs);
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	struct stack_st_X509 *chain;
	int ret = -1;

	*outcome = PV_HOSTKEY_UNCHECKED;
	if (!store || !others || !ctx ||
	    !X509_STORE_CTX_init(ctx, store, signer->x509, others) ||
	    set_rules(ctx, now)) {
		pv_fail_openssl(err, PV_ERR_CRYPTO,
				"Path validation does not start");
		goto out;
	}
	if (X509_verify_cert(ctx) != 1) {
		chain_error(ctx, signer, certs, root, outcome, err);
		goto out;
	}
	chain = X509_STORE_CTX_get0_chain(ctx);
	if (sk_X509_num(chain) < MIN_CHAIN) {
		*outcome = PV_HOSTKEY_CHAIN_TOO_SHORT;
		pv_fail(err, PV_ERR_HOSTKEY,
			"%s: the signing key must not be its own root",
			signer->path);
		goto out;
	}
	*test = says_test(chain);
	ret = 0;
out:
	X509_STORE_CTX_free(ctx);
	sk_X509_free(others);
	X509_STORE_free(store);
	return ret;
}
