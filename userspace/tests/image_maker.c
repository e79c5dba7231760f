// SPDX-License-Identifier: MIT
/* Inputs of SE images for the tests, in a scratch directory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image_maker.h"
#include "vectors.h"

static char directory[4096];

bool maker_start(const char *name)
{
	const char *scratch = getenv("PV_TEST_DIR");

	snprintf(directory, sizeof(directory), "%s/%s.XXXXXX",
		 scratch ? scratch : "/tmp", name);
	return mkdtemp(directory);
}

bool maker_end(void)
{
	char command[4200];

	snprintf(command, sizeof(command), "rm -r '%s'", directory);
	return system(command) == 0;
}

const char *maker_path(const char *name)
{
	static char paths[16][4200];
	static unsigned int next;
	char *path = paths[next++ % 16];

	snprintf(path, sizeof(paths[0]), "%s/%s", directory, name);
	return path;
}

uint8_t maker_byte(uint64_t offset)
{
	return (uint8_t)(offset * 7 + offset / 256 * 13 + offset / 65536 + 1);
}

void maker_file(const char *name, size_t size)
{
	FILE *file = fopen(maker_path(name), "w");

	for (size_t i = 0; file && i < size; i++)
		putc(maker_byte(i), file);
	if (!file || fclose(file))
		abort();
}

void maker_patch(const char *name, uint64_t offset, const void *data,
		 size_t size)
{
	FILE *file = fopen(maker_path(name), "r+");

	if (!file || fseek(file, (long)offset, SEEK_SET) ||
	    fwrite(data, 1, size, file) != size || fclose(file))
		abort();
}

void maker_kernel(const char *name, size_t size, uint64_t cmdline_max)
{
	uint8_t max[8];

	for (int i = 0; i < 8; i++)
		max[i] = (uint8_t)(cmdline_max >> (56 - 8 * i));
	maker_file(name, size);
	maker_patch(name, 0x10008, "S390EP", 6);
	maker_patch(name, 0x10430, max, sizeof(max));
}

void maker_spec(struct pv_se_image_spec *spec, EVP_PKEY **host)
{
	static uint8_t stage3a[MAKER_STAGE3A_SIZE], stage3b[MAKER_STAGE3B_SIZE];

	memset(stage3a, 0x3a, sizeof(stage3a));
	memset(stage3b, 0x3b, sizeof(stage3b));
	*host = vector_synthetic_key();
	if (!*host || pv_se_image_spec_init(spec, NULL) < 0)
		abort();
	spec->kernel = maker_path("kernel");
	spec->stages = (struct pv_se_stages){
		stage3a, sizeof(stage3a), stage3b, sizeof(stage3b),
	};
	spec->hosts = host;
	spec->n_hosts = 1;
}

int maker_create(const struct pv_se_image_spec *spec,
		 struct pv_se_image_map *map, struct pv_error *err)
{
	struct pv_output *output;
	int ret = -1;

	memset(err, 0, sizeof(*err));
	output = pv_output_open(maker_path("image"),
				PV_OUTPUT_FORCE | PV_OUTPUT_SECRET, err);
	if (output && pv_se_image_create(output, spec, map, err) == 0)
		ret = pv_output_commit(output, err);
	pv_output_close(output, ret == 0);
	return ret;
}
