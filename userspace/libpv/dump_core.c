// SPDX-License-Identifier: MIT
/* The head of the ELF core that a dump becomes. */
#include <string.h>

#include <openssl/crypto.h>

#include "array.h"
#include "bytes.h"
#include "dump_core.h"

#define PAGE_MASK	(PV_PAGE_SIZE - 1)
#define N_SEGMENTS	2
#define SEGMENT_RWX	7
#define NOTE_ALIGN	4
#define VMCOREINFO	"VMCOREINFO"

/* Of the process that a core is usually of. */
struct prpsinfo {
	uint8_t state;
	char state_name;
	uint8_t reserved02[38];
	char command[16];			/* 0x28 */
	char arguments[80];
};

PV_ASSERT_SIZE(struct prpsinfo, 136);

/* Room for the contents of all notes but the last, without their heads. */
struct contents {
	struct pv_elf_prstatus prstatus;
	struct pv_elf_fpregset fpregset;
	pv_be64 vr_low[16];
	pv_be64 vr_high[16][2];
};

/**
 * struct writer - notes being written
 * @head: NULL while their size is found out
 * @used: bytes of it
 */
struct writer {
	uint8_t *head;
	size_t used;
};

static void put(struct writer *writer, const void *data, size_t size)
{
	if (writer->head && size > 0)
		memcpy(writer->head + writer->used, data, size);
	writer->used += (size + NOTE_ALIGN - 1) / NOTE_ALIGN *
			NOTE_ALIGN;
}

static void put_note(struct writer *writer, const char *name, uint32_t type,
		     const void *content, size_t size)
{
	const struct pv_elf_note note = {
		.namesz = pv_put_be32((uint32_t)strlen(name) + 1),
		.descsz = pv_put_be32((uint32_t)size),
		.type = pv_put_be32(type),
	};

	put(writer, &note, sizeof(note));
	put(writer, name, strlen(name) + 1);
	put(writer, content, size);
}

static void fill_contents(struct contents *to,
			  const struct pv_dump_regs *from, size_t i)
{
	memset(to, 0, sizeof(*to));
	/* Debuggers tell CPUs apart by the process that they seem to run. */
	to->prstatus.pid = pv_put_be32((uint32_t)i + 1);
	to->prstatus.psw_mask = from->psw_mask;
	to->prstatus.psw_addr = from->psw_addr;
	memcpy(to->prstatus.gr, from->gr, sizeof(from->gr));
	memcpy(to->prstatus.ar, from->ar, sizeof(from->ar));
	to->fpregset.fpc = from->fpc;
	for (size_t k = 0; k < 16; k++) {
		to->fpregset.fpr[k] = from->vr[k][0];
		to->vr_low[k] = from->vr[k][1];
	}
	memcpy(to->vr_high, from->vr[16], sizeof(to->vr_high));
}

static void put_cpu(struct writer *writer, const struct pv_dump_regs *from,
		    size_t i)
{
	struct contents all;
	const struct {
		const char *name;
		uint32_t type;
		const void *content;
		size_t size;
	} notes[] = {
		{ "CORE", PV_ELF_NOTE_PRSTATUS, &all.prstatus,
		  sizeof(all.prstatus) },
		{ "CORE", PV_ELF_NOTE_FPREGSET, &all.fpregset,
		  sizeof(all.fpregset) },
		{ "LINUX", PV_ELF_NOTE_TIMER, &from->cpu_timer, 8 },
		{ "LINUX", PV_ELF_NOTE_TODCMP, &from->ckc, 8 },
		{ "LINUX", PV_ELF_NOTE_TODPREG, &from->todpr, 4 },
		{ "LINUX", PV_ELF_NOTE_CTRS, from->cr, sizeof(from->cr) },
		{ "LINUX", PV_ELF_NOTE_PREFIX, &from->prefix, 4 },
		{ "LINUX", PV_ELF_NOTE_VXRS_LOW, all.vr_low, sizeof(all.vr_low) },
		{ "LINUX", PV_ELF_NOTE_VXRS_HIGH, all.vr_high,
		  sizeof(all.vr_high) },
		{ "LINUX", PV_ELF_NOTE_GS_CB, from->gs, sizeof(from->gs) },
	};

	fill_contents(&all, from, i);
	for (size_t k = 0; k < ARRAY_SIZE(notes); k++)
		put_note(writer, notes[k].name, notes[k].type,
			 notes[k].content, notes[k].size);
	OPENSSL_cleanse(&all, sizeof(all));
}

static void put_notes(struct writer *writer, const struct pv_dump *dump,
		      const struct pv_buffer *vmcoreinfo)
{
	const struct prpsinfo info = { .state_name = 'R',
				       .command = "vmlinux" };

	put_note(writer, "CORE", PV_ELF_NOTE_PRPSINFO, &info, sizeof(info));
	for (size_t i = 0; i < dump->n_cpus; i++)
		put_cpu(writer, &dump->registers[i], i);
	if (vmcoreinfo->size > 0)
		put_note(writer, VMCOREINFO, 0, vmcoreinfo->data,
			 vmcoreinfo->size);
}

static void put_headers(struct pv_buffer *head, const struct pv_dump *dump,
			size_t notes, size_t notes_end)
{
	const struct pv_elf_header elf = {
		.magic = PV_ELF_MAGIC,
		.class = PV_ELF_CLASS_64,
		.data = PV_ELF_DATA_BIG,
		.ident_version = PV_ELF_VERSION,
		.type = pv_put_be16(PV_ELF_TYPE_CORE),
		.machine = pv_put_be16(PV_ELF_MACHINE_S390),
		.version = pv_put_be32(PV_ELF_VERSION),
		.phoff = pv_put_be64(sizeof(elf)),
		.ehsize = pv_put_be16(sizeof(elf)),
		.phentsize = pv_put_be16(sizeof(struct pv_elf_phdr)),
		.phnum = pv_put_be16(N_SEGMENTS),
	};
	const struct pv_elf_phdr segments[N_SEGMENTS] = { {
		.type = pv_put_be32(PV_ELF_PHDR_NOTE),
		.offset = pv_put_be64(notes),
		.filesz = pv_put_be64(notes_end - notes),
		.memsz = pv_put_be64(notes_end - notes),
	}, {
		.type = pv_put_be32(PV_ELF_PHDR_LOAD),
		.flags = pv_put_be32(SEGMENT_RWX),
		.offset = pv_put_be64(head->size),
		.filesz = pv_put_be64(dump->memory.size),
		.memsz = pv_put_be64(dump->memory.size),
		.align = pv_put_be64(PV_PAGE_SIZE),
	} };

	memcpy(head->data, &elf, sizeof(elf));
	memcpy(head->data + sizeof(elf), segments, sizeof(segments));
}

int pv_dump_core_head(struct pv_buffer *head, const struct pv_dump *dump,
		      const struct pv_buffer *vmcoreinfo,
		      struct pv_error *err)
{
	const size_t notes = sizeof(struct pv_elf_header) +
			     N_SEGMENTS * sizeof(struct pv_elf_phdr);
	struct writer writer = { .used = notes };

	put_notes(&writer, dump, vmcoreinfo);
	if (pv_buffer_alloc(head, (writer.used + PAGE_MASK) & ~PAGE_MASK,
			    err) < 0)
		return -1;
	writer = (struct writer){ .head = head->data, .used = notes };
	put_notes(&writer, dump, vmcoreinfo);
	put_headers(head, dump, notes, writer.used);
	return 0;
}
