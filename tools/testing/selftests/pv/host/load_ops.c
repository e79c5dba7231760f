// SPDX-License-Identifier: GPL-2.0
/*
 * What a host does to the memory of a guest that goes on using it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_macros.h"
#include "load.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT	21
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif

#define ROW_SIZE	(LOAD_ROW * VM_PAGE_SIZE)
/* How long pages are lent: long enough for the guest to come across them */
#define LENT_US		1000
#define COMPACT		"/proc/sys/vm/compact_memory"

static uint8_t *page_at(struct load *load, unsigned int page)
{
	return load->guest.vm.memory + LOAD_ADDR(page);
}

/* A row of pages that the guest is using */
static unsigned int busy_row(struct load_host *host)
{
	return load_random(host, LOAD_BUSY_PAGES - LOAD_ROW);
}

/* ... of pages that it is not using as long as they are held */
static uint8_t *hold_parked_row(struct load_host *host)
{
	unsigned int row = load_random(host, LOAD_PARKED_PAGES - LOAD_ROW);

	pthread_mutex_lock(&host->load->parked);
	return page_at(host->load, LOAD_BUSY_PAGES + row);
}

static void release_parked(struct load_host *host)
{
	pthread_mutex_unlock(&host->load->parked);
}

/*
 * Two doublewords of this form are no accident: an address of the guest that is
 * right for their place in the page.
 */
bool load_is_plain(const void *page)
{
	const uint64_t *word = page;
	unsigned int alike = 0;

	for (unsigned int i = 0; i < AGENT_STRIDES; i++) {
		const uint64_t *here = word + i * AGENT_STRIDE / sizeof(*word);
		uint64_t value = __atomic_load_n(here, __ATOMIC_RELAXED);
		uint64_t addr = (uint32_t)value;

		if (value >> AGENT_GENERATION_SHIFT && addr >= LOAD_ADDR(0) &&
		    addr < LOAD_ADDR(LOAD_PAGES) &&
		    addr % VM_PAGE_SIZE == i * AGENT_STRIDE)
			alike++;
	}
	return alike > 1;
}

/* Look at a row of the guest's own pages, or at a copy of it. */
static const char *look_at(struct load *load, const uint8_t *row)
{
	for (unsigned int i = 0; i < LOAD_ROW; i++)
		if (load_is_plain(row + i * VM_PAGE_SIZE))
			return "the host sees what the guest has written";
	load->views += LOAD_ROW;
	return NULL;
}

static const char *touch(struct load_host *host)
{
	struct load *load = host->load;
	unsigned int row = busy_row(host);

	for (unsigned int i = row; i < row + LOAD_ROW; i++) {
		uint64_t *page = (uint64_t *)page_at(load, i);
		uint64_t word = __atomic_load_n(page, __ATOMIC_RELAXED);

		if (__atomic_exchange_n(&load->seen[i], word,
					__ATOMIC_RELAXED) != word)
			load->cycles++;
	}
	return look_at(load, page_at(load, row));
}

static const char *page_out(struct load_host *host)
{
	uint8_t *row = page_at(host->load, busy_row(host));

	/* EINVAL would be that of a kernel that cannot do it. */
	return madvise(row, ROW_SIZE, MADV_PAGEOUT) && errno == EINVAL ?
	       "MADV_PAGEOUT" : NULL;
}

static bool has_compaction(const struct load_host *host)
{
	return !access(COMPACT, W_OK);
}

static const char *compact(struct load_host *host)
{
	int fd = open(COMPACT, O_WRONLY);
	bool ok = fd >= 0 && write(fd, "1", 1) == 1;

	close(fd);
	return ok ? NULL : "compaction of memory";
}

/* In the child, which has the guest's pages as its own */
static void use_copies(struct load *load, uint8_t *row)
{
	if (look_at(load, row))
		_exit(1);
	for (unsigned int i = 0; load->file < 0 && i < LOAD_ROW; i++)
		memset(row + i * VM_PAGE_SIZE, 0xff, VM_PAGE_SIZE);
	usleep(LENT_US);
	_exit(0);
}

