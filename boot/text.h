/* SPDX-License-Identifier: MIT */
/* Messages are put together in a buffer; what does not fit is left out. */
#ifndef BOOT_TEXT_H
#define BOOT_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* Some lines of at most TEXT_LINE characters, each ended by a newline. */
#define TEXT_SIZE	1024
#define TEXT_LINE	80

/**
 * struct text - a message in the making
 * @len: characters so far
 * @buf: always ends with a NUL
 */
struct text {
	size_t len;
	char buf[TEXT_SIZE];
};

/** text_begin() - make @text empty */
void text_begin(struct text *text);

/** text_add() - append a string */
void text_add(struct text *text, const char *string);

/** text_hex() - append 0x and @digits hexadecimal digits of @value */
void text_hex(struct text *text, uint64_t value, unsigned int digits);

/** text_fault() - append a line about a program interruption */
void text_fault(struct text *text, uint64_t code, uint64_t addr);

/** text_stop() - append the last line of all: the machine stops at @code */
void text_stop(struct text *text, uint64_t code);

#endif /* BOOT_TEXT_H */
