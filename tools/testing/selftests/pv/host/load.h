/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A protected guest that checks its memory, on a host that does everything to
 * this memory that a host may do.
 *
 * The guest's CPUs rewrite their pages, one generation after the other, and
 * look for the one before.  The host's threads take random pages from them
 * meanwhile, and look for anything that the guest has written.
 */
#ifndef PV_SELFTEST_LOAD_H
#define PV_SELFTEST_LOAD_H

#include <pthread.h>
#include <stdatomic.h>

#include "guest.h"

#define LOAD_MEMORY	(14 * VM_MIB)
#define LOAD_CPUS	2
#define LOAD_HOSTS	2
#define LOAD_MAX_OPS	16

/*
 * Pages of the guest: those of one CPU after those of the other, which are the
 * host's at any time, those that are used by one of the two sides at a time,
 * and one for each CPU to share.
 */
#define LOAD_CPU_PAGES	1024
#define LOAD_BUSY_PAGES	(LOAD_CPUS * LOAD_CPU_PAGES)
#define LOAD_PARKED_PAGES	512
#define LOAD_PAGES	(LOAD_BUSY_PAGES + LOAD_PARKED_PAGES)
#define LOAD_ADDR(page)	(GUEST_DATA + (uint64_t)(page) * VM_PAGE_SIZE)
#define LOAD_SHARED(cpu)	LOAD_ADDR(LOAD_PAGES + (cpu))
/* Of a row of pages that something is done to */
#define LOAD_ROW	32

struct load;

/**
 * struct load_host - a thread of the host
 * @random: state of its generator
 * @done: how often it did each of its works
 * @ring: for memory that is pinned for long, -1: there is none
 * @pipe: for memory that is lent
 * @aside: address space where pages are moved to
 * @copy: room for a row of pages
 */
struct load_host {
	struct load *load;
	pthread_t thread;
	uint64_t random;
	unsigned long done[LOAD_MAX_OPS];
	int ring;
	int pipe[2];
	uint8_t *aside, *copy;
};

/** struct load_cpu - a CPU of the guest, and how often it wrote its pages */
struct load_cpu {
	struct load *load;
	struct vm_cpu *cpu;
	pthread_t thread;
	atomic_uint generation;
};

/**
 * struct load - all of it
 * @file: what the guest's memory consists of, -1: nothing
 * @disk: a disk that is written to directly, -1: there is none
 * @parked: held by the side that uses the pages of both
 * @problem: what went wrong first
 * @views: how often the host looked at a page
 * @cycles: how often it saw another content than the time before, each of which
 *	is at least one import and one export
 * @seen: what it saw
 */
struct load {
	struct guest guest;
	int file, disk;
	atomic_bool stop;
	pthread_mutex_t parked;
	unsigned int parked_generation;
	struct load_cpu cpus[LOAD_CPUS];
	struct load_host hosts[LOAD_HOSTS];
	const char *problem;
	atomic_ulong views, cycles;
	uint64_t seen[LOAD_PAGES];
};

/**
 * struct load_op - a work of the host
 * @weight: how often it is chosen, of the sum of all of them
 * @needs: can it be done here? NULL: always
 * @work: NULL or what went wrong
 */
struct load_op {
	const char *name;
	unsigned int weight;
	bool (*needs)(const struct load_host *host);
	const char *(*work)(struct load_host *host);
};

extern const struct load_op load_ops[];
extern const unsigned int load_nr_ops;

/* load_random - less than @limit */
static inline unsigned int load_random(struct load_host *host,
				       unsigned int limit)
{
	host->random ^= host->random << 13;
	host->random ^= host->random >> 7;
	host->random ^= host->random << 17;
	return (unsigned int)(host->random >> 32) % limit;
}

/* load_is_plain - is a page one that the guest has written, for all to see? */
bool load_is_plain(const void *page);

/* load_host_open, load_host_close - what a thread needs for its works */
bool load_host_open(struct load_host *host);
void load_host_close(struct load_host *host);

/* What the whole host has: see load_setup.c */
const char *load_swap_on(void);
const char *load_swap_plain(unsigned long *pages);
const char *load_count_memory(void);
const char *load_limit_memory(size_t size);
bool load_has_large_pages(void);
int load_open_disk(void);
int load_open_file(bool large);

#endif /* PV_SELFTEST_LOAD_H */
