// SPDX-License-Identifier: MIT
#include <string.h>

#include <openssl/crypto.h>

#include "clear.h"
#include "config.h"
#include "machine.h"
#include "report.h"

struct uv_config *uv_config_find(const struct uv_machine *machine, uint16_t id)
{
	struct uv_config *config = machine->configs;

	while (config && config->id != id)
		config = config->next;
	return config;
}

/* Ids are not reused soon, so that a stale one meets nobody else's pages. */
static uint16_t new_id(struct uv_machine *machine)
{
	for (uint32_t i = 0; i < UINT16_MAX; i++) {
		machine->last_id++;
		if (machine->last_id &&
		    !uv_config_find(machine, machine->last_id))
			return machine->last_id;
	}
	return 0;
}

static void config_free(struct uv_config *config)
{
	uv_secret_store_free(&config->store);
	uv_unpack_free(&config->unpack);
	OPENSSL_clear_free(config, sizeof(*config));
}

struct uv_config *uv_config_new(struct uv_machine *machine,
				struct uv_error *err)
{
	struct uv_config *config = OPENSSL_zalloc(sizeof(*config));

	if (!config) {
		uv_fail(err, 0, 0, "no memory for a configuration");
		return NULL;
	}
	config->id = new_id(machine);
	if (!config->id ||
	    !uv_machine_random(machine, config->uid, sizeof(config->uid)) ||
	    !uv_export_init(machine, &config->export) ||
	    !uv_wrapping_key_init(machine, &config->wrapping) ||
	    !uv_secret_store_init(&config->store)) {
		config_free(config);
		uv_fail(err, 0, 0, "cannot set up another configuration");
		return NULL;
	}
	config->next = machine->configs;
	machine->configs = config;
	return config;
}

void uv_config_destroy(struct uv_machine *machine, struct uv_config *config)
{
	struct uv_config **link = &machine->configs;

	while (*link != config)
		link = &(*link)->next;
	*link = config->next;
	/* Before anybody else may look. */
	uv_clear_pages(machine, config->id);
	if (uv_storage_apply_all(&machine->storage, config->id,
				 UV_PAGE_RELEASE) == UV_PAGE_DONE_REDUCED)
		uv_machine_rights_reduced(machine);
	uv_log(machine, UV_LOG_INFO, "configuration %u destroyed", config->id);
	config_free(config);
}

void uv_config_end(struct uv_machine *machine, struct uv_config *config)
{
	uv_config_destroy(machine, config);
}

void uv_config_reset(struct uv_machine *machine, struct uv_config *config)
{
	if (uv_storage_apply_all(&machine->storage, config->id,
				 UV_PAGE_UNSHARE) == UV_PAGE_DONE_REDUCED)
		uv_machine_rights_reduced(machine);
	uv_log(machine, UV_LOG_INFO,
	       "configuration %u was reset and shares nothing", config->id);
}

/* The embedder vouches for what stands in storage. */
static void believe(struct uv_config *config, const struct uv_image *image)
{
	config->image = *image;
	/* As after a verification: nothing is unpacked with it. */
	OPENSSL_cleanse(config->image.secret.xts_key,
			sizeof(config->image.secret.xts_key));
	config->state = UV_CONFIG_VERIFIED;
}

struct uv_config *uv_guest_new(struct uv_machine *machine, const void *header,
			       size_t len, struct uv_error *err)
{
	struct uv_config *config = NULL;
	struct uv_image image;

	if (uv_header_open(machine, header, len, &image, err))
		return NULL;
	config = uv_config_new(machine, err);
	if (config)
		believe(config, &image);
	OPENSSL_cleanse(&image, sizeof(image));
	if (!config)
		return NULL;
	if (uv_storage_apply_all(&machine->storage, config->id,
				 UV_PAGE_GIVE) == UV_PAGE_REFUSED) {
		uv_config_destroy(machine, config);
		uv_fail(err, 0, 0,
			"the machine's storage belongs to another configuration: reset the machine first");
		return NULL;
	}
	uv_machine_rights_reduced(machine);
	uv_log(machine, UV_LOG_INFO, "configuration %u owns the machine",
	       config->id);
	return config;
}
