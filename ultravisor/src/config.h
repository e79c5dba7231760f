/* SPDX-License-Identifier: MIT */
/* Secure configurations: the guests that a machine protects. */
#ifndef UV_CONFIG_H
#define UV_CONFIG_H

#include "header.h"
#include "secret_store.h"

/**
 * struct uv_config - one configuration
 * @next: the machine's next one
 * @id: owner of its pages, never 0
 * @uid: unique id that attestation reports, drawn when it is made
 * @image: what was booted
 * @store: its secrets
 */
struct uv_config {
	struct uv_config *next;
	uint16_t id;
	uint8_t uid[PV_CONFIG_UID_SIZE];
	struct uv_image image;
	struct uv_secret_store store;
};

/**
 * uv_config_new() - add a configuration that has no storage yet
 * @image: copied
 *
 * Return: NULL with @err set on failure
 */
struct uv_config *uv_config_new(struct uv_machine *machine,
				const struct uv_image *image,
				struct uv_error *err);

/** uv_config_destroy() - release its pages, wipe and free it */
void uv_config_destroy(struct uv_machine *machine, struct uv_config *config);

#endif /* UV_CONFIG_H */
