// SPDX-License-Identifier: GPL-2.0
/*
 * ASYNC_CLEANUP: a machine that is protected no more before its memory is
 * clean, and the cleaning, in their orders.
 */
#include <pthread.h>
#include <sys/ioctl.h>

#include "kselftest_harness.h"
#include "defect.h"
#include "guest.h"
#include "host.h"

#define NR_PAGES	256

FIXTURE(async) {
	struct guest guest;
	struct vm *vm;
};

static int run_guest(struct guest *guest)
{
	struct vm_cpu *cpu = guest->vm.cpus;

	if (guest_protect(guest).error || guest_start(cpu) ||
	    guest_await(cpu).stop != STOP_ORDER)
		return -1;
	return guest_order(cpu, AGENT_FILL, GUEST_DATA, NR_PAGES).stop ==
	       STOP_ORDER ? 0 : -1;
}

FIXTURE_SETUP(async)
{
	ASSERT_EQ(0, guest_new(&self->guest, 2))
		TH_LOG("%s", self->guest.problem);
	self->vm = &self->guest.vm;
	if (!vm_capability(self->vm, KVM_CAP_S390_PROTECTED_ASYNC_DISABLE))
		SKIP(return, "kvm was loaded with async_destroy=0");
	ASSERT_EQ(0, run_guest(&self->guest));
}

FIXTURE_TEARDOWN(async)
{
	guest_free(&self->guest);
}

static struct pv_result prepare(struct vm *vm)
{
	return vm_pv(vm, PV_CMD_ASYNC_PREPARE, NULL);
}

static struct pv_result perform(struct vm *vm)
{
	return vm_pv(vm, PV_CMD_ASYNC_PERFORM, NULL);
}

/* All of the guest's memory, as far as a test has filled it */
static unsigned int nr_pages_left(struct guest *guest)
{
	unsigned int nr = 0;

	for (uint64_t i = 0; i < NR_PAGES; i++)
		if (*guest_word(guest, GUEST_DATA + i * VM_PAGE_SIZE))
			nr++;
	return nr;
}

TEST_F(async, prepared_machine_is_a_plain_one)
{
	struct pv_result result = prepare(self->vm);

	EXPECT_EQ(0, result.error);
	EXPECT_EQ(UV_RC_EXECUTED, result.rc);
	EXPECT_EQ(KVM_RRC_LATER, result.rrc);
	EXPECT_EQ(EINVAL, vm_pv(self->vm, KVM_PV_DISABLE, NULL).error);
	EXPECT_EQ(0, nr_pages_left(&self->guest));
	EXPECT_EQ(0, perform(self->vm).error);
	EXPECT_EQ(EINVAL, perform(self->vm).error);
}

TEST_F(async, performing_says_what_it_did)
{
	struct pv_result result;

	ASSERT_EQ(0, prepare(self->vm).error);
	result = perform(self->vm);
	ASSERT_EQ(0, result.error);
	if (host_has_call(UV_CALL_DESTROY_FAST) && !result.rc)
		DEFECT(return, "ASYNC_CLEANUP_PERFORM after a fast destroy leaves rc and rrc");
	EXPECT_EQ(UV_RC_EXECUTED, result.rc);
}

TEST_F(async, guest_runs_again_before_the_old_one_is_gone)
{
	ASSERT_EQ(0, prepare(self->vm).error);
	ASSERT_EQ(0, vm_cpu_reset(self->vm->cpus, KVM_S390_CLEAR_RESET));
	ASSERT_EQ(0, run_guest(&self->guest));
	EXPECT_EQ(EINVAL, prepare(self->vm).error);
	/* That took the CPUs' protection, and only the CPUs'. */
	EXPECT_EQ(0, perform(self->vm).error);
	EXPECT_EQ(0, vm_pv(self->vm, KVM_PV_DISABLE, NULL).error);
}

TEST_F(async, old_guest_goes_while_the_new_one_runs)
{
	struct vm_cpu *cpu = self->vm->cpus;
	struct answer answer;

	for (int round = 0; round < 3; round++) {
		ASSERT_EQ(0, prepare(self->vm).error);
		ASSERT_EQ(0, vm_cpu_reset(cpu, KVM_S390_CLEAR_RESET));
		ASSERT_EQ(0, run_guest(&self->guest));
		EXPECT_EQ(0, perform(self->vm).error);
		answer = guest_order(cpu, AGENT_CHECK, GUEST_DATA, NR_PAGES);
		EXPECT_EQ(STOP_ORDER, answer.stop);
		EXPECT_EQ(NR_PAGES, answer.result);
	}
}

static void *perform_thread(void *arg)
{
	static struct pv_result result;

	result = perform(arg);
	return &result;
}

TEST_F(async, performing_waits_for_nobody)
{
	struct pv_result *result;
	pthread_t thread;

	ASSERT_EQ(0, prepare(self->vm).error);
	ASSERT_EQ(0, vm_cpu_reset(self->vm->cpus, KVM_S390_CLEAR_RESET));
	ASSERT_EQ(0, pthread_create(&thread, NULL, perform_thread, self->vm));
	EXPECT_EQ(0, run_guest(&self->guest));
	ASSERT_EQ(0, pthread_join(thread, (void **)&result));
	EXPECT_EQ(0, result->error);
	EXPECT_EQ(NR_PAGES, guest_order(self->vm->cpus, AGENT_CHECK,
					GUEST_DATA, NR_PAGES).result);
}

TEST_F(async, disabling_takes_the_old_one_along)
{
	ASSERT_EQ(0, prepare(self->vm).error);
	ASSERT_EQ(0, vm_pv(self->vm, KVM_PV_ENABLE, NULL).error);
	EXPECT_EQ(0, vm_pv(self->vm, KVM_PV_DISABLE, NULL).error);
	EXPECT_EQ(EINVAL, perform(self->vm).error);
	EXPECT_EQ(0, nr_pages_left(&self->guest));
}

/* The tables of such a small machine cannot be set aside. */
TEST_F(async, small_machine_is_not_prepared)
{
	uint64_t limit = 1ULL << 31;
	struct kvm_device_attr attr = {
		.group = KVM_S390_VM_MEM_CTRL,
		.attr = KVM_S390_VM_MEM_LIMIT_SIZE,
		.addr = (uintptr_t)&limit,
	};
	struct vm small;

	ASSERT_EQ(0, vm_open(&small));
	ASSERT_EQ(0, ioctl(small.fd, KVM_SET_DEVICE_ATTR, &attr));
	ASSERT_EQ(0, vm_add_memory(&small, VM_MIB));
	ASSERT_NE(NULL, vm_add_cpu(&small));
	ASSERT_EQ(0, vm_pv(&small, KVM_PV_ENABLE, NULL).error);
	EXPECT_EQ(EINVAL, prepare(&small).error);
	EXPECT_EQ(EINVAL, perform(&small).error);
	EXPECT_EQ(0, vm_pv(&small, KVM_PV_DISABLE, NULL).error);
	vm_close(&small);
}

int main(int argc, char **argv)
{
	pv_host_needed();
	return test_harness_run(argc, argv);
}
