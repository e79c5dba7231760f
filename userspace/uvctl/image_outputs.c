// SPDX-License-Identifier: MIT
/* What "uvctl image create" writes: an image and keys, all of it or nothing. */
#include "image_outputs.h"
#include "paths.h"

/* The second of two files with one name would take the place of the first. */
static int refuse_same(const struct image_outputs *outputs,
		       struct pv_error *err)
{
	for (size_t i = 1; i < IMAGE_N_OUTPUTS; i++)
		for (size_t k = 0; k < i; k++)
			if (outputs->paths[i] && outputs->paths[k] &&
			    paths_same(outputs->paths[i], outputs->paths[k]))
				return pv_fail(err, PV_ERR_USAGE,
					       "%s and %s are the same file (name two)",
					       outputs->paths[k],
					       outputs->paths[i]);
	return 0;
}

int image_outputs_open(struct image_outputs *outputs, bool force,
		       struct pv_error *err)
{
	unsigned int flags = PV_OUTPUT_SECRET | (force ? PV_OUTPUT_FORCE : 0);

	if (refuse_same(outputs, err) < 0)
		return -1;
	for (size_t i = 0; i < IMAGE_N_OUTPUTS; i++) {
		if (!outputs->paths[i])
			continue;
		outputs->files[i] = pv_output_open(outputs->paths[i], flags,
						   err);
		if (!outputs->files[i])
			return -1;
	}
	return 0;
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
