/* SPDX-License-Identifier: MIT */
/* TAP output for the unit tests of libpv. */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <stdbool.h>
#include <stdint.h>

/** tap_start() - print the version line; once, first */
void tap_start(void);

/** tap_ok() - one result; Return: @pass, so that a diagnosis can follow */
bool tap_ok(bool pass, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** tap_skip() - a result that could not be had, and why */
void tap_skip(const char *reason, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** tap_note() - a comment line */
void tap_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** tap_bytes() - tap_ok(@got == @hex), printing both if they differ */
bool tap_bytes(const void *got, uint64_t len, const char *hex,
	       const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/** tap_sha256() - tap_bytes() over the SHA-256 of the data */
bool tap_sha256(const void *data, uint64_t len, const char *hex,
		const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/**
 * tap_seed() - seed of this run: PV_SEED, or the clock
 *
 * Printed, so that a failed run can be repeated.
 */
uint64_t tap_seed(void);

/** tap_done() - print the plan; Return: exit status of the program */
int tap_done(void);

#endif /* TESTS_TAP_H */
