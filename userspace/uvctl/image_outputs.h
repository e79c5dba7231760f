/* SPDX-License-Identifier: MIT */
/* What "uvctl image create" writes: an image and keys, all of it or nothing. */
#ifndef UVCTL_IMAGE_OUTPUTS_H
#define UVCTL_IMAGE_OUTPUTS_H

#include "image_keys.h"

#define IMAGE_N_OUTPUTS	(IMAGE_N_KEYS + 1)

/**
 * struct image_outputs - zeroed to begin with
 * @paths: of the keys, by enum image_key, then of the image; NULL for none
 * @files: the files while they are open
 */
struct image_outputs {
	const char *paths[IMAGE_N_OUTPUTS];
	struct pv_output *files[IMAGE_N_OUTPUTS];
};

/**
 * image_outputs_open() - begin to write
 * @outputs: with its paths
 * @force: existing files may be replaced
 * @err: as pv_output_open(), and PV_ERR_USAGE if two of them are the same file
 *
 * Return: 0, or -1 with @err set.  image_outputs_close() in any case.
 */
int image_outputs_open(struct image_outputs *outputs, bool force,
		       struct pv_error *err);

/** image_outputs_image() - the file of the image itself */
struct pv_output *image_outputs_image(const struct image_outputs *outputs);

/**
 * image_outputs_finish() - write the keys, let all files appear
 * @spec: holds the keys
 * @err: as pv_output_write() and pv_output_commit()
 *
 * Return: 0, or -1 with @err set.
 */
int image_outputs_finish(struct image_outputs *outputs,
			 const struct pv_se_image_spec *spec,
			 struct pv_error *err);

/** image_outputs_close() - @keep: false removes everything again */
void image_outputs_close(struct image_outputs *outputs, bool keep);

#endif /* UVCTL_IMAGE_OUTPUTS_H */
