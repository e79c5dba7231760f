// SPDX-License-Identifier: MIT
/* SE headers: sealing, the checks of a reader without keys, opening. */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "array.h"
#include "bytes.h"
#include "gcm.h"
#include "keyslot.h"
#include "se_header.h"

#define AREA_SIZE	sizeof(struct pv_se_header_secret)

/**
 * struct se_version - what differs between versions of the header
 *
 * Another kind of slot (a hybrid key exchange, say) is another line of the
 * table below: nothing outside of this file knows how big a slot is, what is in
 * it, or how it is sealed.
 */
struct se_version {
	uint32_t version;
	size_t slot_size;
	size_t slot_phkh;	/* offset of the host key hash */
	const struct pv_se_slot_field *slot_fields;
	size_t max_slots;
	size_t max_size;
	int (*seal_slot)(void *slot, EVP_PKEY *customer, EVP_PKEY *host,
			 const uint8_t *header_key, struct pv_error *err);
};

static int seal_slot_ecdh(void *slot, EVP_PKEY *customer, EVP_PKEY *host,
			  const uint8_t *header_key, struct pv_error *err)
{
	return pv_keyslot_seal(slot, customer, host, header_key, err);
}

static const struct pv_se_slot_field fields_ecdh[] = {
	{ "phkh", offsetof(struct pv_keyslot, phkh), PV_PHKH_SIZE },
	{ "wrpk", offsetof(struct pv_keyslot, wrapped_key),
	  PV_REQUEST_KEY_SIZE },
	{ "kst", offsetof(struct pv_keyslot, tag), PV_GCM_TAG_SIZE },
	{ 0 },
};

static const struct se_version versions[] = {
	{
		.version = PV_SE_HEADER_VERSION_1,
		.slot_size = sizeof(struct pv_keyslot),
		.slot_phkh = offsetof(struct pv_keyslot, phkh),
		.slot_fields = fields_ecdh,
		.max_slots = PV_SE_HEADER_MAX_SLOTS,
		.max_size = PV_SE_HEADER_MAX_SIZE,
		.seal_slot = seal_slot_ecdh,
	},
};

static const struct se_version *find_version(uint32_t version)
{
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++)
		if (versions[i].version == version)
			return &versions[i];
	return NULL;
}

const struct pv_se_slot_field *pv_se_slot_fields(uint32_t version)
{
	const struct se_version *known = find_version(version);

	return known ? known->slot_fields : NULL;
}

const uint8_t *pv_se_slot_phkh(const struct pv_se_view *view, size_t i)
{
	const uint32_t version = pv_get_be32(view->head->version);

	return pv_se_slot(view, i) + find_version(version)->slot_phkh;
}

static size_t header_size(const struct se_version *version, size_t n_slots,
			  size_t area_len)
{
	return sizeof(struct pv_se_header) + n_slots * version->slot_size +
	       area_len + PV_GCM_TAG_SIZE;
}

static int fill_head(struct pv_se_header *head,
		     const struct se_version *version,
		     const struct pv_se_seal_params *params, EVP_PKEY *customer,
		     struct pv_error *err)
{
	memset(head, 0, sizeof(*head));
	memcpy(head->magic, PV_SE_HEADER_MAGIC, sizeof(head->magic));
	head->version = pv_put_be32(version->version);
	head->size = pv_put_be32((uint32_t)header_size(version, params->n_hosts,
						       AREA_SIZE));
	head->nks = pv_put_be64(params->n_hosts);
	head->sea = pv_put_be64(AREA_SIZE);
	head->nep = params->head->nep;
	head->pcf = params->head->pcf;
	memcpy(head->pld, params->head->pld, sizeof(head->pld));
	memcpy(head->ald, params->head->ald, sizeof(head->ald));
	memcpy(head->tld, params->head->tld, sizeof(head->tld));
	if (params->iv)
		memcpy(head->iv, params->iv, sizeof(head->iv));
	else if (RAND_bytes(head->iv, sizeof(head->iv)) != 1)
		return pv_fail_openssl(err, PV_ERR_CRYPTO,
				       "No random IV for the SE header");
	return pv_point_from_key(&head->cust_pub_key, customer, err);
}

static int fill_slots(uint8_t *slots, const struct se_version *version,
		      const struct pv_se_seal_params *params,
		      EVP_PKEY *customer, struct pv_error *err)
{
	for (size_t i = 0; i < params->n_hosts; i++) {
		if (version->seal_slot(slots, customer, params->hosts[i],
				       params->header_key, err))
			return -1;
		slots += version->slot_size;
	}
	return 0;
}

static int seal_into(uint8_t *data, const struct se_version *version,
		     const struct pv_se_seal_params *params, EVP_PKEY *customer,
		     struct pv_error *err)
{
	struct pv_se_header *head = (struct pv_se_header *)data;
	uint8_t *slots = data + sizeof(*head);
	uint8_t *area = slots + params->n_hosts * version->slot_size;

	if (fill_head(head, version, params, customer, err) ||
	    fill_slots(slots, version, params, customer, err))
		return -1;
	return pv_gcm_seal(params->header_key, head->iv, data,
			   (size_t)(area - data), params->secret, AREA_SIZE,
			   area, area + AREA_SIZE, err);
}

int pv_se_header_sealed_size(size_t *size, size_t n_hosts,
			     struct pv_error *err)
{
	const struct se_version *version = find_version(PV_SE_HEADER_VERSION_1);

