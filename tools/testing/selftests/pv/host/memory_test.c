// SPDX-License-Identifier: GPL-2.0
/*
 * Memory of a protected guest: what its host sees of it, what it can do to it,
 * and that the guest never works with what somebody else wrote.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/uio.h>

#include "kselftest_harness.h"
#include "../guest/child.h"
#include "guest.h"
#include "guest_words.h"
#include "host.h"

#define WORD		0x5ec2e75ec2e7ULL
#define NR_PAGES	32
#define PAGE(n)		(GUEST_DATA + (n) * VM_PAGE_SIZE)

static const uint8_t zero_page[VM_PAGE_SIZE];

/* How often the kernel said that a page is not what it was */
static atomic_int nr_violations;

static void count_violation(int signal)
{
	nr_violations++;
}

/* A protected guest that waits for orders */
FIXTURE(memory) {
	struct guest guest;
	struct vm_cpu *cpu;
};

FIXTURE_SETUP(memory)
{
	struct sigaction sa = { .sa_handler = count_violation };

	ASSERT_EQ(0, sigaction(SIGSEGV, &sa, NULL));
	ASSERT_EQ(0, guest_new(&self->guest, 1))
		TH_LOG("%s", self->guest.problem);
	self->cpu = self->guest.vm.cpus;
	ASSERT_EQ(0, guest_protect(&self->guest).error);
	ASSERT_EQ(0, guest_start(self->cpu));
	ASSERT_EQ(STOP_ORDER, guest_await(self->cpu).stop);
}

FIXTURE_TEARDOWN(memory)
{
	guest_free(&self->guest);
}

static void *page(struct guest *guest, unsigned int nr)
{
	return guest->vm.memory + PAGE(nr);
}

TEST_F(memory, is_ciphertext_for_the_host)
{
	uint8_t seen[VM_PAGE_SIZE];

	ASSERT_TRUE(store(self->cpu, PAGE(0), WORD));
	memcpy(seen, page(&self->guest, 0), sizeof(seen));
	EXPECT_EQ(NULL, memmem(seen, sizeof(seen), &(uint64_t){ WORD }, 8));
	/* All of it, not only what is not zero. */
	EXPECT_EQ(NULL, memmem(seen, sizeof(seen), zero_page, 16));
	EXPECT_EQ(WORD, load(self->cpu, PAGE(0)));
}

TEST_F(memory, of_equal_content_looks_different)
{
	void *a = page(&self->guest, 0), *b = page(&self->guest, 1);

	ASSERT_TRUE(store(self->cpu, PAGE(0), WORD));
	ASSERT_TRUE(store(self->cpu, PAGE(1), WORD));
	EXPECT_NE(0, memcmp(a, b, VM_PAGE_SIZE));
}

TEST_F(memory, looks_different_each_time)
{
	uint8_t before[VM_PAGE_SIZE];

	ASSERT_TRUE(store(self->cpu, PAGE(0), WORD));
	memcpy(before, page(&self->guest, 0), sizeof(before));
	EXPECT_EQ(0, memcmp(before, page(&self->guest, 0), sizeof(before)));
	EXPECT_EQ(WORD, load(self->cpu, PAGE(0)));
	EXPECT_NE(0, memcmp(before, page(&self->guest, 0), sizeof(before)));
}

TEST_F(memory, never_used_is_zero_whatever_the_host_wrote)
{
	memset(page(&self->guest, 0), 0xff, VM_PAGE_SIZE);
	EXPECT_EQ(0, load(self->cpu, PAGE(0)));
	EXPECT_EQ(0, load(self->cpu, PAGE(0) + VM_PAGE_SIZE - 8));
}

TEST_F(memory, comes_and_goes_in_any_number)
{
	struct answer answer;

	answer = guest_order(self->cpu, AGENT_FILL, PAGE(0), NR_PAGES);
	ASSERT_EQ(STOP_ORDER, answer.stop);
	for (int round = 0; round < 3; round++) {
		for (unsigned int i = 0; i < NR_PAGES; i++)
			ASSERT_NE(PAGE(i), *guest_word(&self->guest, PAGE(i)));
		answer = guest_order(self->cpu, AGENT_CHECK, PAGE(0), NR_PAGES);
		ASSERT_EQ(STOP_ORDER, answer.stop);
		EXPECT_EQ(NR_PAGES, answer.result);
	}
}

/* KVM cannot give a protected guest the addressing exception that is due. */
TEST_F(memory, ends_where_it_ends)
{
	struct answer answer = guest_order(self->cpu, AGENT_LOAD, GUEST_SIZE,
					   0);

	EXPECT_EQ(STOP_ERROR, answer.stop);
	EXPECT_EQ(EINVAL, answer.error);
}

