// SPDX-License-Identifier: MIT
/* uvctl image extract-header */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "array.h"
#include "log.h"
#include "options.h"
#include "paths.h"
#include "se_find.h"
#include "uvctl.h"

#define PAGE_BYTES	4096
#define DEFAULT_OUTPUT	"sehdr.bin"
/* Where an image has its header, if only one side of a window is given. */
#define DEFAULT_SKIP	0x14
#define DEFAULT_LENGTH	4

struct extract_options {
	struct string_list inputs;
	const char *output;
	const char *skip;
	const char *length;
	bool force;
};

static bool parse_pages(const char *path, const char *option, const char *text,
			uint64_t *bytes, uint64_t pages)
{
	char *end;

	if (text) {
		errno = 0;
		pages = strtoull(text, &end, 0);
		if (errno || end == text || *end || text[0] == '-' ||
		    pages > INT64_MAX / PAGE_BYTES) {
			options_complain(path, "--%s takes a number of pages, not %s",
					 option, text);
			return false;
		}
	}
	*bytes = pages * PAGE_BYTES;
	return true;
}

static bool find_window(const char *path, struct pv_se_search *search,
			const struct extract_options *options)
{
	if (!options->skip && !options->length) {
		search->deep = true;
		return true;
	}
	if (!parse_pages(path, "skip", options->skip, &search->start,
			 DEFAULT_SKIP) ||
	    !parse_pages(path, "length", options->length, &search->length,
			 DEFAULT_LENGTH))
		return false;
	if (search->length == 0)
		options_complain(path, "--length has to be at least one page");
	return search->length > 0;
}

static int extract(const char *input, const char *output,
		   const struct pv_se_search *search, bool force)
{
	struct pv_buffer header = { 0 };
	struct pv_error err = { 0 };
	int status = UVCTL_OK;
	uint64_t offset;

	if (pv_se_header_read(&header, &offset, input, search, &err) < 0 ||
	    pv_files_write(&(struct pv_file_spec){ output, header.data,
			   header.size, force ? PV_OUTPUT_FORCE : 0 }, 1,
			   &err) < 0)
		status = log_failure(&err);
	else
		printf("SE header at offset %" PRIu64 " (0x%" PRIx64 "), size %zu bytes\n",
		       offset, offset, header.size);
	pv_buffer_free(&header);
	return status;
}

static int check_and_extract(const char *path, void *target)
{
	const struct extract_options *options = target;
	const char *output = options->output ? options->output : DEFAULT_OUTPUT;
	struct pv_se_search search = { 0 };

	if (options->inputs.n != 1)
		return options_complain(path, "One image or disk is needed");
	if (pv_paths_same(options->inputs.items[0], output))
		return options_complain(path, "%s is read, it cannot be the output, too",
					output);
	if (!find_window(path, &search, options))
		return UVCTL_ERROR;
	return extract(options->inputs.items[0], output, &search,
		       options->force);
}

int uvctl_image_extract(const char *path, int argc, char **argv)
{
	struct extract_options options = { 0 };
	const struct option_spec specs[] = {
		{ "output", 'o', OPTION_STRING, &options.output, "FILE",
		  "write the header there, default: " DEFAULT_OUTPUT },
		{ "skip", 's', OPTION_STRING, &options.skip, "PAGES",
		  "begin to search behind so many pages of 4096 bytes" },
		{ "length", 'l', OPTION_STRING, &options.length, "PAGES",
		  "search so many pages" },
		{ "force", 0, OPTION_FLAG, &options.force, NULL,
		  "replace an existing output file" },
	};
	const struct option_table table = {
		.usage = "[-o FILE] [-s PAGES] [-l PAGES] [--force] FILE",
		.about =
"Copy the SE header out of an image, or out of a disk that holds an image.\n"
"Without -s and -l the whole file is searched, the usual places first.",
		.specs = specs,
		.n_specs = ARRAY_SIZE(specs),
		.positional = &options.inputs,
		.after = "Exit status: 0 success, 1 error.",
	};
	int status;

	status = options_run(path, &table, argc, argv, check_and_extract,
			     &options);
	string_list_free(&options.inputs);
	return status;
}
