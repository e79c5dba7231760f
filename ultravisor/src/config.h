/* SPDX-License-Identifier: MIT */
/* Secure configurations: the guests that a machine protects. */
#ifndef UV_CONFIG_H
#define UV_CONFIG_H

#include "export.h"
#include "header.h"
#include "image.h"
#include "protected_key.h"
#include "secret_store.h"

/**
 * struct uv_config - one configuration
 * @next: the machine's next one
 * @id: owner of its pages, never 0
 * @uid: unique id that attestation reports, drawn when it is made
 * @export: keys for pages that leave it
 * @state: how far its image has come
 * @image: the image, from the state "parameters set" on
 * @unpack: of use from then on until it is verified
 * @store: its secrets
 * @wrapping: for those of them that are keys
 * @dump_disabled: its owner wants nobody to read a dump of it, for good
 */
struct uv_config {
	struct uv_config *next;
	uint16_t id;
	uint8_t uid[PV_CONFIG_UID_SIZE];
	struct uv_export export;
	enum uv_config_state state;
	struct uv_image image;
	struct uv_unpack unpack;
	struct uv_secret_store store;
	struct uv_wrapping_key wrapping;
	bool dump_disabled;
};

/**
 * uv_config_new() - add a configuration that has neither storage nor image
 *
 * Return: NULL with @err set on failure
 */
struct uv_config *uv_config_new(struct uv_machine *machine,
				struct uv_error *err);

/** uv_config_find() - the configuration with this id, NULL if there is none */
struct uv_config *uv_config_find(const struct uv_machine *machine, uint16_t id);

/** uv_config_destroy() - clear and release its pages, wipe and free it */
void uv_config_destroy(struct uv_machine *machine, struct uv_config *config);

#endif /* UV_CONFIG_H */
