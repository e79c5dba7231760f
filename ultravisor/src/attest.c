// SPDX-License-Identifier: MIT
/* Retrieve attestation measurement. */
#include <string.h>

#include <openssl/crypto.h>

#include "array.h"
#include "bytes.h"
#include "call.h"
#include "config.h"
#include "measure.h"
#include "operand.h"
#include "report.h"
#include "request.h"

#define ADD_DATA_MAX	(2 * PV_PHKH_SIZE + PV_SECRET_STORE_HASH_SIZE + \
			 PV_FIRMWARE_STATE_SIZE)

/**
 * struct attestation - one attestation on its way through the steps
 * @head: first part of the request, read once
 * @request: the request
 * @flags: plaintext attestation flags
 * @add_len: size of the additional data that @flags ask for
 * @secret: the decrypted area
 */
struct attestation {
	struct uv_call *call;
	struct pv_arcb head;
	struct uv_request request;
	uint64_t flags;
	uint32_t add_len;
	struct {
		uint8_t key[PV_ATTEST_MEAS_KEY_SIZE];
		uint8_t nonce[PV_ATTEST_NONCE_SIZE];
	} secret;
	uint8_t add_data[ADD_DATA_MAX];
	uint8_t measurement[PV_ATTEST_MEASUREMENT_SIZE];
};

static bool add_image_phkh(const struct attestation *a, uint8_t *out)
{
	memcpy(out, a->call->cpu->config->image.phkh, PV_PHKH_SIZE);
	return true;
}

static bool add_request_phkh(const struct attestation *a, uint8_t *out)
{
	memcpy(out, a->call->machine->host_keys[UV_HOST_KEY].phkh,
	       PV_PHKH_SIZE);
	return true;
}

static bool add_store_hash(const struct attestation *a, uint8_t *out)
{
	return uv_secret_store_hash(&a->call->cpu->config->store, out);
}

static bool add_firmware_state(const struct attestation *a, uint8_t *out)
{
	memcpy(out, a->call->machine->firmware_state, PV_FIRMWARE_STATE_SIZE);
	return true;
}

/* Additional data: packed without gaps, in the order of the flag bits. */
static const struct add_kind {
	uint64_t flag;
	uint32_t size;
	bool (*fill)(const struct attestation *a, uint8_t *out);
} add_kinds[] = {
	{ PV_ATTEST_FLAG_IMAGE_PHKH, PV_PHKH_SIZE, add_image_phkh },
	{ PV_ATTEST_FLAG_ATTEST_PHKH, PV_PHKH_SIZE, add_request_phkh },
	{ PV_ATTEST_FLAG_SECRET_STORE, PV_SECRET_STORE_HASH_SIZE,
	  add_store_hash },
	{ PV_ATTEST_FLAG_FIRMWARE_STATE, PV_FIRMWARE_STATE_SIZE,
	  add_firmware_state },
};

static bool has_nonce(const struct attestation *a)
{
	return a->flags & PV_ATTEST_FLAG_NONCE;
}

static uint16_t check_token(struct attestation *a)
{
	return get64(a->call->attest.cont_token) ? PV_RC_ATTEST_CONT_TOKEN :
						   PV_RC_EXECUTED;
}

static uint16_t check_user_data_len(struct attestation *a)
{
	return get16(a->call->attest.user_data_len) > PV_ATTEST_USER_DATA_MAX ?
	       PV_RC_ATTEST_USER_DATA_LEN : PV_RC_EXECUTED;
}

static uint16_t read_head(struct attestation *a)
{
	uint16_t rc = uv_operand_read(a->call,
				      get64(a->call->attest.arcb_addr),
				      &a->head, sizeof(a->head),
				      PV_RC_ATTEST_ACC_ARCB);

	uv_request_sizes(&a->request, &a->head.header);
	a->flags = get64(a->head.flags);
	return rc;
}

static uint16_t check_version(struct attestation *a)
{
	return get32(a->head.header.version) == PV_REQUEST_VERSION_1 ?
	       PV_RC_EXECUTED : PV_RC_ATTEST_VERSION;
}

static uint16_t check_slots(struct attestation *a)
{
	return a->request.nks ? PV_RC_EXECUTED : PV_RC_ATTEST_SLOTS;
}

static uint16_t check_encrypted_size(struct attestation *a)
{
	uint32_t want = sizeof(a->secret.key);

	if (has_nonce(a))
		want += sizeof(a->secret.nonce);
	return a->request.sea == want ? PV_RC_EXECUTED : PV_RC_ATTEST_ENCR_LEN;
}

/* No overflow: the steps before this one have bounded all summands. */
static uint16_t check_size(struct attestation *a)
{
	size_t want = sizeof(a->head) +
		      a->request.nks * sizeof(struct pv_keyslot) +
		      a->request.sea + PV_GCM_TAG_SIZE;

	return a->request.size == want ? PV_RC_EXECUTED : PV_RC_ATTEST_ARCB_LEN;
}

static uint16_t fetch(struct attestation *a)
{
	uint16_t rc = uv_request_fetch(&a->request, a->call,
				       get64(a->call->attest.arcb_addr),
				       &a->head, sizeof(a->head),
				       PV_RC_ATTEST_ACC_ARCB);

	a->request.point = &a->head.cust_pub_key;
	if (a->request.bytes)
		a->request.slots =
			(const void *)(a->request.bytes + sizeof(a->head));
	return rc;
}

