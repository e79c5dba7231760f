/* SPDX-License-Identifier: MIT */
/* The boot stages of SE images: our own, or those of a directory. */
#ifndef UVCTL_IMAGE_STAGES_H
#define UVCTL_IMAGE_STAGES_H

#include "se_image.h"

/**
 * struct image_stages - boot stages
 * @use: what to put into an image
 * @files: what they were read from, empty for our own
 */
struct image_stages {
	struct pv_se_stages use;
	struct pv_buffer files[2];
};

/**
 * image_stages_load() - get the boot stages
 * @directory: holds stage3a.bin and stage3b_reloc.bin; NULL for our own
 * @err: as pv_file_read()
 *
 * Return: 0, or -1 with @err set.  image_stages_free() in any case.
 */
int image_stages_load(struct image_stages *stages, const char *directory,
		      struct pv_error *err);

/** image_stages_free() */
void image_stages_free(struct image_stages *stages);

#endif /* UVCTL_IMAGE_STAGES_H */
