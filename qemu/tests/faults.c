// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The runner's policy "cmd=qui:busy=2" reaches the library.
 */
#include "facilities.h"
#include "uvc.h"

static uint8_t block[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

int main(void)
{
	struct uvcb *b = uvcb_init(block, UVC_QUI, 0x120);

	check(facility(158), "Ultravisor-call facility");
	check(!facility(161), "no unpack facility");
	check_equal(uvc((uint64_t)b), 2, "busy");
	check_equal(uvc((uint64_t)b), 2, "busy again");
	check_equal(uvc((uint64_t)b), 0, "then executed");
	show_facilities();
	plan();
	return 0;
}
