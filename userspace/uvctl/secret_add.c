// SPDX-License-Identifier: MIT
/* uvctl secret add */
#include <string.h>

#include "array.h"
#include "asrcb.h"
#include "device.h"
#include "log.h"
#include "options.h"
#include "secret.h"
#include "uvctl.h"

struct add_options {
	struct string_list positional;
	const char *input;
	const char *sysroot;
	bool force;
};

/* What is new to us may be known to the Ultravisor: then @info->id is NULL. */
static int parse(struct pv_asrcb_info *info, const struct pv_buffer *asrcb,
		 const char *path, struct pv_error *err)
{
	struct pv_error doubt = { 0 };

	if (pv_asrcb_parse(info, asrcb->data, asrcb->size, &doubt) == 0)
		return 0;
	memset(info, 0, sizeof(*info));
	if (doubt.code != PV_ERR_UNSUPPORTED)
		return pv_fail(err, doubt.code, "%s: %s", path, doubt.text);
	log_info("%s: %s", path, doubt.text);
	return 0;
}

/*
 * The Ultravisor does not mind two secrets with one id, but whoever asks for it
 * gets the older one.
 */
static int check_duplicate(struct pv_uvdevice *dev, const uint8_t *id,
			   struct pv_error *err)
{
	struct pv_error doubt = { 0 };
	struct pv_secrets secrets;
	int ret = 0;

	if (pv_uvdevice_list_secrets(dev, &secrets, &doubt) < 0) {
		log_warning("Whether there is such a secret already is unknown: %s",
			    doubt.text);
		return 0;
	}
	for (size_t i = 0; i < secrets.n && ret == 0; i++)
		if (memcmp(secrets.entries[i].id, id, PV_SECRET_ID_SIZE) == 0)
			ret = pv_fail(err, PV_ERR_EXISTS,
				      "A secret with the same id is in the store already, with index %u (say --force to add this one, too)",
				      secrets.entries[i].index);
	if (ret == 0 && secrets.n < secrets.total)
		log_warning("Whether there is such a secret already is unknown: the driver lists only %zu of %zu",
			    secrets.n, secrets.total);
	pv_secrets_free(&secrets);
	return ret;
}

static int add(const struct add_options *options, const char *path,
	       struct pv_error *err)
{
	struct pv_asrcb_info info;
	struct pv_buffer asrcb;
	struct pv_uvdevice dev;
	int ret;

	if (pv_file_read(&asrcb, path, PV_ASRCB_MAX_SIZE, err) < 0)
		return -1;
	ret = parse(&info, &asrcb, path, err);
	if (ret == 0)
		ret = device_open(&dev, options->sysroot, err);
	if (ret < 0)
		goto out;
	if (info.id && !options->force)
		ret = check_duplicate(&dev, info.id, err);
	if (ret == 0)
		ret = pv_uvdevice_add_secret(&dev, asrcb.data, asrcb.size,
					     err);
	pv_uvdevice_close(&dev);
out:
	pv_buffer_free(&asrcb);
	return ret;
}

static int check_and_add(const char *path, void *target)
{
	struct add_options *options = target;
	const char **const targets[] = { &options->input };
	struct pv_error err = { 0 };
	const char *input;

	if (!options_words(path, &options->positional, targets,
			   ARRAY_SIZE(targets)))
		return UVCTL_ERROR;
	if (!options->input)
		return options_complain(path, "A request is needed");
	input = strcmp(options->input, "-") == 0 ? "/dev/stdin" :
						   options->input;
	if (add(options, input, &err) < 0)
		return log_failure(&err);
	log_result("Successfully added the secret");
	return UVCTL_OK;
}

int uvctl_secret_add(const char *path, int argc, char **argv)
{
	struct add_options options = { 0 };
	const struct option_spec specs[] = {
		{ "input", 'i', OPTION_STRING, &options.input, "FILE",
		  "request; - for standard input" },
		{ "force", 'f', OPTION_FLAG, &options.force, NULL,
		  "even if a secret with the same id is there" },
		{ "sysroot", 0, OPTION_STRING, &options.sysroot, "DIR", NULL },
	};
	const struct option_table table = {
		.usage = "[OPTIONS] {FILE | -i FILE}",
		.about =
"Let the Ultravisor add a secret to this guest, as a request of 'secret create'\n"
"says.  Runs in the protected guest, and needs /dev/uv (module uvdevice).",
		.specs = specs,
		.n_specs = ARRAY_SIZE(specs),
		.positional = &options.positional,
		.after = "Exit status: 0 success, 1 error.",
	};
	int status;

	status = options_run(path, &table, argc, argv, check_and_add,
			     &options);
	string_list_free(&options.positional);
	return status;
}
