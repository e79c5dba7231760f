/* SPDX-License-Identifier: MIT */
/* --format of commands that show something to people and to programs. */
#ifndef UVCTL_OUTPUT_FORMAT_H
#define UVCTL_OUTPUT_FORMAT_H

#include <stdbool.h>

/**
 * struct output_format - how to show something
 * @name: as the user gives it
 * @json: for programs, else text
 * @full: all of it (text)
 * @pretty: one member a line (JSON)
 */
struct output_format {
	const char *name;
	bool json;
	bool full;
	bool pretty;
};

#define OUTPUT_FORMAT_HELP \
	"text, text:full, json, json:pretty or json:minify;\n" \
	"                              default: text on a terminal, else json"

/**
 * output_format_find() - what the options say
 * @path: the words of the command, for messages
 * @name: value of --format, or NULL
 * @json: --json was given
 *
 * Return: NULL after a message, if both are given or there is no such format.
 */
const struct output_format *output_format_find(const char *path,
					       const char *name, bool json);

#endif /* UVCTL_OUTPUT_FORMAT_H */
