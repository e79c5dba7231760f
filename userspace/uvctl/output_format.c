// SPDX-License-Identifier: MIT
/* --format of commands that show something to people and to programs. */
#include <strings.h>
#include <unistd.h>

#include "array.h"
#include "options.h"
#include "output_format.h"

/* The first of each kind is the default of that kind. */
static const struct output_format formats[] = {
	{ "text", .json = false },
	{ "text:default", .json = false },
	{ "text:full", .json = false, .full = true },
	{ "json", .json = true, .pretty = true },
	{ "json:default", .json = true, .pretty = true },
	{ "json:pretty", .json = true, .pretty = true },
	{ "json:minify", .json = true },
};

const struct output_format *output_format_find(const char *path,
					       const char *name, bool json)
{
	if (json && name) {
		options_complain(path, "--json and --format exclude each other");
		return NULL;
	}
	if (!name)
		name = json || !isatty(STDOUT_FILENO) ? "json" : "text";
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (strcasecmp(formats[i].name, name) == 0)
			return &formats[i];
	options_complain(path, "Unknown format %s (see --help)", name);
	return NULL;
}
