// SPDX-License-Identifier: GPL-2.0
/*
 * The secret store with an Ultravisor that does not do what one hopes for.
 *
 * Such an Ultravisor has to be arranged for.  PV_TEST_FAULT tells which one it
 * is, and tests for another one are skipped:
 *
 * busy		every request is busy (condition code 2) three times first
 * partial	every request is partly done (3) three times first
 * endless	every request is busy for longer than anybody waits
 * refuse	every request is answered with rc 0x01f5, rrc 0x1234
 * late		the same for lists and retrievals, but only after the results
 *		have been stored
 * second	the second list is refused with rc 0x01f5, rrc 0x1234
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "kselftest_harness.h"
#include "attester.h"
#include "child.h"
#include "device.h"
#include "keeper.h"
#include "pages.h"

#define FAULT_RC	0x01f5
#define FAULT_RRC	0x1234
#define PAGE		UVIO_LIST_SECRETS_LEN

static bool fault_is(const char *name)
{
	const char *active = getenv("PV_TEST_FAULT");

	return active && !strcmp(active, name);
}

static bool all_are(uint8_t value, const uint8_t *data, size_t len)
{
	while (len--)
		if (*data++ != value)
			return false;
	return true;
}

FIXTURE(fault) {
	int fd;
	struct target target;
	struct keeper *keeper;
	struct uvio_ioctl_cb cb;
	union {
		struct uv_list list;
		uint8_t data[2 * UVIO_LIST_SECRETS_LEN];
	};
};

FIXTURE_SETUP(fault)
{
	self->fd = open(UV_PATH, O_RDWR);
	ASSERT_LE(0, self->fd);
	if (target_find(&self->target))
		SKIP(return, "%s", self->target.reason);
	self->keeper = keeper_new(&self->target, attester_seed());
	ASSERT_NE(NULL, self->keeper);
	ASSERT_EQ(0, keeper_choose(self->keeper, ASRCB_PLAINTEXT, 32));
	ASSERT_EQ(0, keeper_seal(self->keeper));
}

FIXTURE_TEARDOWN(fault)
{
	keeper_free(self->keeper);
	target_free(&self->target);
	close(self->fd);
}

/* Index 0 into @data, which is filled before: 0 or -errno */
static int retrieve_first(int fd, uint8_t *data, uint32_t size,
			  struct uvio_ioctl_cb *cb)
{
	memset(data, KEEPER_FILL, size);
	data[0] = 0;
	data[1] = 0;
	return uv_request(fd, UVIO_IOCTL_RETR_SECRET, data, size, cb);
}

/* Every request once, and all of them succeed: NULL, or what does not */
static const char *use_store(int fd, struct keeper *keeper, uint8_t *data,
			     uint32_t size)
{
	struct uvio_ioctl_cb cb;
	const char *wrong;

	if (keeper_add(keeper, fd) || ledger->nr != 1)
		return "not added";
	if (uv_request(fd, UVIO_IOCTL_LIST_SECRETS, data, size, &cb))
		return "not listed";
	wrong = ledger_check((struct uv_list *)data, size);
	if (wrong)
		return wrong;
	if (retrieve_first(fd, data, size, &cb) ||
	    cb.uv_rc != UV_RC_EXECUTED)
		return "not retrieved";
	wrong = ledger_check_object(&ledger->deposits[0], data, size);
	if (wrong)
		return wrong;
	if (uv_request(fd, UVIO_IOCTL_LOCK_SECRETS, NULL, 0, &cb) ||
	    cb.uv_rc != UV_RC_EXECUTED)
		return "not locked";
	return NULL;
}

TEST_F(fault, busy_store_is_asked_again)
{
	if (!fault_is("busy"))
		SKIP(return, "needs PV_TEST_FAULT=busy");
	EXPECT_EQ(NULL, use_store(self->fd, self->keeper, self->data,
				  sizeof(self->data)));
}

TEST_F(fault, partly_done_request_is_continued)
{
	if (!fault_is("partial"))
		SKIP(return, "needs PV_TEST_FAULT=partial");
	EXPECT_EQ(NULL, use_store(self->fd, self->keeper, self->data,
				  sizeof(self->data)));
}

TEST_F(fault, response_and_reason_of_every_request_reach_user_space)
{
	if (!fault_is("refuse"))
		SKIP(return, "needs PV_TEST_FAULT=refuse");
	ASSERT_EQ(0, keeper_send(self->keeper, self->fd));
	EXPECT_EQ(FAULT_RC, self->keeper->cb.uv_rc);
	EXPECT_EQ(FAULT_RRC, self->keeper->cb.uv_rrc);

	memset(self->data, KEEPER_FILL, sizeof(self->data));
	ASSERT_EQ(0, uv_request(self->fd, UVIO_IOCTL_LIST_SECRETS, self->data,
				sizeof(self->data), &self->cb));
	EXPECT_EQ(FAULT_RC, self->cb.uv_rc);
	EXPECT_EQ(FAULT_RRC, self->cb.uv_rrc);
	EXPECT_TRUE(all_are(0, self->data, sizeof(self->data)));

	ASSERT_EQ(0, retrieve_first(self->fd, self->data, 0x2000, &self->cb));
	EXPECT_EQ(FAULT_RC, self->cb.uv_rc);
	EXPECT_EQ(FAULT_RRC, self->cb.uv_rrc);
	EXPECT_TRUE(all_are(0, self->data, 0x2000));

	ASSERT_EQ(0, uv_request(self->fd, UVIO_IOCTL_LOCK_SECRETS, NULL, 0,
				&self->cb));
	EXPECT_EQ(FAULT_RC, self->cb.uv_rc);
	EXPECT_EQ(FAULT_RRC, self->cb.uv_rrc);
}

