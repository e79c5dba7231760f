// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * SIE: what ends a guest's stay that does not come from the guest, and clocks.
 * A guest in a loop must get out, or the runner's patience ends.
 */
#include "cpus.h"
#include "sie.h"

#define CR0_CLOCK_COMPARATOR	0x800UL
#define CR0_CPU_TIMER		0x400UL
#define TOD_MS			(4096000UL)

static uint64_t clock_now(void)
{
	uint64_t tod;

	asm volatile("stck %0" : "=Q" (tod) : : "cc", "memory");
	return tod;
}

static bool stopped_at_diag(int code)
{
	return code == ICPT_INST && block.ipa == 0x8301;
}

static void test_requests(void)
{
	guest_program(guest_diag);
	block.cpuflags = STOP_INT;
	check(guest_run() == ICPT_STOP && block.addr == GUEST_CODE,
	      "asked to stop");
	guest_program(guest_diag);
	block.cpuflags = IO_INT | EXT_INT;
	check(stopped_at_diag(guest_run()),
	      "requests to a guest that is disabled");
	guest_program(guest_diag);
	block.cpuflags = IO_INT;
	block.mask |= MASK_IO;
	check_equal(guest_run(), ICPT_IOREQ, "I/O request, enabled");
	guest_program(guest_diag);
	block.cpuflags = EXT_INT;
	block.mask |= MASK_EXT;
	check_equal(guest_run(), ICPT_EXTREQ, "external request, enabled");
	guest_program(guest_enable);
	block.cpuflags = IO_INT;
	check(guest_run() == ICPT_IOREQ && block.addr == GUEST_CODE + 4,
	      "the guest enables itself");
	show("code", block.icptcode);
	show("address", block.addr);
	guest_program(guest_diag);
	block.mask |= MASK_WAIT | MASK_IO;
	check_equal(guest_run(), ICPT_WAIT, "wait");
}

static void test_clock(void)
{
	uint64_t before, after, *data;

	guest_program(guest_clock);
	block.epoch = 0x1000000000000000;
	before = clock_now();
	check(stopped_at_diag(guest_run()), "guest reads its clock");
	after = clock_now();
	data = (uint64_t *)*guest_entry(GUEST_DATA);
	check(data[0] - block.epoch >= before && data[0] - block.epoch <= after &&
	      data[1] - block.epoch >= before && data[1] - block.epoch <= after,
	      "the host's and its epoch");
	show("found", data[0]);
	show("host", before);
}

static void test_timer(void)
{
	uint64_t *data, host_timer, after;

	guest_program(guest_timer);
	data = (uint64_t *)*guest_entry(GUEST_DATA);
	block.cputm = 5000 * TOD_MS;
	block.ckc = 0x1234567800000000;
	data[1] = 9000 * TOD_MS;
	data[3] = 0x8765432100000000;
	asm volatile("stpt %0" : "=Q" (host_timer) : : "memory");
	check(stopped_at_diag(guest_run()), "guest reads its timers");
	asm volatile("stpt %0" : "=Q" (after) : : "memory");
	check(data[0] <= 5000 * TOD_MS && data[0] > 3000 * TOD_MS,
	      "CPU timer of the guest");
	check(data[4] <= 9000 * TOD_MS && data[4] > 7000 * TOD_MS,
	      "it is set");
	check(block.cputm <= data[4] && block.cputm > 6000 * TOD_MS,
	      "and goes on from there the next time");
	check(data[2] == 0x1234567800000000 && block.ckc == data[3],
	      "clock comparator of the guest");
	check(host_timer - after < 2000 * TOD_MS, "the host's are its own");
}

/* The guest would be interrupted: its host has to see to it. */
static void test_expired(void)
{
	guest_program(guest_loop);
	block.mask |= MASK_EXT;
	block.cr[0] = CR0_CLOCK_COMPARATOR;
	block.ckc = clock_now() + 5 * TOD_MS;
	check_equal(guest_run(), ICPT_NONE, "clock comparator ends a loop");
	check(clock_now() > block.ckc, "and not too early");
	guest_program(guest_loop);
	block.mask |= MASK_EXT;
	block.cr[0] = CR0_CPU_TIMER;
	block.cputm = 5 * TOD_MS;
	check_equal(guest_run(), ICPT_NONE, "CPU timer ends a loop");
	check((int64_t)block.cputm < 0, "and it is negative");
}

