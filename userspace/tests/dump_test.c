// SPDX-License-Identifier: MIT
/* Confidential dumps: known answers, what is in them, what comes out. */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "bytes.h"
#include "dump_core.h"
#include "dump_decrypt.h"
#include "dump_keys.h"
#include "dump_memory.h"
#include "dump_pages.h"
#include "image_maker.h"
#include "tap.h"

#define PAGE	4096
#define MIB	(1024 * 1024)

/* What follows from the numbers 0 to 31 as CCK, 0x40 to 0x7f as seed. */
#define DUMP_KEY	"ac3f3150ad7223ede2f4c380efc85a2b9d5ba0dbc99a13f339e5a1d97b770784"
#define COMPLETION	"c9ab751ce4a947fe6168b1131a6af7ff91a8d065b0648d1edf45a23bb87d034f1b269af8145e278e2e72c28df46b18311a6376787474dd2b56c59c14020267bd357422b057cbd654bc058cecc90b1f1bfdc14fa8db22d5cf46381cb7e84d6b1c9574437a1a9162e072f02a3e136e0b3b818e18dc76fb5004a8b4dc5c06f26a7d3a364d3558353daa020a78b55d43d4ae424fb8048b9889b6eb9f269bd9a63f92112421b72b449963fde9c7b06271a135"
#define COMPLETION_TAG	"92cdf75c4451adc905c16ceeedfeeb05"
#define CPU_SHA256	"8c7ca2c7865148e950d5ec1abd5ebdb36f52b2786eaf9e7744fa80001ba0469b"
#define CPU_TAG		"b44160e9701bf9a4d994fd00606eb40a"
#define PAGE_SHA256	"a5c7c327b7a63acc4efa61865c34c2595007fa1bc477482482556c4fcaeb8ecf"
#define ENTRIES_SHA256	"16a0fcefb2ba7b820db4a363741a9dbe858379dbb5185e9b5904c450b218139f"
#define AREA_SHA256	"1193c35494167de7619d2892cc3a1c19184e267ccb7cfeff41873c71fede1185"
#define FILE_SHA256	"b0fb805de3889b7ddb788246006087d663d9a9baac89247e6a7278441539440e"
#define MEMORY_SHA256	"a44da9ea48c5281d5ee56b6ac07eaf05fb8bb00dff50299909d2c20890456586"

/* The generator of the tests against what has been published. */
static void test_generator(const struct dump_memory *file)
{
	const uint8_t *data = file->data, *area = data + 0x10269c;
	const uint8_t *cpu = data + 0x169c - 4096;

	tap_sha256(data, file->size, FILE_SHA256, "vector: the whole file");
	tap_sha256(data + 0x10169c, 4096, ENTRIES_SHA256,
		   "vector: entries of the pages");
	tap_sha256(area, 4096, AREA_SHA256, "vector: completion data");
	tap_bytes(area + 0x60, 176, COMPLETION, "vector: its encrypted part");
	tap_bytes(area + 0x110, 16, COMPLETION_TAG, "vector: its tag");
	tap_sha256(cpu + 32, 1520, CPU_SHA256, "vector: a CPU");
	tap_bytes(cpu + 1552, 16, CPU_TAG, "vector: its tag");
	tap_sha256(data + 0x169c + 2 * PAGE, PAGE, PAGE_SHA256,
		   "vector: a page");
}

static void test_keys(const struct pv_dump *dump)
{
	static const uint8_t zeros[1520];
	uint8_t key[PV_DUMP_KEY_SIZE], cck[32], want[80];
	struct pv_dump_regs registers;

	dump_vector_cck(cck);
	for (size_t i = 0; i < 80; i++)
		want[i] = (uint8_t)(i < 8 ? 0 : i < 16 ? 0xc0 + i - 8 :
				    0x80 + i - 16);
	tap_ok(!pv_dump_key_derive(key, cck, dump->completion.seed, NULL),
	       "vector: a key is derived");
	tap_bytes(key, sizeof(key), DUMP_KEY, "vector: which is the dump's");
	tap_ok(dump->unlocked && !memcmp(&dump->secret, want, sizeof(want)),
	       "vector: nonce and key of the pages");
	tap_ok(!pv_dump_cpu_open(&registers, pv_dump_cpu_area(dump, 0), key,
				 NULL) &&
	       !memcmp(&registers, zeros, sizeof(zeros)),
	       "vector: the CPU holds zeros");
}

static void test_places(const struct pv_dump *dump)
{
	tap_ok(dump->memory.offset == 0x169c && dump->memory.size == MIB &&
	       dump->pages == 256, "vector: memory");
	tap_ok(dump->entries.offset == 0x10169c && dump->entries.size == PAGE,
	       "vector: where the entries are");
	tap_ok(dump->area.offset == 0x10269c && dump->n_cpus == 1,
	       "vector: where the rest is");
}

