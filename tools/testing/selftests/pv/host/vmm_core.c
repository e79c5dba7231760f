// SPDX-License-Identifier: GPL-2.0
/*
 * A small VMM: the file of a dump.
 */
#include <assert.h>
#include <elf.h>
#include <endian.h>
#include <string.h>

#include "vmm_core.h"

#define NR_SECTIONS	4
#define NR_SEGMENTS	2
#define SECTIONS_AT	sizeof(struct core_elf)
#define SEGMENTS_AT	(SECTIONS_AT + NR_SECTIONS * sizeof(struct core_section))

static_assert(SEGMENTS_AT + NR_SEGMENTS * sizeof(struct core_segment) ==
	      CORE_HEAD_SIZE, "size of the headers");

/* As other writers have it: the second name is longer than it looks. */
static const char names[CORE_NAMES_SIZE] =
	"\0pv_mem_meta\0pv_compl\0\0\0\0.shstrtab";

#define NAME_STATES	1
#define NAME_COMPLETE	13
#define NAME_NAMES	25

#ifndef NT_S390_PV_CPU_DATA
#define NT_S390_PV_CPU_DATA	0x30e
#endif

void core_place(struct core *core)
{
	core->notes_at = CORE_HEAD_SIZE;
	core->memory_at = core_notes_at(core, core->nr_cpus);
	core->states_at = core->memory_at + core->memory;
	core->complete_at = core->states_at + core->states_size;
	core->names_at = core->complete_at + core->complete_size;
	core->size = core->names_at + CORE_NAMES_SIZE;
}

uint64_t core_notes_at(const struct core *core, unsigned int nr)
{
	return core->notes_at + nr * (CORE_NOTES_SIZE + core->cpu_size);
}

static struct core_section section(unsigned int name, unsigned int type,
				   uint64_t at, uint64_t size)
{
	return (struct core_section){
		.sh_name = htobe32(name),
		.sh_type = htobe32(type),
		.sh_offset = htobe64(at),
		.sh_size = htobe64(size),
	};
}

static struct core_segment segment(unsigned int type, uint64_t at,
				   uint64_t size)
{
	return (struct core_segment){
		.p_type = htobe32(type),
		.p_offset = htobe64(at),
		.p_filesz = htobe64(size),
		.p_memsz = htobe64(size),
	};
}

void core_head(const struct core *core, uint8_t *to)
{
	const struct core_elf head = {
		.e_ident = {
			ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
			ELFDATA2MSB, EV_CURRENT,
		},
		.e_type = htobe16(ET_CORE),
		.e_machine = htobe16(EM_S390),
		.e_version = htobe32(EV_CURRENT),
		.e_phoff = htobe64(SEGMENTS_AT),
		.e_shoff = htobe64(SECTIONS_AT),
		.e_ehsize = htobe16(sizeof(struct core_elf)),
		.e_phentsize = htobe16(sizeof(struct core_segment)),
		.e_phnum = htobe16(NR_SEGMENTS),
		.e_shentsize = htobe16(sizeof(struct core_section)),
		.e_shnum = htobe16(NR_SECTIONS),
		.e_shstrndx = htobe16(NR_SECTIONS - 1),
	};
	const struct core_section sections[NR_SECTIONS] = {
		section(0, SHT_NULL, 0, 0),
		section(NAME_STATES, SHT_PROGBITS, core->states_at,
			core->states_size),
		section(NAME_COMPLETE, SHT_PROGBITS, core->complete_at,
			core->complete_size),
		section(NAME_NAMES, SHT_STRTAB, core->names_at,
			CORE_NAMES_SIZE),
	};
	const struct core_segment segments[NR_SEGMENTS] = {
		segment(PT_NOTE, core->notes_at,
			core->memory_at - core->notes_at),
		segment(PT_LOAD, core->memory_at, core->memory),
	};

	memcpy(to, &head, sizeof(head));
	memcpy(to + SECTIONS_AT, sections, sizeof(sections));
	memcpy(to + SEGMENTS_AT, segments, sizeof(segments));
}

void core_names(uint8_t *to)
{
	memcpy(to, names, sizeof(names));
}

