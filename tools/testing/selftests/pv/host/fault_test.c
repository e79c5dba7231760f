// SPDX-License-Identifier: GPL-2.0
/*
 * KVM with an Ultravisor that does not do what one hopes for: see fault_is().
 * Tests for another one than PV_TEST_FAULT says are skipped.
 *
 * conf		no configuration is made: rc 0x01f3
 * half		... but there is something to destroy: rc 0x8105
 * cpu		no CPU is made: rc 0x01f3
 * endless	an image is never unpacked to its end
 * stay		no CPU is destroyed: rc 0x01f3
 * hold		no page is exported: rc 0x01f3
 */
#include <elf.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#include "kselftest_harness.h"
#include "../guest/child.h"
#include "account.h"
#include "defect.h"
#include "guest.h"
#include "guest_words.h"
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
/* Lives that each cost some KiB for ever; CPUs of the longer ones */
#define NR_LIVES	60
#define NR_MORE		4

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

/* Traced by its parent, to the end of the world */
static void unpack_for_ever(void)
{
	struct guest guest;

	if (guest_new(&guest, 1))
		_exit(2);
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) || raise(SIGSTOP))
		_exit(3);
	guest_protect(&guest);
	_exit(1);
}

/* Let a child that traps itself go on, until it traps in its end */
static bool trace_to_end(pid_t child)
{
	int status;

	return waitpid(child, &status, 0) == child && WIFSTOPPED(status) &&
	       !ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACEEXIT) &&
	       !ptrace(PTRACE_CONT, child, NULL, NULL);
}

/* What the system call returns that a dying child comes from; 0: unknown */
static long result_at_end(pid_t child)
{
	struct {
		uint64_t psw[2], gprs[16];
		uint32_t acrs[16];
		uint64_t orig_gpr2;
	} regs;
	struct iovec iov = { &regs, sizeof(regs) };

	if (ptrace(PTRACE_GETREGSET, child, NT_PRSTATUS, &iov))
		return 0;
	return (long)regs.gprs[2];
}

/*
 * Whoever waits for the Ultravisor can be killed.  Nobody comes back to be told
 * so, but who looks at the end of the process learns that it was not asked to
 * try again.
 */
TEST(unpacking_is_ended_by_a_fatal_signal)
{
	int status = 0;
	long result;
	pid_t child;

	if (!fault_is("endless"))
		SKIP(return, "needs PV_TEST_FAULT=endless");
	child = fork();
	ASSERT_LE(0, child);
	if (!child)
		unpack_for_ever();
	ASSERT_TRUE(trace_to_end(child));
	EXPECT_EQ(0, wait_for(child, &status, 3000));
	ASSERT_EQ(0, kill(child, SIGKILL));
	ASSERT_EQ(child, wait_for(child, &status, 10000));
	ASSERT_EQ(SIGTRAP | PTRACE_EVENT_EXIT << 8, status >> 8);
	result = result_at_end(child);
	ptrace(PTRACE_CONT, child, NULL, NULL);
	ASSERT_EQ(child, wait_for(child, &status, 10000));
	EXPECT_TRUE(WIFSIGNALED(status));
	if (result == -EAGAIN)
		DEFECT(return, "KVM_PV_UNPACK ends with EAGAIN for a fatal signal");
	EXPECT_EQ(-EINTR, result);
}

/* Lives that end with CPUs that the Ultravisor keeps; what one costs, in bytes */
static double cost_of_life(struct __test_metadata *_metadata, unsigned int cpus)
{
	long before = 0;
	struct vm vm;

	for (int i = -2; i < NR_LIVES; i++) {
		if (!i)
			before = account_kib();
		ASSERT_EQ(0, vm_new(&vm, VM_MIB, cpus));
		ASSERT_EQ(0, vm_pv(&vm, KVM_PV_ENABLE, NULL).error);
		vm_close(&vm);
	}
	return 1024.0 * (account_kib() - before) / NR_LIVES;
}

/*
 * The Ultravisor may still store into the state description of such a CPU: it
 * is kept with the storage donated for it.
 */
TEST(cpus_that_are_kept_keep_their_state_description)
{
	uint64_t storage = host_number(UV_FIRMWARE "/query/uv_query_dump_cpu_len",
				       "%llx");
	double cost;

	if (!fault_is("stay"))
		SKIP(return, "needs PV_TEST_FAULT=stay");
	DEADLY_DEFECT(return, "the state description of a CPU is freed that is not destroyed");
	ASSERT_TRUE(account_join());
	cost = cost_of_life(_metadata, 1 + NR_MORE) - cost_of_life(_metadata, 1);
	EXPECT_LE(storage + VM_PAGE_SIZE, cost / NR_MORE)
		TH_LOG("%.0f bytes for each CPU", cost / NR_MORE);
}

/* A protected guest with a page that its host does not get */
FIXTURE(held) {
	struct guest guest;
	uint8_t *page;
};

FIXTURE_SETUP(held)
{
	struct vm_cpu *cpu;

	if (!fault_is("hold"))
		SKIP(return, "needs PV_TEST_FAULT=hold");
	ASSERT_EQ(0, guest_new(&self->guest, 1))
		TH_LOG("%s", self->guest.problem);
	cpu = self->guest.vm.cpus;
	self->page = self->guest.vm.memory + GUEST_DATA;
	ASSERT_EQ(0, guest_protect(&self->guest).error);
	ASSERT_EQ(0, guest_start(cpu));
	ASSERT_EQ(STOP_ORDER, guest_await(cpu).stop);
	ASSERT_TRUE(store(cpu, GUEST_DATA, 1));
}

/* What is only unmapped would have to be exported; DISABLE destroys it. */
FIXTURE_TEARDOWN(held)
{
	vm_pv(&self->guest.vm, KVM_PV_DISABLE, NULL);
	guest_free(&self->guest);
}

static sigjmp_buf back;

static void jump_back(int signal)
{
	siglongjmp(back, 1);
}

TEST_F(held, page_is_a_violation_for_a_process)
{
	signal(SIGSEGV, jump_back);
	if (!sigsetjmp(back, 1)) {
		__atomic_load_n((uint64_t *)self->page, __ATOMIC_SEQ_CST);
		EXPECT_TRUE(false)
			TH_LOG("the page can be read");
	}
	EXPECT_EQ(1, load(self->guest.vm.cpus, GUEST_DATA));
}

/* Nothing but the system call fails: no signal, and no end of the host. */
TEST_F(held, page_is_a_bad_address_for_the_kernel)
{
	int fds[2];

	DEADLY_DEFECT(return, "a system call never ends whose page is not exported");
	ASSERT_EQ(0, pipe(fds));
	EXPECT_EQ(-1, write(fds[1], self->page, VM_PAGE_SIZE));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, open((const char *)self->page, O_RDONLY));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(1, load(self->guest.vm.cpus, GUEST_DATA));
}

int main(int argc, char **argv)
{
	pv_host_needed();
	return test_harness_run(argc, argv);
}
