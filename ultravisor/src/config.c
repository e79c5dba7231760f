// SPDX-License-Identifier: MIT
#include <string.h>

#include <openssl/crypto.h>

#include "clear.h"
#include "config.h"
#include "machine.h"
#include "report.h"
#include "vcpu.h"

struct uv_config *uv_config_find(const struct uv_machine *machine, uint32_t id)
{
	struct uv_config *config = machine->configs;

	while (config && config->owner.id != id)
		config = config->next;
	return config;
}

/* Never twice: a page of a configuration that is gone must not get an owner. */
static uint32_t new_id(struct uv_machine *machine)
{
	if (machine->last_id == UV_OWNER_ULTRAVISOR - 1)
		return 0;
	return ++machine->last_id;
}

static void config_free(struct uv_config *config)
{
	uv_secret_store_free(&config->store);
	uv_unpack_free(&config->unpack);
	uv_export_free(&config->export);
	uv_guest_space_free(&config->space);
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
	config->owner.id = new_id(machine);
	if (!config->owner.id ||
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

static void unlink_config(struct uv_machine *machine,
			  const struct uv_config *config)
{
	struct uv_config **link = &machine->configs;

	while (*link != config)
		link = &(*link)->next;
	*link = config->next;
}

/* Of a guest with a host, as many pages are looked at as the guest has. */
static bool release_guest(struct uv_machine *machine, struct uv_config *config)
{
	struct uv_guest_page *page;
	bool reduced = false;

	for (uint64_t gaddr = config->space.origin;
	     (page = uv_guest_page_next(&config->space, &gaddr));
	     gaddr += PV_PAGE_SIZE) {
		if (page->state != UV_GUEST_PAGE_HERE)
			continue;
		uv_clear_page(machine, page->frame);
		uv_storage_apply(&machine->storage, page->frame,
				 &config->owner, UV_PAGE_RELEASE);
		reduced = true;
	}
	return reduced;
}

/* Clear everything before anybody else may look. */
static bool release_pages(struct uv_machine *machine, struct uv_config *config)
{
	if (config->handle)
		return release_guest(machine, config);
	uv_clear_pages(machine, config->owner.id);
	return uv_storage_apply_all(&machine->storage, &config->owner,
				    UV_PAGE_RELEASE) == UV_PAGE_DONE_REDUCED;
}

static void return_donations(struct uv_machine *machine,
			     struct uv_config *config)
{
	while (config->vcpus)
		uv_vcpu_destroy(machine, config->vcpus);
	uv_donation_return(machine, &config->owner, &config->base);
	uv_donation_return(machine, &config->owner, &config->variable);
}

void uv_config_destroy(struct uv_machine *machine, struct uv_config *config)
{
	unlink_config(machine, config);
	return_donations(machine, config);
	if (release_pages(machine, config))
		uv_machine_rights_reduced(machine, UV_ALL_PAGES);
	uv_log(machine, UV_LOG_INFO, "configuration %u destroyed",
	       config->owner.id);
	config_free(config);
}

void uv_config_abandon(struct uv_machine *machine, struct uv_config *config)
{
	unlink_config(machine, config);
	return_donations(machine, config);
	uv_log(machine, UV_LOG_INFO,
	       "configuration %u destroyed, its pages are left to its host",
	       config->owner.id);
	config_free(config);
}

void uv_config_end(struct uv_machine *machine, struct uv_config *config)
{
	uv_config_destroy(machine, config);
}

void uv_config_reset(struct uv_machine *machine, struct uv_config *config)
{
	if (uv_storage_apply_all(&machine->storage, &config->owner,
				 UV_PAGE_UNSHARE) == UV_PAGE_DONE_REDUCED)
		uv_machine_rights_reduced(machine, UV_ALL_PAGES);
	uv_log(machine, UV_LOG_INFO,
	       "configuration %u was reset and shares nothing",
	       config->owner.id);
}

bool uv_config_may_run(const struct uv_config *config)
{
	return config->state == UV_CONFIG_VERIFIED && !config->reset.asked &&
	       !config->reset.prepared;
}

void uv_config_ask_reset(struct uv_config *config)
{
	config->reset = (struct uv_config_reset){ .asked = true };
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
	if (uv_storage_apply_all(&machine->storage, &config->owner,
				 UV_PAGE_GIVE) == UV_PAGE_REFUSED) {
		uv_config_destroy(machine, config);
		uv_fail(err, 0, 0,
			"the machine's storage belongs to another configuration: reset the machine first");
		return NULL;
	}
	uv_machine_rights_reduced(machine, UV_ALL_PAGES);
	uv_log(machine, UV_LOG_INFO, "configuration %u owns the machine",
	       config->owner.id);
	return config;
}
