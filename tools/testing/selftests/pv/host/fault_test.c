// SPDX-License-Identifier: GPL-2.0
/*
 * KVM with an Ultravisor that does not do what one hopes for.
 *
 * Such an Ultravisor has to be arranged for.  PV_TEST_FAULT tells which one it
 * is, and tests for another one are skipped:
 *
 * conf		no configuration is made: rc 0x01f3
 * half		... but there is something to destroy: rc 0x8105
 * cpu		no CPU is made: rc 0x01f3
 * endless	an image is never unpacked to its end
 */
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "kselftest_harness.h"
#include "../guest/child.h"
#include "account.h"
#include "defect.h"
#include "guest.h"
#include "host.h"

#define RC_FULL		0x01f3
#define RC_HALF		0x8105
/* Where a plain guest goes for a service signal, if it is told so */
#define LC_EXTERNAL_NEW	0x1b0
#define VM_PSW_EXTERNAL	0x0100000000000000ULL
#define CR0_SERVICE_SIGNAL 0x200
#define SERVICE_BLOCK	0x2000
#define SIGNAL_TAKEN	0x7a0
#define NR_ROUNDS	400
/* A page for each round is more than that. */
#define SLACK_KIB	1024

static bool fault_is(const char *name)
{
	const char *active = getenv("PV_TEST_FAULT");

	return active && !strcmp(active, name);
}

FIXTURE(fault) {
	struct vm vm;
};

FIXTURE_VARIANT(fault) {
	const char *name;
	unsigned int rc;
	/* CPUs that could not be made are not what they were */
	bool late;
};

FIXTURE_VARIANT_ADD(fault, conf) { .name = "conf", .rc = RC_FULL };
FIXTURE_VARIANT_ADD(fault, half) { .name = "half", .rc = RC_HALF };
FIXTURE_VARIANT_ADD(fault, cpu) {
	.name = "cpu",
	.rc = RC_FULL,
	.late = true,
};

FIXTURE_SETUP(fault)
{
	if (!fault_is(variant->name))
		SKIP(return, "needs PV_TEST_FAULT=%s", variant->name);
	ASSERT_EQ(0, vm_new(&self->vm, VM_MIB, 2))
		TH_LOG("%s", self->vm.problem);
}

FIXTURE_TEARDOWN(fault)
{
	vm_close(&self->vm);
}

TEST_F(fault, makes_enabling_fail)
{
	struct pv_result result = vm_pv(&self->vm, KVM_PV_ENABLE, NULL);

	EXPECT_EQ(EIO, result.error);
	EXPECT_EQ(variant->rc, result.rc);
	/* The machine is a plain one, with all that such a machine can. */
	EXPECT_EQ(EINVAL, vm_pv(&self->vm, KVM_PV_DISABLE, NULL).error);
	EXPECT_EQ(EINVAL, vm_pv(&self->vm, KVM_PV_VERIFY, NULL).error);
	EXPECT_NE(NULL, vm_add_cpu(&self->vm));
}

TEST_F_TIMEOUT(fault, costs_no_memory, 120)
{
	long before = 0, lost;

	ASSERT_TRUE(account_join());
	for (int i = -10; i < NR_ROUNDS; i++) {
		if (!i)
			before = account_kib();
		ASSERT_EQ(EIO, vm_pv(&self->vm, KVM_PV_ENABLE, NULL).error);
	}
	ASSERT_LT(0, before);
	lost = account_lost_kib(before, SLACK_KIB);
	if (variant->late && lost > SLACK_KIB)
		DEFECT(return, "a CPU that cannot be made loses its storage and exchange area");
	EXPECT_LE(lost, SLACK_KIB);
}

/*
 * The address of the exchange area stands where a plain CPU has its breaking
 * event address, which can be read.
 */
TEST_F(fault, shows_no_address_of_the_kernel)
{
	uint64_t before = 0, after = 0;
	struct kvm_one_reg reg = {
		.id = KVM_REG_S390_GBEA,
		.addr = (uintptr_t)&before,
	};
	int fd = self->vm.cpus->fd;

	ASSERT_EQ(0, ioctl(fd, KVM_GET_ONE_REG, &reg));
	ASSERT_EQ(EIO, vm_pv(&self->vm, KVM_PV_ENABLE, NULL).error);
	reg.addr = (uintptr_t)&after;
	ASSERT_EQ(0, ioctl(fd, KVM_GET_ONE_REG, &reg));
	if (variant->late && after != before && after > 1)
		DEFECT(return, "a CPU that cannot be made shows the address of its exchange area");
	EXPECT_TRUE(after == before || after == 1)
		TH_LOG("%#llx", (unsigned long long)after);
}

static void woken(int signal)
{
}

/* Service signals are the Ultravisor's business in protected machines only. */
TEST_F(fault, leaves_service_signals_to_a_plain_machine)
{
	struct sigaction sa = { .sa_handler = woken };
	struct vm_cpu *cpu = self->vm.cpus;
	uint64_t *new_psw = (uint64_t *)(self->vm.memory + LC_EXTERNAL_NEW);

	ASSERT_EQ(EIO, vm_pv(&self->vm, KVM_PV_ENABLE, NULL).error);
	new_psw[0] = VM_PSW_WAIT | VM_PSW_64BIT;
	new_psw[1] = SIGNAL_TAKEN;
	cpu->run->s.regs.crs[0] |= CR0_SERVICE_SIGNAL;
	cpu->run->kvm_dirty_regs |= KVM_SYNC_CRS;
	vm_cpu_set_psw(cpu, VM_PSW_EXTERNAL | VM_PSW_WAIT | VM_PSW_64BIT, 0);
	ASSERT_EQ(0, vm_cpu_set_state(cpu, KVM_MP_STATE_OPERATING));
	ASSERT_EQ(0, vm_signal(&self->vm, KVM_S390_INT_SERVICE,
			       SERVICE_BLOCK));
	ASSERT_EQ(0, sigaction(SIGALRM, &sa, NULL));
	alarm(2);
	if (vm_cpu_run(cpu) == -EINTR && variant->late)
		DEFECT(return, "a machine whose CPU could not be made gets no service signals");
	EXPECT_TRUE(vm_cpu_intercepted(cpu, ICPT_WAIT));
	EXPECT_EQ(SIGNAL_TAKEN, cpu->run->psw_addr);
}

/* Whoever waits for the Ultravisor can be killed. */
TEST(unpacking_is_ended_by_a_fatal_signal)
{
	struct guest guest;
	int status = 0;
	pid_t child;

	if (!fault_is("endless"))
		SKIP(return, "needs PV_TEST_FAULT=endless");
	child = fork();
	ASSERT_LE(0, child);
	if (!child) {
		if (guest_new(&guest, 1))
			_exit(2);
		guest_protect(&guest);
		_exit(1);
	}
	EXPECT_EQ(0, wait_for(child, &status, 3000));
	ASSERT_EQ(0, kill(child, SIGKILL));
	ASSERT_EQ(child, wait_for(child, &status, 10000));
	EXPECT_TRUE(WIFSIGNALED(status));
}

int main(int argc, char **argv)
{
	pv_host_needed();
	return test_harness_run(argc, argv);
}
