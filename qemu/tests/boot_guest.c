// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A protected guest: how it finds itself, what its resets do and do not, and
 * how it ends.
 */
#include "boot.h"
#include "channel.h"
#include "cpus.h"
#include "diag308.h"
#include "image.h"
#include "uvc.h"

/* Survives subcodes 0 and 1, not a re-IPL. */
static unsigned int life;

static bool registers_are_clear(void)
{
	uint64_t bits = 0;
	unsigned int i;

	for (i = 0; i < 16; i++)
		bits |= start_register(i);
	return !bits;
}

static void test_storage(void)
{
	static const char marker[] = IMAGE_MARKER;
	const char *text = (void *)IMAGE_TEXT;
	unsigned int i = 0;

	while (i < sizeof(marker) && text[i] == marker[i])
		i++;
	check_equal(i, sizeof(marker), "the second component is there");
	check(is_clear(IMAGE_TEXT + 256, STORAGE), "storage behind it is clear");
	check(is_clear(0x2000, IMAGE_PROGRAM),
	      "storage in front of the program is clear");
	check(is_clear((uint64_t)program_end + PAGE_SIZE, IMAGE_TEXT),
	      "storage behind the program is clear");
}

static void test_diagnose(void)
{
	static const struct {
		uint64_t subcode;
		const char *name;
	} cases[] = {
		{ 4, "no subcode 4 in a guest" },
		{ 7, "no subcode 7 in a guest" },
		{ DIAG308_PV_SET, "no subcode 8 in a guest" },
		{ DIAG308_PV_STORE, "no subcode 9 in a guest" },
		{ DIAG308_PV_START, "no subcode 10 in a guest" },
	};
	unsigned int i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_equal(refused(diag308_pgm, cases[i].subcode, 0x10000),
			    PGM_SPECIFICATION, cases[i].name);
}

static void share_device_page(void)
{
	check_equal(sense_device(), STATUS_PROGRAM_CHECK,
		    "a page that is not shared is closed to devices");
	check_equal(uvc_share(UVC_SHARE, (uint64_t)device_page), 1, "share");
	check_equal(sense_device(), STATUS_ENDED,
		    "a shared page is open to devices");
}

/* After either subcode, first 1 and then 0. */
void loaded(void)
{
	static const char *const how[] = { "", "after subcode 1",
					   "after subcode 0" };

	check_protected(how[++life]);
	check_equal(registers_are_clear(), life == 2,
		    "registers are cleared by subcode 0 and not by 1");
	check(second_is_stopped(), "the second CPU, if there is one, is stopped");
	share_device_page();
	if (life == 1)
		diag308(DIAG308_CLEAR, 0);
	leave_traces();
	round_set(1);
	plan_next();
	diag308(DIAG308_REIPL, 0);
}

int main(void)
{
	begin_life();
	check(registers_are_clear(), "registers are clear");
	test_storage();
	check_protected("at the start");
	check_equal(probe((uint64_t)uvcb_init((void *)device_page, UVC_QUI,
					      sizeof(struct uvcb))), 1,
		    "an Ultravisor call that was none before");
	check(second_is_stopped(), "the second CPU, if there is one, is stopped");
	test_diagnose();
	share_device_page();
	set_load_psw();
	diag308(DIAG308_NORMAL, 0);
	return 0;
}
