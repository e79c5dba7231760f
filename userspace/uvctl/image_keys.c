// SPDX-License-Identifier: MIT
/* Keys of SE images: given in files, or drawn and written to files. */
#include <string.h>
#include <sys/stat.h>

#include <openssl/crypto.h>

#include "image_keys.h"

static const struct {
	const char *given;	/* name of the option */
	const char *out;
	const char *what;
	size_t offset;		/* in struct pv_se_image_spec */
	size_t size;
} keys[IMAGE_N_KEYS] = {
	[IMAGE_KEY_COMPONENTS] = { "image-key", "image-key-out", "image key",
		offsetof(struct pv_se_image_spec, secret.xts_key), 64 },
	[IMAGE_KEY_CCK] = { "cck", "cck-out", "customer communication key",
		offsetof(struct pv_se_image_spec, secret.cck), 32 },
	[IMAGE_KEY_HEADER] = { "hdr-key", "hdr-key-out", "header key",
		offsetof(struct pv_se_image_spec, header_key), 32 },
};

void image_key_option_specs(struct option_spec *specs,
			    struct image_key_options *options)
{
	const char **given = options->given, **out = options->out;
	const struct option_spec all[IMAGE_KEY_N_SPECS] = {
		{ "cck", 0, OPTION_STRING, &given[IMAGE_KEY_CCK], "FILE",
		  "customer communication key, 32 bytes" },
		{ "comm-key", 0, OPTION_STRING, &given[IMAGE_KEY_CCK], "FILE",
		  "the same" },
		{ "hdr-key", 0, OPTION_STRING, &given[IMAGE_KEY_HEADER], "FILE",
		  "key of the SE header, 32 bytes" },
		{ "x-header-key", 0, OPTION_STRING, &given[IMAGE_KEY_HEADER],
		  "FILE", NULL },
		{ "image-key", 0, OPTION_STRING, &given[IMAGE_KEY_COMPONENTS],
		  "FILE", "key of kernel, ramdisk and command line, 64 bytes" },
		{ "x-comp-key", 0, OPTION_STRING, &given[IMAGE_KEY_COMPONENTS],
		  "FILE", NULL },
		{ "cck-out", 0, OPTION_STRING, &out[IMAGE_KEY_CCK], "FILE",
		  "write the CCK that was drawn there" },
		{ "hdr-key-out", 0, OPTION_STRING, &out[IMAGE_KEY_HEADER],
		  "FILE", "the same for the header's key" },
		{ "image-key-out", 0, OPTION_STRING, &out[IMAGE_KEY_COMPONENTS],
		  "FILE", "the same for the image's key" },
	};

	memcpy(specs, all, sizeof(all));
}

bool image_keys_check(const char *path, const struct image_key_options *options,
		      bool plain)
{
	const char *const *const sides[] = { options->given, options->out };
	const char *name;

	for (size_t i = 0; i < IMAGE_N_KEYS; i++) {
		if (!options->given[i] || !options->out[i])
			continue;
		options_complain(path, "--%s is for a key that is drawn, but --%s gives one",
				 keys[i].out, keys[i].given);
		return false;
	}
	for (size_t i = 0; plain && i < 2; i++) {
		if (!sides[i][IMAGE_KEY_COMPONENTS])
			continue;
		name = i ? keys[IMAGE_KEY_COMPONENTS].out :
			   keys[IMAGE_KEY_COMPONENTS].given;
		options_complain(path, "--%s and --disable-image-encryption exclude each other",
				 name);
		return false;
	}
	return true;
}

/* A pipe would be read once and be gone; a device has no end. */
int image_key_file_read(uint8_t *out, const char *path, size_t size,
			const char *what, struct pv_error *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return pv_fail_errno(err, PV_ERR_IO, "Cannot read %s", path);
	if (!S_ISREG(st.st_mode))
		return pv_fail(err, PV_ERR_IO,
			       "%s is not a regular file (put the %s into one)",
			       path, what);
	return pv_file_read_exactly(out, path, size, what, err);
}

/* AES-XTS is broken with them, and libcrypto would refuse without a reason. */
static int check_halves(const uint8_t *key, const char *path,
			struct pv_error *err)
{
	if (CRYPTO_memcmp(key, key + 32, 32) != 0)
		return 0;
	return pv_fail(err, PV_ERR_FORMAT,
		       "%s: both halves of the image key are the same (take 64 random bytes)",
		       path);
}

int image_keys_read(struct pv_se_image_spec *spec,
		    const struct image_key_options *options,
		    struct pv_error *err)
{
	for (size_t i = 0; i < IMAGE_N_KEYS; i++) {
		const char *path = options->given[i];
		uint8_t *key = (uint8_t *)spec + keys[i].offset;

		if (!path)
			continue;
		if (image_key_file_read(key, path, keys[i].size, keys[i].what,
					err) < 0)
			return -1;
		if (i == IMAGE_KEY_COMPONENTS &&
		    check_halves(key, path, err) < 0)
			return -1;
	}
	return 0;
}

const uint8_t *image_key_of(const struct pv_se_image_spec *spec,
			    enum image_key key, size_t *size)
{
	*size = keys[key].size;
	return (const uint8_t *)spec + keys[key].offset;
}
