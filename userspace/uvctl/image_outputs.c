// SPDX-License-Identifier: MIT
/* What "uvctl image create" writes: an image and keys, all of it or nothing. */
#include "image_outputs.h"

int image_outputs_open(struct image_outputs *outputs, bool force,
		       struct pv_error *err)
{
	unsigned int flags = PV_OUTPUT_SECRET | (force ? PV_OUTPUT_FORCE : 0);

	for (size_t i = 0; i < IMAGE_N_OUTPUTS; i++) {
		if (!outputs->paths[i])
			continue;
		outputs->files[i] = pv_output_open(outputs->paths[i], flags,
						   err);
		if (!outputs->files[i])
			return -1;
	}
	return pv_outputs_differ(outputs->files, IMAGE_N_OUTPUTS, err);
}

struct pv_output *image_outputs_image(const struct image_outputs *outputs)
{
	return outputs->files[IMAGE_N_KEYS];
}

/* The image last: nobody finds an image the keys of which are still missing. */
int image_outputs_finish(struct image_outputs *outputs,
			 const struct pv_se_image_spec *spec,
			 struct pv_error *err)
{
	const uint8_t *key;
	size_t size;

	for (size_t i = 0; i < IMAGE_N_KEYS; i++) {
		key = image_key_of(spec, (enum image_key)i, &size);
		if (outputs->files[i] &&
		    pv_output_write(outputs->files[i], key, size, err) < 0)
			return -1;
	}
	for (size_t i = 0; i < IMAGE_N_OUTPUTS; i++)
		if (outputs->files[i] &&
		    pv_output_commit(outputs->files[i], err) < 0)
			return -1;
	return 0;
}

void image_outputs_close(struct image_outputs *outputs, bool keep)
{
	for (size_t i = 0; i < IMAGE_N_OUTPUTS; i++) {
		pv_output_close(outputs->files[i], keep);
		outputs->files[i] = NULL;
	}
}
