/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The guest under test, as somebody outside of it knows it.
 */
#ifndef PV_SELFTEST_TARGET_H
#define PV_SELFTEST_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "arcb.h"

/**
 * struct target - where requests go and what their answers must fit to
 * @host: public key of the machine
 * @boot_tags: digests and tag out of the SE header of the guest
 * @flags: attestation flags that its Ultravisor supports
 * @calls: first doubleword of the Ultravisor calls installed for the guest
 * @types: types of secrets that its Ultravisor supports, bit 0 is the leftmost
 * @max_association: association secrets that its store has room for
 * @max_retrievable: other secrets that its store has room for
 * @store: hash of the secret store, of an empty one until a test knows better
 * @reason: why there is no target, if target_find() said so
 */
struct target {
	EVP_PKEY *host;
	uint8_t boot_tags[ARCB_BOOT_TAGS_SIZE];
	uint64_t flags;
	uint64_t calls;
	uint64_t types;
	uint64_t max_association;
	uint64_t max_retrievable;
	uint8_t store[ARCB_STORE_HASH_SIZE];
	char reason[160];
};

int target_find(struct target *target);
bool target_attests(const struct target *target);
bool target_has_call(const struct target *target, unsigned int nr);
bool target_has_type(const struct target *target, unsigned int type);
void target_free(struct target *target);

#endif /* PV_SELFTEST_TARGET_H */
