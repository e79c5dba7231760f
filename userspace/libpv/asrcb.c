// SPDX-License-Identifier: MIT
/* Add-secret requests (ASRCB, version 1): making them. */
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "asrcb.h"
#include "bytes.h"
#include "keyslot.h"
#include "request.h"
#include "secret.h"
#include "user_data.h"

int pv_asrcb_spec_randomize(struct pv_asrcb_spec *spec, struct pv_error *err)
{
	if (RAND_bytes(spec->iv, sizeof(spec->iv)) != 1 ||
	    RAND_priv_bytes(spec->key, sizeof(spec->key)) != 1)
		return pv_fail_openssl(err, PV_ERR_CRYPTO,
				       "No random numbers for the request");
	return 0;
}

void pv_asrcb_spec_wipe(struct pv_asrcb_spec *spec)
{
	OPENSSL_cleanse(spec->key, sizeof(spec->key));
	OPENSSL_cleanse(spec->iv, sizeof(spec->iv));
	OPENSSL_cleanse(spec->extension, sizeof(spec->extension));
}

static int check_secret(const struct pv_asrcb_spec *spec, struct pv_error *err)
{
	const struct pv_secret_kind *kind = pv_secret_kind(spec->type);

	if (!kind)
		return pv_fail(err, PV_ERR_UNSUPPORTED,
			       "Secrets of type 0x%04x are unknown",
			       spec->type);
	if (!pv_secret_size_fits(kind, spec->secret_size))
		return pv_fail(err, PV_ERR_FORMAT,
			       "A secret of type %s cannot have %zu bytes",
			       kind->name, spec->secret_size);
	return 0;
}

static int choose_kind(enum pv_user_data_kind *kind,
		       const struct pv_asrcb_spec *spec, struct pv_error *err)
{
	size_t max;

	*kind = spec->user_data ? PV_USER_DATA_UNSIGNED : PV_USER_DATA_NONE;
	if (spec->sign_key &&
	    pv_user_data_kind_of_key(kind, spec->sign_key, err) < 0)
		return -1;
	max = pv_user_data_layout(*kind)->data;
	if (spec->user_data && spec->user_data_size > max)
		return pv_fail(err, PV_ERR_LIMIT,
			       "%zu bytes of user data are too many; a request that is %s takes at most %zu",
			       spec->user_data_size,
			       spec->sign_key ? "signed with this key" :
			       "not signed", max);
	return 0;
}

static size_t secret_header_size(enum pv_secret_type type)
{
	return type == PV_SECRET_NULL ? PV_SECRET_HEADER_NULL_SIZE :
	       sizeof(struct pv_secret_header);
}

static void fill_head(struct pv_asrcb *asrcb, const struct pv_asrcb_spec *spec,
		      enum pv_user_data_kind kind)
{
	pv_be16 number = pv_put_be16(kind);

	memcpy(asrcb->header.magic, PV_ASRCB_MAGIC, PV_ASRCB_MAGIC_SIZE);
	memcpy(asrcb->header.magic + PV_ASRCB_MAGIC_SIZE, &number,
	       sizeof(number));
	asrcb->flags = pv_put_be64(spec->flags);
	asrcb->boot_tags = spec->boot_tags;
	memcpy(asrcb->config_uid, spec->config_uid, sizeof(asrcb->config_uid));
	if (spec->user_data && spec->user_data_size > 0)
		memcpy(asrcb->user_data, spec->user_data,
		       spec->user_data_size);
}

/* Null secrets have the first part only, and the CCK has no name. */
static void fill_secret_header(uint8_t *out, const struct pv_asrcb_spec *spec)
{
	struct pv_secret_header header = {
		.type = pv_put_be16(spec->type),
		.size = pv_put_be32((uint32_t)spec->secret_size),
	};

	if (spec->type != PV_SECRET_UPDATE_CCK)
		memcpy(header.id, spec->id, sizeof(header.id));
	memcpy(out, &header, secret_header_size(spec->type));
}

/*
 * A signature is over the encrypted area, and the tag is over the signature:
 * so a request that is signed is sealed twice.  The first tag never leaves.
 */
static int seal_and_sign(struct pv_buffer *out,
			 const struct pv_request *request,
			 const struct pv_asrcb_spec *spec,
			 enum pv_user_data_kind kind, struct pv_error *err)
{
	struct pv_asrcb *asrcb = (struct pv_asrcb *)out->data;
	size_t secret = spec->secret_size;
	struct pv_buffer plain;
	int ret;

	if (pv_buffer_alloc(&plain, request->encrypted, err) < 0)
		return -1;
	if (secret > 0)
		memcpy(plain.data, spec->secret, secret);
	memcpy(plain.data + secret, spec->extension, sizeof(spec->extension));
	ret = pv_request_seal(out, request, plain.data, err);
	if (ret == 0 && spec->sign_key) {
		ret = pv_user_data_sign(asrcb, out->size - PV_GCM_TAG_SIZE,
					kind, spec->sign_key, err);
		if (ret == 0)
			ret = pv_request_seal(out, request, plain.data, err);
	}
	pv_buffer_free(&plain);
	return ret;
}

static int create(struct pv_buffer *out, const struct pv_asrcb_spec *spec,
		  EVP_PKEY *customer, struct pv_error *err)
{
	const struct pv_request request = {
		.hosts = spec->hosts,
		.customer = customer,
		.n_hosts = spec->n_hosts,
		.key = spec->key,
		.iv = spec->iv,
		.fixed = sizeof(struct pv_asrcb),
		.trailer = secret_header_size(spec->type),
		.encrypted = spec->secret_size + PV_EXTENSION_SECRET_SIZE,
	};
	enum pv_user_data_kind kind;

	if (check_secret(spec, err) < 0 || choose_kind(&kind, spec, err) < 0 ||
	    pv_request_begin(out, &request, err) < 0)
		return -1;
	fill_head((struct pv_asrcb *)out->data, spec, kind);
	fill_secret_header(out->data + pv_request_plain(&request) -
			   request.trailer, spec);
	if (seal_and_sign(out, &request, spec, kind, err) < 0) {
		pv_buffer_free(out);
		return -1;
	}
	return 0;
}

int pv_asrcb_create(struct pv_buffer *out, const struct pv_asrcb_spec *spec,
		    struct pv_error *err)
{
	EVP_PKEY *fresh = NULL;
	int ret;

	out->data = NULL;
	out->size = 0;
	if (spec->customer)
		return create(out, spec, spec->customer, err);
	fresh = pv_customer_key_generate(err);
	if (!fresh)
		return -1;
	ret = create(out, spec, fresh, err);
	EVP_PKEY_free(fresh);
	return ret;
}
