/* SPDX-License-Identifier: MIT */
/* Messages for people: all on standard error, so that output stays clean. */
#ifndef UVCTL_LOG_H
#define UVCTL_LOG_H

#include <stdbool.h>

#include "error.h"

enum log_level {
	LOG_ERROR = -1,
	LOG_WARNING = 0,
	LOG_INFO = 1,
	LOG_DEBUG = 2,
};

/** log_set_level() - @level: -2 nothing, 0 default, 1 and 2 more */
void log_set_level(int level);

/** log_shows() - does the user see messages of this level? */
bool log_shows(enum log_level level);

void log_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** log_result() - what the command found out; shown at the default level */
void log_result(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** log_failure() - show a library error; Return: UVCTL_ERROR */
int log_failure(const struct pv_error *err);

#endif /* UVCTL_LOG_H */
