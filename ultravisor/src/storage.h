/* SPDX-License-Identifier: MIT */
/* Who owns each page of the machine, and who may see it. */
#ifndef UV_STORAGE_H
#define UV_STORAGE_H

#include "pv/types.h"
#include "ultravisor.h"

/* What can happen to a page. */
enum uv_page_event {
	UV_PAGE_GIVE,		/* a configuration takes it */
	UV_PAGE_UNPACK,		/* it is unpacked into a configuration */
	UV_PAGE_SHARE,
	UV_PAGE_UNSHARE,
	UV_PAGE_RELEASE,	/* its configuration ends */
	UV_PAGE_EVENTS
};

enum uv_page_result {
	UV_PAGE_REFUSED,	/* not legal in this state, or not the owner */
	UV_PAGE_DONE,
	UV_PAGE_DONE_REDUCED,	/* done, and somebody lost access by it */
};

/**
 * struct uv_page - one page
 * @component: public part of the tweak with which it is exported, drawn when
 *	it became secure
 * @owner: id of the configuration it belongs to, 0 for none
 * @state: enum uv_page_state
 */
struct uv_page {
	uint64_t component;
	uint16_t owner;
	uint8_t state;
};

/**
 * struct uv_storage - all pages
 * @component: newest one drawn; none is ever drawn twice
 */
struct uv_storage {
	struct uv_page *pages;
	uint64_t count;
	uint64_t component;
};

/** uv_storage_init() - @size bytes of normal storage; false without memory */
bool uv_storage_init(struct uv_storage *storage, uint64_t size);
void uv_storage_free(struct uv_storage *storage);

/** uv_storage_page() - the page at @addr, NULL beyond storage */
const struct uv_page *uv_storage_page(const struct uv_storage *storage,
				      uint64_t addr);

/**
 * uv_storage_run() - the next run of pages that @owner has; 0: that nobody has
 * @addr: in: page address from which on to look, out: start of the run
 *
 * Return: bytes of it, 0 if there is none any more
 */
uint64_t uv_storage_run(const struct uv_storage *storage, uint16_t owner,
			uint64_t *addr);

/** uv_storage_owned() - does the page at @addr exist and belong to @owner? */
bool uv_storage_owned(const struct uv_storage *storage, uint64_t addr,
		      uint16_t owner);

/**
 * uv_storage_apply() - let @event, caused by configuration @owner, happen
 * @addr: any address within the page
 *
 * The legal transitions stand in one table, which README.md shows and a test
 * walks through.  A refused event changes nothing.
 */
enum uv_page_result uv_storage_apply(struct uv_storage *storage, uint64_t addr,
				     uint16_t owner, enum uv_page_event event);

/**
 * uv_storage_apply_all() - the same for every page that @owner has, or, if
 *	@event is UV_PAGE_GIVE, for every page that it does not have yet
 *
 * All or nothing.
 */
enum uv_page_result uv_storage_apply_all(struct uv_storage *storage,
					 uint16_t owner,
					 enum uv_page_event event);

#endif /* UV_STORAGE_H */
