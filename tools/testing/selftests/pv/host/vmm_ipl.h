/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The IPL parameter block of a protected guest.
 */
#ifndef PV_SELFTEST_VMM_IPL_H
#define PV_SELFTEST_VMM_IPL_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct ipl_component - what is unpacked in one go
 * @tweak: first half of the tweak of its pages
 */
struct ipl_component {
	uint64_t tweak;
	uint64_t addr;
	uint64_t size;
};

/**
 * struct ipl_block - all numbers are big-endian
 * @size: of the block in bytes
 * @type: IPL_TYPE_PROTECTED
 * @header_addr: where in the guest the SE header stands
 */
struct ipl_block {
	uint32_t size;
	uint8_t reserved04[8];
	uint8_t type;			/* 0x0c */
	uint8_t reserved0d[0x67];
	uint32_t nr_components;		/* 0x74 */
	uint64_t header_addr;
	uint64_t header_size;		/* 0x80 */
	struct ipl_component components[];
};

static_assert(offsetof(struct ipl_block, nr_components) == 0x74, "layout");
static_assert(sizeof(struct ipl_block) == 0x88, "layout");

#define IPL_TYPE_PROTECTED	5
#define IPL_SIZE_MIN		148
#define IPL_SIZE_MAX		4096
#define IPL_HEADER_MAX		8192

/**
 * ipl_block_is_valid - does it describe a guest that could be made?
 * @block: IPL_SIZE_MAX bytes
 * @memory: of the guest, in bytes
 */
bool ipl_block_is_valid(const struct ipl_block *block, uint64_t memory);

#endif /* PV_SELFTEST_VMM_IPL_H */
