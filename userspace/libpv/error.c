// SPDX-License-Identifier: MIT
/* How libpv says what went wrong. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>

#include "error.h"

__attribute__((format(printf, 3, 0)))
static void format_text(struct pv_error *err, enum pv_error_code code,
			const char *fmt, va_list args)
{
	err->code = code;
	vsnprintf(err->text, sizeof(err->text), fmt, args);
}

static void append_reason(struct pv_error *err, const char *reason)
{
	size_t used = strlen(err->text);

	snprintf(err->text + used, sizeof(err->text) - used, ": %s", reason);
}

int pv_fail(struct pv_error *err, enum pv_error_code code, const char *fmt, ...)
{
	va_list args;

	if (!err || err->code != PV_OK)
		return -1;
	va_start(args, fmt);
	format_text(err, code, fmt, args);
	va_end(args);
	return -1;
}

int pv_fail_errno(struct pv_error *err, enum pv_error_code code,
		  const char *fmt, ...)
{
	int saved = errno;
	va_list args;

	if (!err || err->code != PV_OK)
		return -1;
	va_start(args, fmt);
	format_text(err, code, fmt, args);
	va_end(args);
	append_reason(err, strerror(saved));
	return -1;
}

int pv_fail_openssl(struct pv_error *err, enum pv_error_code code,
		    const char *fmt, ...)
{
	const char *reason = ERR_reason_error_string(ERR_peek_error());
	va_list args;

	/* A stale entry must not explain somebody else's failure later. */
	ERR_clear_error();
	if (!err || err->code != PV_OK)
		return -1;
	va_start(args, fmt);
	format_text(err, code, fmt, args);
	va_end(args);
	append_reason(err, reason ? reason : "libcrypto gives no reason");
	return -1;
}

void pv_error_prefix(struct pv_error *err, const char *fmt, ...)
{
	char text[2 * sizeof(err->text)];
	va_list args;
	size_t used;

	if (!err || err->code == PV_OK)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(err->text), fmt, args);
	va_end(args);
	used = strlen(text);
	snprintf(text + used, sizeof(text) - used, ": %s", err->text);
	memcpy(err->text, text, sizeof(err->text) - 1);
	err->text[sizeof(err->text) - 1] = '\0';
}
