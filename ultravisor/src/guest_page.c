// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include <openssl/crypto.h>

#include "guest_page.h"

#define BLOCK_SHIFT	20
#define BLOCK_SIZE	(UINT64_C(1) << BLOCK_SHIFT)
#define BLOCK_PAGES	(BLOCK_SIZE >> PV_PAGE_SHIFT)

static uint64_t block_count(const struct uv_guest_space *space)
{
	return (space->len + BLOCK_SIZE - 1) >> BLOCK_SHIFT;
}

bool uv_guest_space_init(struct uv_guest_space *space, uint64_t origin,
			 uint64_t len)
{
	*space = (struct uv_guest_space){ .origin = origin, .len = len };
	space->blocks = calloc(len ? block_count(space) : 1,
			       sizeof(*space->blocks));
	return space->blocks;
}

void uv_guest_space_free(struct uv_guest_space *space)
{
	if (!space->blocks)
		return;
	for (uint64_t i = 0; i < block_count(space); i++)
		OPENSSL_clear_free(space->blocks[i], BLOCK_PAGES *
				   sizeof(**space->blocks));
	free(space->blocks);
	*space = (struct uv_guest_space){ 0 };
}

bool uv_guest_space_has(const struct uv_guest_space *space, uint64_t gaddr)
{
	return gaddr >= space->origin && gaddr - space->origin < space->len;
}

struct uv_guest_page *uv_guest_page(struct uv_guest_space *space,
				    uint64_t gaddr)
{
	uint64_t offset = gaddr - space->origin;
	struct uv_guest_page **block = &space->blocks[offset >> BLOCK_SHIFT];

	if (!*block)
		*block = OPENSSL_zalloc(BLOCK_PAGES * sizeof(**block));
	if (!*block)
		return NULL;
	return *block + (offset >> PV_PAGE_SHIFT) % BLOCK_PAGES;
}

const struct uv_guest_page *uv_guest_page_look(const struct uv_guest_space *space,
					       uint64_t gaddr)
{
	const struct uv_guest_page *block;
	uint64_t offset = gaddr - space->origin;

	if (!uv_guest_space_has(space, gaddr))
		return NULL;
	block = space->blocks[offset >> BLOCK_SHIFT];
	return block ? block + (offset >> PV_PAGE_SHIFT) % BLOCK_PAGES : NULL;
}

struct uv_guest_page *uv_guest_page_next(struct uv_guest_space *space,
					 uint64_t *gaddr)
{
	while (uv_guest_space_has(space, *gaddr)) {
		uint64_t offset = *gaddr - space->origin;
		struct uv_guest_page *block =
			space->blocks[offset >> BLOCK_SHIFT];

		if (block)
			return block + (offset >> PV_PAGE_SHIFT) % BLOCK_PAGES;
		offset = (offset | (BLOCK_SIZE - 1)) + 1;
		*gaddr = space->origin + offset;
	}
	return NULL;
}