/* ---- notes ---- */

struct prstatus {
	uint8_t zero0[32];
	uint32_t pid;
	uint8_t zero1[76];
	uint64_t psw[2];
	uint64_t gr[16];
	uint32_t ar[16];
	uint8_t zero2[16];
};

static_assert(sizeof(struct prstatus) == 336, "layout of NT_PRSTATUS");

struct fpregset {
	uint32_t fpc, zero;
	uint64_t fpr[16];
};

static_assert(sizeof(struct fpregset) == 136, "layout of NT_FPREGSET");

/* Names are CORE or LINUX, with as many zeros as make 8 bytes of either. */
static uint8_t *note(uint8_t *to, const char *name, unsigned int type,
		     const void *data, size_t size)
{
	const struct core_note head = {
		.n_namesz = htobe32((uint32_t)strlen(name) + 1),
		.n_descsz = htobe32((uint32_t)size),
		.n_type = htobe32(type),
	};
	const size_t name_size = 8;

	memcpy(to, &head, sizeof(head));
	to += sizeof(head);
	memset(to, 0, name_size);
	memcpy(to, name, strlen(name));
	to += name_size;
	memcpy(to, data, size);
	return to + size;
}

static uint8_t *put_prstatus(uint8_t *to, unsigned int nr,
			     const struct core_regs *regs)
{
	struct prstatus status = {
		.pid = htobe32(nr + 1),
		.psw = { htobe64(regs->psw_mask), htobe64(regs->psw_addr) },
	};

	for (int i = 0; i < 16; i++) {
		status.gr[i] = htobe64(regs->gr[i]);
		status.ar[i] = htobe32(regs->ar[i]);
	}
	return note(to, "CORE", NT_PRSTATUS, &status, sizeof(status));
}

static uint8_t *put_fpregset(uint8_t *to, const struct core_regs *regs)
{
	struct fpregset set = { .fpc = htobe32(regs->fpc) };

	for (int i = 0; i < 16; i++)
		set.fpr[i] = htobe64(regs->vr[i][0]);
	return note(to, "CORE", NT_FPREGSET, &set, sizeof(set));
}

static uint8_t *put32(uint8_t *to, unsigned int type, uint32_t value)
{
	value = htobe32(value);
	return note(to, "LINUX", type, &value, sizeof(value));
}

static uint8_t *put64(uint8_t *to, unsigned int type, uint64_t value)
{
	value = htobe64(value);
	return note(to, "LINUX", type, &value, sizeof(value));
}

static uint8_t *put_vectors(uint8_t *to, const struct core_regs *regs)
{
	uint64_t low[16], high[16][2];

	for (int i = 0; i < 16; i++) {
		low[i] = htobe64(regs->vr[i][1]);
		high[i][0] = htobe64(regs->vr[16 + i][0]);
		high[i][1] = htobe64(regs->vr[16 + i][1]);
	}
	to = note(to, "LINUX", NT_S390_VXRS_LOW, low, sizeof(low));
	return note(to, "LINUX", NT_S390_VXRS_HIGH, high, sizeof(high));
}

void core_notes(const struct core *core, unsigned int nr,
		const struct core_regs *regs, const uint8_t *area, uint8_t *to)
{
	static const uint64_t no_guarded_storage[4];
	uint64_t cr[16];

	for (int i = 0; i < 16; i++)
		cr[i] = htobe64(regs->cr[i]);
	to = put_prstatus(to, nr, regs);
	to = put_fpregset(to, regs);
	to = put32(to, NT_S390_PREFIX, regs->prefix);
	to = note(to, "LINUX", NT_S390_CTRS, cr, sizeof(cr));
	to = put64(to, NT_S390_TIMER, regs->timer);
	to = put64(to, NT_S390_TODCMP, regs->comparator);
	to = put32(to, NT_S390_TODPREG, regs->todpr);
	to = put_vectors(to, regs);
	to = note(to, "LINUX", NT_S390_GS_CB, no_guarded_storage,
		  sizeof(no_guarded_storage));
	note(to, "LINUX", NT_S390_PV_CPU_DATA, area, core->cpu_size);
}
