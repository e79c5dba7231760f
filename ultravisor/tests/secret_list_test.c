// SPDX-License-Identifier: MIT
/* List, lock, retrieve; how long secrets live and who sees them. */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "array.h"
#include "config.h"
#include "machine.h"
#include "pv/se_header.h"
#include "pv/secret.h"
#include "pv/uvc.h"
#include "secrets.h"
#include "tap.h"

#define PAGE(addr)	((addr) / FAKE_PAGE)

/* ---- memory that was freed without being wiped ---- */

#define VALUE_BYTE	0x9d
#define EXTENSION_BYTE	0x9e
#define TELLTALE	16	/* so many of them in a row are no accident */

static struct {
	bool on;
	unsigned int frees;
	unsigned int leaks;
} watch;

struct allocation {
	size_t size;
	uint64_t pad;
	uint8_t data[];
};

static bool tells(const uint8_t *data, size_t size, uint8_t byte)
{
	size_t run = 0;

	for (size_t i = 0; i < size && run < TELLTALE; i++)
		run = data[i] == byte ? run + 1 : 0;
	return run == TELLTALE;
}

static void *watched_malloc(size_t size, const char *file, int line)
{
	struct allocation *a = malloc(sizeof(*a) + size);

	(void)file;
	(void)line;
	if (!a)
		return NULL;
	a->size = size;
	return a->data;
}

static struct allocation *allocation(void *data)
{
	return (void *)((uint8_t *)data - sizeof(struct allocation));
}

static void watched_free(void *data, const char *file, int line)
{
	struct allocation *a = data ? allocation(data) : NULL;

	(void)file;
	(void)line;
	if (!a)
		return;
	watch.frees += watch.on;
	if (watch.on)
		watch.leaks += tells(a->data, a->size, VALUE_BYTE) ||
			       tells(a->data, a->size, EXTENSION_BYTE);
	free(a);
}

static void *watched_realloc(void *data, size_t size, const char *file,
			     int line)
{
	size_t old = data ? allocation(data)->size : 0;
	void *copy = watched_malloc(size, file, line);

	if (!copy)
		return NULL;
	if (data)
		memcpy(copy, data, old < size ? old : size);
	watched_free(data, file, line);
	return copy;
}

static void watch_done(const char *name)
{
	watch.on = false;
	tap_ok(watch.frees, "%s: memory is freed", name);
	tap_equal(watch.leaks, 0, "%s: and no secret with it", name);
	watch.frees = 0;
	watch.leaks = 0;
}

static void test_wiping(void)
{
	struct fake_machine *fake = secrets_guest("z17", PV_SCF_CCK_UPDATE);
	uint8_t asrcb[SEAL_MAX_ASRCB], object[72];
	struct seal_secret secret;
	size_t size;

	secrets_request(fake, &secret);
	memset(secret.extension, EXTENSION_BYTE, 32);
	seal_secret_fill(&secret, PV_SECRET_AES_256, "test", VALUE_BYTE, 32);
	size = seal_secret(&secret, asrcb);
	watch.on = true;
	tap_equal(secrets_add_bytes(fake, asrcb, size), 1, "a secret is added");
	watch_done("adding");
	watch.on = true;
	secrets_retrieve(fake, 0, 64, object);
	watch_done("retrieving");
	secret.tags[0] ^= 1;
	size = seal_secret(&secret, asrcb);
	watch.on = true;
	secrets_add_bytes(fake, asrcb, size);
	watch_done("refusing");
	secret.tags[0] ^= 1;
	seal_secret_fill(&secret, PV_SECRET_UPDATE_CCK, NULL, VALUE_BYTE, 32);
	tap_equal(secrets_add(fake, &secret), 1, "the CCK is updated");
	watch.on = true;
	uv_machine_reset(fake->uv);
	watch_done("resetting");
	fake->cpu.config = NULL;
	fake_free(fake);
}

/* ---- list ---- */

static void add_many(struct fake_machine *fake, unsigned int n)
{
	struct seal_secret secret;

	secrets_request(fake, &secret);
	for (unsigned int i = 0; i < n; i++) {
		seal_secret_fill(&secret, PV_SECRET_AES_128, "test", 0x11, 16);
		fake_put16(secret.id, (uint16_t)i);
		if (secrets_add(fake, &secret) != 1)
			abort();
	}
}

