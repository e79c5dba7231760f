// SPDX-License-Identifier: MIT
/* uvctl attest verify */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "array.h"
#include "boot_tags.h"
#include "log.h"
#include "options.h"
#include "response.h"
#include "uvctl.h"
#include "yaml.h"

struct verify_options {
	const char *input;
	const char *output;
	const char *header;
	const char *arpk;
	const char *format;
	const char *user_data;
	bool force;
};

static const struct {
	const char *key;	/* in YAML */
	const char *name;	/* for people */
} field_names[PV_ADDITIONAL_N_FIELDS] = {
	[PV_ADDITIONAL_IMAGE_PHKH] = { "image_phkh", "Image PHKH" },
	[PV_ADDITIONAL_ATTEST_PHKH] = { "attestation_phkh",
					"Attestation PHKH" },
	[PV_ADDITIONAL_SECRET_STORE] = { "secret_store_hash",
					 "Secret store hash" },
	[PV_ADDITIONAL_FIRMWARE_STATE] = { "firmware_state",
					   "Firmware state" },
	[PV_ADDITIONAL_UNRECOGNIZED] = { "unrecognized", "Unrecognized" },
};

static void show_hex(const char *name, const uint8_t *data, size_t size)
{
	char *text = malloc(2 * size + 1);

	if (!text)
		return;
	for (size_t i = 0; i < size; i++)
		snprintf(text + 2 * i, 3, "%02x", data[i]);
	log_result("%s\n0x%s", name, size ? text : "");
	free(text);
}

static void show(const struct response *response)
{
	const struct pv_exchange_entry *item = response->exchange.item;

	log_result("Attestation measurement verified");
	show_hex("Config UID:", item[PV_EXCHANGE_CONFIG_UID].data,
		 item[PV_EXCHANGE_CONFIG_UID].size);
	if (item[PV_EXCHANGE_ADDITIONAL].size) {
		show_hex("Additional-data:", item[PV_EXCHANGE_ADDITIONAL].data,
			 item[PV_EXCHANGE_ADDITIONAL].size);
		log_result("Additional-data content:");
	}
	for (int i = 0; i < PV_ADDITIONAL_N_FIELDS; i++)
		if (response->fields.field[i].data)
			show_hex(field_names[i].name,
				 response->fields.field[i].data,
				 response->fields.field[i].size);
	if (item[PV_EXCHANGE_USER_DATA].size)
		show_hex("user-data:", item[PV_EXCHANGE_USER_DATA].data,
			 item[PV_EXCHANGE_USER_DATA].size);
}

static void write_yaml(FILE *out, const struct response *response)
{
	const struct pv_exchange_entry *item = response->exchange.item;

	yaml_hex(out, 0, "cuid", item[PV_EXCHANGE_CONFIG_UID].data,
		 item[PV_EXCHANGE_CONFIG_UID].size);
	if (item[PV_EXCHANGE_ADDITIONAL].size) {
		yaml_hex(out, 0, "add", item[PV_EXCHANGE_ADDITIONAL].data,
			 item[PV_EXCHANGE_ADDITIONAL].size);
		yaml_section(out, 0, "add_fields");
	}
	for (int i = 0; i < PV_ADDITIONAL_N_FIELDS; i++)
		if (response->fields.field[i].data)
			yaml_hex(out, 1, field_names[i].key,
				 response->fields.field[i].data,
				 response->fields.field[i].size);
	if (item[PV_EXCHANGE_USER_DATA].size)
		yaml_hex(out, 0, "user_data", item[PV_EXCHANGE_USER_DATA].data,
			 item[PV_EXCHANGE_USER_DATA].size);
}

static int render(char **text, size_t *size, const struct response *response,
		  struct pv_error *err)
{
	FILE *yaml = open_memstream(text, size);

	if (!yaml)
		return pv_fail(err, PV_ERR_MEMORY, "No memory for the result");
	write_yaml(yaml, response);
	if (fclose(yaml) != 0)
		return pv_fail(err, PV_ERR_MEMORY, "No memory for the result");
	return 0;
}

