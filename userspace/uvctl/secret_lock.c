// SPDX-License-Identifier: MIT
/* uvctl secret lock */
#include "array.h"
#include "device.h"
#include "log.h"
#include "options.h"
#include "secret.h"
#include "uvctl.h"

struct lock_options {
	const char *sysroot;
};

static int lock(const char *path, void *target)
{
	const struct lock_options *options = target;
	struct pv_error err = { 0 };
	struct pv_uvdevice dev;
	int ret;

	(void)path;
	if (device_open(&dev, options->sysroot, &err) < 0)
		return log_failure(&err);
	ret = pv_uvdevice_lock_secrets(&dev, &err);
	pv_uvdevice_close(&dev);
	if (ret < 0)
		return log_failure(&err);
	log_result("Successfully locked the secret store");
	return UVCTL_OK;
}

int uvctl_secret_lock(const char *path, int argc, char **argv)
{
	struct lock_options options = { 0 };
	const struct option_spec specs[] = {
		{ "sysroot", 0, OPTION_STRING, &options.sysroot, "DIR", NULL },
	};
	const struct option_table table = {
		.usage = "",
		.about =
"Lock the secret store of this guest: no more secrets can be added until the\n"
"guest is started anew.  Secrets can still be listed and retrieved.",
		.specs = specs,
		.n_specs = ARRAY_SIZE(specs),
		.after = "Exit status: 0 success, 1 error.",
	};

	return options_run(path, &table, argc, argv, lock, &options);
}
