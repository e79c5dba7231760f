/* SPDX-License-Identifier: MIT */
/*
 * The file of a confidential dump: an ELF core with two more sections and a
 * confidential note for each CPU.
 *
 * Everything in it comes from the host, who is not trusted.  Only completion
 * data and CPUs are authenticated.  Nothing protects the pages: a host that
 * alters one, or puts an older one in its place, is not found out.
 */
#ifndef LIBPV_DUMP_FILE_H
#define LIBPV_DUMP_FILE_H

#include <stdbool.h>

#include "dump_keys.h"
#include "error.h"
#include "file.h"
#include "source.h"

/**
 * struct pv_dump_part - where a part stands in the file
 * @offset: of its first byte
 * @size: in bytes
 */
struct pv_dump_part {
	uint64_t offset;
	uint64_t size;
};

/**
 * struct pv_dump - a dump, zeroed to begin with
 * @path: for messages; NULL if it is no file
 * @source: the file
 * @size: of the file in bytes
 * @fd: of pv_dump_open(), else unused
 * @memory: pages from address 0 on, as the host saw them
 * @entries: of the pages, struct pv_dump_page
 * @notes: segment of the notes
 * @area: completion data, the section may be larger
 * @pages: in @memory
 * @completion: as it stands in the file
 * @note_data: content of @notes
 * @cpus: offsets of their areas in @note_data, @n_cpus of them
 * @unlocked: pv_dump_unlock() was successful: the rest is there
 * @secret: keys of the pages
 * @registers: of the CPUs, @n_cpus of them
 */
struct pv_dump {
	const char *path;
	struct pv_source source;
	uint64_t size;
	int fd;
	struct pv_dump_part memory;
	struct pv_dump_part entries;
	struct pv_dump_part notes;
	struct pv_dump_part area;
	uint64_t pages;
	struct pv_dump_complete completion;
	struct pv_buffer note_data;
	size_t *cpus;
	size_t n_cpus;
	bool unlocked;
	struct pv_dump_secret secret;
	struct pv_dump_regs *registers;
};

/**
 * pv_dump_parse() - find the parts of a dump
 * @dump: out
 * @source: must remain as long as @dump
 * @size: of it in bytes
 * @err: PV_ERR_IO, PV_ERR_MEMORY, PV_ERR_LIMIT; PV_ERR_UNSUPPORTED if it is
 *	well-formed, but no confidential dump or one with more than one piece of
 *	memory; else PV_ERR_FORMAT
 *
 * Checked in this order: ELF header; section headers, their names, that the
 * two sections are there; program headers; sizes; that no part reaches beyond
 * the end of the file; that none overlaps another; completion data and notes.
 * QEMU's header says that it has 8 bytes: that field is not looked at.
 *
 * Return: 0, or -1 with @err set.  pv_dump_close() in any case.
 */
int pv_dump_parse(struct pv_dump *dump, const struct pv_source *source,
		  uint64_t size, struct pv_error *err);

/**
 * pv_dump_open() - the same for a regular file
 * @path: must remain as long as @dump; from here on all errors name it
 *
 * @dump must not be moved while it is open.
 */
int pv_dump_open(struct pv_dump *dump, const char *path, struct pv_error *err);

/**
 * pv_dump_unlock() - verify and decrypt the keys and the CPUs
 * @cck: of the guest's image, PV_CCK_SIZE bytes
 * @err: as pv_dump_completion_open(); PV_ERR_FORMAT also if one area is there
 *	twice
 *
 * Return: 0, or -1 with @err set.
 */
int pv_dump_unlock(struct pv_dump *dump, const uint8_t *cck,
		   struct pv_error *err);

/** pv_dump_blame() - have @err name the file, if it is one; Return: -1 */
int pv_dump_blame(const struct pv_dump *dump, struct pv_error *err);

/** pv_dump_cpu_area() - area number @i, as it stands in the file */
const struct pv_dump_cpu *pv_dump_cpu_area(const struct pv_dump *dump,
					   size_t i);

/**
 * pv_dump_read() - bytes of the file
 * @what: for the message
 * @err: PV_ERR_IO; PV_ERR_FORMAT if the file ends before.  Does not name it.
 *
 * May be called by several threads.
 *
 * Return: 0, or -1 with @err set.
 */
int pv_dump_read(const struct pv_dump *dump, uint64_t offset, void *out,
		 size_t size, const char *what, struct pv_error *err);

/** pv_dump_close() - wipe and free everything; also after a failure */
void pv_dump_close(struct pv_dump *dump);

#endif /* LIBPV_DUMP_FILE_H */
