// SPDX-License-Identifier: MIT
/* uvctl dump info */
#define _GNU_SOURCE
#include <string.h>

#include "array.h"
#include "dump_core.h"
#include "dump_input.h"
#include "dump_show.h"
#include "log.h"
#include "options.h"
#include "output_format.h"
#include "uvctl.h"

#define RELEASE	"OSRELEASE="

struct info_options {
	struct string_list inputs;
	const char *format;
	const char *cck;
	bool json;
};

/* The guest can write there what it wants, also what a terminal obeys. */
static void take_release(char *release, const uint8_t *text, size_t size)
{
	size_t n = 0;

	while (n < size && text[n] > ' ' && text[n] < 0x7f)
		n++;
	if (n == 0 || n == size || text[n] != '\n' || n >= DUMP_RELEASE_SIZE)
		return;
	memcpy(release, text, n);
	release[n] = '\0';
}

static int find_release(struct dump_facts *facts, struct pv_error *err)
{
	const size_t length = sizeof(RELEASE) - 1;
	struct pv_buffer text;
	const uint8_t *at;

	if (!facts->dump->unlocked)
		return 0;
	if (pv_dump_vmcoreinfo(&text, facts->dump, err) < 0)
		return -1;
	at = text.size ? memmem(text.data, text.size, RELEASE, length) : NULL;
	if (at)
		take_release(facts->release, at + length,
			     text.size - (size_t)(at - text.data) - length);
	pv_buffer_free(&text);
	return 0;
}

static int show(const struct info_options *options,
		const struct output_format *format)
{
	struct pv_error err = { 0 };
	struct dump_facts facts = { 0 };
	int status = UVCTL_OK;
	struct pv_dump dump;

	facts.dump = &dump;
	if (dump_input_open(&dump, options->inputs.items[0], options->cck,
			    &err) < 0 ||
	    pv_dump_pages_count(&dump, facts.counts, &err) < 0 ||
	    find_release(&facts, &err) < 0)
		status = dump_input_explain(&err);
	else if (format->json)
		dump_show_json(&facts, format->pretty);
	else
		dump_show_text(&facts, format->full);
	pv_dump_close(&dump);
	return status;
}

static int check_and_show(const char *path, void *target)
{
	const struct info_options *options = target;
	const struct output_format *format;

	if (options->inputs.n != 1)
		return options_complain(path, "One dump is needed");
	format = output_format_find(path, options->format, options->json);
	if (!format)
		return UVCTL_ERROR;
	if (!options->cck)
		log_warning("The dump is not verified (give the CCK with "
			    "--cck): anybody may have altered it.");
	return show(options, format);
}

int uvctl_dump_info(const char *path, int argc, char **argv)
{
	struct info_options options = { 0 };
	const struct option_spec specs[] = {
		{ "json", 0, OPTION_FLAG, &options.json, NULL,
		  "for programs: --format json" },
		{ "format", 0, OPTION_STRING, &options.format, "FORMAT",
		  OUTPUT_FORMAT_HELP },
		{ "cck", 'k', OPTION_STRING, &options.cck, "FILE",
		  "customer communication key, 32 bytes: verify the\n"
		  "                              dump, show the registers" },
		{ "key", 0, OPTION_STRING, &options.cck, "FILE", NULL },
		{ "comm-key", 0, OPTION_STRING, &options.cck, "FILE", NULL },
	};
	const struct option_table table = {
		.usage = "[-k FILE] [--format FORMAT] FILE",
		.about = "Show what the dump of a protected guest holds.",
		.specs = specs,
		.n_specs = ARRAY_SIZE(specs),
		.positional = &options.inputs,
		.after =
"Exit status: 0 success, 1 error, 2 another CCK, or the dump was altered.",
	};
	int status;

	status = options_run(path, &table, argc, argv, check_and_show,
			     &options);
	string_list_free(&options.inputs);
	return status;
}
