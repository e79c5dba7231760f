// SPDX-License-Identifier: MIT
/* Every state of a page times every event times every actor. */
#include <stdlib.h>

#include "storage.h"
#include "tap.h"

#define OWNER	7
#define OTHER	8
#define PAGE	0x2000
#define SIZE	0x4000

static const char *const state_names[] = { "normal", "secure", "shared" };
static const char *const event_names[] = {
	"give", "unpack", "share", "unshare", "release",
};

/* The table of README.md. */
static const struct {
	enum uv_page_result result;
	enum uv_page_state next;
} want[3][UV_PAGE_EVENTS] = {
	/* give, unpack, share, unshare, release */
	{ { UV_PAGE_DONE_REDUCED, UV_PAGE_SECURE },
	  { UV_PAGE_DONE_REDUCED, UV_PAGE_SECURE },
	  { UV_PAGE_REFUSED, UV_PAGE_NORMAL },
	  { UV_PAGE_REFUSED, UV_PAGE_NORMAL },
	  { UV_PAGE_REFUSED, UV_PAGE_NORMAL } },
	{ { UV_PAGE_REFUSED, UV_PAGE_SECURE },
	  { UV_PAGE_REFUSED, UV_PAGE_SECURE },
	  { UV_PAGE_DONE, UV_PAGE_SHARED },
	  { UV_PAGE_DONE, UV_PAGE_SECURE },
	  { UV_PAGE_DONE_REDUCED, UV_PAGE_NORMAL } },
	{ { UV_PAGE_REFUSED, UV_PAGE_SHARED },
	  { UV_PAGE_REFUSED, UV_PAGE_SHARED },
	  { UV_PAGE_DONE, UV_PAGE_SHARED },
	  { UV_PAGE_DONE_REDUCED, UV_PAGE_SECURE },
	  { UV_PAGE_DONE_REDUCED, UV_PAGE_NORMAL } },
};

static void bring_to(struct uv_storage *storage, enum uv_page_state state)
{
	if (state != UV_PAGE_NORMAL)
		uv_storage_apply(storage, PAGE, OWNER, UV_PAGE_GIVE);
	if (state == UV_PAGE_SHARED)
		uv_storage_apply(storage, PAGE, OWNER, UV_PAGE_SHARE);
}

static void test_owner(int state, int event)
{
	struct uv_storage storage;
	const struct uv_page *page;
	enum uv_page_result result;

	uv_storage_init(&storage, SIZE);
	page = &storage.pages[PAGE / 4096];
	bring_to(&storage, state);
	result = uv_storage_apply(&storage, PAGE + 0xfff, OWNER, event);
	tap_ok(result == want[state][event].result &&
	       page->state == want[state][event].next,
	       "%s page, %s: as in the table", state_names[state],
	       event_names[event]);
	tap_equal(page->owner,
		  want[state][event].next == UV_PAGE_NORMAL ? 0 : OWNER,
		  "%s page, %s: has the right owner after it",
		  state_names[state], event_names[event]);
	uv_storage_free(&storage);
}

/* Somebody else may take a page that nobody has, and nothing more. */
static void test_stranger(int state, int event)
{
	bool legal = state == UV_PAGE_NORMAL &&
		     (event == UV_PAGE_GIVE || event == UV_PAGE_UNPACK);
	struct uv_storage storage;
	const struct uv_page *page;
	enum uv_page_result result;

	uv_storage_init(&storage, SIZE);
	page = &storage.pages[PAGE / 4096];
	bring_to(&storage, state);
	result = uv_storage_apply(&storage, PAGE, OTHER, event);
	tap_ok((result == UV_PAGE_REFUSED) == !legal &&
	       (legal || page->state == (uint8_t)state),
	       "%s page, %s by another configuration: %s", state_names[state],
	       event_names[event], legal ? "done" : "refused");
	uv_storage_free(&storage);
}

