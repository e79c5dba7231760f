/* SPDX-License-Identifier: MIT */
#ifndef BOOT_TESTS_MESSAGES_H
#define BOOT_TESTS_MESSAGES_H

#include <stdbool.h>

#include "text.h"

/**
 * message_fits() - can every console show @text?
 *
 * Whole lines of at most TEXT_LINE characters, all of which EBCDIC has, and
 * nothing cut off.
 */
bool message_fits(const struct text *text);

#endif /* BOOT_TESTS_MESSAGES_H */