static const char *end_of(pid_t child)
{
	int status;

	if (child < 0)
		return "fork";
	if (waitpid(child, &status, 0) != child || status)
		return "a child of the host saw what the guest has written";
	return NULL;
}

static const char *fork_off(struct load_host *host)
{
	uint8_t *row = page_at(host->load, busy_row(host));
	pid_t child = fork();

	if (!child)
		use_copies(host->load, row);
	return end_of(child);
}

static const char *read_pinned(struct load_host *host)
{
	uint8_t copy[ROW_SIZE];
	struct iovec here = { copy, ROW_SIZE };
	struct iovec there = { page_at(host->load, busy_row(host)), ROW_SIZE };

	if (process_vm_readv(getpid(), &here, 1, &there, 1, 0) != ROW_SIZE)
		return "process_vm_readv";
	return look_at(host->load, copy);
}

/* A pipe takes references, not copies; and has room for 16 pages. */
static const char *lend_to_pipe(struct load_host *host)
{
	uint8_t copy[ROW_SIZE] = {};
	struct iovec row = { page_at(host->load, busy_row(host)),
			     ROW_SIZE / 2 };

	if (vmsplice(host->pipe[1], &row, 1, 0) != ROW_SIZE / 2)
		return "vmsplice";
	usleep(LENT_US);
	if (read(host->pipe[0], copy, ROW_SIZE / 2) != ROW_SIZE / 2)
		return "the pipe";
	return look_at(host->load, copy);
}

static bool has_disk(const struct load_host *host)
{
	return host->load->disk >= 0;
}

/* Each thread has a place of its own there. */
static off_t on_disk(const struct load_host *host)
{
	return (host - host->load->hosts) * ROW_SIZE;
}

static const char *write_to_disk(struct load_host *host)
{
	struct load *load = host->load;

	if (pwrite(load->disk, page_at(load, busy_row(host)), ROW_SIZE,
		   on_disk(host)) != ROW_SIZE ||
	    pread(load->disk, host->copy, ROW_SIZE, on_disk(host)) !=
	    ROW_SIZE)
		return "direct access of a disk to the guest's memory";
	return look_at(load, host->copy);
}

static bool has_ring(const struct load_host *host)
{
	return host->ring >= 0;
}

/* The guest cannot have these pages as long as they are registered. */
static const char *pin_for_long(struct load_host *host)
{
	uint8_t *row = page_at(host->load, busy_row(host));
	struct iovec buffer = { row, ROW_SIZE };
	const char *problem;

	if (syscall(__NR_io_uring_register, host->ring,
		    IORING_REGISTER_BUFFERS, &buffer, 1))
		return "IORING_REGISTER_BUFFERS";
	usleep(LENT_US);
	problem = look_at(host->load, row);
	if (syscall(__NR_io_uring_register, host->ring,
		    IORING_UNREGISTER_BUFFERS, NULL, 0))
		return "IORING_UNREGISTER_BUFFERS";
	return problem;
}

static const char *take_rights(struct load_host *host)
{
	uint8_t *row = hold_parked_row(host);
	int ret = mprotect(row, ROW_SIZE, PROT_NONE);

	usleep(LENT_US);
	ret |= mprotect(row, ROW_SIZE, PROT_READ | PROT_WRITE);
	release_parked(host);
	return ret ? "mprotect" : NULL;
}

/* Away and back; nothing else may get the addresses meanwhile. */
static const char *move(struct load_host *host)
{
	uint8_t *row = hold_parked_row(host);
	int flags = MREMAP_MAYMOVE | MREMAP_FIXED;
	const char *problem = "mremap";

	if (mremap(row, ROW_SIZE, ROW_SIZE, flags | MREMAP_DONTUNMAP,
		   host->aside) == host->aside) {
		problem = look_at(host->load, host->aside);
		if (mremap(host->aside, ROW_SIZE, ROW_SIZE, flags, row) != row)
			problem = "mremap back";
		else if (mmap(host->aside, ROW_SIZE, PROT_NONE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
			      0) != host->aside)
			problem = "mmap";
	}
	release_parked(host);
	return problem;
}

