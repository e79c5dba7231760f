/* SPDX-License-Identifier: MIT */
/* Results that go to standard output unless a file is named. */
#ifndef UVCTL_STANDARD_OUTPUT_H
#define UVCTL_STANDARD_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"

/** is_standard_output() - NULL or "-" */
bool is_standard_output(const char *path);

/**
 * output_put() - write a result
 * @path: of a file; NULL or "-" for standard output
 * @flags: PV_OUTPUT_*
 * @err: as pv_files_write()
 *
 * No copy of the data stays in memory.
 *
 * Return: 0, or -1 with @err set.
 */
int output_put(const char *path, const void *data, size_t size,
	       unsigned int flags, struct pv_error *err);

#endif /* UVCTL_STANDARD_OUTPUT_H */
