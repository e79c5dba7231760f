// SPDX-License-Identifier: MIT
/*
 * The reader of dumps: any bytes as a file, or a good dump that is altered.
 *
 * An input whose first byte is even is a list of alterations of six bytes each:
 * a place in what is no memory, how many bytes, and their value.
 */
#include <stdlib.h>
#include <string.h>

#include "../tests/dump_maker.h"
#include "dump_core.h"
#include "dump_pages.h"
#include "fuzzer.h"

#define PAGES	8

struct file {
	const uint8_t *data;
	size_t size;
};

static uint8_t *good;
static size_t good_size;
static struct dump_places places;

static void need(int done)
{
	if (!done)
		abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct dump_recipe recipe;
	FILE *out;

	(void)argc;
	(void)argv;
	dump_recipe_vector(&recipe);
	recipe.pages = PAGES;
	recipe.entries = PAGES;
	recipe.cpus = 2;
	recipe.cpu_size = 1568;
	recipe.area_size = 288;
	dump_find_places(&places, &recipe);
	out = open_memstream((char **)&good, &good_size);
	need(!!out);
	dump_make(out, &recipe);
	need(!fclose(out));
	return 0;
}

/* Sometimes less than asked for is an error, never more than there is. */
static ssize_t read_file(void *ctx, uint64_t offset, void *out, size_t size)
{
	const struct file *file = ctx;

	if (offset >= file->size)
		return 0;
	if (size > file->size - offset)
		size = (size_t)(file->size - offset);
	if (size > 0)
		memcpy(out, file->data + offset, size);
	return (ssize_t)size;
}

static void look_inside(const struct pv_dump *dump)
{
	uint64_t counts[PV_DUMP_N_PAGE_KINDS];
	struct pv_buffer text, head = { 0 };
	struct pv_error err = { 0 };
	uint8_t page[PV_PAGE_SIZE];

	if (pv_dump_pages_count(dump, counts, &err) < 0) {
		need(err.code != PV_OK && *err.text);
		return;
	}
	need(counts[0] + counts[1] + counts[2] == dump->pages);
	if (!dump->unlocked)
		return;
	need(!pv_dump_memory_read(dump, (dump->pages - 1) * PV_PAGE_SIZE, page,
				  sizeof(page), NULL));
	need(!pv_dump_vmcoreinfo(&text, dump, NULL));
	need(!pv_dump_core_head(&head, dump, &text, NULL));
	need(head.size % PV_PAGE_SIZE == 0);
	pv_buffer_free(&head);
	pv_buffer_free(&text);
}

static void open_file(const struct file *file)
{
	const struct pv_source source = { read_file, (void *)file };
	struct pv_error err = { 0 };
	struct pv_dump dump;
	uint8_t cck[32];

	dump_vector_cck(cck);
	if (pv_dump_parse(&dump, &source, file->size, &err) < 0) {
		need(err.code != PV_OK && *err.text);
	} else {
		need(dump.n_cpus > 0 && dump.pages > 0 &&
		     dump.memory.offset + dump.memory.size <= file->size);
		look_inside(&dump);
		if (pv_dump_unlock(&dump, cck, &err) < 0)
			need(err.code != PV_OK && *err.text);
		look_inside(&dump);
	}
	pv_dump_close(&dump);
}

/* What is behind the memory is reached as easily as what is before it. */
static size_t place_of(unsigned int number)
{
	const size_t before = (size_t)places.memory;
	const size_t at = number % (good_size - PAGES * (size_t)PV_PAGE_SIZE);

	return at < before ? at : at + PAGES * (size_t)PV_PAGE_SIZE;
}

static void alter(uint8_t *file, const uint8_t *how)
{
	const size_t at = place_of((unsigned int)how[0] << 8 | how[1]);
	const size_t n = how[2] % 8 + 1;

	for (size_t i = 0; i < n && at + i < good_size; i++)
		file[at + i] = i + 3 < n ? 0 : how[3 + (i + 3 - n) % 3];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct file file = { data + 1, size - 1 };
	uint8_t *copy;

	if (size < 1)
		return 0;
	if (data[0] & 1) {
		open_file(&file);
		return 0;
	}
	copy = malloc(good_size);
	need(!!copy);
	memcpy(copy, good, good_size);
	for (size_t i = 2; i + 6 <= size; i += 6)
		alter(copy, data + i);
	file = (struct file){ copy, good_size };
	if (size > 1)
		file.size -= data[1] & 0x80 ? data[1] & 0x7f : 0;
	open_file(&file);
	free(copy);
	return 0;
}
