/* SPDX-License-Identifier: MIT */
/* Reading and writing whole files, carefully. */
#ifndef LIBPV_FILE_H
#define LIBPV_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

/**
 * struct pv_buffer - bytes on the heap
 * @data: NULL if @size is 0
 * @size: in bytes
 *
 * Freed, and wiped before, with pv_buffer_free().
 */
struct pv_buffer {
	uint8_t *data;
	size_t size;
};

/**
 * pv_buffer_alloc() - zeroed memory
 * @err: PV_ERR_MEMORY
 *
 * Return: 0, or -1 with @err set.
 */
int pv_buffer_alloc(struct pv_buffer *buffer, size_t size,
		    struct pv_error *err);

/** pv_buffer_free() - wipe and free; the buffer is empty afterwards */
void pv_buffer_free(struct pv_buffer *buffer);

/**
 * pv_file_read() - a whole file
 * @out: its content, owned by the caller
 * @path: any readable file but a directory
 * @max: more bytes than this are refused
 * @err: PV_ERR_IO, PV_ERR_LIMIT, PV_ERR_MEMORY
 *
 * Return: 0, or -1 with @err set and @out empty.
 */
int pv_file_read(struct pv_buffer *out, const char *path, size_t max,
		 struct pv_error *err);

/**
 * pv_file_read_exactly() - a file of known size
 * @out: @size bytes; wiped on failure
 * @what: what the file should be, for the message
 * @err: PV_ERR_IO, PV_ERR_FORMAT if the size differs
 *
 * Return: 0, or -1 with @err set.
 */
int pv_file_read_exactly(void *out, const char *path, size_t size,
			 const char *what, struct pv_error *err);

/* Nobody but the owner may read the file. */
#define PV_OUTPUT_SECRET	0x1
/* An existing file may be replaced. */
#define PV_OUTPUT_FORCE		0x2

struct pv_output;

/**
 * pv_output_open() - begin to write a file
 * @path: where the file will stand.  A terminal, pipe or character device is
 *	written to at once; a regular file appears with pv_output_commit() only.
 * @flags: PV_OUTPUT_*
 * @err: PV_ERR_EXISTS, PV_ERR_IO, PV_ERR_MEMORY
 *
 * Return: to be given to pv_output_close(), or NULL with @err set.
 */
struct pv_output *pv_output_open(const char *path, unsigned int flags,
				 struct pv_error *err);

/**
 * pv_output_write() - all bytes of the file, to stable storage
 * @err: PV_ERR_IO
 *
 * Return: 0, or -1 with @err set.
 */
int pv_output_write(struct pv_output *output, const void *data, size_t size,
		    struct pv_error *err);

/**
 * pv_output_write_at() - a part of a file that is written piece by piece
 * @offset: where in the file; what is never written reads as zeros
 * @err: PV_ERR_IO, also if @output is a device or a pipe
 *
 * The data is on stable storage after pv_output_sync() only.
 *
 * Return: 0, or -1 with @err set.
 */
int pv_output_write_at(struct pv_output *output, uint64_t offset,
		       const void *data, size_t size, struct pv_error *err);

/**
 * pv_output_resize() - set the size of a file that is written piece by piece
 * @err: PV_ERR_IO, also if @output is a device or a pipe
 *
 * What was not written before reads as zeros.
 *
 * Return: 0, or -1 with @err set.
 */
int pv_output_resize(struct pv_output *output, uint64_t size,
		     struct pv_error *err);

/**
 * pv_output_write_back() - have the system begin to store a part of the file
 *
 * Spares pv_output_sync() the wait.  It is that which reports failures.
 */
void pv_output_write_back(struct pv_output *output, uint64_t offset,
			  uint64_t size);

/**
 * pv_output_sync() - everything written so far to stable storage
 * @err: PV_ERR_IO
 *
 * Return: 0, or -1 with @err set.
 */
int pv_output_sync(struct pv_output *output, struct pv_error *err);

/**
 * pv_output_commit() - let the file appear under its name
 * @err: PV_ERR_EXISTS if somebody else has made one meanwhile, PV_ERR_IO
 *
 * Return: 0, or -1 with @err set.
 */
int pv_output_commit(struct pv_output *output, struct pv_error *err);

/**
 * pv_output_close() - end of writing
 * @output: may be NULL
 * @keep: false removes what stands there by now, unless it took the place of an
 *	older file
 */
void pv_output_close(struct pv_output *output, bool keep);

/**
 * pv_outputs_differ() - refuse two outputs that are the same file
 * @outputs: @n of them, NULL for none
 * @err: PV_ERR_USAGE
 *
 * The second of two files with one name would take the place of the first.
 * Devices and pipes may be the same: they take one after the other.
 *
 * Return: 0, or -1 with @err set.
 */
int pv_outputs_differ(struct pv_output *const *outputs, size_t n,
		      struct pv_error *err);

/**
 * struct pv_file_spec - a file to be written
 * @path: NULL for none
 * @data: its content, @size bytes
 * @flags: PV_OUTPUT_*
 */
struct pv_file_spec {
	const char *path;
	const void *data;
	size_t size;
	unsigned int flags;
};

#define PV_FILES_MAX	4

/**
 * pv_files_write() - write files, all of them or none
 * @files: @n of them, at most PV_FILES_MAX
 * @err: as pv_output_open(), pv_output_write() and pv_output_commit();
 *	PV_ERR_USAGE if two of them are the same file
 *
 * Return: 0, or -1 with @err set.
 */
int pv_files_write(const struct pv_file_spec *files, size_t n,
		   struct pv_error *err);

#endif /* LIBPV_FILE_H */