static void test_counts(const struct pv_dump *dump)
{
	uint64_t counts[PV_DUMP_N_PAGE_KINDS] = { 9, 9, 9 };

	tap_ok(!pv_dump_pages_count(dump, counts, NULL) &&
	       counts[PV_DUMP_ENCRYPTED] == 192 && counts[PV_DUMP_ZERO] == 32 &&
	       counts[PV_DUMP_SHARED] == 32, "vector: pages of each kind");
}

static void test_vector(void)
{
	static uint8_t memory[MIB];
	struct dump_recipe recipe;
	struct dump_memory file;
	struct pv_error err;
	struct pv_dump dump;

	dump_recipe_vector(&recipe);
	dump_memory_make(&file, &recipe);
	test_generator(&file);
	tap_ok(!dump_memory_open(&dump, &file, &err), "vector: opens");
	test_places(&dump);
	test_keys(&dump);
	test_counts(&dump);
	tap_ok(!pv_dump_memory_read(&dump, 0, memory, sizeof(memory), &err),
	       "vector: memory is read");
	tap_sha256(memory, sizeof(memory), MEMORY_SHA256,
		   "vector: and decrypted");
	pv_dump_close(&dump);
	tap_ok(!dump.unlocked && !dump.registers && !dump.cpus,
	       "nothing is left when a dump is closed");
	free(file.data);
}

static void test_kinds(void)
{
	static const struct {
		uint8_t first, flags[2];
		enum pv_dump_kind kind;
	} cases[] = {
		{ 0xff, { 0, 1 }, PV_DUMP_ZERO },
		{ 0xff, { 0, 2 }, PV_DUMP_SHARED },
		{ 0xff, { 0, 5 }, PV_DUMP_ZERO },
		{ 0xff, { 0, 6 }, PV_DUMP_SHARED },
		{ 0xff, { 0, 0 }, PV_DUMP_BAD_PAGE },
		{ 0xff, { 0, 4 }, PV_DUMP_BAD_PAGE },
		{ 0xff, { 0, 3 }, PV_DUMP_BAD_PAGE },
		{ 0xff, { 0, 7 }, PV_DUMP_BAD_PAGE },
		{ 0xff, { 0, 9 }, PV_DUMP_BAD_PAGE },
		{ 0xff, { 0, 0x81 }, PV_DUMP_BAD_PAGE },
		{ 0xff, { 1, 1 }, PV_DUMP_BAD_PAGE },
		{ 0x7f, { 0, 1 }, PV_DUMP_ENCRYPTED },
		{ 0xfe, { 1, 0xff }, PV_DUMP_ENCRYPTED },
	};
	uint8_t entry[16];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(entry, 0, sizeof(entry));
		memset(entry, 0xff, 4);
		entry[3] = cases[i].first;
		memcpy(entry + 14, cases[i].flags, 2);
		tap_ok(pv_dump_page_kind((const void *)entry) == cases[i].kind,
		       "entry ..%02x ..%02x%02x", cases[i].first,
		       cases[i].flags[0], cases[i].flags[1]);
	}
}

/* The rest of this file looks at what pv_dump_decrypt() writes. */

static const char vmcoreinfo[] = "OSRELEASE=6.12.0-test\nPAGESIZE=4096\n";

static uint8_t mixed_flags(uint64_t page)
{
	static const uint8_t kinds[] = { 0, 0, 1, 2, 0, 5, 6, 0, 0, 2 };

	return kinds[page % ARRAY_SIZE(kinds)];
}

/* Two more of ten are blank, the others differ in every byte. */
static void mixed_content(uint64_t page, uint8_t *out)
{
	static const uint8_t note[24] = "\0\0\0\13\0\0\0\44\0\0\0\0VMCOREINFO";

	memset(out, 0, PAGE);
	if (page % 10 == 9 || page % 10 == 8 || mixed_flags(page) & 1)
		return;
	for (unsigned int j = 0; j < PAGE; j++)
		out[j] = (uint8_t)(page * 31 + j * (page % 7 + 1) + j / 256);
	if (page == 0) {
		memset(out + 0xe0c, 0, 8);
		out[0xe0c + 5] = 1;	/* 0x010ff8: ends on the next page */
		out[0xe0c + 6] = 0x0f;
		out[0xe0c + 7] = 0xf8;
	}
	if (page == 0x10)
		memcpy(out + 0xff8, note, 8);
	if (page == 0x11) {
		memcpy(out, note + 8, 16);
		memcpy(out + 16, vmcoreinfo, sizeof(vmcoreinfo) - 1);
	}
}

