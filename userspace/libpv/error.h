/* SPDX-License-Identifier: MIT */
/* How libpv says what went wrong: it never prints and never exits. */
#ifndef LIBPV_ERROR_H
#define LIBPV_ERROR_H

#include <stddef.h>

/* Distinct causes; callers map them to exit codes and tests compare them. */
enum pv_error_code {
	PV_OK = 0,
	PV_ERR_USAGE,		/* contradictory or missing options */
	PV_ERR_IO,		/* file or device could not be read or written */
	PV_ERR_EXISTS,		/* output exists and may not be overwritten */
	PV_ERR_FORMAT,		/* input is not what it should be, or damaged */
	PV_ERR_UNSUPPORTED,	/* well-formed, but a version we do not know */
	PV_ERR_LIMIT,		/* a size or a count is out of bounds */
	PV_ERR_UNSEAL,		/* wrong key, or data altered */
	PV_ERR_CRYPTO,		/* libcrypto failed for no fault of the input */
	PV_ERR_MEMORY,
	PV_ERR_HOSTKEY,		/* host key document is not trustworthy */
	PV_ERR_UV,		/* the Ultravisor refused, see rc and rrc */
	PV_ERR_MISMATCH,	/* measurement or policy does not hold */
};

/**
 * struct pv_error - the first thing that went wrong
 * @code: PV_OK while nothing has
 * @uv_rc: response code of the Ultravisor (PV_ERR_UV only)
 * @uv_rrc: its reason code
 * @text: one sentence that names the file and says what to do; terminated
 */
struct pv_error {
	enum pv_error_code code;
	unsigned int uv_rc;
	unsigned int uv_rrc;
	char text[768];
};

/**
 * pv_fail() - record an error
 * @err: where; may be NULL.  An error already recorded is kept.
 *
 * Return: always -1, so that callers can write "return pv_fail(...)".
 */
int pv_fail(struct pv_error *err, enum pv_error_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** pv_fail_errno() - the same with ": strerror(errno)" appended */
int pv_fail_errno(struct pv_error *err, enum pv_error_code code,
		  const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/** pv_fail_openssl() - the same with libcrypto's oldest queued reason appended */
int pv_fail_openssl(struct pv_error *err, enum pv_error_code code,
		    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/** pv_error_prefix() - put "fmt: " in front of the recorded text */
void pv_error_prefix(struct pv_error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* LIBPV_ERROR_H */
