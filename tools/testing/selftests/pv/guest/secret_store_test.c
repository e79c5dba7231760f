// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/uv: the life of a secret store, from empty to full to locked.
 *
 * One step cannot be had without those before, so that all are one test.
 */
#include <fcntl.h>

#include "kselftest_harness.h"
#include "device.h"
#include "store.h"

#define PAGE	UVIO_LIST_SECRETS_LEN

/* Retrieve into a buffer that has to be cleared by a refusal. */
static const char *is_refused(struct store *store, uint16_t index, uint16_t rc)
{
	uint8_t object[64];

	if (!target_has_call(&store->target, UVIO_IOCTL_RETR_SECRET_NR))
		rc = UV_RC_NO_CALL;
	if (store_retrieve(store, index, object, sizeof(object)))
		return "not answered";
	if (store->cb.uv_rc != rc)
		return "wrong rc";
	return all_are(0, object, sizeof(object)) ? NULL : "not cleared";
}

static const char *nothing_to_retrieve(struct store *store)
{
	return is_refused(store, 0, UV_RC_RETR_EMPTY);
}

/* Requests that are not listed leave the store empty. */
static const char *still_empty_after_null_secret(struct store *store)
{
	if (keeper_seal(store->keeper) ||
	    keeper_add(store->keeper, store->fd) ||
	    store->keeper->cb.uv_rc != UV_RC_EXECUTED)
		return "not added";
	return is_refused(store, 0, UV_RC_RETR_EMPTY);
}

static unsigned int count(bool association)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < ledger->nr; i++)
		nr += (ledger->deposits[i].type == ASRCB_ASSOCIATION) ==
		      association;
	return nr;
}

/* Add until the Ultravisor refuses; its answer, or 0 */
static uint16_t fill(struct store *store, uint16_t type)
{
	uint16_t rc = UV_RC_EXECUTED;

	for (uint64_t i = 1; rc == UV_RC_EXECUTED; i++)
		if (ledger->nr == LEDGER_MAX - 1 ||
		    keeper_add_new(&store->target, store->fd, type,
				   keeper_key_size(type), store->seed + i, &rc))
			return 0;
	return rc;
}

static const char *full_of_associations(struct store *store)
{
	if (fill(store, ASRCB_ASSOCIATION) != UV_RC_ADD_STORE_FULL)
		return "wrong rc";
	return count(true) == store->target.max_association ?
	       NULL : "wrong number";
}

static const char *full_of_keys(struct store *store)
{
	bool known = target_has_type(&store->target, ASRCB_AES_128);
	uint64_t max = store->target.max_retrievable;

	if (fill(store, ASRCB_AES_128) != (known ? UV_RC_ADD_STORE_FULL :
						   UV_RC_ADD_TYPE))
		return "wrong rc";
	if (known && count(false) <= UV_LIST_PAGE_ENTRIES)
		return "too few for a list to be continued";
	return !max || count(false) == max ? NULL : "wrong number";
}

/* Full for one kind is not full for another, and null secrets need no room. */
static const char *room_for_null_secret(struct store *store)
{
	if (keeper_add(store->keeper, store->fd) ||
	    store->keeper->cb.uv_rc != UV_RC_EXECUTED)
		return "not added";
	return NULL;
}

/* A list with room for @pages pages: the first that many secrets. */
static const char *check_pages(struct store *store, unsigned int pages)
{
	unsigned int room = pages * UV_LIST_PAGE_ENTRIES;
	const uint8_t *end = store->pages + pages * PAGE;
	const struct uv_list *list = &store->list;
	bool all = room >= ledger->nr;

	memset(store->pages, KEEPER_FILL, sizeof(store->pages));
	if (uv_request(store->fd, UVIO_IOCTL_LIST_SECRETS, store->pages,
		       pages * PAGE, &store->cb))
		return "no list";
	if (!all_are(KEEPER_FILL, end,
		     store->pages + sizeof(store->pages) - end))
		return "something was stored behind the list";
	if (store->cb.uv_rc != (all ? UV_RC_EXECUTED : UV_RC_MORE_DATA))
		return "wrong rc";
	if (all)
		return ledger_check(list, pages * PAGE);
	if (list->stored != room || list->total != ledger->nr ||
	    list->next != room)
		return "wrong numbers";
	return ledger_compare(list, room);
}

static const char *listed_as_far_as_there_is_room(struct store *store)
{
	const char *wrong = NULL;

	for (unsigned int pages = 1; !wrong && pages <= 4; pages++)
		wrong = check_pages(store, pages);
	return wrong;
}

static const char *all_retrieved(struct store *store)
{
	const char *wrong = NULL;

	for (unsigned int i = 0; !wrong && i < ledger->nr; i++)
		wrong = store_check_object(store, (uint16_t)i);
	return wrong;
}

static const char *lock(struct store *store, uint16_t rc)
{
	if (uv_request(store->fd, UVIO_IOCTL_LOCK_SECRETS, NULL, 0, &store->cb))
		return "not answered";
	return store->cb.uv_rc == rc && !store->cb.uv_rrc ? NULL : "wrong rc";
}

static const char *locked(struct store *store)
{
	ledger->locked = 1;
	return lock(store, UV_RC_EXECUTED);
}

static const char *locked_once(struct store *store)
{
	return lock(store, UV_RC_LOCKED);
}

/* Not even a null secret; and the request is not looked at. */
static const char *locked_for_all(struct store *store)
{
	if (keeper_send(store->keeper, store->fd) ||
	    store->keeper->cb.uv_rc != UV_RC_LOCKED)
		return "wrong rc";
	memset(store->keeper->asrcb, 0xff, store->keeper->size);
	if (keeper_send(store->keeper, store->fd) ||
	    store->keeper->cb.uv_rc != UV_RC_LOCKED)
		return "wrong rc for a damaged request";
	return NULL;
}

static const struct {
	const char *name;
	const char *(*run)(struct store *store);
} steps[] = {
	{ "an empty store is listed", store_check },
	{ "it is attested", store_attest },
	{ "there is nothing to retrieve", nothing_to_retrieve },
	{ "a null secret changes nothing", still_empty_after_null_secret },
	{ "but the hash", store_attest },
	{ "association secrets fill it", full_of_associations },
	{ "they are listed", store_check },
	{ "keys fill it", full_of_keys },
	{ "all are listed", store_check },
	{ "all are attested", store_attest },
	{ "there is room for a null secret", room_for_null_secret },
	{ "lists are continued", listed_as_far_as_there_is_room },
	{ "all secrets can be retrieved", all_retrieved },
	{ "it can be locked", locked },
	{ "the lock is attested", store_attest },
	{ "once", locked_once },
	{ "nothing is added any more", locked_for_all },
	{ "it is still listed", store_check },
	{ "it is still attested", store_attest },
	{ "all secrets can still be retrieved", all_retrieved },
};

FIXTURE(life) {
	struct store store;
};

FIXTURE_SETUP(life)
{
	if (store_open(&self->store))
		SKIP(return, "%s", self->store.target.reason);
}

FIXTURE_TEARDOWN(life)
{
	store_close(&self->store);
}

TEST_F_TIMEOUT(life, of_a_store, 300)
{
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		const char *wrong = steps[i].run(&self->store);

		EXPECT_EQ(NULL, wrong) {
			TH_LOG("%s: %s", steps[i].name, wrong);
		}
	}
}

int main(int argc, char **argv)
{
	device_needed();
	store_must_be_empty();
	return test_harness_run(argc, argv);
}
