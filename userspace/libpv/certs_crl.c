// SPDX-License-Identifier: MIT
/* The CRLs that the signing key has issued. */
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include "certs_crl.h"
#include "certs_name.h"

#define REASON_SIZE	128

/* struct verdict - why a CRL is dropped; an empty text: it is not */
struct verdict {
	char reason[REASON_SIZE];
};

static struct verdict drop(const char *reason)
{
	struct verdict verdict;

	snprintf(verdict.reason, sizeof(verdict.reason), "%s", reason);
	return verdict;
}

static const struct verdict keep = { "" };

static struct verdict check_akid(const X509_CRL *crl, X509 *signer)
{
	AUTHORITY_KEYID *akid;
	int critical;
	bool right;

	akid = X509_CRL_get_ext_d2i(crl, NID_authority_key_identifier,
				    &critical, NULL);
	right = pv_cert_has_akid(signer, akid) || (!akid && critical == -1);
	AUTHORITY_KEYID_free(akid);
	return right ? keep :
	       drop("issued with another key than that of the signing key");
}

static bool same_names(const GENERAL_NAMES *a, const GENERAL_NAMES *b)
{
	for (int i = 0; i < sk_GENERAL_NAME_num(a); i++)
		for (int k = 0; k < sk_GENERAL_NAME_num(b); k++)
			if (!GENERAL_NAME_cmp(sk_GENERAL_NAME_value(a, i),
					      sk_GENERAL_NAME_value(b, k)))
				return true;
	return false;
}

/* A CRL for one distribution point covers the documents that name it. */
static bool names_point(const X509 *cert, const DIST_POINT_NAME *point)
{
	CRL_DIST_POINTS *own;
	bool found = false;

	if (point->type)
		return false;
	own = X509_get_ext_d2i(cert, NID_crl_distribution_points, NULL, NULL);
	for (int i = 0; !found && i < sk_DIST_POINT_num(own); i++) {
		const DIST_POINT *one = sk_DIST_POINT_value(own, i);

		found = one->distpoint && !one->distpoint->type &&
			same_names(one->distpoint->name.fullname,
				   point->name.fullname);
	}
	CRL_DIST_POINTS_free(own);
	return found;
}

static struct verdict judge_idp(const ISSUING_DIST_POINT *idp, const X509 *cert)
{
	if (idp->indirectCRL > 0)
		return drop("an indirect CRL");
	if (idp->onlysomereasons)
		return drop("covers only some reasons");
	if (idp->onlyCA > 0 || idp->onlyattr > 0)
		return drop("does not cover host key documents");
	if (idp->distpoint && !names_point(cert, idp->distpoint))
		return drop("covers another distribution point");
	return keep;
}

static struct verdict check_coverage(const X509_CRL *crl, const X509 *cert)
{
	struct verdict verdict;
	ISSUING_DIST_POINT *idp;
	int critical;

	if (X509_CRL_get_ext_by_NID(crl, NID_delta_crl, -1) >= 0)
		return drop("a delta CRL");
	idp = X509_CRL_get_ext_d2i(crl, NID_issuing_distribution_point,
				   &critical, NULL);
	if (!idp)
		return critical == -1 ? keep : drop("damaged extension");
	verdict = judge_idp(idp, cert);
	ISSUING_DIST_POINT_free(idp);
	return verdict;
}

/* Of the critical extensions only the issuing distribution point is known. */
static struct verdict check_critical(const X509_CRL *crl)
{
	struct verdict verdict = keep;
	char type[64];

	for (int i = 0; i < X509_CRL_get_ext_count(crl); i++) {
		X509_EXTENSION *ext = X509_CRL_get_ext(crl, i);
		ASN1_OBJECT *object = X509_EXTENSION_get_object(ext);

		if (!X509_EXTENSION_get_critical(ext) ||
		    OBJ_obj2nid(object) == NID_issuing_distribution_point)
			continue;
		OBJ_obj2txt(type, sizeof(type), object, 0);
		snprintf(verdict.reason, sizeof(verdict.reason),
			 "has critical extension %s, which is not understood",
			 type);
		break;
	}
	return verdict;
}

