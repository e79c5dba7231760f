// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two CPUs of a host: what one gives away the other one has lost at once, and
 * calls of both at a time.
 */
#include "cpus.h"
#include "dat.h"
#include "host.h"

#define GUEST_PAGE	(2UL << 20)		/* at the same address here */
#define ROUNDS		20
#define MAX_ALIASES	12

/* Where the second CPU has its prefix area, and what it keeps there. */
#define SECOND_PREFIX	(60UL << 20)
#define FAULTS		0x1208

static struct space guest, own;
/* Addresses by which the second CPU stores into the page, 0: its real one. */
static uint64_t aliases;
static uint64_t started, stores, finish, finished, own_bad;

static uint64_t get(const uint64_t *from)
{
	return __atomic_load_n(from, __ATOMIC_SEQ_CST);
}

static void put(uint64_t *to, uint64_t value)
{
	__atomic_store_n(to, value, __ATOMIC_SEQ_CST);
}

/* Its program interruptions do not meet those of the first CPU, see start.S. */
static void own_lowcore(void)
{
	uint64_t psw[2] = { 0x0000000180000000, (uint64_t)second_pgm };
	uint32_t prefix = SECOND_PREFIX;

	memset((void *)(uint64_t)prefix, 0, 0x2000);
	memcpy((void *)(uint64_t)(prefix + 0x1d0), psw, sizeof(psw));
	asm volatile("spx %0" : : "Q" (prefix) : "memory");
}

static void store_somehow(uint64_t n)
{
	uint64_t count = get(&aliases);

	if (!count) {
		store(GUEST_PAGE);
		return;
	}
	dat_on(0);
	store(ALIAS + n % count * PAGE_SIZE);
	dat_off();
}

/* A page is stored into for as long as that is possible, and then again. */
static void store_often(void)
{
	uint64_t n, cr1 = asce(&own);

	own_lowcore();
	asm volatile("lctlg 1,1,%0" : : "Q" (cr1) : "memory");
	put(&started, 1);
	for (n = 1; !get(&finish); n++) {
		store_somehow(n);
		put(&stores, n);
		if (n % 4096 == 0)
			own_bad += uvc_share(UVC_SHARE, GUEST_PAGE) != 2;
	}
}

/* Twice: before init it only has to be there. */
void second(void)
{
	if (get(&started)) {
		store_often();
	} else {
		put(&started, 1);
		while (!get(&finish))
			;
	}
	put(&finished, 1);
}

static uint64_t faults(void)
{
	return get((uint64_t *)(SECOND_PREFIX + FAULTS));
}

/* Wait until the other CPU makes progress. */
static void await_store(void)
{
	uint64_t before = get(&stores);

	while (get(&stores) < before + 2)
		;
}

/* A store that was done already may be counted afterwards, but no other one. */
static bool has_stopped(void)
{
	uint64_t before = get(&stores), seen = faults();

	while (faults() < seen + 2 && get(&stores) <= before + 1)
		;
	return get(&stores) <= before + 1;
}

/* A new configuration each time: the other CPU changes what is exported. */
static void test_rounds(uint64_t count)
{
	uint64_t late = 0, bad = 0, handle;
	int i;

	put(&aliases, count);
	for (i = 0; i < ROUNDS; i++) {
		await_store();
		bad += host_create(&guest, VARIABLE, &handle) != 1;
		bad += host_import(handle, GUEST_PAGE) != 1;
		late += !has_stopped();
		bad += host_page(UVC_EXPORT, GUEST_PAGE) != 1;
		bad += host_destroy(handle) != 1;
	}
	check_equal(bad, 0, "calls of one CPU");
	check_equal(late, 0, "the other CPU loses a page at once");
	show("addresses of it", count);
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
	put(&finish, 0);
	put(&finished, 0);
}

static void make_own(void)
{
	unsigned int i;

	make_space(&own);
	for (i = 0; i < MAX_ALIASES; i++)
		map(&own, ALIAS + i * PAGE_SIZE, GUEST_PAGE);
}

int main(void)
{
	static const uint64_t counts[] = { 0, 1, 3, MAX_ALIASES, 2 };
	unsigned int i;

	make_space(&guest);
	make_own();
	if (!check(start_second(), "there is a second CPU"))
		stop();
	while (!get(&started))
		;
	check_equal(host_init(), 0x102, "init while the other CPU runs");
	stop_second();
	check_equal(host_init(), 1, "init while it is stopped");
	start_second();
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		test_rounds(counts[i]);
	stop_second();
	check_equal(own_bad, 0, "calls of the other CPU");
	plan();
	return 0;
}
