/* SPDX-License-Identifier: MIT */
/* How the library speaks: filled-in struct uv_error, and lines for the log. */
#ifndef UV_REPORT_H
#define UV_REPORT_H

#include "ultravisor.h"

/**
 * uv_fail() - fill in @err
 * @err: may be NULL
 * @rc: response code for a caller inside the machine, 0 if none fits
 * @rrc: reason code that goes with it
 *
 * Return: always -1, so that callers can write "return uv_fail(...)"
 */
int uv_fail(struct uv_error *err, uint16_t rc, uint16_t rrc, const char *fmt,
	    ...) __attribute__((format(printf, 4, 5)));

/** uv_log() - one line to the embedder's log, if it keeps one */
void uv_log(const struct uv_machine *machine, enum uv_log_level level,
	    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif /* UV_REPORT_H */
