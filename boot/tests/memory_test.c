// SPDX-License-Identifier: MIT
/* The string functions against those of this computer. */
#include <stdlib.h>
#include <string.h>

#include "boot_memory.h"
#include "tap.h"

#define SIZE	96

static void fill(uint8_t *buf)
{
	for (size_t i = 0; i < SIZE; i++)
		buf[i] = (uint8_t)(i * 7 + 1);
}

static bool moves_alike(size_t to, size_t from, size_t len)
{
	uint8_t ours[SIZE] __attribute__((aligned(8)));
	uint8_t theirs[SIZE];

	fill(ours);
	fill(theirs);
	boot_memmove(ours + to, ours + from, len);
	memmove(theirs + to, theirs + from, len);
	return !memcmp(ours, theirs, SIZE);
}

static void test_memmove(void)
{
	bool up = true, down = true, apart = true, *which;

	for (size_t to = 0; to < 40; to++)
		for (size_t from = 0; from < 40; from++)
			for (size_t len = 0; len <= SIZE - 40; len++) {
				which = to + len <= from || from + len <= to ?
					&apart : to <= from ? &up : &down;
				*which &= moves_alike(to, from, len);
			}
	tap_ok(apart, "memmove: apart");
	tap_ok(up, "memmove: to a lower address, overlapping");
	tap_ok(down, "memmove: to a higher address, overlapping");
}

static void test_others(void)
{
	uint8_t ours[SIZE], theirs[SIZE];

	fill(theirs);
	boot_memcpy(ours, theirs, SIZE);
	tap_ok(!memcmp(ours, theirs, SIZE), "memcpy");
	boot_memset(ours + 3, 0x1a5, 50);
	memset(theirs + 3, 0xa5, 50);
	tap_ok(!memcmp(ours, theirs, SIZE), "memset");
	tap_ok(boot_memcmp("abc", "abd", 3) < 0 &&
	       boot_memcmp("ab\xff", "abd", 3) > 0 &&
	       !boot_memcmp("abc", "abd", 2), "memcmp");
}

int main(void)
{
	tap_begin();
	test_memmove();
	test_others();
	return tap_end();
}
