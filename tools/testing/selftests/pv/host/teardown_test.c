// SPDX-License-Identifier: GPL-2.0
/*
 * Many machines, and their ends: orderly, by killing their process wherever it
 * is, and by closing what they consist of in any order.  Nothing may be left
 * of them, neither memory nor anything that the Ultravisor keeps.
 */
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "kselftest_harness.h"
#include "../guest/child.h"
#include "account.h"
#include "defect.h"
#include "guest.h"
#include "host.h"

#define NR_MACHINES	16
#define CPUS_EACH		2
#define NR_PAGES	64
#define NR_ROUNDS	200
#define NR_DEATHS	100
#define NR_LONG_LIVES	20
#define NR_PROCESSES	4
#define NR_LIVES_EACH	4
#define NR_MOMENTS	40
#define MOMENT_US	4000
#define NR_DISTURBED	40
/*
 * A page for each round, two for each death of an enabled machine or the memory
 * of a guest are more than that; each CPU of the host may hold 256 KiB back.
 */
#define SLACK_KIB	640

static int start_guest(struct guest *guest)
{
	struct vm_cpu *cpu = guest->vm.cpus;

	if (guest_protect(guest).error || guest_start(cpu))
		return -1;
	return guest_await(cpu).stop == STOP_ORDER ? 0 : -1;
}

static bool fill(struct guest *guest)
{
	return guest_order(guest->vm.cpus, AGENT_FILL, GUEST_DATA,
			   NR_PAGES).stop == STOP_ORDER;
}

static bool intact(struct guest *guest)
{
	struct answer answer = guest_order(guest->vm.cpus, AGENT_CHECK,
					   GUEST_DATA, NR_PAGES);

	return answer.stop == STOP_ORDER && answer.result == NR_PAGES;
}

/* Is a new machine as good as ever? */
static bool host_is_well(void)
{
	struct guest guest;
	bool well;

	if (guest_new(&guest, CPUS_EACH))
		return false;
	well = !start_guest(&guest) && fill(&guest) && intact(&guest);
	guest_free(&guest);
	return well;
}

/* Only tests of a fixture can have more time than others. */
FIXTURE(many) {
};

FIXTURE_SETUP(many)
{
}

FIXTURE_TEARDOWN(many)
{
}

TEST_F_TIMEOUT(many, machines_run_side_by_side, 120)
{
	static struct guest guests[NR_MACHINES];

	for (int i = 0; i < NR_MACHINES; i++) {
		ASSERT_EQ(0, guest_new(&guests[i], CPUS_EACH))
			TH_LOG("machine %d: %s", i, guests[i].problem);
		ASSERT_EQ(0, start_guest(&guests[i]))
			TH_LOG("machine %d", i);
	}
	for (int i = 0; i < NR_MACHINES; i++)
		EXPECT_TRUE(fill(&guests[i]));
	/* Some end in the middle of the others. */
	for (int i = 0; i < NR_MACHINES; i += 3)
		guest_free(&guests[i]);
	for (int i = 0; i < NR_MACHINES; i++) {
		if (i % 3)
			EXPECT_TRUE(intact(&guests[i]));
	}
	for (int i = 0; i < NR_MACHINES; i++) {
		if (i % 3)
			guest_free(&guests[i]);
	}
	EXPECT_TRUE(host_is_well());
}

/* One cycle of protection, in the shortest form that has all donations */
static int cycle(struct vm *vm)
{
	if (vm_new(vm, VM_MIB, CPUS_EACH))
		return -1;
	if (vm_pv(vm, KVM_PV_ENABLE, NULL).error)
		return -1;
	return vm_pv(vm, KVM_PV_DISABLE, NULL).error;
}

static void measure_rounds(struct __test_metadata *_metadata, bool again)
{
	struct vm vm;
	long before = 0;

	ASSERT_TRUE(account_join());
	for (int i = -5; i < NR_ROUNDS; i++) {
		if (!i)
			before = account_kib();
		ASSERT_EQ(0, cycle(&vm))
			TH_LOG("round %d", i);
		if (again)
			ASSERT_EQ(0, vm_pv(&vm, KVM_PV_ENABLE, NULL).error);
		vm_close(&vm);
	}
	ASSERT_LT(0, before);
	EXPECT_LE(account_lost_kib(before, SLACK_KIB), SLACK_KIB);
}