static bool same_memory(const uint8_t *core, const struct dump_recipe *recipe)
{
	uint8_t want[PAGE];

	for (uint64_t i = 0; i < recipe->pages; i++) {
		recipe->content(i, want);
		if (memcmp(core + i * PAGE, want, PAGE) == 0)
			continue;
		tap_note("page %llu differs", (unsigned long long)i);
		return false;
	}
	return true;
}

/* Offsets in the notes of a core, in the plaintext of an area; see there. */
static const struct {
	const char *name;
	size_t core;
	size_t area;
	size_t size;
} register_places[] = {
	{ "PSW", 20 + 112, 0x80, 16 },
	{ "GPRs", 20 + 128, 0x00, 128 },
	{ "ARs", 20 + 256, 0xc0, 64 },
	{ "FPC", 356 + 20, 0x9c, 4 },
	{ "FPR 0", 356 + 20 + 8, 0x180, 8 },
	{ "FPR 15", 356 + 20 + 128, 0x180 + 15 * 16, 8 },
	{ "CPU timer", 512 + 20, 0xa8, 8 },
	{ "clock comparator", 540 + 20, 0xb0, 8 },
	{ "TOD programmable", 568 + 20, 0xa4, 4 },
	{ "CRs", 592 + 20, 0x100, 128 },
	{ "prefix", 740 + 20, 0x98, 4 },
	{ "low half of V0", 764 + 20, 0x188, 8 },
	{ "low half of V15", 764 + 20 + 120, 0x188 + 15 * 16, 8 },
	{ "V16 to V31", 912 + 20, 0x280, 256 },
	{ "GSCB", 1188 + 20, 0x580, 32 },
};

#define CORE_CPU_SIZE	1240
#define FIRST_CPU	(176 + 156)

static void check_cpus(const uint8_t *core, unsigned int n)
{
	uint8_t plain[DUMP_REGISTERS_SIZE];
	bool same[ARRAY_SIZE(register_places)], pids = true;

	memset(same, true, sizeof(same));
	for (unsigned int cpu = 0; cpu < n; cpu++) {
		const uint8_t *notes = core + FIRST_CPU + cpu * CORE_CPU_SIZE;

		dump_random_registers(cpu, plain);
		pids = pids && notes[20 + 35] == cpu + 1;
		for (size_t i = 0; i < ARRAY_SIZE(register_places); i++)
			same[i] = same[i] &&
				  !memcmp(notes + register_places[i].core,
					  plain + register_places[i].area,
					  register_places[i].size);
	}
	tap_ok(pids, "core: a number for each of %u CPUs", n);
	for (size_t i = 0; i < ARRAY_SIZE(register_places); i++)
		tap_ok(same[i], "core: %s", register_places[i].name);
}

/* Types and sizes in their order, whatever they hold. */
static void check_notes(const uint8_t *core, unsigned int n)
{
	static const uint32_t want[][2] = {
		{ 1, 336 }, { 2, 136 }, { 0x301, 8 }, { 0x302, 8 },
		{ 0x303, 4 }, { 0x304, 128 }, { 0x305, 4 }, { 0x309, 128 },
		{ 0x30a, 256 }, { 0x30b, 32 },
	};
	const uint8_t *at = core + FIRST_CPU;
	bool good = core[176 + 11] == 3 && !strcmp((char *)core + 188, "CORE");

	for (unsigned int i = 0; i < n * ARRAY_SIZE(want); i++) {
		const uint32_t *one = want[i % ARRAY_SIZE(want)];

		good = good && at[7] == (uint8_t)one[1] &&
		       at[6] == one[1] >> 8 && at[10] == one[0] >> 8 &&
		       at[11] == (uint8_t)one[0] &&
		       !strcmp((const char *)at + 12,
			       one[0] < 3 ? "CORE" : "LINUX");
		at += 20 + one[1];
	}
	tap_ok(good, "core: notes in their order");
	tap_ok(at[3] == 11 && at[7] == sizeof(vmcoreinfo) - 1 &&
	       !memcmp(at + 8, "\0\0\0\0VMCOREINFO\0\0", 16) &&
	       !memcmp(at + 24, vmcoreinfo, sizeof(vmcoreinfo) - 1),
	       "core: what the kernel says of itself");
}

static uint8_t *read_core(size_t *size)
{
	struct pv_buffer core;

	if (pv_file_read(&core, maker_path("core"), 64 * MIB, NULL) < 0)
		abort();
	*size = core.size;
	return core.data;
}

static int decrypt_to(const char *name, const struct pv_dump *dump,
		      const struct pv_dump_decrypt_spec *spec,
		      struct pv_error *err)
{
	struct pv_output *output;
	int ret = -1;

