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

/*
 * Taking a page and unpacking it differ in its content, which is not our
 * concern here.  Sharing opens a page, nobody loses by it.  Unsharing a page
 * takes it from the outside world; giving it away does so too; releasing it
 * takes it from the configuration.  Sharing twice and unsharing twice are
 * harmless.
 */
static const struct transition transitions[][UV_PAGE_EVENTS] = {
	[UV_PAGE_NORMAL] = {
		[UV_PAGE_GIVE]	  = { UV_PAGE_DONE_REDUCED, UV_PAGE_SECURE },
		[UV_PAGE_UNPACK]  = { UV_PAGE_DONE_REDUCED, UV_PAGE_SECURE },
	},
	[UV_PAGE_SECURE] = {
		[UV_PAGE_SHARE]	  = { UV_PAGE_DONE, UV_PAGE_SHARED },
		[UV_PAGE_UNSHARE] = { UV_PAGE_DONE, UV_PAGE_SECURE },
		[UV_PAGE_RELEASE] = { UV_PAGE_DONE_REDUCED, UV_PAGE_NORMAL },
	},
	[UV_PAGE_SHARED] = {
		[UV_PAGE_SHARE]	  = { UV_PAGE_DONE, UV_PAGE_SHARED },
		[UV_PAGE_UNSHARE] = { UV_PAGE_DONE_REDUCED, UV_PAGE_SECURE },
		[UV_PAGE_RELEASE] = { UV_PAGE_DONE_REDUCED, UV_PAGE_NORMAL },
	},
};

bool uv_storage_init(struct uv_storage *storage, uint64_t size)
{
	storage->count = size >> PV_PAGE_SHIFT;
	storage->component = 0;
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

uint64_t uv_storage_run(const struct uv_storage *storage, uint16_t owner,
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
		      uint16_t owner)
{
	const struct uv_page *page = find(storage, addr);

	return page && page->owner == owner;
}

/* Whose a page must be for an event. */
static uint16_t required_owner(uint16_t owner, enum uv_page_event event)
{
	return event == UV_PAGE_GIVE || event == UV_PAGE_UNPACK ? 0 : owner;
}

static const struct transition *lookup(const struct uv_page *page,
				       uint16_t owner, enum uv_page_event event)
{
	static const struct transition refused;

	if (page->owner != required_owner(owner, event))
		return &refused;
	return &transitions[page->state][event];
}

static enum uv_page_result apply(struct uv_storage *storage,
				 struct uv_page *page, uint16_t owner,
				 enum uv_page_event event)
{
	const struct transition *transition = lookup(page, owner, event);

	if (transition->result == UV_PAGE_REFUSED)
		return UV_PAGE_REFUSED;
	/* What was open may have changed: the old tweak must not come again. */
	if (transition->next == UV_PAGE_SECURE && page->state != UV_PAGE_SECURE)
		page->component = ++storage->component;
	page->state = (uint8_t)transition->next;
	page->owner = transition->next == UV_PAGE_NORMAL ? 0 : owner;
	return transition->result;
}

enum uv_page_result uv_storage_apply(struct uv_storage *storage, uint64_t addr,
				     uint16_t owner, enum uv_page_event event)
{
	struct uv_page *page = find(storage, addr);

	return page ? apply(storage, page, owner, event) : UV_PAGE_REFUSED;
}

static bool concerned(const struct uv_page *page, uint16_t owner,
		      enum uv_page_event event)
{
	return (page->owner == owner) == (event != UV_PAGE_GIVE);
}

enum uv_page_result uv_storage_apply_all(struct uv_storage *storage,
					 uint16_t owner,
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
		if (storage->pages[i].state == UV_PAGE_SECURE)
			return false;
	}
	return true;
}
