/* SPDX-License-Identifier: MIT */
/* Opening an SE header: what identifies an image, and its secrets. */
#ifndef UV_HEADER_H
#define UV_HEADER_H

#include "pv/attest.h"
#include "pv/se_header.h"
#include "ultravisor.h"

/**
 * struct uv_image - what an SE header says about the image
 * @tags: digests and header tag
 * @phkh: hash of the host key that opened the header
 * @pcf: plaintext control flags
 * @nep: number of pages
 * @secret: keys, PSW and secret control flags
 */
struct uv_image {
	struct pv_boot_tags tags;
	uint8_t phkh[PV_PHKH_SIZE];
	uint64_t pcf;
	uint64_t nep;
	struct pv_se_header_secret secret;
};

/**
 * uv_header_open() - check and decrypt an SE header
 * @header: struct pv_se_header and what follows
 * @len: bytes of it
 * @image: filled in; holds secrets, the caller wipes it.  Zeroed on failure.
 * @err: rc and rrc are those of "set secure configuration parameters"
 *
 * Return: 0, or -1 with @err set
 */
int uv_header_open(const struct uv_machine *machine, const void *header,
		   size_t len, struct uv_image *image, struct uv_error *err);

#endif /* UV_HEADER_H */
