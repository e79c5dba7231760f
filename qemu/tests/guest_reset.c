// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A machine that is a guest from reset on: what its resets do and do not.
 */
#include "boot.h"
#include "channel.h"
#include "diag308.h"
#include "uvc.h"

static unsigned int life;

static void share_device_page(void)
{
	check_equal(sense_device(), STATUS_PROGRAM_CHECK,
		    "a page that is not shared is closed to devices");
	check_equal(uvc_share(UVC_SHARE, (uint64_t)device_page), 1, "share");
	check_equal(sense_device(), STATUS_ENDED,
		    "a shared page is open to devices");
}

void loaded(void)
{
	static const char *const how[] = { "", "after subcode 1",
					   "after subcode 0" };

	check_protected(how[++life]);
	share_device_page();
	if (life == 1)
		diag308(DIAG308_CLEAR, 0);
	check(!is_clear(FAR_PAGE, FAR_PAGE + PAGE_SIZE), "storage is kept");
	round_set(1);
	plan_next();
	diag308(DIAG308_REIPL, 0);
}

int main(void)
{
	if (round_get())
		begin_life();
	check_protected("at the start");
	check(is_clear(FAR_PAGE, FAR_PAGE + PAGE_SIZE),
	      "no traces of an earlier life");
	check_equal(refused(diag308_pgm, DIAG308_PV_SET, 0x10000),
		    PGM_SPECIFICATION, "no way to start another guest");
	share_device_page();
	leave_traces();
	if (!round_get()) {
		set_load_psw();
		diag308(DIAG308_NORMAL, 0);
	}
	plan();
	return 0;
}