TEST_F_TIMEOUT(many, machines_that_were_disabled_leave_nothing, 120)
{
	measure_rounds(_metadata, false);
}

TEST_F_TIMEOUT(many, machines_that_were_closed_leave_nothing, 120)
{
	measure_rounds(_metadata, true);
}

/*
 * A process that stops at a stage of its machine's life, to be killed there or
 * to leave by itself.
 */
FIXTURE(stage) {
	pid_t child;
	int ready[2];
};

FIXTURE_VARIANT(stage) {
	/* Leaves the child where it is to end; nonzero if that fails */
	int (*reach)(struct guest *guest);
};

static int reach_enabled(struct guest *guest)
{
	return vm_pv(&guest->vm, KVM_PV_ENABLE, NULL).error;
}

static int reach_parameters(struct guest *guest)
{
	int error = reach_enabled(guest);

	return error ? error :
		       vm_pv_parameters(&guest->vm, guest->image.header,
					IMAGE_HEADER_SIZE).error;
}

static int reach_unpacked(struct guest *guest)
{
	int error = reach_parameters(guest);

	return error ? error : guest_unpack(guest).error;
}

static int reach_verified(struct guest *guest)
{
	return guest_protect(guest).error;
}

static int reach_running(struct guest *guest)
{
	return start_guest(guest) || !fill(guest);
}

/* In SIE, for ever */
static void *spin(void *arg)
{
	guest_give(arg, AGENT_AWAIT, GUEST_DATA + VM_MIB);
	return NULL;
}

static int reach_spinning(struct guest *guest)
{
	pthread_t thread;

	return reach_running(guest) ||
	       pthread_create(&thread, NULL, spin, guest->vm.cpus);
}

static int reach_aside(struct guest *guest)
{
	return reach_running(guest) ||
	       vm_pv(&guest->vm, PV_CMD_ASYNC_PREPARE, NULL).error;
}

static int reach_again(struct guest *guest)
{
	return reach_aside(guest) ||
	       vm_cpu_reset(guest->vm.cpus, KVM_S390_CLEAR_RESET) ||
	       reach_running(guest);
}

static void *clean(void *arg)
{
	vm_pv(arg, PV_CMD_ASYNC_PERFORM, NULL);
	return NULL;
}

static int reach_cleaning(struct guest *guest)
{
	pthread_t thread;

	return reach_again(guest) ||
	       pthread_create(&thread, NULL, clean, &guest->vm);
}

static int reach_disabled(struct guest *guest)
{
	return reach_running(guest) ||
	       vm_pv(&guest->vm, KVM_PV_DISABLE, NULL).error;
}

static int reach_shared(struct guest *guest)
{
	return reach_running(guest) ||
	       guest_order(guest->vm.cpus, AGENT_SHARE, GUEST_DATA,
			   0).result != UV_RC_EXECUTED;
}

/* Its machine's parts go one by one: first memory, then CPUs or machine. */
static int reach_unmapped(struct guest *guest)
{
	return reach_running(guest) || munmap(guest->vm.map,
					      guest->vm.map_size);
}

static int reach_closed(struct guest *guest)
{
	int bad = reach_running(guest);

	close(guest->vm.fd);
	close(guest->vm.kvm);
	return bad;
}

FIXTURE_VARIANT_ADD(stage, enabled) { .reach = reach_enabled };
FIXTURE_VARIANT_ADD(stage, with_parameters) { .reach = reach_parameters };
FIXTURE_VARIANT_ADD(stage, unpacked) { .reach = reach_unpacked };
FIXTURE_VARIANT_ADD(stage, verified) { .reach = reach_verified };
FIXTURE_VARIANT_ADD(stage, running) { .reach = reach_running };
FIXTURE_VARIANT_ADD(stage, spinning) { .reach = reach_spinning };
FIXTURE_VARIANT_ADD(stage, shared) { .reach = reach_shared };
FIXTURE_VARIANT_ADD(stage, aside) { .reach = reach_aside };
FIXTURE_VARIANT_ADD(stage, running_again) { .reach = reach_again };
FIXTURE_VARIANT_ADD(stage, cleaning) { .reach = reach_cleaning };
FIXTURE_VARIANT_ADD(stage, disabled) { .reach = reach_disabled };
FIXTURE_VARIANT_ADD(stage, unmapped) { .reach = reach_unmapped };
FIXTURE_VARIANT_ADD(stage, closed) { .reach = reach_closed };

