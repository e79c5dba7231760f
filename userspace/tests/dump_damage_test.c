// SPDX-License-Identifier: MIT
/* Confidential dumps that are cut off, altered, or none at all. */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "dump_decrypt.h"
#include "dump_memory.h"
#include "dump_pages.h"
#include "image_maker.h"
#include "tap.h"

#define PAGE	4096
#define PAGES	12

static struct dump_recipe recipe;
static struct dump_places places;
static struct dump_memory good;

/* A copy of the good dump that may be altered. */
static struct dump_memory copy_good(void)
{
	struct dump_memory copy = good;

	copy.data = malloc(good.size);
	if (!copy.data)
		abort();
	memcpy(copy.data, good.data, good.size);
	return copy;
}

static void start(unsigned int cpus)
{
	dump_recipe_vector(&recipe);
	recipe.pages = PAGES;
	recipe.entries = PAGES;
	recipe.cpus = cpus;
	recipe.cpu_size = 1568;
	recipe.area_size = 288;
	recipe.registers = dump_random_registers;
	dump_find_places(&places, &recipe);
	dump_memory_make(&good, &recipe);
}

static void be(uint8_t *at, uint64_t value, size_t n)
{
	while (n-- > 0) {
		at[n] = (uint8_t)value;
		value >>= 8;
	}
}

static bool says(const struct pv_error *err, enum pv_error_code code,
		 const char *text)
{
	if (err->code == code && strstr(err->text, text))
		return true;
	tap_note("code %u: %s", err->code, err->text);
	return false;
}

static void test_truncations(void)
{
	struct dump_memory file = good;
	size_t refused = 0, named = 0;
	struct pv_error err;
	struct pv_dump dump;

	for (file.size = 0; file.size < good.size; file.size++) {
		const int ret = dump_memory_parse(&dump, &file, &err);

		refused += ret < 0 && err.code == PV_ERR_FORMAT;
		named += strstr(err.text, "too short") ||
			 strstr(err.text, "is truncated");
		pv_dump_close(&dump);
	}
	tap_ok(refused == good.size, "cut off at each of %zu bytes: refused",
	       good.size);
	tap_ok(named == good.size, "... and said to be cut off");
}

/* Everything that is to come out, registers and memory. */
static bool read_all(struct dump_memory *file, uint8_t *out)
{
	struct pv_error err;
	struct pv_dump dump;
	bool done;

	done = dump_memory_open(&dump, file, &err) == 0 && dump.n_cpus == 1 &&
	       dump.pages == PAGES &&
	       pv_dump_memory_read(&dump, 0, out, PAGES * PAGE, &err) == 0;
	if (done)
		memcpy(out + PAGES * PAGE, dump.registers,
		       sizeof(*dump.registers));
	else if (err.code == PV_OK && dump.pages == PAGES && dump.n_cpus == 1)
		tap_note("no reason is given");
	pv_dump_close(&dump);
	return done;
}

/**
 * struct outcome - of altering each byte of a part
 * @refused: times
 * @same: times that it made no difference
 * @other: times that something else came out
 */
struct outcome {
	size_t refused;
	size_t same;
	size_t other;
};

static struct outcome alter(size_t from, size_t to, uint8_t with)
{
	static uint8_t want[PAGES * PAGE + DUMP_REGISTERS_SIZE],
		       got[PAGES * PAGE + DUMP_REGISTERS_SIZE];
	struct dump_memory file = copy_good();
	struct outcome outcome = { 0 };

	if (!read_all(&file, want))
		abort();
	for (size_t i = from; i < to; i++) {
		file.data[i] ^= with;
		if (!read_all(&file, got))
			outcome.refused++;
		else if (memcmp(want, got, sizeof(want)) == 0)
			outcome.same++;
		else
			outcome.other++;
		file.data[i] ^= with;
	}
	free(file.data);
	return outcome;
}

