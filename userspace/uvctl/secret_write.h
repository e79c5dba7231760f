/* SPDX-License-Identifier: MIT */
/* What "uvctl secret create" leaves behind. */
#ifndef UVCTL_SECRET_WRITE_H
#define UVCTL_SECRET_WRITE_H

#include "secret_spec.h"

/**
 * secret_outputs_check() - is no file both read and written?
 *
 * Return: true, or false after a message.
 */
bool secret_outputs_check(const char *path,
			  const struct secret_options *options);

/**
 * secret_request_write() - seal the request, and write all files or none
 * @err: as pv_asrcb_create() and pv_files_write()
 *
 * What goes to standard output goes there before any file: files can be undone.
 * So it may be out although a file could not be written.
 *
 * Return: 0, or -1 with @err set.
 */
int secret_request_write(const struct secret_request *request,
			 const struct secret_options *options,
			 struct pv_error *err);

#endif /* UVCTL_SECRET_WRITE_H */
