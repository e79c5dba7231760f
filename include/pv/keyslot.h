/* SPDX-License-Identifier: MIT */
/*
 * What SE headers and Ultravisor requests have in common: P-521 coordinates and
 * the key slots that hand a symmetric key to one host each.
 *
 * Slot, version 1: Z = X coordinate of ECDH (66 bytes, leading zeros kept);
 * exchange key = SHA-256(Z || 00000001); the wrapped key is AES-256-GCM under
 * it with a zero IV and no additional data.
 */
#ifndef PV_KEYSLOT_H
#define PV_KEYSLOT_H

#include "types.h"

#define PV_P521_BYTES		66	/* a P-521 field element, unpadded */
#define PV_EC_COORD_SIZE	80	/* the same, zero-padded on the left */
#define PV_EXCHANGE_KEY_SIZE	32
#define PV_REQUEST_KEY_SIZE	32	/* AES-256 key that a slot wraps */
#define PV_PHKH_SIZE		32
#define PV_GCM_IV_SIZE		12
#define PV_GCM_TAG_SIZE		16

/**
 * struct pv_ec_point - public P-521 key as two padded coordinates
 *
 * The public host key hash (PHKH) is SHA-256 over these 160 bytes.
 */
struct pv_ec_point {
	uint8_t x[PV_EC_COORD_SIZE];
	uint8_t y[PV_EC_COORD_SIZE];
};

PV_ASSERT_SIZE(struct pv_ec_point, 160);

/**
 * struct pv_keyslot - key slot of version 1 (ECDH)
 * @phkh: hash of the host public key that the slot is for
 * @wrapped_key: encrypted request or header protection key
 * @tag: GCM tag of @wrapped_key
 */
struct pv_keyslot {
	uint8_t phkh[PV_PHKH_SIZE];
	uint8_t wrapped_key[PV_REQUEST_KEY_SIZE];
	uint8_t tag[PV_GCM_TAG_SIZE];
};

PV_ASSERT_SIZE(struct pv_keyslot, 0x50);

#endif /* PV_KEYSLOT_H */
