// SPDX-License-Identifier: GPL-2.0
/*
 * Lives of guests with a host that does not give up: what is refused is noted,
 * and what comes next is done all the same.  They differ in how they end.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dump_take.h"
#include "guest.h"
#include "host.h"
#include "hostile_life.h"

#define PAGE(n)		(GUEST_DATA + (n) * VM_PAGE_SIZE)
#define GUEST_CPUS		DUMP_CPUS
/* How long a CPU may take from one order to the next */
#define PATIENCE_MS	3000

/* Pages that something is done to; those behind are left alone */
enum page {
	PAGE_SHARED,
	PAGE_READ,
	PAGE_READ_BY_KERNEL,
	PAGE_READ_BY_CHILD,
	PAGE_MOVED,
	PAGE_RECLAIMED,
	NR_PAGES = 12,
	/* Their guest cannot go on with them. */
	PAGE_DROPPED = NR_PAGES,
	PAGE_LENT,
	NR_ALL_PAGES,
};

/* Sealed once: that takes longer than a life. */
static struct guest guest;
/* What a dump stores; nobody looks at it. */
static struct dump dump;
static bool refused;
/* A CPU that did not come back in time is not run again. */
static atomic_int out_of_time;
/* The host's own access to a page that nobody may see ends here. */
static sigjmp_buf no_access;
static atomic_int accessing;

static void note(bool ok)
{
	if (!ok)
		refused = true;
}

static void give_up(int signal)
{
	out_of_time = 1;
}

static void violation(int signal)
{
	refused = true;
	if (accessing)
		siglongjmp(no_access, 1);
}

static void arrange_signals(void)
{
	struct sigaction late = { .sa_handler = give_up };
	struct sigaction bad = { .sa_handler = violation };

	sigaction(SIGALRM, &late, NULL);
	sigaction(SIGSEGV, &bad, NULL);
	sigaction(SIGBUS, &bad, NULL);
}

static void set_timer(unsigned int ms)
{
	struct itimerval timer = {
		.it_value = { ms / 1000, ms % 1000 * 1000 },
		/* A signal may come just before what it is to end. */
		.it_interval = { 0, ms ? 50 * 1000 : 0 },
	};

	setitimer(ITIMER_REAL, &timer, NULL);
}

/* An order to the agent, or waiting for it to ask for one (AGENT_NR_ORDERS) */
static struct answer order(struct vm_cpu *cpu, unsigned int nr, uint64_t addr,
			   uint64_t number)
{
	struct answer answer = { .stop = STOP_ERROR };

	if (out_of_time)
		return answer;
	set_timer(PATIENCE_MS);
	answer = nr == AGENT_NR_ORDERS ? guest_await(cpu) :
					 guest_order(cpu, nr, addr, number);
	set_timer(0);
	return answer;
}

static bool agent(struct vm_cpu *cpu, unsigned int nr, uint64_t addr,
		  uint64_t number)
{
	struct answer answer = order(cpu, nr, addr, number);
	bool ok = answer.stop == STOP_ORDER;

	note(ok);
	return ok;
}

static void pv(struct vm *vm, uint32_t cmd)
{
	note(!vm_pv(vm, cmd, NULL).error);
}

/* From a plain machine to one whose agent waits for orders */
static bool begin(void)
{
	struct vm_cpu *cpu = guest.vm.cpus;
	bool ok = !guest_protect(&guest).error && !guest_start(cpu);

	note(ok);
	return ok && agent(cpu, AGENT_NR_ORDERS, 0, 0);
}

/* A look at a page, as far as there is something to be seen */
static void look(const void *page)
{
	accessing = 1;
	if (!sigsetjmp(no_access, 1))
		__atomic_load_n((const uint64_t *)page, __ATOMIC_RELAXED);
	accessing = 0;
}

/* By the kernel, for whom pages are pinned */
static void look_by_kernel(void *page)
{
	uint64_t word;
	struct iovec here = { &word, sizeof(word) };
	struct iovec there = { page, sizeof(word) };

	note(process_vm_readv(getpid(), &here, 1, &there, 1, 0) ==
	     sizeof(word));
}

