// SPDX-License-Identifier: GPL-2.0
/*
 * Instructions of a host's kernel for protected guests: per page, per machine,
 * per CPU.
 *
 * On a machine that counts them (QEMU with -icount shift=0: one instruction is
 * one nanosecond) the clock is the counter.  Elsewhere it is nanoseconds.
 * The smallest value is the one without interruptions, and the difference of
 * two sizes has nothing of what does not depend on the size.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "guest.h"
#include "host.h"

#define FEW_PAGES	256
#define MANY_PAGES	768
#define FEW_CPUS	2
#define MANY_CPUS	6
#define ROUNDS		7

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static void fail(const char *what, int error)
{
	fprintf(stderr, "host_bench: %s: %s\n", what, strerror(error));
	exit(1);
}

static void need(const char *what, struct pv_result result)
{
	if (!result.error)
		return;
	fprintf(stderr, "host_bench: %s: rc 0x%x rrc 0x%x\n", what, result.rc,
		result.rrc);
	fail(what, result.error);
}

static void make_guest(struct guest *guest, unsigned int cpus)
{
	if (!guest_new(guest, cpus))
		return;
	fprintf(stderr, "host_bench: %s\n", guest->problem);
	exit(1);
}

/* Mapped by this process, which is not what is to be measured */
static void map_pages(struct guest *guest, size_t pages)
{
	memset(guest->vm.memory + GUEST_DATA, 0x5e, pages * VM_PAGE_SIZE);
}

/* The guest uses pages: all of them become its own. */
static uint64_t fill(struct guest *guest, size_t pages)
{
	struct vm_cpu *cpu = guest->vm.cpus;
	uint64_t start = now();
	struct answer answer = guest_order(cpu, AGENT_FILL, GUEST_DATA, pages);
	uint64_t end = now();

	if (answer.stop != STOP_ORDER || answer.how != AGENT_DONE)
		fail("the guest's pages", answer.error);
	return end - start;
}

/* A guest that waits for orders, and has @pages in the host's page tables */
static void start_guest(struct guest *guest, size_t pages)
{
	make_guest(guest, 1);
	map_pages(guest, pages);
	need("protection", guest_protect(guest));
	if (guest_start(guest->vm.cpus) ||
	    guest_await(guest->vm.cpus).stop != STOP_ORDER)
		fail("the start of the guest", errno);
}

static void start_full_guest(struct guest *guest, size_t pages)
{
	start_guest(guest, pages);
	fill(guest, pages);
}

static uint64_t unpack(size_t pages)
{
	struct pv_result result;
	struct guest guest;
	uint64_t start, end;

	make_guest(&guest, 1);
	map_pages(&guest, pages);
	need("KVM_PV_ENABLE", vm_pv(&guest.vm, KVM_PV_ENABLE, NULL));
	need("the SE header",
	     vm_pv_parameters(&guest.vm, guest.image.header,
			      sizeof(guest.image.header)));
	start = now();
	result = vm_pv_unpack(&guest.vm, GUEST_DATA, pages * VM_PAGE_SIZE, 1);
	end = now();
	need("KVM_PV_UNPACK", result);
	guest_free(&guest);
	return end - start;
}

static uint64_t import(size_t pages)
{
	struct guest guest;
	uint64_t took;

	start_guest(&guest, pages);
	took = fill(&guest, pages);
	guest_free(&guest);
	return took;
}

static uint64_t export_by_touch(size_t pages)
{
	struct guest guest;
	uint64_t start, end;
	uint8_t *memory;

	start_full_guest(&guest, pages);
	memory = guest.vm.memory + GUEST_DATA;
	start = now();
	for (size_t i = 0; i < pages; i++)
		__atomic_load_n(memory + i * VM_PAGE_SIZE, __ATOMIC_RELAXED);
	end = now();
	guest_free(&guest);
	return end - start;
}

static uint64_t export_by_unmap(size_t pages)
{
	struct guest guest;
	uint64_t start, end;

	start_full_guest(&guest, pages);
	start = now();
	if (madvise(guest.vm.memory + GUEST_DATA, pages * VM_PAGE_SIZE,
		    MADV_DONTNEED))
		fail("madvise", errno);
	end = now();
	guest_free(&guest);
	return end - start;
}

