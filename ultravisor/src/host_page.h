/* SPDX-License-Identifier: MIT */
/* Pages on their way between a host and its guests. */
#ifndef UV_HOST_PAGE_H
#define UV_HOST_PAGE_H

#include "call.h"
#include "config.h"

/**
 * struct uv_place - a page of a guest, and the frame that its host has for it
 * @config: the guest
 * @gaddr: address in its space, of a page
 * @page: what is known of the guest's page
 * @frame: absolute address of the frame
 * @before: what is known of the frame, before anything happens to it
 */
struct uv_place {
	struct uv_config *config;
	uint64_t gaddr;
	struct uv_guest_page *page;
	uint64_t frame;
	struct uv_page before;
};

/**
 * uv_place_find() - by the tables that the host made for its guest
 *
 * Return: PV_RC_EXECUTED, or the response code of import and unpack: not an
 * address of the guest, not mapped, not storage
 */
uint16_t uv_place_find(struct uv_call *call, struct uv_config *config,
		       uint64_t gaddr, struct uv_place *place);

/**
 * uv_place_free() - can the guest's page get that frame?
 *
 * It must not have another one, and the frame must be normal, or shared by
 * somebody else; with neither the block of the call nor a prefix area.
 */
bool uv_place_free(const struct uv_call *call, const struct uv_place *place);

/** uv_place_taken() - the guest's page is in that frame now */
void uv_place_taken(struct uv_machine *machine, const struct uv_place *place);

#endif /* UV_HOST_PAGE_H */