/* What is dropped comes back in other frames. */
static const char *drop_and_restore(struct load_host *host)
{
	uint8_t *row = hold_parked_row(host), copy[ROW_SIZE];
	int ret;

	memcpy(copy, row, ROW_SIZE);
	ret = madvise(row, ROW_SIZE, MADV_DONTNEED);
	memcpy(row, copy, ROW_SIZE);
	release_parked(host);
	return ret ? "MADV_DONTNEED" : look_at(host->load, copy);
}

static const char *restore_from_disk(struct load_host *host)
{
	struct load *load = host->load;
	uint8_t *row = hold_parked_row(host);
	const char *problem = NULL;

	if (pwrite(load->disk, row, ROW_SIZE, on_disk(host)) != ROW_SIZE ||
	    madvise(row, ROW_SIZE, MADV_DONTNEED) ||
	    pread(load->disk, row, ROW_SIZE, on_disk(host)) != ROW_SIZE)
		problem = "direct access of a disk to the guest's memory";
	release_parked(host);
	return problem;
}

static bool has_file(const struct load_host *host)
{
	return host->load->file >= 0 && load_has_large_pages();
}

/*
 * Whoever maps the file, too, may have large pages made of it, which guests
 * cannot use; that there are none to be had is no failure.
 */
static const char *collapse(struct load_host *host)
{
	struct load *load = host->load;
	off_t offset = (off_t)(1 + load_random(host, LOAD_BUSY_PAGES / 256)) *
		       (off_t)VM_MIB;
	pid_t child = fork();
	uint8_t *map;

	if (child)
		return end_of(child);
	map = mmap(host->aside, VM_MIB, PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_FIXED, load->file, offset);
	if (map == MAP_FAILED)
		_exit(2);
	madvise(map, VM_MIB, MADV_HUGEPAGE);
	madvise(map, VM_MIB, MADV_COLLAPSE);
	_exit(look_at(load, map) ? 1 : 0);
}

const struct load_op load_ops[] = {
	{ "touch", 30, NULL, touch },
	{ "reclaim", 10, NULL, page_out },
	{ "fork", 3, NULL, fork_off },
	{ "compaction", 1, has_compaction, compact },
	{ "process_vm_readv", 8, NULL, read_pinned },
	{ "vmsplice", 5, NULL, lend_to_pipe },
	{ "direct I/O", 8, has_disk, write_to_disk },
	{ "long pin", 5, has_ring, pin_for_long },
	{ "mprotect", 4, NULL, take_rights },
	{ "mremap", 4, NULL, move },
	{ "drop, restore", 4, NULL, drop_and_restore },
	{ "drop, direct I/O", 4, has_disk, restore_from_disk },
	{ "collapse", 2, has_file, collapse },
};

const unsigned int load_nr_ops = ARRAY_SIZE(load_ops);

/* load_host_open - What a thread needs; io_uring may be missing */
bool load_host_open(struct load_host *host)
{
	struct io_uring_params params = {};

	host->ring = (int)syscall(__NR_io_uring_setup, 1, &params);
	/* A mebibyte from a mebibyte's boundary on */
	host->aside = mmap(NULL, 2 * VM_MIB, PROT_NONE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	host->copy = mmap(NULL, ROW_SIZE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (host->aside == MAP_FAILED || host->copy == MAP_FAILED ||
	    pipe(host->pipe))
		return false;
	host->aside += -(uintptr_t)host->aside % VM_MIB;
	return true;
}

void load_host_close(struct load_host *host)
{
	close(host->ring);
	close(host->pipe[0]);
	close(host->pipe[1]);
}
