// SPDX-License-Identifier: MIT
/* Writes confidential dumps for the tests. */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "dump_maker.h"

#define PAGE		4096
#define HEADS		432	/* ELF, section and program headers */
#define ORDINARY	1240	/* all notes of a CPU but the confidential */
#define NAMES_SIZE	35

static void need(bool good)
{
	if (!good)
		abort();
}

static void be(uint8_t *at, uint64_t value, int n)
{
	while (n-- > 0) {
		at[n] = (uint8_t)value;
		value >>= 8;
	}
}

/* @n bytes that count up from @start. */
static void count_up(uint8_t *out, uint8_t start, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(start + i);
}

void dump_vector_cck(uint8_t *cck)
{
	count_up(cck, 0, 32);
}

static void vector_nonce(uint8_t *nonce)
{
	memset(nonce, 0, 8);
	count_up(nonce + 8, 0xc0, 8);
}

static uint8_t vector_flags(uint64_t page)
{
	return page % 8 < 2 ? (uint8_t)(page % 8 + 1) : 0;
}

static void vector_content(uint64_t page, uint8_t *out)
{
	for (unsigned int j = 0; j < PAGE; j++)
		out[j] = page % 8 ? (uint8_t)(7 * page + 13 * j) : 0;
}

static void vector_registers(unsigned int cpu, uint8_t *out)
{
	(void)cpu;
	memset(out, 0, DUMP_REGISTERS_SIZE);
}

void dump_random_registers(unsigned int cpu, uint8_t *out)
{
	uint64_t state = cpu * 1000003 + 1;

	for (size_t i = 0; i < DUMP_REGISTERS_SIZE; i++) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		out[i] = (uint8_t)(state >> 56);
	}
	/* All but the flags, which mean something. */
	memset(out + 1504, 0, 16);
}

void dump_recipe_vector(struct dump_recipe *recipe)
{
	*recipe = (struct dump_recipe){
		.pages = 256, .entries = 256, .cpus = 1,
		.cpu_size = PAGE, .area_size = PAGE, .ehsize = 8,
		.flags = vector_flags, .content = vector_content,
		.registers = vector_registers,
	};
}

void dump_find_places(struct dump_places *places,
		      const struct dump_recipe *recipe)
{
	places->sections = 64;
	places->segments = 320;
	places->notes = HEADS;
	places->note_size = 20 + recipe->cpu_size +
			    (recipe->bare ? 0 : ORDINARY);
	places->memory = HEADS + recipe->cpus * places->note_size;
	places->entries = places->memory + recipe->pages * PAGE;
	places->area = places->entries + recipe->entries * 16;
	places->names = places->area + recipe->area_size;
	places->end = places->names + NAMES_SIZE;
}

uint64_t dump_offset_of_cpu(const struct dump_recipe *recipe,
			    unsigned int cpu)
{
	struct dump_places places;

	dump_find_places(&places, recipe);
	return places.notes + (cpu + 1) * places.note_size - recipe->cpu_size;
}

/* RFC 5869 by hand, one block. */
static void derive_key(uint8_t *key)
{
	static const char info[] = "IBM Z Ultravisor Dump\1";
	uint8_t cck[32], seed[64], prk[64], okm[64];
	unsigned int n;

	dump_vector_cck(cck);
	count_up(seed, 0x40, sizeof(seed));
	need(HMAC(EVP_sha512(), seed, sizeof(seed), cck, sizeof(cck), prk,
		  &n) &&
	     HMAC(EVP_sha512(), prk, sizeof(prk), (const uint8_t *)info,
		  sizeof(info) - 1, okm, &n));
	memcpy(key, okm, 32);
}

/* @area: @aad bytes as they are, then @size bytes encrypted, then the tag */
static void seal(uint8_t *area, size_t aad, size_t iv, size_t size)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t key[32];
	int n;

	derive_key(key);
	need(ctx &&
	     EVP_EncryptInit(ctx, EVP_aes_256_gcm(), key, area + iv) &&
	     EVP_EncryptUpdate(ctx, NULL, &n, area, (int)aad) &&
	     EVP_EncryptUpdate(ctx, area + aad, &n, area + aad, (int)size) &&
	     EVP_EncryptFinal(ctx, area + aad + size, &n) &&
	     EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, 16,
				 area + aad + size));
	EVP_CIPHER_CTX_free(ctx);
}

static void make_area(uint8_t *area)
{
	be(area, 1, 4);
	be(area + 4, 288, 4);
	count_up(area + 0x10, 0x40, 64);
	count_up(area + 0x50, 0xe0, 12);
	vector_nonce(area + 0x60);
	count_up(area + 0x70, 0x80, 64);
	seal(area, 0x60, 0x50, 176);
}

static void make_cpu(uint8_t *area, const struct dump_recipe *recipe,
		     unsigned int cpu)
{
	be(area, 1, 4);
	be(area + 4, 1568, 4);
	be(area + 12, cpu + 1, 8);
	recipe->registers(cpu, area + 32);
	seal(area, 32, 8, DUMP_REGISTERS_SIZE);
}

static void put(FILE *out, const void *data, size_t size)
{
	need(fwrite(data, 1, size, out) == size);
}

static void put_zeros(FILE *out, size_t size)
{
	while (size-- > 0)
		need(putc(0, out) == 0);
}

static void put_note(FILE *out, const char *name, unsigned int type,
		     size_t size)
{
	uint8_t head[20] = { 0 };

	be(head, strlen(name) + 1, 4);
	be(head + 4, size, 4);
	be(head + 8, type, 4);
	memcpy(head + 12, name, strlen(name));
	put(out, head, sizeof(head));
}

