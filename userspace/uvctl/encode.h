/* SPDX-License-Identifier: MIT */
/* Bytes as text, and back. */
#ifndef UVCTL_ENCODE_H
#define UVCTL_ENCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/** put_hex() - two lower case hexadecimal digits for each byte */
void put_hex(FILE *out, const void *data, size_t size);

/** put_base64() - with padding, on one line */
void put_base64(FILE *out, const void *data, size_t size);

/**
 * get_hex() - bytes from hexadecimal digits
 * @out: @size bytes
 * @text: two digits for each, "0x" may stand in front of them
 *
 * Return: false if @text is anything else.
 */
bool get_hex(uint8_t *out, size_t size, const char *text);

#endif /* UVCTL_ENCODE_H */
