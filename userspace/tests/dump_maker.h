/* SPDX-License-Identifier: MIT */
/*
 * Writes confidential dumps for the tests, as a host with an Ultravisor would:
 * by offsets in bytes and with libcrypto directly, so that nothing of libpv can
 * agree with itself.
 */
#ifndef TESTS_DUMP_MAKER_H
#define TESTS_DUMP_MAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define DUMP_REGISTERS_SIZE	1520

/**
 * struct dump_recipe - what to write
 * @pages: of the guest
 * @entries: of the pages
 * @cpus: their number
 * @cpu_size: of a CPU's area
 * @area_size: of the completion data
 * @ehsize: field of the ELF header
 * @bare: without the ordinary notes
 * @flags: byte 15 of the entry of a page, 0 if it is encrypted
 * @content: 4096 bytes of a page in the clear
 * @registers: DUMP_REGISTERS_SIZE bytes of a CPU in the clear
 */
struct dump_recipe {
	uint64_t pages;
	uint64_t entries;
	unsigned int cpus;
	size_t cpu_size;
	size_t area_size;
	unsigned int ehsize;
	bool bare;
	uint8_t (*flags)(uint64_t page);
	void (*content)(uint64_t page, uint8_t *out);
	void (*registers)(unsigned int cpu, uint8_t *out);
};

/* Offsets in the file. */
struct dump_places {
	uint64_t sections;
	uint64_t segments;
	uint64_t notes;
	uint64_t note_size;	/* of one CPU */
	uint64_t memory;
	uint64_t entries;
	uint64_t area;
	uint64_t names;
	uint64_t end;
};

/** dump_recipe_vector() - the published file: one CPU, one MiB */
void dump_recipe_vector(struct dump_recipe *recipe);

/** dump_vector_cck() - 32 bytes */
void dump_vector_cck(uint8_t *cck);

/** dump_random_registers() - @registers that differ in every byte */
void dump_random_registers(unsigned int cpu, uint8_t *out);

/** dump_find_places() - where the parts of a dump stand */
void dump_find_places(struct dump_places *places,
		      const struct dump_recipe *recipe);

/** dump_make() - write the dump; aborts if it cannot */
void dump_make(FILE *out, const struct dump_recipe *recipe);

/** dump_offset_of_cpu() - where the area of a CPU stands in the file */
uint64_t dump_offset_of_cpu(const struct dump_recipe *recipe,
			    unsigned int cpu);

#endif /* TESTS_DUMP_MAKER_H */
