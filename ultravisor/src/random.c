// SPDX-License-Identifier: MIT
#include <string.h>

#include "bytes.h"
#include "crypto.h"
#include "random.h"

void uv_random_init(struct uv_random *random, uint64_t seed)
{
	*random = (struct uv_random){ .seed = seed };
}

/* Block n of the sequence is SHA-512(label || seed || n). */
static bool next_block(struct uv_random *random)
{
	struct {
		char label[16];
		pv_be64 seed;
		pv_be64 number;
	} input = {
		.label = "TEST randomness",
		.seed = put64(random->seed),
		.number = put64(random->next),
	};

	if (!uv_sha512(&input, sizeof(input), random->block))
		return false;
	random->next++;
	random->left = sizeof(random->block);
	return true;
}

bool uv_random_bytes(struct uv_random *random, void *out, size_t len)
{
	uint8_t *to = out;

	while (len) {
		size_t part;

		if (!random->left && !next_block(random))
			return false;
		part = len < random->left ? len : random->left;
		memcpy(to, random->block + sizeof(random->block) - random->left,
		       part);
		random->left -= part;
		to += part;
		len -= part;
	}
	return true;
}
