// SPDX-License-Identifier: MIT
/* uvctl attest check */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "log.h"
#include "policy.h"
#include "uvctl.h"
#include "yaml.h"

struct check_options {
	struct policy_options policy;
	struct string_list positional;
	struct string_list host_key_check;
	const char *input;
	const char *output;
	const char *format;
	const char *store_locked;
	bool firmware;
	const char *firmware_version;
	const char *firmware_url;
	const char *firmware_state_out;
	bool force;
};

static void write_host_key(FILE *out, const char *key, bool enforced,
			   const char *document)
{
	if (!enforced && !document)
		return;
	yaml_section(out, 0, key);
	yaml_bool(out, 1, "check_enforced", enforced);
	if (document)
		yaml_string(out, 1, "hash", document);
}

static void write_yaml(FILE *out, const struct policy_result *result,
		       const struct policy_options *policy,
		       const struct response *response)
{
	const struct pv_exchange_entry *user_data =
		&response->exchange.item[PV_EXCHANGE_USER_DATA];

	yaml_bool(out, 0, "successful", result->n_issues == 0);
	if (result->n_issues)
		yaml_list(out, 0, "issues",
			  (const char *const *)result->issues,
			  result->n_issues);
	write_host_key(out, "image_host_key", policy->enforce_image,
		       result->image_document);
	write_host_key(out, "attest_host_key", policy->enforce_attest,
		       result->attest_document);
	if (result->user_data_equal)
		yaml_hex(out, 0, "user_data", user_data->data,
			 user_data->size);
	if (!result->store_equal)
		return;
	yaml_section(out, 0, "secret_store");
	yaml_list(out, 1, "add_secret_requests", policy->secrets.items,
		  policy->secrets.n);
	yaml_bool(out, 1, "locked", policy->locked);
}

static int render(char **text, size_t *size, const struct policy_result *result,
		  const struct check_options *options,
		  const struct response *response, struct pv_error *err)
{
	FILE *yaml = open_memstream(text, size);

	if (!yaml)
		return pv_fail(err, PV_ERR_MEMORY, "No memory for the result");
	write_yaml(yaml, result, &options->policy, response);
	if (fclose(yaml) != 0)
		return pv_fail(err, PV_ERR_MEMORY, "No memory for the result");
	return 0;
}

static int write_files(const struct check_options *options,
		       const struct policy_result *result,
		       const struct response *response, struct pv_error *err)
{
	unsigned int force = options->force ? PV_OUTPUT_FORCE : 0;
	const struct pv_additional *fields = &response->fields;
	struct pv_file_spec files[2] = {
		{ .path = options->output, .flags = force },
		{ .path = options->firmware_state_out,
		  .data = fields->field[PV_ADDITIONAL_FIRMWARE_STATE].data,
		  .size = fields->field[PV_ADDITIONAL_FIRMWARE_STATE].size,
		  .flags = force },
	};
	char *text = NULL;
	int ret;

	if (files[1].path && !files[1].data)
		return pv_fail(err, PV_ERR_FORMAT,
			       "%s holds no firmware state (was the request made with --add-data firmware-state?)",
			       options->input);
	ret = render(&text, &files[0].size, result, options, response, err);
	files[0].data = text;
	if (ret == 0)
		ret = pv_files_write(files, 2, err);
	free(text);
	return ret;
}

static int conclude(const struct policy_result *result)
{
	for (size_t i = 0; i < result->n_issues; i++)
		log_error("%s", result->issues[i]);
	if (result->n_issues)
		return UVCTL_REFUSED;
	log_result("The response fulfils the policy");
	return UVCTL_OK;
}

static int check(const struct check_options *options)
{
	struct policy_result result = { 0 };
	struct response response;
	struct pv_error err = { 0 };
	int status;

	if (response_read(&response, options->input, &err) < 0 ||
	    response_split(&response, options->input, &err) < 0 ||
	    policy_check(&result, &response, &options->policy, &err) < 0 ||
	    write_files(options, &result, &response, &err) < 0)
		status = log_failure(&err);
	else
		status = conclude(&result);
	policy_result_free(&result);
	response_free(&response);
	return status;
}

static bool take_enforced(const char *path, struct check_options *options)
{
	for (size_t i = 0; i < options->host_key_check.n; i++) {
		const char *name = options->host_key_check.items[i];

		if (strcmp(name, "boot-key-hash") == 0) {
			options->policy.enforce_image = true;
		} else if (strcmp(name, "att-key-hash") == 0) {
			options->policy.enforce_attest = true;
		} else {
			options_complain(path, "Unknown host key check %s",
					 name);
			return false;
		}
	}
	return true;
}

