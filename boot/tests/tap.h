/* SPDX-License-Identifier: MIT */
/* Test results in the Test Anything Protocol. */
#ifndef BOOT_TESTS_TAP_H
#define BOOT_TESTS_TAP_H

#include <stdbool.h>
#include <stdint.h>

/** tap_begin() - first line; call it once, before anything else */
void tap_begin(void);

/** tap_ok() - one result; returns @passed */
bool tap_ok(bool passed, const char *name, ...)
	__attribute__((format(printf, 2, 3)));

/** tap_equal() - two numbers that must be equal; shows them if they are not */
bool tap_equal(uint64_t got, uint64_t want, const char *name);

/** tap_has() - a string that must contain another; shows it if not */
bool tap_has(const char *text, const char *part, const char *name);

/** tap_end() - the plan; returns the exit status */
int tap_end(void);

#endif /* BOOT_TESTS_TAP_H */
