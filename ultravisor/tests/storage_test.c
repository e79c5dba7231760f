// SPDX-License-Identifier: MIT
/* Every state of a page times every event times every actor. */
#include <stdlib.h>
#include <string.h>

#include "storage.h"
#include "tap.h"

#define OWNER	7
#define OTHER	8
#define PAGE	0x2000
#define SIZE	0x4000

static const char *const state_names[UV_PAGE_STATES] = {
	"normal", "secure", "shared", "pinned", "donated",
};

static const char *const event_names[UV_PAGE_EVENTS] = {
	"give", "unpack", "import", "rejoin", "share", "unshare", "reclaim",
	"pin", "unpin", "export", "destroy", "donate", "return", "release",
};

/*
 * The table of README.md, a letter for the state afterwards: (n)ormal,
 * (s)ecure, s(h)ared, (p)inned, (d)onated.  Capital: somebody lost access.
 * Dot: refused.  First what the owner causes (of a normal page: anybody), then
 * what somebody else does.  Columns as in the names above.
 */
static const char *const want[UV_PAGE_STATES][2] = {
	{ "SSSh.....nnD..", "SSSh.....nnD.." },
	{ "....hss..NN..N", ".........NN..." },
	{ "....hSSphNN..N", ".SSH...p.NN..." },
	{ "....p.SphNN..N", ".SSH...p.NN..." },
	{ "............n.", ".............." },
};

static const char letters[] = "nshpd";

static struct uv_owner owner, other;

static void bring_to(struct uv_storage *storage, enum uv_page_state state)
{
	owner = (struct uv_owner){ .id = OWNER };
	other = (struct uv_owner){ .id = OTHER };
	uv_storage_init(storage, SIZE);
	if (state == UV_PAGE_NORMAL)
		return;
	uv_storage_apply(storage, PAGE, &owner, state == UV_PAGE_DONATED ?
			 UV_PAGE_DONATE : UV_PAGE_GIVE);
	if (state == UV_PAGE_SHARED || state == UV_PAGE_PINNED)
		uv_storage_apply(storage, PAGE, &owner, UV_PAGE_SHARE);
	if (state == UV_PAGE_PINNED)
		uv_storage_apply(storage, PAGE, NULL, UV_PAGE_PIN);
}

static enum uv_page_result want_result(char letter)
{
	if (letter == '.')
		return UV_PAGE_REFUSED;
	return letter < 'a' ? UV_PAGE_DONE_REDUCED : UV_PAGE_DONE;
}

static int want_state(char letter, int before)
{
	return letter == '.' ? before :
	       (int)(strchr(letters, letter | 0x20) - letters);
}

static uint32_t want_owner(int before, int after, bool stranger, int event)
{
	bool takes = event <= UV_PAGE_REJOIN || event == UV_PAGE_DONATE;

	if (after == UV_PAGE_NORMAL)
		return 0;
	if (before == UV_PAGE_NORMAL || (stranger && takes))
		return stranger ? OTHER : OWNER;
	return OWNER;
}

static void test_cell(int state, int event, bool stranger)
{
	char letter = want[state][stranger][event];
	const char *who = stranger ? "somebody else" : "its owner";
	struct uv_owner *actor = stranger ? &other : &owner;
	int next = want_state(letter, state);
	const struct uv_page *page;
	struct uv_storage storage;
	enum uv_page_result result;

	bring_to(&storage, state);
	page = uv_storage_page(&storage, PAGE);
	result = uv_storage_apply(&storage, PAGE + 0xfff, actor, event);
	tap_ok(result == want_result(letter) && page->state == next,
	       "%s page, %s by %s: as in the table", state_names[state],
	       event_names[event], who);
	tap_equal(page->owner, letter == '.' ? (state ? OWNER : 0) :
		  want_owner(state, next, stranger, event),
		  "%s page, %s by %s: has the right owner after it",
		  state_names[state], event_names[event], who);
	uv_storage_free(&storage);
}

/* Whether a page gets another component: always when it becomes secure. */
static void test_component(int state, int event, bool stranger)
{
	char letter = want[state][stranger][event];
	bool draws = letter == 'S';
	struct uv_owner *actor = stranger ? &other : &owner;
	const struct uv_page *page;
	struct uv_storage storage;
	uint64_t before;

	bring_to(&storage, state);
	page = uv_storage_page(&storage, PAGE);
	before = actor->component;
	uv_storage_apply(&storage, PAGE, actor, event);
	tap_equal(actor->component, before + draws,
		  "%s page, %s%s: %s component is drawn", state_names[state],
		  event_names[event], stranger ? " by somebody else" : "",
		  draws ? "a" : "no");
	if (draws)
		tap_equal(page->component, actor->component,
			  "%s page, %s%s: the page has the newest one",
			  state_names[state], event_names[event],
			  stranger ? " by somebody else" : "");
	uv_storage_free(&storage);
}