static const struct page_case {
	uint16_t start;
	uint16_t rc;
	uint16_t stored;
	uint16_t next;
} page_cases[] = {
	{ 0, PV_RC_MORE_DATA, 85, 85 }, { 85, 1, 15, 0 },
	{ 14, PV_RC_MORE_DATA, 85, 99 }, { 15, 1, 85, 0 }, { 16, 1, 84, 0 },
	{ 99, 1, 1, 0 }, { 100, 1, 0, 0 }, { 0xffff, 1, 0, 0 },
};

static bool entries_fit(const struct page_case *test, const uint8_t *page)
{
	for (uint16_t i = 0; i < test->stored; i++) {
		const uint8_t *entry = page + 0x10 + 0x30 * i;

		if (fake_get16(entry) != test->start + i ||
		    fake_get16(entry + 0x10) != test->start + i ||
		    fake_get16(entry + 2) != PV_SECRET_AES_128 ||
		    fake_get32(entry + 4) != 48)
			return false;
	}
	return true;
}

static void test_pages(void)
{
	struct fake_machine *fake = secrets_guest("z17", 0);
	uint8_t page[SECRETS_PAGE];

	add_many(fake, 100);
	for (size_t i = 0; i < ARRAY_SIZE(page_cases); i++) {
		const struct page_case *test = &page_cases[i];
		size_t end = 0x10 + 0x30 * test->stored;
		uint16_t rc = secrets_list(fake, test->start, page);

		tap_equal(rc, test->rc, "100 secrets, from %u: rc",
			  test->start);
		tap_ok(fake_get16(page) == test->stored &&
		       fake_get16(page + 2) == 100 &&
		       fake_get16(page + 4) == test->next,
		       "100 secrets, from %u: %u are stored, next is %u",
		       test->start, test->stored, test->next);
		tap_ok(entries_fit(test, page),
		       "100 secrets, from %u: the right ones", test->start);
		tap_filled(page + end, sizeof(page) - end, 0,
			   "100 secrets, from %u: zeros behind them",
			   test->start);
	}
	fake_free(fake);
}

static void test_edges(void)
{
	struct fake_machine *fake = secrets_guest("z17", 0);
	uint8_t page[SECRETS_PAGE];

	tap_equal(secrets_list(fake, 0, page), 1, "an empty store is listed");
	tap_filled(page, sizeof(page), 0, "as an empty page");
	add_many(fake, 85);
	tap_equal(secrets_list(fake, 0, page), 1, "85 secrets fit into a page");
	tap_equal(fake_get16(page + 4), 0, "and there is no next one");
	add_many(fake, 1);
	tap_equal(secrets_list(fake, 0, page), PV_RC_MORE_DATA,
		  "86 secrets do not");
	tap_equal(fake_get16(page + 4), 85, "the next one is the last");
	fake_free(fake);
}

static void test_list_access(void)
{
	struct fake_machine *fake = secrets_guest("z17", 0);
	uint8_t page[SECRETS_PAGE];

	add_many(fake, 1);
	fake->home[PAGE(SECRETS_LIST) + 1].writable = false;
	fake->home_stores = 0;
	tap_equal(secrets_list(fake, 0, page), PV_RC_SECRET_ACC_OUTPUT,
		  "a page that cannot be stored is refused");
	tap_filled(page, sizeof(page), 0xee, "and nothing of it is stored");
	tap_equal(fake->home_stores, 0, "nor anywhere else");
	fake->home[PAGE(SECRETS_LIST) + 1].writable = true;
	fake->real_space = true;
	tap_equal(secrets_list(fake, 0, page), PV_RC_HOME_REAL_SPACE,
		  "a home space that is real space is refused");
	fake_free(fake);
}

/* ---- lock ---- */

