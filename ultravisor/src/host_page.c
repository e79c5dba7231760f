// SPDX-License-Identifier: MIT
/* Import, export, destroy, pin and unpin: a host and single pages. */
#include <string.h>

#include <openssl/crypto.h>

#include "bytes.h"
#include "clear.h"
#include "guest_memory.h"
#include "handle.h"
#include "host_page.h"
#include "vcpu.h"

/* ---- places ---- */

uint16_t uv_place_find(struct uv_call *call, struct uv_config *config,
		       uint64_t gaddr, struct uv_place *place)
{
	const struct uv_machine *machine = call->machine;
	const struct uv_page *before;

	*place = (struct uv_place){ .config = config };
	if (!uv_guest_space_has(&config->space, gaddr))
		return PV_RC_PAGE_GADDR;
	place->gaddr = gaddr & ~(PV_PAGE_SIZE - 1);
	if (uv_walk(machine, config->asce, place->gaddr, true, &place->frame))
		return PV_RC_PAGE_NOT_MAPPED;
	before = uv_storage_page(&machine->storage, place->frame);
	if (!before)
		return PV_RC_PAGE_TAKEN;
	place->before = *before;
	place->page = uv_guest_page(&config->space, place->gaddr);
	return place->page ? PV_RC_EXECUTED : UV_RC_INTERNAL;
}

/* Is the guest's page in the frame already? */
static bool belongs(const struct uv_place *place)
{
	return place->before.owner == place->config->owner.id &&
	       place->before.state != UV_PAGE_DONATED &&
	       place->before.gaddr == place->gaddr;
}

static bool shared(const struct uv_page *page)
{
	return page->state == UV_PAGE_SHARED || page->state == UV_PAGE_PINNED;
}

bool uv_place_free(const struct uv_call *call, const struct uv_place *place)
{
	if (place->page->state == UV_GUEST_PAGE_HERE ||
	    !uv_page_free_for(&place->before, &place->config->owner))
		return false;
	/* What the machine itself stores into must stay the host's. */
	return !uv_call_block_in(call, place->frame, PV_PAGE_SIZE) &&
	       !uv_machine_is_prefix(call->machine, place->frame,
				     PV_PAGE_SIZE);
}

/* The guest that had a page @before: it is still shared, but not here. */
static void lose(struct uv_machine *machine, const struct uv_page *before)
{
	struct uv_config *config;

	if (!shared(before))
		return;
	config = uv_config_find(machine, before->owner);
	if (config && config->handle)
		uv_guest_page(&config->space, before->gaddr)->state =
			UV_GUEST_PAGE_AWAY;
}

void uv_place_taken(struct uv_machine *machine, const struct uv_place *place)
{
	lose(machine, &place->before);
	uv_storage_place(&machine->storage, place->frame, place->gaddr);
	place->page->state = UV_GUEST_PAGE_HERE;
	place->page->frame = place->frame;
}

/* ---- import ---- */

/* A store that fails must do so before anything has changed. */
static uint16_t fetch(const struct uv_machine *machine, uint64_t frame,
		      uint8_t bytes[PV_PAGE_SIZE])
{
	if (machine->ops.read_abs(machine->opaque, frame, bytes,
				  PV_PAGE_SIZE) != UV_ACCESS_OK ||
	    machine->ops.write_abs(machine->opaque, frame, bytes, 1) !=
	    UV_ACCESS_OK)
		return PV_RC_PAGE_NOT_MAPPED;
	return PV_RC_EXECUTED;
}

static uint16_t open_page(const struct uv_place *place,
			  uint8_t bytes[PV_PAGE_SIZE])
{
	const struct uv_export *export = &place->config->export;
	const struct uv_guest_page *page = place->page;
	uint8_t mac[UV_EXPORT_MAC_SIZE];

	uv_vcpu_put_psw_back(place->config, place->gaddr, bytes);
	if (!uv_export_mac(export, place->gaddr, page->component, bytes, mac))
		return UV_RC_INTERNAL;
	if (CRYPTO_memcmp(mac, page->mac, sizeof(mac)))
		return PV_RC_PAGE_INTEGRITY;
	return uv_export_open(export, page->component, bytes) ?
	       PV_RC_EXECUTED : UV_RC_INTERNAL;
}

