// SPDX-License-Identifier: GPL-2.0
/*
 * Guests that run: from their first instruction to a stop, through resets, on
 * two CPUs, and what their host can do to them meanwhile.
 */
#include <pthread.h>
#include <time.h>

#include "kselftest_harness.h"
#include "guest.h"
#include "guest_words.h"
#include "host.h"

#define WORD		0x5ec2e75ec2e7ULL
#define FLAG		GUEST_DATA
#define SIGP_SENSE	1
#define SIGP_STOP	5

/* A machine of two CPUs, of which the first waits for orders. */
FIXTURE(running) {
	struct guest guest;
	struct vm *vm;
	struct vm_cpu *cpu;
};

FIXTURE_VARIANT(running) {
	bool protected;
};

FIXTURE_VARIANT_ADD(running, plain) { .protected = false };
FIXTURE_VARIANT_ADD(running, protected) { .protected = true };

FIXTURE_SETUP(running)
{
	struct answer answer;

	ASSERT_EQ(0, guest_new(&self->guest, 2))
		TH_LOG("%s", self->guest.problem);
	self->vm = &self->guest.vm;
	self->cpu = self->vm->cpus;
	if (variant->protected) {
		ASSERT_EQ(0, guest_protect(&self->guest).error);
		ASSERT_EQ(0, guest_start(self->cpu));
	} else {
		guest_start_plain(&self->guest);
	}
	answer = guest_await(self->cpu);
	ASSERT_EQ(STOP_ORDER, answer.stop);
	ASSERT_EQ(AGENT_STARTED, answer.how);
	ASSERT_EQ(0, answer.result);
}

FIXTURE_TEARDOWN(running)
{
	guest_free(&self->guest);
}

TEST_F(running, works)
{
	EXPECT_TRUE(store(self->cpu, GUEST_DATA, WORD));
	EXPECT_EQ(WORD, load(self->cpu, GUEST_DATA));
	EXPECT_EQ(variant->protected,
		  *guest_word(&self->guest, GUEST_DATA) != WORD);
}

TEST_F(running, ends_in_a_disabled_wait)
{
	struct answer answer = guest_give(self->cpu, AGENT_WAIT, 0);

	EXPECT_EQ(STOP_OTHER, answer.stop);
	EXPECT_TRUE(vm_cpu_intercepted(self->cpu, ICPT_WAIT));
}

TEST_F(running, stops_itself)
{
	struct answer answer = guest_give(self->cpu, AGENT_SIGP, SIGP_STOP);

	EXPECT_EQ(STOP_OTHER, answer.stop);
	EXPECT_TRUE(vm_cpu_intercepted(self->cpu, ICPT_STOP));
	EXPECT_EQ(0, vm_cpu_set_state(self->cpu, KVM_MP_STATE_STOPPED));
	/* ... and goes on where it was. */
	EXPECT_EQ(0, vm_cpu_set_state(self->cpu, KVM_MP_STATE_OPERATING));
	EXPECT_EQ(STOP_ORDER, guest_await(self->cpu).stop);
	EXPECT_TRUE(store(self->cpu, GUEST_DATA, WORD));
}

TEST_F(running, starts_its_second_cpu)
{
	struct vm_cpu *other = &self->vm->cpus[1];
	struct answer answer = guest_give(self->cpu, AGENT_SIGP,
					  1 << 8 | SIGP_RESTART);

	/* KVM leaves it to user space to let the CPU go. */
	ASSERT_EQ(STOP_OTHER, answer.stop);
	ASSERT_EQ(KVM_EXIT_S390_SIEIC, self->cpu->run->exit_reason);
	EXPECT_EQ(0xae, self->cpu->run->s390_sieic.ipa >> 8);
	ASSERT_EQ(0, vm_cpu_signal(other, KVM_S390_RESTART, 0));
	ASSERT_EQ(0, vm_cpu_set_state(other, KVM_MP_STATE_OPERATING));
	answer = guest_await(other);
	EXPECT_EQ(STOP_ORDER, answer.stop);
	EXPECT_EQ(AGENT_STARTED, answer.how);
	EXPECT_EQ(1, answer.result);
	EXPECT_EQ(STOP_ORDER, guest_await(self->cpu).stop);
	EXPECT_TRUE(store(other, GUEST_DATA, WORD));
	EXPECT_EQ(WORD, load(self->cpu, GUEST_DATA));
}

static void *await_flag(void *arg)
{
	struct vm_cpu *cpu = arg;
	static struct answer answer;

	answer = guest_give(cpu, AGENT_AWAIT, FLAG);
	return &answer;
}

