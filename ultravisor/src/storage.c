// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "machine.h"
#include "storage.h"

/**
 * struct transition - what an event does in a state
 * @result: UV_PAGE_REFUSED, the default, where the event is not legal
 * @next: state afterwards
 */
struct transition {
	enum uv_page_result result;
	enum uv_page_state next;
};

#define DONE(state)	{ UV_PAGE_DONE, UV_PAGE_ ## state }
#define REDUCED(state)	{ UV_PAGE_DONE_REDUCED, UV_PAGE_ ## state }

/*
 * Taking a page, unpacking it and importing it differ in its content, which is
 * not our concern here.  Sharing opens a page, nobody loses by it.  Unsharing a
 * page takes it from the outside world; giving it away does so too; releasing
 * it takes it from the configuration.  Sharing twice and unsharing twice are
 * harmless.
 *
 * A shared page can change its owner: the new one takes it from the old one.
 * The guest cannot unshare what its host has pinned, but nothing that the host
 * does itself is stopped by its own pin.
 */
static const struct transition transitions[][UV_PAGE_EVENTS] = {
	[UV_PAGE_NORMAL] = {
		[UV_PAGE_GIVE]	  = REDUCED(SECURE),
		[UV_PAGE_UNPACK]  = REDUCED(SECURE),
		[UV_PAGE_IMPORT]  = REDUCED(SECURE),
		[UV_PAGE_REJOIN]  = DONE(SHARED),
		[UV_PAGE_EXPORT]  = DONE(NORMAL),
		[UV_PAGE_DESTROY] = DONE(NORMAL),
		[UV_PAGE_DONATE]  = REDUCED(DONATED),
	},
	[UV_PAGE_SECURE] = {
		[UV_PAGE_SHARE]	  = DONE(SHARED),
		[UV_PAGE_UNSHARE] = DONE(SECURE),
		[UV_PAGE_RECLAIM] = DONE(SECURE),
		[UV_PAGE_EXPORT]  = REDUCED(NORMAL),
		[UV_PAGE_DESTROY] = REDUCED(NORMAL),
		[UV_PAGE_RELEASE] = REDUCED(NORMAL),
	},
	[UV_PAGE_SHARED] = {
		[UV_PAGE_UNPACK]  = REDUCED(SECURE),
		[UV_PAGE_IMPORT]  = REDUCED(SECURE),
		[UV_PAGE_REJOIN]  = REDUCED(SHARED),
		[UV_PAGE_SHARE]	  = DONE(SHARED),
		[UV_PAGE_UNSHARE] = REDUCED(SECURE),
		[UV_PAGE_RECLAIM] = REDUCED(SECURE),
		[UV_PAGE_PIN]	  = DONE(PINNED),
		[UV_PAGE_UNPIN]	  = DONE(SHARED),
		[UV_PAGE_EXPORT]  = REDUCED(NORMAL),
		[UV_PAGE_DESTROY] = REDUCED(NORMAL),
		[UV_PAGE_RELEASE] = REDUCED(NORMAL),
	},
	[UV_PAGE_PINNED] = {
		[UV_PAGE_UNPACK]  = REDUCED(SECURE),
		[UV_PAGE_IMPORT]  = REDUCED(SECURE),
		[UV_PAGE_REJOIN]  = REDUCED(SHARED),
		[UV_PAGE_SHARE]	  = DONE(PINNED),
		[UV_PAGE_RECLAIM] = REDUCED(SECURE),
		[UV_PAGE_PIN]	  = DONE(PINNED),
		[UV_PAGE_UNPIN]	  = DONE(SHARED),
		[UV_PAGE_EXPORT]  = REDUCED(NORMAL),
		[UV_PAGE_DESTROY] = REDUCED(NORMAL),
		[UV_PAGE_RELEASE] = REDUCED(NORMAL),
	},
	[UV_PAGE_DONATED] = {
		[UV_PAGE_RETURN]  = DONE(NORMAL),
	},
};

/* Who may cause an event on a page that has an owner. */
enum actor {
	OWNER,
	STRANGER,	/* who becomes the owner by it */
	ANYBODY,
};

static const enum actor actors[UV_PAGE_EVENTS] = {
	[UV_PAGE_GIVE]	  = STRANGER,
	[UV_PAGE_UNPACK]  = STRANGER,
	[UV_PAGE_IMPORT]  = STRANGER,
	[UV_PAGE_REJOIN]  = STRANGER,
	[UV_PAGE_PIN]	  = ANYBODY,
	[UV_PAGE_EXPORT]  = ANYBODY,
	[UV_PAGE_DESTROY] = ANYBODY,
	[UV_PAGE_DONATE]  = STRANGER,
};

bool uv_storage_init(struct uv_storage *storage, uint64_t size)
{
	storage->count = size >> PV_PAGE_SHIFT;
	storage->pages = calloc(storage->count, sizeof(*storage->pages));
	return storage->pages;
}

void uv_storage_free(struct uv_storage *storage)
{
	free(storage->pages);
}

static struct uv_page *find(const struct uv_storage *storage, uint64_t addr)
{
	uint64_t index = addr >> PV_PAGE_SHIFT;

	return index < storage->count ? &storage->pages[index] : NULL;
}

const struct uv_page *uv_storage_page(const struct uv_storage *storage,
				      uint64_t addr)
{
	return find(storage, addr);
}

