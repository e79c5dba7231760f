// SPDX-License-Identifier: MIT
/*
 * make_dump [--zeros | --busy | --rude] MEBIBYTES CPUS FILE: a dump for tests
 * of the command line.
 *
 * Its CCK are the bytes 0 to 31.  Every eighth page is zero and the next one
 * shared, or nearly all are zero.  A busy guest has Linux in it, other
 * registers, and a last CPU that was within an instruction; a rude one also says
 * something to terminals.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dump_maker.h"

#define VMCOREINFO	0x8040	/* in a page that is encrypted */

static unsigned int n_cpus;
static bool rude;
static void (*vector_content)(uint64_t page, uint8_t *out);

static uint8_t mostly_zero(uint64_t page)
{
	return page > 256;
}

static void busy_registers(unsigned int cpu, uint8_t *out)
{
	dump_random_registers(cpu, out);
	if (cpu == n_cpus - 1)
		out[1504] = 0x80;
}

static uint8_t busy_flags(uint64_t page)
{
	return page == 3 ? 1 : 0;
}

static void busy_content(uint64_t page, uint8_t *out)
{
	static const uint8_t note[] =
		"\0\0\0\13\0\0\0\27\0\0\0\0VMCOREINFO\0\0OSRELEASE=6.12.0-test\nX";

	vector_content(page, out);
	if (page == 0) {
		memset(out + 0xe0c, 0, 8);
		out[0xe0c + 6] = VMCOREINFO >> 8;
		out[0xe0c + 7] = VMCOREINFO & 0xff;
	}
	if (page != VMCOREINFO / 4096)
		return;
	memcpy(out + VMCOREINFO % 4096, note, sizeof(note) - 1);
	if (rude)
		out[VMCOREINFO % 4096 + sizeof(note) - 5] = '\033';
}

static void adapt(struct dump_recipe *recipe, const char *how)
{
	if (strcmp(how, "--zeros") == 0)
		recipe->flags = mostly_zero;
	rude = strcmp(how, "--rude") == 0;
	if (!rude && strcmp(how, "--busy") != 0)
		return;
	recipe->registers = busy_registers;
	recipe->flags = busy_flags;
	vector_content = recipe->content;
	recipe->content = busy_content;
}

int main(int argc, char **argv)
{
	struct dump_recipe recipe;
	FILE *out;

	if (argc != 4 && argc != 5)
		return 2;
	dump_recipe_vector(&recipe);
	if (argc == 5) {
		adapt(&recipe, argv[1]);
		argv++;
	}
	n_cpus = (unsigned int)strtoul(argv[2], NULL, 10);
	recipe.pages = strtoul(argv[1], NULL, 10) * 256;
	recipe.entries = recipe.pages;
	recipe.cpus = n_cpus;
	out = fopen(argv[3], "w");
	if (!out)
		return 1;
	dump_make(out, &recipe);
	return fclose(out) ? 1 : 0;
}
