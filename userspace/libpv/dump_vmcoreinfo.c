// SPDX-License-Identifier: MIT
/* What the kernel of a dumped guest says of itself. */
#include <string.h>

#include "bytes.h"
#include "dump_core.h"
#include "dump_pages.h"

#define LOWCORE_VMCOREINFO	0xe0c	/* address of an ELF note */
#define NAME			"VMCOREINFO"
#define NAME_ROOM		12	/* padded */
#define MAX_TEXT		4096

struct start {
	struct pv_elf_note note;
	char name[NAME_ROOM];
};

/* What is not there is no failure, but what cannot be read is one. */
static int peek(const struct pv_dump *dump, uint64_t addr, void *out,
		size_t size, struct pv_error *err)
{
	struct pv_error own = { 0 };

	if (pv_dump_memory_read(dump, addr, out, size, &own) == 0)
		return 1;
	if (own.code == PV_ERR_LIMIT)
		return 0;
	return pv_fail(err, own.code, "%s", own.text);
}

static bool fits(const struct start *start, uint64_t addr)
{
	const uint32_t size = pv_get_be32(start->note.descsz);

	return pv_get_be32(start->note.namesz) == sizeof(NAME) &&
	       pv_get_be32(start->note.type) == 0 &&
	       memcmp(start->name, NAME, sizeof(NAME)) == 0 && size > 0 &&
	       size <= MAX_TEXT && addr <= INT64_MAX;
}

int pv_dump_vmcoreinfo(struct pv_buffer *text, const struct pv_dump *dump,
		       struct pv_error *err)
{
	struct start start;
	uint64_t addr;
	pv_be64 field;
	int found;

	*text = (struct pv_buffer){ 0 };
	found = peek(dump, LOWCORE_VMCOREINFO, &field, sizeof(field), err);
	if (found <= 0)
		return found;
	addr = pv_get_be64(field);
	found = peek(dump, addr, &start, sizeof(start), err);
	if (found <= 0 || !fits(&start, addr))
		return found < 0 ? -1 : 0;
	if (pv_buffer_alloc(text, pv_get_be32(start.note.descsz), err) < 0)
		return -1;
	found = peek(dump, addr + sizeof(start), text->data, text->size, err);
	if (found <= 0)
		pv_buffer_free(text);
	return found < 0 ? -1 : 0;
}
