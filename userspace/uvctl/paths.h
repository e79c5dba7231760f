/* SPDX-License-Identifier: MIT */
/* Do two names mean one file? */
#ifndef UVCTL_PATHS_H
#define UVCTL_PATHS_H

#include <stdbool.h>

/**
 * paths_same() - two names of one place, whether or not a file stands there
 *
 * Return: false also if that cannot be found out.
 */
bool paths_same(const char *a, const char *b);

#endif /* UVCTL_PATHS_H */
