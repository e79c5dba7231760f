// SPDX-License-Identifier: MIT
/* uvctl secret create: the command line */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "image_flags.h"
#include "log.h"
#include "secret_spec.h"
#include "secret_write.h"
#include "standard_output.h"
#include "uvctl.h"
#include "uvinfo.h"

static const struct {
	const char *name;
	const char *alias;
	bool has_name;
} words[SECRET_N_WORDS] = {
	[SECRET_META] = { "meta", NULL, false },
	[SECRET_ASSOCIATION] = { "association", NULL, true },
	[SECRET_RETRIEVABLE] = { "retrievable", "retr", true },
	[SECRET_UPDATE_CCK] = { "update-cck", "cck", false },
};

#define KINDS	"meta, association, retrievable or update-cck"

static bool find_kind(const char *path, const char *word,
		      enum secret_word *kind)
{
	for (size_t i = 0; i < SECRET_N_WORDS; i++) {
		if (strcmp(word, words[i].name) != 0 &&
		    (!words[i].alias || strcmp(word, words[i].alias) != 0))
			continue;
		*kind = (enum secret_word)i;
		return true;
	}
	options_complain(path, "Unknown kind of secret %s (" KINDS ")", word);
	return false;
}

static bool take_words(const char *path, struct secret_options *options)
{
	const char *kind = NULL;
	const char **const targets[] = { &kind, &options->name };

	if (!options_words(path, &options->words, targets, ARRAY_SIZE(targets)))
		return false;
	if (!kind) {
		options_complain(path, "Say which kind of secret: " KINDS);
		return false;
	}
	if (!find_kind(path, kind, &options->kind))
		return false;
	kind = words[options->kind].name;
	if (!words[options->kind].has_name && options->name)
		options_complain(path, "A secret of kind %s has no name", kind);
	else if (words[options->kind].has_name &&
		 (!options->name || !*options->name))
		options_complain(path, "A secret of kind %s needs a name",
				 kind);
	else
		return true;
	return false;
}

/* Options that make sense for some kinds only, or that these need. */
static bool check_kind(const char *path, const struct secret_options *options)
{
	const unsigned int association = 1u << SECRET_ASSOCIATION;
	const unsigned int retrievable = 1u << SECRET_RETRIEVABLE;
	const unsigned int cck = 1u << SECRET_UPDATE_CCK;
	const struct {
		const char *name;
		bool given;
		unsigned int allowed;
		unsigned int needed;
	} rules[] = {
		{ "use-name", options->use_name, association | retrievable, 0 },
		{ "stdout", options->to_stdout, association | retrievable, 0 },
		{ "input-secret", options->input_secret, association, 0 },
		{ "output-secret", options->output_secret, association, 0 },
		{ "secret", options->secret, retrievable | cck,
		  retrievable | cck },
		{ "type", options->type, retrievable, retrievable },
	};
	const char *name = words[options->kind].name;
	unsigned int bit = 1u << options->kind;

	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		if (rules[i].given && !(rules[i].allowed & bit))
			options_complain(path, "--%s is not for secrets of kind %s",
					 rules[i].name, name);
		else if (!rules[i].given && rules[i].needed & bit)
			options_complain(path, "--%s is needed for a secret of kind %s",
					 rules[i].name, name);
		else
			continue;
		return false;
	}
	return true;
}

