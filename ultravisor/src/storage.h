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
	UV_PAGE_IMPORT,		/* its host gives it to a configuration */
	UV_PAGE_REJOIN,		/* ... in place of a shared page that had left */
	UV_PAGE_SHARE,
	UV_PAGE_UNSHARE,
	UV_PAGE_RECLAIM,	/* unshared by the host for its guest, or reset */
	UV_PAGE_PIN,
	UV_PAGE_UNPIN,
	UV_PAGE_EXPORT,
	UV_PAGE_DESTROY,
	UV_PAGE_DONATE,		/* the host gives it to the Ultravisor */
	UV_PAGE_RETURN,		/* ... and gets it back */
	UV_PAGE_RELEASE,	/* its configuration ends */
	UV_PAGE_EVENTS
};

enum uv_page_result {
	UV_PAGE_REFUSED,	/* not legal in this state, or not the owner */
	UV_PAGE_DONE,
	UV_PAGE_DONE_REDUCED,	/* done, and somebody lost access by it */
};

/* Owner of what is donated to the Ultravisor as a whole. */
#define UV_OWNER_ULTRAVISOR	UINT32_MAX

/**
 * struct uv_owner - somebody who can have pages
 * @id: never 0, never used again
 * @component: newest one drawn; none is ever drawn twice
 */
struct uv_owner {
	uint32_t id;
	uint64_t component;
};

/**
 * struct uv_page - one page
 * @component: public part of the tweak with which it is exported, drawn when
 *	it became secure
 * @gaddr: with an owner: where it is in the guest's space
 * @owner: who it belongs to, 0 for nobody.  A configuration that is gone can
 *	still own pages: nobody else ever gets its id
 * @state: enum uv_page_state
 */
struct uv_page {
	uint64_t component;
	uint64_t gaddr;
	uint32_t owner;
	uint8_t state;
};

/** struct uv_storage - all pages */
struct uv_storage {
	struct uv_page *pages;
	uint64_t count;
};

/** uv_storage_init() - @size bytes of normal storage; false without memory */
bool uv_storage_init(struct uv_storage *storage, uint64_t size);
void uv_storage_free(struct uv_storage *storage);

/** uv_storage_page() - the page at @addr, NULL beyond storage */
const struct uv_page *uv_storage_page(const struct uv_storage *storage,
				      uint64_t addr);

/**
 * uv_page_free_for() - can somebody who does not have the page get it?
 *
 * It must be normal, or shared by somebody else.
 */
bool uv_page_free_for(const struct uv_page *page, const struct uv_owner *owner);

/** uv_storage_normal() - is [addr, addr + len) storage that nobody has? */
bool uv_storage_normal(const struct uv_storage *storage, uint64_t addr,
		       uint64_t len);

/**
 * uv_storage_run() - the next run of pages that @owner has; 0: that nobody has
 * @addr: in: page address from which on to look, out: start of the run
 *
 * Return: bytes of it, 0 if there is none any more
 */
uint64_t uv_storage_run(const struct uv_storage *storage, uint32_t owner,
			uint64_t *addr);

/** uv_storage_owned() - does the page at @addr exist and belong to @owner? */
bool uv_storage_owned(const struct uv_storage *storage, uint64_t addr,
		      uint32_t owner);

/**
 * uv_storage_apply() - let @event, caused by @owner, happen
 * @addr: any address within the page
 * @owner: may be NULL for what a host does to whatever page it is: pin, export
 *	and destroy
 *
 * The legal transitions stand in one table, which README.md shows and a test
 * walks through.  A refused event changes nothing.  Somebody who gets the page
 * has it at the guest address that is its absolute address.
 */
enum uv_page_result uv_storage_apply(struct uv_storage *storage, uint64_t addr,
				     struct uv_owner *owner,
				     enum uv_page_event event);

/** uv_storage_place() - the page at @addr is the guest's page at @gaddr */
void uv_storage_place(struct uv_storage *storage, uint64_t addr,
		      uint64_t gaddr);

/**
 * uv_storage_apply_all() - the same for every page that @owner has, or, if
 *	@event is UV_PAGE_GIVE, for every page that it does not have yet
 *
 * All or nothing.
 */
enum uv_page_result uv_storage_apply_all(struct uv_storage *storage,
					 struct uv_owner *owner,
					 enum uv_page_event event);

#endif /* UV_STORAGE_H */