static bool take_locked(const char *path, struct check_options *options)
{
	const char *value = options->store_locked;

	if (!value)
		return true;
	options->policy.check_store = true;
	options->policy.locked = strcmp(value, "true") == 0;
	if (options->policy.locked || strcmp(value, "false") == 0)
		return true;
	options_complain(path,
			 "--secret-store-locked takes true or false, not %s",
			 value);
	return false;
}

static const char *find_contradiction(const struct check_options *options)
{
	if (options->host_key_check.n && !options->policy.documents.n)
		return "--host-key-check needs --host-key-document";
	if (options->policy.secrets.n && !options->store_locked)
		return "--secret needs --secret-store-locked";
	if ((options->firmware_version || options->firmware_url) &&
	    !options->firmware)
		return "--firmware-check-version and --firmware-verify-url need --firmware";
	if (options->format && strcmp(options->format, "yaml") != 0)
		return "The only format is yaml";
	return NULL;
}

static int check_options_and_run(const char *path, void *target)
{
	struct check_options *options = target;
	const char *contradiction = find_contradiction(options);

	if (contradiction)
		return options_complain(path, "%s", contradiction);
	if (!take_enforced(path, options) || !take_locked(path, options) ||
	    !options_in_out(path, &options->positional, &options->input,
			    &options->output))
		return UVCTL_ERROR;
	if (options->firmware) {
		log_error("--firmware is not implemented: only IBM's web service "
			  "can judge a firmware state, and uvctl never uses the "
			  "network.  Write the state to a file with "
			  "--firmware-state-out and submit it yourself.");
		return UVCTL_ERROR;
	}
	return check(options);
}

static void free_options(struct check_options *options)
{
	string_list_free(&options->policy.documents);
	string_list_free(&options->policy.secrets);
	string_list_free(&options->positional);
	string_list_free(&options->host_key_check);
}

int uvctl_attest_check(const char *path, int argc, char **argv)
{
	struct check_options options = { 0 };
	const struct option_spec specs[] = {
		{ "input", 'i', OPTION_STRING, &options.input, "FILE",
		  "response, already verified" },
		{ "output", 'o', OPTION_STRING, &options.output, "FILE",
		  "write the result there" },
		{ "format", 0, OPTION_STRING, &options.format, "FORMAT",
		  "of the output: yaml (default)" },
		{ "host-key-document", 'k', OPTION_LIST,
		  &options.policy.documents, "FILE",
		  "host key document that the hashes may belong to" },
		{ "host-key-check", 0, OPTION_LIST, &options.host_key_check,
		  "KIND", "hashes that must be there: att-key-hash, boot-key-hash" },
		{ "user-data", 'u', OPTION_STRING, &options.policy.user_data,
		  "FILE", "user data that the response must hold" },
		{ "secret", 0, OPTION_LIST, &options.policy.secrets, "FILE",
		  "add-secret request that was performed, in order" },
		{ "secret-store-locked", 0, OPTION_STRING,
		  &options.store_locked, "BOOL",
		  "state that the secret store must have: true, false" },
		{ "firmware", 0, OPTION_FLAG, &options.firmware, NULL,
		  "not implemented (needs a web service)" },
		{ "firmware-check-version", 0, OPTION_STRING,
		  &options.firmware_version, "N", NULL },
		{ "fw-ver", 0, OPTION_STRING, &options.firmware_version, "N",
		  NULL },
		{ "firmware-verify-url", 0, OPTION_STRING,
		  &options.firmware_url, "URL", NULL },
		{ "firmware-state-out", 0, OPTION_STRING,
		  &options.firmware_state_out, "FILE",
		  "write the firmware state of the response there" },
		{ "force", 0, OPTION_FLAG, &options.force, NULL,
		  "replace existing output files" },
	};
	const struct option_table table = {
		.usage = "[OPTIONS] {IN OUT | -i FILE -o FILE}",
		.about =
"Hold a response against a policy.  This does not verify the measurement: use it\n"
"only with a response that 'attest verify' has accepted.",
		.specs = specs,
		.n_specs = ARRAY_SIZE(specs),
		.positional = &options.positional,
		.after =
"Exit status: 0 the policy holds, 1 error, 2 it does not hold.",
	};
	int status;

	status = options_run(path, &table, argc, argv, check_options_and_run,
			     &options);
	free_options(&options);
	return status;
}