/* No extension of a single entry may be critical: it could change its sense. */
static struct verdict check_entries(X509_CRL *crl)
{
	struct stack_st_X509_REVOKED *entries = X509_CRL_get_REVOKED(crl);

	for (int i = 0; i < sk_X509_REVOKED_num(entries); i++) {
		const X509_REVOKED *entry = sk_X509_REVOKED_value(entries, i);

		if (X509_REVOKED_get_ext_by_critical(entry, 1, -1) >= 0)
			return drop("an entry has a critical extension");
	}
	return keep;
}

static struct verdict check_dates(const X509_CRL *crl, time_t now)
{
	const ASN1_TIME *last = X509_CRL_get0_lastUpdate(crl);
	const ASN1_TIME *next = X509_CRL_get0_nextUpdate(crl);

	/* X509_cmp_time(): 0 is an error, "equal" counts as earlier. */
	if (!next)
		return drop("does not say until when it is valid");
	if (X509_cmp_time(last, &now) >= 0)
		return drop("not yet valid");
	if (X509_cmp_time(next, &now) <= 0)
		return drop("expired");
	return keep;
}

static struct verdict check_signature(X509_CRL *crl, X509 *signer)
{
	const int good = X509_CRL_verify(crl, X509_get0_pubkey(signer));

	ERR_clear_error();
	return good == 1 ? keep :
	       drop("wrong signature: damaged or forged");
}

/* The order decides which reason is told when there are several. */
static struct verdict judge(const struct pv_crl_check *check, X509_CRL *crl)
{
	X509 *signer = check->signer->x509;
	struct verdict verdict = check_akid(crl, signer);

	if (!*verdict.reason)
		verdict = check_coverage(crl, check->cert);
	if (!*verdict.reason)
		verdict = check_critical(crl);
	if (!*verdict.reason)
		verdict = check_entries(crl);
	if (!*verdict.reason)
		verdict = check_dates(crl, check->now);
	if (!*verdict.reason)
		verdict = check_signature(crl, signer);
	return verdict;
}

static bool lists(X509_CRL *crl, const X509 *cert)
{
	X509_REVOKED *entry = NULL;

	return X509_CRL_get0_by_serial(crl, &entry,
				       X509_get0_serialNumber(cert)) != 0;
}

static int check_one(const struct pv_crl_check *check, const struct pv_crl *crl,
		     char *dropped, size_t size, size_t *n_good,
		     enum pv_hostkey_outcome *outcome, struct pv_error *err)
{
	const X509_NAME *name = X509_get_subject_name(check->signer->x509);
	const size_t used = strlen(dropped);
	struct verdict verdict;

	if (!pv_name_is_issuer(X509_CRL_get_issuer(crl->x509), name))
		return 0;
	verdict = judge(check, crl->x509);
	if (*verdict.reason) {
		snprintf(dropped + used, size - used, "; %s was not used: %s",
			 crl->path, verdict.reason);
		return 0;
	}
	(*n_good)++;
	if (!lists(crl->x509, check->cert))
		return 0;
	*outcome = PV_HOSTKEY_REVOKED;
	return pv_fail(err, PV_ERR_HOSTKEY,
		       "%s: this host key was revoked (see %s); get the current host key document of the machine",
		       check->path, crl->path);
}

int pv_crls_check(const struct pv_crl_check *check,
		  const struct pv_certs *const *sets, size_t n_sets,
		  enum pv_hostkey_outcome *outcome, struct pv_error *err)
{
	const X509_NAME *name = X509_get_subject_name(check->signer->x509);
	char dropped[512] = "";
	size_t n_good = 0;

	for (size_t s = 0; s < n_sets; s++)
		for (size_t i = 0; i < sets[s]->n_crls; i++)
			if (check_one(check, &sets[s]->crls[i], dropped,
				      sizeof(dropped), &n_good, outcome, err))
				return -1;
	if (n_good)
		return 0;
	*outcome = PV_HOSTKEY_NO_CRL;
	return pv_fail(err, PV_ERR_HOSTKEY,
		       "%s: no usable CRL that was issued by %s; give the current one with --crl%s",
		       check->path, pv_name_text(name).text, dropped);
}
