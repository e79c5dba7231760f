/* SPDX-License-Identifier: MIT */
/* Which secret of a guest the user means. */
#ifndef UVCTL_SECRET_FIND_H
#define UVCTL_SECRET_FIND_H

#include "secret.h"

/**
 * struct secret_wanted - what a secret is searched by
 * @inform: --inform: yaml, hex, name or idx
 * @input: the file, id, name or index
 */
struct secret_wanted {
	const char *inform;
	const char *input;
};

/** secret_inform_known() - is this a value of --inform? */
bool secret_inform_known(const char *name);

/**
 * secret_find() - search a list
 * @found: out
 * @err: PV_ERR_FORMAT, PV_ERR_USAGE (none, or one that cannot be retrieved),
 *	PV_ERR_IO, PV_ERR_CRYPTO
 *
 * If there are several, the first one is taken, and a warning shown.
 *
 * Return: 0, or -1 with @err set.
 */
int secret_find(struct pv_secret_info *found, const struct pv_secrets *secrets,
		const struct secret_wanted *wanted, struct pv_error *err);

#endif /* UVCTL_SECRET_FIND_H */
