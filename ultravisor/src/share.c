// SPDX-License-Identifier: MIT
/* Set and remove shared access. */
#include <inttypes.h>

#include "bytes.h"
#include "config.h"
#include "guest_memory.h"
#include "pv/sie.h"
#include "report.h"
#include "vcpu.h"

static uint16_t refuse(struct uv_call *call, enum uv_page_event event)
{
	uv_log(call->machine, UV_LOG_INFO,
	       "%s refused: 0x%" PRIx64 " is not a page of configuration %u",
	       event == UV_PAGE_SHARE ? "share" : "unshare",
	       get64(call->share.paddr), call->cpu->config->owner.id);
	return PV_RC_SHARE_INV_ADDR;
}

static uint16_t apply(struct uv_call *call, uint64_t frame,
		      enum uv_page_event event)
{
	enum uv_page_result result =
		uv_storage_apply(&call->machine->storage, frame,
				 &call->cpu->config->owner, event);

	if (result == UV_PAGE_REFUSED)
		return refuse(call, event);
	if (result == UV_PAGE_DONE_REDUCED)
		uv_call_reduced(call, frame);
	return PV_RC_EXECUTED;
}

/* The guest repeats the call when its host has done its part. */
static uint16_t leave(struct uv_call *call, struct uv_sie_result result)
{
	*call->cpu->sie = result;
	call->end = UV_CALL_SIE;
	return UV_RC_INTERNAL;
}

static uint16_t change_in_sie(struct uv_call *call, enum uv_page_event event)
{
	const struct uv_config *config = call->cpu->config;
	uint64_t addr = get64(call->share.paddr);
	struct uv_guest_fault fault;
	uint64_t frame;

	if (addr >= config->space.len)
		return refuse(call, event);
	if (uv_guest_frame(call->machine, config, config->space.origin + addr,
			   true, &frame, &fault))
		return leave(call, uv_sie_fault_uvc(call->machine,
						    call->cpu->vcpu, &fault));
	if (event == UV_PAGE_UNSHARE &&
	    uv_page_state(call->machine, frame) == UV_PAGE_PINNED)
		return leave(call, uv_sie_notify_uvc(call->machine,
						     call->cpu->vcpu,
						     &call->share));
	return apply(call, frame, event);
}

static uint16_t change(struct uv_call *call, enum uv_page_event event)
{
	uint64_t addr = get64(call->share.paddr);

	if (addr % PV_PAGE_SIZE)
		return refuse(call, event);
	if (call->cpu->vcpu)
		return change_in_sie(call, event);
	return apply(call, addr, event);
}

uint16_t uv_set_shared(struct uv_call *call)
{
	return change(call, UV_PAGE_SHARE);
}

uint16_t uv_remove_shared(struct uv_call *call)
{
	return change(call, UV_PAGE_UNSHARE);
}
