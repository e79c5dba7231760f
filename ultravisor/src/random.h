/* SPDX-License-Identifier: MIT */
/* Repeatable randomness: equal seeds give equal sequences. */
#ifndef UV_RANDOM_H
#define UV_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct uv_random - position in the sequence of one seed
 * @seed: chooses the sequence
 * @next: number of the next block of it
 * @block: the present block
 * @left: bytes at the end of @block that were not given out
 */
struct uv_random {
	uint64_t seed;
	uint64_t next;
	uint8_t block[64];
	size_t left;
};

void uv_random_init(struct uv_random *random, uint64_t seed);

/** uv_random_bytes() - the next @len bytes; false if libcrypto failed */
bool uv_random_bytes(struct uv_random *random, void *out, size_t len);

#endif /* UV_RANDOM_H */
