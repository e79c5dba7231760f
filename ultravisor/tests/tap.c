// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tap.h"

static unsigned int run, failed;

static bool vreport(bool passed, const char *name, va_list args)
{
	run++;
	failed += !passed;
	printf("%sok %u - ", passed ? "" : "not ", run);
	vprintf(name, args);
	putchar('\n');
	return passed;
}

void tap_begin(void)
{
	/* After a crash, what was written must tell how far the run came. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("TAP version 13");
}

bool tap_ok(bool passed, const char *name, ...)
{
	va_list args;

	va_start(args, name);
	vreport(passed, name, args);
	va_end(args);
	return passed;
}

bool tap_equal(uint64_t got, uint64_t want, const char *name, ...)
{
	va_list args;

	va_start(args, name);
	vreport(got == want, name, args);
	va_end(args);
	if (got != want)
		printf("# got 0x%" PRIx64 ", want 0x%" PRIx64 "\n", got, want);
	return got == want;
}

static char *to_hex(const uint8_t *bytes, size_t len)
{
	char *text = malloc(2 * len + 1);

	if (!text)
		abort();
	text[0] = '\0';
	for (size_t i = 0; i < len; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	return text;
}

bool tap_bytes(const void *got, size_t len, const char *want, const char *name,
	       ...)
{
	char *text = to_hex(got, len);
	bool same = strcmp(text, want) == 0;
	va_list args;

	va_start(args, name);
	vreport(same, name, args);
	va_end(args);
	if (!same)
		printf("# got  %s\n# want %s\n", text, want);
	free(text);
	return same;
}

bool tap_filled(const void *got, size_t len, uint8_t want, const char *name,
		...)
{
	const uint8_t *bytes = got;
	size_t same = 0;
	va_list args;

	while (same < len && bytes[same] == want)
		same++;
	va_start(args, name);
	vreport(same == len, name, args);
	va_end(args);
	if (same < len)
		printf("# byte %zu is %02x, want %02x\n", same, bytes[same],
		       want);
	return same == len;
}

uint64_t tap_seed(void)
{
	const char *given = getenv("PV_SEED");
	uint64_t seed = (uint64_t)time(NULL);

	if (given && *given)
		seed = strtoull(given, NULL, 0);
	printf("# PV_SEED=%" PRIu64 "\n", seed);
	return seed;
}

int tap_end(void)
{
	printf("1..%u\n", run);
	return run && !failed ? EXIT_SUCCESS : EXIT_FAILURE;
}
