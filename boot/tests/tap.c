// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tap.h"

static unsigned int run, failed;

void tap_begin(void)
{
	/* After a crash, what was written must tell how far the run came. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("TAP version 13");
}

bool tap_ok(bool passed, const char *name, ...)
{
	va_list args;

	printf("%sok %u - ", passed ? "" : "not ", ++run);
	failed += !passed;
	va_start(args, name);
	vprintf(name, args);
	va_end(args);
	putchar('\n');
	return passed;
}

bool tap_equal(uint64_t got, uint64_t want, const char *name)
{
	if (!tap_ok(got == want, "%s", name))
		printf("# got 0x%" PRIx64 ", want 0x%" PRIx64 "\n", got, want);
	return got == want;
}

bool tap_has(const char *text, const char *part, const char *name)
{
	bool has = strstr(text, part);

	if (!tap_ok(has, "%s", name))
		printf("# no '%s' in '%s'\n", part, text);
	return has;
}

int tap_end(void)
{
	printf("1..%u\n", run);
	return failed ? 1 : 0;
}