/* Tell the parent, and then wait for its word or for the end. */
static void live(int (*reach)(struct guest *guest), int ready)
{
	static struct guest guest;
	char byte = 0;

	if (guest_new(&guest, CPUS_EACH) || reach(&guest))
		_exit(1);
	if (write(ready, &byte, 1) != 1)
		_exit(1);
	pause();
}

static void leave(int signal)
{
	exit(0);
}

FIXTURE_SETUP(stage)
{
	ASSERT_EQ(0, pipe(self->ready));
	self->child = fork();
	ASSERT_LE(0, self->child);
	if (!self->child) {
		close(self->ready[0]);
		signal(SIGTERM, leave);
		live(variant->reach, self->ready[1]);
		_exit(1);
	}
	close(self->ready[1]);
}

FIXTURE_TEARDOWN(stage)
{
	if (self->child > 0)
		kill(self->child, SIGKILL);
	close(self->ready[0]);
}

static bool is_ready(int fd)
{
	char byte;

	return read(fd, &byte, 1) == 1;
}

static bool gone(pid_t child, int *status)
{
	return wait_for(child, status, 20000) == child;
}

TEST_F_TIMEOUT(stage, may_be_the_last_one, 60)
{
	int status = 0;

	ASSERT_TRUE(is_ready(self->ready[0]));
	ASSERT_EQ(0, kill(self->child, SIGKILL));
	ASSERT_TRUE(gone(self->child, &status));
	self->child = 0;
	EXPECT_TRUE(WIFSIGNALED(status));
	EXPECT_EQ(SIGKILL, WTERMSIG(status));
	EXPECT_TRUE(host_is_well());
}

TEST_F_TIMEOUT(stage, may_be_left_by_exit, 60)
{
	int status = 0;

	ASSERT_TRUE(is_ready(self->ready[0]));
	ASSERT_EQ(0, kill(self->child, SIGTERM));
	ASSERT_TRUE(gone(self->child, &status));
	self->child = 0;
	EXPECT_TRUE(WIFEXITED(status));
	EXPECT_EQ(0, WEXITSTATUS(status));
	EXPECT_TRUE(host_is_well());
}

/* One life and death */
static bool one_death(int (*reach)(struct guest *guest))
{
	int ready[2], status;
	pid_t child;
	bool reached;

	if (pipe(ready))
		return false;
	child = fork();
	if (!child) {
		close(ready[0]);
		live(reach, ready[1]);
		_exit(1);
	}
	close(ready[1]);
	reached = child > 0 && is_ready(ready[0]);
	close(ready[0]);
	if (child > 0)
		kill(child, SIGKILL);
	return reached && gone(child, &status);
}

static void measure_deaths(struct __test_metadata *_metadata,
			   int (*reach)(struct guest *guest), int nr)
{
	long before = 0;

	ASSERT_TRUE(account_join());
	for (int i = -2; i < nr; i++) {
		if (!i)
			before = account_kib();
		ASSERT_TRUE(one_death(reach))
			TH_LOG("death %d", i);
	}
	ASSERT_LT(0, before);
	EXPECT_LE(account_lost_kib(before, SLACK_KIB), SLACK_KIB);
}

TEST_F_TIMEOUT(many, deaths_leave_no_donated_memory, 120)
{
	measure_deaths(_metadata, reach_enabled, NR_DEATHS);
}

TEST_F_TIMEOUT(many, deaths_leave_no_guest_memory, 120)
{
	measure_deaths(_metadata, reach_again, NR_LONG_LIVES);
}

/* In a process of its own: lives of guests, one after the other */
static void live_often(unsigned int rounds)
{
	for (unsigned int i = 0; i < rounds; i++)
		if (!host_is_well())
			_exit(1);
	_exit(0);
}

