/* SPDX-License-Identifier: MIT */
/* Opening an add-secret request: what the owner of a guest has sealed. */
#ifndef UV_ASRCB_H
#define UV_ASRCB_H

#include "pv/secret.h"
#include "request.h"
#include "secret_types.h"

/**
 * struct uv_asrcb - an add-secret request
 * @request: all of it, as it was sealed
 * @head: its first part, read once
 * @fixed: its fixed part
 * @header: what kind of secret it carries
 * @header_size: without an id, or with one
 * @type: of the secret
 * @size: of the secret
 * @plain: the decrypted area: secret, extension secret
 *
 * What follows @head is there once the request was opened.
 */
struct uv_asrcb {
	struct uv_request request;
	struct pv_request_header head;
	const struct pv_asrcb *fixed;
	const struct pv_secret_header *header;
	size_t header_size;
	const struct uv_secret_type *type;
	size_t size;
	uint8_t *plain;
};

/**
 * uv_asrcb_open() - check and decrypt the request of an add-secret call
 * @asrcb: to be wiped by uv_asrcb_wipe(), also on failure
 *
 * Looks at the request and at the machine, not at the configuration.
 *
 * Return: a response code
 */
uint16_t uv_asrcb_open(struct uv_call *call, struct uv_asrcb *asrcb);

/** uv_asrcb_extension() - PV_EXTENSION_SECRET_SIZE bytes */
const uint8_t *uv_asrcb_extension(const struct uv_asrcb *asrcb);

void uv_asrcb_wipe(struct uv_asrcb *asrcb);

#endif /* UV_ASRCB_H */
