// SPDX-License-Identifier: MIT
/* Messages for people: all on standard error, so that output stays clean. */
#include <stdarg.h>
#include <stdio.h>

#include "log.h"
#include "uvctl.h"

static int threshold = LOG_WARNING;

void log_set_level(int level)
{
	threshold = level;
}

bool log_shows(enum log_level level)
{
	return (int)level <= threshold;
}

__attribute__((format(printf, 3, 0)))
static void say(enum log_level level, const char *prefix, const char *fmt,
		va_list args)
{
	if (!log_shows(level))
		return;
	fputs(prefix, stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
}

void log_error(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(LOG_ERROR, "error: ", fmt, args);
	va_end(args);
}

void log_warning(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(LOG_WARNING, "warning: ", fmt, args);
	va_end(args);
}

void log_info(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(LOG_INFO, "", fmt, args);
	va_end(args);
}

void log_result(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(LOG_WARNING, "", fmt, args);
	va_end(args);
}

int log_failure(const struct pv_error *err)
{
	log_error("%s", err->text[0] ? err->text : "unknown failure");
	return UVCTL_ERROR;
}
