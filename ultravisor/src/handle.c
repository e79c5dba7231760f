// SPDX-License-Identifier: MIT
#include <string.h>

#include <openssl/crypto.h>

#include "bytes.h"
#include "handle.h"
#include "vcpu.h"

/*
 * The count keeps handles apart even if the embedder's source of random bytes
 * repeats itself.  The hash hides it.
 */
static uint64_t draw(struct uv_machine *machine)
{
	struct {
		char label[16];
		uint8_t random[32];
		pv_be64 count;
	} input = {
		.label = "handle",
		.count = put64(++machine->handles),
	};
	uint8_t hash[UV_SHA256_SIZE];
	pv_be64 handle = { 0 };

	if (uv_machine_random(machine, input.random, sizeof(input.random)) &&
	    uv_sha256(&input, sizeof(input), hash))
		memcpy(&handle, hash, sizeof(handle));
	OPENSSL_cleanse(&input, sizeof(input));
	return get64(handle);
}

uint64_t uv_handle_new(struct uv_machine *machine)
{
	uint64_t handle = draw(machine);

	if (uv_config_by_handle(machine, handle) ||
	    uv_vcpu_find(machine, handle))
		return 0;
	return handle;
}

struct uv_config *uv_config_by_handle(const struct uv_machine *machine,
				      uint64_t handle)
{
	struct uv_config *config = machine->configs;

	if (!handle)
		return NULL;
	while (config && config->handle != handle)
		config = config->next;
	return config;
}

struct uv_vcpu *uv_vcpu_find(const struct uv_machine *machine, uint64_t handle)
{
	for (struct uv_config *config = machine->configs; config && handle;
	     config = config->next) {
		for (struct uv_vcpu *vcpu = config->vcpus; vcpu;
		     vcpu = vcpu->next) {
			if (vcpu->handle == handle)
				return vcpu;
		}
	}
	return NULL;
}