static void test_alterations(void)
{
	const size_t cpu = (size_t)dump_offset_of_cpu(&recipe, 0);
	const struct {
		const char *what;
		size_t from, to;
		bool all;
	} parts[] = {
		{ "headers", 0, places.notes, false },
		{ "ordinary notes", places.notes, cpu - 20, false },
		{ "head of a CPU's note", cpu - 20, cpu - 3, true },
		{ "a CPU", cpu, cpu + 1568, true },
		{ "completion data", places.area, places.area + 288, true },
		{ "section names", places.names, places.end, false },
	};
	static const uint8_t with[] = { 0x01, 0xff };

	for (size_t i = 0; i < 2 * ARRAY_SIZE(parts); i++) {
		const size_t k = i / 2;
		const struct outcome outcome = alter(parts[k].from, parts[k].to,
						     with[i % 2]);

		tap_ok(outcome.other == 0 &&
		       (!parts[k].all || outcome.same == 0),
		       "%s, bytes xor %02x: %zu refused, %zu same, %zu other",
		       parts[k].what, with[i % 2], outcome.refused,
		       outcome.same, outcome.other);
	}
}

/* Nothing authenticates pages and their tweaks; one page is all that it takes. */
static void test_pages(void)
{
	struct dump_memory file = copy_good();
	uint8_t page[PAGE], next[PAGE], want[PAGE];
	struct pv_error err;
	struct pv_dump dump;

	recipe.content(2, page);
	recipe.content(3, want);
	file.data[places.memory + 2 * PAGE + 100] ^= 1;
	tap_ok(!dump_memory_open(&dump, &file, &err) &&
	       !pv_dump_memory_read(&dump, 2 * PAGE, want, PAGE, &err) &&
	       memcmp(want, page, 96) == 0 && memcmp(want, page, PAGE) &&
	       memcmp(want + 112, page + 112, PAGE - 112) == 0,
	       "an altered page: 16 bytes differ, nothing else");
	recipe.content(3, want);
	tap_ok(!pv_dump_memory_read(&dump, 3 * PAGE, next, PAGE, &err) &&
	       memcmp(want, next, PAGE) == 0, "... and no other page");
	pv_dump_close(&dump);
	free(file.data);
}

/* The host says that page 8 is zero, whatever stands in its place. */
static void test_zero_page(void)
{
	struct dump_memory file = copy_good();
	uint8_t page[PAGE], zeros[PAGE] = { 0 };
	struct pv_error err;
	struct pv_dump dump;

	memset(file.data + places.memory + 8 * PAGE, 0x55, PAGE);
	memset(page, 0x55, sizeof(page));
	tap_ok(!dump_memory_open(&dump, &file, &err) &&
	       !pv_dump_memory_read(&dump, 8 * PAGE, page, PAGE, &err) &&
	       memcmp(page, zeros, PAGE) == 0,
	       "a zero page is zero, whatever the file has there");
	pv_dump_close(&dump);
	free(file.data);
}

static void refused(const char *what, const struct dump_memory *file,
		    enum pv_error_code code, const char *text)
{
	struct dump_memory copy = *file;
	struct pv_error err;
	struct pv_dump dump;

	tap_ok(dump_memory_open(&dump, &copy, &err) < 0 &&
	       says(&err, code, text) && !dump.unlocked, "%s", what);
	pv_dump_close(&dump);
}

#define SECTION(i, field)	(64 + (i) * 64 + (field))
#define SEGMENT(i, field)	(320 + (i) * 56 + (field))
#define F			PV_ERR_FORMAT
#define L			PV_ERR_LIMIT
#define U			PV_ERR_UNSUPPORTED

