/* SPDX-License-Identifier: MIT */
/* What all sealed requests have in common: they are fetched and opened alike. */
#ifndef UV_REQUEST_H
#define UV_REQUEST_H

#include "call.h"
#include "crypto.h"
#include "pv/attest.h"

/**
 * struct uv_request - a sealed request
 * @nks: number of key slots
 * @sea: size of the encrypted area
 * @size: of the whole request
 * @bytes: all of it: ..., encrypted area, tag
 * @point: customer public key, in @bytes
 * @slots: key slots, in @bytes
 */
struct uv_request {
	unsigned int nks;
	uint32_t sea;
	uint32_t size;
	uint8_t *bytes;
	const struct pv_ec_point *point;
	const struct pv_keyslot *slots;
};

/** uv_request_sizes() - take the sizes of a request from its header */
void uv_request_sizes(struct uv_request *request,
		      const struct pv_request_header *header);

/**
 * uv_request_fetch() - fetch a request whose sizes were found to be plausible
 * @addr: where it stands
 * @head: its first @head_len bytes.  They are not read again: they might have
 *	changed since they were checked.
 * @rc: for an access exception
 *
 * Return: a response code; @request->bytes is to be freed in any case
 */
uint16_t uv_request_fetch(struct uv_request *request,
			  struct uv_call *call, uint64_t addr,
			  const void *head, size_t head_len, uint16_t rc);

/** uv_request_area() - the encrypted area */
const uint8_t *uv_request_area(const struct uv_request *request);

/** uv_request_tag() - PV_GCM_TAG_SIZE bytes */
const uint8_t *uv_request_tag(const struct uv_request *request);

/**
 * uv_request_open() - verify and decrypt with the host key, never the backup key
 * @plain: @request->sea bytes; zeroed unless the result is UV_CRYPTO_OK
 */
enum uv_crypto_result uv_request_open(const struct uv_request *request,
				      const struct uv_machine *machine,
				      void *plain);

/** uv_request_free() - what uv_request_fetch() took */
void uv_request_free(struct uv_request *request);

#endif /* UV_REQUEST_H */
