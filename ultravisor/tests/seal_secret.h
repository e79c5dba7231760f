/* SPDX-License-Identifier: MIT */
/* Add-secret requests, made for tests; see seal.h. */
#ifndef TESTS_SEAL_SECRET_H
#define TESTS_SEAL_SECRET_H

#include "seal.h"

#define SEAL_MAX_SECRET		8208
#define SEAL_MAX_ASRCB		32768

/**
 * struct seal_secret - an add-secret request; known-answer values from
 *	seal_secret_init()
 * @magic: of software, with the kind of user data
 * @tags: boot tags
 * @uid: of the instance it is for, zero for any
 * @type: of the secret, 1 for none
 * @secret: @size bytes of it
 * @header_size: of the secret header, 0 for what fits @type
 * @slots_off: makes the number of slots wrong
 * @total_off: makes the size of the request wrong
 * @size_off: makes the size of the secret wrong
 */
struct seal_secret {
	uint8_t magic[8];
	uint32_t version;
	uint8_t iv[12];
	uint64_t flags;
	uint8_t tags[208];
	uint8_t uid[16];
	uint8_t user_data[512];
	EVP_PKEY *customer;
	EVP_PKEY *hosts[SEAL_MAX_SLOTS];
	size_t nks;
	uint8_t key[32];
	uint16_t type;
	uint8_t id[32];
	uint8_t secret[SEAL_MAX_SECRET];
	size_t size;
	uint8_t extension[32];
	size_t header_size;
	int slots_off;
	int total_off;
	int size_off;
};

/** seal_secret_init() - a null secret, one slot for @host */
void seal_secret_init(struct seal_secret *secret, EVP_PKEY *customer,
		      EVP_PKEY *host);

/** seal_secret_fill() - a secret of @size times @byte, called @name */
void seal_secret_fill(struct seal_secret *secret, uint16_t type,
		      const char *name, uint8_t byte, size_t size);

/** seal_secret_text() - a plaintext secret: length, payload, padding */
void seal_secret_text(struct seal_secret *secret, const char *name,
		      const void *payload, size_t size);

/** seal_secret() - returns the size */
size_t seal_secret(const struct seal_secret *secret,
		   uint8_t out[SEAL_MAX_ASRCB]);

/** seal_secret_again() - seal altered plaintext parts with @secret's keys */
void seal_secret_again(const struct seal_secret *secret, uint8_t *bytes,
		       size_t len);

/** seal_extension() - extension secret derived from a CCK */
void seal_extension(const uint8_t cck[32], const uint8_t header_tag[16],
		    uint8_t out[32]);

#endif /* TESTS_SEAL_SECRET_H */
