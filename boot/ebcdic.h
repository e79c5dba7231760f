/* SPDX-License-Identifier: MIT */
#ifndef BOOT_EBCDIC_H
#define BOOT_EBCDIC_H

#include <stdint.h>

/**
 * ebcdic_of() - an ASCII character in EBCDIC
 *
 * Only what is the same in every Latin EBCDIC page; anything else becomes a
 * question mark.
 */
uint8_t ebcdic_of(char c);

#endif /* BOOT_EBCDIC_H */