static uint64_t destroy_by_disable(size_t pages)
{
	struct pv_result result;
	struct guest guest;
	uint64_t start, end;

	start_full_guest(&guest, pages);
	start = now();
	result = vm_pv(&guest.vm, KVM_PV_DISABLE, NULL);
	end = now();
	need("KVM_PV_DISABLE", result);
	guest_free(&guest);
	return end - start;
}

/* In system mode, which the kernel of this architecture counts exactly */
static uint64_t system_time(const struct rusage *usage)
{
	return (uint64_t)usage->ru_stime.tv_sec * 1000000000 +
	       (uint64_t)usage->ru_stime.tv_usec * 1000;
}

/* In the child: a guest that ends with its process, and what it took so far */
static void live(int report, size_t pages)
{
	struct guest guest;
	struct rusage usage;
	uint64_t took;

	start_full_guest(&guest, pages);
	/* Where a process stops running, its times are brought up to date. */
	usleep(1);
	getrusage(RUSAGE_SELF, &usage);
	took = system_time(&usage);
	if (write(report, &took, sizeof(took)) != sizeof(took))
		fail("the pipe", errno);
	_exit(0);
}

/*
 * A clock would go on while the machine has nothing to do, waiting for the end
 * of a grace period, say.
 */
static uint64_t destroy_by_exit(size_t pages)
{
	struct rusage usage;
	int report[2], status = 0;
	uint64_t lived;
	pid_t child;

	if (pipe(report))
		fail("pipe", errno);
	child = fork();
	if (!child)
		live(report[1], pages);
	close(report[1]);
	if (child < 0 || read(report[0], &lived, sizeof(lived)) !=
	    sizeof(lived) || wait4(child, &status, 0, &usage) != child)
		fail("the child", errno);
	if (status)
		fail("the child", ECHILD);
	close(report[0]);
	return system_time(&usage) - lived;
}

/* Creation and destruction of a configuration with so many CPUs */
static uint64_t enable(size_t cpus)
{
	struct pv_result result;
	struct guest guest;
	uint64_t start, end;

	make_guest(&guest, (unsigned int)cpus);
	start = now();
	result = vm_pv(&guest.vm, KVM_PV_ENABLE, NULL);
	end = now();
	need("KVM_PV_ENABLE", result);
	guest_free(&guest);
	return end - start;
}

static uint64_t disable(size_t cpus)
{
	struct pv_result result;
	struct guest guest;
	uint64_t start, end;

	make_guest(&guest, (unsigned int)cpus);
	need("KVM_PV_ENABLE", vm_pv(&guest.vm, KVM_PV_ENABLE, NULL));
	start = now();
	result = vm_pv(&guest.vm, KVM_PV_DISABLE, NULL);
	end = now();
	need("KVM_PV_DISABLE", result);
	guest_free(&guest);
	return end - start;
}

static uint64_t smallest(uint64_t (*measure)(size_t), size_t size)
{
	uint64_t best = UINT64_MAX;

	for (int i = 0; i < ROUNDS; i++) {
		uint64_t took = measure(size);

		if (took < best)
			best = took;
	}
	return best;
}

static const struct {
	const char *name;
	uint64_t (*measure)(size_t size);
} per_page[] = {
	{ "unpack", unpack },
	{ "import", import },
	{ "export-touch", export_by_touch },
	{ "export-unmap", export_by_unmap },
	{ "destroy-disable", destroy_by_disable },
	{ "destroy-exit", destroy_by_exit },
}, per_machine[] = {
	{ "create", enable },
	{ "destroy", disable },
};

/* A line for each figure: what it is of, the work, instructions */
static void show_all(void)
{
	unsigned long long few, many;

	for (size_t i = 0; i < ARRAY_SIZE(per_page); i++) {
		few = smallest(per_page[i].measure, FEW_PAGES);
		many = smallest(per_page[i].measure, MANY_PAGES);
		printf("page %s %llu\n", per_page[i].name,
		       (many - few) / (MANY_PAGES - FEW_PAGES));
	}
	for (size_t i = 0; i < ARRAY_SIZE(per_machine); i++) {
		few = smallest(per_machine[i].measure, FEW_CPUS);
		many = smallest(per_machine[i].measure, MANY_CPUS);
		many = (many - few) / (MANY_CPUS - FEW_CPUS);
		printf("cpu %s %llu\n", per_machine[i].name, many);
		printf("vm %s %llu\n", per_machine[i].name,
		       few - FEW_CPUS * many);
	}
}

int main(void)
{
	pv_host_needed();
	show_all();
	return 0;
}
