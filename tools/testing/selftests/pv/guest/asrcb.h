/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The owner's side of secrets: seal one for a guest.
 *
 * Written for the tests alone and with nothing of what it is used to test.
 */
#ifndef PV_SELFTEST_ASRCB_H
#define PV_SELFTEST_ASRCB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>

#include "request.h"

/* Types of secrets; the ones between are reserved. */
#define ASRCB_NULL		0x01
#define ASRCB_ASSOCIATION	0x02
#define ASRCB_PLAINTEXT		0x03
#define ASRCB_AES_128		0x04
#define ASRCB_AES_192		0x05
#define ASRCB_AES_256		0x06
#define ASRCB_XTS_128		0x07
#define ASRCB_XTS_256		0x08
#define ASRCB_HMAC_256		0x09
#define ASRCB_HMAC_512		0x0a
#define ASRCB_P256		0x11
#define ASRCB_P384		0x12
#define ASRCB_P521		0x13
#define ASRCB_ED25519		0x14
#define ASRCB_ED448		0x15
#define ASRCB_UPDATE_CCK	0x16

#define ASRCB_NO_DUMP		0x8000000000000000	/* flag */

#define ASRCB_BOOT_TAGS_SIZE	0xd0
#define ASRCB_UID_SIZE		16
#define ASRCB_USER_DATA_SIZE	512
#define ASRCB_ID_SIZE		32
#define ASRCB_EXTENSION_SIZE	32
#define ASRCB_CCK_SIZE		32
#define ASRCB_PLAINTEXT_MAX	8190
#define ASRCB_SECRET_MAX	8192
#define ASRCB_HOSTS		7

/* Offsets in a request with one slot, for those who damage it. */
#define ASRCB_SLOT_AT		0x4b8
#define ASRCB_SECRET_AT		(ASRCB_SLOT_AT + REQUEST_SLOT_SIZE)
#define ASRCB_AREA_AT		(ASRCB_SECRET_AT + 0x30)

/**
 * struct asrcb_request - what a request is made of
 * @customer: key pair of the owner, P-521
 * @hosts: public keys the request is sealed for
 * @nr_hosts: number of them
 * @nr_decoys: key slots of random content before those of @hosts
 * @slots: the key slots, if they were made before with the same keys, or NULL
 * @iv: initialisation vector of the encrypted area
 * @key: request protection key
 * @flags: plaintext flags
 * @boot_tags: of the image the secret is for
 * @config_uid: of the instance it is for, or zeros
 * @kind: of the user data
 * @user_data: not interpreted by the Ultravisor
 * @type: of the secret
 * @id: of the secret
 * @secret: goes into the encrypted area as it is
 * @secret_size: bytes of it
 * @extension: extension secret
 */
struct asrcb_request {
	EVP_PKEY *customer;
	EVP_PKEY *hosts[ASRCB_HOSTS];
	unsigned int nr_hosts;
	unsigned int nr_decoys;
	const uint8_t *slots;
	uint8_t iv[12];
	uint8_t key[32];
	uint64_t flags;
	uint8_t boot_tags[ASRCB_BOOT_TAGS_SIZE];
	uint8_t config_uid[ASRCB_UID_SIZE];
	uint16_t kind;
	uint8_t user_data[ASRCB_USER_DATA_SIZE];
	uint16_t type;
	uint8_t id[ASRCB_ID_SIZE];
	uint8_t secret[ASRCB_SECRET_MAX];
	uint32_t secret_size;
	uint8_t extension[ASRCB_EXTENSION_SIZE];
};

size_t asrcb_size(const struct asrcb_request *req);
int asrcb_seal(const struct asrcb_request *req, uint8_t *out);
int asrcb_set_plaintext(struct asrcb_request *req, const void *payload,
			size_t len);
int asrcb_set_name(struct asrcb_request *req, const char *name);
int asrcb_derive_extension(struct asrcb_request *req, const uint8_t *cck);

#endif /* PV_SELFTEST_ASRCB_H */
