// SPDX-License-Identifier: MIT
/* uvctl secret verify */
#include <string.h>

#include "array.h"
#include "asrcb.h"
#include "key_file.h"
#include "log.h"
#include "options.h"
#include "paths.h"
#include "standard_output.h"
#include "uvctl.h"

struct verify_options {
	struct string_list positional;
	const char *input;
	const char *output;
	const char *user_cert;
	bool force;
};

static int check_signature(struct pv_asrcb_info *info,
			   const struct pv_buffer *asrcb,
			   const struct verify_options *options,
			   struct pv_error *err)
{
	EVP_PKEY *key = NULL;
	int ret;

	if (options->user_cert) {
		key = key_file_certified(options->user_cert, err);
		if (!key)
			return -1;
	}
	ret = pv_asrcb_parse(info, asrcb->data, asrcb->size, err);
	if (ret == 0)
		ret = pv_asrcb_verify(info, asrcb->data, asrcb->size, key, err);
	if (ret < 0)
		pv_error_prefix(err, "%s", options->input);
	EVP_PKEY_free(key);
	return ret;
}

static int put_user_data(const struct pv_asrcb_info *info,
			 const struct verify_options *options,
			 struct pv_error *err)
{
	if (info->kind != PV_USER_DATA_NONE)
		return output_put(options->output, info->head->user_data,
				  info->data_size,
				  options->force ? PV_OUTPUT_FORCE : 0, err);
	if (is_standard_output(options->output))
		log_info("The request holds no user data");
	else
		log_warning("The request holds no user data, %s is not written",
			    options->output);
	return 0;
}

static int explain(const struct pv_error *err)
{
	log_failure(err);
	return err->code == PV_ERR_MISMATCH ? UVCTL_REFUSED : UVCTL_ERROR;
}

static const char *request_path(const struct verify_options *options)
{
	return strcmp(options->input, "-") == 0 ? "/dev/stdin" : options->input;
}

static int verify(const struct verify_options *options)
{
	const char *path = request_path(options);
	struct pv_asrcb_info info;
	struct pv_error err = { 0 };
	struct pv_buffer asrcb;
	int status = UVCTL_OK;

	if (pv_file_read(&asrcb, path, PV_ASRCB_MAX_SIZE, &err) < 0)
		return log_failure(&err);
	if (check_signature(&info, &asrcb, options, &err) < 0 ||
	    put_user_data(&info, options, &err) < 0)
		status = explain(&err);
	else
		log_result(options->user_cert ?
			   "The user data are signed by the given certificate's key" :
			   "The request is well-formed; nothing in it is signed");
	pv_buffer_free(&asrcb);
	return status;
}

/* With --force, the output would take the place of what it comes from. */
static bool check_output(const char *path, const struct verify_options *options)
{
	const char *const inputs[] = { request_path(options),
				       options->user_cert };

	if (is_standard_output(options->output))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(inputs); i++) {
		if (!inputs[i] || !pv_paths_same(inputs[i], options->output))
			continue;
		options_complain(path, "%s is read, it cannot be an output, too",
				 options->output);
		return false;
	}
	return true;
}

static int check_and_verify(const char *path, void *target)
{
	struct verify_options *options = target;
	const char **const targets[] = { &options->input, &options->output };

	if (!options_words(path, &options->positional, targets,
			   ARRAY_SIZE(targets)))
		return UVCTL_ERROR;
	if (!options->input)
		return options_complain(path, "A request is needed");
	if (!check_output(path, options))
		return UVCTL_ERROR;
	return verify(options);
}

int uvctl_secret_verify(const char *path, int argc, char **argv)
{
	struct verify_options options = { 0 };
	const struct option_spec specs[] = {
		{ "input", 'i', OPTION_STRING, &options.input, "FILE",
		  "request; - for standard input" },
		{ "user-cert", 0, OPTION_STRING, &options.user_cert, "FILE",
		  "certificate of the key that signed the user data" },
		{ "output", 'o', OPTION_STRING, &options.output, "FILE",
		  "write the user data there (default: standard output)" },
		{ "force", 0, OPTION_FLAG, &options.force, NULL,
		  "replace an existing output file" },
	};
	const struct option_table table = {
		.usage = "[OPTIONS] {FILE [OUT] | -i FILE [-o OUT]}",
		.about =
"Check that a request is well-formed and, if its user data are signed, who did\n"
"it; then show the user data.  Runs on any machine, best before 'secret add'.",
		.specs = specs,
		.n_specs = ARRAY_SIZE(specs),
		.positional = &options.positional,
		.after =
"Exit status: 0 success, 1 error, 2 the signature is wrong.",
	};
	int status;

	status = options_run(path, &table, argc, argv, check_and_verify,
			     &options);
	string_list_free(&options.positional);
	return status;
}