/* From what stands in the frame to what the guest is to find there. */
static uint16_t make_content(const struct uv_machine *machine,
			     const struct uv_place *place,
			     uint8_t bytes[PV_PAGE_SIZE])
{
	uint16_t rc = fetch(machine, place->frame, bytes);

	if (rc != PV_RC_EXECUTED)
		return rc;
	if (place->page->state == UV_GUEST_PAGE_EXPORTED)
		return open_page(place, bytes);
	memset(bytes, 0, PV_PAGE_SIZE);
	return PV_RC_EXECUTED;
}

static uint16_t bring_in(struct uv_call *call, const struct uv_place *place)
{
	struct uv_machine *machine = call->machine;
	uint8_t bytes[PV_PAGE_SIZE];
	uint16_t rc;

	/* It had a content.  A page of zeros would be another one. */
	if (place->page->state == UV_GUEST_PAGE_LOST)
		return PV_RC_PAGE_INTEGRITY;
	uv_call_reduced(call, place->frame);
	rc = make_content(machine, place, bytes);
	if (rc == PV_RC_EXECUTED) {
		uv_storage_apply(&machine->storage, place->frame,
				 &place->config->owner, UV_PAGE_IMPORT);
		uv_place_taken(machine, place);
		machine->ops.write_abs(machine->opaque, place->frame, bytes,
				       sizeof(bytes));
	}
	OPENSSL_cleanse(bytes, sizeof(bytes));
	return rc;
}

/* A shared page comes back: its content is whatever stands there. */
static uint16_t rejoin(struct uv_call *call, const struct uv_place *place)
{
	if (place->before.owner)
		uv_call_reduced(call, place->frame);
	uv_storage_apply(&call->machine->storage, place->frame,
			 &place->config->owner, UV_PAGE_REJOIN);
	uv_place_taken(call->machine, place);
	return PV_RC_EXECUTED;
}

/* The page of a guest that a block speaks of. */
static uint16_t guest_page(struct uv_call *call, struct uv_place *place)
{
	struct uv_config *config =
		uv_config_by_handle(call->machine,
				    get64(call->guest_page.guest_handle));

	if (!config)
		return PV_RC_INV_GHANDLE;
	return uv_place_find(call, config, get64(call->guest_page.gaddr),
			     place);
}

uint16_t uv_import(struct uv_call *call)
{
	struct uv_place place;
	uint16_t rc = guest_page(call, &place);

	if (rc != PV_RC_EXECUTED || belongs(&place))
		return rc;
	if (!uv_place_free(call, &place))
		return PV_RC_PAGE_TAKEN;
	return place.page->state == UV_GUEST_PAGE_AWAY ?
	       rejoin(call, &place) : bring_in(call, &place);
}

uint16_t uv_unpin(struct uv_call *call)
{
	struct uv_place place;
	uint16_t rc = guest_page(call, &place);

	if (rc != PV_RC_EXECUTED)
		return rc;
	if (!belongs(&place) || !shared(&place.before))
		return PV_RC_PAGE_HOST;
	uv_storage_apply(&call->machine->storage, place.frame,
			 &place.config->owner, UV_PAGE_UNPIN);
	return PV_RC_EXECUTED;
}

/* ---- by absolute address ---- */

/* NULL: there is no page there that a host could speak of. */
static const struct uv_page *host_page(const struct uv_call *call,
				       uint64_t addr)
{
	const struct uv_page *page =
		uv_storage_page(&call->machine->storage, addr);

	if (addr % PV_PAGE_SIZE || !page || page->state == UV_PAGE_DONATED)
		return NULL;
	return page;
}

/* The guest whose page it is, NULL if that is gone. */
static struct uv_config *owner_of(const struct uv_call *call,
				  const struct uv_page *page)
{
	return uv_config_find(call->machine, page->owner);
}

static bool encrypt(const struct uv_config *config, const struct uv_page *page,
		    uint8_t bytes[PV_PAGE_SIZE],
		    uint8_t mac[UV_EXPORT_MAC_SIZE])
{
	return uv_export_page(&config->export, page->component, bytes) &&
	       uv_export_mac(&config->export, page->gaddr, page->component,
			     bytes, mac);
}