static uint16_t check_flags(struct attestation *a)
{
	return a->flags & ~a->call->machine->profile->attest_flags ?
	       PV_RC_ATTEST_FLAGS : PV_RC_EXECUTED;
}

static uint16_t check_algorithm(struct attestation *a)
{
	return get32(a->head.algorithm) == PV_ATTEST_HMAC_SHA512 ?
	       PV_RC_EXECUTED : PV_RC_ATTEST_ALGORITHM;
}

static uint16_t check_meas_len(struct attestation *a)
{
	return get32(a->call->attest.meas_len) >= sizeof(a->measurement) ?
	       PV_RC_EXECUTED : PV_RC_ATTEST_MEAS_LEN;
}

static uint16_t check_add_len(struct attestation *a)
{
	for (size_t i = 0; i < ARRAY_SIZE(add_kinds); i++) {
		if (a->flags & add_kinds[i].flag)
			a->add_len += add_kinds[i].size;
	}
	return get32(a->call->attest.add_data_len) >= a->add_len ?
	       PV_RC_EXECUTED : PV_RC_ATTEST_ADD_LEN;
}

static uint16_t unseal(struct attestation *a)
{
	switch (uv_request_open(&a->request, a->call->machine, &a->secret)) {
	case UV_CRYPTO_OK:
		return PV_RC_EXECUTED;
	case UV_CRYPTO_REFUSED:
		return PV_RC_ATTEST_UNSEAL;
	default:
		return UV_RC_INTERNAL;
	}
}

static uint16_t probe_measurement(struct attestation *a)
{
	return uv_operand_probe(a->call, get64(a->call->attest.meas_addr),
				sizeof(a->measurement), PV_RC_ATTEST_ACC_MEAS);
}

static uint16_t probe_add_data(struct attestation *a)
{
	return uv_operand_probe(a->call, get64(a->call->attest.add_data_addr),
				a->add_len, PV_RC_ATTEST_ACC_ADD);
}

static uint16_t compute(struct attestation *a)
{
	const struct uv_config *config = a->call->cpu->config;
	const struct uv_evidence evidence = {
		.tags = &config->image.tags,
		.uid = config->uid,
		.user_data = { a->call->attest.user_data,
			       get16(a->call->attest.user_data_len) },
		.nonce = { a->secret.nonce,
			   has_nonce(a) ? sizeof(a->secret.nonce) : 0 },
		.add_data = { a->add_data, a->add_len },
	};
	uint8_t *out = a->add_data;

	for (size_t i = 0; i < ARRAY_SIZE(add_kinds); i++) {
		if (!(a->flags & add_kinds[i].flag))
			continue;
		if (!add_kinds[i].fill(a, out))
			return UV_RC_INTERNAL;
		out += add_kinds[i].size;
	}
	return uv_measure(a->secret.key, &evidence, a->measurement) ?
	       PV_RC_EXECUTED : UV_RC_INTERNAL;
}

static uint16_t store_measurement(struct attestation *a)
{
	return uv_operand_write(a->call, get64(a->call->attest.meas_addr),
				a->measurement, sizeof(a->measurement),
				PV_RC_ATTEST_ACC_MEAS);
}

static uint16_t store_add_data(struct attestation *a)
{
	return uv_operand_write(a->call, get64(a->call->attest.add_data_addr),
				a->add_data, a->add_len, PV_RC_ATTEST_ACC_ADD);
}

static uint16_t store_block(struct attestation *a)
{
	struct uv_call *call = a->call;

	call->attest.add_data_len = put32(a->add_len);
	memcpy(call->attest.config_uid, call->cpu->config->uid,
	       sizeof(call->attest.config_uid));
	call->stored = sizeof(call->attest);
	return PV_RC_EXECUTED;
}

/*
 * The order is part of the ABI and not that of the response codes: formal
 * errors first, then the sizes of the output areas, then the request's
 * authenticity, and only after that the access to the output areas.
 */
static uint16_t (*const steps[])(struct attestation *) = {
	check_token,
	check_user_data_len,
	read_head,
	check_version,
	check_slots,
	check_encrypted_size,
	check_size,
	fetch,
	check_flags,
	check_algorithm,
	check_meas_len,
	check_add_len,
	unseal,
	probe_measurement,
	probe_add_data,
	compute,
	store_measurement,
	store_add_data,
	store_block,
};

uint16_t uv_retrieve_attestation(struct uv_call *call)
{
	struct attestation attestation = { .call = call };
	uint16_t rc = PV_RC_EXECUTED;

	for (size_t i = 0; rc == PV_RC_EXECUTED &&
	     i < ARRAY_SIZE(steps); i++)
		rc = steps[i](&attestation);
	if (rc == UV_RC_INTERNAL)
		uv_log(call->machine, UV_LOG_ERROR,
		       "attestation failed inside the library: out of memory or libcrypto unusable");
	uv_request_free(&attestation.request);
	OPENSSL_cleanse(&attestation, sizeof(attestation));
	return rc;
}
