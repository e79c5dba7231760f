// SPDX-License-Identifier: MIT
/* Options about host key documents, and what follows from them. */
#include <stdlib.h>
#include <string.h>

#include "hostkey_options.h"
#include "log.h"

void hostkey_option_specs(struct option_spec *specs,
			  struct hostkey_options *options)
{
	const struct option_spec all[HOSTKEY_N_SPECS] = {
		{ "host-key-document", 'k', OPTION_LIST, &options->documents,
		  "FILE", "host key document of a machine" },
		{ "no-verify", 0, OPTION_FLAG, &options->no_verify, NULL,
		  "do not verify the host key documents" },
		{ "cert", 'C', OPTION_LIST, &options->certs, "FILE",
		  "signing key certificate and intermediate CA" },
		/* How pvattest spelled it once. */
		{ "crt", 0, OPTION_LIST, &options->certs, "FILE", NULL },
		{ "crl", 0, OPTION_LIST, &options->crls, "FILE",
		  "certificate revocation list" },
		{ "offline", 0, OPTION_FLAG, &options->offline, NULL,
		  "fetch nothing (always so, accepted for pvattest's users)" },
		{ "root-ca", 0, OPTION_STRING, &options->root_ca, "FILE",
		  "root CA to trust (default: the system's store)" },
	};

	memcpy(specs, all, sizeof(all));
}

bool hostkey_options_check(const char *path,
			   const struct hostkey_options *options)
{
	const char *text = NULL;

	if (options->documents.n == 0)
		text = "A host key document is needed (-k)";
	else if (options->no_verify && options->certs.n > 0)
		text = "--no-verify and --cert exclude each other";
	else if (!options->no_verify && options->certs.n == 0)
		text = "Give the certificates that the host key documents are "
		       "verified with (--cert), or say --no-verify";
	else if (options->no_verify &&
		 (options->crls.n > 0 || options->root_ca || options->offline))
		text = "--crl, --offline and --root-ca need --cert";
	if (text)
		options_complain(path, "%s", text);
	return !text;
}

int hostkey_set_load(struct hostkey_set *set,
		     const struct string_list *documents,
		     struct pv_error *err)
{
	set->n = 0;
	set->keys = calloc(documents->n ? documents->n : 1,
			   sizeof(*set->keys));
	if (!set->keys)
		return pv_fail(err, PV_ERR_MEMORY, "No memory for host keys");
	for (; set->n < documents->n; set->n++)
		if (pv_hostkey_load(&set->keys[set->n],
				    documents->items[set->n], err) < 0)
			return -1;
	return 0;
}

/* One message a line. */
static void show_warnings(const struct pv_hostkey *key)
{
	const char *text = pv_hostkey_warnings(key);
	size_t len;

	while (text && *text) {
		len = strcspn(text, "\n");
		log_warning("%.*s", (int)len, text);
		text += len + (text[len] == '\n');
	}
}

int hostkey_set_verify(const struct hostkey_set *set,
		       const struct hostkey_options *options,
		       struct pv_error *err)
{
	const struct pv_verify_params params = {
		.certs = options->certs.items,
		.n_certs = options->certs.n,
		.crls = options->crls.items,
		.n_crls = options->crls.n,
		.root_ca = options->root_ca,
		.no_verify = options->no_verify,
	};
	int ret;

	if (options->no_verify)
		log_warning("The host key documents are not verified. Whoever "
			    "could exchange them can read and forge what is "
			    "made with them.");
	ret = pv_hostkeys_verify(set->keys, set->n, &params, err);
	for (size_t i = 0; i < set->n; i++)
		show_warnings(set->keys[i]);
	return ret;
}

void hostkey_set_free(struct hostkey_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		pv_hostkey_free(set->keys[i]);
	free(set->keys);
	set->keys = NULL;
	set->n = 0;
}

void hostkey_options_free(struct hostkey_options *options)
{
	string_list_free(&options->documents);
	string_list_free(&options->certs);
	string_list_free(&options->crls);
}
