/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tables of secret_test.c: what is varied, and what has to come of it.
 */
#ifndef PV_SELFTEST_SECRET_VARIANTS_H
#define PV_SELFTEST_SECRET_VARIANTS_H

/*
 * Sizes of arguments: @bad is refused with EINVAL before the address is looked
 * at, @good goes on to the address.
 */
FIXTURE(size) {
	int fd;
	struct uvio_ioctl_cb cb;
};

FIXTURE_VARIANT(size) {
	unsigned long cmd;
	uint32_t bad;
	uint32_t good;
};

FIXTURE_VARIANT_ADD(size, empty_request) {
	.cmd = UVIO_IOCTL_ADD_SECRET,
	.bad = 0,
	.good = 1,
};

FIXTURE_VARIANT_ADD(size, long_request) {
	.cmd = UVIO_IOCTL_ADD_SECRET,
	.bad = UVIO_ADD_SECRET_MAX_LEN + 1,
	.good = UVIO_ADD_SECRET_MAX_LEN,
};

FIXTURE_VARIANT_ADD(size, longest_request) {
	.cmd = UVIO_IOCTL_ADD_SECRET,
	.bad = UINT32_MAX,
	.good = 0x200,
};

FIXTURE_VARIANT_ADD(size, empty_list) {
	.cmd = UVIO_IOCTL_LIST_SECRETS,
	.bad = 0,
	.good = UVIO_LIST_SECRETS_LEN,
};

FIXTURE_VARIANT_ADD(size, list_of_less_than_a_page) {
	.cmd = UVIO_IOCTL_LIST_SECRETS,
	.bad = UVIO_LIST_SECRETS_LEN - 1,
	.good = UVIO_LIST_SECRETS_LEN,
};

FIXTURE_VARIANT_ADD(size, list_of_a_page_and_a_byte) {
	.cmd = UVIO_IOCTL_LIST_SECRETS,
	.bad = UVIO_LIST_SECRETS_LEN + 1,
	.good = 2 * UVIO_LIST_SECRETS_LEN,
};

FIXTURE_VARIANT_ADD(size, long_list) {
	.cmd = UVIO_IOCTL_LIST_SECRETS,
	.bad = (UV_LIST_MAX_PAGES + 1) * UVIO_LIST_SECRETS_LEN,
	.good = UV_LIST_MAX_PAGES * UVIO_LIST_SECRETS_LEN,
};

FIXTURE_VARIANT_ADD(size, longest_list) {
	.cmd = UVIO_IOCTL_LIST_SECRETS,
	.bad = 0xfffff000,
	.good = 3 * UVIO_LIST_SECRETS_LEN,
};

FIXTURE_VARIANT_ADD(size, no_room_for_an_index) {
	.cmd = UVIO_IOCTL_RETR_SECRET,
	.bad = 0,
	.good = 3,
};

FIXTURE_VARIANT_ADD(size, room_for_half_an_index) {
	.cmd = UVIO_IOCTL_RETR_SECRET,
	.bad = 1,
	.good = 2,
};

FIXTURE_VARIANT_ADD(size, long_secret) {
	.cmd = UVIO_IOCTL_RETR_SECRET,
	.bad = UVIO_RETR_SECRET_MAX_LEN + 1,
	.good = UVIO_RETR_SECRET_MAX_LEN,
};

FIXTURE_VARIANT_ADD(size, longest_secret) {
	.cmd = UVIO_IOCTL_RETR_SECRET,
	.bad = UINT32_MAX,
	.good = 32,
};

/* Good secrets, one of each type at least. */
FIXTURE(kind) {
	struct store store;
	struct deposit deposit;
};

FIXTURE_VARIANT(kind) {
	uint16_t type;
	uint32_t size;
	uint64_t flags;
	uint16_t user_data_kind;
	unsigned int nr_decoys;
};

