/* SPDX-License-Identifier: MIT */
/* "uvctl dump info": a dump for people and for programs. */
#ifndef UVCTL_DUMP_SHOW_H
#define UVCTL_DUMP_SHOW_H

#include "dump_file.h"
#include "dump_pages.h"

#define DUMP_RELEASE_SIZE	65

/**
 * struct dump_facts - what is known of a dump
 * @dump: its parts; with registers if it is unlocked
 * @counts: of its pages
 * @release: of the guest's kernel; empty if it is not known
 */
struct dump_facts {
	const struct pv_dump *dump;
	uint64_t counts[PV_DUMP_N_PAGE_KINDS];
	char release[DUMP_RELEASE_SIZE];
};

/**
 * struct dump_register - registers of one kind
 * @name: of them
 * @offset: in struct pv_dump_regs
 * @size: of each, in bytes
 * @n: 0 for a single one
 * @always: shown to people who do not ask for all
 */
struct dump_register {
	const char *name;
	size_t offset;
	size_t size;
	size_t n;
	bool always;
};

/* Ended by an empty one. */
extern const struct dump_register dump_registers[];

extern const char *const dump_page_names[PV_DUMP_N_PAGE_KINDS];

/** dump_show_text() - @full: with all registers */
void dump_show_text(const struct dump_facts *facts, bool full);

/** dump_show_json() - on one line unless @pretty */
void dump_show_json(const struct dump_facts *facts, bool pretty);

#endif /* UVCTL_DUMP_SHOW_H */
