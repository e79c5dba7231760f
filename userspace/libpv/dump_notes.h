/* SPDX-License-Identifier: MIT */
/* The notes of a dump. */
#ifndef LIBPV_DUMP_NOTES_H
#define LIBPV_DUMP_NOTES_H

#include "dump_file.h"

/**
 * pv_dump_notes_parse() - find the areas of the CPUs
 * @dump: with its parts; out: @note_data, @cpus
 * @err: PV_ERR_IO, PV_ERR_MEMORY, PV_ERR_FORMAT
 *
 * Other notes hold what the host knows of the CPUs, which is nothing: only
 * their number is compared.
 *
 * Return: 0, or -1 with @err set.
 */
int pv_dump_notes_parse(struct pv_dump *dump, struct pv_error *err);

#endif /* LIBPV_DUMP_NOTES_H */
