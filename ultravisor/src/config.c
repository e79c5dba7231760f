// SPDX-License-Identifier: MIT
#include <string.h>

#include <openssl/crypto.h>

#include "config.h"
#include "machine.h"
#include "report.h"

static const struct uv_config *find_id(const struct uv_machine *machine,
				       uint16_t id)
{
	const struct uv_config *config = machine->configs;

	while (config && config->id != id)
		config = config->next;
	return config;
}

/* Ids are not reused soon, so that a stale one meets nobody else's pages. */
static uint16_t new_id(struct uv_machine *machine)
{
	for (uint32_t i = 0; i < UINT16_MAX; i++) {
		machine->last_id++;
		if (machine->last_id && !find_id(machine, machine->last_id))
			return machine->last_id;
	}
	return 0;
}

static void config_free(struct uv_config *config)
{
	uv_secret_store_free(&config->store);
	OPENSSL_clear_free(config, sizeof(*config));
}

struct uv_config *uv_config_new(struct uv_machine *machine,
				const struct uv_image *image,
				struct uv_error *err)
{
	struct uv_config *config = OPENSSL_zalloc(sizeof(*config));

	if (!config) {
		uv_fail(err, 0, 0, "no memory for a configuration");
		return NULL;
	}
	config->id = new_id(machine);
	config->image = *image;
	if (!config->id ||
	    !uv_machine_random(machine, config->uid, sizeof(config->uid)) ||
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
	if (uv_storage_apply_all(&machine->storage, config->id,
				 UV_PAGE_RELEASE) == UV_PAGE_DONE_REDUCED)
		uv_machine_rights_reduced(machine);
	uv_log(machine, UV_LOG_INFO, "configuration %u destroyed", config->id);
	config_free(config);
}

struct uv_config *uv_guest_new(struct uv_machine *machine, const void *header,
			       size_t len, struct uv_error *err)
{
	struct uv_config *config = NULL;
	struct uv_image image;

	if (uv_header_open(machine, header, len, &image, err))
		return NULL;
	config = uv_config_new(machine, &image, err);
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
