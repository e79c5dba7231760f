/* SPDX-License-Identifier: MIT */
/* Storage that a host donates to the Ultravisor, and gets back page by page. */
#ifndef UV_DONATION_H
#define UV_DONATION_H

#include "storage.h"

/**
 * struct uv_donation - the exact pages of one donation
 * @pages: their absolute addresses
 * @count: how many
 */
struct uv_donation {
	uint64_t *pages;
	size_t count;
};

/** uv_donation_init() - room for @len bytes, no page; false without memory */
bool uv_donation_init(struct uv_donation *donation, uint64_t len);

/** uv_donation_add() - one more page, within the room that there is */
void uv_donation_add(struct uv_donation *donation, uint64_t addr);

/** uv_donation_range() - uv_donation_init() and all pages of a range */
bool uv_donation_range(struct uv_donation *donation, uint64_t addr,
		       uint64_t len);

/**
 * uv_donation_take() - the host loses the pages
 *
 * All or nothing: false if one of them is not normal, or is there twice.
 */
bool uv_donation_take(struct uv_machine *machine, struct uv_owner *owner,
		      const struct uv_donation *donation);

/**
 * uv_donation_cancel() - give pages back as they are, forget them
 *
 * For a call that is refused after all, and so changes nothing.
 */
void uv_donation_cancel(struct uv_machine *machine, struct uv_owner *owner,
			struct uv_donation *donation);

/** uv_donation_return() - clear the pages, give them back, forget them */
void uv_donation_return(struct uv_machine *machine, struct uv_owner *owner,
			struct uv_donation *donation);

/** uv_donation_free() - forget pages that were not taken */
void uv_donation_free(struct uv_donation *donation);

#endif /* UV_DONATION_H */
