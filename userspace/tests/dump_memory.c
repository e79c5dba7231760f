// SPDX-License-Identifier: MIT
/* A dump in memory, for tests that alter it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dump_memory.h"

void dump_memory_make(struct dump_memory *memory,
		      const struct dump_recipe *recipe)
{
	FILE *out;

	*memory = (struct dump_memory){ 0 };
	out = open_memstream((char **)&memory->data, &memory->size);
	if (!out)
		abort();
	dump_make(out, recipe);
	if (fclose(out))
		abort();
}

static ssize_t read_memory(void *ctx, uint64_t offset, void *out, size_t size)
{
	const struct dump_memory *memory = ctx;

	if (memory->broken && offset + size > memory->broken) {
		errno = EIO;
		return -1;
	}
	if (offset >= memory->size)
		return 0;
	if (size > memory->size - offset)
		size = (size_t)(memory->size - offset);
	memcpy(out, memory->data + offset, size);
	return (ssize_t)size;
}

int dump_memory_parse(struct pv_dump *dump, struct dump_memory *memory,
		      struct pv_error *err)
{
	const struct pv_source source = { read_memory, memory };

	memset(err, 0, sizeof(*err));
	return pv_dump_parse(dump, &source, memory->size, err);
}

int dump_memory_open(struct pv_dump *dump, struct dump_memory *memory,
		     struct pv_error *err)
{
	uint8_t cck[32];

	dump_vector_cck(cck);
	if (dump_memory_parse(dump, memory, err) < 0)
		return -1;
	return pv_dump_unlock(dump, cck, err);
}
