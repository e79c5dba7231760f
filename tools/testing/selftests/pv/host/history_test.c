// SPDX-License-Identifier: GPL-2.0
/*
 * What went wrong in kernels of former times: one test for each such mistake
 * that a host's user space can provoke and that no other program tries.  The
 * whole list stands in docs/host-tests.md.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <linux/futex.h>
#include <linux/userfaultfd.h>

#include "kselftest_harness.h"
#include "guest.h"
#include "guest_words.h"
#include "host.h"

#define WORD		0x5ec2e75ec2e7ULL
#define NR_PAGES	64
#define NR_ROUNDS	12
#define NR_IMPORTS	3000
#define PAGE(n)		(GUEST_DATA + (n) * VM_PAGE_SIZE)

static int start_guest(struct guest *guest)
{
	struct vm_cpu *cpu = guest->vm.cpus;

	if (guest_protect(guest).error || guest_start(cpu))
		return -1;
	return guest_await(cpu).stop == STOP_ORDER ? 0 : -1;
}

static bool fill(struct guest *guest)
{
	return guest_order(guest->vm.cpus, AGENT_FILL, PAGE(0),
			   NR_PAGES).stop == STOP_ORDER;
}

static uint64_t nr_intact(struct guest *guest)
{
	struct answer answer = guest_order(guest->vm.cpus, AGENT_CHECK,
					   PAGE(0), NR_PAGES);

	return answer.stop == STOP_ORDER ? answer.result : 0;
}

/* A protected guest that waits for orders */
FIXTURE(guest) {
	struct guest guest;
	struct vm *vm;
	struct vm_cpu *cpu;
};

FIXTURE_SETUP(guest)
{
	ASSERT_EQ(0, guest_new(&self->guest, 1))
		TH_LOG("%s", self->guest.problem);
	self->vm = &self->guest.vm;
	self->cpu = self->vm->cpus;
	ASSERT_EQ(0, start_guest(&self->guest));
}

FIXTURE_TEARDOWN(guest)
{
	guest_free(&self->guest);
}

static void *page(struct guest *guest, unsigned int nr)
{
	return guest->vm.memory + PAGE(nr);
}

/*
 * The page of zeros that all processes share must not become one of a guest:
 * neither by reading what is not there, nor by a page fault of user space.
 */
TEST_F(guest, does_not_get_the_page_of_zeros_by_a_read)
{
	uint64_t *ours = mmap(NULL, VM_PAGE_SIZE, PROT_READ, MAP_PRIVATE |
			      MAP_ANONYMOUS, -1, 0);

	ASSERT_NE(MAP_FAILED, ours);
	EXPECT_EQ(0, *ours);
	for (unsigned int i = 0; i < 4; i++) {
		ASSERT_EQ(0, madvise(page(&self->guest, i), VM_PAGE_SIZE,
				     MADV_DONTNEED));
		EXPECT_EQ(0, *guest_word(&self->guest, PAGE(i)));
	}
	for (unsigned int i = 0; i < 4; i++)
		ASSERT_TRUE(store(self->cpu, PAGE(i), WORD + i));
	for (unsigned int i = 0; i < 4; i++)
		EXPECT_EQ(WORD + i, load(self->cpu, PAGE(i)));
	EXPECT_EQ(0, *ours);
	munmap(ours, VM_PAGE_SIZE);
}

/* A descriptor whose owner answers for missing pages of @addr, or -1 */
static int answer_for(void *addr, size_t size)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = {
		.range = { (uintptr_t)addr, size },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fd = (int)syscall(__NR_userfaultfd, O_CLOEXEC);

	if (fd >= 0 && (ioctl(fd, UFFDIO_API, &api) ||
			ioctl(fd, UFFDIO_REGISTER, &reg))) {
		close(fd);
		return -1;
	}
	return fd;
}

static void *give_zeros(void *arg)
{
	struct uffdio_zeropage zeros = { .range.len = VM_PAGE_SIZE };
	int fd = *(int *)arg;
	struct uffd_msg msg;

	while (read(fd, &msg, sizeof(msg)) == sizeof(msg)) {
		zeros.range.start = msg.arg.pagefault.address & -VM_PAGE_SIZE;
		ioctl(fd, UFFDIO_ZEROPAGE, &zeros);
	}
	return NULL;
}

TEST_F(guest, does_not_get_the_page_of_zeros_by_userfaultfd)
{
	pthread_t thread;
	int fd;

	ASSERT_EQ(0, madvise(page(&self->guest, 0), 4 * VM_PAGE_SIZE,
			     MADV_DONTNEED));
	if (access("/proc/sys/vm/unprivileged_userfaultfd", F_OK))
		SKIP(return, "the kernel has no userfaultfd");
	fd = answer_for(page(&self->guest, 0), 4 * VM_PAGE_SIZE);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, pthread_create(&thread, NULL, give_zeros, &fd));
	for (unsigned int i = 0; i < 4; i++)
		ASSERT_TRUE(store(self->cpu, PAGE(i), WORD + i));
	for (unsigned int i = 0; i < 4; i++)
		EXPECT_EQ(WORD + i, load(self->cpu, PAGE(i)));
	pthread_cancel(thread);
	pthread_join(thread, NULL);
	close(fd);
}

