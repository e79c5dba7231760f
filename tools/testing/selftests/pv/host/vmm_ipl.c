// SPDX-License-Identifier: GPL-2.0
/*
 * The IPL parameter block of a protected guest.
 */
#include <endian.h>

#include "vmm_ipl.h"

#define PAGE_MASK	0xfff

static bool components_are_valid(const struct ipl_block *block)
{
	uint64_t tweak, last = 0;

	for (uint32_t i = 0; i < be32toh(block->nr_components); i++) {
		tweak = be64toh(block->components[i].tweak);
		if (i && tweak <= last)
			return false;
		if (be64toh(block->components[i].addr) & PAGE_MASK)
			return false;
		last = tweak;
	}
	return true;
}

/* In this order; the components are looked at only where the block has them. */
bool ipl_block_is_valid(const struct ipl_block *block, uint64_t memory)
{
	uint64_t addr = be64toh(block->header_addr);
	uint64_t header = be64toh(block->header_size);
	uint32_t size = be32toh(block->size);
	uint32_t nr = be32toh(block->nr_components);

	if (size < IPL_SIZE_MIN || size > IPL_SIZE_MAX)
		return false;
	if (block->type != IPL_TYPE_PROTECTED || !nr)
		return false;
	if (nr > (size - sizeof(*block)) / sizeof(block->components[0]))
		return false;
	if (!header || header > IPL_HEADER_MAX || addr > memory ||
	    header > memory - addr)
		return false;
	return components_are_valid(block);
}
