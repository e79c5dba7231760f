// SPDX-License-Identifier: MIT
/* What a host does to a configuration as a whole, and to its image. */
#include <inttypes.h>

#include "bytes.h"
#include "guest_memory.h"
#include "handle.h"
#include "host_page.h"
#include "report.h"
#include "vcpu.h"

static struct uv_config *find(const struct uv_call *call)
{
	return uv_config_by_handle(call->machine, get64(call->handle.handle));
}

/* ---- end ---- */

uint16_t uv_destroy_config(struct uv_call *call)
{
	struct uv_config *config = find(call);

	if (!config)
		return PV_RC_INV_GHANDLE;
	if (config->vcpus)
		return PV_RC_INV_STATE;
	/* It tells the embedder itself. */
	uv_config_destroy(call->machine, config);
	return PV_RC_EXECUTED;
}

uint16_t uv_destroy_config_fast(struct uv_call *call)
{
	struct uv_config *config = find(call);

	if (!config)
		return PV_RC_INV_GHANDLE;
	if (config->vcpus)
		return PV_RC_INV_STATE;
	uv_config_abandon(call->machine, config);
	return PV_RC_EXECUTED;
}

/* ---- image ---- */

static uint16_t answer(struct uv_call *call, int ret,
		       const struct uv_error *err)
{
	return ret ? uv_call_refuse(call, err) : PV_RC_EXECUTED;
}

uint16_t uv_set_params(struct uv_call *call)
{
	const struct pv_uvcb_set_params *block = &call->set_params;
	struct uv_config *config =
		uv_config_by_handle(call->machine, get64(block->guest_handle));
	const struct uv_source header = {
		.read = call->machine->ops.read_home,
		.opaque = call->cpu->opaque,
		.addr = get64(block->header_addr),
		.len = get32(block->header_len),
	};
	struct uv_error err = { 0 };

	if (!config)
		return PV_RC_INV_GHANDLE;
	return answer(call, uv_image_set_params(call->machine, config, &header,
						&err),
		      &err);
}

static uint16_t unpack(struct uv_call *call, struct uv_config *config,
		       uint64_t addr)
{
	struct uv_error err = { 0 };
	struct uv_place place;
	uint16_t rc;

	if (addr % PV_PAGE_SIZE ||
	    addr >= config->space.len)
		return PV_RC_UNPACK_ADDR;
	rc = uv_place_find(call, config, config->space.origin + addr, &place);
	if (rc != PV_RC_EXECUTED)
		return rc;
	if (!uv_place_free(call, &place))
		return PV_RC_UNPACK_OWNED;
	uv_call_reduced(call, place.frame);
	rc = answer(call, uv_image_unpack(call->machine, config, place.frame,
					  addr, call->unpack.tweak, &err),
		    &err);
	/* Even a failure may have taken it, which must not be forgotten. */
	if (uv_storage_owned(&call->machine->storage, place.frame,
			     config->owner.id))
		uv_place_taken(call->machine, &place);
	return rc;
}

uint16_t uv_unpack(struct uv_call *call)
{
	struct uv_config *config =
		uv_config_by_handle(call->machine,
				    get64(call->unpack.guest_handle));
	struct uv_error err = { 0 };

	if (!config)
		return PV_RC_INV_GHANDLE;
	if (uv_image_may_unpack(config, &err))
		return uv_call_refuse(call, &err);
	return unpack(call, config, get64(call->unpack.gaddr));
}

uint16_t uv_verify(struct uv_call *call)
{
	struct uv_config *config = find(call);
	struct uv_error err = { 0 };

	if (!config)
		return PV_RC_INV_GHANDLE;
	return answer(call, uv_image_verify(call->machine, config, &err), &err);
}

/* ---- reset ---- */

static bool all_stopped(const struct uv_config *config)
{
	for (const struct uv_vcpu *vcpu = config->vcpus; vcpu;
	     vcpu = vcpu->next) {
		if (vcpu->in_sie || vcpu->run == UV_VCPU_OPERATING)
			return false;
	}
	return true;
}

static void unshare_page(struct uv_call *call, struct uv_config *config,
			 struct uv_guest_page *page)
{
	struct uv_storage *storage = &call->machine->storage;

	/* What its host may have put there is no content of the guest. */
	if (page->state == UV_GUEST_PAGE_AWAY)
		page->state = UV_GUEST_PAGE_NEW;
	if (page->state != UV_GUEST_PAGE_HERE ||
	    uv_storage_page(storage, page->frame)->state == UV_PAGE_SECURE)
		return;
	uv_call_reduced(call, UV_ALL_PAGES);
	uv_storage_apply(storage, page->frame, &config->owner,
			 UV_PAGE_RECLAIM);
}

uint16_t uv_unshare_all(struct uv_call *call)
{
	struct uv_config *config = find(call);
	struct uv_guest_page *page;

	if (!config)
		return PV_RC_INV_GHANDLE;
	if (config->state != UV_CONFIG_VERIFIED || !all_stopped(config))
		return PV_RC_INV_STATE;
	for (uint64_t gaddr = config->space.origin;
	     (page = uv_guest_page_next(&config->space, &gaddr));
	     gaddr += PV_PAGE_SIZE)
		unshare_page(call, config, page);
	config->reset.unshared = true;
	return PV_RC_EXECUTED;
}

uint16_t uv_prepare_reset(struct uv_call *call)
{
	struct uv_config *config = find(call);

	if (!config)
		return PV_RC_INV_GHANDLE;
	if (config->state != UV_CONFIG_VERIFIED || !all_stopped(config) ||
	    !config->reset.unshared)
		return PV_RC_INV_STATE;
	config->reset.prepared = true;
	/* The guest that comes has not called anybody yet. */
	config->sccb = 0;
	for (struct uv_vcpu *vcpu = config->vcpus; vcpu; vcpu = vcpu->next)
		vcpu->to_reset = true;
	return PV_RC_EXECUTED;
}