/* What a thread does to memory until it is told to stop */
struct disturber {
	struct guest *guest;
	pthread_t thread;
	atomic_bool stop;
	atomic_uint rounds;
};

static bool disturb(struct disturber *disturber, struct guest *guest,
		    void *(*body)(void *))
{
	disturber->guest = guest;
	disturber->stop = false;
	disturber->rounds = 0;
	if (pthread_create(&disturber->thread, NULL, body, disturber))
		return false;
	while (!disturber->rounds)
		sched_yield();
	return true;
}

static unsigned int calm(struct disturber *disturber)
{
	disturber->stop = true;
	pthread_join(disturber->thread, NULL);
	return disturber->rounds;
}

/* All the ways that a page can go while it is looked at, and one back */
static void *take_pages_away(void *arg)
{
	struct disturber *disturber = arg;
	int flags = MREMAP_MAYMOVE | MREMAP_FIXED;
	uint8_t *aside = mmap(NULL, VM_PAGE_SIZE, PROT_NONE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (; !disturber->stop; disturber->rounds++) {
		void *addr = page(disturber->guest,
				  disturber->rounds % NR_PAGES);

		mremap(addr, VM_PAGE_SIZE, VM_PAGE_SIZE, flags, aside);
		mremap(aside, VM_PAGE_SIZE, VM_PAGE_SIZE, flags, addr);
		madvise(addr, VM_PAGE_SIZE, MADV_DONTNEED);
		munmap(addr, VM_PAGE_SIZE);
		mmap(addr, VM_PAGE_SIZE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	}
	return NULL;
}

static bool may_be_unpacked(int error)
{
	return !error || error == EFAULT || error == EINVAL;
}

/*
 * The page that was looked up has to be the one that is imported: one that has
 * gone meanwhile would be somebody else's when it becomes secure.
 */
TEST_F_TIMEOUT(guest, pages_may_go_while_they_are_imported, 60)
{
	struct disturber disturber;
	unsigned int nr_done = 0;
	struct pv_result result;

	ASSERT_EQ(0, vm_pv(self->vm, KVM_PV_DISABLE, NULL).error);
	ASSERT_EQ(0, vm_pv(self->vm, KVM_PV_ENABLE, NULL).error);
	ASSERT_EQ(0, vm_pv_parameters(self->vm, self->guest.image.header,
				      IMAGE_HEADER_SIZE).error);
	ASSERT_TRUE(disturb(&disturber, &self->guest, take_pages_away));
	for (unsigned int i = 0; i < NR_IMPORTS; i++) {
		result = vm_pv_unpack(self->vm, PAGE(i % NR_PAGES),
				      VM_PAGE_SIZE, 0);
		EXPECT_TRUE(may_be_unpacked(result.error))
			TH_LOG("%s, rc %#x", strerror(result.error), result.rc);
		nr_done += !result.error;
	}
	EXPECT_LT(NR_ROUNDS, calm(&disturber));
	EXPECT_LT(NR_ROUNDS, nr_done);
	/* All memory is the host's again, for whatever it wants. */
	ASSERT_EQ(0, vm_pv(self->vm, KVM_PV_DISABLE, NULL).error);
	memset(self->vm->memory, 0xee, self->vm->memory_size);
	ASSERT_EQ(0, vm_cpu_reset(self->cpu, KVM_S390_CLEAR_RESET));
	EXPECT_EQ(0, start_guest(&self->guest));
}

/* Gone, and new: with nothing in them, so only before the guest uses them */
static void *drop_pages(void *arg)
{
	struct disturber *disturber = arg;
	size_t size = NR_PAGES * VM_PAGE_SIZE;

	for (; !disturber->stop; disturber->rounds++) {
		madvise(page(disturber->guest, 0), size, MADV_DONTNEED);
		for (unsigned int i = 0; i < NR_PAGES; i += 3)
			*guest_word(disturber->guest, PAGE(i)) = WORD;
	}
	return NULL;
}

/* What is destroyed may vanish, and be somebody else's, at the same time. */
TEST_F_TIMEOUT(guest, pages_may_vanish_while_they_are_destroyed, 60)
{
	struct disturber disturber;

	for (int round = 0; round < NR_ROUNDS; round++) {
		ASSERT_TRUE(fill(&self->guest));
		ASSERT_EQ(0, vm_pv(self->vm, PV_CMD_ASYNC_PREPARE,
				   NULL).error);
		ASSERT_TRUE(disturb(&disturber, &self->guest, drop_pages));
		EXPECT_EQ(0, vm_pv(self->vm, PV_CMD_ASYNC_PERFORM,
				   NULL).error);
		EXPECT_LT(0, calm(&disturber));
		ASSERT_EQ(0, vm_cpu_reset(self->cpu, KVM_S390_CLEAR_RESET));
		ASSERT_EQ(0, start_guest(&self->guest));
	}
}

/* Several walks at a time over the same pages */
static void *perform(void *arg)
{
	static struct pv_result results[2];
	static atomic_uint nr;
	struct pv_result *result = &results[nr++ % 2];

	*result = vm_pv(arg, PV_CMD_ASYNC_PERFORM, NULL);
	return result;
}

TEST_F_TIMEOUT(guest, is_destroyed_by_one_of_two_who_try, 60)
{
	struct pv_result *results[2];
	pthread_t threads[2];

	for (int round = 0; round < NR_ROUNDS; round++) {
		ASSERT_TRUE(fill(&self->guest));
		ASSERT_EQ(0, vm_pv(self->vm, PV_CMD_ASYNC_PREPARE,
				   NULL).error);
		for (int i = 0; i < 2; i++)
			ASSERT_EQ(0, pthread_create(&threads[i], NULL, perform,
						    self->vm));
		for (int i = 0; i < 2; i++)
			pthread_join(threads[i], (void **)&results[i]);
		EXPECT_EQ(EINVAL, results[0]->error + results[1]->error);
		for (unsigned int i = 0; i < NR_PAGES; i++)
			EXPECT_EQ(0, *guest_word(&self->guest, PAGE(i)));
		ASSERT_EQ(0, vm_cpu_reset(self->cpu, KVM_S390_CLEAR_RESET));
		ASSERT_EQ(0, start_guest(&self->guest));
	}
}

/*
 * The copy of a top table that replaces one that was set aside took over what
 * the kernel notes about the table at the place it was copied to.  What is
 * unmapped from below it then was looked for somewhere else.
 */
TEST_F_TIMEOUT(guest, tables_are_replaced_any_number_of_times, 60)
{
	for (int round = 0; round < NR_ROUNDS; round++) {
		ASSERT_EQ(0, vm_pv(self->vm, PV_CMD_ASYNC_PREPARE,
				   NULL).error);
		ASSERT_EQ(0, vm_cpu_reset(self->cpu, KVM_S390_CLEAR_RESET));
		ASSERT_EQ(0, start_guest(&self->guest));
		ASSERT_EQ(0, madvise(page(&self->guest, 0), VM_MIB,
				     MADV_DONTNEED));
		ASSERT_TRUE(fill(&self->guest));
		EXPECT_EQ(0, vm_pv(self->vm, PV_CMD_ASYNC_PERFORM,
				   NULL).error);
		EXPECT_EQ(NR_PAGES, nr_intact(&self->guest));
	}
}

/* What sysfs shows is a number of CPUs, the Ultravisor's is their last address. */
/*
 * An operation on a futex must not sleep when it comes to a page that has to be
 * exported. Told that it failed, the kernel would try it again for ever.
 */
TEST_F(guest, page_can_have_a_futex)
{
	uint32_t here = 0, *there = page(&self->guest, 0);
	int op = FUTEX_OP(FUTEX_OP_OR, 1, FUTEX_OP_CMP_EQ, 0);

	ASSERT_TRUE(fill(&self->guest));
	EXPECT_LE(0, syscall(SYS_futex, &here, FUTEX_WAKE_OP, 1, 1, there, op))
		TH_LOG("%s", strerror(errno));
}

TEST(as_many_cpus_as_sysfs_says_can_be_made)
{
	unsigned long max = host_number(UV_FIRMWARE "/query/max_cpus", "%llu");
	struct vm vm;
	int fd;

	ASSERT_EQ(0, vm_new(&vm, VM_MIB, 1))
		TH_LOG("%s", vm.problem);
	ASSERT_EQ(0, vm_pv(&vm, KVM_PV_ENABLE, NULL).error);
	fd = ioctl(vm.fd, KVM_CREATE_VCPU, max - 1);
	EXPECT_LE(0, fd);
	close(fd);
	EXPECT_GT(0, ioctl(vm.fd, KVM_CREATE_VCPU, max));
	vm_close(&vm);
}

/*
 * A notifier is registered with a machine's first ENABLE and never again.  Two
 * of them would be one that is called when it has been freed.
 */
TEST(machine_can_be_enabled_again_and_outlive_its_memory)
{
	struct guest guest;

	ASSERT_EQ(0, guest_new(&guest, 1))
		TH_LOG("%s", guest.problem);
	for (int round = 0; round < NR_ROUNDS; round++) {
		ASSERT_EQ(0, start_guest(&guest));
		ASSERT_EQ(0, vm_pv(&guest.vm, KVM_PV_DISABLE, NULL).error);
		ASSERT_EQ(0, vm_cpu_reset(guest.vm.cpus,
					  KVM_S390_CLEAR_RESET));
	}
	ASSERT_EQ(0, start_guest(&guest));
	/* Without closing anything: what ends first is the memory map. */
}

int main(int argc, char **argv)
{
	pv_host_needed();
	return test_harness_run(argc, argv);
}
