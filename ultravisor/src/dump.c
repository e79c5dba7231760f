// SPDX-License-Identifier: MIT
/* The calls of a confidential dump. */
#include <inttypes.h>
#include <string.h>

#include <openssl/crypto.h>

#include "bytes.h"
#include "handle.h"
#include "operand.h"
#include "report.h"
#include "vcpu.h"

static uint16_t failed(const struct uv_call *call)
{
	uv_log(call->machine, UV_LOG_ERROR,
	       "a dump cannot go on: out of memory or libcrypto unusable");
	return UV_RC_INTERNAL;
}

/* ---- initiate ---- */

static bool in_sie(const struct uv_config *config)
{
	for (const struct uv_vcpu *vcpu = config->vcpus; vcpu;
	     vcpu = vcpu->next) {
		if (vcpu->in_sie)
			return true;
	}
	return false;
}

/* The owner decides twice: in the SE header, and while the guest runs. */
static bool allowed(const struct uv_config *config)
{
	return config->image.pcf & PV_PCF_ALLOW_DUMPING &&
	       !config->dump_disabled;
}

uint16_t uv_dump_init(struct uv_call *call)
{
	struct uv_config *config =
		uv_config_by_handle(call->machine, get64(call->handle.handle));

	if (!config)
		return PV_RC_INV_GHANDLE;
	if (config->state != UV_CONFIG_VERIFIED || config->dump.active)
		return PV_RC_INV_STATE;
	if (!allowed(config))
		return PV_RC_DUMP_NOT_ALLOWED;
	if (in_sie(config))
		return PV_RC_INV_STATE;
	if (!uv_dump_begin(call->machine, config))
		return failed(call);
	call->dumped = config;
	uv_log(call->machine, UV_LOG_INFO, "dump of configuration %u begins",
	       config->owner.id);
	return PV_RC_EXECUTED;
}

/* ---- areas ---- */

/* What there is, and zeros up to the length that the query has promised. */
static uint16_t put_area(struct uv_call *call, const void *data, size_t len,
			 uint64_t area_len)
{
	uint8_t area[PV_DUMP_AREA_MAX] = { 0 };

	memcpy(area, data, len);
	return uv_operand_store(call, get64(call->dump.area_addr), area,
				(size_t)area_len, PV_RC_DUMP_ACCESS);
}

/* Nothing is sealed for an area that cannot have it. */
static uint16_t probe_area(struct uv_call *call, uint64_t area_len)
{
	return uv_operand_probe(call, get64(call->dump.area_addr),
				(size_t)area_len, PV_RC_DUMP_ACCESS);
}

/* ---- storage ---- */

static struct pv_dump_page special(uint8_t flags)
{
	return (struct pv_dump_page){
		.mark = put32(PV_DUMP_PAGE_SPECIAL),
		.flags = flags,
	};
}

static struct pv_dump_page encrypted(uint64_t component)
{
	const pv_be64 high = put64(component);
	struct pv_dump_page page = { 0 };

	memcpy(&page, &high, sizeof(high));
	return page;
}

/* A page that is still here will leave with the component that it has. */
static struct pv_dump_page here(const struct uv_page *frame)
{
	return frame->state == UV_PAGE_SECURE ? encrypted(frame->component) :
						special(PV_DUMP_PAGE_SHARED);
}

static struct pv_dump_page page_state(const struct uv_machine *machine,
				      const struct uv_guest_page *page)
{
	switch (page ? page->state : UV_GUEST_PAGE_NEW) {
	case UV_GUEST_PAGE_HERE:
		return here(uv_storage_page(&machine->storage, page->frame));
	case UV_GUEST_PAGE_EXPORTED:
		return encrypted(page->component);
	case UV_GUEST_PAGE_AWAY:
		return special(PV_DUMP_PAGE_SHARED);
	default:
		/* Never used, or destroyed: there is no content. */
		return special(PV_DUMP_PAGE_ZERO);
	}
}

static uint16_t put_states(struct uv_call *call,
			   const struct uv_config *config)
{
	struct pv_dump_page states[PV_DUMP_BLOCK_PAGES];
	const struct uv_guest_space *space = &config->space;
	uint64_t gaddr = space->origin + get64(call->dump.gaddr);

	for (size_t i = 0; i < PV_DUMP_BLOCK_PAGES; i++)
		states[i] = page_state(call->machine,
				       uv_guest_page_look(space, gaddr +
							  i * PV_PAGE_SIZE));
	return put_area(call, states, sizeof(states),
			call->machine->profile->host.dump_state_len);
}

uint16_t uv_dump_storage(struct uv_call *call)
{
	const struct uv_config *config =
		uv_config_by_handle(call->machine, get64(call->dump.handle));
	uint64_t gaddr = get64(call->dump.gaddr);

	if (!config)
		return PV_RC_INV_GHANDLE;
	if (!config->dump.active)
		return PV_RC_INV_STATE;
	if (gaddr % PV_DUMP_BLOCK_SIZE || gaddr >= config->space.len)
		return PV_RC_DUMP_GADDR;
	return put_states(call, config);
}

/* ---- CPUs ---- */

static uint16_t put_cpu(struct uv_call *call, struct uv_vcpu *vcpu)
{
	const uint64_t len = call->machine->profile->host.cpu_len;
	uint16_t rc = probe_area(call, len);
	struct pv_dump_cpu area;

	if (rc != PV_RC_EXECUTED)
		return rc;
	if (uv_dump_seal_cpu(vcpu, &area))
		rc = put_area(call, &area, sizeof(area), len);
	else
		rc = failed(call);
	OPENSSL_cleanse(&area, sizeof(area));
	return rc;
}

uint16_t uv_dump_cpu(struct uv_call *call)
{
	struct uv_vcpu *vcpu = uv_vcpu_find(call->machine,
					    get64(call->dump.handle));

	if (!vcpu)
		return PV_RC_INV_CHANDLE;
	if (!vcpu->config->dump.active)
		return PV_RC_INV_STATE;
	return put_cpu(call, vcpu);
}

/* ---- complete ---- */

static uint16_t put_completion(struct uv_call *call,
			       const struct uv_config *config)
{
	const uint64_t len = call->machine->profile->host.dump_finalize_len;
	struct pv_dump_complete area;
	uint16_t rc;

	if (uv_dump_seal_completion(config, &area))
		rc = put_area(call, &area, sizeof(area), len);
	else
		rc = failed(call);
	OPENSSL_cleanse(&area, sizeof(area));
	return rc;
}

uint16_t uv_dump_complete(struct uv_call *call)
{
	struct uv_config *config =
		uv_config_by_handle(call->machine, get64(call->dump.handle));
	uint16_t rc;

	if (!config)
		return PV_RC_INV_GHANDLE;
	if (!config->dump.active)
		return PV_RC_INV_STATE;
	rc = put_completion(call, config);
	/* Whoever did not get it can ask again. */
	if (rc != PV_RC_EXECUTED)
		return rc;
	uv_log(call->machine, UV_LOG_INFO,
	       "dump of configuration %u is complete, with %" PRIu64 " states of CPUs",
	       config->owner.id, config->dump.areas);
	uv_dump_end(config);
	return rc;
}
