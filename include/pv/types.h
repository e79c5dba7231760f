/* SPDX-License-Identifier: MIT */
/*
 * Big-endian integers as they stand in storage.
 *
 * Every multi-byte field of an Ultravisor structure is big-endian and none of
 * the structures has padding.  The types below are byte arrays: they have
 * alignment 1, so a structure made of them can be laid over any buffer, and the
 * compiler refuses to use one as a number by accident.  Reading and writing
 * them is left to each user of these headers (libpv and libultravisor have
 * their own accessors on purpose, see docs/architecture.md).
 */
#ifndef PV_TYPES_H
#define PV_TYPES_H

#include <stddef.h>
#include <stdint.h>

typedef struct { uint8_t byte[2]; } pv_be16;
typedef struct { uint8_t byte[4]; } pv_be32;
typedef struct { uint8_t byte[8]; } pv_be64;

/* Bit @n of a 64-bit field in the architecture's numbering: bit 0 is leftmost. */
#define PV_BIT64(n)	(UINT64_C(1) << (63 - (n)))

#define PV_PAGE_SHIFT	12
#define PV_PAGE_SIZE	(UINT64_C(1) << PV_PAGE_SHIFT)

/*
 * Layout promises, checked at compile time beside each structure.  The keyword,
 * as freestanding programs have no assert.h.
 */
#define PV_ASSERT_SIZE(type, size) \
	_Static_assert(sizeof(type) == (size), "size of " #type)
#define PV_ASSERT_OFFSET(type, member, offset) \
	_Static_assert(offsetof(type, member) == (offset), #type "." #member)

#endif /* PV_TYPES_H */
