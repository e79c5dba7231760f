// SPDX-License-Identifier: MIT
#include <string.h>

#include <openssl/crypto.h>

#include "bytes.h"
#include "operand.h"
#include "request.h"

void uv_request_sizes(struct uv_request *request,
		      const struct pv_request_header *header)
{
	request->nks = header->nks;
	request->sea = get32(header->sea);
	request->size = get32(header->size);
}

uint16_t uv_request_fetch(struct uv_request *request,
			  struct uv_call *call, uint64_t addr,
			  const void *head, size_t head_len, uint16_t rc)
{
	request->bytes = OPENSSL_malloc(request->size);
	if (!request->bytes)
		return UV_RC_INTERNAL;
	memcpy(request->bytes, head, head_len);
	return uv_operand_read(call, addr + head_len, request->bytes + head_len,
			       request->size - head_len, rc);
}

const uint8_t *uv_request_tag(const struct uv_request *request)
{
	return request->bytes + request->size - PV_GCM_TAG_SIZE;
}

const uint8_t *uv_request_area(const struct uv_request *request)
{
	return uv_request_tag(request) - request->sea;
}

static enum uv_crypto_result decrypt(const struct uv_request *request,
				     const uint8_t *key, void *plain)
{
	const struct pv_request_header *header = (const void *)request->bytes;
	const uint8_t *area = uv_request_area(request);
	const struct uv_sealed sealed = {
		.iv = header->iv,
		.aad = request->bytes,
		.aad_len = (size_t)(area - request->bytes),
		.data = area,
		.len = request->sea,
		.tag = uv_request_tag(request),
	};

	return uv_gcm_open(key, &sealed, plain);
}

enum uv_crypto_result uv_request_open(const struct uv_request *request,
				      const struct uv_machine *machine,
				      void *plain)
{
	const struct uv_host_key_pair *pair = &machine->host_keys[UV_HOST_KEY];
	const struct pv_keyslot *slot =
		uv_host_key_find_slot(pair, request->slots, request->nks);
	enum uv_crypto_result result = UV_CRYPTO_REFUSED;
	uint8_t key[PV_REQUEST_KEY_SIZE];
	enum uv_unwrap_result unwrapped;

	OPENSSL_cleanse(plain, request->sea);
	if (!slot)
		return result;
	unwrapped = uv_host_key_unwrap(pair, request->point, slot, key);
	if (unwrapped == UV_UNWRAP_DONE)
		result = decrypt(request, key, plain);
	else if (unwrapped == UV_UNWRAP_FAILED)
		result = UV_CRYPTO_FAILED;
	OPENSSL_cleanse(key, sizeof(key));
	return result;
}

void uv_request_free(struct uv_request *request)
{
	OPENSSL_free(request->bytes);
	request->bytes = NULL;
}