TEST_F_TIMEOUT(many, processes_have_machines_at_a_time, 120)
{
	pid_t children[NR_PROCESSES];
	int status;

	for (int i = 0; i < NR_PROCESSES; i++) {
		children[i] = fork();
		ASSERT_LE(0, children[i]);
		if (!children[i])
			live_often(NR_LIVES_EACH);
	}
	for (int i = 0; i < NR_PROCESSES; i++) {
		status = -1;
		ASSERT_TRUE(gone(children[i], &status));
		EXPECT_EQ(0, status);
	}
}

/* Shared with children; NULL if there is no memory */
static pthread_mutex_t *new_gate(void)
{
	pthread_mutex_t *gate = mmap(NULL, sizeof(*gate),
				     PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t attributes;

	if (gate == MAP_FAILED)
		return NULL;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(gate, &attributes);
	return gate;
}

/* Wherever it is, also in the middle of a call: later with each of them. */
static void die_at_any_time(struct __test_metadata *_metadata)
{
	int status;
	pid_t child;

	for (int i = 0; i < NR_MOMENTS; i++) {
		child = fork();
		ASSERT_LE(0, child);
		if (!child)
			live_often(UINT_MAX);
		usleep((useconds_t)i * MOMENT_US);
		if (guest_enabling)
			pthread_mutex_lock(guest_enabling);
		EXPECT_EQ(0, kill(child, SIGKILL));
		EXPECT_TRUE(gone(child, &status));
		if (guest_enabling)
			pthread_mutex_unlock(guest_enabling);
		EXPECT_TRUE(WIFSIGNALED(status))
			TH_LOG("after %d us", i * MOMENT_US);
	}
	EXPECT_TRUE(host_is_well());
}

TEST_F_TIMEOUT(many, processes_die_at_any_time_but_when_enabling, 120)
{
	guest_enabling = new_gate();
	ASSERT_NE(NULL, guest_enabling);
	die_at_any_time(_metadata);
}

/*
 * With a signal pending KVM_PV_ENABLE cannot register its notifier.  A kernel
 * that does not look gives up a reference to the memory map that it never had,
 * and uses what it has freed.
 */
#define UNNOTICED	"registering the notifier fails unnoticed"

TEST_F_TIMEOUT(many, processes_die_at_any_time, 120)
{
	DEADLY_DEFECT(return, UNNOTICED);
	die_at_any_time(_metadata);
}

static void ignore(int signal)
{
}

/* Signals that end nothing, one behind the other, for the thread @arg */
static void *pester(void *arg)
{
	for (;;) {
		pthread_kill(*(pthread_t *)arg, SIGUSR1);
		pthread_testcancel();
	}
	return NULL;
}

/*
 * Enabled or not, as the result says; the number of rounds that went wrong.
 * Each machine registers its notifier once, so each round has a new one.
 */
static int enable_disturbed(void)
{
	pthread_t self = pthread_self(), thread;
	struct pv_result result;
	struct vm vm;
	int bad = 0;

	signal(SIGUSR1, ignore);
	pthread_create(&thread, NULL, pester, &self);
	for (int i = 0; i < NR_DISTURBED; i++) {
		if (vm_new(&vm, VM_MIB, CPUS_EACH))
			continue;
		result = vm_pv(&vm, KVM_PV_ENABLE, NULL);
		bad += result.error && result.error != EINTR;
		bad += !!vm_pv(&vm, KVM_PV_DISABLE, NULL).error !=
		       !!result.error;
		vm_close(&vm);
	}
	pthread_cancel(thread);
	pthread_join(thread, NULL);
	return bad;
}

TEST_F_TIMEOUT(many, signals_enable_or_not_but_never_half, 60)
{
	int status = -1;
	pid_t child;

	DEADLY_DEFECT(return, UNNOTICED);
	child = fork();
	ASSERT_LE(0, child);
	if (!child)
		_exit(!!enable_disturbed());
	ASSERT_TRUE(gone(child, &status));
	EXPECT_EQ(0, status);
	EXPECT_TRUE(host_is_well());
}

int main(int argc, char **argv)
{
	pv_host_needed();
	return test_harness_run(argc, argv);
}
