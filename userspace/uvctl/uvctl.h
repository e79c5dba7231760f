/* SPDX-License-Identifier: MIT */
/* What the sub-commands of uvctl share. */
#ifndef UVCTL_H
#define UVCTL_H

#include <stdbool.h>

#include "error.h"

#ifndef UVCTL_VERSION
#define UVCTL_VERSION	"0.1"
#endif

/* Exit statuses, those of pvattest.  "uvctl info" adds its own. */
enum uvctl_status {
	UVCTL_OK = 0,
	UVCTL_ERROR = 1,
	UVCTL_REFUSED = 2,	/* not verified, or a policy does not hold */
};

/**
 * struct uvctl_command - a word of the command line
 * @name: the word
 * @summary: half a line for the help of the level above
 * @run: gets the remaining arguments, @argv[0] being @name; returns an exit
 *	status
 * @path: the words up to @name, for messages
 * @children: commands of the next level instead of @run, ended by an empty one
 */
struct uvctl_command {
	const char *name;
	const char *summary;
	int (*run)(const char *path, int argc, char **argv);
	const struct uvctl_command *children;
};

int uvctl_attest_create(const char *path, int argc, char **argv);
int uvctl_attest_perform(const char *path, int argc, char **argv);
int uvctl_attest_verify(const char *path, int argc, char **argv);
int uvctl_attest_check(const char *path, int argc, char **argv);
int uvctl_dump_info(const char *path, int argc, char **argv);
int uvctl_dump_decrypt(const char *path, int argc, char **argv);
int uvctl_hostkey_verify(const char *path, int argc, char **argv);
int uvctl_image_create(const char *path, int argc, char **argv);
int uvctl_image_info(const char *path, int argc, char **argv);
int uvctl_image_test(const char *path, int argc, char **argv);
int uvctl_image_extract(const char *path, int argc, char **argv);
int uvctl_secret_create(const char *path, int argc, char **argv);
int uvctl_secret_add(const char *path, int argc, char **argv);
int uvctl_secret_list(const char *path, int argc, char **argv);
int uvctl_secret_lock(const char *path, int argc, char **argv);
int uvctl_secret_retrieve(const char *path, int argc, char **argv);
int uvctl_secret_verify(const char *path, int argc, char **argv);
int uvctl_info(const char *path, int argc, char **argv);

#endif /* UVCTL_H */
