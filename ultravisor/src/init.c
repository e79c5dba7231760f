// SPDX-License-Identifier: MIT
/* Initialize the Ultravisor: a host donates base storage. */
#include <inttypes.h>

#include "array.h"
#include "bytes.h"
#include "call.h"
#include "report.h"

/**
 * struct base - the storage that is offered
 * @origin: as it stands in the block
 * @first: where it really begins
 * @len: whole pages
 */
struct base {
	struct uv_call *call;
	uint64_t origin;
	uint64_t first;
	uint64_t len;
};

static uint64_t memory_size(const struct base *base)
{
	return base->call->machine->storage.count << PV_PAGE_SHIFT;
}

static uint16_t check_uninitialized(const struct base *base)
{
	return base->call->machine->initialized ? PV_RC_INIT_DONE :
						  PV_RC_EXECUTED;
}

static uint16_t check_len(const struct base *base)
{
	return base->len < base->call->machine->profile->host.base_len ?
	       PV_RC_INIT_LEN : PV_RC_EXECUTED;
}

static uint16_t check_origin(const struct base *base)
{
	return base->origin >= memory_size(base) ? PV_RC_INIT_ORIGIN :
						   PV_RC_EXECUTED;
}

static uint16_t check_end(const struct base *base)
{
	return base->len > memory_size(base) - base->origin ? PV_RC_INIT_END :
							      PV_RC_EXECUTED;
}

static uint16_t check_low(const struct base *base)
{
	return base->first < PV_INIT_ORIGIN_MIN &&
	       !base->call->machine->low_base_storage ? PV_RC_INIT_LOW :
							PV_RC_EXECUTED;
}

static uint16_t check_cpus(const struct base *base)
{
	const struct uv_call *call = base->call;

	return call->machine->ops.others_stopped &&
	       !call->machine->ops.others_stopped(call->cpu->opaque) ?
	       PV_RC_INIT_CPUS : PV_RC_EXECUTED;
}

/* A CPU that loses its prefix area could not even be interrupted for that. */
static uint16_t check_free(const struct base *base)
{
	const struct uv_machine *machine = base->call->machine;

	if (!uv_storage_normal(&machine->storage, base->first, base->len) ||
	    uv_machine_is_prefix(machine, base->first, base->len) ||
	    uv_call_block_in(base->call, base->first, base->len))
		return PV_RC_INIT_ORIGIN;
	return PV_RC_EXECUTED;
}

static uint16_t (*const checks[])(const struct base *base) = {
	check_uninitialized,
	check_len,
	check_origin,
	check_end,
	check_low,
	check_cpus,
	check_free,
};

uint16_t uv_init(struct uv_call *call)
{
	struct uv_machine *machine = call->machine;
	const struct base base = {
		.call = call,
		.origin = get64(call->init.stor_origin),
		.first = get64(call->init.stor_origin) &
			 ~(PV_INIT_ORIGIN_ALIGN - 1),
		.len = get64(call->init.stor_len) & ~(PV_PAGE_SIZE - 1),
	};

	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		uint16_t rc = checks[i](&base);

		if (rc != PV_RC_EXECUTED)
			return rc;
	}
	if (!uv_donation_range(&machine->base, base.first, base.len))
		return UV_RC_INTERNAL;
	uv_call_reduced(call, UV_ALL_PAGES);
	uv_donation_take(machine, &machine->owner, &machine->base);
	machine->initialized = true;
	uv_log(machine, UV_LOG_INFO,
	       "initialized with 0x%" PRIx64 " bytes of base storage at 0x%" PRIx64,
	       base.len, base.first);
	return PV_RC_EXECUTED;
}