static void test_lock(void)
{
	struct fake_machine *fake = secrets_guest("z17", 0);
	uint8_t page[SECRETS_PAGE], object[56];
	struct seal_secret secret;

	add_many(fake, 1);
	tap_equal(secrets_lock(fake), 1, "a store is locked");
	tap_equal(secrets_lock(fake), PV_RC_SECRET_LOCKED,
		  "a second time it is not");
	secrets_request(fake, &secret);
	tap_equal(secrets_add(fake, &secret), PV_RC_SECRET_LOCKED,
		  "nothing is added any more, not even a null secret");
	tap_equal(secrets_list(fake, 0, page), 1, "a locked store is listed");
	tap_equal(secrets_retrieve(fake, 0, 48, object), 1,
		  "and its secrets are retrieved");
	uv_config_reset(fake->uv, fake->cpu.config);
	tap_equal(secrets_lock(fake), PV_RC_SECRET_LOCKED,
		  "a reset within the guest does not unlock it");
	fake_free(fake);

	fake = secrets_guest("z16", 0);
	tap_equal(secrets_lock(fake), 1, "an empty store can be locked");
	fake_free(fake);
}

/* ---- retrieve ---- */

/* A guest with an association secret and a key, about to ask for the key. */
struct run {
	struct fake_machine *fake;
	uint16_t index;
	size_t size;
};

static struct run run_new(void)
{
	struct run run = { secrets_guest("z17", 0), 1, 48 };
	struct seal_secret secret;

	secrets_request(run.fake, &secret);
	seal_secret_fill(&secret, PV_SECRET_ASSOCIATION, "a", 0x11, 32);
	secrets_add(run.fake, &secret);
	seal_secret_fill(&secret, PV_SECRET_AES_128, "b", 0x11, 16);
	secrets_add(run.fake, &secret);
	return run;
}

static void bad_store(struct run *run)
{
	uv_secret_store_free(&run->fake->cpu.config->store);
	uv_secret_store_init(&run->fake->cpu.config->store);
}

static void bad_index(struct run *run)
{
	run->index = 2;
}

static void bad_type(struct run *run)
{
	run->index = 0;
}

static void bad_size(struct run *run)
{
	run->size = run->index ? 47 : 31;
}

static void bad_buffer(struct run *run)
{
	run->fake->home[PAGE(SECRETS_BUFFER) + 1].valid = false;
}

static const struct step {
	const char *name;
	void (*spoil)(struct run *run);
	uint16_t rc;
} order[] = {
	{ "empty store", bad_store, PV_RC_SECRET_STORE_EMPTY },
	{ "index", bad_index, PV_RC_SECRET_INDEX },
	{ "type", bad_type, PV_RC_SECRET_NOT_RETRIEVABLE },
	{ "buffer size", bad_size, PV_RC_SECRET_BUF_SMALL },
	{ "access to the buffer", bad_buffer, PV_RC_SECRET_ACC_OUTPUT },
};

static void test_pair(const struct step *first, const struct step *second)
{
	struct run run = run_new();
	uint8_t object[64];

	if (second)
		second->spoil(&run);
	first->spoil(&run);
	run.fake->home_stores = 0;
	tap_equal(secrets_retrieve(run.fake, run.index, run.size, object),
		  first->rc, "retrieving, wrong %s%s%s: rc", first->name,
		  second ? " and " : "", second ? second->name : "");
	tap_equal(run.fake->home_stores, 0,
		  "retrieving, wrong %s: nothing is stored", first->name);
	fake_free(run.fake);
}

static void test_order(void)
{
	struct run run = run_new();
	uint8_t object[64];

	tap_equal(secrets_retrieve(run.fake, run.index, run.size, object), 1,
		  "control case: nothing is wrong");
	tap_equal(secrets_retrieve(run.fake, 0xffff, run.size, object),
		  PV_RC_SECRET_INDEX, "there is no index 65535");
	fake_free(run.fake);
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		test_pair(&order[i], NULL);
		for (size_t j = i + 1; j < ARRAY_SIZE(order); j++)
			test_pair(&order[i], &order[j]);
	}
}