/* External interruptions of the host come back through catch_pgm(). */
static void test_host_interruption(void)
{
	uint64_t cr0, enabled, soon;
	uint8_t mask;
	int code;

	asm volatile("mvc 0x1b0(16,%0),0x1d0(%0)" : : "a" (0UL) : "memory");
	asm volatile("stctg 0,0,%0" : "=Q" (cr0));
	enabled = cr0 | CR0_CLOCK_COMPARATOR;
	guest_program(guest_loop);
	soon = clock_now() + 5 * TOD_MS;
	asm volatile("sckc %0" : : "Q" (soon));
	asm volatile("lctlg 0,0,%0" : : "Q" (enabled));
	asm volatile("stosm %0,1" : "=Q" (mask) : : "memory");
	code = guest_run();
	asm volatile("lctlg 0,0,%0" : : "Q" (cr0));
	check(code == -1 && lowcore(0x138) == (uint64_t)sie_insn &&
	      block.icptcode == ICPT_NONE && block.addr == GUEST_CODE,
	      "the host's clock comparator ends a loop");
	show("old PSW", lowcore(0x138));
	show("interception", block.icptcode);
}

/* Pending for the host, which is disabled; the guest becomes enabled. */
static void test_masked(void)
{
	uint64_t cr0, enabled, past = 0, never = ~0UL;
	uint64_t *new_psw;

	guest_program(guest_svc);
	new_psw = (uint64_t *)(*guest_entry(0) + 0x1c0);
	new_psw[0] = MASK_64 | MASK_EXT;
	new_psw[1] = GUEST_CODE + 2;
	block.cr[0] = CR0_CLOCK_COMPARATOR;
	asm volatile("stctg 0,0,%0" : "=Q" (cr0));
	enabled = cr0 | CR0_CLOCK_COMPARATOR;
	asm volatile("lctlg 0,0,%0" : : "Q" (enabled));
	asm volatile("sckc %0" : : "Q" (past));
	check(stopped_at_diag(guest_run()),
	      "what is pending for the host is not the guest's");
	show("code", block.icptcode);
	asm volatile("sckc %0" : : "Q" (never));
	asm volatile("lctlg 0,0,%0" : : "Q" (cr0));
}

/* What the second CPU does while the first one is in SIE. */
static void (*second_task)(void);

static void ask_to_stop(void)
{
	__atomic_or_fetch(&block.cpuflags, STOP_INT, __ATOMIC_SEQ_CST);
}

static void exchange_page(void)
{
	*guest_entry(GUEST_DATA) = PAGE_INVALID;
	asm volatile("ipte %0,%1"
		     : : "a" (guest_page_table()), "a" (GUEST_DATA | 1 << 20)
		     : "memory");
	*guest_entry(GUEST_DATA) = *guest_entry(GUEST_DATA + PAGE_SIZE);
}

void second(void)
{
	void (*task)(void);
	uint64_t until;

	for (;;) {
		do {
			task = __atomic_load_n(&second_task, __ATOMIC_SEQ_CST);
		} while (!task);
		until = clock_now() + 20 * TOD_MS;
		while (clock_now() < until)
			;
		task();
		__atomic_store_n(&second_task, NULL, __ATOMIC_SEQ_CST);
	}
}

static int run_beside(void (*task)(void))
{
	int code;

	__atomic_store_n(&second_task, task, __ATOMIC_SEQ_CST);
	code = guest_run();
	while (__atomic_load_n(&second_task, __ATOMIC_SEQ_CST))
		;
	return code;
}

static void test_other_cpu(void)
{
	uint64_t status = 0;
	int code;

	if (!start_second())
		return;
	guest_program(guest_loop);
	check_equal(run_beside(ask_to_stop), ICPT_STOP,
		    "another CPU asks to stop");

	/* The page may be found missing in between. */
	guest_program(guest_await);
	*(uint64_t *)*guest_entry(GUEST_DATA + PAGE_SIZE) = 1;
	code = run_beside(exchange_page);
	if (code == -1)
		code = guest_run();
	check(stopped_at_diag(code), "another CPU exchanges a page");
	show("code", code);
	signal_second(SIGP_STOP, &status);
}

int main(void)
{
	test_requests();
	test_clock();
	test_timer();
	test_expired();
	test_host_interruption();
	test_masked();
	test_other_cpu();
	plan();
	return 0;
}