/* Both in SIE at a time: one waits for what the other one stores. */
TEST_F(running, has_two_cpus_at_a_time)
{
	struct timespec pause = { .tv_nsec = 200 * 1000 * 1000 };
	struct answer *answer;
	pthread_t thread;

	ASSERT_EQ(0, guest_start_second(&self->guest));
	ASSERT_TRUE(store(self->cpu, FLAG, 0));
	ASSERT_EQ(0, pthread_create(&thread, NULL, await_flag,
				    &self->vm->cpus[1]));
	nanosleep(&pause, NULL);
	EXPECT_TRUE(store(self->cpu, FLAG, WORD));
	ASSERT_EQ(0, pthread_join(thread, (void **)&answer));
	EXPECT_EQ(STOP_ORDER, answer->stop);
	EXPECT_EQ(WORD, answer->result);
}

/* What a host does before a guest may go on after DIAGNOSE 308, 0 or 1 */
static int reset(struct guest *guest, unsigned int subcode)
{
	struct vm *vm = &guest->vm;
	int bad = 0;

	for (unsigned int i = 0; i < vm->nr_cpus; i++)
		bad |= vm_cpu_set_state(&vm->cpus[i], KVM_MP_STATE_STOPPED);
	bad |= vm_pv(vm, KVM_PV_UNSHARE_ALL, NULL).error;
	bad |= vm_pv(vm, KVM_PV_PREP_RESET, NULL).error;
	for (unsigned int i = 0; i < vm->nr_cpus; i++)
		bad |= vm_cpu_reset(&vm->cpus[i],
				    !subcode ? KVM_S390_CLEAR_RESET :
				    i ? KVM_S390_NORMAL_RESET :
				    KVM_S390_INITIAL_RESET);
	return bad | guest_start(vm->cpus);
}

/* KVM leaves subcodes 0 and 1 to user space as they are. */
static bool ask_for_reset(struct vm_cpu *cpu, unsigned int subcode)
{
	struct answer answer = guest_give(cpu, AGENT_DIAG308, subcode);

	return answer.stop == STOP_OTHER &&
	       vm_cpu_intercepted(cpu, ICPT_PV_NOTIFICATION) &&
	       vm_cpu_gpr(cpu, 5) == 0x308 && vm_cpu_gpr(cpu, 2) == subcode;
}

FIXTURE(reboot) {
	struct guest guest;
	struct vm_cpu *cpu;
};

FIXTURE_VARIANT(reboot) {
	unsigned int subcode;
};

FIXTURE_VARIANT_ADD(reboot, modified_clear) { .subcode = 0 };
FIXTURE_VARIANT_ADD(reboot, load_normal) { .subcode = 1 };

FIXTURE_SETUP(reboot)
{
	ASSERT_EQ(0, guest_new(&self->guest, 2))
		TH_LOG("%s", self->guest.problem);
	self->cpu = self->guest.vm.cpus;
	ASSERT_EQ(0, guest_protect(&self->guest).error);
	ASSERT_EQ(0, guest_start(self->cpu));
	ASSERT_EQ(STOP_ORDER, guest_await(self->cpu).stop);
}

FIXTURE_TEARDOWN(reboot)
{
	guest_free(&self->guest);
}

TEST_F(reboot, starts_the_guest_anew_in_its_memory)
{
	uint64_t *word = guest_word(&self->guest, GUEST_DATA);
	struct answer answer;

	for (int round = 0; round < 3; round++) {
		ASSERT_TRUE(store(self->cpu, GUEST_DATA, WORD + round));
		answer = guest_order(self->cpu, AGENT_SHARE, GUEST_DATA, 0);
		ASSERT_EQ(UV_RC_EXECUTED, answer.result);
		ASSERT_EQ(WORD + round, *word);
		ASSERT_TRUE(ask_for_reset(self->cpu, variant->subcode));
		ASSERT_EQ(0, reset(&self->guest, variant->subcode));
		answer = guest_await(self->cpu);
		ASSERT_EQ(STOP_ORDER, answer.stop);
		ASSERT_EQ(AGENT_STARTED, answer.how);
		/* What it had shared is its own again. */
		EXPECT_NE(WORD + round, *word);
		EXPECT_EQ(WORD + round, load(self->cpu, GUEST_DATA));
	}
}

TEST_F(reboot, is_not_prepared_in_another_order)
{
	struct vm *vm = &self->guest.vm;
	struct pv_result result;

	ASSERT_TRUE(ask_for_reset(self->cpu, variant->subcode));
	/* A CPU is operating */
	EXPECT_EQ(EINVAL, vm_pv(vm, KVM_PV_UNSHARE_ALL, NULL).error);
	EXPECT_EQ(EINVAL, vm_pv(vm, KVM_PV_PREP_RESET, NULL).error);
	ASSERT_EQ(0, vm_cpu_set_state(self->cpu, KVM_MP_STATE_STOPPED));
	/* ... and pages may be shared. */
	result = vm_pv(vm, KVM_PV_PREP_RESET, NULL);
	EXPECT_EQ(EINVAL, result.error);
	EXPECT_EQ(UV_RC_STATE, result.rc);
	ASSERT_EQ(0, reset(&self->guest, variant->subcode));
	EXPECT_EQ(AGENT_STARTED, guest_await(self->cpu).how);
}