TEST_F(memory, is_nothing_at_all_when_protection_has_ended)
{
	ASSERT_EQ(STOP_ORDER, guest_order(self->cpu, AGENT_FILL, PAGE(0),
					  NR_PAGES).stop);
	ASSERT_EQ(0, vm_pv(&self->guest.vm, KVM_PV_DISABLE, NULL).error);
	for (unsigned int i = 0; i < NR_PAGES; i++)
		EXPECT_EQ(0, memcmp(page(&self->guest, i), zero_page,
				    VM_PAGE_SIZE));
}

/*
 * Between export and import: what a host does to page 0, with page 1 and an
 * earlier version of page 0 at hand.
 */
static void flip_bit(uint8_t *pages, const uint8_t *earlier)
{
	pages[VM_PAGE_SIZE - 1] ^= 0x01;
}

static void flip_first_bit(uint8_t *pages, const uint8_t *earlier)
{
	pages[0] ^= 0x80;
}

static void clear(uint8_t *pages, const uint8_t *earlier)
{
	memset(pages, 0, VM_PAGE_SIZE);
}

static void replay(uint8_t *pages, const uint8_t *earlier)
{
	memcpy(pages, earlier, VM_PAGE_SIZE);
}

static void put_other_page(uint8_t *pages, const uint8_t *earlier)
{
	memcpy(pages, pages + VM_PAGE_SIZE, VM_PAGE_SIZE);
}

static void swap(uint8_t *pages, const uint8_t *earlier)
{
	uint8_t first[VM_PAGE_SIZE];

	memcpy(first, pages, VM_PAGE_SIZE);
	memcpy(pages, pages + VM_PAGE_SIZE, VM_PAGE_SIZE);
	memcpy(pages + VM_PAGE_SIZE, first, VM_PAGE_SIZE);
}

