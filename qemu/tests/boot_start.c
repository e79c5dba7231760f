// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Start the image, and see what is left when its guest has ended.
 */
#include "boot.h"
#include "channel.h"
#include "cpus.h"
#include "diag308.h"
#include "image.h"
#include "uvc.h"

static const char marker[] = IMAGE_MARKER;

static bool marker_at(const char *text)
{
	unsigned int i;

	for (i = 0; i < sizeof(marker); i++)
		if (text[i] != marker[i])
			return false;
	return true;
}

/*
 * An image in the clear: its UV CALL is executed, and so translated, before the
 * machine is a guest.
 */
static void try_plain(void)
{
	const uint64_t offset = (uint64_t)probe - (uint64_t)_start;
	struct uvcb block;
	uint64_t ret;

	if (*(uint64_t *)(IMAGE_PROGRAM + 8) != *(uint64_t *)probe_mark) {
		check(!marker_at((void *)IMAGE_TEXT), "the image is encrypted");
		return;
	}
	check(marker_at((void *)IMAGE_TEXT), "the image is not encrypted");
	uvcb_init(&block, UVC_QUI, sizeof(block));
	check(catch_pgm((void *)(IMAGE_PROGRAM + offset), (uint64_t)&block,
			&ret) && pgm_code() == PGM_OPERATION,
	      "no Ultravisor call where the guest will have one");
}

void second(void)
{
	for (;;)
		;
}

static void start(void)
{
	static uint8_t block[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

	memcpy(block, (void *)IMAGE_IPIB, PAGE_SIZE);
	check_equal(diag308(DIAG308_PV_SET, (uint64_t)block), DIAG308_OK,
		    "the block is accepted");
	memset(block, 0xff, PAGE_SIZE);
	leave_traces();
	start_second();
	plan_next();
	show("not started", diag308(DIAG308_PV_START, 0));
	check(false, "the guest starts");
}

int main(void)
{
	static uint8_t block[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

	say("# started\n");
	if (round_get())
		begin_life();
	check(is_clear(FAR_PAGE, FAR_PAGE + PAGE_SIZE),
	      "no traces of an earlier life");
	check_ordinary("at the start");
	check_equal(diag308(DIAG308_PV_STORE, (uint64_t)block),
		    DIAG308_NO_BLOCK, "no block at the start");
	check_equal(sense_device(), STATUS_ENDED, "devices need no sharing");
	try_plain();
	if (!round_get())
		start();
	plan();
	return 0;
}
