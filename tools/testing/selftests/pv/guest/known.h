/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Inputs of the known answers.
 */
#ifndef PV_SELFTEST_KNOWN_H
#define PV_SELFTEST_KNOWN_H

#include <string.h>

#include <openssl/crypto.h>

#include "arcb.h"

/* Private key of the customer: 01 and 64 times 88. */
static inline EVP_PKEY *customer_key(void)
{
	uint8_t scalar[65];

	memset(scalar, 0x88, sizeof(scalar));
	scalar[0] = 0x01;
	return arcb_private_key(scalar, sizeof(scalar));
}

/* A host key pair nobody uses: 64 times 21. */
static inline EVP_PKEY *synthetic_host(void)
{
	uint8_t scalar[64];

	memset(scalar, 0x21, sizeof(scalar));
	return arcb_private_key(scalar, sizeof(scalar));
}

static inline int from_hex(const char *hex, uint8_t *out, size_t len)
{
	size_t n = 0;

	return OPENSSL_hexstr2buf_ex(out, len, &n, hex, '\0') && n == len;
}

/* Public key of the host document in the test data of s390-tools. */
static inline EVP_PKEY *published_host(void)
{
	static const char *const hex[] = {
		"0176881cd84b8b6de7123c7e900edf78e7f7b684999146b1263ba8b86c8447f08ab6d469c2b128ed9e1c35015805acd3d30233d39122f7e2f8aa1c2b147b7883b406",
		"00c34556c25cf92f29ce66bd44114d6b7b3c78e13a3f90bdb90040f6876e5262f778a61a937d1b34802eb257e34e0672dd5f2a347addaa282035092a70c35c2e7973",
	};
	uint8_t x[66], y[66];

	if (!from_hex(hex[0], x, sizeof(x)) || !from_hex(hex[1], y, sizeof(y)))
		return NULL;
	return arcb_public_key(x, y, sizeof(x));
}

static inline int same_hex(const uint8_t *data, size_t len, const char *hex)
{
	uint8_t expected[64];

	return from_hex(hex, expected, len) && !memcmp(data, expected, len);
}

/* Digests of 01, 02 and 03, tag of 04. */
static inline void known_boot_tags(uint8_t *tags)
{
	memset(tags, 0x01, 64);
	memset(tags + 64, 0x02, 64);
	memset(tags + 128, 0x03, 64);
	memset(tags + 192, 0x04, 16);
}

#endif /* PV_SELFTEST_KNOWN_H */