/* A number somewhere in the headers. */
static void test_headers(void)
{
	static const struct {
		const char *what;
		size_t at, n;
		uint64_t value;
		enum pv_error_code code;
		const char *text;
	} cases[] = {
		{ "no ELF", 0, 1, 0, F, "no ELF file" },
		{ "32 bits", 4, 1, 1, F, "64 bits" },
		{ "little-endian", 5, 1, 1, F, "big-endian" },
		{ "kdump", 0, 8, 0x4b44554d50202020, U, "kdump format" },
		{ "another machine", 18, 2, 62, F, "not of s390x" },
		{ "no core", 16, 2, 2, F, "no core file" },
		{ "another version", 20, 4, 2, F, "version of ELF" },
		{ "no sections", 60, 2, 0, U, "no protection metadata" },
		{ "too many sections", 60, 2, 65, L, "65 section headers" },
		{ "sections of 40 bytes", 58, 2, 40, F, "40 bytes instead" },
		{ "sections beyond the end", 40, 8, 1 << 20, F,
		  "enough for its section headers" },
		{ "sections far beyond", 40, 8, UINT64_MAX - 63, F,
		  "enough for its section headers" },
		{ "names nowhere", 62, 2, 4, F, "section 4, which does not" },
		{ "too many names", SECTION(3, 32), 8, 4097, L, "4096" },
		{ "names beyond the end", SECTION(3, 24), 8, 1 << 20, F,
		  "enough for its section names" },
		{ "names that wrap", SECTION(3, 24), 8, UINT64_MAX, F,
		  "enough for its section names" },
		{ "no pv_mem_meta", SECTION(1, 0), 4, 25, F,
		  "lacks section pv_mem_meta" },
		{ "no pv_compl", SECTION(2, 0), 4, 25, F,
		  "lacks section pv_compl" },
		{ "a name beyond the names", SECTION(2, 0), 4, 35, F,
		  "lacks section pv_compl" },
		{ "pv_mem_meta twice", SECTION(2, 0), 4, 1, U,
		  "more than one pv_mem_meta" },
		{ "pv_compl twice", SECTION(3, 0), 4, 13, U,
		  "more than one pv_compl" },
		{ "pv_compl of another type", SECTION(2, 4), 4, 8, F,
		  "pv_compl is of type 8" },
		{ "pv_mem_meta of another type", SECTION(1, 4), 4, 0, F,
		  "pv_mem_meta is of type 0" },
		{ "pv_mem_meta beyond the end", SECTION(1, 24), 8, 1 << 20, F,
		  "enough for its section pv_mem_meta" },
		{ "pv_mem_meta that wraps", SECTION(1, 24), 8, UINT64_MAX - 9,
		  F, "enough for its section pv_mem_meta" },
		{ "pv_mem_meta too short", SECTION(1, 32), 8, 11 * 16, F,
		  "does not fit 12 pages" },
		{ "pv_mem_meta too long", SECTION(1, 32), 8, 268 * 16, F,
		  "does not fit 12 pages" },
		{ "pv_mem_meta of half an entry", SECTION(1, 32), 8, 200, F,
		  "has 200 bytes" },
		{ "pv_compl beyond the end", SECTION(2, 24), 8, 1 << 20, F,
		  "enough for its section pv_compl" },
		{ "pv_compl too short", SECTION(2, 32), 8, 287, F,
		  "pv_compl has 287 bytes" },
		{ "pv_compl too long", SECTION(2, 32), 8, 4097, F,
		  "pv_compl has 4097 bytes" },
		{ "pv_compl over pv_mem_meta", SECTION(2, 24), 8, 54000, F,
		  "overlap" },
		{ "no segments", 56, 2, 0, L, "0 program headers" },
		{ "too many segments", 56, 2, 99, L, "99 program headers" },
		{ "segments of 32 bytes", 54, 2, 32, F, "32 bytes instead" },
		{ "segments beyond the end", 32, 8, 1 << 20, F,
		  "enough for its program headers" },
		{ "no memory", SEGMENT(1, 0), 4, 6, F, "no memory segment" },
		{ "no notes", SEGMENT(0, 0), 4, 6, F, "no note segment" },
		{ "memory twice", SEGMENT(0, 0), 4, 1, U,
		  "more than one memory" },
		{ "notes twice", SEGMENT(1, 0), 4, 4, F, "no memory" },
		{ "memory elsewhere", SEGMENT(1, 24), 8, 1 << 20, U,
		  "from address 0 on" },
		{ "memory of another size", SEGMENT(1, 40), 8, 13 * PAGE, U,
		  "from address 0 on" },
		{ "memory beyond the end", SEGMENT(1, 8), 8, 1 << 20, F,
		  "enough for its memory" },
		{ "memory over the notes", SEGMENT(1, 8), 8, 1000, F,
		  "notes and memory overlap" },
		{ "memory over the ELF header", SEGMENT(1, 8), 8, 0, F,
		  "overlap" },
		{ "notes beyond the end", SEGMENT(0, 8), 8, 1 << 20, F,
		  "enough for its notes" },
		{ "too many notes", SEGMENT(0, 32), 8, (8 << 20) + 1, L,
		  "8388608" },
		{ "notes cut off", SEGMENT(0, 32), 8, 2 * 2828 - 4, F,
		  "no note at byte" },
		{ "notes cut off in a head", SEGMENT(0, 32), 8, 8, F,
		  "no note at byte 0" },
		{ "no notes at all", SEGMENT(0, 32), 8, 0, L,
		  "notes have 0 bytes" },
		{ "no CPUs in the notes", SEGMENT(0, 32), 8, 1240, F,
		  "no confidential CPU" },
		{ "a long name", 432, 4, 0xfffffffd, F, "byte 0 of its notes" },
		{ "a long note", 436, 4, 0xffffffff, F, "byte 0 of its notes" },
		{ "one ordinary note less", 440, 4, 99, F,
		  "of 1 CPUs, but holds the confidential state of 2" },
		{ "one CPU less", 432 + 1240 + 8, 4, 99, F,
		  "of 2 CPUs, but holds the confidential state of 1" },
		{ "a CPU of another name", 432 + 1240 + 12, 1, 'X', F,
		  "confidential state of 1" },
		{ "an area too short", 432 + 1240 + 4, 4, 1567, F,
		  "CPU 0 has 1567 bytes" },
	};

	refused("the file ends in it all", &(struct dump_memory){ good.data,
		100, 0 }, F, "section headers");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct dump_memory file = copy_good();

		be(file.data + cases[i].at, cases[i].value, cases[i].n);
		refused(cases[i].what, &file, cases[i].code, cases[i].text);
		free(file.data);
	}
}