bool uv_page_free_for(const struct uv_page *page, const struct uv_owner *owner)
{
	if (page->owner == owner->id)
		return false;
	return transitions[page->state][UV_PAGE_IMPORT].result !=
	       UV_PAGE_REFUSED;
}

bool uv_storage_normal(const struct uv_storage *storage, uint64_t addr,
		       uint64_t len)
{
	const uint64_t size = storage->count << PV_PAGE_SHIFT;
	uint64_t first = addr >> PV_PAGE_SHIFT;

	if (!len || addr >= size || len > size - addr)
		return false;
	for (uint64_t i = first; i <= (addr + len - 1) >> PV_PAGE_SHIFT; i++) {
		if (storage->pages[i].state != UV_PAGE_NORMAL)
			return false;
	}
	return true;
}

uint64_t uv_storage_run(const struct uv_storage *storage, uint32_t owner,
			uint64_t *addr)
{
	uint64_t start = *addr >> PV_PAGE_SHIFT;
	uint64_t end;

	while (start < storage->count && storage->pages[start].owner != owner)
		start++;
	end = start;
	while (end < storage->count && storage->pages[end].owner == owner)
		end++;
	*addr = start << PV_PAGE_SHIFT;
	return (end - start) << PV_PAGE_SHIFT;
}

bool uv_storage_owned(const struct uv_storage *storage, uint64_t addr,
		      uint32_t owner)
{
	const struct uv_page *page = find(storage, addr);

	return page && page->owner == owner;
}

static bool may_cause(const struct uv_page *page, const struct uv_owner *owner,
		      enum uv_page_event event)
{
	if (actors[event] == ANYBODY)
		return true;
	return (page->owner == owner->id) == (actors[event] == OWNER);
}

static const struct transition *lookup(const struct uv_page *page,
				       const struct uv_owner *owner,
				       enum uv_page_event event)
{
	static const struct transition refused;

	if (!may_cause(page, owner, event))
		return &refused;
	return &transitions[page->state][event];
}

/* The absolute address of a page that a configuration is about to get. */
static uint64_t address(const struct uv_storage *storage,
			const struct uv_page *page)
{
	return (uint64_t)(page - storage->pages) << PV_PAGE_SHIFT;
}

static enum uv_page_result apply(const struct uv_storage *storage,
				 struct uv_page *page, struct uv_owner *owner,
				 enum uv_page_event event)
{
	const struct transition *transition = lookup(page, owner, event);

	if (transition->result == UV_PAGE_REFUSED)
		return UV_PAGE_REFUSED;
	/* What was open may have changed: the old tweak must not come again. */
	if (transition->next == UV_PAGE_SECURE && page->state != UV_PAGE_SECURE)
		page->component = ++owner->component;
	page->state = (uint8_t)transition->next;
	if (transition->next == UV_PAGE_NORMAL) {
		page->owner = 0;
	} else if (actors[event] == STRANGER) {
		page->owner = owner->id;
		page->gaddr = address(storage, page);
	}
	return transition->result;
}

enum uv_page_result uv_storage_apply(struct uv_storage *storage, uint64_t addr,
				     struct uv_owner *owner,
				     enum uv_page_event event)
{
	struct uv_page *page = find(storage, addr);

	return page ? apply(storage, page, owner, event) : UV_PAGE_REFUSED;
}

void uv_storage_place(struct uv_storage *storage, uint64_t addr, uint64_t gaddr)
{
	find(storage, addr)->gaddr = gaddr;
}

static bool concerned(const struct uv_page *page, const struct uv_owner *owner,
		      enum uv_page_event event)
{
	return (page->owner == owner->id) == (event != UV_PAGE_GIVE);
}

enum uv_page_result uv_storage_apply_all(struct uv_storage *storage,
					 struct uv_owner *owner,
					 enum uv_page_event event)
{
	struct uv_page *end = storage->pages + storage->count;
	enum uv_page_result result = UV_PAGE_DONE;

	for (struct uv_page *page = storage->pages; page < end; page++) {
		if (concerned(page, owner, event) &&
		    lookup(page, owner, event)->result == UV_PAGE_REFUSED)
			return UV_PAGE_REFUSED;
	}
	for (struct uv_page *page = storage->pages; page < end; page++) {
		if (concerned(page, owner, event) &&
		    apply(storage, page, owner, event) == UV_PAGE_DONE_REDUCED)
			result = UV_PAGE_DONE_REDUCED;
	}
	return result;
}

/* ---- who may touch a page ---- */

static bool hidden(const struct uv_page *page)
{
	return page->state == UV_PAGE_SECURE || page->state == UV_PAGE_DONATED;
}

enum uv_page_state uv_page_state(const struct uv_machine *machine,
				 uint64_t addr)
{
	const struct uv_page *page = find(&machine->storage, addr);

	return page ? (enum uv_page_state)page->state : UV_PAGE_NORMAL;
}

bool uv_device_may_access(const struct uv_machine *machine, uint64_t addr,
			  uint64_t len)
{
	const struct uv_storage *storage = &machine->storage;
	uint64_t last;

	if (!len)
		return true;
	last = len - 1 <= UINT64_MAX - addr ? addr + (len - 1) : UINT64_MAX;
	last >>= PV_PAGE_SHIFT;
	for (uint64_t i = addr >> PV_PAGE_SHIFT;
	     i <= last && i < storage->count; i++) {
		if (hidden(&storage->pages[i]))
			return false;
	}
	return true;
}