FIXTURE_VARIANT_ADD(kind, null_secret) { .type = ASRCB_NULL };

FIXTURE_VARIANT_ADD(kind, null_secret_with_flag) {
	.type = ASRCB_NULL,
	.flags = ASRCB_NO_DUMP,
};

FIXTURE_VARIANT_ADD(kind, null_secret_with_user_data) {
	.type = ASRCB_NULL,
	.user_data_kind = 1,
};

FIXTURE_VARIANT_ADD(kind, own_slot_is_second) {
	.type = ASRCB_NULL,
	.nr_decoys = 1,
};

FIXTURE_VARIANT_ADD(kind, own_slot_is_last_but_many) {
	.type = ASRCB_NULL,
	.nr_decoys = 100,
};

FIXTURE_VARIANT_ADD(kind, association) {
	.type = ASRCB_ASSOCIATION,
	.size = 32,
};

FIXTURE_VARIANT_ADD(kind, no_plaintext) { .type = ASRCB_PLAINTEXT, .size = 0 };
FIXTURE_VARIANT_ADD(kind, a_byte) { .type = ASRCB_PLAINTEXT, .size = 1 };
FIXTURE_VARIANT_ADD(kind, full_block) { .type = ASRCB_PLAINTEXT, .size = 14 };
FIXTURE_VARIANT_ADD(kind, more_blocks) { .type = ASRCB_PLAINTEXT, .size = 15 };

FIXTURE_VARIANT_ADD(kind, longest_plaintext) {
	.type = ASRCB_PLAINTEXT,
	.size = ASRCB_PLAINTEXT_MAX,
};

FIXTURE_VARIANT_ADD(kind, aes_128) { .type = ASRCB_AES_128, .size = 16 };
FIXTURE_VARIANT_ADD(kind, aes_192) { .type = ASRCB_AES_192, .size = 24 };
FIXTURE_VARIANT_ADD(kind, aes_256) { .type = ASRCB_AES_256, .size = 32 };
FIXTURE_VARIANT_ADD(kind, xts_128) { .type = ASRCB_XTS_128, .size = 32 };
FIXTURE_VARIANT_ADD(kind, xts_256) { .type = ASRCB_XTS_256, .size = 64 };
FIXTURE_VARIANT_ADD(kind, hmac_256) { .type = ASRCB_HMAC_256, .size = 64 };
FIXTURE_VARIANT_ADD(kind, hmac_512) { .type = ASRCB_HMAC_512, .size = 128 };
FIXTURE_VARIANT_ADD(kind, p256) { .type = ASRCB_P256, .size = 32 };
FIXTURE_VARIANT_ADD(kind, p384) { .type = ASRCB_P384, .size = 48 };
FIXTURE_VARIANT_ADD(kind, p521) { .type = ASRCB_P521, .size = 80 };
FIXTURE_VARIANT_ADD(kind, ed25519) { .type = ASRCB_ED25519, .size = 32 };
FIXTURE_VARIANT_ADD(kind, ed448) { .type = ASRCB_ED448, .size = 64 };

/*
 * Requests that the Ultravisor refuses although the owner sealed them like
 * this.  @type and @size replace those of an association secret.
 */
FIXTURE(stranger) {
	struct store store;
};

FIXTURE_VARIANT(stranger) {
	uint16_t rc;
	unsigned int at;	/* offset in struct asrcb_request, or 0 */
	uint16_t type;
	uint32_t size;
};

#define REQUEST_FIELD(name)	.at = offsetof(struct asrcb_request, name)

FIXTURE_VARIANT_ADD(stranger, other_page_digest) {
	.rc = UV_RC_ADD_NOT_FOR_GUEST,
	REQUEST_FIELD(boot_tags[0]),
};

FIXTURE_VARIANT_ADD(stranger, other_address_digest) {
	.rc = UV_RC_ADD_NOT_FOR_GUEST,
	REQUEST_FIELD(boot_tags[64]),
};