static void put_ordinary(FILE *out, unsigned int cpu)
{
	static const struct {
		const char *name;
		unsigned int type;
		size_t size;
	} notes[] = {
		{ "CORE", 2, 136 }, { "LINUX", 0x305, 4 },
		{ "LINUX", 0x304, 128 }, { "LINUX", 0x301, 8 },
		{ "LINUX", 0x302, 8 }, { "LINUX", 0x303, 4 },
		{ "LINUX", 0x309, 128 }, { "LINUX", 0x30a, 256 },
		{ "LINUX", 0x30b, 32 },
	};
	uint8_t status[336] = { 0 };

	be(status + 32, cpu + 1, 4);
	put_note(out, "CORE", 1, sizeof(status));
	put(out, status, sizeof(status));
	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++) {
		put_note(out, notes[i].name, notes[i].type, notes[i].size);
		put_zeros(out, notes[i].size);
	}
}

static void put_cpus(FILE *out, const struct dump_recipe *recipe)
{
	for (unsigned int i = 0; i < recipe->cpus; i++) {
		uint8_t area[1568] = { 0 };

		if (!recipe->bare)
			put_ordinary(out, i);
		make_cpu(area, recipe, i);
		put_note(out, "LINUX", 0x30e, recipe->cpu_size);
		put(out, area, sizeof(area));
		put_zeros(out, recipe->cpu_size - sizeof(area));
	}
}

static void put_section(FILE *out, unsigned int name, unsigned int type,
			uint64_t offset, uint64_t size)
{
	uint8_t section[64] = { 0 };

	be(section, name, 4);
	be(section + 4, type, 4);
	be(section + 24, offset, 8);
	be(section + 32, size, 8);
	put(out, section, sizeof(section));
}

static void put_segment(FILE *out, unsigned int type, uint64_t offset,
			uint64_t size)
{
	uint8_t segment[56] = { 0 };

	be(segment, type, 4);
	be(segment + 8, offset, 8);
	be(segment + 32, size, 8);
	be(segment + 40, size, 8);
	put(out, segment, sizeof(segment));
}

static void put_heads(FILE *out, const struct dump_recipe *recipe,
		      const struct dump_places *places)
{
	uint8_t elf[64] = "\177ELF\2\2\1";

	be(elf + 16, 4, 2);
	be(elf + 18, 22, 2);
	be(elf + 20, 1, 4);
	be(elf + 32, places->segments, 8);
	be(elf + 40, places->sections, 8);
	be(elf + 52, recipe->ehsize, 2);
	be(elf + 54, 56, 2);
	be(elf + 56, 2, 2);
	be(elf + 58, 64, 2);
	be(elf + 60, 4, 2);
	be(elf + 62, 3, 2);
	put(out, elf, sizeof(elf));
	put_section(out, 0, 0, 0, 0);
	put_section(out, 1, 1, places->entries, recipe->entries * 16);
	put_section(out, 13, 1, places->area, recipe->area_size);
	put_section(out, 25, 3, places->names, NAMES_SIZE);
	put_segment(out, 4, places->notes, recipe->cpus * places->note_size);
	put_segment(out, 1, places->memory, recipe->pages * PAGE);
}

static void make_component(uint8_t *out, uint64_t page)
{
	be(out, page + 1, 8);
	memset(out + 8, 0, 8);
}

static void encrypt_page(EVP_CIPHER_CTX *ctx, uint8_t *page, uint64_t number)
{
	uint8_t tweak[16], nonce[16];
	int n;

	make_component(tweak, number);
	vector_nonce(nonce);
	for (int i = 0; i < 16; i++)
		tweak[i] |= nonce[i];
	need(EVP_EncryptInit(ctx, NULL, NULL, tweak) &&
	     EVP_EncryptUpdate(ctx, page, &n, page, PAGE));
}

static void put_memory(FILE *out, const struct dump_recipe *recipe)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t key[64], page[PAGE];

	count_up(key, 0x80, sizeof(key));
	need(ctx && EVP_EncryptInit(ctx, EVP_aes_256_xts(), key, NULL));
	for (uint64_t i = 0; i < recipe->pages; i++) {
		recipe->content(i, page);
		if (!recipe->flags(i))
			encrypt_page(ctx, page, i);
		put(out, page, sizeof(page));
	}
	EVP_CIPHER_CTX_free(ctx);
}

static void put_entries(FILE *out, const struct dump_recipe *recipe)
{
	for (uint64_t i = 0; i < recipe->entries; i++) {
		uint8_t entry[16] = { 0xff, 0xff, 0xff, 0xff };

		entry[15] = i < recipe->pages ? recipe->flags(i) : 1;
		if (!entry[15])
			make_component(entry, i);
		put(out, entry, sizeof(entry));
	}
}

void dump_make(FILE *out, const struct dump_recipe *recipe)
{
	static const char names[NAMES_SIZE] =
		"\0pv_mem_meta\0pv_compl\0\0\0\0.shstrtab";
	struct dump_places places;
	uint8_t area[288] = { 0 };

	dump_find_places(&places, recipe);
	put_heads(out, recipe, &places);
	put_cpus(out, recipe);
	put_memory(out, recipe);
	put_entries(out, recipe);
	make_area(area);
	put(out, area, sizeof(area));
	put_zeros(out, recipe->area_size - sizeof(area));
	put(out, names, sizeof(names));
}