	memset(err, 0, sizeof(*err));
	output = pv_output_open(maker_path(name), PV_OUTPUT_SECRET |
				PV_OUTPUT_FORCE, err);
	if (output && pv_dump_decrypt(output, dump, spec, err) == 0)
		ret = pv_output_commit(output, err);
	pv_output_close(output, ret == 0);
	return ret;
}

static void mixed_recipe(struct dump_recipe *recipe)
{
	dump_recipe_vector(recipe);
	recipe->pages = 3 * 256 + 37;
	recipe->entries = 4 * 256;
	recipe->cpus = 5;
	recipe->cpu_size = 1600;
	recipe->area_size = 288;
	recipe->ehsize = 64;
	recipe->flags = mixed_flags;
	recipe->content = mixed_content;
	recipe->registers = dump_random_registers;
}

static void check_core(const struct dump_recipe *recipe, const char *what)
{
	size_t size;
	uint8_t *core = read_core(&size);
	const size_t memory = size - recipe->pages * PAGE;

	tap_ok(size > recipe->pages * PAGE && memory % PAGE == 0 &&
	       same_memory(core + memory, recipe), "%s: memory", what);
	free(core);
}

static void test_core(void)
{
	static const char *const what[] = {
		"a processor each", "one thread", "7 threads", "many threads",
	};
	static const unsigned int threads[] = { 0, 1, 7, 1000 };
	struct pv_dump_decrypt_spec spec = { .cancel_fd = -1 };
	struct dump_recipe recipe;
	struct dump_memory file;
	struct pv_error err;
	struct pv_dump dump;
	uint8_t *core;
	size_t size;

	mixed_recipe(&recipe);
	dump_memory_make(&file, &recipe);
	tap_ok(!dump_memory_open(&dump, &file, &err) && dump.n_cpus == 5,
	       "mixed pages, short areas: opens");
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++) {
		spec.threads = threads[i];
		tap_ok(!decrypt_to("core", &dump, &spec, &err),
		       "%s: decrypts", what[i]);
		check_core(&recipe, what[i]);
	}
	core = read_core(&size);
	check_notes(core, recipe.cpus);
	check_cpus(core, recipe.cpus);
	free(core);
	pv_dump_close(&dump);
	free(file.data);
}

static void test_bare(void)
{
	struct dump_recipe recipe;
	struct dump_memory file;
	struct pv_error err;
	struct pv_dump dump;

	mixed_recipe(&recipe);
	recipe.bare = true;
	dump_memory_make(&file, &recipe);
	tap_ok(!dump_memory_open(&dump, &file, &err) && dump.n_cpus == 5,
	       "a dump without ordinary notes opens");
	pv_dump_close(&dump);
	free(file.data);
}

/* Where the guest keeps something else, nothing is made of it. */
static void test_no_vmcoreinfo(void)
{
	static const struct {
		const char *what;
		size_t page, offset;
		uint8_t value;
	} cases[] = {
		{ "an address beyond the memory", 0, 0xe0c, 1 },
		{ "an address far beyond it", 0, 0xe0c, 0xff },
		{ "another name", 0x11, 4, 'X' },
		{ "another type", 0x11, 3, 1 },
		{ "too much of it", 0x10, 0xffd, 1 },
		{ "another size of its name", 0x10, 0xffb, 12 },
	};
	struct dump_recipe recipe;
	struct dump_memory file;
	struct pv_buffer text;
	struct pv_error err;
	struct pv_dump dump;

	mixed_recipe(&recipe);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct dump_places places;
		uint8_t *page;

		dump_find_places(&places, &recipe);
		dump_memory_make(&file, &recipe);
		/* Made a shared page, so that it can be altered. */
		page = file.data + places.memory + cases[i].page * PAGE;
		mixed_content(cases[i].page, page);
		memcpy(file.data + places.entries + cases[i].page * 16,
		       "\xff\xff\xff\xff\0\0\0\0\0\0\0\0\0\0\0\2", 16);
		tap_ok(!dump_memory_open(&dump, &file, &err) &&
		       !pv_dump_vmcoreinfo(&text, &dump, &err) && text.size,
		       "no VMCOREINFO: there was one");
		pv_buffer_free(&text);
		page[cases[i].offset] = cases[i].value;
		tap_ok(!pv_dump_vmcoreinfo(&text, &dump, &err) && !text.size,
		       "no VMCOREINFO: %s", cases[i].what);
		pv_buffer_free(&text);
		pv_dump_close(&dump);
		free(file.data);
	}
}

int main(void)
{
	tap_start();
	if (!maker_start("dump")) {
		tap_ok(false, "there is a scratch directory");
		return tap_done();
	}
	test_vector();
	test_kinds();
	test_core();
	test_bare();
	test_no_vmcoreinfo();
	tap_ok(maker_end(), "the scratch directory is removed");
	return tap_done();
}