/* The same pages in the other order, without touching their content */
static void move_frames(uint8_t *pages, const uint8_t *earlier)
{
	uint8_t *aside = mmap(NULL, VM_PAGE_SIZE, PROT_NONE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int flags = MREMAP_MAYMOVE | MREMAP_FIXED;

	mremap(pages, VM_PAGE_SIZE, VM_PAGE_SIZE, flags, aside);
	mremap(pages + VM_PAGE_SIZE, VM_PAGE_SIZE, VM_PAGE_SIZE, flags, pages);
	mremap(aside, VM_PAGE_SIZE, VM_PAGE_SIZE, flags, pages + VM_PAGE_SIZE);
}

static void drop(uint8_t *pages, const uint8_t *earlier)
{
	madvise(pages, VM_PAGE_SIZE, MADV_DONTNEED);
}

FIXTURE(change) {
	FIXTURE_DATA(memory) memory;
	uint8_t earlier[VM_PAGE_SIZE];
	uint8_t good[2 * VM_PAGE_SIZE];
};

FIXTURE_VARIANT(change) {
	void (*make)(uint8_t *pages, const uint8_t *earlier);
};

FIXTURE_VARIANT_ADD(change, last_bit) { .make = flip_bit };
FIXTURE_VARIANT_ADD(change, first_bit) { .make = flip_first_bit };
FIXTURE_VARIANT_ADD(change, cleared) { .make = clear };
FIXTURE_VARIANT_ADD(change, old_version) { .make = replay };
FIXTURE_VARIANT_ADD(change, another_page) { .make = put_other_page };
FIXTURE_VARIANT_ADD(change, swapped) { .make = swap };
FIXTURE_VARIANT_ADD(change, moved_frames) { .make = move_frames };
FIXTURE_VARIANT_ADD(change, dropped) { .make = drop };

FIXTURE_SETUP(change)
{
	struct guest *guest = &self->memory.guest;

	memory_setup(_metadata, &self->memory, NULL);
	ASSERT_TRUE(store(self->memory.cpu, PAGE(0), 1));
	memcpy(self->earlier, page(guest, 0), VM_PAGE_SIZE);
	ASSERT_TRUE(store(self->memory.cpu, PAGE(0), WORD));
	ASSERT_TRUE(store(self->memory.cpu, PAGE(1), WORD + 1));
	memcpy(self->good, page(guest, 0), sizeof(self->good));
}

FIXTURE_TEARDOWN(change)
{
	memory_teardown(_metadata, &self->memory, NULL);
}

/* The guest stands at its load, and goes on when the host undoes it. */
TEST_F(change, stops_the_guest_until_it_is_undone)
{
	struct guest *guest = &self->memory.guest;
	struct vm_cpu *cpu = self->memory.cpu;
	struct answer answer;

	variant->make(page(guest, 0), self->earlier);
	for (int i = 1; i <= 2; i++) {
		answer = i == 1 ? guest_give(cpu, AGENT_LOAD, PAGE(0)) :
				  guest_await(cpu);
		EXPECT_EQ(STOP_ERROR, answer.stop);
		EXPECT_EQ(EINTR, answer.error);
		EXPECT_EQ(i, nr_violations);
	}
	memcpy(page(guest, 0), self->good, sizeof(self->good));
	answer = guest_await(cpu);
	EXPECT_EQ(STOP_ORDER, answer.stop);
	EXPECT_EQ(WORD, answer.result);
	EXPECT_EQ(WORD + 1, load(cpu, PAGE(1)));
	EXPECT_EQ(2, nr_violations);
}

/* A store to one byte takes the whole page, too. */
TEST_F(change, is_not_overwritten_by_a_store)
{
	struct guest *guest = &self->memory.guest;
	struct vm_cpu *cpu = self->memory.cpu;
	struct answer answer;

	variant->make(page(guest, 0), self->earlier);
	answer = guest_order(cpu, AGENT_STORE, PAGE(0) + 8, WORD);
	EXPECT_EQ(STOP_ERROR, answer.stop);
	EXPECT_EQ(1, nr_violations);
}

/* Nobody minds if the same content comes back in another frame. */
TEST_F(memory, may_be_moved_by_the_host)
{
	uint8_t seen[VM_PAGE_SIZE];

	ASSERT_TRUE(store(self->cpu, PAGE(0), WORD));
	memcpy(seen, page(&self->guest, 0), sizeof(seen));
	ASSERT_EQ(0, madvise(page(&self->guest, 0), VM_PAGE_SIZE,
			     MADV_DONTNEED));
	memcpy(page(&self->guest, 0), seen, sizeof(seen));
	EXPECT_EQ(WORD, load(self->cpu, PAGE(0)));
	EXPECT_EQ(0, nr_violations);
}

/* Ways to the content that are not an access by an instruction */
TEST_F(memory, is_ciphertext_in_a_file)
{
	int fd = memfd_create("page", 0);
	uint8_t seen[VM_PAGE_SIZE];

	ASSERT_LE(0, fd);
	ASSERT_TRUE(store(self->cpu, PAGE(0), WORD));
	ASSERT_EQ(VM_PAGE_SIZE, write(fd, page(&self->guest, 0),
				      VM_PAGE_SIZE));
	ASSERT_EQ(VM_PAGE_SIZE, pread(fd, seen, sizeof(seen), 0));
	EXPECT_NE(WORD, *(uint64_t *)seen);
	EXPECT_EQ(NULL, memmem(seen, sizeof(seen), zero_page, 16));
	EXPECT_EQ(0, memcmp(seen, page(&self->guest, 0), sizeof(seen)));
	EXPECT_EQ(WORD, load(self->cpu, PAGE(0)));
	close(fd);
}

/* read() into the guest is a change like any other. */
TEST_F(memory, that_a_file_was_read_into_stops_the_guest)
{
	int fd = memfd_create("page", 0);

	ASSERT_LE(0, fd);
	ASSERT_TRUE(store(self->cpu, PAGE(0), WORD));
	ASSERT_EQ(VM_PAGE_SIZE, write(fd, zero_page, VM_PAGE_SIZE));
	ASSERT_EQ(VM_PAGE_SIZE, pread(fd, page(&self->guest, 0), VM_PAGE_SIZE,
				      0));
	EXPECT_EQ(STOP_ERROR, guest_order(self->cpu, AGENT_LOAD, PAGE(0),
					  0).stop);
	EXPECT_EQ(1, nr_violations);
	close(fd);
}

/* In the child: what it sees of the parent's guest */
static void read_remote(void *addr, bool pinned)
{
	uint64_t word = 0;
	struct iovec here = { &word, sizeof(word) };
	struct iovec there = { addr, sizeof(word) };

	if (pinned && process_vm_readv(getppid(), &here, 1, &there, 1, 0) !=
		      sizeof(word))
		_exit(2);
	if (!pinned)
		word = *(uint64_t *)addr;
	_exit(word == WORD);
}

static int see_in_child(void *addr, bool pinned)
{
	pid_t child = fork();
	int status = 0;

	if (!child)
		read_remote(addr, pinned);
	if (wait_for(child, &status, 10000) != child) {
		kill(child, SIGKILL);
		return -1;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(memory, is_ciphertext_for_other_processes)
{
	ASSERT_TRUE(store(self->cpu, PAGE(0), WORD));
	EXPECT_EQ(0, see_in_child(page(&self->guest, 0), true));
	EXPECT_EQ(WORD, load(self->cpu, PAGE(0)));
}

TEST_F(memory, is_ciphertext_for_children)
{
	ASSERT_TRUE(store(self->cpu, PAGE(0), WORD));
	EXPECT_EQ(0, see_in_child(page(&self->guest, 0), false));
	EXPECT_EQ(WORD, load(self->cpu, PAGE(0)));
	EXPECT_TRUE(store(self->cpu, PAGE(0), WORD + 1));
	EXPECT_EQ(WORD + 1, load(self->cpu, PAGE(0)));
}

TEST_F(memory, survives_a_change_of_rights)
{
	void *addr = page(&self->guest, 0);

	ASSERT_TRUE(store(self->cpu, PAGE(0), WORD));
	ASSERT_EQ(0, mprotect(addr, VM_PAGE_SIZE, PROT_NONE));
	ASSERT_EQ(0, mprotect(addr, VM_PAGE_SIZE, PROT_READ | PROT_WRITE));
	EXPECT_EQ(WORD, load(self->cpu, PAGE(0)));
	EXPECT_NE(WORD, *guest_word(&self->guest, PAGE(0)));
	EXPECT_EQ(WORD, load(self->cpu, PAGE(0)));
}

/*
 * What guest memory consists of, and what was done to it before the guest was
 * protected, does not count.
 */
FIXTURE(backing) {
	struct guest guest;
	struct vm_cpu *cpu;
};

FIXTURE_VARIANT(backing) {
	/* of the whole memory; 0 or -1 */
	int (*prepare)(void *addr, size_t size);
};

static int map_file(void *addr, size_t size)
{
	int fd = memfd_create("guest", 0);
	void *map = MAP_FAILED;

	if (fd >= 0 && !ftruncate(fd, (off_t)size))
		map = mmap(addr, size, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_FIXED, fd, 0);
	close(fd);
	return map == addr ? 0 : -1;
}

static int read_all(void *addr, size_t size)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < size; i += VM_PAGE_SIZE)
		sum |= __atomic_load_n((uint64_t *)((uint8_t *)addr + i),
				       __ATOMIC_RELAXED);
	return sum ? -1 : 0;
}

static int write_all(void *addr, size_t size)
{
	memset(addr, 0xee, size);
	return 0;
}

static int want_large_pages(void *addr, size_t size)
{
	return madvise(addr, size, MADV_HUGEPAGE) ? -1 : write_all(addr, size);
}

static int want_equal_pages(void *addr, size_t size)
{
	write_all(addr, size);
	return madvise(addr, size, MADV_MERGEABLE);
}

FIXTURE_VARIANT_ADD(backing, file) { .prepare = map_file };
FIXTURE_VARIANT_ADD(backing, read) { .prepare = read_all };
FIXTURE_VARIANT_ADD(backing, written) { .prepare = write_all };
FIXTURE_VARIANT_ADD(backing, large) { .prepare = want_large_pages };
FIXTURE_VARIANT_ADD(backing, mergeable) { .prepare = want_equal_pages };

FIXTURE_SETUP(backing)
{
	struct vm *vm = &self->guest.vm;

	ASSERT_EQ(0, guest_new(&self->guest, 1))
		TH_LOG("%s", self->guest.problem);
	self->cpu = vm->cpus;
	ASSERT_EQ(0, variant->prepare(vm->memory, vm->memory_size));
	ASSERT_EQ(0, guest_protect(&self->guest).error);
	ASSERT_EQ(0, guest_start(self->cpu));
	ASSERT_EQ(STOP_ORDER, guest_await(self->cpu).stop);
}

FIXTURE_TEARDOWN(backing)
{
	guest_free(&self->guest);
}

TEST_F(backing, makes_no_difference)
{
	struct answer answer;

	EXPECT_EQ(0, load(self->cpu, PAGE(NR_PAGES)));
	answer = guest_order(self->cpu, AGENT_FILL, PAGE(0), NR_PAGES);
	ASSERT_EQ(STOP_ORDER, answer.stop);
	for (unsigned int i = 0; i < NR_PAGES; i++)
		EXPECT_NE(PAGE(i), *guest_word(&self->guest, PAGE(i)));
	answer = guest_order(self->cpu, AGENT_CHECK, PAGE(0), NR_PAGES);
	ASSERT_EQ(STOP_ORDER, answer.stop);
	EXPECT_EQ(NR_PAGES, answer.result);
	answer = guest_order(self->cpu, AGENT_SHARE, PAGE(0), 0);
	ASSERT_EQ(UV_RC_EXECUTED, answer.result);
	EXPECT_EQ(PAGE(0), *guest_word(&self->guest, PAGE(0)));
}

/* Shared pages are everybody's, until the guest takes them back. */
FIXTURE(shared) {
	FIXTURE_DATA(memory) memory;
	struct guest *guest;
	struct vm_cpu *cpu;
};

FIXTURE_SETUP(shared)
{
	struct answer answer;

	memory_setup(_metadata, &self->memory, NULL);
	self->guest = &self->memory.guest;
	self->cpu = self->memory.cpu;
	ASSERT_TRUE(store(self->cpu, PAGE(0), WORD));
	answer = guest_order(self->cpu, AGENT_SHARE, PAGE(0), 0);
	ASSERT_EQ(STOP_ORDER, answer.stop);
	ASSERT_EQ(UV_RC_EXECUTED, answer.result);
}

FIXTURE_TEARDOWN(shared)
{
	memory_teardown(_metadata, &self->memory, NULL);
}

static uint64_t unshare_page(struct vm_cpu *cpu)
{
	struct answer answer = guest_order(cpu, AGENT_UNSHARE, PAGE(0), 0);

	return answer.stop == STOP_ORDER && answer.how == AGENT_DONE ?
	       answer.result : 0;
}

TEST_F(shared, is_seen_by_both)
{
	uint64_t *word = guest_word(self->guest, PAGE(0));

	EXPECT_EQ(WORD, *word);
	*word = WORD + 1;
	EXPECT_EQ(WORD + 1, load(self->cpu, PAGE(0)));
	EXPECT_TRUE(store(self->cpu, PAGE(0), WORD + 2));
	EXPECT_EQ(WORD + 2, *word);
	EXPECT_EQ(0, nr_violations);
}

TEST_F(shared, is_hidden_again_with_its_content)
{
	uint64_t *word = guest_word(self->guest, PAGE(0));

	*word = WORD + 1;
	EXPECT_EQ(UV_RC_EXECUTED, unshare_page(self->cpu));
	EXPECT_NE(WORD + 1, *word);
	EXPECT_EQ(WORD + 1, load(self->cpu, PAGE(0)));
}

/* The kernel pins it for this: the guest's call goes through KVM. */
TEST_F(shared, is_hidden_again_after_the_host_pinned_it)
{
	EXPECT_EQ(1, see_in_child(page(self->guest, 0), true));
	EXPECT_EQ(UV_RC_EXECUTED, unshare_page(self->cpu));
	EXPECT_NE(WORD, *guest_word(self->guest, PAGE(0)));
	EXPECT_EQ(WORD, load(self->cpu, PAGE(0)));
}

TEST_F(shared, is_the_only_page_that_is)
{
	ASSERT_TRUE(store(self->cpu, PAGE(1), WORD));
	EXPECT_NE(WORD, *guest_word(self->guest, PAGE(1)));
	EXPECT_EQ(WORD, *guest_word(self->guest, PAGE(0)));
}

TEST_F(shared, stays_so_in_another_frame)
{
	uint8_t seen[VM_PAGE_SIZE];
	void *addr = page(self->guest, 0);

	memcpy(seen, addr, sizeof(seen));
	ASSERT_EQ(0, madvise(addr, VM_PAGE_SIZE, MADV_DONTNEED));
	memcpy(addr, seen, sizeof(seen));
	EXPECT_EQ(WORD, load(self->cpu, PAGE(0)));
	EXPECT_TRUE(store(self->cpu, PAGE(0), WORD + 1));
	EXPECT_EQ(WORD + 1, *guest_word(self->guest, PAGE(0)));
	EXPECT_EQ(0, nr_violations);
}

TEST_F(shared, page_must_be_one_of_the_guest)
{
	struct answer answer = guest_order(self->cpu, AGENT_SHARE, GUEST_SIZE,
					   0);

	EXPECT_EQ(STOP_ORDER, answer.stop);
	EXPECT_EQ(0x101, answer.result);
	answer = guest_order(self->cpu, AGENT_SHARE, PAGE(1) + 8, 0);
	EXPECT_EQ(0x101, answer.result);
}

int main(int argc, char **argv)
{
	pv_host_needed();
	return test_harness_run(argc, argv);
}
