// SPDX-License-Identifier: MIT
/* The boot stages of SE images: our own, or those of a directory. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "array.h"
#include "boot_stages.h"
#include "image_stages.h"

#define STAGE_MAX	(1u << 20)

static int read_stage(struct pv_buffer *out, const char *directory,
		      const char *name, struct pv_error *err)
{
	char *path;
	int ret;

	if (asprintf(&path, "%s/%s", directory, name) < 0)
		return pv_fail(err, PV_ERR_MEMORY, "No memory for a name");
	ret = pv_file_read(out, path, STAGE_MAX, err);
	free(path);
	return ret;
}

int image_stages_load(struct image_stages *stages, const char *directory,
		      struct pv_error *err)
{
	static const char *const names[] = { "stage3a.bin",
					     "stage3b_reloc.bin" };

	if (!directory) {
		stages->use = (struct pv_se_stages){
			uvctl_stage3a,
			(size_t)(uvctl_stage3a_end - uvctl_stage3a),
			uvctl_stage3b,
			(size_t)(uvctl_stage3b_end - uvctl_stage3b),
		};
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (read_stage(&stages->files[i], directory, names[i], err) < 0)
			return -1;
	stages->use = (struct pv_se_stages){
		stages->files[0].data, stages->files[0].size,
		stages->files[1].data, stages->files[1].size,
	};
	return 0;
}

void image_stages_free(struct image_stages *stages)
{
	for (size_t i = 0; i < ARRAY_SIZE(stages->files); i++)
		pv_buffer_free(&stages->files[i]);
}
