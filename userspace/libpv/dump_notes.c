// SPDX-License-Identifier: MIT
/* The notes of a dump. */
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "dump_notes.h"

#define NOTE_ALIGN	4

/**
 * struct note - one note
 * @name: @name_size bytes, with the NUL
 * @content: offset in the notes, @size bytes
 */
struct note {
	uint32_t type;
	const uint8_t *name;
	size_t name_size;
	size_t content;
	size_t size;
};

static size_t padded(uint32_t size)
{
	return ((size_t)size + NOTE_ALIGN - 1) & -NOTE_ALIGN;
}

/* Return: 1, 0 at the end, or -1 if there is something that is no note. */
static int next_note(struct note *note, const struct pv_buffer *data,
		     size_t *at)
{
	struct pv_elf_note head;
	size_t left = data->size - *at;
	size_t name, content;

	if (left == 0)
		return 0;
	if (left < sizeof(head))
		return -1;
	memcpy(&head, data->data + *at, sizeof(head));
	left -= sizeof(head);
	name = padded(pv_get_be32(head.namesz));
	content = padded(pv_get_be32(head.descsz));
	if (name > left || content > left - name)
		return -1;
	note->type = pv_get_be32(head.type);
	note->name = data->data + *at + sizeof(head);
	note->name_size = pv_get_be32(head.namesz);
	note->content = *at + sizeof(head) + name;
	note->size = pv_get_be32(head.descsz);
	*at = note->content + content;
	return 1;
}

static bool is_note(const struct note *note, const char *name, uint32_t type)
{
	const size_t size = strlen(name) + 1;

	return note->type == type && note->name_size == size &&
	       memcmp(note->name, name, size) == 0;
}

static int add_cpu(struct pv_dump *dump, const struct note *note,
		   struct pv_error *err)
{
	size_t *more;

	if (note->size < sizeof(struct pv_dump_cpu) ||
	    note->size > PV_DUMP_AREA_MAX)
		return pv_fail(err, PV_ERR_FORMAT,
			       "The area of CPU %zu has %zu bytes, %zu to %u are possible: it was altered",
			       dump->n_cpus, note->size,
			       sizeof(struct pv_dump_cpu), PV_DUMP_AREA_MAX);
	more = realloc(dump->cpus, (dump->n_cpus + 1) * sizeof(*more));
	if (!more)
		return pv_fail(err, PV_ERR_MEMORY, "No memory for CPUs");
	more[dump->n_cpus++] = note->content;
	dump->cpus = more;
	return 0;
}

static int walk(struct pv_dump *dump, size_t *n_ordinary, struct pv_error *err)
{
	struct note note;
	size_t at = 0;
	int more;

	while ((more = next_note(&note, &dump->note_data, &at)) > 0) {
		if (is_note(&note, "CORE", PV_ELF_NOTE_PRSTATUS))
			++*n_ordinary;
		else if (is_note(&note, "LINUX", PV_DUMP_NOTE_CPU) &&
			 add_cpu(dump, &note, err) < 0)
			return -1;
	}
	if (more < 0)
		return pv_fail(err, PV_ERR_FORMAT,
			       "There is no note at byte %zu of its notes: they were altered",
			       at);
	return 0;
}

int pv_dump_notes_parse(struct pv_dump *dump, struct pv_error *err)
{
	size_t n_ordinary = 0;

	if (pv_buffer_alloc(&dump->note_data, (size_t)dump->notes.size,
			    err) < 0 ||
	    pv_dump_read(dump, dump->notes.offset, dump->note_data.data,
			 dump->note_data.size, "notes", err) < 0 ||
	    walk(dump, &n_ordinary, err) < 0)
		return -1;
	if (dump->n_cpus == 0)
		return pv_fail(err, PV_ERR_FORMAT,
			       "Its notes hold no confidential CPU: the host took it without the Ultravisor, or it was altered");
	/* Some writers leave the ordinary ones out. */
	if (n_ordinary && n_ordinary != dump->n_cpus)
		return pv_fail(err, PV_ERR_FORMAT,
			       "It is of %zu CPUs, but holds the confidential state of %zu: it was altered",
			       n_ordinary, dump->n_cpus);
	return 0;
}