static void test_both_sections_missing(void)
{
	struct dump_memory file = copy_good();

	memcpy(file.data + places.names + 1, "xx", 2);
	memcpy(file.data + places.names + 13, "xx", 2);
	refused("a plain core", &file, U, "no protection metadata");
	free(file.data);
}

static void test_areas(void)
{
	const size_t cpu0 = (size_t)dump_offset_of_cpu(&recipe, 0),
		     cpu1 = (size_t)dump_offset_of_cpu(&recipe, 1);
	const struct {
		const char *what;
		size_t at;
		uint8_t with;
		enum pv_error_code code;
		const char *text;
	} cases[] = {
		{ "completion data: version", places.area + 3, 3, U,
		  "version 2" },
		{ "completion data: length", places.area + 7, 1, F,
		  "289 bytes instead of 288" },
		{ "completion data: seed", places.area + 0x10, 1,
		  PV_ERR_UNSEAL, "completion data does not open" },
		{ "completion data: IV", places.area + 0x50, 1, PV_ERR_UNSEAL,
		  "completion data does not open" },
		{ "completion data: key", places.area + 0x70, 1,
		  PV_ERR_UNSEAL, "completion data does not open" },
		{ "completion data: tag", places.area + 0x11f, 1,
		  PV_ERR_UNSEAL, "completion data does not open" },
		{ "CPU: version", cpu1 + 3, 3, U, "CPU 1: " },
		{ "CPU: length", cpu1 + 7, 1, PV_ERR_UNSEAL, "CPU 1: " },
		{ "CPU: IV", cpu0 + 19, 1, PV_ERR_UNSEAL, "CPU 0: " },
		{ "CPU: a register", cpu1 + 40, 1, PV_ERR_UNSEAL,
		  "area does not open" },
		{ "CPU: tag", cpu1 + 1567, 1, PV_ERR_UNSEAL, "CPU 1: " },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct dump_memory file = copy_good();

		file.data[cases[i].at] ^= cases[i].with;
		refused(cases[i].what, &file, cases[i].code, cases[i].text);
		free(file.data);
	}
}

