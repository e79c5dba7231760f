/* SPDX-License-Identifier: MIT */
/* Bytes as text. */
#ifndef UVCTL_ENCODE_H
#define UVCTL_ENCODE_H

#include <stddef.h>
#include <stdio.h>

/** put_hex() - two lower case hexadecimal digits for each byte */
void put_hex(FILE *out, const void *data, size_t size);

/** put_base64() - with padding, on one line */
void put_base64(FILE *out, const void *data, size_t size);

#endif /* UVCTL_ENCODE_H */