FIXTURE_VARIANT_ADD(stranger, other_tweak_digest) {
	.rc = UV_RC_ADD_NOT_FOR_GUEST,
	REQUEST_FIELD(boot_tags[191]),
};

FIXTURE_VARIANT_ADD(stranger, other_header_tag) {
	.rc = UV_RC_ADD_NOT_FOR_GUEST,
	REQUEST_FIELD(boot_tags[207]),
};

FIXTURE_VARIANT_ADD(stranger, other_instance) {
	.rc = UV_RC_ADD_NOT_FOR_GUEST,
	REQUEST_FIELD(config_uid[15]),
};

FIXTURE_VARIANT_ADD(stranger, other_extension_secret) {
	.rc = UV_RC_ADD_NOT_FOR_GUEST,
	REQUEST_FIELD(extension[31]),
};

FIXTURE_VARIANT_ADD(stranger, forbidden_update_of_the_cck) {
	.rc = UV_RC_ADD_NOT_FOR_GUEST,
	.type = ASRCB_UPDATE_CCK,
	.size = 32,
};

FIXTURE_VARIANT_ADD(stranger, type_zero) { .rc = UV_RC_ADD_TYPE, .size = 1 };

FIXTURE_VARIANT_ADD(stranger, reserved_type) {
	.rc = UV_RC_ADD_TYPE,
	.type = 0x0b,
	.size = 32,
};

FIXTURE_VARIANT_ADD(stranger, type_after_the_last) {
	.rc = UV_RC_ADD_TYPE,
	.type = 0x17,
	.size = 32,
};

FIXTURE_VARIANT_ADD(stranger, highest_type) {
	.rc = UV_RC_ADD_TYPE,
	.type = 0xffff,
	.size = 32,
};

FIXTURE_VARIANT_ADD(stranger, short_association) {
	.rc = UV_RC_ADD_SECRET_SIZE,
	.type = ASRCB_ASSOCIATION,
	.size = 31,
};

FIXTURE_VARIANT_ADD(stranger, null_secret_that_is_none) {
	.rc = UV_RC_ADD_SECRET_SIZE,
	.type = ASRCB_NULL,
	.size = 16,
};

FIXTURE_VARIANT_ADD(stranger, long_aes_key) {
	.rc = UV_RC_ADD_SECRET_SIZE,
	.type = ASRCB_AES_128,
	.size = 24,
};

/* A good request for an association secret of which one byte is changed. */
FIXTURE(damage) {
	struct store store;
};

FIXTURE_VARIANT(damage) {
	uint16_t rc;
	unsigned int offset;
	uint8_t flip;
};

FIXTURE_VARIANT_ADD(damage, version) {
	.rc = UV_RC_ADD_VERSION,
	.offset = 0x0a,
	.flip = 0x03,
};

