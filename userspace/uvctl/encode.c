// SPDX-License-Identifier: MIT
/* Bytes as text. */
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