/* What decides before a page is given away must agree with the table. */
static void test_free_for(int state)
{
	const struct uv_page *page;
	struct uv_storage storage;

	bring_to(&storage, state);
	page = uv_storage_page(&storage, PAGE);
	tap_equal(uv_page_free_for(page, &owner), want[state][0][2] != '.',
		  "%s page: free for its owner or not", state_names[state]);
	tap_equal(uv_page_free_for(page, &other), want[state][1][2] != '.',
		  "%s page: free for somebody else or not",
		  state_names[state]);
	tap_equal(uv_storage_normal(&storage, PAGE, 1), state == UV_PAGE_NORMAL,
		  "%s page: can be donated or not", state_names[state]);
	uv_storage_free(&storage);
}

static void test_place(void)
{
	struct uv_storage storage;

	bring_to(&storage, UV_PAGE_SECURE);
	tap_equal(uv_storage_page(&storage, PAGE)->gaddr, PAGE,
		  "who takes a page has it at its own address");
	uv_storage_place(&storage, PAGE, 0x7000);
	tap_equal(uv_storage_page(&storage, PAGE)->gaddr, 0x7000,
		  "or where a host puts it");
	tap_ok(uv_storage_normal(&storage, 0, PAGE) &&
	       !uv_storage_normal(&storage, 0, PAGE + 1) &&
	       !uv_storage_normal(&storage, 0, 0) &&
	       !uv_storage_normal(&storage, SIZE - 1, 2) &&
	       uv_storage_normal(&storage, SIZE - 1, 1) &&
	       !uv_storage_normal(&storage, UINT64_MAX, 2) &&
	       !uv_storage_normal(&storage, SIZE, 1),
	       "a range is normal if all of it is, and is storage");
	uv_storage_free(&storage);
}

static void test_runs(void)
{
	struct uv_storage storage;
	uint64_t addr = 0;

	bring_to(&storage, UV_PAGE_NORMAL);
	uv_storage_apply(&storage, 0x1000, &owner, UV_PAGE_GIVE);
	uv_storage_apply(&storage, 0x2000, &owner, UV_PAGE_GIVE);
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

	bring_to(&storage, UV_PAGE_NORMAL);
	uv_storage_apply(&storage, 0x1000, &owner, UV_PAGE_UNPACK);
	tap_equal(uv_storage_apply_all(&storage, &owner, UV_PAGE_GIVE),
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

	bring_to(&storage, UV_PAGE_NORMAL);
	uv_storage_apply(&storage, PAGE, &other, UV_PAGE_GIVE);
	tap_equal(uv_storage_apply_all(&storage, &owner, UV_PAGE_GIVE),
		  UV_PAGE_REFUSED,
		  "all pages cannot be taken while one is taken");
	tap_ok(!uv_storage_owned(&storage, 0, OWNER),
	       "and then none is");
	tap_equal(uv_storage_apply_all(&storage, &other, UV_PAGE_RELEASE),
		  UV_PAGE_DONE_REDUCED, "an owner releases what it has");
	tap_equal(uv_storage_apply_all(&storage, &other, UV_PAGE_RELEASE),
		  UV_PAGE_DONE, "nobody loses when there is nothing to release");
	tap_equal(uv_storage_apply_all(&storage, &owner, UV_PAGE_GIVE),
		  UV_PAGE_DONE_REDUCED, "all free pages are taken");
	tap_ok(uv_storage_owned(&storage, 0, OWNER) &&
	       uv_storage_owned(&storage, SIZE - 1, OWNER),
	       "the first and the last page belong to the owner");
	tap_equal(uv_storage_apply(&storage, SIZE, &owner, UV_PAGE_SHARE),
		  UV_PAGE_REFUSED, "there is nothing behind the last page");
	tap_ok(!uv_storage_owned(&storage, SIZE, OWNER),
	       "nobody owns what is behind the last page");
	uv_storage_free(&storage);
}

int main(void)
{
	tap_begin();
	for (int state = 0; state < UV_PAGE_STATES; state++) {
		for (int event = 0; event < UV_PAGE_EVENTS; event++) {
			for (int stranger = 0; stranger < 2; stranger++) {
				test_cell(state, event, stranger);
				test_component(state, event, stranger);
			}
		}
		test_free_for(state);
	}
	test_place();
	test_all();
	test_runs();
	test_rest();
	return tap_end();
}
