/* SPDX-License-Identifier: MIT */
/* The head of the ELF core that a dump becomes. */
#ifndef LIBPV_DUMP_CORE_H
#define LIBPV_DUMP_CORE_H

#include "dump_file.h"

/**
 * pv_dump_vmcoreinfo() - what the guest's kernel says of itself
 * @text: out, empty if there is none; not terminated
 * @dump: unlocked
 * @err: PV_ERR_IO, PV_ERR_MEMORY, PV_ERR_CRYPTO
 *
 * Found through the lowcore of Linux.  Debuggers need it to know where the
 * kernel stands.  The guest may hold anything instead, which is no error.
 *
 * Return: 0, or -1 with @err set.
 */
int pv_dump_vmcoreinfo(struct pv_buffer *text, const struct pv_dump *dump,
		       struct pv_error *err);

/**
 * pv_dump_core_head() - everything before the memory
 * @head: out, ELF header, program headers and notes, padded to whole pages
 * @dump: unlocked
 * @vmcoreinfo: of pv_dump_vmcoreinfo()
 * @err: PV_ERR_MEMORY
 *
 * Return: 0, or -1 with @err set.
 */
int pv_dump_core_head(struct pv_buffer *head, const struct pv_dump *dump,
		      const struct pv_buffer *vmcoreinfo,
		      struct pv_error *err);

#endif /* LIBPV_DUMP_CORE_H */