static void test_only_null(void)
{
	struct fake_machine *fake = secrets_guest("z17", 0);
	uint8_t page[SECRETS_PAGE], object[64];
	struct seal_secret secret;

	secrets_request(fake, &secret);
	secrets_add(fake, &secret);
	tap_equal(secrets_retrieve(fake, 0, 48, object),
		  PV_RC_SECRET_STORE_EMPTY,
		  "a store that has seen null secrets only is empty");
	fake_free(fake);
	fake = secrets_guest("z16", 0);
	tap_equal(secrets_retrieve(fake, 0, 48, object), PV_RC_INV_CMD,
		  "a z16 has nothing to retrieve");
	fake_free(fake);
	fake = fake_new_guest("z15");
	tap_equal(secrets_list(fake, 0, page), PV_RC_INV_CMD,
		  "a z15 has no secrets");
	fake_free(fake);
}

/* ---- lifetime and isolation ---- */

static void test_lifetime(void)
{
	struct fake_machine *fake = secrets_guest("z17", 0);
	uint8_t page[SECRETS_PAGE], before[64], after[64];

	add_many(fake, 1);
	secrets_hash(fake, before);
	uv_config_reset(fake->uv, fake->cpu.config);
	secrets_list(fake, 0, page);
	secrets_hash(fake, after);
	tap_ok(fake_get16(page) == 1 && memcmp(before, after, 64) == 0,
	       "a reset within the guest keeps secrets and log");
	secrets_lock(fake);
	uv_machine_reset(fake->uv);
	fake_become_guest(fake);
	secrets_list(fake, 0, page);
	tap_equal(fake_get16(page + 2), 0, "a machine reset leaves none");
	add_many(fake, 1);
	secrets_hash(fake, after);
	tap_ok(memcmp(before, after, 64) == 0,
	       "and the next guest's store begins anew, unlocked");
	fake_free(fake);
}

static void test_two_guests(void)
{
	struct fake_machine *fake = secrets_guest("z17", 0);
	struct uv_config *first = fake->cpu.config;
	struct uv_config *second = uv_config_new(fake->uv, NULL);
	uint8_t page[SECRETS_PAGE], object[56];
	struct seal_secret secret;

	second->image = first->image;
	add_many(fake, 2);
	secrets_lock(fake);
	fake->cpu.config = second;
	secrets_list(fake, 0, page);
	tap_equal(fake_get16(page + 2), 0,
		  "another configuration does not list them");
	tap_equal(secrets_retrieve(fake, 0, 48, object),
		  PV_RC_SECRET_STORE_EMPTY, "nor retrieve them");
	secrets_request(fake, &secret);
	memset(secret.extension, 0x17, 32);
	tap_equal(secrets_add(fake, &secret), 1,
		  "and has its own lock and extension secret");
	memcpy(secret.uid, first->uid, 16);
	tap_equal(secrets_add(fake, &secret), PV_RC_SECRET_NOT_FOR_GUEST,
		  "a request for the first instance is not for the second");
	fake->cpu.config = NULL;
	tap_equal(secrets_list(fake, 0, page), PV_RC_INV_CMD,
		  "a host sees no secrets at all");
	fake_free(fake);
}

/* Everything that only a real machine gives can be had by a fault policy. */
static void test_faults(void)
{
	struct fake_machine *fake = secrets_guest("z17", 0);
	struct seal_secret secret;

	secrets_request(fake, &secret);
	uv_machine_set_faults(fake->uv,
			      "cmd=add-secret:nth=1:rc=0x101;cmd=add-secret:nth=2:rc=0x10d",
			      NULL);
	tap_equal(secrets_add(fake, &secret), PV_RC_SECRET_NOT_ALLOWED,
		  "by policy: not allowed to modify the store");
	tap_equal(secrets_add(fake, &secret), PV_RC_SECRET_DUMPING,
		  "by policy: dump in progress");
	tap_equal(secrets_add(fake, &secret), 1, "and then it is added");
	fake_free(fake);
}

int main(void)
{
	/* Before libcrypto takes any memory. */
	if (!CRYPTO_set_mem_functions(watched_malloc, watched_realloc,
				      watched_free))
		return 2;
	tap_begin();
	test_wiping();
	test_pages();
	test_edges();
	test_list_access();
	test_lock();
	test_order();
	test_only_null();
	test_lifetime();
	test_two_guests();
	test_faults();
	return tap_end();
}