static uint16_t export_secure(const struct uv_machine *machine, uint64_t addr,
			      struct uv_config *config,
			      const struct uv_page *page)
{
	struct uv_guest_page *known = uv_guest_page(&config->space,
						    page->gaddr);
	uint8_t bytes[PV_PAGE_SIZE], mac[UV_EXPORT_MAC_SIZE];
	uint16_t rc = PV_RC_EXECUTED;

	if (machine->ops.read_abs(machine->opaque, addr, bytes,
				  sizeof(bytes)) != UV_ACCESS_OK)
		return PV_RC_PAGE_HOST;
	if (!encrypt(config, page, bytes, mac))
		rc = UV_RC_INTERNAL;
	else if (machine->ops.write_abs(machine->opaque, addr, bytes,
					sizeof(bytes)) != UV_ACCESS_OK)
		rc = PV_RC_PAGE_HOST;
	else
		uv_vcpu_keep_psw(config, page->gaddr, bytes);
	OPENSSL_cleanse(bytes, sizeof(bytes));
	if (rc != PV_RC_EXECUTED)
		return rc;
	known->state = UV_GUEST_PAGE_EXPORTED;
	known->component = page->component;
	memcpy(known->mac, mac, sizeof(mac));
	return rc;
}

/* What a shared page held stays open to the host, which knows it anyway. */
static uint16_t export_owned(struct uv_call *call, uint64_t addr,
			     const struct uv_page *page)
{
	struct uv_config *config = owner_of(call, page);

	if (shared(page)) {
		lose(call->machine, page);
		return PV_RC_EXECUTED;
	}
	if (config)
		return export_secure(call->machine, addr, config, page);
	/* Its keys are gone with its owner, so there is nothing to be kept. */
	uv_clear_page(call->machine, addr);
	return PV_RC_EXECUTED;
}

/* A guest that owns the machine has no host that could ask for its pages. */
static bool has_no_host(const struct uv_call *call, const struct uv_page *page)
{
	const struct uv_config *config = owner_of(call, page);

	return config && !config->handle;
}

uint16_t uv_export(struct uv_call *call)
{
	uint64_t addr = get64(call->host_page.paddr);
	const struct uv_page *page = host_page(call, addr);
	uint16_t rc;

	if (!page)
		return PV_RC_PAGE_HOST;
	if (page->state == UV_PAGE_NORMAL)
		return PV_RC_EXECUTED;
	if (has_no_host(call, page))
		return PV_RC_PAGE_HOST;
	uv_call_reduced(call, addr);
	rc = export_owned(call, addr, page);
	if (rc == PV_RC_EXECUTED)
		uv_storage_apply(&call->machine->storage, addr, NULL,
				 UV_PAGE_EXPORT);
	return rc;
}

uint16_t uv_destroy_page(struct uv_call *call)
{
	uint64_t addr = get64(call->host_page.paddr);
	const struct uv_page *page = host_page(call, addr);
	struct uv_config *config;

	if (!page)
		return PV_RC_PAGE_HOST;
	if (page->state == UV_PAGE_NORMAL)
		return PV_RC_EXECUTED;
	config = owner_of(call, page);
	if (config && (config->vcpus || !config->handle))
		return PV_RC_PAGE_OWNER_LIVES;
	uv_call_reduced(call, addr);
	if (config)
		uv_guest_page(&config->space, page->gaddr)->state =
			UV_GUEST_PAGE_LOST;
	uv_clear_page(call->machine, addr);
	uv_storage_apply(&call->machine->storage, addr, NULL, UV_PAGE_DESTROY);
	return PV_RC_EXECUTED;
}

uint16_t uv_pin(struct uv_call *call)
{
	uint64_t addr = get64(call->host_page.paddr);

	if (!host_page(call, addr) ||
	    uv_storage_apply(&call->machine->storage, addr, NULL,
			     UV_PAGE_PIN) == UV_PAGE_REFUSED)
		return PV_RC_PAGE_HOST;
	return PV_RC_EXECUTED;
}
