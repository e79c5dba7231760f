/* SPDX-License-Identifier: MIT */
/* Test results in the Test Anything Protocol. */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** tap_begin() - first line; call it once, before anything else */
void tap_begin(void);

/** tap_ok() - one result; returns @passed */
bool tap_ok(bool passed, const char *name, ...)
	__attribute__((format(printf, 2, 3)));

/** tap_equal() - two numbers that must be equal; shows them if they are not */
bool tap_equal(uint64_t got, uint64_t want, const char *name, ...)
	__attribute__((format(printf, 3, 4)));

/** tap_bytes() - bytes that must be those written in hexadecimal in @want */
bool tap_bytes(const void *got, size_t len, const char *want, const char *name,
	       ...) __attribute__((format(printf, 4, 5)));

/** tap_filled() - bytes that must all be @want */
bool tap_filled(const void *got, size_t len, uint8_t want, const char *name,
		...) __attribute__((format(printf, 4, 5)));

/** tap_seed() - PV_SEED of the environment, or the clock; prints it */
uint64_t tap_seed(void);

/** tap_end() - the plan; returns the exit status */
int tap_end(void);

#endif /* TESTS_TAP_H */
