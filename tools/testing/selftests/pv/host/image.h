/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Images of protected guests, sealed where they are needed: an SE header and
 * the encrypted pages that it vouches for.
 *
 * Written for the tests alone and with nothing of what it is used to test.
 */
#ifndef PV_SELFTEST_IMAGE_H
#define PV_SELFTEST_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>

/* One key slot */
#define IMAGE_HEADER_SIZE	640
#define IMAGE_PAGE_SIZE		4096
#define IMAGE_MAX_PARTS		2

/**
 * struct image_part - pages that are unpacked in a row
 * @addr: where they lie in the guest
 * @tweak: first half of the tweak of each of them
 * @data: the pages, encrypted by image_seal()
 * @size: their size in bytes
 */
struct image_part {
	uint64_t addr;
	uint64_t tweak;
	uint8_t *data;
	size_t size;
};

/* Plaintext control flags */
#define IMAGE_ALLOW_DUMPING	0x20000000ULL

/**
 * struct image - parts, and the header that vouches for them
 * @flags: what the header allows
 * @cck: customer communication key, drawn by image_seal()
 */
struct image {
	uint64_t flags;
	uint8_t cck[32];
	uint8_t header[IMAGE_HEADER_SIZE];
	struct image_part parts[IMAGE_MAX_PARTS];
	unsigned int nr_parts;
};

int image_add(struct image *image, uint64_t addr, const void *data,
	      size_t size);
int image_seal(struct image *image, EVP_PKEY *host, uint64_t start);
void image_free(struct image *image);

EVP_PKEY *image_host_key(const char **reason);

#endif /* PV_SELFTEST_IMAGE_H */
