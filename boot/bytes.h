/* SPDX-License-Identifier: MIT */
/* Big-endian fields; on any machine, so that tests run anywhere. */
#ifndef BOOT_BYTES_H
#define BOOT_BYTES_H

#include <stdint.h>

#include "pv/types.h"

static inline uint64_t get_be64(pv_be64 field)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < 8; i++)
		value = value << 8 | field.byte[i];
	return value;
}

static inline pv_be64 put_be64(uint64_t value)
{
	pv_be64 field;

	for (unsigned int i = 0; i < 8; i++)
		field.byte[i] = (uint8_t)(value >> (56 - 8 * i));
	return field;
}

static inline uint32_t get_be32(pv_be32 field)
{
	uint32_t value = 0;

	for (unsigned int i = 0; i < 4; i++)
		value = value << 8 | field.byte[i];
	return value;
}

static inline pv_be32 put_be32(uint32_t value)
{
	pv_be32 field;

	for (unsigned int i = 0; i < 4; i++)
		field.byte[i] = (uint8_t)(value >> (24 - 8 * i));
	return field;
}

static inline uint16_t get_be16(pv_be16 field)
{
	return (uint16_t)(field.byte[0] << 8 | field.byte[1]);
}

static inline pv_be16 put_be16(uint16_t value)
{
	return (pv_be16){ { (uint8_t)(value >> 8), (uint8_t)value } };
}

#endif /* BOOT_BYTES_H */
