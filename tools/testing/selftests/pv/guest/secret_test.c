// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/uv: secrets of a guest, one by one and in races.
 *
 * A store only grows, so the tests share one, in any order, and know from the
 * ledger what is in it.  It must be empty when the program starts.  Tests that
 * fill and lock it are in secret_store_test.c.
 */
#include <fcntl.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "attester.h"
#include "device.h"
#include "pages.h"
#include "store.h"
#include "secret_variants.h"

#define PAGE	UVIO_LIST_SECRETS_LEN

FIXTURE_SETUP(size)
{
	self->fd = open(UV_PATH, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(size)
{
	close(self->fd);
}

TEST_F(size, is_checked_before_the_address)
{
	EXPECT_EQ(-EFAULT, uv_request(self->fd, variant->cmd, NULL,
				      variant->good, &self->cb));
	EXPECT_EQ(-EINVAL, uv_request(self->fd, variant->cmd, NULL,
				      variant->bad, &self->cb));
	EXPECT_EQ(0, self->cb.uv_rc);
}

/* Arguments that end where a page without access begins. */
FIXTURE(edge) {
	int fd;
	struct target target;
	struct uvio_ioctl_cb cb;
	uint8_t *pages;
	uint8_t *end;
};

FIXTURE_SETUP(edge)
{
	self->fd = open(UV_PATH, O_RDWR);
	ASSERT_LE(0, self->fd);
	target_find(&self->target);
	self->pages = pages_new(4);
	ASSERT_NE(MAP_FAILED, self->pages);
	memset(self->pages, KEEPER_FILL, 3 * PAGE);
	ASSERT_EQ(0, pages_protect(self->pages, 3, PROT_NONE));
	self->end = self->pages + 3 * getpagesize();
}

FIXTURE_TEARDOWN(edge)
{
	pages_free(self->pages, 4);
	target_free(&self->target);
	close(self->fd);
}

/* What the Ultravisor says if it has the call, and if not. */
#define ANSWER(nr, rc)	\
	(target_has_call(&self->target, nr) ? (rc) : UV_RC_NO_CALL)

TEST_F(edge, request_is_read_to_its_last_byte)
{
	memset(self->end - 0x600, 0, 0x600);
	ASSERT_EQ(0, uv_request(self->fd, UVIO_IOCTL_ADD_SECRET,
				self->end - 0x600, 0x600, &self->cb));
	EXPECT_EQ(ANSWER(UVIO_IOCTL_ADD_SECRET_NR, UV_RC_ADD_VERSION),
		  self->cb.uv_rc);
	EXPECT_EQ(-EFAULT, uv_request(self->fd, UVIO_IOCTL_ADD_SECRET,
				      self->end - 0x5ff, 0x600, &self->cb));
	EXPECT_EQ(-EFAULT, uv_request(self->fd, UVIO_IOCTL_ADD_SECRET,
				      self->end, 1, &self->cb));
	EXPECT_EQ(0, self->cb.uv_rc);
}

TEST_F(edge, request_is_never_written)
{
	memset(self->pages, 0, PAGE);
	ASSERT_EQ(0, pages_protect(self->pages, 0, PROT_READ));
	EXPECT_EQ(0, uv_request(self->fd, UVIO_IOCTL_ADD_SECRET, self->pages,
				PAGE, &self->cb));
	EXPECT_TRUE(all_are(0, self->pages, PAGE));
}

TEST_F(edge, list_is_written_to_its_last_byte_and_no_further)
{
	uint8_t *list = self->end - PAGE;

	ASSERT_EQ(0, uv_request(self->fd, UVIO_IOCTL_LIST_SECRETS, list, PAGE,
				&self->cb));
	EXPECT_EQ(ANSWER(UVIO_IOCTL_LIST_SECRETS_NR, UV_RC_EXECUTED),
		  self->cb.uv_rc);
	EXPECT_EQ(NULL, ledger_check((void *)list, PAGE));
	EXPECT_EQ(KEEPER_FILL, list[-1]);
	EXPECT_EQ(-EFAULT, uv_request(self->fd, UVIO_IOCTL_LIST_SECRETS,
				      list + 1, PAGE, &self->cb));
	EXPECT_EQ(0, self->cb.uv_rc);
}

TEST_F(edge, list_begins_to_exist_when_all_of_it_does)
{
	uint8_t *list = self->pages;

	ASSERT_EQ(0, pages_protect(self->pages, 2, PROT_READ));
	EXPECT_EQ(-EFAULT, uv_request(self->fd, UVIO_IOCTL_LIST_SECRETS, list,
				      3 * PAGE, &self->cb));
	EXPECT_TRUE(all_are(KEEPER_FILL, list, sizeof(struct uv_list)));
	EXPECT_EQ(0, uv_request(self->fd, UVIO_IOCTL_LIST_SECRETS, list,
				2 * PAGE, &self->cb));
	EXPECT_EQ(NULL, ledger_check((void *)list, 2 * PAGE));
	EXPECT_EQ(KEEPER_FILL, list[2 * PAGE]);
}

TEST_F(edge, index_is_read_to_its_last_byte)
{
	EXPECT_EQ(-EFAULT, uv_request(self->fd, UVIO_IOCTL_RETR_SECRET,
				      self->end - 1, 32, &self->cb));
	EXPECT_EQ(-EFAULT, uv_request(self->fd, UVIO_IOCTL_RETR_SECRET,
				      self->end, 32, &self->cb));
	EXPECT_EQ(0, uv_request(self->fd, UVIO_IOCTL_RETR_SECRET,
				self->end - 2, 2, &self->cb));
}

TEST_F(edge, secret_is_written_to_its_last_byte_and_no_further)
{
	uint8_t *object = self->end - 0x2000;

	ASSERT_EQ(0, uv_request(self->fd, UVIO_IOCTL_RETR_SECRET, object,
				0x2000, &self->cb));
	EXPECT_EQ(ANSWER(UVIO_IOCTL_RETR_SECRET_NR, ledger->nr ?
			 UV_RC_RETR_INDEX : UV_RC_RETR_EMPTY),
		  self->cb.uv_rc);
	EXPECT_TRUE(all_are(0, object, 0x2000));
	EXPECT_EQ(KEEPER_FILL, object[-1]);
	EXPECT_EQ(-EFAULT, uv_request(self->fd, UVIO_IOCTL_RETR_SECRET,
				      self->end - 32, 33, &self->cb));
	EXPECT_EQ(0, self->cb.uv_rc);
	ASSERT_EQ(0, pages_protect(self->pages, 0, PROT_READ));
	EXPECT_EQ(-EFAULT, uv_request(self->fd, UVIO_IOCTL_RETR_SECRET,
				      self->pages, 32, &self->cb));
}

TEST_F(edge, lock_takes_no_argument)
{
	EXPECT_EQ(-EINVAL, uv_request(self->fd, UVIO_IOCTL_LOCK_SECRETS,
				      self->pages, 0, &self->cb));
	EXPECT_EQ(-EINVAL, uv_request(self->fd, UVIO_IOCTL_LOCK_SECRETS, NULL,
				      1, &self->cb));
	EXPECT_EQ(-EINVAL, uv_request(self->fd, UVIO_IOCTL_LOCK_SECRETS, NULL,
				      UINT32_MAX, &self->cb));
	EXPECT_EQ(0, self->cb.uv_rc);
}

TEST_F(edge, control_block_is_stored_last)
{
	struct uvio_ioctl_cb *cb = (void *)self->pages;

	*cb = (struct uvio_ioctl_cb) {
		.argument_addr = (uintptr_t)self->pages + PAGE,
		.argument_len = PAGE,
	};
	ASSERT_EQ(0, pages_protect(self->pages, 0, PROT_READ));
	EXPECT_EQ(-1, ioctl(self->fd, UVIO_IOCTL_LIST_SECRETS, cb));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(NULL, ledger_check((void *)(self->pages + PAGE), PAGE));
	EXPECT_EQ(0, cb->uv_rc);
}

#define EXPECT_STORE_FITS(store)			\
do {							\
	const char *wrong_ = store_check(store);	\
	EXPECT_EQ(NULL, wrong_) {			\
		TH_LOG("%s", wrong_);			\
	}						\
} while (0)

#define EXPECT_ATTESTED(store)				\
do {							\
	const char *wrong_ = store_attest(store);	\
	EXPECT_EQ(NULL, wrong_) {			\
		TH_LOG("%s", wrong_);			\
	}						\
} while (0)

FIXTURE_SETUP(kind)
{
	struct asrcb_request *req;

	if (store_open(&self->store))
		SKIP(return, "%s", self->store.target.reason);
	req = &self->store.keeper->req;
	ASSERT_EQ(0, keeper_choose(self->store.keeper, variant->type,
				   variant->size));
	req->flags = variant->flags;
	req->kind = variant->user_data_kind;
	if (req->kind)
		attester_bytes(self->store.seed, 'U', req->user_data,
			       sizeof(req->user_data));
	req->nr_decoys = variant->nr_decoys;
	if (req->nr_decoys)
		req->slots = NULL;
	ASSERT_EQ(0, keeper_seal(self->store.keeper));
	keeper_describe(self->store.keeper, &self->deposit);
}

FIXTURE_TEARDOWN(kind)
{
	store_close(&self->store);
}

/* Twice: the same id again is another secret. */
TEST_F(kind, is_added_listed_and_retrieved)
{
	uint8_t object[UVIO_RETR_SECRET_MAX_LEN], again[sizeof(object)];
	struct store *store = &self->store;
	const char *wrong;

	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(0, keeper_add(store->keeper, store->fd));
		EXPECT_EQ(0, store->keeper->cb.uv_rrc);
		if (!target_has_type(&store->target, variant->type)) {
			EXPECT_EQ(UV_RC_ADD_TYPE, store->keeper->cb.uv_rc);
			EXPECT_STORE_FITS(store);
			return;
		}
		EXPECT_EQ(UV_RC_EXECUTED, store->keeper->cb.uv_rc);
		EXPECT_STORE_FITS(store);
	}
	EXPECT_ATTESTED(store);
	if (!store_gives(store, variant->type))
		return;
	ASSERT_EQ(0, store_retrieve(store, ledger->nr - 1, object,
				    sizeof(object)));
	EXPECT_EQ(UV_RC_EXECUTED, store->cb.uv_rc);
	wrong = ledger_check_object(&self->deposit, object, sizeof(object));
	EXPECT_EQ(NULL, wrong) {
		TH_LOG("%s", wrong);
	}
	/* A buffer that just fits, and the one before. */
	ASSERT_EQ(0, store_retrieve(store, ledger->nr - 2, again,
				    self->deposit.size));
	EXPECT_EQ(UV_RC_EXECUTED, store->cb.uv_rc);
	EXPECT_EQ(0, memcmp(object, again, self->deposit.size));
}

/* Have a secret of a type, if the machine has the type: 0 or -1 */
static int have(struct store *store, uint16_t type)
{
	uint32_t size = keeper_key_size(type);
	uint16_t rc;

	for (unsigned int i = 0; i < ledger->nr; i++)
		if (ledger->deposits[i].type == type)
			return 0;
	if (!type || !target_has_type(&store->target, type))
		return 0;
	if (keeper_add_new(&store->target, store->fd, type, size, store->seed,
			   &rc))
		return -1;
	return rc == UV_RC_EXECUTED ? 0 : -1;
}

FIXTURE_SETUP(stranger)
{
	struct keeper *keeper;
	uint16_t type = variant->type;

	if (store_open(&self->store))
		SKIP(return, "%s", self->store.target.reason);
	keeper = self->store.keeper;
	if (variant->at)
		type = ASRCB_ASSOCIATION;
	ASSERT_EQ(0, keeper_choose(keeper, type, variant->at ?
				   keeper_key_size(type) : variant->size));
	if (variant->at)
		((uint8_t *)&keeper->req)[variant->at] ^= 0x01;
}

FIXTURE_TEARDOWN(stranger)
{
	store_close(&self->store);
}

/* An older machine does not know all types, and says so first. */
static uint16_t refusal_for(const struct target *target, uint16_t type,
			    uint16_t rc)
{
	return target_has_type(target, type) ? rc : UV_RC_ADD_TYPE;
}

TEST_F(stranger, is_refused_and_changes_nothing)
{
	struct store *store = &self->store;

	/* The first request fixes the extension secret: zeros. */
	ASSERT_EQ(0, have(store, ASRCB_ASSOCIATION));
	ASSERT_EQ(0, keeper_seal(store->keeper));
	ASSERT_EQ(0, keeper_send(store->keeper, store->fd));
	EXPECT_EQ(refusal_for(&store->target, store->keeper->req.type,
			      variant->rc), store->keeper->cb.uv_rc);
	EXPECT_STORE_FITS(store);
	EXPECT_ATTESTED(store);
}

FIXTURE_SETUP(damage)
{
	if (store_open(&self->store))
		SKIP(return, "%s", self->store.target.reason);
	ASSERT_EQ(0, keeper_choose(self->store.keeper, ASRCB_ASSOCIATION, 32));
	ASSERT_EQ(0, keeper_seal(self->store.keeper));
}

FIXTURE_TEARDOWN(damage)
{
	store_close(&self->store);
}

TEST_F(damage, is_found)
{
	struct store *store = &self->store;

	store->keeper->asrcb[variant->offset] ^= variant->flip;
	ASSERT_EQ(0, keeper_send(store->keeper, store->fd));
	EXPECT_EQ(variant->rc, store->keeper->cb.uv_rc);
	EXPECT_STORE_FITS(store);
}

FIXTURE(single) {
	struct store store;
};

FIXTURE_SETUP(single)
{
	if (store_open(&self->store))
		SKIP(return, "%s", self->store.target.reason);
	ASSERT_EQ(0, keeper_choose(self->store.keeper, ASRCB_ASSOCIATION, 32));
}

FIXTURE_TEARDOWN(single)
{
	store_close(&self->store);
}

/* The UID of this instance is known since it has attested: 0 or -1 */
static int bind_to_instance(struct store *store)
{
	struct attester *at = attester_new(store->seed);
	int ret = -1;

	if (at && !attester_seal(at, &store->target, ARCB_FLAG_NONCE) &&
	    !attester_call(at, store->fd) &&
	    at->cb.uv_rc == UV_RC_EXECUTED) {
		memcpy(store->keeper->req.config_uid, at->att.config_uid,
		       sizeof(at->att.config_uid));
		ret = 0;
	}
	attester_free(at);
	return ret;
}

TEST_F(single, secret_can_be_bound_to_the_instance)
{
	struct store *store = &self->store;

	ASSERT_EQ(0, bind_to_instance(store));
	ASSERT_EQ(0, keeper_seal(store->keeper));
	ASSERT_EQ(0, keeper_add(store->keeper, store->fd));
	EXPECT_EQ(UV_RC_EXECUTED, store->keeper->cb.uv_rc);
	EXPECT_STORE_FITS(store);
}

/* The Ultravisor takes the size that the request names. */
TEST_F(single, request_may_stand_in_a_larger_argument)
{
	struct store *store = &self->store;
	uint8_t *large = calloc(1, UVIO_ADD_SECRET_MAX_LEN);
	struct deposit deposit;

	ASSERT_NE(NULL, large);
	ASSERT_EQ(0, keeper_seal(store->keeper));
	keeper_describe(store->keeper, &deposit);
	memcpy(large, store->keeper->asrcb, store->keeper->size);
	ASSERT_EQ(0, uv_request(store->fd, UVIO_IOCTL_ADD_SECRET, large,
				UVIO_ADD_SECRET_MAX_LEN, &store->cb));
	EXPECT_EQ(UV_RC_EXECUTED, store->cb.uv_rc);
	ledger_append(&deposit);
	EXPECT_STORE_FITS(store);
	free(large);
}

/* The start and the first entry on one page, which is read only. */
TEST_F(single, entries_are_stored_before_the_rest_is_cleared)
{
	struct store *store = &self->store;
	uint8_t *pages = pages_new(2), *list = pages + PAGE - 64;

	ASSERT_NE(MAP_FAILED, pages);
	ASSERT_EQ(0, have(store, ASRCB_ASSOCIATION));
	memset(pages, KEEPER_FILL, 2 * PAGE);
	ASSERT_EQ(0, pages_protect(pages, 0, PROT_READ));
	EXPECT_EQ(-EFAULT, uv_request(store->fd, UVIO_IOCTL_LIST_SECRETS, list,
				      PAGE, &store->cb));
	EXPECT_TRUE(all_are(KEEPER_FILL, pages, 2 * PAGE));
	pages_free(pages, 2);
}

FIXTURE_SETUP(refused_retrieval)
{
	if (store_open(&self->store))
		SKIP(return, "%s", self->store.target.reason);
}

FIXTURE_TEARDOWN(refused_retrieval)
{
	store_close(&self->store);
}

/* Index of the first secret of a type; the last one if there is none. */
static uint16_t index_of(uint16_t type)
{
	unsigned int i = 0;

	while (i + 1 < ledger->nr && ledger->deposits[i].type != type)
		i++;
	return (uint16_t)i;
}

TEST_F(refused_retrieval, clears_the_whole_buffer)
{
	struct store *store = &self->store;
	uint8_t object[UVIO_RETR_SECRET_MAX_LEN];
	uint32_t size = 1000;
	uint16_t index;

	ASSERT_EQ(0, have(store, ASRCB_ASSOCIATION));
	ASSERT_EQ(0, have(store, variant->type));
	index = index_of(variant->type);
	if (variant->behind)
		index = variant->behind > UINT16_MAX ? UINT16_MAX :
			(uint16_t)(ledger->nr - 1 + variant->behind);
	if (variant->missing)
		size = ledger->deposits[index].size;
	/* There are but small secrets on an older machine. */
	size = variant->missing < size ? size - variant->missing : 2;
	ASSERT_EQ(0, store_retrieve(store, index, object, size));
	EXPECT_EQ(target_has_call(&store->target, UVIO_IOCTL_RETR_SECRET_NR) ?
		  variant->rc : UV_RC_NO_CALL, store->cb.uv_rc);
	EXPECT_TRUE(all_are(0, object, size));
}

/* Two processes at once */
FIXTURE(race) {
	struct store store;
	uint16_t type;
};

FIXTURE_SETUP(race)
{
	if (store_open(&self->store))
		SKIP(return, "%s", self->store.target.reason);
	self->type = target_has_type(&self->store.target, ASRCB_PLAINTEXT) ?
		     ASRCB_PLAINTEXT : ASRCB_ASSOCIATION;
}

FIXTURE_TEARDOWN(race)
{
	store_close(&self->store);
}

#define RACE_SECRETS	12

static void add_in_child(const struct target *target, uint16_t type,
			 uint64_t seed)
{
	int fd = open(UV_PATH, O_RDWR);
	uint16_t rc;

	for (uint64_t i = 1; i <= RACE_SECRETS; i++)
		if (keeper_add_new(target, fd, type, 32, seed + i, &rc) ||
		    rc != UV_RC_EXECUTED)
			_exit(1);
	_exit(0);
}

/* The list of a growing store: what was there before, and what came since. */
static const char *check_growing(struct store *store, unsigned int before)
{
	if (store_list(store) || store->cb.uv_rc != UV_RC_EXECUTED)
		return "no list";
	if (store->list.stored != store->list.total || store->list.next)
		return "the counts do not fit each other";
	if (store->list.stored < before)
		return "secrets have vanished";
	return ledger_compare(&store->list, store->list.stored);
}

TEST_F_TIMEOUT(race, list_and_retrieval_fit_while_another_process_adds, 120)
{
	struct store *store = &self->store;
	unsigned int first, seen;
	const char *wrong = NULL;
	pid_t child;
	int status;

	/* There is something to retrieve from the start. */
	ASSERT_EQ(0, have(store, ASRCB_ASSOCIATION));
	first = ledger->nr;
	seen = first;
	child = fork();
	ASSERT_LE(0, child);
	if (!child)
		add_in_child(&store->target, self->type, store->seed);
	while (!wrong && !waitpid(child, &status, WNOHANG)) {
		wrong = check_growing(store, seen);
		seen = store->list.stored;
		if (!wrong)
			wrong = store_check_object(store, (uint16_t)(seen - 1));
		if (!wrong)
			wrong = store_check_object(store, (uint16_t)(seen / 2));
	}
	EXPECT_EQ(NULL, wrong) {
		TH_LOG("%s, %u secrets", wrong, seen);
	}
	if (wrong)
		waitpid(child, &status, 0);
	EXPECT_EQ(0, status);
	EXPECT_EQ(first + RACE_SECRETS, ledger->nr);
	EXPECT_STORE_FITS(store);
}

/* What one of two adders has added, in this order */
struct adder {
	struct deposit deposits[RACE_SECRETS];
	unsigned int nr;
};

static void add_and_note(const struct target *target, uint16_t type,
			 uint64_t seed, struct adder *adder)
{
	int fd = open(UV_PATH, O_RDWR);

	for (uint64_t i = 1; i <= RACE_SECRETS; i++) {
		struct keeper *keeper = keeper_new(target, seed + i);

		if (!keeper || keeper_choose(keeper, type, 32) ||
		    keeper_seal(keeper) || keeper_send(keeper, fd) ||
		    keeper->cb.uv_rc != UV_RC_EXECUTED)
			_exit(1);
		keeper_describe(keeper, &adder->deposits[adder->nr++]);
		keeper_free(keeper);
	}
	_exit(0);
}

/* Each adder's secrets are in the store in the order they were added. */
static bool adopt(const uint8_t *id, struct adder *adders, unsigned int *next)
{
	for (int i = 0; i < 2; i++) {
		struct deposit *deposit = &adders[i].deposits[next[i]];

		if (next[i] < adders[i].nr &&
		    !memcmp(deposit->id, id, sizeof(deposit->id))) {
			ledger_append(deposit);
			next[i]++;
			return true;
		}
	}
	return false;
}

TEST_F_TIMEOUT(race, two_processes_add_and_no_secret_is_lost, 120)
{
	struct store *store = &self->store;
	struct adder *adders;
	unsigned int next[2] = {}, first = ledger->nr;
	pid_t pids[2];
	int status;

	adders = mmap(NULL, 2 * sizeof(*adders), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, adders);
	for (int i = 0; i < 2; i++) {
		pids[i] = fork();
		ASSERT_LE(0, pids[i]);
		if (!pids[i])
			add_and_note(&store->target, self->type,
				     store->seed + 0x1000 * i, &adders[i]);
	}
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(pids[i], waitpid(pids[i], &status, 0));
		EXPECT_EQ(0, status);
	}
	ASSERT_EQ(0, store_list(store));
	ASSERT_EQ(first + 2 * RACE_SECRETS, store->list.stored);
	for (unsigned int i = first; i < store->list.stored; i++)
		EXPECT_TRUE(adopt(store->list.entries[i].id, adders, next));
	EXPECT_STORE_FITS(store);
	EXPECT_ATTESTED(store);
	munmap(adders, 2 * sizeof(*adders));
}

int main(int argc, char **argv)
{
	device_needed();
	store_must_be_empty();
	return test_harness_run(argc, argv);
}
