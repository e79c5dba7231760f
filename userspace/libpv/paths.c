// SPDX-License-Identifier: MIT
/* Do two names mean one file? */
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "paths.h"

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool same_inode(const char *a, const char *b)
{
	struct stat st_a, st_b;

	return stat(a, &st_a) == 0 && stat(b, &st_b) == 0 &&
	       st_a.st_dev == st_b.st_dev && st_a.st_ino == st_b.st_ino;
}

static bool same_directory(const char *a, const char *b)
{
	char *copy_a = strdup(a), *copy_b = strdup(b);
	bool same;

	same = copy_a && copy_b && same_inode(dirname(copy_a), dirname(copy_b));
	free(copy_a);
	free(copy_b);
	return same;
}

bool pv_paths_same(const char *a, const char *b)
{
	if (same_inode(a, b))
		return true;
	return strcmp(last_part(a), last_part(b)) == 0 && same_directory(a, b);
}
