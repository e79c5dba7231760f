/* SPDX-License-Identifier: MIT */
/*
 * Reads SE images back for the tests: by offsets in bytes and with libcrypto
 * directly, so that nothing of libpv can agree with itself.
 */
#ifndef TESTS_IMAGE_READER_H
#define TESTS_IMAGE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define READER_MAX	4

/**
 * struct image_part - a component
 * @prefix: high half of its tweaks
 * @addr: where it stands
 * @size: padded
 * @plain: its content
 */
struct image_part {
	uint64_t prefix;
	uint64_t addr;
	uint64_t size;
	uint8_t *plain;
};

/**
 * struct image_reader - what an image says
 * @data: all of it
 * @size: in bytes
 * @header: where the SE header is, @header_size bytes
 * @ipib: where the IPIB is
 * @secret: encrypted area of the header in plaintext
 * @parts: @n components in the order of the IPIB
 */
struct image_reader {
	uint8_t *data;
	size_t size;
	uint64_t header;
	uint64_t header_size;
	uint64_t ipib;
	uint8_t secret[128];
	struct image_part parts[READER_MAX];
	size_t n;
};

/**
 * image_read() - read an image and check that it fits together
 * @stage3a_size: of the boot stage in it
 * @header_key: 32 bytes
 *
 * Checked: short PSW, arguments of stage3a, IPIB, tag of the header, digests
 * and number of pages, order of tweaks and addresses.
 *
 * Return: NULL, or what is wrong.  image_reader_free() in any case.
 */
const char *image_read(struct image_reader *reader, const char *path,
		       size_t stage3a_size, const uint8_t *header_key);

/** image_reader_free() - free the content */
void image_reader_free(struct image_reader *reader);

/** image_be() - big-endian number of @n bytes */
uint64_t image_be(const uint8_t *at, int n);

#endif /* TESTS_IMAGE_READER_H */
