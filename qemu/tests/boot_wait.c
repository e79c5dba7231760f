// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A protected guest with a secret page and a shared one, for who looks at it
 * from outside.
 */
#include "boot.h"
#include "uvc.h"

static char secret[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static char shared[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

int main(void)
{
	static const char secret_text[] = "a secret of the guest";
	static const char shared_text[] = "what the guest shares";

	memcpy(secret, secret_text, sizeof(secret_text));
	memcpy(shared, shared_text, sizeof(shared_text));
	uvc_share(UVC_SHARE, (uint64_t)shared);
	leave_traces();
	say("# waiting\n");
	for (;;)
		;
}
