/* SPDX-License-Identifier: MIT */
/*
 * SE header, version 1: head || key slots || encrypted area || GCM tag.
 *
 * The area is AES-256-GCM under the header key with head.iv; head and slots are
 * the additional data.
 */
#ifndef PV_SE_HEADER_H
#define PV_SE_HEADER_H

#include "keyslot.h"

#define PV_SE_HEADER_MAGIC	"IBMSecEx"	/* 8 bytes, no NUL */
#define PV_SE_HEADER_VERSION_1	0x0100
#define PV_SE_HEADER_MAX_SIZE	8192
#define PV_SE_HEADER_MAX_SLOTS	95

/**
 * struct pv_se_header - plaintext, authenticated head
 * @size: of the whole header in bytes, tag included
 * @nks: number of key slots
 * @sea: size of the encrypted area in bytes
 * @nep: number of component pages, encrypted or not
 * @pcf: plaintext control flags, PV_PCF_*
 */
struct pv_se_header {
	uint8_t magic[8];
	pv_be32 version;
	pv_be32 size;
	uint8_t iv[PV_GCM_IV_SIZE];		/* 0x10 */
	uint8_t reserved1c[4];
	pv_be64 nks;				/* 0x20 */
	pv_be64 sea;
	pv_be64 nep;				/* 0x30 */
	pv_be64 pcf;
	struct pv_ec_point cust_pub_key;	/* 0x40 */
	uint8_t pld[64];			/* 0xe0 */
	uint8_t ald[64];
	uint8_t tld[64];			/* 0x160 */
};

PV_ASSERT_SIZE(struct pv_se_header, 0x1a0);

/**
 * struct pv_se_header_secret - the encrypted area
 * @cck: customer communication key
 * @xts_key: the two halves of the AES-256-XTS image key
 * @scf: secret control flags, PV_SCF_*
 * @noi: number of optional items, zero
 */
struct pv_se_header_secret {
	uint8_t cck[32];
	uint8_t xts_key[64];
	pv_be64 psw_mask;			/* 0x60 */
	pv_be64 psw_addr;
	pv_be64 scf;				/* 0x70 */
	pv_be32 noi;
	uint8_t reserved7c[4];
};

PV_ASSERT_SIZE(struct pv_se_header_secret, 0x80);

#define PV_PCF_ALLOW_DUMPING		PV_BIT64(34)
#define PV_PCF_NO_COMPONENT_ENCRYPTION	PV_BIT64(35)
#define PV_PCF_PCKMO_DEA_TDEA		PV_BIT64(56)
#define PV_PCF_PCKMO_AES		PV_BIT64(57)
#define PV_PCF_PCKMO_ECC		PV_BIT64(58)
#define PV_PCF_PCKMO_HMAC		PV_BIT64(59)
#define PV_PCF_BACKUP_TARGET_KEYS	PV_BIT64(62)

#define PV_SCF_CCK_EXTENSION_SECRET	PV_BIT64(1)
#define PV_SCF_CCK_UPDATE		PV_BIT64(2)

#endif /* PV_SE_HEADER_H */
