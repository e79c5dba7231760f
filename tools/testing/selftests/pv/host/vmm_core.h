/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The file of a dump: an ELF core of s390x with two sections that tell how its
 * memory is encrypted.  Knows nothing of KVM.
 *
 * Headers, notes of all CPUs, memory, states of pages, completion data and
 * names follow each other without a gap, so all places are known before
 * anything is written.
 */
#ifndef PV_SELFTEST_VMM_CORE_H
#define PV_SELFTEST_VMM_CORE_H

#include <stddef.h>
#include <stdint.h>

#define CORE_HEAD_SIZE	432
/* Of a CPU, in front of what the Ultravisor stores for it */
#define CORE_NOTES_SIZE	1260
#define CORE_NAMES_SIZE	35

/* What the file consists of, big-endian; names as <elf.h> has them */
struct core_elf {
	uint8_t e_ident[16];
	uint16_t e_type, e_machine;
	uint32_t e_version;
	uint64_t e_entry, e_phoff, e_shoff;
	uint32_t e_flags;
	uint16_t e_ehsize, e_phentsize, e_phnum;
	uint16_t e_shentsize, e_shnum, e_shstrndx;
};

struct core_section {
	uint32_t sh_name, sh_type;
	uint64_t sh_flags, sh_addr, sh_offset, sh_size;
	uint32_t sh_link, sh_info;
	uint64_t sh_addralign, sh_entsize;
};

struct core_segment {
	uint32_t p_type, p_flags;
	uint64_t p_offset, p_vaddr, p_paddr, p_filesz, p_memsz, p_align;
};

struct core_note {
	uint32_t n_namesz, n_descsz, n_type;
};

/**
 * struct core - a file
 * @nr_cpus: how many CPUs have notes
 * @memory: bytes of memory from absolute 0 on
 * @cpu_size: bytes that the Ultravisor stores for a CPU
 * @states_size: bytes of the states of all pages
 * @complete_size: bytes of completion data
 * @notes_at, @memory_at, @states_at, @complete_at, @names_at: places
 * @size: of the whole file
 */
struct core {
	unsigned int nr_cpus;
	uint64_t memory, cpu_size, states_size, complete_size;
	uint64_t notes_at, memory_at, states_at, complete_at, names_at, size;
};

/**
 * struct core_regs - registers of a CPU as the host knows them
 */
struct core_regs {
	uint64_t psw_mask, psw_addr;
	uint64_t gr[16], cr[16], vr[32][2];
	uint32_t ar[16];
	uint32_t fpc, prefix, todpr;
	uint64_t timer, comparator;
};

/* core_place - work out all places */
void core_place(struct core *core);

/* core_head - ELF, section and program headers: CORE_HEAD_SIZE bytes */
void core_head(const struct core *core, uint8_t *to);

/**
 * core_notes - notes of a CPU: CORE_NOTES_SIZE + @core->cpu_size bytes
 * @nr: which one, from 0
 * @area: what the Ultravisor has stored for it
 */
void core_notes(const struct core *core, unsigned int nr,
		const struct core_regs *regs, const uint8_t *area, uint8_t *to);

/* core_notes_at - where they stand */
uint64_t core_notes_at(const struct core *core, unsigned int nr);

/* core_names - names of sections: CORE_NAMES_SIZE bytes */
void core_names(uint8_t *to);

#endif /* PV_SELFTEST_VMM_CORE_H */
