// SPDX-License-Identifier: MIT
/* What the headers of a dump's file say. */
#include <string.h>

#include "array.h"
#include "bytes.h"
#include "dump_elf.h"

/* Far more than any dump has. */
#define MAX_HEADERS	64
#define MAX_NAMES	4096
#define MAX_NOTES	(8 * 1024 * 1024)

/**
 * struct headers - what is read on the way
 * @sections: e_shnum of them
 * @segments: e_phnum of them
 * @names: of the sections, terminated
 * @parts: of the file that are headers
 */
struct headers {
	struct pv_elf_header elf;
	struct pv_elf_shdr sections[MAX_HEADERS];
	struct pv_elf_phdr segments[MAX_HEADERS];
	char names[MAX_NAMES + 1];
	size_t names_size;
	struct {
		struct pv_dump_part elf;
		struct pv_dump_part sections;
		struct pv_dump_part segments;
		struct pv_dump_part names;
	} parts;
};

static int check_part(const struct pv_dump *dump,
		      const struct pv_dump_part *part, const char *what,
		      struct pv_error *err)
{
	if (part->offset > dump->size ||
	    part->size > dump->size - part->offset)
		return pv_fail(err, PV_ERR_FORMAT,
			       "It has %llu bytes, which is not enough for its %s: it is truncated or was altered (copy it once more)",
			       (unsigned long long)dump->size, what);
	return 0;
}

static int refuse(struct pv_error *err, const char *why)
{
	return pv_fail(err, PV_ERR_FORMAT,
		       "It is no dump of a protected guest: %s (name the file that the host wrote)",
		       why);
}

/* Formats that cannot hold what it takes to decrypt them. */
static int refuse_magic(const struct pv_elf_header *elf, struct pv_error *err)
{
	if (memcmp(elf, "KDUMP", 5) == 0)
		return pv_fail(err, PV_ERR_UNSUPPORTED,
			       "It is a dump in kdump format, which does not hold what it takes to decrypt it (have the host dump to ELF)");
	return refuse(err, "it is no ELF file of 64 bits, big-endian");
}

static int read_elf_header(const struct pv_dump *dump, struct headers *headers,
			   struct pv_error *err)
{
	struct pv_elf_header *elf = &headers->elf;

	headers->parts.elf.size = sizeof(*elf);
	if (dump->size < sizeof(*elf))
		return refuse(err, "it is too short");
	if (pv_dump_read(dump, 0, elf, sizeof(*elf), "ELF header", err) < 0)
		return -1;
	if (memcmp(elf->magic, PV_ELF_MAGIC, sizeof(elf->magic)) != 0 ||
	    elf->class != PV_ELF_CLASS_64 || elf->data != PV_ELF_DATA_BIG)
		return refuse_magic(elf, err);
	if (pv_get_be16(elf->machine) != PV_ELF_MACHINE_S390)
		return refuse(err, "it is not of s390x");
	if (pv_get_be16(elf->type) != PV_ELF_TYPE_CORE)
		return refuse(err, "it is no core file");
	if (elf->ident_version != PV_ELF_VERSION ||
	    pv_get_be32(elf->version) != PV_ELF_VERSION)
		return refuse(err, "it is of another version of ELF");
	return 0;
}

static int check_table(pv_be16 n_field, pv_be16 entry_size, size_t size,
		       const char *what, struct pv_error *err)
{
	const unsigned int n = pv_get_be16(n_field);

	if (n == 0 || n > MAX_HEADERS)
		return pv_fail(err, PV_ERR_LIMIT,
			       "It has %u %s, 1 to %u are possible: it was altered",
			       n, what, MAX_HEADERS);
	if (pv_get_be16(entry_size) != size)
		return pv_fail(err, PV_ERR_FORMAT,
			       "Its %s have %u bytes instead of %zu: it was altered",
			       what, pv_get_be16(entry_size), size);
	return 0;
}

/* The names of a file with no such sections are of no interest. */
static int no_sections(struct pv_error *err)
{
	return pv_fail(err, PV_ERR_UNSUPPORTED,
		       "It holds no protection metadata (sections %s and %s): the host took it without the Ultravisor, and nobody can decrypt it",
		       PV_DUMP_SECTION_PAGES, PV_DUMP_SECTION_COMPLETE);
}

static int read_names(const struct pv_dump *dump, struct headers *headers,
		      struct pv_error *err)
{
	const unsigned int index = pv_get_be16(headers->elf.shstrndx);
	struct pv_dump_part *part = &headers->parts.names;
	const struct pv_elf_shdr *section;

