// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two CPUs at a time: one makes Ultravisor calls, the other one writes to the
 * reserved part of the same block and makes calls of its own.
 */
#include "uvc.h"

#define CALLS		100000
#define ROUNDS		10		/* of the other CPU, at least */
#define STORES		0x4000		/* in a round */
#define LOWCORE_RESTART	0x1a0UL		/* restart new PSW */

#define SIGP_SENSE	1
#define SIGP_STOP	5
#define SIGP_RESTART	6
#define SIGP_STOPPED	0x40		/* in the status of sense */

static struct uvcb block;
static uint8_t pages[2][PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

/* What the second CPU tells the first one, and one order for it. */
static uint64_t rounds, lost, failed, finished;
static uint64_t finish;

static uint64_t get(const uint64_t *from)
{
	return __atomic_load_n(from, __ATOMIC_RELAXED);
}

static void put(uint64_t *to, uint64_t value)
{
	__atomic_store_n(to, value, __ATOMIC_RELAXED);
}

/* Only this CPU writes the word: any other value was put there by a call. */
static void store_often(uint64_t *value)
{
	uint64_t *word = &block.reserved28;
	int i;

	for (i = 0; i < STORES; i++) {
		lost += get(word) != *value;
		put(word, ++*value);
	}
}

/* Calls are rare: who waits for the other CPU's call does not store. */
void second(void)
{
	uint64_t value = 0, n;

	for (n = 1; !get(&finish); n++) {
		store_often(&value);
		failed += uvc_share(n % 2 ? UVC_SHARE : UVC_UNSHARE,
				    (uint64_t)pages[1]) != 1;
		put(&rounds, n);
	}
	put(&finished, 1);
}

/* SIGP to the second CPU. Return: condition code */
static unsigned int signal_second(unsigned int order, uint64_t *status)
{
	uint64_t cc;

	asm volatile("	sigp	%1,%2,0(%3)\n"
		     "	ipm	%0\n"
		     : "=d" (cc), "+d" (*status)
		     : "d" (1UL), "a" ((uint64_t)order) : "cc", "memory");
	return (cc & 0xffffffff) >> 28;
}

static bool start_second(void)
{
	uint64_t psw[2] = { 0x0000000180000000, (uint64_t)second_start };
	uint64_t status = 0;

	asm volatile("mvc 0(16,%0),%1"
		     : : "a" (LOWCORE_RESTART), "Q" (psw) : "memory");
	return signal_second(SIGP_RESTART, &status) == 0;
}

/* The machine powers off only when no CPU runs any more. */
static void stop_second(void)
{
	uint64_t status = 0;

	put(&finish, 1);
	while (!get(&finished))
		;
	while (signal_second(SIGP_STOP, &status) == 2)
		;
	do {
		status = 0;
		signal_second(SIGP_SENSE, &status);
	} while (!(status & SIGP_STOPPED));
}

static uint64_t call(unsigned int count)
{
	unsigned int i;
	uint64_t bad = 0;

	block.len = sizeof(block);
	block.paddr = (uint64_t)pages[0];
	for (i = 0; i < count; i++) {
		block.cmd = i % 2 ? UVC_UNSHARE : UVC_SHARE;
		bad += uvc((uint64_t)&block) != 0 || block.rc != 1;
	}
	return bad;
}

static void test_two(void)
{
	unsigned int calls;
	uint64_t bad = 0;

	for (calls = 0; calls < CALLS || get(&rounds) < ROUNDS; calls += 100)
		bad += call(100);
	stop_second();
	check_equal(bad, 0, "calls while the other CPU makes some, too");
	check_equal(failed, 0, "calls of the other CPU");
	check_equal(lost, 0,
		    "what another CPU stores into the block is not undone");
}

int main(void)
{
	check_equal(call(2), 0, "calls of one CPU");
	if (check(start_second(), "there is a second CPU"))
		test_two();
	plan();
	return 0;
}
