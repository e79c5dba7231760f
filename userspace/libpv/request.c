// SPDX-License-Identifier: MIT
/* What all sealed requests have in common. */
#include <string.h>

#include "bytes.h"
#include "gcm.h"
#include "keyslot.h"
#include "request.h"

size_t pv_request_plain(const struct pv_request *request)
{
	return request->fixed + request->n_hosts * sizeof(struct pv_keyslot) +
	       request->trailer;
}

static void fill_header(struct pv_request_header *header,
			const struct pv_request *request, size_t size)
{
	header->version = pv_put_be32(PV_REQUEST_VERSION_1);
	header->size = pv_put_be32((uint32_t)size);
	memcpy(header->iv, request->iv, sizeof(header->iv));
	header->nks = (uint8_t)request->n_hosts;
	header->sea = pv_put_be32((uint32_t)request->encrypted);
}

/* The customer's key is the last field before the slots. */
static int seal_slots(uint8_t *data, const struct pv_request *request,
		      struct pv_error *err)
{
	struct pv_keyslot *slots = (void *)(data + request->fixed);
	struct pv_ec_point *point = (struct pv_ec_point *)slots - 1;

	if (pv_point_from_key(point, request->customer, err) < 0)
		return -1;
	for (size_t i = 0; i < request->n_hosts; i++)
		if (pv_keyslot_seal(&slots[i], request->customer,
				    request->hosts[i], request->key, err) < 0)
			return -1;
	return 0;
}

int pv_request_begin(struct pv_buffer *out, const struct pv_request *request,
		     struct pv_error *err)
{
	size_t size;

	out->data = NULL;
	out->size = 0;
	if (request->n_hosts < 1 || request->n_hosts > PV_REQUEST_MAX_SLOTS)
		return pv_fail(err, PV_ERR_LIMIT,
			       "A request takes 1 to %d host keys, not %zu",
			       PV_REQUEST_MAX_SLOTS, request->n_hosts);
	size = pv_request_plain(request) + request->encrypted +
	       PV_GCM_TAG_SIZE;
	if (pv_buffer_alloc(out, size, err) < 0)
		return -1;
	fill_header((struct pv_request_header *)out->data, request, size);
	if (seal_slots(out->data, request, err) < 0) {
		pv_buffer_free(out);
		return -1;
	}
	return 0;
}

int pv_request_seal(struct pv_buffer *out, const struct pv_request *request,
		    const void *plain, struct pv_error *err)
{
	size_t aad = pv_request_plain(request);
	uint8_t *area = out->data + aad;

	return pv_gcm_seal(request->key, request->iv, out->data, aad, plain,
			   request->encrypted, area,
			   area + request->encrypted, err);
}

int pv_request_check(const struct pv_request_header *header, size_t size,
		     const char *what, struct pv_error *err)
{
	uint32_t stated = pv_get_be32(header->size);
	uint32_t version = pv_get_be32(header->version);

	if (stated != size)
		return pv_fail(err, PV_ERR_FORMAT,
			       "The request says it has %u bytes, but there are %zu (was it cut off or appended to?)",
			       stated, size);
	if (version != PV_REQUEST_VERSION_1)
		return pv_fail(err, PV_ERR_UNSUPPORTED,
			       "%s version 0x%x is unknown (0x%x is supported)",
			       what, version, PV_REQUEST_VERSION_1);
	return 0;
}
