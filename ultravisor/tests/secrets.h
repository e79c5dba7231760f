/* SPDX-License-Identifier: MIT */
/* The calls of the secret store, for tests. */
#ifndef TESTS_SECRETS_H
#define TESTS_SECRETS_H

#include "fake_machine.h"
#include "seal_secret.h"

/* Where block and operands stand; all operands cross a page border. */
#define SECRETS_BLOCK	0x3000
#define SECRETS_HEAD	0x30
#define SECRETS_ASRCB	(0x21000 - SECRETS_HEAD)
#define SECRETS_LIST	0x16ff0
#define SECRETS_BUFFER	0x18fd8

#define SECRETS_PAGE	4096

/** secrets_guest() - a guest whose SE header has these secret control flags */
struct fake_machine *secrets_guest(const char *profile, uint64_t scf);

/** secrets_known_guest() - the guest that all known requests are for */
struct fake_machine *secrets_known_guest(const char *profile);

/** secrets_request() - a null secret for the guest of @fake */
void secrets_request(const struct fake_machine *fake,
		     struct seal_secret *secret);

/* Each returns the response code, or 0 if the condition code lies. */
uint16_t secrets_add(struct fake_machine *fake,
		     const struct seal_secret *secret);
uint16_t secrets_add_bytes(struct fake_machine *fake, const uint8_t *asrcb,
			   size_t size);
/* @page: what is found behind the call where the page should be stored */
uint16_t secrets_list(struct fake_machine *fake, uint16_t start,
		      uint8_t page[SECRETS_PAGE]);
uint16_t secrets_lock(struct fake_machine *fake);
/* @object: what is found in the buffer, @size bytes and 8 more */
uint16_t secrets_retrieve(struct fake_machine *fake, uint16_t index,
			  size_t size, uint8_t *object);

/** secrets_hash() - the store hash that an attestation would report */
void secrets_hash(const struct fake_machine *fake, uint8_t hash[64]);

#endif /* TESTS_SECRETS_H */
