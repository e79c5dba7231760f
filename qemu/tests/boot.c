// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What programs before, in and after a protected guest look at.
 */
#include "boot.h"
#include "channel.h"
#include "facilities.h"
#include "uvc.h"

#define GUEST_CALLS	0x00c0000000000000UL	/* share, unshare */

uint8_t device_page[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

bool is_clear(uint64_t from, uint64_t to)
{
	uint64_t bits = 0, at;

	for (at = from; at < to; at += 8)
		bits |= *(uint64_t *)at;
	return !bits;
}

void leave_traces(void)
{
	memset((void *)FAR_PAGE, 0xa5, PAGE_SIZE);
}

uint16_t sense_device(void)
{
	struct ccw *ccw = (void *)device_page;

	*ccw = (struct ccw){ CMD_SENSE_ID, CCW_SLI, 12,
			     (uint32_t)(uint64_t)device_page + 512 };
	return channel_enable() ? channel_run(ccw) : 0;
}

static void check_when(bool passed, const char *what, const char *when)
{
	char name[96];
	unsigned int n = 0;

	while (*what)
		name[n++] = *what++;
	name[n++] = ',';
	name[n++] = ' ';
	while (*when)
		name[n++] = *when++;
	name[n] = 0;
	check(passed, name);
}

void check_ordinary(const char *when)
{
	struct uvcb block;
	uint64_t b = (uint64_t)uvcb_init(&block, UVC_QUI, sizeof(block));
	uint64_t cc;

	check_when(facility(161) && !facility(158),
		   "unpack facility and not the other one", when);
	check_when(catch_pgm(uvc, b, &cc) && pgm_code() == PGM_OPERATION,
		   "no Ultravisor call", when);
	check_when(catch_pgm(uvc_problem, b, &cc) &&
		   pgm_code() == PGM_OPERATION,
		   "no Ultravisor call in the problem state", when);
	check_when(catch_pgm(uvc_m3, b, &cc) && pgm_code() == PGM_OPERATION,
		   "no Ultravisor call with M3", when);
}

void check_protected(const char *when)
{
	uint8_t space[0x120] __attribute__((aligned(8)));
	struct uvcb *b = uvcb_init(space, UVC_QUI, sizeof(space));
	uint64_t cc = 0;
	int caught = catch_pgm(uvc, (uint64_t)b, &cc);

	check_when(facility(158) && !facility(161),
		   "Ultravisor-call facility and not the other one", when);
	check_when(!caught && !cc && b->rc == 1 &&
		   (*(uint64_t *)(space + 0x10) & GUEST_CALLS) == GUEST_CALLS,
		   "Ultravisor calls of a guest", when);
}
