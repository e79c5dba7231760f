// SPDX-License-Identifier: MIT
/* uvctl secret list */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "device.h"
#include "json.h"
#include "log.h"
#include "options.h"
#include "secret_identity.h"
#include "standard_output.h"
#include "uvctl.h"
#include "yaml.h"

struct list_options {
	struct string_list positional;
	const char *output;
	const char *format;
	const char *sysroot;
	bool json;
	bool force;
};

static void write_human(FILE *out, const struct pv_secrets *secrets)
{
	char type[SECRET_TYPE_NAME_MAX];

	fprintf(out, "Total number of secrets: %zu\n", secrets->total);
	if (secrets->n)
		fputc('\n', out);
	for (size_t i = 0; i < secrets->n; i++) {
		const struct pv_secret_info *entry = &secrets->entries[i];

		secret_type_name(type, sizeof(type), entry->type);
		fprintf(out, "%u %s:\n ", entry->index, type);
		secret_id_put(out, entry->id);
		fputc('\n', out);
	}
}

static void write_yaml(FILE *out, const struct pv_secrets *secrets)
{
	fprintf(out, "total_num_secrets: %zu\n", secrets->total);
	fputs(secrets->n ? "secrets:\n" : "secrets: []\n", out);
	for (size_t i = 0; i < secrets->n; i++) {
		const struct pv_secret_info *entry = &secrets->entries[i];

		fprintf(out, "- index: %u\n  stype: %u\n  len: %u\n",
			entry->index, entry->type, entry->size);
		yaml_hex(out, 1, "id", entry->id, sizeof(entry->id));
	}
}

static void write_json(FILE *out, const struct pv_secrets *secrets)
{
	struct json json = { .out = out, .pretty = true };
	char text[SECRET_TYPE_NAME_MAX];

	json_open(&json, NULL, '{');
	json_number(&json, "total", secrets->total);
	json_open(&json, "secrets", '[');
	for (size_t i = 0; i < secrets->n; i++) {
		const struct pv_secret_info *entry = &secrets->entries[i];

		json_open(&json, NULL, '{');
		json_number(&json, "index", entry->index);
		secret_type_name(text, sizeof(text), entry->type);
		json_string(&json, "type", text);
		json_number(&json, "type_number", entry->type);
		json_number(&json, "size", entry->size);
		json_hex(&json, "id", entry->id, sizeof(entry->id));
		if (pv_secret_id_text(text, entry->id))
			json_string(&json, "name", text);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_close(&json, '}');
}

static const struct {
	const char *name;
	void (*write)(FILE *out, const struct pv_secrets *secrets);
} formats[] = {
	{ "human", write_human },
	{ "yaml", write_yaml },
	{ "json", write_json },
	{ "bin", NULL },
};

static int render(struct pv_buffer *text, size_t format,
		  const struct pv_secrets *secrets, struct pv_error *err)
{
	char *data = NULL;
	FILE *out;

	if (!formats[format].write)
		return pv_secrets_build(text, secrets, err);
	out = open_memstream(&data, &text->size);
	if (out)
		formats[format].write(out, secrets);
	if (!out || fclose(out) != 0) {
		free(data);
		return pv_fail(err, PV_ERR_MEMORY, "No memory for the list");
	}
	text->data = (uint8_t *)data;
	return 0;
}

static int list(const struct list_options *options, size_t format,
		struct pv_error *err)
{
	struct pv_buffer text = { 0 };
	struct pv_secrets secrets;
	struct pv_uvdevice dev;
	int ret;

	if (device_open(&dev, options->sysroot, err) < 0)
		return -1;
	ret = pv_uvdevice_list_secrets(&dev, &secrets, err);
	pv_uvdevice_close(&dev);
	if (ret < 0)
		return -1;
	if (secrets.n < secrets.total)
		log_warning("Only %zu of %zu secrets can be shown: the driver lists no more",
			    secrets.n, secrets.total);
	ret = render(&text, format, &secrets, err);
	if (ret == 0)
		ret = output_put(options->output, text.data, text.size,
				 options->force ? PV_OUTPUT_FORCE : 0, err);
	pv_buffer_free(&text);
	pv_secrets_free(&secrets);
	return ret;
}

static int check_and_list(const char *path, void *target)
{
	struct list_options *options = target;
	const char **const targets[] = { &options->output };
	const char *name = options->json ? "json" : "human";
	struct pv_error err = { 0 };

	if (options->json && options->format)
		return options_complain(path, "--json and --format exclude each other");
	if (!options_words(path, &options->positional, targets,
			   ARRAY_SIZE(targets)))
		return UVCTL_ERROR;
	if (options->format)
		name = options->format;
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (strcmp(name, formats[i].name) == 0)
			return list(options, i, &err) < 0 ? log_failure(&err) :
							    UVCTL_OK;
	return options_complain(path, "Unknown format %s (human, yaml, json or bin)",
				name);
}

int uvctl_secret_list(const char *path, int argc, char **argv)
{
	struct list_options options = { 0 };
	const struct option_spec specs[] = {
		{ "output", 'o', OPTION_STRING, &options.output, "FILE",
		  "write the list there (default: standard output)" },
		{ "format", 0, OPTION_STRING, &options.format, "FORMAT",
		  "human (default), yaml, json or bin" },
		{ "json", 0, OPTION_FLAG, &options.json, NULL,
		  "short for --format json" },
		{ "force", 0, OPTION_FLAG, &options.force, NULL,
		  "replace an existing output file" },
		{ "sysroot", 0, OPTION_STRING, &options.sysroot, "DIR", NULL },
	};
	const struct option_table table = {
		.usage = "[OPTIONS] [FILE]",
		.about =
"Show the secrets of this guest: index, type and id of each, and none of their\n"
"values.  Runs in the protected guest, and needs /dev/uv (module uvdevice).",
		.specs = specs,
		.n_specs = ARRAY_SIZE(specs),
		.positional = &options.positional,
		.after = "Exit status: 0 success, 1 error.",
	};
	int status;

	status = options_run(path, &table, argc, argv, check_and_list,
			     &options);
	string_list_free(&options.positional);
	return status;
}
