// SPDX-License-Identifier: MIT
/* Bytes as text, and back. */
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "encode.h"

void put_hex(FILE *out, const void *data, size_t size)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < size; i++)
		fprintf(out, "%02x", bytes[i]);
}

void put_base64(FILE *out, const void *data, size_t size)
{
	const unsigned char *bytes = data;
	unsigned char text[5];

	for (size_t i = 0; i < size; i += 3) {
		EVP_EncodeBlock(text, bytes + i,
				size - i < 3 ? (int)(size - i) : 3);
		fwrite(text, 1, 4, out);
	}
	OPENSSL_cleanse(text, sizeof(text));
}

static unsigned int digit_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return (unsigned int)(digit - '0');
	return (unsigned int)((digit | 0x20) - 'a') + 10;
}

bool get_hex(uint8_t *out, size_t size, const char *text)
{
	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		text += 2;
	if (strlen(text) != 2 * size ||
	    strspn(text, "0123456789abcdefABCDEF") != 2 * size)
		return false;
	for (size_t i = 0; i < size; i++)
		out[i] = (uint8_t)(digit_value(text[2 * i]) << 4 |
				   digit_value(text[2 * i + 1]));
	return true;
}
