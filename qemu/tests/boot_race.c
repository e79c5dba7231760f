// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two CPUs that start an image at the same time.  The start fails, so that one
 * of them goes on and restarts the other; it is never more than one reset.
 */
#include "boot.h"
#include "cpus.h"
#include "diag308.h"
#include "image.h"

#define ROUNDS		100

/* Storage is loaded anew if the machine is reset as from outside. */
static unsigned int rounds;
/* Round that a CPU is ready for. */
static unsigned int ready[2];

/* Nobody comes before the other does. */
static void start_together(unsigned int self)
{
	unsigned int next = __atomic_load_n(&rounds, __ATOMIC_SEQ_CST) + 1;

	__atomic_store_n(&ready[self], next, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&ready[!self], __ATOMIC_SEQ_CST) != next)
		;
	diag308(DIAG308_PV_START, 0);
}

static void race(unsigned int self, char *start_of_other)
{
	for (;;) {
		start_together(self);
		if (__atomic_add_fetch(&rounds, 1, __ATOMIC_SEQ_CST) == ROUNDS)
			break;
		start_cpu(!self, start_of_other);
	}
	check(true, "two CPUs that start an image are one reset, each time");
	plan();
	stop();
}

void second(void)
{
	race(1, _start);
}

/* Again and again: whenever the second CPU went on. */
int main(void)
{
	if (!rounds) {
		*(uint8_t *)IMAGE_HEADER = 0;
		if (!check(!round_get(), "there was no other reset"))
			stop();
		round_set(1);
		check_equal(diag308(DIAG308_PV_SET, IMAGE_IPIB), DIAG308_OK,
			    "the block is accepted");
		start_cpu(1, second_start);
	}
	race(0, second_start);
	return 0;
}