TEST_F(fault, results_do_not_reach_user_space_with_an_error)
{
	if (!fault_is("late"))
		SKIP(return, "needs PV_TEST_FAULT=late");
	ASSERT_EQ(0, keeper_add(self->keeper, self->fd));
	ASSERT_EQ(1, ledger->nr);
	memset(self->data, KEEPER_FILL, sizeof(self->data));
	ASSERT_EQ(0, uv_request(self->fd, UVIO_IOCTL_LIST_SECRETS, self->data,
				sizeof(self->data), &self->cb));
	EXPECT_EQ(FAULT_RC, self->cb.uv_rc);
	EXPECT_TRUE(all_are(0, self->data, sizeof(self->data)));
	ASSERT_EQ(0, retrieve_first(self->fd, self->data, 0x2000, &self->cb));
	EXPECT_EQ(FAULT_RC, self->cb.uv_rc);
	EXPECT_TRUE(all_are(0, self->data, 0x2000));
}

TEST_F_TIMEOUT(fault, part_of_a_list_is_no_list, 120)
{
	uint16_t rc;

	if (!fault_is("second"))
		SKIP(return, "needs PV_TEST_FAULT=second");
	for (uint64_t i = 0; i <= UV_LIST_PAGE_ENTRIES; i++) {
		ASSERT_EQ(0, keeper_add_new(&self->target, self->fd,
					    ASRCB_PLAINTEXT, 1,
					    attester_seed() + i, &rc));
		ASSERT_EQ(UV_RC_EXECUTED, rc);
	}
	memset(self->data, KEEPER_FILL, sizeof(self->data));
	ASSERT_EQ(0, uv_request(self->fd, UVIO_IOCTL_LIST_SECRETS, self->data,
				sizeof(self->data), &self->cb));
	EXPECT_EQ(FAULT_RC, self->cb.uv_rc);
	EXPECT_EQ(FAULT_RRC, self->cb.uv_rrc);
	EXPECT_TRUE(all_are(0, self->data, sizeof(self->data)));
	ASSERT_EQ(0, uv_request(self->fd, UVIO_IOCTL_LIST_SECRETS, self->data,
				sizeof(self->data), &self->cb));
	EXPECT_EQ(UV_RC_EXECUTED, self->cb.uv_rc);
	EXPECT_EQ(NULL, ledger_check(&self->list, sizeof(self->data)));
}

/* A child that waits for its request; the argument is shared with it. */
FIXTURE(endless) {
	uint8_t *argument;
	pid_t child;
};

FIXTURE_VARIANT(endless) {
	unsigned long cmd;
	uint32_t len;
	int handled;
	int signal;
};

FIXTURE_VARIANT_ADD(endless, add_killed) {
	.cmd = UVIO_IOCTL_ADD_SECRET,
	.len = 0x600,
	.signal = SIGKILL,
};

FIXTURE_VARIANT_ADD(endless, list_terminated) {
	.cmd = UVIO_IOCTL_LIST_SECRETS,
	.len = PAGE,
	.signal = SIGTERM,
};

FIXTURE_VARIANT_ADD(endless, list_killed_after_handled_signal) {
	.cmd = UVIO_IOCTL_LIST_SECRETS,
	.len = PAGE,
	.handled = SIGUSR1,
	.signal = SIGKILL,
};

FIXTURE_VARIANT_ADD(endless, lock_killed) {
	.cmd = UVIO_IOCTL_LOCK_SECRETS,
	.signal = SIGKILL,
};

FIXTURE_VARIANT_ADD(endless, retrieval_interrupted) {
	.cmd = UVIO_IOCTL_RETR_SECRET,
	.len = 64,
	.signal = SIGINT,
};

static void ignore_it(int signal)
{
}

static void request_in_child(unsigned long cmd, uint8_t *argument, uint32_t len)
{
	struct sigaction sa = { .sa_handler = ignore_it };
	int fd = open(UV_PATH, O_RDWR);
	struct uvio_ioctl_cb cb;

	sigaction(SIGUSR1, &sa, NULL);
	_exit(uv_request(fd, cmd, len ? argument : NULL, len, &cb) ? 1 : 0);
}

FIXTURE_SETUP(endless)
{
	if (!fault_is("endless"))
		SKIP(return, "needs PV_TEST_FAULT=endless");
	self->argument = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->argument);
	memset(self->argument, KEEPER_FILL, PAGE);
	self->child = fork();
	ASSERT_LE(0, self->child);
	if (!self->child)
		request_in_child(variant->cmd, self->argument, variant->len);
}

FIXTURE_TEARDOWN(endless)
{
	if (self->child > 0)
		kill(self->child, SIGKILL);
	if (self->argument)
		munmap(self->argument, PAGE);
}

TEST_F(endless, wait_is_ended_by_a_fatal_signal_only)
{
	int status = 0;

	EXPECT_EQ(0, wait_for(self->child, &status, 500));
	if (variant->handled) {
		ASSERT_EQ(0, kill(self->child, variant->handled));
		EXPECT_EQ(0, wait_for(self->child, &status, 500));
	}
	ASSERT_EQ(0, kill(self->child, variant->signal));
	ASSERT_EQ(self->child, wait_for(self->child, &status, 5000));
	self->child = 0;
	EXPECT_TRUE(WIFSIGNALED(status));
	EXPECT_EQ(variant->signal, WTERMSIG(status));
	EXPECT_TRUE(all_are(KEEPER_FILL, self->argument, PAGE));
}

int main(int argc, char **argv)
{
	device_needed();
	return test_harness_run(argc, argv);
}