static void test_host_faults(void)
{
	const size_t cpu0 = (size_t)dump_offset_of_cpu(&recipe, 0),
		     cpu1 = (size_t)dump_offset_of_cpu(&recipe, 1);
	struct dump_memory file = copy_good();

	memset(file.data + cpu1, 0, 1568);
	refused("a CPU that the host did not get", &file, F,
		"CPU 1: The CPU's area has nothing but zeros");
	memcpy(file.data + cpu1, file.data + cpu0, 1568);
	refused("one CPU in place of another", &file, F,
		"CPU 0 and CPU 1 are the same");
	memset(file.data + places.area, 0, 288);
	refused("completion data that the host did not get", &file, F,
		"completion data has nothing but zeros");
	file.broken = places.entries;
	file.size = good.size;
	refused("a disk that fails", &file, PV_ERR_IO, "Cannot read its");
	free(file.data);
}

static void test_wrong_key(void)
{
	struct dump_memory file = good;
	struct pv_error err;
	struct pv_dump dump;
	uint8_t cck[32];

	dump_vector_cck(cck);
	cck[31] ^= 1;
	tap_ok(!dump_memory_parse(&dump, &file, &err) &&
	       pv_dump_unlock(&dump, cck, &err) < 0 &&
	       says(&err, PV_ERR_UNSEAL, "completion data"),
	       "another CCK");
	tap_ok(!dump.unlocked && !dump.registers, "... unlocks nothing");
	dump_vector_cck(cck);
	tap_ok(!pv_dump_unlock(&dump, cck, &err) && dump.unlocked,
	       "... and the right one does afterwards");
	pv_dump_close(&dump);
}

/* decrypt FILE into "core"; Return: bytes of the file that was left */
static long decrypt(struct pv_dump *dump, struct pv_error *err)
{
	struct pv_dump_decrypt_spec spec = { .cancel_fd = -1, .threads = 3 };
	struct pv_buffer core = { 0 };
	struct pv_output *output;
	int ret = -1;
	long size;

	memset(err, 0, sizeof(*err));
	output = pv_output_open(maker_path("core"), PV_OUTPUT_SECRET, err);
	if (output && pv_dump_decrypt(output, dump, &spec, err) == 0)
		ret = pv_output_commit(output, err);
	pv_output_close(output, ret == 0);
	pv_file_read(&core, maker_path("core"), 1 << 20, NULL);
	size = (long)core.size;
	pv_buffer_free(&core);
	return ret < 0 ? -size : size;
}

