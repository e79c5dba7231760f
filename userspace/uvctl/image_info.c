// SPDX-License-Identifier: MIT
/* uvctl image info */
#include <stdio.h>
#include <strings.h>

#include <openssl/crypto.h>

#include "array.h"
#include "image_header.h"
#include "image_keys.h"
#include "image_show.h"
#include "log.h"
#include "options.h"
#include "output_format.h"
#include "uvctl.h"

struct info_options {
	struct string_list inputs;
	const char *format;
	const char *key;
	const char *schema;
	bool json;
	bool show_secrets;
};

static int print_schema(const char *path, const struct info_options *options)
{
	if (options->inputs.n || options->format || options->key ||
	    options->json || options->show_secrets)
		return options_complain(path, "--print-schema excludes everything else");
	if (strcasecmp(options->schema, "json") == 0)
		image_show_schema();
	else if (strcasecmp(options->schema, "text") == 0)
		puts("The text is for people: it has no schema and may change.");
	else
		return options_complain(path, "Unknown schema %s (json or text)",
					options->schema);
	return UVCTL_OK;
}

/* Without the key, nothing says who made the header. */
static int open_header(struct image_facts *facts,
		       struct pv_se_header_secret *secret,
		       const struct info_options *options, struct pv_error *err)
{
	uint8_t key[32];
	int ret;

	if (!options->key) {
		log_warning("The header is not verified (give its key with "
			    "--hdr-key): anybody may have altered it.");
		return 0;
	}
	if (image_key_file_read(key, options->key, sizeof(key), "header key",
				err) < 0)
		return -1;
	ret = pv_se_header_open(secret, facts->view, key, err);
	OPENSSL_cleanse(key, sizeof(key));
	if (ret < 0) {
		pv_error_prefix(err, "%s", options->inputs.items[0]);
		return -1;
	}
	facts->verified = true;
	facts->secret = options->show_secrets ? secret : NULL;
	return 0;
}

static int show(const struct info_options *options,
		const struct output_format *format)
{
	struct pv_se_header_secret secret = { 0 };
	struct image_header header = { 0 };
	struct image_facts facts = { .view = &header.view };
	struct pv_error err = { 0 };
	int status = UVCTL_OK;

	if (image_header_read(&header, options->inputs.items[0], &err) < 0 ||
	    open_header(&facts, &secret, options, &err) < 0)
		status = log_failure(&err);
	else if (format->json)
		image_show_json(&facts, format->pretty);
	else
		image_show_text(&facts, format->full);
	OPENSSL_cleanse(&secret, sizeof(secret));
	image_header_free(&header);
	return status;
}

static int check_and_show(const char *path, void *target)
{
	const struct info_options *options = target;
	const struct output_format *format;

	if (options->schema)
		return print_schema(path, options);
	if (options->inputs.n != 1)
		return options_complain(path, "One image, header or disk is needed");
	format = output_format_find(path, options->format, options->json);
	if (!format)
		return UVCTL_ERROR;
	if (options->show_secrets && !options->key)
		return options_complain(path, "--show-secrets needs --hdr-key");
	return show(options, format);
}

int uvctl_image_info(const char *path, int argc, char **argv)
{
	struct info_options options = { 0 };
	const struct option_spec specs[] = {
		{ "json", 0, OPTION_FLAG, &options.json, NULL,
		  "for programs: --format json" },
		{ "format", 0, OPTION_STRING, &options.format, "FORMAT",
		  OUTPUT_FORMAT_HELP },
		{ "hdr-key", 0, OPTION_STRING, &options.key, "FILE",
		  "key of the header: verify it" },
		{ "key", 0, OPTION_STRING, &options.key, "FILE", NULL },
		{ "show-secrets", 0, OPTION_FLAG, &options.show_secrets, NULL,
		  "decrypt the header and show the keys in it" },
		{ "print-schema", 0, OPTION_STRING, &options.schema, "KIND",
		  "json: print the JSON schema instead; or text" },
	};
	const struct option_table table = {
		.usage = "[--hdr-key FILE [--show-secrets]] [--format FORMAT] FILE\n"
			 "       uvctl image info --print-schema json|text",
		.about =
"Show the SE header of an image, of a header file, or of the first image on a\n"
"disk.",
		.specs = specs,
		.n_specs = ARRAY_SIZE(specs),
		.positional = &options.inputs,
		.after = "Exit status: 0 success, 1 error.",
	};
	int status;

	status = options_run(path, &table, argc, argv, check_and_show,
			     &options);
	string_list_free(&options.inputs);
	return status;
}