	if (index >= pv_get_be16(headers->elf.shnum))
		return pv_fail(err, PV_ERR_FORMAT,
			       "Its section names are in section %u, which does not exist: it was altered",
			       index);
	section = &headers->sections[index];
	part->offset = pv_get_be64(section->offset);
	part->size = pv_get_be64(section->size);
	if (part->size > MAX_NAMES)
		return pv_fail(err, PV_ERR_LIMIT,
			       "Its section names have more than %u bytes: it was altered",
			       MAX_NAMES);
	headers->names_size = (size_t)part->size;
	if (check_part(dump, part, "section names", err) < 0)
		return -1;
	return pv_dump_read(dump, part->offset, headers->names,
			    headers->names_size, "section names", err);
}

static int read_sections(const struct pv_dump *dump, struct headers *headers,
			 struct pv_error *err)
{
	struct pv_dump_part *part = &headers->parts.sections;
	const struct pv_elf_header *elf = &headers->elf;

	if (pv_get_be16(elf->shnum) == 0)
		return no_sections(err);
	if (check_table(elf->shnum, elf->shentsize,
			sizeof(struct pv_elf_shdr), "section headers",
			err) < 0)
		return -1;
	part->offset = pv_get_be64(elf->shoff);
	part->size = pv_get_be16(elf->shnum) * sizeof(struct pv_elf_shdr);
	if (check_part(dump, part, "section headers", err) < 0 ||
	    pv_dump_read(dump, part->offset, headers->sections,
			 (size_t)part->size, "section headers", err) < 0)
		return -1;
	return read_names(dump, headers, err);
}

static int duplicate(const char *what, struct pv_error *err)
{
	return pv_fail(err, PV_ERR_UNSUPPORTED,
		       "It has more than one %s, which no known host writes",
		       what);
}

static int take_section(struct pv_dump_part *out, const char *name,
			const struct headers *headers, struct pv_error *err)
{
	const unsigned int n = pv_get_be16(headers->elf.shnum);
	bool found = false;

	for (unsigned int i = 0; i < n; i++) {
		const struct pv_elf_shdr *section = &headers->sections[i];
		const uint32_t at = pv_get_be32(section->name);

		/* The names end with a NUL in any case. */
		if (at >= headers->names_size ||
		    strcmp(headers->names + at, name) != 0)
			continue;
		if (found)
			return duplicate(name, err);
		if (pv_get_be32(section->type) != PV_ELF_SECTION_PROGBITS)
			return pv_fail(err, PV_ERR_FORMAT,
				       "Its section %s is of type %u: it was altered",
				       name, pv_get_be32(section->type));
		found = true;
		out->offset = pv_get_be64(section->offset);
		out->size = pv_get_be64(section->size);
	}
	return found;
}

static int find_sections(struct pv_dump *dump, const struct headers *headers,
			 struct pv_error *err)
{
	int entries, area;

	entries = take_section(&dump->entries, PV_DUMP_SECTION_PAGES, headers,
			       err);
	area = take_section(&dump->area, PV_DUMP_SECTION_COMPLETE, headers,
			    err);
	if (entries < 0 || area < 0)
		return -1;
	if (!entries && !area)
		return no_sections(err);
	if (!entries || !area)
		return pv_fail(err, PV_ERR_FORMAT,
			       "It lacks section %s, without which it cannot be decrypted: the dump did not end, or was altered",
			       entries ? PV_DUMP_SECTION_COMPLETE :
			       PV_DUMP_SECTION_PAGES);
	return 0;
}

static int read_segments(const struct pv_dump *dump, struct headers *headers,
			 struct pv_error *err)
{
	struct pv_dump_part *part = &headers->parts.segments;
	const struct pv_elf_header *elf = &headers->elf;

	if (check_table(elf->phnum, elf->phentsize,
			sizeof(struct pv_elf_phdr), "program headers",
			err) < 0)
		return -1;
	part->offset = pv_get_be64(elf->phoff);
	part->size = pv_get_be16(elf->phnum) * sizeof(struct pv_elf_phdr);
	if (check_part(dump, part, "program headers", err) < 0)
		return -1;
	return pv_dump_read(dump, part->offset, headers->segments,
			    (size_t)part->size, "program headers", err);
}

/* Return: the only segment of a type, or NULL with @err set. */
static const struct pv_elf_phdr *
find_segment(const struct headers *headers, uint32_t type, const char *what,
	     struct pv_error *err)
{
	const unsigned int n = pv_get_be16(headers->elf.phnum);
	const struct pv_elf_phdr *found = NULL;

	for (unsigned int i = 0; i < n; i++) {
		if (pv_get_be32(headers->segments[i].type) != type)
			continue;
		if (found) {
			duplicate(what, err);
			return NULL;
		}
		found = &headers->segments[i];
	}
	if (!found)
		pv_fail(err, PV_ERR_FORMAT,
			"It has no %s: it was altered (copy it once more)",
			what);
	return found;
}

/* All of a guest's memory begins at address 0, and is in the file. */
static int check_memory(struct pv_dump *dump, const struct pv_elf_phdr *load,
			struct pv_error *err)
{
	const uint64_t size = dump->memory.size;

