// SPDX-License-Identifier: MIT
/* Set and remove shared access. */
#include <inttypes.h>

#include "bytes.h"
#include "call.h"
#include "config.h"
#include "report.h"

static uint16_t change(struct uv_call *call, enum uv_page_event event)
{
	struct uv_machine *machine = call->machine;
	uint64_t addr = get64(call->share.paddr);
	enum uv_page_result result = UV_PAGE_REFUSED;

	if (addr % PV_PAGE_SIZE == 0)
		result = uv_storage_apply(&machine->storage, addr,
					  call->cpu->config->id, event);
	if (result == UV_PAGE_REFUSED) {
		uv_log(machine, UV_LOG_INFO,
		       "%s refused: 0x%" PRIx64 " is not a page of configuration %u",
		       event == UV_PAGE_SHARE ? "share" : "unshare", addr,
		       call->cpu->config->id);
		return PV_RC_SHARE_INV_ADDR;
	}
	if (result == UV_PAGE_DONE_REDUCED)
		uv_machine_rights_reduced(machine);
	return PV_RC_EXECUTED;
}

uint16_t uv_set_shared(struct uv_call *call)
{
	return change(call, UV_PAGE_SHARE);
}

uint16_t uv_remove_shared(struct uv_call *call)
{
	return change(call, UV_PAGE_UNSHARE);
}
