/* SPDX-License-Identifier: MIT */
/*
 * Secrets of a guest: add-secret requests (ASRCB, version 1), their types, and
 * the list of the store.
 *
 * Request: struct pv_asrcb, key slots, secret header || encrypted area (secret,
 * extension secret) || GCM tag.  All before the encrypted area is authenticated
 * as additional data.
 */
#ifndef PV_SECRET_H
#define PV_SECRET_H

#include "attest.h"

/*
 * First six bytes of the header's magic; then two bytes, the kind of user
 * data.  A convention of software, the Ultravisor looks at neither.
 */
#define PV_ASRCB_MAGIC			"asrcbM"
#define PV_ASRCB_MAGIC_SIZE		6

#define PV_ASRCB_USER_DATA_SIZE		512

/**
 * struct pv_asrcb - fixed part of an add-secret request
 * @flags: PV_ADD_SECRET_FLAG_*
 * @boot_tags: of the image that the secret is for
 * @config_uid: of the instance it is for; all zero for any
 * @user_data: see enum pv_user_data_kind
 *
 * Followed by the slots (struct pv_keyslot), the secret header (16 bytes for
 * PV_SECRET_NULL, struct pv_secret_header for all others), the encrypted area
 * (secret, then PV_EXTENSION_SECRET_SIZE bytes) and the GCM tag.
 */
struct pv_asrcb {
	struct pv_request_header header;
	pv_be64 flags;				/* 0x30 */
	struct pv_boot_tags boot_tags;
	uint8_t config_uid[PV_CONFIG_UID_SIZE];	/* 0x108 */
	uint8_t reserved118[256];
	uint8_t user_data[PV_ASRCB_USER_DATA_SIZE];	/* 0x218 */
	struct pv_ec_point cust_pub_key;	/* 0x418 */
};

PV_ASSERT_SIZE(struct pv_asrcb, 0x4b8);
PV_ASSERT_OFFSET(struct pv_asrcb, config_uid, 0x108);
PV_ASSERT_OFFSET(struct pv_asrcb, user_data, 0x218);

#define PV_ASRCB_MAX_SIZE		0x100000
#define PV_ADD_SECRET_FLAG_DISABLE_DUMP	PV_BIT64(0)

#define PV_SECRET_ID_SIZE		32
#define PV_EXTENSION_SECRET_SIZE	32
#define PV_CCK_SIZE			32

/*
 * Extension secret derived from the CCK: HKDF-SHA-512, salt = tag of the SE
 * header, info = these 27 bytes.
 */
#define PV_EXTENSION_SECRET_INFO	"IBM Z Ultravisor Add-Secret"

/* Types; the bits of supp_secret_types have the same numbers, from the left. */
enum pv_secret_type {
	PV_SECRET_NULL		= 0x01,	/* flags only, never listed */
	PV_SECRET_ASSOCIATION	= 0x02,	/* listed, never retrieved */
	PV_SECRET_PLAINTEXT	= 0x03,
	PV_SECRET_AES_128	= 0x04,
	PV_SECRET_AES_192	= 0x05,
	PV_SECRET_AES_256	= 0x06,
	PV_SECRET_AES_XTS_128	= 0x07,
	PV_SECRET_AES_XTS_256	= 0x08,
	PV_SECRET_HMAC_SHA_256	= 0x09,
	PV_SECRET_HMAC_SHA_512	= 0x0a,
	PV_SECRET_EC_P256	= 0x11,
	PV_SECRET_EC_P384	= 0x12,
	PV_SECRET_EC_P521	= 0x13,
	PV_SECRET_EC_ED25519	= 0x14,
	PV_SECRET_EC_ED448	= 0x15,
	PV_SECRET_UPDATE_CCK	= 0x16,	/* never listed */
	PV_SECRET_TYPES		= 0x17
};

/* Plaintext secrets: length (2 bytes) || payload || zeros to 16 bytes. */
#define PV_PLAINTEXT_MAX		8190
#define PV_PLAINTEXT_BLOB_MAX		8192
#define PV_PLAINTEXT_BLOB_UNIT		16

/* A retrieved key is longer than the key by a verification pattern. */
#define PV_PROTECTED_KEY_OVERHEAD	32

/* Largest object that can be retrieved. */
#define PV_SECRET_OBJECT_MAX		PV_PLAINTEXT_BLOB_MAX

/**
 * struct pv_secret_header - what kind of secret a request carries
 * @type: enum pv_secret_type
 * @size: of the secret in the encrypted area, in bytes
 * @id: identifies the secret; absent for PV_SECRET_NULL, zero for the CCK
 */
struct pv_secret_header {
	uint8_t reserved00[2];
	pv_be16 type;
	pv_be32 size;
	uint8_t reserved08[8];
	uint8_t id[PV_SECRET_ID_SIZE];		/* 0x10 */
};

PV_ASSERT_SIZE(struct pv_secret_header, 0x30);
#define PV_SECRET_HEADER_NULL_SIZE	0x10

/* What the user data of a request is: second part of the magic. */
enum pv_user_data_kind {
	PV_USER_DATA_NONE	= 0,
	PV_USER_DATA_UNSIGNED	= 1,	/* up to 512 bytes */
	PV_USER_DATA_EC_P521	= 2,	/* up to 256, signed */
	PV_USER_DATA_RSA_2048	= 3,	/* up to 256, signed */
	PV_USER_DATA_RSA_3072	= 4,	/* up to 128, signed */
	PV_USER_DATA_KINDS
};

#define PV_USER_DATA_EC_SIGNATURE	0x100	/* DER, zero padded */
#define PV_USER_DATA_EC_SIGNATURE_MAX	139
#define PV_USER_DATA_EC_LENGTH		0x190	/* 2 bytes: of the signature */
#define PV_USER_DATA_RSA_2048_SIGNATURE	0x100
#define PV_USER_DATA_RSA_3072_SIGNATURE	0x080

/**
 * struct pv_secret_entry - a secret in a list
 * @index: names it for retrieval
 * @type: enum pv_secret_type
 * @size: bytes of the object that retrieving it gives
 */
struct pv_secret_entry {
	pv_be16 index;
	pv_be16 type;
	pv_be32 size;
	uint8_t reserved08[8];
	uint8_t id[PV_SECRET_ID_SIZE];		/* 0x10 */
};

PV_ASSERT_SIZE(struct pv_secret_entry, 0x30);

/**
 * struct pv_secret_list - a page of the list; entries follow
 * @stored: entries in this page (in a merged list: in all pages)
 * @total: secrets in the store
 * @next: index to continue with, 0 if the list is complete
 */
struct pv_secret_list {
	pv_be16 stored;
	pv_be16 total;
	pv_be16 next;
	uint8_t reserved06[10];
};

PV_ASSERT_SIZE(struct pv_secret_list, 0x10);
#define PV_SECRET_LIST_PAGE_ENTRIES	85

#endif /* PV_SECRET_H */
