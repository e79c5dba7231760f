// SPDX-License-Identifier: MIT
/* uvctl secret retrieve */
#include <string.h>

#include <openssl/bio.h>
#include <openssl/pem.h>

#include "array.h"
#include "device.h"
#include "keyring.h"
#include "log.h"
#include "options.h"
#include "secret_find.h"
#include "standard_output.h"
#include "uvctl.h"

struct retrieve_options {
	struct string_list positional;
	struct keyring_options keyring;
	struct keyring_target target;
	struct secret_wanted wanted;
	const char *output;
	const char *outform;
	const char *sysroot;
	bool force;
};

/**
 * struct retrieved - a secret of this guest
 * @info: as it stands in the list
 * @object: as the Ultravisor gives it
 * @value: what the user wants of it, in @object
 * @size: bytes of it
 */
struct retrieved {
	struct pv_secret_info info;
	struct pv_buffer object;
	const uint8_t *value;
	size_t size;
};

static int find(struct pv_secret_info *found, struct pv_uvdevice *dev,
		const struct secret_wanted *wanted, struct pv_error *err)
{
	struct pv_secrets secrets;
	int ret;

	if (pv_uvdevice_list_secrets(dev, &secrets, err) < 0)
		return -1;
	ret = secret_find(found, &secrets, wanted, err);
	pv_secrets_free(&secrets);
	return ret;
}

static int retrieve(struct retrieved *secret,
		    struct retrieve_options *options, struct pv_error *err)
{
	struct pv_secret_info *info = &secret->info;
	struct pv_uvdevice dev;
	int ret;

	if (device_open(&dev, options->sysroot, err) < 0)
		return -1;
	ret = find(info, &dev, &options->wanted, err);
	/* No secret leaves the Ultravisor only to be thrown away. */
	if (ret == 0 && options->keyring.key)
		ret = keyring_prepare(&options->target, err);
	if (ret == 0)
		ret = pv_uvdevice_retrieve_secret(&dev, info->index,
						  info->size, &secret->object,
						  err);
	pv_uvdevice_close(&dev);
	if (ret < 0)
		return -1;
	secret->value = secret->object.data;
	secret->size = secret->object.size;
	if (info->type == PV_SECRET_PLAINTEXT)
		secret->value = pv_secret_to_plaintext(secret->object.data,
						       secret->object.size,
						       &secret->size);
	return 0;
}

static bool write_pem(BIO *bio, const char *name, const char *header,
		      const struct retrieved *secret)
{
	/* libcrypto writes this, too, but calls it a failure. */
	if (secret->size == 0 && header[0] == '\0')
		return BIO_printf(bio, "-----BEGIN %s-----\n-----END %s-----\n",
				  name, name) > 0;
	return PEM_write_bio(bio, name, header, secret->value,
			     (long)secret->size) > 0;
}

static int put_pem(const struct retrieved *secret, const char *path,
		   unsigned int flags, struct pv_error *err)
{
	const struct pv_secret_kind *kind = pv_secret_kind(secret->info.type);
	bool plain = secret->info.type == PV_SECRET_PLAINTEXT;
	char header[64] = "";
	BIO *bio;
	char *text;
	long size;
	int ret;

	if (!kind)
		return pv_fail(err, PV_ERR_UNSUPPORTED,
			       "Secrets of type 0x%04x have no PEM form (say --outform bin)",
			       secret->info.type);
	if (!plain)
		snprintf(header, sizeof(header), "kind: %s\n", kind->name);
	/* Memory of such a BIO is wiped when it is freed. */
	bio = BIO_new(BIO_s_mem());
	if (!bio ||
	    !write_pem(bio, plain ? "PLAINTEXT SECRET" : "IBM PROTECTED KEY",
		       header, secret)) {
		BIO_free(bio);
		return pv_fail_openssl(err, PV_ERR_CRYPTO,
				       "Cannot write the secret as PEM");
	}
	size = BIO_get_mem_data(bio, &text);
	ret = output_put(path, text, (size_t)size, flags, err);
	BIO_free(bio);
	return ret;
}

static int put_output(const struct retrieved *secret,
		      const struct retrieve_options *options,
		      struct pv_error *err)
{
	unsigned int flags = PV_OUTPUT_SECRET |
			     (options->force ? PV_OUTPUT_FORCE : 0);

	if (strcmp(options->outform, "pem") == 0)
		return put_pem(secret, options->output, flags, err);
	return output_put(options->output, secret->value, secret->size, flags,
			  err);
}

static int put_keyring(const struct retrieved *secret,
		       const struct retrieve_options *options,
		       struct pv_error *err)
{
	int32_t key;