static bool check_pairs(const char *path, const struct secret_options *options)
{
	const struct {
		bool first;
		bool second;
		const char *text;
	} pairs[] = {
		{ options->extension, options->cck,
		  "--extension-secret and --cck" },
		{ options->cuid, options->cuid_hex, "--cuid and --cuid-hex" },
		{ options->flag_names.n, options->pcf, "--flags and --pcf" },
		{ options->policy, options->user_data,
		  "--policy and --user-data" },
		/* Signed user data is too short for it. */
		{ options->policy, options->sign_key,
		  "--policy and --user-sign-key" },
		{ options->input_secret, options->output_secret,
		  "--input-secret and --output-secret" },
		{ options->to_stdout, is_standard_output(options->output),
		  "--stdout and --output -" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		if (!pairs[i].first || !pairs[i].second)
			continue;
		options_complain(path, "%s exclude each other", pairs[i].text);
		return false;
	}
	return true;
}

static bool take_flags(const char *path, struct secret_options *options)
{
	if (options->pcf)
		return image_parse_hex(path, "pcf", options->pcf,
				       &options->flags);
	for (size_t i = 0; i < options->flag_names.n; i++) {
		const char *name = options->flag_names.items[i];

		if (strcmp(name, "disable-dump") != 0) {
			options_complain(path, "Unknown flag %s (only disable-dump)",
					 name);
			return false;
		}
		options->flags |= PV_ADD_SECRET_FLAG_DISABLE_DUMP;
	}
	return true;
}

static bool check_options(const char *path, struct secret_options *options)
{
	const char *text = NULL;

	if (!take_words(path, options) ||
	    !hostkey_options_check(path, &options->hostkey))
		return false;
	if (!options->header)
		text = "The SE image or SE header of the guest is needed (--hdr)";
	else if (!options->output)
		text = "A name for the request is needed (--output)";
	if (text)
		options_complain(path, "%s", text);
	if (text || !check_kind(path, options) || !check_pairs(path, options) ||
	    !take_flags(path, options))
		return false;
	if (!options->type || secret_type_known(options->type))
		return true;
	options_complain(path, "Unknown type %s (plain, aes, aes-xts, hmac-sha or ec)",
			 options->type);
	return false;
}

/* Where a guest runs is seldom where its secrets should lie about in clear. */
static int check_place(const struct secret_options *options,
		       struct pv_error *err)
{
	struct pv_uvinfo info;

	if (options->allow_guest)
		return 0;
	pv_uvinfo_read(&info, options->sysroot ? options->sysroot : "");
	if (info.verdict != PV_PROTECTED_GUEST)
		return 0;
	return pv_fail(err, PV_ERR_USAGE,
		       "This is a protected guest, where secrets should not be prepared; say --allow-guest if you mean it");
}

static void tell(const struct secret_request *request,
		 const struct secret_options *options)
{
	char hash[2 * sizeof(request->policy_hash) + 1];

	for (size_t i = 0; i < sizeof(request->policy_hash); i++)
		snprintf(hash + 2 * i, 3, "%02x", request->policy_hash[i]);
	if (options->policy)
		log_result("SHA-256 of the policy: %s", hash);
	if (options->kind == SECRET_ASSOCIATION && !options->input_secret &&
	    !options->output_secret)
		log_info("The secret was drawn and is known to nobody");
	log_result("Successfully generated the request");
}

static int create(const struct secret_options *options)
{
	struct secret_request request = { 0 };
	struct pv_error err = { 0 };
	int status = UVCTL_OK;

	if (check_place(options, &err) < 0 ||
	    secret_request_prepare(&request, options, &err) < 0 ||
	    secret_request_write(&request, options, &err) < 0)
		status = log_failure(&err);
	else
		tell(&request, options);
	secret_request_free(&request);
	return status;
}

static int check_and_create(const char *path, void *target)
{
	struct secret_options *options = target;

	if (!check_options(path, options) ||
	    !secret_outputs_check(path, options))
		return UVCTL_ERROR;
	return create(options);
}

#define N_SPECS	21

static void fill_specs(struct option_spec *specs,
		       struct secret_options *options)
{
	const struct option_spec all[N_SPECS] = {
		{ "hdr", 0, OPTION_STRING, &options->header, "FILE",
		  "SE image, or SE header, that the guest runs" },
		{ "output", 'o', OPTION_STRING, &options->output, "FILE",
		  "write the request there; - for standard output" },
		{ "extension-secret", 0, OPTION_STRING, &options->extension,
		  "FILE", "32 bytes that all requests for a guest share" },
		{ "cck", 0, OPTION_STRING, &options->cck, "FILE",
		  "derive these from the image's CCK, 32 bytes" },
		{ "cuid", 0, OPTION_STRING, &options->cuid, "FILE",
		  "only for the instance with this configuration UID" },
		{ "cuid-hex", 0, OPTION_STRING, &options->cuid_hex, "HEX",
		  "the same, as 32 hexadecimal digits" },
		{ "flags", 0, OPTION_LIST, &options->flag_names, "FLAG",
		  "disable-dump: no dumps of the guest from then on" },
		{ "pcf", 0, OPTION_STRING, &options->pcf, "HEX", NULL },
		{ "user-data", 0, OPTION_STRING, &options->user_data, "FILE",
		  "up to 512 bytes that everybody can read, signed 256" },
		{ "user-sign-key", 0, OPTION_STRING, &options->sign_key,
		  "FILE", "sign: P-521, RSA-2048 or RSA-3072 private key" },
		{ "policy", 0, OPTION_STRING, &options->policy, "FILE",
		  "user data: hash and path of this file" },
		{ "toc-policy", 0, OPTION_STRING, &options->toc, "FILE",
		  "append the tag of the request to this file" },
		{ "use-name", 0, OPTION_FLAG, &options->use_name, NULL,
		  "the id is NAME itself instead of its hash" },
		{ "secret", 0, OPTION_STRING, &options->secret, "FILE",
		  "the secret (retrievable, update-cck)" },
		{ "type", 0, OPTION_STRING, &options->type, "TYPE",
		  "of it: plain, aes, aes-xts, hmac-sha or ec" },
		{ "input-secret", 0, OPTION_STRING, &options->input_secret,
		  "FILE", "the secret, 32 bytes (association)" },
		{ "output-secret", 0, OPTION_STRING, &options->output_secret,
		  "FILE", "write the secret that was drawn there" },
		{ "stdout", 0, OPTION_FLAG, &options->to_stdout, NULL,
		  "print name and id instead of writing NAME.yaml" },
		{ "allow-guest", 0, OPTION_FLAG, &options->allow_guest, NULL,
		  "even though this is a protected guest" },
		{ "force", 0, OPTION_FLAG, &options->force, NULL,
		  "replace existing output files" },
		{ "sysroot", 0, OPTION_STRING, &options->sysroot, "DIR", NULL },
	};

	memcpy(specs, all, sizeof(all));
}

static void free_options(struct secret_options *options)
{
	hostkey_options_free(&options->hostkey);
	string_list_free(&options->words);
	string_list_free(&options->flag_names);
}

int uvctl_secret_create(const char *path, int argc, char **argv)
{
	struct secret_options options = { 0 };
	struct option_spec hostkey_specs[HOSTKEY_N_SPECS];
	struct option_spec specs[N_SPECS];
	const struct option_table table = {
		.usage = "-k FILE... {-C FILE... | --no-verify} --hdr FILE -o FILE [OPTIONS]\n"
			 "       {meta | association NAME | retrievable NAME --secret FILE --type TYPE |\n"
			 "       update-cck --secret FILE}",
		.about =
"Make a request that adds a secret to guests of one image, and that only the\n"
"given machines can open.  Runs on any machine; it should be a trusted one.\n"
"'retr' and 'cck' are short for retrievable and update-cck.  -k, -C, --crl and\n"
"--flags can be repeated, and take lists separated by commas.",
		.specs = specs,
		.n_specs = ARRAY_SIZE(specs),
		.shared = hostkey_specs,
		.n_shared = ARRAY_SIZE(hostkey_specs),
		.positional = &options.words,
		.after =
"Name and id of a secret are written to NAME.yaml beside the request.  All files\n"
"appear, or none.  What goes to standard output (-o -, --stdout) is out before\n"
"them: if the exit status is 1, do not use it.\n\n"
"Exit status: 0 success, 1 error.",
	};
	int status;

	hostkey_option_specs(hostkey_specs, &options.hostkey);
	fill_specs(specs, &options);
	status = options_run(path, &table, argc, argv, check_and_create,
			     &options);
	free_options(&options);
	return status;
}
