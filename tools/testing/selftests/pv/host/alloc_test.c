// SPDX-License-Identifier: GPL-2.0
/*
 * KVM's commands for protected machines without enough memory: each of the
 * allocations that a command needs fails once.  Needs a kernel with
 * CONFIG_FAILSLAB, CONFIG_FAIL_PAGE_ALLOC and CONFIG_FAULT_INJECTION_DEBUG_FS.
 */
#include <sys/ioctl.h>

#include "kselftest_harness.h"
#include "account.h"
#include "alloc.h"
#include "defect.h"
#include "guest.h"
#include "host.h"

/* No command needs as many */
#define MAX_NTH		400
/* Often enough that a page for each of them is noticed */
#define NR_REPEATS	60
#define SLACK_KIB	640

/* Steps to where the command is tried; END behind the last one */
#define END		UINT32_MAX
#define MAX_STEPS	6
/* No command of KVM_S390_PV_COMMAND */
#define ADD_CPU		100

FIXTURE(memory) {
	struct guest guest;
};

FIXTURE_VARIANT(memory) {
	uint32_t steps[MAX_STEPS];
	uint32_t cmd;
	/* Whether it still is when the command has failed */
	bool protected;
};

FIXTURE_VARIANT_ADD(memory, enable) {
	.steps = { END },
	.cmd = KVM_PV_ENABLE,
};

FIXTURE_VARIANT_ADD(memory, parameters) {
	.steps = { KVM_PV_ENABLE, END },
	.cmd = KVM_PV_SET_SEC_PARMS,
	.protected = true,
};

FIXTURE_VARIANT_ADD(memory, unpack) {
	.steps = { KVM_PV_ENABLE, KVM_PV_SET_SEC_PARMS, END },
	.cmd = KVM_PV_UNPACK,
	.protected = true,
};

FIXTURE_VARIANT_ADD(memory, late_cpu) {
	.steps = { KVM_PV_ENABLE, END },
	.cmd = ADD_CPU,
	.protected = true,
};

FIXTURE_VARIANT_ADD(memory, prepare) {
	.steps = { KVM_PV_ENABLE, KVM_PV_SET_SEC_PARMS, KVM_PV_UNPACK, END },
	.cmd = PV_CMD_ASYNC_PREPARE,
	.protected = true,
};

FIXTURE_VARIANT_ADD(memory, perform) {
	.steps = { KVM_PV_ENABLE, PV_CMD_ASYNC_PREPARE, END },
	.cmd = PV_CMD_ASYNC_PERFORM,
};

FIXTURE_VARIANT_ADD(memory, disable) {
	.steps = { KVM_PV_ENABLE, END },
	.cmd = KVM_PV_DISABLE,
};

FIXTURE_SETUP(memory)
{
	if (!alloc_can_fail())
		SKIP(return, "no allocation fails on demand (CONFIG_FAILSLAB, ...)");
	ASSERT_EQ(0, guest_new(&self->guest, 1))
		TH_LOG("%s", self->guest.problem);
	vm_close(&self->guest.vm);
	ASSERT_TRUE(account_join());
}

FIXTURE_TEARDOWN(memory)
{
	guest_free(&self->guest);
}

static int issue(struct guest *guest, uint32_t cmd)
{
	const struct image_part *part = guest->image.parts;
	int fd;

	switch (cmd) {
	case KVM_PV_SET_SEC_PARMS:
		return vm_pv_parameters(&guest->vm, guest->image.header,
					IMAGE_HEADER_SIZE).error;
	case KVM_PV_UNPACK:
		return vm_pv_unpack(&guest->vm, part->addr, part->size,
				    part->tweak).error;
	case ADD_CPU:
		fd = ioctl(guest->vm.fd, KVM_CREATE_VCPU, guest->vm.nr_cpus);
		if (fd < 0)
			return errno;
		close(fd);
		return 0;
	default:
		return vm_pv(&guest->vm, cmd, NULL).error;
	}
}

static int bring(struct guest *guest, const uint32_t *steps)
{
	int error = -vm_new(&guest->vm, GUEST_SIZE, 1);

	if (error)
		return error;
	guest_load(guest);
	for (; !error && *steps != END; steps++)
		error = issue(guest, *steps);
	return error;
}

/* What a command says when there is no memory; how a page is not to be had */
static bool means_no_memory(int error)
{
	return error == ENOMEM || error == EFAULT;
}

/*
 * One machine's life: the command with its @nth allocation failing, once more
 * without, and the end.  Returns false if so many are not made.
 */
static bool one_life(struct __test_metadata *_metadata, struct guest *guest,
		     const FIXTURE_VARIANT(memory) *variant, unsigned int nth,
		     int *error)
{
	bool failed;

	ASSERT_EQ(0, bring(guest, variant->steps));
	alloc_fail(nth);
	*error = issue(guest, variant->cmd);
	failed = alloc_failed();
	alloc_fail(0);
	if (*error) {
		EXPECT_TRUE(means_no_memory(*error))
			TH_LOG("allocation %u: %s", nth, strerror(*error));
		/* It was not done, not half of it, and can be done now. */
		EXPECT_EQ(0, issue(guest, variant->cmd))
			TH_LOG("after a failure of allocation %u", nth);
	}
	vm_close(&guest->vm);
	return failed;
}

TEST_F_TIMEOUT(memory, that_is_not_there_changes_nothing, 150)
{
	unsigned int nth = 1, nr_failures = 0;
	int error;

	for (; nth < MAX_NTH && one_life(_metadata, &self->guest, variant, nth,
					 &error); nth++)
		nr_failures += !!error;
	EXPECT_LT(nth, MAX_NTH);
	TH_LOG("%u of %u allocations made it fail", nr_failures, nth - 1);
}

/* ... and is left where it was, or returned. */
static long leave_often(struct __test_metadata *_metadata,
			struct guest *guest,
			const FIXTURE_VARIANT(memory) *variant,
			unsigned int nth)
{
	long before = 0;

	for (int i = -3; i < NR_REPEATS; i++) {
		if (!i)
			before = account_kib();
		ASSERT_EQ(0, bring(guest, variant->steps));
		alloc_fail(nth);
		issue(guest, variant->cmd);
		alloc_fail(0);
		if (variant->protected)
			EXPECT_EQ(0, vm_pv(&guest->vm, KVM_PV_DISABLE,
					   NULL).error);
		vm_close(&guest->vm);
	}
	return account_lost_kib(before, SLACK_KIB);
}

TEST_F_TIMEOUT(memory, that_is_not_there_costs_none, 300)
{
	int error;
	long lost;

	for (unsigned int nth = 1; one_life(_metadata, &self->guest, variant,
					    nth, &error); nth++) {
		if (!error)
			continue;
		lost = leave_often(_metadata, &self->guest, variant, nth);
		if (variant->cmd == PV_CMD_ASYNC_PREPARE && lost > SLACK_KIB)
			DEFECT(return, "the old table is given up before there is a new one");
		EXPECT_LE(lost, SLACK_KIB)
			TH_LOG("allocation %u", nth);
	}
}

int main(int argc, char **argv)
{
	pv_host_needed();
	return test_harness_run(argc, argv);
}