FIXTURE_VARIANT_ADD(damage, request_size) {
	.rc = UV_RC_ADD_SIZE,
	.offset = 0x0f,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(damage, huge_request_size) {
	.rc = UV_RC_ADD_SIZE,
	.offset = 0x0c,
	.flip = 0x80,
};

FIXTURE_VARIANT_ADD(damage, area_without_extension_secret) {
	.rc = UV_RC_ADD_SIZE,
	.offset = 0x2f,
	.flip = 0x40,
};

FIXTURE_VARIANT_ADD(damage, more_slots_than_room) {
	.rc = UV_RC_ADD_SIZE,
	.offset = 0x27,
	.flip = 0x03,
};

FIXTURE_VARIANT_ADD(damage, no_slots) {
	.rc = UV_RC_ADD_NR_SLOTS,
	.offset = 0x27,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(damage, reserved_flag) {
	.rc = UV_RC_ADD_FLAGS,
	.offset = 0x30,
	.flip = 0x40,
};

FIXTURE_VARIANT_ADD(damage, last_flag) {
	.rc = UV_RC_ADD_FLAGS,
	.offset = 0x37,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(damage, magic) {
	.rc = UV_RC_ADD_UNSEAL,
	.offset = 0x00,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(damage, kind_of_user_data) {
	.rc = UV_RC_ADD_UNSEAL,
	.offset = 0x07,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(damage, initialisation_vector) {
	.rc = UV_RC_ADD_UNSEAL,
	.offset = 0x10,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(damage, boot_tags) {
	.rc = UV_RC_ADD_UNSEAL,
	.offset = 0x38,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(damage, config_uid) {
	.rc = UV_RC_ADD_UNSEAL,
	.offset = 0x117,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(damage, reserved_byte) {
	.rc = UV_RC_ADD_UNSEAL,
	.offset = 0x118,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(damage, user_data) {
	.rc = UV_RC_ADD_UNSEAL,
	.offset = 0x218,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(damage, customer_key) {
	.rc = UV_RC_ADD_UNSEAL,
	.offset = 0x418 + 79,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(damage, slot_for_another_host) {
	.rc = UV_RC_ADD_UNSEAL,
	.offset = ASRCB_SLOT_AT,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(damage, wrapped_key) {
	.rc = UV_RC_ADD_UNSEAL,
	.offset = ASRCB_SLOT_AT + 0x20,
	.flip = 0x80,
};

FIXTURE_VARIANT_ADD(damage, slot_tag) {
	.rc = UV_RC_ADD_UNSEAL,
	.offset = ASRCB_SLOT_AT + 0x4f,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(damage, type) {
	.rc = UV_RC_ADD_UNSEAL,
	.offset = ASRCB_SECRET_AT + 3,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(damage, secret_size) {
	.rc = UV_RC_ADD_UNSEAL,
	.offset = ASRCB_SECRET_AT + 7,
	.flip = 0x10,
};

FIXTURE_VARIANT_ADD(damage, id) {
	.rc = UV_RC_ADD_UNSEAL,
	.offset = ASRCB_SECRET_AT + 0x2f,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(damage, secret) {
	.rc = UV_RC_ADD_UNSEAL,
	.offset = ASRCB_AREA_AT,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(damage, extension_secret) {
	.rc = UV_RC_ADD_UNSEAL,
	.offset = ASRCB_AREA_AT + 63,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(damage, tag) {
	.rc = UV_RC_ADD_UNSEAL,
	.offset = ASRCB_AREA_AT + 79,
	.flip = 0x01,
};

/* Retrievals that the Ultravisor refuses. */
FIXTURE(refused_retrieval) {
	struct store store;
};

FIXTURE_VARIANT(refused_retrieval) {
	uint16_t rc;
	unsigned int behind;	/* the last index */
	uint16_t type;		/* or the first secret of this type */
	uint32_t missing;	/* bytes that the buffer is too small */
};

FIXTURE_VARIANT_ADD(refused_retrieval, next_index) {
	.rc = UV_RC_RETR_INDEX,
	.behind = 1,
};

FIXTURE_VARIANT_ADD(refused_retrieval, highest_index) {
	.rc = UV_RC_RETR_INDEX,
	.behind = 0x10000,
};

FIXTURE_VARIANT_ADD(refused_retrieval, association) {
	.rc = UV_RC_RETR_TYPE,
	.type = ASRCB_ASSOCIATION,
};

FIXTURE_VARIANT_ADD(refused_retrieval, plaintext_into_too_small_a_buffer) {
	.rc = UV_RC_RETR_BUFFER,
	.type = ASRCB_PLAINTEXT,
	.missing = 1,
};

FIXTURE_VARIANT_ADD(refused_retrieval, key_into_a_buffer_for_its_index) {
	.rc = UV_RC_RETR_BUFFER,
	.type = ASRCB_AES_256,
	.missing = 62,
};

#endif /* PV_SELFTEST_SECRET_VARIANTS_H */
