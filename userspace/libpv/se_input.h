/* SPDX-License-Identifier: MIT */
/* What the components of an SE image are made of, and whether it will do. */
#ifndef LIBPV_SE_INPUT_H
#define LIBPV_SE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "error.h"

/* A pipe does not say how much will come. */
#define PV_SE_INPUT_UNKNOWN	UINT64_MAX

/**
 * struct pv_se_input - bytes to be read once, in order
 * @path: of a file, for messages too; NULL for memory
 * @fd: of the file, -1 for memory
 * @cancel_fd: reading fails once this one can be read, -1 for none
 * @data: in memory, owned by the caller
 * @size: in bytes when it was opened, or PV_SE_INPUT_UNKNOWN
 */
struct pv_se_input {
	const char *path;
	int fd;
	int cancel_fd;
	const uint8_t *data;
	uint64_t size;
};

/** pv_se_input_memory() - bytes in memory as input */
void pv_se_input_memory(struct pv_se_input *input, const uint8_t *data,
			size_t size);

/**
 * pv_se_input_open() - a file as input
 * @input: out; waits for nobody yet if it is a pipe
 * @regular: a pipe or device will not do
 * @err: PV_ERR_IO
 *
 * Return: 0, to be closed with pv_se_input_close(); or -1 with @err set.
 */
int pv_se_input_open(struct pv_se_input *input, const char *path, bool regular,
		     struct pv_error *err);

/** pv_se_input_close() - for memory too */
void pv_se_input_close(struct pv_se_input *input);

/**
 * pv_se_input_read() - the next bytes
 * @done: how many have been read so far
 * @out: room for @size bytes
 * @err: PV_ERR_IO, also if it was cancelled; PV_ERR_LIMIT if the file is
 *	longer or shorter by now than when it was opened
 *
 * Return: their number, less than @size only at the end; or -1 with @err set.
 */
ssize_t pv_se_input_read(struct pv_se_input *input, uint64_t done, void *out,
			 size_t size, struct pv_error *err);

/**
 * pv_se_kernel_check() - is it an s390x kernel in the form that can be booted?
 * @input: opened as a regular file
 * @cmdline_max: out, longest command line in bytes, NUL included
 * @err: PV_ERR_FORMAT, PV_ERR_IO
 *
 * Return: 0, or -1 with @err set.
 */
int pv_se_kernel_check(const struct pv_se_input *input, uint64_t *cmdline_max,
		       struct pv_error *err);

#endif /* LIBPV_SE_INPUT_H */
