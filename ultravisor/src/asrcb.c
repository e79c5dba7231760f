// SPDX-License-Identifier: MIT
#include <string.h>

#include <openssl/crypto.h>

#include "array.h"
#include "asrcb.h"
#include "bytes.h"
#include "operand.h"

/* Bytes before the secret header. */
static size_t plain_size(const struct uv_asrcb *asrcb)
{
	return sizeof(struct pv_asrcb) +
	       asrcb->request.nks * sizeof(struct pv_keyslot);
}

static uint64_t request_addr(struct uv_call *call)
{
	return get64(call->add_secret.asrcb_addr);
}

static uint16_t read_head(struct uv_call *call, struct uv_asrcb *asrcb)
{
	uint16_t rc = uv_operand_read(call, request_addr(call), &asrcb->head,
				      sizeof(asrcb->head),
				      PV_RC_SECRET_ACC_REQUEST);

	uv_request_sizes(&asrcb->request, &asrcb->head);
	return rc;
}

static uint16_t check_version(struct uv_call *call,
			      struct uv_asrcb *asrcb)
{
	(void)call;
	return get32(asrcb->head.version) == PV_REQUEST_VERSION_1 ?
	       PV_RC_EXECUTED : PV_RC_SECRET_VERSION;
}

static uint16_t check_slots(struct uv_call *call, struct uv_asrcb *asrcb)
{
	(void)call;
	return asrcb->request.nks ? PV_RC_EXECUTED : PV_RC_SECRET_SLOTS;
}

/* What the sizes leave for the secret header must be a secret header. */
static uint16_t check_size(struct uv_call *call, struct uv_asrcb *asrcb)
{
	const struct uv_request *request = &asrcb->request;
	uint64_t rest = plain_size(asrcb) + (uint64_t)request->sea +
			PV_GCM_TAG_SIZE;

	(void)call;
	if (request->size > PV_ASRCB_MAX_SIZE || request->size < rest ||
	    request->sea < PV_EXTENSION_SECRET_SIZE)
		return PV_RC_SECRET_REQUEST_SIZE;
	asrcb->header_size = request->size - rest;
	return asrcb->header_size == PV_SECRET_HEADER_NULL_SIZE ||
	       asrcb->header_size == sizeof(struct pv_secret_header) ?
	       PV_RC_EXECUTED : PV_RC_SECRET_REQUEST_SIZE;
}

static uint16_t fetch(struct uv_call *call, struct uv_asrcb *asrcb)
{
	struct uv_request *request = &asrcb->request;
	uint16_t rc = uv_request_fetch(request, call, request_addr(call),
				       &asrcb->head, sizeof(asrcb->head),
				       PV_RC_SECRET_ACC_REQUEST);

	if (rc != PV_RC_EXECUTED)
		return rc;
	asrcb->fixed = (const void *)request->bytes;
	asrcb->header = (const void *)(request->bytes + plain_size(asrcb));
	request->point = &asrcb->fixed->cust_pub_key;
	request->slots = (const void *)(asrcb->fixed + 1);
	return rc;
}

static uint16_t check_flags(struct uv_call *call, struct uv_asrcb *asrcb)
{
	return get64(asrcb->fixed->flags) &
	       ~call->machine->profile->secret_flags ?
	       PV_RC_SECRET_FLAGS : PV_RC_EXECUTED;
}

static uint16_t unseal(struct uv_call *call, struct uv_asrcb *asrcb)
{
	asrcb->plain = OPENSSL_malloc(asrcb->request.sea);
	if (!asrcb->plain)
		return UV_RC_INTERNAL;
	switch (uv_request_open(&asrcb->request, call->machine,
				asrcb->plain)) {
	case UV_CRYPTO_OK:
		return PV_RC_EXECUTED;
	case UV_CRYPTO_REFUSED:
		return PV_RC_SECRET_UNSEAL;
	default:
		return UV_RC_INTERNAL;
	}
}

/* Null secrets have no id, all others have room for one. */
static uint16_t check_type(struct uv_call *call, struct uv_asrcb *asrcb)
{
	uint16_t number = get16(asrcb->header->type);
	size_t want = number == PV_SECRET_NULL ? PV_SECRET_HEADER_NULL_SIZE :
						 sizeof(*asrcb->header);

	asrcb->type = uv_secret_type_find(call->machine->profile, number);
	return asrcb->type && asrcb->header_size == want ?
	       PV_RC_EXECUTED : PV_RC_SECRET_TYPE;
}

static uint16_t check_secret_size(struct uv_call *call,
				  struct uv_asrcb *asrcb)
{
	(void)call;
	asrcb->size = asrcb->request.sea - PV_EXTENSION_SECRET_SIZE;
	return get32(asrcb->header->size) == asrcb->size &&
	       uv_secret_size_fits(asrcb->type, asrcb->size) ?
	       PV_RC_EXECUTED : PV_RC_SECRET_SIZE;
}

/* The order is part of the ABI. */
static uint16_t (*const steps[])(struct uv_call *call,
				 struct uv_asrcb *asrcb) = {
	read_head,
	check_version,
	check_slots,
	check_size,
	fetch,
	check_flags,
	unseal,
	check_type,
	check_secret_size,
};

uint16_t uv_asrcb_open(struct uv_call *call, struct uv_asrcb *asrcb)
{
	uint16_t rc = PV_RC_EXECUTED;

	*asrcb = (struct uv_asrcb){ 0 };
	for (size_t i = 0; rc == PV_RC_EXECUTED && i < ARRAY_SIZE(steps); i++)
		rc = steps[i](call, asrcb);
	return rc;
}

const uint8_t *uv_asrcb_extension(const struct uv_asrcb *asrcb)
{
	return asrcb->plain + asrcb->size;
}

void uv_asrcb_wipe(struct uv_asrcb *asrcb)
{
	OPENSSL_clear_free(asrcb->plain, asrcb->request.sea);
	uv_request_free(&asrcb->request);
	*asrcb = (struct uv_asrcb){ 0 };
}