	if (secret->size == 0)
		return pv_fail(err, PV_ERR_LIMIT,
			       "The secret is empty; the kernel keeps no empty keys");
	if (secret->info.type != PV_SECRET_PLAINTEXT)
		log_warning("This is a protected key: it works in this guest only, and not after the guest is started anew.");
	key = keyring_store(&options->target, secret->value, secret->size,
			    err);
	if (key < 0)
		return -1;
	log_result("The secret is key %d", key);
	return 0;
}

static int run(struct retrieve_options *options, struct pv_error *err)
{
	struct retrieved secret = { 0 };
	int ret = retrieve(&secret, options, err);

	if (ret == 0 && options->keyring.key)
		ret = put_keyring(&secret, options, err);
	else if (ret == 0)
		ret = put_output(&secret, options, err);
	pv_buffer_free(&secret.object);
	return ret;
}

static const char *find_contradiction(const struct retrieve_options *options)
{
	const struct keyring_options *keyring = &options->keyring;

	if (!options->wanted.input)
		return "Say which secret: a file that 'secret create' wrote, or see --inform";
	if (keyring->key && (options->output || options->outform))
		return "--keyring excludes --output and --outform";
	if (!keyring->key && (keyring->ring || keyring->timeout))
		return "--ring and --timeout need --keyring";
	return NULL;
}

static int check_and_run(const char *path, void *target)
{
	struct retrieve_options *options = target;
	const char **const targets[] = { &options->wanted.input,
					 &options->output };
	struct pv_error err = { 0 };
	const char *text;

	if (!options_words(path, &options->positional, targets,
			   ARRAY_SIZE(targets)))
		return UVCTL_ERROR;
	text = find_contradiction(options);
	if (text)
		return options_complain(path, "%s", text);
	if (!options->wanted.inform)
		options->wanted.inform = "yaml";
	if (!secret_inform_known(options->wanted.inform))
		return options_complain(path, "Unknown --inform %s (yaml, hex, name or idx)",
					options->wanted.inform);
	if (!options->outform)
		options->outform = "pem";
	if (strcmp(options->outform, "pem") != 0 &&
	    strcmp(options->outform, "bin") != 0)
		return options_complain(path, "Unknown --outform %s (pem or bin)",
					options->outform);
	options->target.replace = options->force;
	if (options->keyring.key &&
	    !keyring_parse(path, &options->target, &options->keyring))
		return UVCTL_ERROR;
	return run(options, &err) < 0 ? log_failure(&err) : UVCTL_OK;
}

int uvctl_secret_retrieve(const char *path, int argc, char **argv)
{
	struct retrieve_options options = { 0 };
	const struct option_spec specs[] = {
		{ "input", 'i', OPTION_STRING, &options.wanted.input, "ID",
		  "which secret, see --inform" },
		{ "inform", 0, OPTION_STRING, &options.wanted.inform, "FORM",
		  "of ID: yaml (a file, default), hex, name or idx" },
		{ "output", 'o', OPTION_STRING, &options.output, "FILE",
		  "write the secret there (default: standard output)" },
		{ "outform", 0, OPTION_STRING, &options.outform, "FORM",
		  "of the output: pem (default) or bin" },
		{ "keyring", 0, OPTION_STRING, &options.keyring.key,
		  "TYPE:DESC", "make it a key of the kernel: user, logon, big_key" },
		{ "ring", 0, OPTION_STRING, &options.keyring.ring, "RING",
		  "user (default), session, user-session, persistent" },
		{ "timeout", 0, OPTION_STRING, &options.keyring.timeout,
		  "SECONDS", "the key expires after that time" },
		{ "force", 0, OPTION_FLAG, &options.force, NULL,
		  "replace an existing output file or key" },
		{ "sysroot", 0, OPTION_STRING, &options.sysroot, "DIR", NULL },
	};
	const struct option_table table = {
		.usage = "[OPTIONS] {ID [FILE] | -i ID [-o FILE] | ID --keyring TYPE:DESC}",
		.about =
"Get a secret of this guest: data as they are, keys as protected keys.  Runs in\n"
"the protected guest, and needs /dev/uv (module uvdevice).",
		.specs = specs,
		.n_specs = ARRAY_SIZE(specs),
		.positional = &options.positional,
		.after =
"With --keyring the secret goes to the kernel and through no file.\n\n"
"Exit status: 0 success, 1 error.",
	};
	int status;

	status = options_run(path, &table, argc, argv, check_and_run, &options);
	string_list_free(&options.positional);
	return status;
}
