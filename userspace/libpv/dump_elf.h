/* SPDX-License-Identifier: MIT */
/* What the headers of a dump's file say. */
#ifndef LIBPV_DUMP_ELF_H
#define LIBPV_DUMP_ELF_H

#include "dump_file.h"

/**
 * pv_dump_elf_parse() - read the headers and check that they fit together
 * @dump: with source and size; out: the parts, address, sizes
 * @err: as pv_dump_parse()
 *
 * Return: 0, or -1 with @err set.
 */
int pv_dump_elf_parse(struct pv_dump *dump, struct pv_error *err);

#endif /* LIBPV_DUMP_ELF_H */
