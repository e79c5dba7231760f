// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <string.h>

#include <openssl/crypto.h>

#include "clear.h"
#include "config.h"
#include "machine.h"
#include "report.h"

/* Bounds the page table to 16 GiB of address space, used as far as needed. */
#define MAX_MEMORY_SIZE		(UINT64_C(1) << 42)

static int check_params(const struct uv_machine_params *params,
			struct uv_error *err)
{
	const struct uv_ops *ops = &params->ops;

	if (!params->profile || !uv_profile_find(params->profile))
		return uv_fail(err, 0, 0,
			       "there is no profile '%s': use z15, z16 or z17",
			       params->profile ? params->profile : "");
	if (!params->memory_size || params->memory_size % PV_PAGE_SIZE ||
	    params->memory_size > MAX_MEMORY_SIZE)
		return uv_fail(err, 0, 0,
			       "memory size 0x%" PRIx64 " is not whole pages up to 4 TiB",
			       params->memory_size);
	if (!ops->read_abs || !ops->write_abs || !ops->read_logical ||
	    !ops->write_logical || !ops->probe_logical || !ops->probe_home ||
	    !ops->read_home || !ops->write_home)
		return uv_fail(err, 0, 0,
			       "a callback that reaches storage is missing");
	return 0;
}

struct uv_machine *uv_machine_new(const struct uv_machine_params *params,
				  struct uv_error *err)
{
	struct uv_machine *machine;

	if (check_params(params, err))
		return NULL;
	machine = OPENSSL_zalloc(sizeof(*machine));
	if (!machine || !uv_storage_init(&machine->storage,
					 params->memory_size)) {
		OPENSSL_free(machine);
		uv_fail(err, 0, 0, "no memory for a machine");
		return NULL;
	}
	machine->profile = uv_profile_find(params->profile);
	machine->ops = params->ops;
	machine->opaque = params->opaque;
	machine->low_base_storage = params->low_base_storage;
	machine->owner.id = UV_OWNER_ULTRAVISOR;
	uv_random_init(&machine->random, params->seed);
	return machine;
}

static void destroy_configs(struct uv_machine *machine)
{
	while (machine->configs)
		uv_config_destroy(machine, machine->configs);
}

void uv_machine_free(struct uv_machine *machine)
{
	if (!machine)
		return;
	/* The embedder is going away: nothing of it may be called any more. */
	machine->ops = (struct uv_ops){ 0 };
	destroy_configs(machine);
	uv_donation_free(&machine->base);
	for (int i = 0; i < UV_HOST_KEYS; i++)
		uv_host_key_free(&machine->host_keys[i]);
	uv_storage_free(&machine->storage);
	OPENSSL_clear_free(machine, sizeof(*machine));
}

/* Pages whose configuration was destroyed without them. */
static void clear_abandoned(struct uv_machine *machine)
{
	const struct uv_storage *storage = &machine->storage;
	bool reduced = false;

	for (uint64_t i = 0; i < storage->count; i++) {
		if (storage->pages[i].state == UV_PAGE_NORMAL)
			continue;
		uv_clear_page(machine, i << PV_PAGE_SHIFT);
		uv_storage_apply(&machine->storage, i << PV_PAGE_SHIFT, NULL,
				 UV_PAGE_DESTROY);
		reduced = true;
	}
	if (reduced)
		uv_machine_rights_reduced(machine, UV_ALL_PAGES);
}

void uv_machine_reset(struct uv_machine *machine)
{
	destroy_configs(machine);
	uv_donation_return(machine, &machine->owner, &machine->base);
	machine->initialized = false;
	clear_abandoned(machine);
	uv_faults_restart(&machine->faults);
}

void uv_machine_set_firmware_state(struct uv_machine *machine,
				   const uint8_t state[320])
{
	memcpy(machine->firmware_state, state, sizeof(machine->firmware_state));
}

bool uv_machine_random(struct uv_machine *machine, void *out, size_t len)
{
	if (machine->ops.random)
		return machine->ops.random(machine->opaque, out, len);
	return uv_random_bytes(&machine->random, out, len);
}

bool uv_machine_random_xts_key(struct uv_machine *machine,
			       uint8_t key[UV_XTS_KEY_SIZE])
{
	const size_t half = UV_XTS_KEY_SIZE / 2;

	if (!uv_machine_random(machine, key, UV_XTS_KEY_SIZE))
		return false;
	/* XTS needs two keys, whatever an embedder takes for random. */
	if (!CRYPTO_memcmp(key, key + half, half))
		key[half] ^= 1;
	return true;
}

bool uv_machine_is_prefix(const struct uv_machine *machine, uint64_t addr,
			  uint64_t len)
{
	return machine->ops.is_prefix &&
	       machine->ops.is_prefix(machine->opaque, addr, len);
}

void uv_machine_rights_reduced(const struct uv_machine *machine, uint64_t page)
{
	if (machine->ops.rights_reduced)
		machine->ops.rights_reduced(machine->opaque, page);
}