	if (n_hosts < 1 || n_hosts > version->max_slots)
		return pv_fail(err, PV_ERR_LIMIT,
			       "An SE header is for 1 to %zu hosts, not %zu",
			       version->max_slots, n_hosts);
	*size = header_size(version, n_hosts, AREA_SIZE);
	return 0;
}

int pv_se_header_seal(uint8_t **out, size_t *len,
		      const struct pv_se_seal_params *params,
		      struct pv_error *err)
{
	const struct se_version *version = find_version(PV_SE_HEADER_VERSION_1);
	EVP_PKEY *customer = params->customer;
	uint8_t *data = NULL;
	int ret = -1;

	*out = NULL;
	if (pv_se_header_sealed_size(len, params->n_hosts, err) < 0)
		return -1;
	if (!customer)
		customer = pv_customer_key_generate(err);
	if (!customer)
		return -1;
	data = malloc(*len);
	if (!data)
		pv_fail(err, PV_ERR_MEMORY, "Out of memory");
	else
		ret = seal_into(data, version, params, customer, err);
	if (ret)
		free(data);
	else
		*out = data;
	if (customer != params->customer)
		EVP_PKEY_free(customer);
	return ret;
}

size_t pv_se_header_size(const void *data, size_t len)
{
	const struct pv_se_header *head = data;
	const struct se_version *version;
	size_t size;

	if (len < offsetof(struct pv_se_header, iv) ||
	    memcmp(head->magic, PV_SE_HEADER_MAGIC, sizeof(head->magic)))
		return 0;
	version = find_version(pv_get_be32(head->version));
	if (!version)
		return 0;
	size = pv_get_be32(head->size);
	if (size < header_size(version, 1, AREA_SIZE) ||
	    size > version->max_size)
		return 0;
	return size;
}

/* Return: the version it has, or NULL with @err set. */
static const struct se_version *check_head(const struct pv_se_header *head,
					   size_t len, struct pv_error *err)
{
	const struct se_version *version = NULL;

	if (len < sizeof(*head))
		pv_fail(err, PV_ERR_FORMAT,
			"An SE header has at least %zu bytes, not %zu",
			sizeof(*head), len);
	else if (memcmp(head->magic, PV_SE_HEADER_MAGIC, sizeof(head->magic)))
		pv_fail(err, PV_ERR_FORMAT,
			"Not an SE header: it does not begin with %s",
			PV_SE_HEADER_MAGIC);
	else if (pv_get_be32(head->size) != len)
		pv_fail(err, PV_ERR_FORMAT,
			"SE header says it has %u bytes, but there are %zu",
			pv_get_be32(head->size), len);
	else
		version = find_version(pv_get_be32(head->version));
	if (!version)
		pv_fail(err, PV_ERR_UNSUPPORTED,
			"SE header has a version that is not known");
	return version;
}

int pv_se_header_parse(struct pv_se_view *view, const void *data, size_t len,
		       struct pv_error *err)
{
	const struct pv_se_header *head = data;
	const struct se_version *version = check_head(head, len, err);
	uint64_t nks, sea;

	if (!version)
		return -1;
	if (len > version->max_size)
		return pv_fail(err, PV_ERR_LIMIT,
			       "SE header is larger than %zu bytes",
			       version->max_size);
	nks = pv_get_be64(head->nks);
	sea = pv_get_be64(head->sea);
	if (nks < 1 || nks > version->max_slots)
		return pv_fail(err, PV_ERR_LIMIT,
			       "SE header has %llu key slots, not 1 to %zu",
			       (unsigned long long)nks, version->max_slots);
	if (sea < AREA_SIZE || sea > version->max_size)
		return pv_fail(err, PV_ERR_LIMIT,
			       "Encrypted area of the SE header has %llu bytes",
			       (unsigned long long)sea);
	if (header_size(version, nks, sea) != len)
		return pv_fail(err, PV_ERR_FORMAT,
			       "Parts of the SE header add up to %zu bytes, not %zu",
			       header_size(version, nks, sea), len);
	view->head = head;
	view->slots = (const uint8_t *)data + sizeof(*head);
	view->n_slots = nks;
	view->slot_size = version->slot_size;
	view->area = view->slots + nks * version->slot_size;
	view->area_len = sea;
	view->tag = view->area + sea;
	return 0;
}

int pv_se_header_open(struct pv_se_header_secret *secret,
		      const struct pv_se_view *view, const uint8_t *header_key,
		      struct pv_error *err)
{
	const uint8_t *data = (const uint8_t *)view->head;
	uint8_t *plain = malloc(view->area_len);
	int ret = -1;

	memset(secret, 0, sizeof(*secret));
	if (!plain)
		return pv_fail(err, PV_ERR_MEMORY, "Out of memory");
	if (pv_gcm_open(header_key, view->head->iv, data,
			(size_t)(view->area - data), view->area, view->area_len,
			plain, view->tag, err)) {
		pv_error_prefix(err, "SE header");
		goto out;
	}
	memcpy(secret, plain, sizeof(*secret));
	if (view->area_len == sizeof(*secret) && !pv_get_be32(secret->noi)) {
		ret = 0;
		goto out;
	}
	OPENSSL_cleanse(secret, sizeof(*secret));
	pv_fail(err, PV_ERR_UNSUPPORTED,
		"SE header has optional items, which no published version has");
out:
	OPENSSL_cleanse(plain, view->area_len);
	free(plain);
	return ret;
}
