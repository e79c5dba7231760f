// SPDX-License-Identifier: GPL-2.0
/*
 * The secret store of the guest under test, held against the ledger.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attester.h"
#include "kselftest.h"
#include "store.h"

/** all_are() - @len bytes have a value */
bool all_are(uint8_t value, const void *data, size_t len)
{
	const uint8_t *byte = data;

	while (len--)
		if (*byte++ != value)
			return false;
	return true;
}

/** store_open() - 0, or -1 with the reason in the target */
int store_open(struct store *store)
{
	store->fd = open(UV_PATH, O_RDWR);
	/* Another one for each test, the same again in a repeated run */
	store->seed = attester_seed() +
		      (ledger->nr_requests + 1ULL) * 0x100000000;
	if (store->fd < 0 || target_find(&store->target))
		return -1;
	store->keeper = keeper_new(&store->target, store->seed);
	return store->keeper ? 0 : -1;
}

/** store_close() - Release what store_open() took */
void store_close(struct store *store)
{
	keeper_free(store->keeper);
	target_free(&store->target);
	close(store->fd);
}

/** store_list() - Everything there is room for: 0 or -errno */
int store_list(struct store *store)
{
	memset(store->pages, KEEPER_FILL, sizeof(store->pages));
	return uv_request(store->fd, UVIO_IOCTL_LIST_SECRETS, store->pages,
			  sizeof(store->pages), &store->cb);
}

/** store_check() - NULL if it holds what it should, else what is wrong */
const char *store_check(struct store *store)
{
	if (store_list(store))
		return "the list cannot be had";
	if (store->cb.uv_rc != UV_RC_EXECUTED)
		return "the list was refused";
	return ledger_check(&store->list, sizeof(store->pages));
}

/** store_attest() - Attest its hash, where the machine can; NULL, or what not */
const char *store_attest(struct store *store)
{
	uint64_t flags = ARCB_FLAG_NONCE | ARCB_FLAG_SECRET_STORE;
	const char *wrong = "cannot attest";
	struct attester *at;

	if (flags & ~store->target.flags)
		return NULL;
	at = attester_new(store->seed);
	if (at && !ledger_hash(store->target.store) &&
	    !attester_seal(at, &store->target, flags) &&
	    !attester_call(at, store->fd))
		wrong = attester_verify(at, &store->target);
	attester_free(at);
	return wrong;
}

/** store_retrieve() - The object of an index goes to @object: 0 or -errno */
int store_retrieve(struct store *store, uint16_t index, uint8_t *object,
		   uint32_t size)
{
	memset(object, KEEPER_FILL, size);
	memcpy(object, &index, sizeof(index));
	return uv_request(store->fd, UVIO_IOCTL_RETR_SECRET, object, size,
			  &store->cb);
}

/** store_gives() - Secrets of this type can be retrieved here */
bool store_gives(const struct store *store, uint16_t type)
{
	return target_has_call(&store->target, UVIO_IOCTL_RETR_SECRET_NR) &&
	       keeper_is_listed(type) && type != ASRCB_ASSOCIATION;
}

/** store_check_object() - NULL if an index gives its secret, else what not */
const char *store_check_object(struct store *store, uint16_t index)
{
	const struct deposit *deposit = &ledger->deposits[index];
	uint8_t object[UVIO_RETR_SECRET_MAX_LEN];

	if (!store_gives(store, deposit->type))
		return NULL;
	if (store_retrieve(store, index, object, sizeof(object)))
		return "not retrieved";
	if (store->cb.uv_rc != UV_RC_EXECUTED)
		return "retrieval was refused";
	return ledger_check_object(deposit, object, sizeof(object));
}

/** store_must_be_empty() - Skip the program if somebody has added secrets */
void store_must_be_empty(void)
{
	struct uv_list *list = calloc(1, UVIO_LIST_SECRETS_LEN);
	int fd = open(UV_PATH, O_RDWR);
	struct uvio_ioctl_cb cb;

	if (list && !uv_request(fd, UVIO_IOCTL_LIST_SECRETS, list,
				UVIO_LIST_SECRETS_LEN, &cb) && list->total) {
		ksft_print_header();
		ksft_exit_skip("the store is not empty: boot the guest again\n");
	}
	free(list);
	close(fd);
}
