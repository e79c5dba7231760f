// SPDX-License-Identifier: MIT
/* TAP output for the unit tests of libpv. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "tap.h"

static unsigned int count, failed;

void tap_start(void)
{
	/* A crash must not take results with it that a pipe still buffers. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("TAP version 13");
}

__attribute__((format(printf, 2, 0)))
static bool result(bool pass, const char *fmt, va_list args)
{
	count++;
	if (!pass)
		failed++;
	printf("%sok %u - ", pass ? "" : "not ", count);
	vprintf(fmt, args);
	putchar('\n');
	return pass;
}

bool tap_ok(bool pass, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	result(pass, fmt, args);
	va_end(args);
	return pass;
}

void tap_skip(const char *reason, const char *fmt, ...)
{
	va_list args;

	count++;
	printf("ok %u - ", count);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf(" # SKIP %s\n", reason);
}

void tap_note(const char *fmt, ...)
{
	va_list args;

	fputs("# ", stdout);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
}

static bool same_bytes(const void *got, uint64_t len, const char *hex)
{
	long want_len = 0;
	uint8_t *want = OPENSSL_hexstr2buf(hex, &want_len);
	bool same = want && (uint64_t)want_len == len &&
		    memcmp(got, want, len) == 0;

	OPENSSL_free(want);
	return same;
}

static void show_difference(const uint8_t *got, uint64_t len, const char *hex)
{
	fputs("# got  ", stdout);
	for (uint64_t i = 0; i < len; i++)
		printf("%02x", got[i]);
	printf("\n# want %s\n", hex);
}

bool tap_bytes(const void *got, uint64_t len, const char *hex,
	       const char *fmt, ...)
{
	bool same = same_bytes(got, len, hex);
	va_list args;

	va_start(args, fmt);
	result(same, fmt, args);
	va_end(args);
	if (!same)
		show_difference(got, len, hex);
	return same;
}

bool tap_sha256(const void *data, uint64_t len, const char *hex,
		const char *fmt, ...)
{
	uint8_t hash[32] = { 0 };
	va_list args;
	bool same;

	EVP_Digest(data, len, hash, NULL, EVP_sha256(), NULL);
	same = same_bytes(hash, sizeof(hash), hex);
	va_start(args, fmt);
	result(same, fmt, args);
	va_end(args);
	if (!same)
		show_difference(hash, sizeof(hash), hex);
	return same;
}

uint64_t tap_seed(void)
{
	const char *given = getenv("PV_SEED");
	uint64_t seed = given ? strtoull(given, NULL, 0) :
			(uint64_t)time(NULL);

	tap_note("PV_SEED=%" PRIu64, seed);
	return seed;
}

int tap_done(void)
{
	printf("1..%u\n", count);
	if (failed)
		tap_note("%u of %u failed", failed, count);
	return failed || !count ? EXIT_FAILURE : EXIT_SUCCESS;
}
