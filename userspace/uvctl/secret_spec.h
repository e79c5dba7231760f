/* SPDX-License-Identifier: MIT */
/* From the options of "uvctl secret create" to a request. */
#ifndef UVCTL_SECRET_SPEC_H
#define UVCTL_SECRET_SPEC_H

#include "asrcb.h"
#include "hostkey_options.h"
#include "secret_identity.h"

enum secret_word {
	SECRET_META,
	SECRET_ASSOCIATION,
	SECRET_RETRIEVABLE,
	SECRET_UPDATE_CCK,
	SECRET_N_WORDS
};

/**
 * struct secret_options - the command line
 * @words: kind of the secret, and its name
 * @kind: the first of them
 * @name: the second
 * @flags: of --flags and --pcf
 */
struct secret_options {
	struct hostkey_options hostkey;
	struct string_list words;
	struct string_list flag_names;
	enum secret_word kind;
	const char *name;
	uint64_t flags;
	const char *header;
	const char *output;
	const char *extension;
	const char *cck;
	const char *cuid;
	const char *cuid_hex;
	const char *pcf;
	const char *user_data;
	const char *sign_key;
	const char *policy;
	const char *toc;
	const char *secret;
	const char *type;
	const char *input_secret;
	const char *output_secret;
	const char *sysroot;
	bool use_name;
	bool to_stdout;
	bool allow_guest;
	bool force;
};

/**
 * struct secret_request - a request in the making
 * @spec: for libpv
 * @hosts: host keys
 * @identity: of the secret
 * @secret: as it goes into the request
 * @user_data: that of @spec
 * @policy_hash: of --policy
 */
struct secret_request {
	struct pv_asrcb_spec spec;
	struct hostkey_set hosts;
	struct secret_identity identity;
	struct pv_buffer secret;
	struct pv_buffer user_data;
	uint8_t policy_hash[32];
};

/**
 * secret_type_known() - is this a value of --type?
 */
bool secret_type_known(const char *name);

/**
 * secret_request_prepare() - read every input, in the order of the manual page
 * @request: out, zeroed before; freed with secret_request_free() in any case
 * @err: which file is wrong, and why
 *
 * Return: 0, or -1 with @err set.
 */
int secret_request_prepare(struct secret_request *request,
			   const struct secret_options *options,
			   struct pv_error *err);

/** secret_request_free() - wipes, too */
void secret_request_free(struct secret_request *request);

/**
 * secret_value_read() - the secret itself
 * @secret: out, as it goes into a request
 * @type: out
 * @err: PV_ERR_IO, PV_ERR_LIMIT, PV_ERR_FORMAT, PV_ERR_UNSUPPORTED,
 *	PV_ERR_CRYPTO, PV_ERR_MEMORY
 *
 * Return: 0, or -1 with @err set.
 */
int secret_value_read(struct pv_buffer *secret, enum pv_secret_type *type,
		      const struct secret_options *options,
		      struct pv_error *err);

#endif /* UVCTL_SECRET_SPEC_H */
