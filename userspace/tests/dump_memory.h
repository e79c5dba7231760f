/* SPDX-License-Identifier: MIT */
/* A dump in memory, for tests that alter it. */
#ifndef TESTS_DUMP_MEMORY_H
#define TESTS_DUMP_MEMORY_H

#include "dump_file.h"
#include "dump_maker.h"

/**
 * struct dump_memory - the bytes of a dump
 * @data: @size bytes that count; the file ends there
 * @broken: reads that reach this far fail, 0 for none
 */
struct dump_memory {
	uint8_t *data;
	size_t size;
	uint64_t broken;
};

/** dump_memory_make() - write a dump; free @data */
void dump_memory_make(struct dump_memory *memory,
		      const struct dump_recipe *recipe);

/** dump_memory_parse() - pv_dump_parse() of it, with @err cleared before */
int dump_memory_parse(struct pv_dump *dump, struct dump_memory *memory,
		      struct pv_error *err);

/** dump_memory_open() - the same, then unlock it with the vector's CCK */
int dump_memory_open(struct pv_dump *dump, struct dump_memory *memory,
		     struct pv_error *err);

#endif /* TESTS_DUMP_MEMORY_H */
