/* SPDX-License-Identifier: MIT */
/* Keys of SE images: given in files, or drawn and written to files. */
#ifndef UVCTL_IMAGE_KEYS_H
#define UVCTL_IMAGE_KEYS_H

#include "options.h"
#include "se_image.h"

/* In the order in which their files are read. */
enum image_key {
	IMAGE_KEY_COMPONENTS,
	IMAGE_KEY_CCK,
	IMAGE_KEY_HEADER,
	IMAGE_N_KEYS
};

/**
 * struct image_key_options - as given, by enum image_key
 * @given: file to read the key from
 * @out: file to write the key to that was drawn
 */
struct image_key_options {
	const char *given[IMAGE_N_KEYS];
	const char *out[IMAGE_N_KEYS];
};

#define IMAGE_KEY_N_SPECS	9

/**
 * image_key_option_specs() - entries of an option table
 * @specs: out, IMAGE_KEY_N_SPECS of them
 * @options: where the values go
 */
void image_key_option_specs(struct option_spec *specs,
			    struct image_key_options *options);

/**
 * image_keys_check() - do the options fit together?
 * @plain: the user said that the components are not encrypted
 *
 * Return: true, or false after a message.
 */
bool image_keys_check(const char *path, const struct image_key_options *options,
		      bool plain);

/**
 * image_keys_read() - put the given keys into @spec
 * @err: PV_ERR_IO, PV_ERR_FORMAT
 *
 * Return: 0, or -1 with @err set.
 */
int image_keys_read(struct pv_se_image_spec *spec,
		    const struct image_key_options *options,
		    struct pv_error *err);

/**
 * image_key_of() - a key of an image
 * @size: out, in bytes
 *
 * Return: the key, owned by @spec.
 */
const uint8_t *image_key_of(const struct pv_se_image_spec *spec,
			    enum image_key key, size_t *size);

/**
 * image_key_file_read() - a file that holds nothing but a key
 * @out: @size bytes; wiped on failure
 * @what: which key, for the message
 * @err: PV_ERR_IO, PV_ERR_FORMAT
 *
 * Return: 0, or -1 with @err set.
 */
int image_key_file_read(uint8_t *out, const char *path, size_t size,
			const char *what, struct pv_error *err);

#endif /* UVCTL_IMAGE_KEYS_H */
