/* SPDX-License-Identifier: MIT */
/* What the commands that read a dump have in common. */
#ifndef UVCTL_DUMP_INPUT_H
#define UVCTL_DUMP_INPUT_H

#include "dump_file.h"

/**
 * dump_input_open() - open a dump and, with the CCK, unlock it
 * @dump: out; pv_dump_close() in any case
 * @path: of the dump
 * @cck: file with the customer communication key, or NULL
 * @err: as image_key_file_read(), pv_dump_open() and pv_dump_unlock()
 *
 * The key is read first.
 *
 * Return: 0, or -1 with @err set.
 */
int dump_input_open(struct pv_dump *dump, const char *path, const char *cck,
		    struct pv_error *err);

/** dump_input_explain() - show a failure; Return: exit status */
int dump_input_explain(const struct pv_error *err);

#endif /* UVCTL_DUMP_INPUT_H */