static int write_files(const struct verify_options *options,
		       const struct response *response, struct pv_error *err)
{
	const struct pv_exchange_entry *user_data =
		&response->exchange.item[PV_EXCHANGE_USER_DATA];
	unsigned int force = options->force ? PV_OUTPUT_FORCE : 0;
	struct pv_file_spec files[2] = {
		{ .path = options->output, .flags = force },
		{ .path = options->user_data, .data = user_data->data,
		  .size = user_data->size, .flags = force },
	};
	char *text = NULL;
	int ret;

	if (options->user_data && !user_data->size) {
		log_warning("The response holds no user data, %s is not written",
			    options->user_data);
		files[1].path = NULL;
	}
	ret = render(&text, &files[0].size, response, err);
	files[0].data = text;
	if (ret == 0)
		ret = pv_files_write(files, 2, err);
	free(text);
	return ret;
}

static int prove(struct response *response,
		 const struct verify_options *options, struct pv_error *err)
{
	uint8_t arpk[PV_REQUEST_KEY_SIZE];
	struct pv_boot_tags tags;
	int ret;

	if (pv_file_read_exactly(arpk, options->arpk, sizeof(arpk),
				 "attestation request protection key", err) < 0)
		return -1;
	ret = pv_boot_tags_read(&tags, options->header, err);
	if (ret == 0) {
		ret = pv_attest_verify(&response->exchange, &tags, arpk,
				       &response->flags, err);
		if (ret < 0)
			pv_error_prefix(err, "%s", options->input);
	}
	OPENSSL_cleanse(arpk, sizeof(arpk));
	return ret;
}

static int explain(const struct pv_error *err)
{
	log_error("%s", err->text);
	if (err->code == PV_ERR_UNSEAL)
		log_error("The request in the response could not be opened: is "
			  "--arpk the key of this very request?");
	if (err->code != PV_ERR_MISMATCH)
		return UVCTL_ERROR;
	log_error("The guest was not started from this image, or the response was altered.");
	return UVCTL_REFUSED;
}

static int verify(const struct verify_options *options)
{
	struct response response;
	struct pv_error err = { 0 };
	int status = UVCTL_OK;

	if (response_read(&response, options->input, &err) < 0 ||
	    prove(&response, options, &err) < 0 ||
	    response_split(&response, options->input, &err) < 0 ||
	    write_files(options, &response, &err) < 0)
		status = explain(&err);
	else
		show(&response);
	response_free(&response);
	return status;
}

static int check_and_verify(const char *path, void *target)
{
	const struct verify_options *options = target;

	if (!options->input || !options->header || !options->arpk)
		return options_complain(path,
					"--input, --hdr and --arpk are needed");
	if (options->format && strcmp(options->format, "yaml") != 0)
		return options_complain(path, "Unknown format %s (only yaml)",
					options->format);
	return verify(options);
}

int uvctl_attest_verify(const char *path, int argc, char **argv)
{
	struct verify_options options = { 0 };
	const struct option_spec specs[] = {
		{ "input", 'i', OPTION_STRING, &options.input, "FILE",
		  "response, as 'attest perform' wrote it" },
		{ "hdr", 0, OPTION_STRING, &options.header, "FILE",
		  "SE header, or SE image, that the guest should run" },
		{ "arpk", 'a', OPTION_STRING, &options.arpk, "FILE",
		  "secret key of the request" },
		{ "output", 'o', OPTION_STRING, &options.output, "FILE",
		  "write what was verified there" },
		{ "format", 0, OPTION_STRING, &options.format, "FORMAT",
		  "of the output: yaml (default)" },
		{ "user-data", 'u', OPTION_STRING, &options.user_data, "FILE",
		  "write the user data of the response there" },
		{ "force", 0, OPTION_FLAG, &options.force, NULL,
		  "replace existing output files" },
	};
	const struct option_table table = {
		.usage = "-i FILE --hdr FILE -a FILE [OPTIONS]",
		.about =
"Check the measurement in a response: it proves that the guest runs protected,\n"
"was started from the given image, and saw this very request.  Runs on any\n"
"machine; it should be a trusted one.",
		.specs = specs,
		.n_specs = ARRAY_SIZE(specs),
		.after =
"Exit status: 0 verified, 1 error, 2 the measurement is another one.",
	};

	return options_run(path, &table, argc, argv, check_and_verify,
			   &options);
}
