/* SPDX-License-Identifier: MIT */
/*
 * Makes SE images in a machine's storage, for tests: encrypted components, the
 * header that fits them, the IPL parameter block.
 */
#ifndef TESTS_SEAL_IMAGE_H
#define TESTS_SEAL_IMAGE_H

#include "seal.h"

#define SEAL_PAGE		4096
#define SEAL_COMPONENTS		4

/**
 * struct seal_component - what is to stand at @addr after the boot
 * @prefix: of its tweaks
 * @len: bytes at @data, padded with zeros to whole pages
 */
struct seal_component {
	uint64_t prefix;
	uint64_t addr;
	const uint8_t *data;
	size_t len;
};

/**
 * struct seal_image - an image; the header's digests and page count follow from
 *	the components
 */
struct seal_image {
	struct seal_header header;
	uint64_t header_addr;
	size_t header_len;
	struct seal_component components[SEAL_COMPONENTS];
	size_t count;
};

/** seal_xts() - one page; @encrypt or decrypt */
void seal_xts(const uint8_t key[64], uint64_t prefix, uint64_t offset,
	      const uint8_t *in, uint8_t *out, bool encrypt);

/** seal_image() - lay the image out in @memory, whose byte 0 is address 0 */
void seal_image(struct seal_image *image, uint8_t *memory);

/** seal_ipib() - its parameter block, in the form that pvimg writes */
void seal_ipib(const struct seal_image *image, uint8_t block[4096]);

#endif /* TESTS_SEAL_IMAGE_H */
