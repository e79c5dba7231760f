/* SPDX-License-Identifier: MIT */
/* Big-endian fields of the structures in include/pv/ as numbers. */
#ifndef LIBPV_BYTES_H
#define LIBPV_BYTES_H

#include <pv/types.h>

static inline uint16_t pv_get_be16(pv_be16 field)
{
	return (uint16_t)(field.byte[0] << 8 | field.byte[1]);
}

static inline uint32_t pv_get_be32(pv_be32 field)
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++)
		value = value << 8 | field.byte[i];
	return value;
}

static inline uint64_t pv_get_be64(pv_be64 field)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value = value << 8 | field.byte[i];
	return value;
}

static inline pv_be16 pv_put_be16(uint16_t value)
{
	return (pv_be16){ { (uint8_t)(value >> 8), (uint8_t)value } };
}

static inline pv_be32 pv_put_be32(uint32_t value)
{
	pv_be32 field;

	for (int i = 3; i >= 0; i--, value >>= 8)
		field.byte[i] = (uint8_t)value;
	return field;
}

static inline pv_be64 pv_put_be64(uint64_t value)
{
	pv_be64 field;

	for (int i = 7; i >= 0; i--, value >>= 8)
		field.byte[i] = (uint8_t)value;
	return field;
}

#endif /* LIBPV_BYTES_H */
