// SPDX-License-Identifier: MIT
/* Add-secret requests (ASRCB, version 1): reading and verifying them. */
#include <string.h>

#include "asrcb.h"
#include "bytes.h"
#include "request.h"
#include "secret.h"
#include "user_data.h"

/* One slot, a null secret, and the extension secret that is never absent. */
#define ASRCB_MIN_SIZE \
	(sizeof(struct pv_asrcb) + sizeof(struct pv_keyslot) + \
	 PV_SECRET_HEADER_NULL_SIZE + PV_EXTENSION_SECRET_SIZE + \
	 PV_GCM_TAG_SIZE)

static int check_identity(struct pv_asrcb_info *info, const void *asrcb,
			  size_t size, struct pv_error *err)
{
	pv_be16 kind;

	if (size < PV_ASRCB_MAGIC_SIZE ||
	    memcmp(asrcb, PV_ASRCB_MAGIC, PV_ASRCB_MAGIC_SIZE) != 0)
		return pv_fail(err, PV_ERR_FORMAT,
			       "This is no add-secret request (it does not begin with '%s')",
			       PV_ASRCB_MAGIC);
	if (size < ASRCB_MIN_SIZE || size > PV_ASRCB_MAX_SIZE)
		return pv_fail(err, PV_ERR_FORMAT,
			       "%zu bytes are no add-secret request (%zu to %d are possible)",
			       size, ASRCB_MIN_SIZE, PV_ASRCB_MAX_SIZE);
	info->head = asrcb;
	if (pv_request_check(&info->head->header, size, "Add-secret request",
			     err) < 0)
		return -1;
	memcpy(&kind, info->head->header.magic + PV_ASRCB_MAGIC_SIZE,
	       sizeof(kind));
	if (!pv_user_data_layout(pv_get_be16(kind)))
		return pv_fail(err, PV_ERR_UNSUPPORTED,
			       "User data of kind %u are unknown",
			       pv_get_be16(kind));
	info->kind = pv_get_be16(kind);
	info->data_size = pv_user_data_layout(info->kind)->data;
	return 0;
}

/*
 * The size of the secret header is stated nowhere: it is what slots, encrypted
 * area and tag leave of the request.
 */
static int find_secret_header(struct pv_asrcb_info *info, size_t size,
			      size_t *header_size, struct pv_error *err)
{
	const struct pv_request_header *header = &info->head->header;
	uint64_t encrypted = pv_get_be32(header->sea);
	uint64_t others = sizeof(struct pv_asrcb) +
			  header->nks * sizeof(struct pv_keyslot) + encrypted +
			  PV_GCM_TAG_SIZE;

	info->n_slots = header->nks;
	info->slots = (const struct pv_keyslot *)(info->head + 1);
	if (info->n_slots == 0)
		return pv_fail(err, PV_ERR_FORMAT,
			       "The request has no key slot");
	if (encrypted < PV_EXTENSION_SECRET_SIZE)
		return pv_fail(err, PV_ERR_FORMAT,
			       "The encrypted area of the request has %zu bytes, which is less than an extension secret",
			       (size_t)encrypted);
	if (others + PV_SECRET_HEADER_NULL_SIZE != size &&
	    others + sizeof(struct pv_secret_header) != size)
		return pv_fail(err, PV_ERR_FORMAT,
			       "A request with %zu key slots and %zu encrypted bytes cannot have %zu bytes",
			       info->n_slots, (size_t)encrypted, size);
	*header_size = size - (size_t)others;
	return 0;
}

static int check_secret(struct pv_asrcb_info *info, size_t header_size,
			struct pv_error *err)
{
	size_t encrypted = pv_get_be32(info->head->header.sea);
	const struct pv_secret_header *header =
		(const void *)(info->slots + info->n_slots);
	const struct pv_secret_kind *kind;
	bool named = header_size == sizeof(*header), null;

	info->type = pv_get_be16(header->type);
	info->size = pv_get_be32(header->size);
	info->id = named && info->type != PV_SECRET_UPDATE_CCK ? header->id :
		   NULL;
	kind = pv_secret_kind(info->type);
	if (!kind)
		return pv_fail(err, PV_ERR_UNSUPPORTED,
			       "Secrets of type 0x%04x are unknown",
			       info->type);
	null = info->type == PV_SECRET_NULL;
	if (named == null)
		return pv_fail(err, PV_ERR_FORMAT,
			       "The secret header of the request has %zu bytes, which does not fit type %s",
			       header_size, kind->name);
	if (!pv_secret_size_fits(kind, info->size))
		return pv_fail(err, PV_ERR_FORMAT,
			       "A secret of type %s cannot have %zu bytes",
			       kind->name, info->size);
	if (encrypted != info->size + PV_EXTENSION_SECRET_SIZE)
		return pv_fail(err, PV_ERR_FORMAT,
			       "The encrypted area of the request has %zu bytes, a secret of %zu bytes needs %zu",
			       encrypted, info->size,
			       info->size + PV_EXTENSION_SECRET_SIZE);
	return 0;
}

int pv_asrcb_parse(struct pv_asrcb_info *info, const void *asrcb, size_t size,
		   struct pv_error *err)
{
	size_t header_size = 0;

	memset(info, 0, sizeof(*info));
	if (check_identity(info, asrcb, size, err) < 0 ||
	    find_secret_header(info, size, &header_size, err) < 0)
		return -1;
	return check_secret(info, header_size, err);
}

int pv_asrcb_verify(const struct pv_asrcb_info *info, const void *asrcb,
		    size_t size, EVP_PKEY *key, struct pv_error *err)
{
	const char *signer = pv_user_data_layout(info->kind)->name;
	enum pv_user_data_kind kind;

	if (!key && !signer)
		return 0;
	if (!key)
		return pv_fail(err, PV_ERR_USAGE,
			       "The user data are signed; give the certificate of the %s key that signed them",
			       signer);
	if (!signer)
		return pv_fail(err, PV_ERR_USAGE,
			       "The request is not signed, so no certificate can confirm it");
	if (pv_user_data_kind_of_key(&kind, key, err) < 0)
		return -1;
	if (kind != info->kind)
		return pv_fail(err, PV_ERR_UNSUPPORTED,
			       "The user data are signed with an %s key, but the certificate holds an %s key",
			       signer, pv_user_data_layout(kind)->name);
	return pv_user_data_verify(asrcb, size - PV_GCM_TAG_SIZE, kind, key,
				   err);
}
