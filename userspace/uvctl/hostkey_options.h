/* SPDX-License-Identifier: MIT */
/* Options about host key documents, and what follows from them. */
#ifndef UVCTL_HOSTKEY_OPTIONS_H
#define UVCTL_HOSTKEY_OPTIONS_H

#include "hostkey.h"
#include "options.h"

/**
 * struct hostkey_options - as given
 * @documents: --host-key-document
 * @certs: --cert
 * @crls: --crl
 * @root_ca: --root-ca
 * @no_verify: --no-verify
 * @offline: --offline, which is the only way we know
 */
struct hostkey_options {
	struct string_list documents;
	struct string_list certs;
	struct string_list crls;
	const char *root_ca;
	bool no_verify;
	bool offline;
};

#define HOSTKEY_N_SPECS	7

/**
 * hostkey_option_specs() - entries of an option table
 * @specs: out, HOSTKEY_N_SPECS of them
 * @options: where the values go
 */
void hostkey_option_specs(struct option_spec *specs,
			  struct hostkey_options *options);

/**
 * struct hostkey_set - host keys that may be used
 * @keys: @n keys
 */
struct hostkey_set {
	struct pv_hostkey **keys;
	size_t n;
};

/**
 * hostkey_options_check() - do the options fit together?
 *
 * Return: true, or false after a message.
 */
bool hostkey_options_check(const char *path,
			   const struct hostkey_options *options);

/**
 * hostkey_set_load() - read documents, without verifying them
 * @err: as pv_hostkey_load()
 *
 * Return: 0, or -1 with @err set.  The set has to be freed in any case.
 */
int hostkey_set_load(struct hostkey_set *set,
		     const struct string_list *documents,
		     struct pv_error *err);

/**
 * hostkey_set_verify() - verify documents as the options say, with warnings
 * @err: as pv_hostkeys_verify()
 *
 * Return: 0, or -1 with @err set.
 */
int hostkey_set_verify(const struct hostkey_set *set,
		       const struct hostkey_options *options,
		       struct pv_error *err);

/** hostkey_set_free() - and its keys */
void hostkey_set_free(struct hostkey_set *set);

/** hostkey_options_free() - the lists */
void hostkey_options_free(struct hostkey_options *options);

#endif /* UVCTL_HOSTKEY_OPTIONS_H */
