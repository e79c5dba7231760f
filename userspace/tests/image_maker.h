/* SPDX-License-Identifier: MIT */
/* Inputs of SE images for the tests, in a scratch directory. */
#ifndef TESTS_IMAGE_MAKER_H
#define TESTS_IMAGE_MAKER_H

#include "se_image.h"

/* Sizes of boot stages that users have; ours are filled with a pattern. */
#define MAKER_STAGE3A_SIZE	11224
#define MAKER_STAGE3B_SIZE	5588

/** maker_start() - make the scratch directory; false if that fails */
bool maker_start(const char *name);

/** maker_end() - remove it */
bool maker_end(void);

/** maker_path() - path of a file in it; the last 16 results stay valid */
const char *maker_path(const char *name);

/** maker_byte() - what the files hold at @offset */
uint8_t maker_byte(uint64_t offset);

/** maker_file() - a file of @size bytes of maker_byte() */
void maker_file(const char *name, size_t size);

/**
 * maker_kernel() - the same, but it looks like a kernel
 * @cmdline_max: number at 0x10430
 */
void maker_kernel(const char *name, size_t size, uint64_t cmdline_max);

/** maker_patch() - overwrite @size bytes of a file */
void maker_patch(const char *name, uint64_t offset, const void *data,
		 size_t size);

/** maker_spec() - an image of "kernel" for one host; wipe and free @host */
void maker_spec(struct pv_se_image_spec *spec, EVP_PKEY **host);

/** maker_create() - an image under the name "image", replacing the last */
int maker_create(const struct pv_se_image_spec *spec,
		 struct pv_se_image_map *map, struct pv_error *err);

#endif /* TESTS_IMAGE_MAKER_H */