	if (pv_get_be64(load->paddr) != 0 || pv_get_be64(load->memsz) != size)
		return pv_fail(err, PV_ERR_UNSUPPORTED,
			       "It does not hold all of the guest's memory, from address 0 on: it was altered, or only a part was dumped");
	if (size == 0 || size % PV_PAGE_SIZE)
		return pv_fail(err, PV_ERR_FORMAT,
			       "Its memory has %llu bytes, which are no whole pages: it was altered",
			       (unsigned long long)size);
	dump->pages = size / PV_PAGE_SIZE;
	return 0;
}

static int find_segments(struct pv_dump *dump, const struct headers *headers,
			 struct pv_error *err)
{
	const struct pv_elf_phdr *load, *note;

	load = find_segment(headers, PV_ELF_PHDR_LOAD, "memory segment", err);
	note = load ? find_segment(headers, PV_ELF_PHDR_NOTE, "note segment", err) :
	       NULL;
	if (!load || !note)
		return -1;
	dump->memory.offset = pv_get_be64(load->offset);
	dump->memory.size = pv_get_be64(load->filesz);
	dump->notes.offset = pv_get_be64(note->offset);
	dump->notes.size = pv_get_be64(note->filesz);
	return check_memory(dump, load, err);
}

/* The Ultravisor hands out entries for whole mebibytes. */
static int check_entries(const struct pv_dump *dump, struct pv_error *err)
{
	const uint64_t n = dump->entries.size / sizeof(struct pv_dump_page);

	if (dump->entries.size % sizeof(struct pv_dump_page) || n < dump->pages ||
	    n - dump->pages >= PV_DUMP_BLOCK_PAGES)
		return pv_fail(err, PV_ERR_FORMAT,
			       "Section %s has %llu bytes, which does not fit %llu pages of memory: it was altered, or only a part of the memory was dumped",
			       PV_DUMP_SECTION_PAGES,
			       (unsigned long long)dump->entries.size,
			       (unsigned long long)dump->pages);
	return 0;
}

static int check_sizes(const struct pv_dump *dump, struct pv_error *err)
{
	if (check_entries(dump, err) < 0)
		return -1;
	if (dump->area.size < sizeof(dump->completion) ||
	    dump->area.size > PV_DUMP_AREA_MAX)
		return pv_fail(err, PV_ERR_FORMAT,
			       "Section %s has %llu bytes, %zu to %u are possible: it was altered",
			       PV_DUMP_SECTION_COMPLETE,
			       (unsigned long long)dump->area.size,
			       sizeof(dump->completion), PV_DUMP_AREA_MAX);
	if (dump->notes.size == 0 || dump->notes.size > MAX_NOTES)
		return pv_fail(err, PV_ERR_LIMIT,
			       "Its notes have %llu bytes, 1 to %u are possible: it was altered",
			       (unsigned long long)dump->notes.size,
			       MAX_NOTES);
	return 0;
}

static bool overlap(const struct pv_dump_part *a, const struct pv_dump_part *b)
{
	return a->offset < b->offset + b->size &&
	       b->offset < a->offset + a->size;
}

/* Once sizes are known to be sane: no sum wraps around. */
static int check_places(const struct pv_dump *dump,
			const struct headers *headers, struct pv_error *err)
{
	const struct {
		const struct pv_dump_part *part;
		const char *name;
	} parts[] = {
		{ &headers->parts.elf, "ELF header" },
		{ &headers->parts.sections, "section headers" },
		{ &headers->parts.segments, "program headers" },
		{ &headers->parts.names, "section names" },
		{ &dump->notes, "notes" },
		{ &dump->memory, "memory" },
		{ &dump->entries, "section " PV_DUMP_SECTION_PAGES },
		{ &dump->area, "section " PV_DUMP_SECTION_COMPLETE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (check_part(dump, parts[i].part, parts[i].name, err) < 0)
			return -1;
	for (size_t i = 1; i < ARRAY_SIZE(parts); i++)
		for (size_t k = 0; k < i; k++)
			if (overlap(parts[k].part, parts[i].part))
				return pv_fail(err, PV_ERR_FORMAT,
					       "Its %s and %s overlap: it was altered",
					       parts[k].name, parts[i].name);
	return 0;
}

int pv_dump_elf_parse(struct pv_dump *dump, struct pv_error *err)
{
	struct headers headers = { 0 };

	if (read_elf_header(dump, &headers, err) < 0 ||
	    read_sections(dump, &headers, err) < 0 ||
	    find_sections(dump, &headers, err) < 0 ||
	    read_segments(dump, &headers, err) < 0 ||
	    find_segments(dump, &headers, err) < 0 ||
	    check_sizes(dump, err) < 0)
		return -1;
	return check_places(dump, &headers, err);
}