static void test_bad_pages(void)
{
	struct dump_memory file = copy_good();
	uint64_t counts[PV_DUMP_N_PAGE_KINDS];
	struct pv_error err;
	struct pv_dump dump;
	uint8_t page[PAGE];

	memset(file.data + places.entries + 11 * 16, 0xff, 4);
	memset(file.data + places.entries + 11 * 16 + 4, 0, 12);
	file.data[places.entries + 11 * 16 + 15] = 3;
	tap_ok(!dump_memory_open(&dump, &file, &err), "a bad entry: opens");
	tap_ok(pv_dump_pages_count(&dump, counts, &err) < 0 &&
	       says(&err, F, "pv_mem_meta says of page 11 that it is 0x0003"),
	       "... is found");
	tap_ok(decrypt(&dump, &err) == 0 && says(&err, F, "page 11"),
	       "... before anything is written");
	memset(&err, 0, sizeof(err));
	tap_ok(pv_dump_memory_read(&dump, 11 * PAGE, page, PAGE, &err) < 0 &&
	       says(&err, F, "page 11"), "... nor is the page read");
	memset(&err, 0, sizeof(err));
	tap_ok(!pv_dump_memory_read(&dump, 10 * PAGE, page, PAGE, &err),
	       "... another one is");
	tap_ok(pv_dump_memory_read(&dump, 11 * PAGE, page, PAGE + 1, &err) < 0 &&
	       says(&err, L, "does not hold"), "nothing beyond the memory");
	pv_dump_close(&dump);
	free(file.data);
}

/* It gets shorter, or unreadable, once it is open. */
static void test_later(void)
{
	struct dump_memory file = good;
	struct pv_error err;
	struct pv_dump dump;

	tap_ok(!dump_memory_open(&dump, &file, &err) &&
	       decrypt(&dump, &err) > PAGES * PAGE, "a good dump decrypts");
	remove(maker_path("core"));
	file.size = places.entries + 7;
	tap_ok(decrypt(&dump, &err) == 0 &&
	       says(&err, F, "ends within its section pv_mem_meta"),
	       "entries that are cut off meanwhile");
	pv_dump_close(&dump);
}

static bool memory_was_read;

static ssize_t watch_memory(void *ctx, uint64_t offset, void *out, size_t size)
{
	const struct dump_memory *file = ctx;

	if (offset >= places.memory && offset < places.entries)
		memory_was_read = true;
	memcpy(out, file->data + offset, size);
	return (ssize_t)size;
}

/* The entry of the very last page is looked at before any page is decrypted. */
static void test_entries_first(void)
{
	struct pv_error err;
	struct pv_dump dump;

	dump_recipe_vector(&recipe);
	dump_find_places(&places, &recipe);
	dump_memory_make(&good, &recipe);
	memset(good.data + places.entries + 255 * 16, 0xff, 16);
	if (dump_memory_open(&dump, &good, &err) < 0)
		abort();
	dump.source.read = watch_memory;
	tap_ok(decrypt(&dump, &err) == 0 && says(&err, F, "page 255"),
	       "a bad entry of the last page of many");
	tap_ok(!memory_was_read, "... is found before any page is decrypted");
	pv_dump_close(&dump);
	free(good.data);
}

static ssize_t fail_in_memory(void *ctx, uint64_t offset, void *out,
			      size_t size)
{
	const struct dump_memory *file = ctx;

	if (offset <= places.memory + 6 * PAGE &&
	    offset + size > places.memory + 6 * PAGE)
		return (ssize_t)(size / 2);
	memcpy(out, file->data + offset, size);
	return (ssize_t)size;
}

static void test_midway(void)
{
	struct dump_memory file = good;
	struct pv_error err;
	struct pv_dump dump;

	if (dump_memory_open(&dump, &file, &err) < 0)
		abort();
	dump.source.read = fail_in_memory;
	tap_ok(decrypt(&dump, &err) == 0 &&
	       says(&err, F, "ends within its memory"),
	       "memory that is cut off meanwhile: no file");
	pv_dump_close(&dump);
}

int main(void)
{
	tap_start();
	if (!maker_start("dump-damage")) {
		tap_ok(false, "there is a scratch directory");
		return tap_done();
	}
	start(1);
	test_truncations();
	test_alterations();
	test_pages();
	test_zero_page();
	test_wrong_key();
	test_bad_pages();
	test_later();
	test_midway();
	free(good.data);
	test_entries_first();
	start(2);
	test_headers();
	test_both_sections_missing();
	test_areas();
	test_host_faults();
	free(good.data);
	tap_ok(maker_end(), "the scratch directory is removed");
	return tap_done();
}
