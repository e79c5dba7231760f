/* SPDX-License-Identifier: MIT */
/* Do two names mean one file? */
#ifndef LIBPV_PATHS_H
#define LIBPV_PATHS_H

#include <stdbool.h>

/**
 * pv_paths_same() - two names of one place, whether or not a file stands there
 *
 * Return: false also if that cannot be found out.
 */
bool pv_paths_same(const char *a, const char *b);

#endif /* LIBPV_PATHS_H */
