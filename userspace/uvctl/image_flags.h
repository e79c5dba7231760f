/* SPDX-License-Identifier: MIT */
/* Control flags of SE images: the options that set them, and their names. */
#ifndef UVCTL_IMAGE_FLAGS_H
#define UVCTL_IMAGE_FLAGS_H

#include <stdint.h>

#include "options.h"

/* What has an --enable- and a --disable- option. */
enum image_feature {
	IMAGE_DUMP,
	IMAGE_CCK_EXTENSION,
	IMAGE_CCK_UPDATE,
	IMAGE_PCKMO,
	IMAGE_PCKMO_HMAC,
	IMAGE_BACKUP_KEYS,
	IMAGE_ENCRYPTION,
	IMAGE_N_FEATURES
};

/**
 * struct image_flag_options - as given
 * @enable: --enable-..., by enum image_feature
 * @disable: --disable-...
 * @pcf: --x-pcf
 * @scf: --x-scf
 */
struct image_flag_options {
	bool enable[IMAGE_N_FEATURES];
	bool disable[IMAGE_N_FEATURES];
	const char *pcf;
	const char *scf;
};

#define IMAGE_FLAG_N_SPECS	(2 * IMAGE_N_FEATURES + 2)

/**
 * image_flag_option_specs() - entries of an option table
 * @specs: out, IMAGE_FLAG_N_SPECS of them
 * @options: where the values go
 */
void image_flag_option_specs(struct option_spec *specs,
			     struct image_flag_options *options);

/**
 * image_flags_collect() - control flags that the options ask for
 * @path: for messages
 * @options: as given
 * @cck_known: the user has the CCK, without which some flags are of no use
 * @pcf: out, plaintext control flags
 * @scf: out, secret control flags
 *
 * Return: true, or false after a message.
 */
bool image_flags_collect(const char *path,
			 const struct image_flag_options *options,
			 bool cck_known, uint64_t *pcf, uint64_t *scf);

/**
 * image_parse_hex() - a number in up to 16 hexadecimal digits, 0x is optional
 *
 * Return: false after a message about @option.
 */
bool image_parse_hex(const char *path, const char *option, const char *text,
		     uint64_t *value);

/**
 * struct image_flag_name - a control flag, for people
 * @mask: one bit
 * @text: what it permits or demands; NULL ends a table
 */
struct image_flag_name {
	uint64_t mask;
	const char *text;
};

extern const struct image_flag_name image_pcf_names[];
extern const struct image_flag_name image_scf_names[];

#endif /* UVCTL_IMAGE_FLAGS_H */
