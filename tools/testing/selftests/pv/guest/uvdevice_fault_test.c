// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/uv with an Ultravisor that does not do what one hopes for.
 *
 * Such an Ultravisor has to be arranged for.  PV_TEST_FAULT tells which one it
 * is, and tests for another one are skipped:
 *
 * busy		every attestation is busy (condition code 2) three times first
 * partial	every attestation is partly done (3) three times first
 * endless	every attestation is busy for longer than anybody waits
 * refuse	every attestation is answered with rc 0x0107, rrc 0x1234
 * late		the same, but after measurement and UID have been stored
 * mute		the driver's query when it was loaded failed with rc 0x0007,
 *		although the list of calls has been stored
 * silent	that query was busy for longer than anybody waits
 */
#include <fcntl.h>
#include <signal.h>
#include <time.h>

#include "kselftest_harness.h"
#include "attester.h"
#include "child.h"
#include "device.h"
#include "target.h"

#define FAULT_RC	0x0107
#define FAULT_RRC	0x1234

static bool fault_is(const char *name)
{
	const char *active = getenv("PV_TEST_FAULT");

	return active && !strcmp(active, name);
}

FIXTURE(fault) {
	int fd;
	struct target target;
	struct attester *at;
};

FIXTURE_SETUP(fault)
{
	self->fd = open(UV_PATH, O_RDWR);
	ASSERT_LE(0, self->fd);
	if (target_find(&self->target))
		SKIP(return, "%s", self->target.reason);
	self->at = attester_new(attester_seed());
	ASSERT_NE(NULL, self->at);
	ASSERT_EQ(0, attester_seal(self->at, &self->target,
				   ARCB_FLAG_NONCE | ARCB_FLAG_IMAGE_PHKH));
}

FIXTURE_TEARDOWN(fault)
{
	attester_free(self->at);
	target_free(&self->target);
	close(self->fd);
}

TEST_F(fault, busy_ultravisor_is_asked_again)
{
	if (!fault_is("busy"))
		SKIP(return, "needs PV_TEST_FAULT=busy");
	ASSERT_EQ(0, attester_call(self->at, self->fd));
	EXPECT_EQ(NULL, attester_verify(self->at, &self->target));
}

TEST_F(fault, partly_done_call_is_continued)
{
	if (!fault_is("partial"))
		SKIP(return, "needs PV_TEST_FAULT=partial");
	ASSERT_EQ(0, attester_call(self->at, self->fd));
	EXPECT_EQ(NULL, attester_verify(self->at, &self->target));
}

TEST_F(fault, response_and_reason_reach_user_space)
{
	if (!fault_is("refuse"))
		SKIP(return, "needs PV_TEST_FAULT=refuse");
	ASSERT_EQ(0, attester_call(self->at, self->fd));
	EXPECT_EQ(FAULT_RC, self->at->cb.uv_rc);
	EXPECT_EQ(FAULT_RRC, self->at->cb.uv_rrc);
	EXPECT_TRUE(attester_results_zero(self->at));
	EXPECT_TRUE(attester_guards_intact(self->at));
}

TEST_F(fault, results_reach_user_space_whatever_the_response)
{
	if (!fault_is("late"))
		SKIP(return, "needs PV_TEST_FAULT=late");
	ASSERT_EQ(0, attester_call(self->at, self->fd));
	EXPECT_EQ(FAULT_RC, self->at->cb.uv_rc);
	EXPECT_EQ(FAULT_RRC, self->at->cb.uv_rrc);
	self->at->cb.uv_rc = UV_RC_EXECUTED;
	EXPECT_EQ(NULL, attester_verify(self->at, &self->target));
}

TEST_F(fault, failed_query_announces_no_call_and_forbids_none)
{
	struct uvio_uvdev_info info = { .supp_uv_cmds = UINT64_MAX };
	struct uvio_ioctl_cb cb = {
		.argument_addr = (uintptr_t)&info,
		.argument_len = sizeof(info),
	};

	if (!fault_is("mute") && !fault_is("silent"))
		SKIP(return, "needs PV_TEST_FAULT=mute or silent");
	ASSERT_EQ(0, ioctl(self->fd, UVIO_IOCTL_UVDEV_INFO, &cb));
	EXPECT_EQ(3, info.supp_uvio_cmds & 3);
	EXPECT_EQ(0, info.supp_uv_cmds);
	ASSERT_EQ(0, attester_call(self->at, self->fd));
	EXPECT_EQ(NULL, attester_verify(self->at, &self->target));
}

/* A child that attests; results go to memory the parent can look at. */
FIXTURE(endless) {
	FIXTURE_DATA(fault) fault;
	struct attester *shared;
	pid_t child;
};

/*
 * A signal that has a handler does not end the wait, whatever comes after it
 * except SIGKILL: the kernel looks at what is pending one by one.
 */
FIXTURE_VARIANT(endless) {
	int handled;
	int signal;
};

FIXTURE_VARIANT_ADD(endless, kill) { .signal = SIGKILL };
FIXTURE_VARIANT_ADD(endless, kill_after_handled_signal) {
	.handled = SIGUSR1,
	.signal = SIGKILL,
};

FIXTURE_VARIANT_ADD(endless, terminate) { .signal = SIGTERM };
FIXTURE_VARIANT_ADD(endless, interrupt) { .signal = SIGINT };

static void ignore_it(int signal)
{
}

static void attest_in_child(struct attester *at, int fd)
{
	struct sigaction sa = { .sa_handler = ignore_it };

	sigaction(SIGUSR1, &sa, NULL);
	_exit(attester_call(at, fd) ? 1 : 0);
}

/* Move the attestation to shared memory; the pointers in it move along. */
static struct attester *share(const struct attester *at)
{
	struct attester *shared = mmap(NULL, sizeof(*shared),
				       PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		return NULL;
	*shared = *at;
	shared->att.arcb_addr = (uintptr_t)shared->arcb;
	shared->att.meas_addr = (uintptr_t)shared->meas;
	shared->att.add_data_addr = (uintptr_t)shared->add;
	shared->cb.argument_addr = (uintptr_t)&shared->att;
	return shared;
}

FIXTURE_SETUP(endless)
{
	if (!fault_is("endless"))
		SKIP(return, "needs PV_TEST_FAULT=endless");
	fault_setup(_metadata, &self->fault, NULL);
	if (!self->fault.at)
		return;
	self->shared = share(self->fault.at);
	ASSERT_NE(NULL, self->shared);
	self->child = fork();
	ASSERT_LE(0, self->child);
	if (!self->child)
		attest_in_child(self->shared, self->fault.fd);
}

FIXTURE_TEARDOWN(endless)
{
	if (self->child > 0)
		kill(self->child, SIGKILL);
	if (self->shared)
		munmap(self->shared, sizeof(*self->shared));
	fault_teardown(_metadata, &self->fault, NULL);
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
	EXPECT_TRUE(attester_results_untouched(self->shared));
}

int main(int argc, char **argv)
{
	device_needed();
	return test_harness_run(argc, argv);
}