/* Subcode 3 leaves protection: the host ends it and starts what it likes. */
TEST_F(reboot, without_protection_finds_nothing)
{
	struct answer answer;

	ASSERT_TRUE(store(self->cpu, GUEST_DATA, WORD));
	answer = guest_give(self->cpu, AGENT_DIAG308, 3);
	ASSERT_EQ(STOP_RESET, answer.stop);
	EXPECT_TRUE(self->cpu->run->s390_reset_flags & KVM_S390_RESET_CLEAR);
	ASSERT_EQ(0, vm_cpu_set_state(self->cpu, KVM_MP_STATE_STOPPED));
	ASSERT_EQ(0, vm_pv(&self->guest.vm, KVM_PV_DISABLE, NULL).error);
	ASSERT_EQ(0, vm_cpu_reset(self->cpu, KVM_S390_CLEAR_RESET));
	guest_start_plain(&self->guest);
	answer = guest_await(self->cpu);
	ASSERT_EQ(STOP_ORDER, answer.stop);
	EXPECT_EQ(0, load(self->cpu, GUEST_DATA));
	/* ... and can be protected once more. */
	ASSERT_EQ(0, vm_cpu_set_state(self->cpu, KVM_MP_STATE_STOPPED));
	ASSERT_EQ(0, guest_protect(&self->guest).error);
	ASSERT_EQ(0, guest_start(self->cpu));
	EXPECT_EQ(STOP_ORDER, guest_await(self->cpu).stop);
	EXPECT_TRUE(store(self->cpu, GUEST_DATA, WORD));
}

/* Subcodes that a protected guest does not have */
TEST_F(reboot, has_no_other_way_into_protection)
{
	for (unsigned int subcode = 8; subcode <= 10; subcode++) {
		struct answer answer = guest_order(self->cpu, AGENT_DIAG308,
						   subcode, 0);

		ASSERT_EQ(STOP_ORDER, answer.stop);
		EXPECT_EQ(AGENT_PROGRAM_CHECK, answer.how);
		EXPECT_EQ(6, answer.result);
	}
}

/* What the host is not shown, and cannot change. */
TEST_F(reboot, registers_are_the_guests_own)
{
	struct kvm_run *run = self->cpu->run;
	struct answer answer;

	ASSERT_TRUE(store(self->cpu, GUEST_DATA, WORD));
	for (unsigned int i = 5; i < 16; i++)
		vm_cpu_set_gpr(self->cpu, i, GUEST_DATA + 1);
	run->psw_addr = GUEST_DATA;
	run->psw_mask |= VM_PSW_WAIT;
	run->kvm_dirty_regs |= KVM_SYNC_GPRS | KVM_SYNC_PREFIX |
			       KVM_SYNC_CRS | KVM_SYNC_ACRS;
	answer = guest_order(self->cpu, AGENT_LOAD, GUEST_DATA, 0);
	EXPECT_EQ(STOP_ORDER, answer.stop);
	EXPECT_EQ(WORD, answer.result);
}

/* Order and address are all that the agent has told: GR12 is not. */
TEST_F(reboot, registers_are_not_shown)
{
	ASSERT_TRUE(store(self->cpu, GUEST_DATA, WORD));
	for (unsigned int i = 6; i < 16; i++)
		vm_cpu_set_gpr(self->cpu, i, 0);
	ASSERT_EQ(WORD, load(self->cpu, GUEST_DATA));
	for (unsigned int i = 6; i < 16; i++) {
		EXPECT_NE(GUEST_DATA, vm_cpu_gpr(self->cpu, i));
		EXPECT_FALSE(vm_cpu_gpr(self->cpu, i) >= AGENT_ADDR &&
			     vm_cpu_gpr(self->cpu, i) < AGENT_ADDR + 0x1000)
			TH_LOG("general register %u", i);
	}
}

/* A guest that is protected no more leaves nothing to one that never was. */
TEST_F(reboot, guests_of_a_process_are_kept_apart)
{
	struct guest other;

	ASSERT_EQ(0, guest_new(&other, 1))
		TH_LOG("%s", other.problem);
	ASSERT_EQ(0, guest_protect(&other).error);
	ASSERT_EQ(0, guest_start(other.vm.cpus));
	ASSERT_EQ(STOP_ORDER, guest_await(other.vm.cpus).stop);
	for (int round = 0; round < 3; round++) {
		ASSERT_TRUE(store(self->cpu, GUEST_DATA, WORD + round));
		ASSERT_TRUE(store(other.vm.cpus, GUEST_DATA, ~WORD));
		EXPECT_EQ(WORD + round, load(self->cpu, GUEST_DATA));
		EXPECT_EQ(~WORD, load(other.vm.cpus, GUEST_DATA));
	}
	guest_free(&other);
	EXPECT_EQ(WORD + 2, load(self->cpu, GUEST_DATA));
}

int main(int argc, char **argv)
{
	pv_host_needed();
	return test_harness_run(argc, argv);
}