/* The guest has been copied, its pages are nobody's copy. */
static void look_by_child(void *page)
{
	pid_t child = fork();
	int status = 0;

	if (!child) {
		signal(SIGSEGV, SIG_DFL);
		look(page);
		_exit(0);
	}
	note(child > 0 && waitpid(child, &status, 0) == child && !status);
}

/*
 * Somebody else has the page for a while, even when it is mapped no more.  What
 * is in it nobody reads: if the page cannot be exported then, that is the end
 * of a kernel which does not ask before, as with vmsplice().
 */
static void lend(void *page)
{
	struct iovec part = { page, VM_PAGE_SIZE };
	int ends[2];

	if (pipe(ends)) {
		refused = true;
		return;
	}
	note(vmsplice(ends[1], &part, 1, 0) == VM_PAGE_SIZE);
	madvise(page, VM_PAGE_SIZE, MADV_DONTNEED);
	close(ends[0]);
	close(ends[1]);
}

static void move(uint8_t *page)
{
	void *aside = mmap(NULL, VM_PAGE_SIZE, PROT_NONE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int flags = MREMAP_MAYMOVE | MREMAP_FIXED;

	note(mremap(page, VM_PAGE_SIZE, VM_PAGE_SIZE, flags, aside) == aside &&
	     mremap(aside, VM_PAGE_SIZE, VM_PAGE_SIZE, flags, page) == page);
}

static void *at(enum page nr)
{
	return guest.vm.memory + PAGE(nr);
}

/* A page that is shared, pinned by the host and taken back */
static void share(void)
{
	struct vm_cpu *cpu = guest.vm.cpus;

	agent(cpu, AGENT_SHARE, PAGE(PAGE_SHARED), 0);
	look(at(PAGE_SHARED));
	look_by_kernel(at(PAGE_SHARED));
	agent(cpu, AGENT_UNSHARE, PAGE(PAGE_SHARED), 0);
}

/*
 * Each way in which a host comes to a page, and the guest gets it back.
 *
 * No life has a fork and a page that goes away: then the kernel copies the page if
 * somebody has a reference to it, without asking whether it may.
 */
static void use_memory(bool forks)
{
	struct vm_cpu *cpu = guest.vm.cpus;

	agent(cpu, AGENT_FILL, PAGE(0), NR_ALL_PAGES);
	share();
	look(at(PAGE_READ));
	look_by_kernel(at(PAGE_READ_BY_KERNEL));
	if (forks) {
		look_by_child(at(PAGE_READ_BY_CHILD));
	} else {
		move(at(PAGE_MOVED));
		/* To swap space, if there is any */
		madvise(at(PAGE_RECLAIMED), VM_PAGE_SIZE, MADV_PAGEOUT);
	}
	agent(cpu, AGENT_CHECK, PAGE(0), NR_PAGES);
	madvise(at(PAGE_DROPPED), VM_PAGE_SIZE, MADV_DONTNEED);
	lend(at(PAGE_LENT));
}

/* A dump that is not completed */
static bool dump_begin(void)
{
	if (!host_dumps())
		return false;
	note(!vm_pv_dump_info(&guest.vm, &dump.info));
	note(!dump_init(&guest).error);
	note(!dump_cpu(&guest, &dump, 0).error);
	return true;
}

/*
 * A dump with all its steps, whichever of them are refused.  Memory is no step:
 * pages are exported wherever they are looked at.
 */
static void dump_all(void)
{
	if (!dump_begin())
		return;
	note(!dump_cpu(&guest, &dump, 1).error);
	note(!vm_pv_dump(&guest.vm, KVM_PV_DUMP_CONFIG_STOR_STATE, dump.states,
			 sizeof(dump.states), 0).error);
	/* The guest is not to run before that, and it can be repeated. */
	if (dump_complete(&guest, &dump).error) {
		refused = true;
		dump_complete(&guest, &dump);
	}
}

/* The guest asks for a reset, and gets all that belongs to one. */
static void reset(void)
{
	static const unsigned long kinds[] = {
		KVM_S390_NORMAL_RESET, KVM_S390_INITIAL_RESET,
		KVM_S390_CLEAR_RESET,
	};
	struct vm *vm = &guest.vm;

	note(order(vm->cpus, AGENT_DIAG308, 1, 0).stop == STOP_OTHER);
	for (unsigned int i = 0; i < vm->nr_cpus; i++)
		note(!vm_cpu_set_state(&vm->cpus[i], KVM_MP_STATE_STOPPED));
	pv(vm, KVM_PV_UNSHARE_ALL);
	pv(vm, KVM_PV_PREP_RESET);
	for (unsigned int i = 0; i < vm->nr_cpus; i++)
		for (unsigned int j = 0; j < 3; j++)
			note(!vm_cpu_reset(&vm->cpus[i], kinds[j]));
	note(!guest_start(vm->cpus));
	agent(vm->cpus, AGENT_NR_ORDERS, 0, 0);
}

/* All that a guest does; and a CPU that comes late. */
static void live(bool forks)
{
	if (!begin())
		return;
	use_memory(forks);
	dump_all();
	reset();
	note(vm_add_cpu(&guest.vm));
	agent(guest.vm.cpus, AGENT_FILL, PAGE(0), NR_PAGES);
}

/* In mid-dump, where there are dumps: the machine has to run all the same. */
static void disable(void)
{
	struct vm *vm = &guest.vm;
	bool dumps = dump_begin();

	/* Twice: what was refused may work the next time, or not. */
	if (vm_pv(vm, KVM_PV_DISABLE, NULL).error) {
		refused = true;
		if (vm_pv(vm, KVM_PV_DISABLE, NULL).error)
			return;
	}
	if (!dumps || !host_is_ours())
		return;
	note(!vm_cpu_reset(vm->cpus, KVM_S390_CLEAR_RESET));
	guest_start_plain(&guest);
	agent(vm->cpus, AGENT_NR_ORDERS, 0, 0);
}

/* What is left of a guest is cleaned while the next one runs. */
static void end_aside(void)
{
	struct vm *vm = &guest.vm;

	pv(vm, PV_CMD_ASYNC_PREPARE);
	note(!vm_cpu_reset(vm->cpus, KVM_S390_CLEAR_RESET));
	if (begin())
		agent(vm->cpus, AGENT_FILL, PAGE(0), NR_PAGES);
	pv(vm, PV_CMD_ASYNC_PERFORM);
	disable();
	guest_free(&guest);
}

/* Some memory goes first, then the machine, and the process lives on. */
static void end_closed(void)
{
	munmap(at(0), NR_PAGES / 2 * VM_PAGE_SIZE);
	guest_free(&guest);
}

/* The process ends with all that it has, a dump as well. */
static void end_exit(void)
{
	dump_begin();
}

static void (*const ends[HOSTILE_NR_LIVES])(void) = {
	end_aside, end_closed, end_exit,
};

/** hostile_prepare() - What all lives begin with; NULL or what is missing */
const char *hostile_prepare(void)
{
	uint64_t flags = host_dumps() ? IMAGE_ALLOW_DUMPING : 0;

	if (guest_new_with(&guest, GUEST_CPUS, GUEST_SIZE, flags))
		return guest.problem;
	vm_close(&guest.vm);
	return NULL;
}

/**
 * hostile_live() - One life, to its end and that of the process
 * @nr: how it ends, below HOSTILE_NR_LIVES
 */
void hostile_live(unsigned int nr)
{
	arrange_signals();
	if (vm_new(&guest.vm, GUEST_SIZE, GUEST_CPUS))
		_exit(HOSTILE_BROKEN);
	live(nr == HOSTILE_FORKS);
	ends[nr]();
	_exit(refused ? HOSTILE_REFUSED : HOSTILE_WELL);
}
