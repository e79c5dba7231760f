// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A start that fails, and a machine that waits to be reset.
 */
#include "boot.h"
#include "diag308.h"
#include "image.h"

int main(void)
{
	uint8_t *head = (void *)IMAGE_HEADER;

	say("# started\n");
	head[0] = 0;
	check_equal(diag308(DIAG308_PV_SET, IMAGE_IPIB), DIAG308_OK,
		    "the block is accepted");
	check(diag308(DIAG308_PV_START, 0) != NO_CODE, "the start fails");
	plan();
	say("# waiting\n");
	for (;;)
		;
}
