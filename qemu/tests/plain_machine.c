// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A machine without an Ultravisor: no facility, no instruction, and devices
 * that reach all of storage.
 */
#include "channel.h"
#include "facilities.h"
#include "plo.h"
#include "uvc.h"

static uint8_t identity[256];

int main(void)
{
	struct ccw sense_id __attribute__((aligned(8))) = {
		CMD_SENSE_ID, CCW_SLI, 12, (uint32_t)(uint64_t)identity
	};
	struct uvcb block;
	uint64_t cc;

	check(!facility(158), "no Ultravisor-call facility");
	check(catch_pgm(uvc, (uint64_t)uvcb_init(&block, UVC_QUI, 0x30), &cc) &&
	      pgm_code() == PGM_OPERATION, "operation exception");
	check(catch_pgm(uvc_problem, (uint64_t)&block, &cc) &&
	      pgm_code() == PGM_OPERATION, "operation exception before privilege");
	check(catch_pgm(uvc_m3, (uint64_t)&block, &cc) &&
	      pgm_code() == PGM_OPERATION, "operation exception before M3");
	check(catch_pgm(ask_plo, PLO_TEST, &cc) && pgm_code() == PGM_OPERATION,
	      "no PERFORM LOCKED OPERATION");
	check(channel_enable() && channel_run(&sense_id) == STATUS_ENDED,
	      "devices need no sharing");
	show_facilities();
	plan();
	return 0;
}