/* Whether a page gets another component: always when it becomes secure. */
static void test_component(int state, int event)
{
	bool draws = state != UV_PAGE_SECURE &&
		     want[state][event].result != UV_PAGE_REFUSED &&
		     want[state][event].next == UV_PAGE_SECURE;
	struct uv_storage storage;
	const struct uv_page *page;
	uint64_t before;

	uv_storage_init(&storage, SIZE);
	page = uv_storage_page(&storage, PAGE);
	bring_to(&storage, state);
	before = storage.component;
	uv_storage_apply(&storage, PAGE, OWNER, event);
	tap_equal(storage.component, before + draws,
		  "%s page, %s: %s component is drawn", state_names[state],
		  event_names[event], draws ? "a" : "no");
	tap_equal(page->component, storage.component,
		  "%s page, %s: the page has the newest one",
		  state_names[state], event_names[event]);
	uv_storage_free(&storage);
}

static void test_runs(void)
{
	struct uv_storage storage;
	uint64_t addr = 0;

	uv_storage_init(&storage, SIZE);
	uv_storage_apply(&storage, 0x1000, OWNER, UV_PAGE_GIVE);
	uv_storage_apply(&storage, 0x2000, OWNER, UV_PAGE_GIVE);
	tap_ok(uv_storage_run(&storage, OWNER, &addr) == 0x2000 &&
	       addr == 0x1000, "a run of two pages is found");
	addr = 0x3000;
	tap_equal(uv_storage_run(&storage, OWNER, &addr), 0,
		  "there is no other one behind it");
	addr = 0;
	tap_ok(uv_storage_run(&storage, 0, &addr) == 0x1000 && addr == 0,
	       "free pages: the first run ends where a page is owned");
	addr = 0x1000;
	tap_ok(uv_storage_run(&storage, 0, &addr) == 0x1000 && addr == 0x3000,
	       "free pages: the last run ends where storage does");
	addr = SIZE;
	tap_equal(uv_storage_run(&storage, 0, &addr), 0,
		  "there is no run behind storage");
	uv_storage_free(&storage);
}

static void test_rest(void)
{
	struct uv_storage storage;

	uv_storage_init(&storage, SIZE);
	uv_storage_apply(&storage, 0x1000, OWNER, UV_PAGE_UNPACK);
	tap_equal(uv_storage_apply_all(&storage, OWNER, UV_PAGE_GIVE),
		  UV_PAGE_DONE_REDUCED,
		  "who has some pages already can take the rest");
	tap_ok(uv_storage_owned(&storage, 0, OWNER) &&
	       uv_storage_owned(&storage, 0x3000, OWNER) &&
	       uv_storage_page(&storage, 0x1000)->component == 1,
	       "and gets it, and only it");
	tap_ok(!uv_storage_page(&storage, SIZE), "there is no page behind storage");
	uv_storage_free(&storage);
}

static void test_all(void)
{
	struct uv_storage storage;

	uv_storage_init(&storage, SIZE);
	uv_storage_apply(&storage, PAGE, OTHER, UV_PAGE_GIVE);
	tap_equal(uv_storage_apply_all(&storage, OWNER, UV_PAGE_GIVE),
		  UV_PAGE_REFUSED,
		  "all pages cannot be taken while one is taken");
	tap_ok(!uv_storage_owned(&storage, 0, OWNER),
	       "and then none is");
	tap_equal(uv_storage_apply_all(&storage, OTHER, UV_PAGE_RELEASE),
		  UV_PAGE_DONE_REDUCED, "an owner releases what it has");
	tap_equal(uv_storage_apply_all(&storage, OTHER, UV_PAGE_RELEASE),
		  UV_PAGE_DONE, "nobody loses when there is nothing to release");
	tap_equal(uv_storage_apply_all(&storage, OWNER, UV_PAGE_GIVE),
		  UV_PAGE_DONE_REDUCED, "all free pages are taken");
	tap_ok(uv_storage_owned(&storage, 0, OWNER) &&
	       uv_storage_owned(&storage, SIZE - 1, OWNER),
	       "the first and the last page belong to the owner");
	tap_equal(uv_storage_apply(&storage, SIZE, OWNER, UV_PAGE_SHARE),
		  UV_PAGE_REFUSED, "there is nothing behind the last page");
	tap_ok(!uv_storage_owned(&storage, SIZE, OWNER),
	       "nobody owns what is behind the last page");
	uv_storage_free(&storage);
}

int main(void)
{
	tap_begin();
	for (int state = 0; state < 3; state++) {
		for (int event = 0; event < UV_PAGE_EVENTS; event++) {
			test_owner(state, event);
			test_stranger(state, event);
			test_component(state, event);
		}
	}
	test_all();
	test_runs();
	test_rest();
	return tap_end();
}
