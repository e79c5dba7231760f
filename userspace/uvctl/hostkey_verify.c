// SPDX-License-Identifier: MIT
/* uvctl hostkey verify */
#include <stdio.h>

#include "array.h"
#include "hostkey_options.h"
#include "log.h"
#include "uvctl.h"

static void show_keys(const struct hostkey_set *set)
{
	uint8_t phkh[32];

	for (size_t i = 0; i < set->n; i++) {
		pv_hostkey_hash(set->keys[i], phkh);
		for (size_t j = 0; j < sizeof(phkh); j++)
			printf("%02x", phkh[j]);
		printf("  %s\n", pv_hostkey_path(set->keys[i]));
	}
}

static int verify(const char *path, void *target)
{
	const struct hostkey_options *options = target;
	struct hostkey_set set = { 0 };
	struct pv_error err = { 0 };
	int status = UVCTL_OK;

	if (!hostkey_options_check(path, options))
		return UVCTL_ERROR;
	if (hostkey_set_load(&set, &options->documents, &err) < 0 ||
	    hostkey_set_verify(&set, options, &err) < 0)
		status = log_failure(&err);
	else
		show_keys(&set);
	if (status == UVCTL_OK && !options->no_verify)
		log_result("%zu host key document%s verified", set.n,
			   set.n == 1 ? "" : "s");
	hostkey_set_free(&set);
	return status;
}

int uvctl_hostkey_verify(const char *path, int argc, char **argv)
{
	struct hostkey_options options = { 0 };
	struct option_spec specs[HOSTKEY_N_SPECS];
	const struct option_table table = {
		.usage = "-C FILE... [--crl FILE]... [--root-ca FILE] HOST-KEY-DOCUMENT...",
		.about =
"Check host key documents: signed by the IBM Z signing key, which is certified\n"
"by the root CA; all of them valid today and none revoked.  Nothing is fetched\n"
"from the network: the revocation lists of root, intermediate CA and signing\n"
"key have to be given.  Prints the hash and the name of each document.",
		.shared = specs,
		.n_shared = ARRAY_SIZE(specs),
		.positional = &options.documents,
		.after = "Exit status: 0 all can be trusted (or --no-verify), 1 otherwise.",
	};
	int status;

	hostkey_option_specs(specs, &options);
	status = options_run(path, &table, argc, argv, verify, &options);
	hostkey_options_free(&options);
	return status;
}
