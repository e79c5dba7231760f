// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two CPUs at a time: one makes Ultravisor calls, the other one writes to the
 * reserved part of the same block and makes calls of its own.
 */
#include "cpus.h"
#include "uvc.h"

#define CALLS		100000
#define ROUNDS		10		/* of the other CPU, at least */
#define STORES		0x4000		/* in a round */

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

/* The machine powers off only when no CPU runs any more. */
static void stop_second(void)
{
	uint64_t status = 0;

	put(&finish, 1);
	while (!get(&finished))
		;
	while (signal_second(SIGP_STOP, &status) == 2)
		;
	while (!second_is_stopped())
		;
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
