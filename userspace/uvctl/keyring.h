/* SPDX-License-Identifier: MIT */
/* Handing a secret to the kernel's keyrings. */
#ifndef UVCTL_KEYRING_H
#define UVCTL_KEYRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

/**
 * struct keyring_options - the command line
 * @key: --keyring TYPE:DESCRIPTION, NULL for none
 * @ring: --ring, or NULL
 * @timeout: --timeout, or NULL
 */
struct keyring_options {
	const char *key;
	const char *ring;
	const char *timeout;
};

struct keyring_type;

/**
 * struct keyring_target - the key to be
 * @type: what the kernel calls it, and who may use it
 * @description: its name
 * @ring: serial number of the keyring, or one of the special ones
 * @timeout: seconds it lives, 0 for as long as the keyring does
 * @replace: an older key of that type and description may be replaced
 */
struct keyring_target {
	const struct keyring_type *type;
	const char *description;
	int32_t ring;
	unsigned int timeout;
	bool replace;
};

/**
 * keyring_parse() - options to target, without asking the kernel
 * @path: for messages
 *
 * Return: true, or false after a message.
 */
bool keyring_parse(const char *path, struct keyring_target *target,
		   const struct keyring_options *options);

/**
 * keyring_prepare() - find the keyring, and look whether there is room
 * @err: PV_ERR_EXISTS, PV_ERR_UNSUPPORTED, PV_ERR_IO
 *
 * What counts is the keyring itself, not those that it leads to.
 *
 * Return: 0, or -1 with @err set.
 */
int keyring_prepare(struct keyring_target *target, struct pv_error *err);

/**
 * keyring_store() - make the key
 * @target: prepared
 * @data: its payload of @size bytes, at least 1
 * @err: PV_ERR_UNSUPPORTED, PV_ERR_LIMIT, PV_ERR_IO
 *
 * The key appears in the keyring complete with its timeout, and takes the place
 * of an older one in one step.
 *
 * Return: serial number, or -1 with @err set and nothing changed.
 */
int32_t keyring_store(const struct keyring_target *target, const void *data,
		      size_t size, struct pv_error *err);

#endif /* UVCTL_KEYRING_H */
