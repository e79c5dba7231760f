// SPDX-License-Identifier: MIT
/* User data of add-secret requests and who signed them. */
#include <string.h>

#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>

#include "array.h"
#include "bytes.h"
#include "file.h"
#include "user_data.h"

#define EC_BITS		521
#define SIGNATURE_MAX	(PV_ASRCB_USER_DATA_SIZE - PV_USER_DATA_RSA_3072_SIGNATURE)

static const struct pv_user_data_layout layouts[PV_USER_DATA_KINDS] = {
	[PV_USER_DATA_NONE] = { 0 },
	[PV_USER_DATA_UNSIGNED] = { .data = PV_ASRCB_USER_DATA_SIZE },
	[PV_USER_DATA_EC_P521] = {
		"EC P-521", "EC", EC_BITS, PV_USER_DATA_EC_SIGNATURE,
		PV_USER_DATA_EC_SIGNATURE_MAX },
	[PV_USER_DATA_RSA_2048] = {
		"RSA-2048", "RSA", 2048, PV_USER_DATA_RSA_2048_SIGNATURE,
		256 },
	[PV_USER_DATA_RSA_3072] = {
		"RSA-3072", "RSA", 3072, PV_USER_DATA_RSA_3072_SIGNATURE,
		SIGNATURE_MAX },
};

const struct pv_user_data_layout *pv_user_data_layout(unsigned int kind)
{
	return kind < ARRAY_SIZE(layouts) ? &layouts[kind] : NULL;
}

/* Other curves of 521 bits exist in theory only, but the name is at hand. */
static bool is_supported_curve(const EVP_PKEY *key)
{
	char group[64];

	return EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) == 1 &&
	       OBJ_txt2nid(group) == NID_secp521r1;
}

int pv_user_data_kind_of_key(enum pv_user_data_kind *kind, const EVP_PKEY *key,
			     struct pv_error *err)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(layouts); i++) {
		const struct pv_user_data_layout *layout = &layouts[i];

		if (!layout->name || !EVP_PKEY_is_a(key, layout->algorithm) ||
		    EVP_PKEY_get_bits(key) != layout->bits ||
		    (layout->bits == EC_BITS && !is_supported_curve(key)))
			continue;
		*kind = i;
		return 0;
	}
	return pv_fail(err, PV_ERR_UNSUPPORTED,
		       "A key of type %s with %d bits cannot sign user data; use EC P-521, RSA-2048 or RSA-3072",
		       EVP_PKEY_get0_type_name(key) ?: "unknown",
		       EVP_PKEY_get_bits(key));
}

/* RSA keys sign with PSS; @salt: its length, which only a signer knows. */
static int set_padding(EVP_PKEY_CTX *ctx, enum pv_user_data_kind kind,
		       int salt)
{
	if (kind == PV_USER_DATA_EC_P521)
		return 1;
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, EVP_sha512()) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, salt) == 1;
}

int pv_user_data_sign(struct pv_asrcb *request, size_t size,
		      enum pv_user_data_kind kind, EVP_PKEY *key,
		      struct pv_error *err)
{
	const struct pv_user_data_layout *layout = &layouts[kind];
	uint8_t signature[SIGNATURE_MAX];
	size_t length = sizeof(signature);
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	EVP_PKEY_CTX *ctx;
	int ret = -1;

	if (!md || EVP_DigestSignInit(md, &ctx, EVP_sha512(), NULL, key) != 1 ||
	    !set_padding(ctx, kind, RSA_PSS_SALTLEN_DIGEST) ||
	    EVP_DigestSign(md, signature, &length, (const uint8_t *)request,
			   size) != 1 || length > layout->signature) {
		pv_fail_openssl(err, PV_ERR_CRYPTO,
				"Cannot sign the user data (is it a private key?)");
		goto out;
	}
	memcpy(request->user_data + layout->data, signature, length);
	if (kind == PV_USER_DATA_EC_P521) {
		pv_be16 stored = pv_put_be16((uint16_t)length);

		memcpy(request->user_data + PV_USER_DATA_EC_LENGTH, &stored,
		       sizeof(stored));
	}
	ret = 0;
out:
	EVP_MD_CTX_free(md);
	return ret;
}

/*
 * Take the signature out of @request, which has zeros there afterwards.  What
 * else stands in its part is not signed, so nothing may.
 */
static int take_signature(struct pv_asrcb *request,
			  enum pv_user_data_kind kind, uint8_t *signature,
			  size_t *length, struct pv_error *err)
{
	static const uint8_t zero[PV_ASRCB_USER_DATA_SIZE];
	const struct pv_user_data_layout *layout = &layouts[kind];
	uint8_t *part = request->user_data + layout->data;
	size_t part_size = PV_ASRCB_USER_DATA_SIZE - layout->data;
	pv_be16 stored;

	*length = layout->signature;
	if (kind == PV_USER_DATA_EC_P521) {
		memcpy(&stored, request->user_data + PV_USER_DATA_EC_LENGTH,
		       sizeof(stored));
		memset(request->user_data + PV_USER_DATA_EC_LENGTH, 0,
		       sizeof(stored));
		*length = pv_get_be16(stored);
	}
	if (*length == 0 || *length > layout->signature)
		return pv_fail(err, PV_ERR_FORMAT,
			       "A signature of %zu bytes is impossible (1 to %zu are possible)",
			       *length, layout->signature);
	memcpy(signature, part, *length);
	memset(part, 0, *length);
	if (memcmp(part, zero, part_size) != 0)
		return pv_fail(err, PV_ERR_FORMAT,
			       "Bytes behind the signature are not zero");
	return 0;
}

static int check_signature(const struct pv_asrcb *request, size_t size,
			   enum pv_user_data_kind kind, EVP_PKEY *key,
			   const uint8_t *signature, size_t length,
			   struct pv_error *err)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	EVP_PKEY_CTX *ctx;
	int ret;

	if (!md ||
	    EVP_DigestVerifyInit(md, &ctx, EVP_sha512(), NULL, key) != 1 ||
	    !set_padding(ctx, kind, RSA_PSS_SALTLEN_AUTO))
		ret = pv_fail_openssl(err, PV_ERR_CRYPTO,
				      "Cannot verify the signature");
	else if (EVP_DigestVerify(md, signature, length,
				  (const uint8_t *)request, size) != 1)
		ret = pv_fail(err, PV_ERR_MISMATCH,
			      "The signature of the user data is not that of this %s key",
			      layouts[kind].name);
	else
		ret = 0;
	/* A signature that does not verify leaves its reason in the queue. */
	ERR_clear_error();
	EVP_MD_CTX_free(md);
	return ret;
}

int pv_user_data_verify(const struct pv_asrcb *request, size_t size,
			enum pv_user_data_kind kind, EVP_PKEY *key,
			struct pv_error *err)
{
	uint8_t signature[SIGNATURE_MAX];
	struct pv_buffer copy;
	struct pv_asrcb *asrcb;
	size_t length;
	int ret = -1;

	if (pv_buffer_alloc(&copy, size, err) < 0)
		return -1;
	memcpy(copy.data, request, size);
	asrcb = (struct pv_asrcb *)copy.data;
	if (take_signature(asrcb, kind, signature, &length, err) == 0)
		ret = check_signature(asrcb, size, kind, key, signature,
				      length, err);
	pv_buffer_free(&copy);
	return ret;
}
