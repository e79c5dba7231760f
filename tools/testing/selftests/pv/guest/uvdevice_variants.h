/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tables of uvdevice_test.c: what is varied, and what has to come of it.
 */
#ifndef PV_SELFTEST_UVDEVICE_VARIANTS_H
#define PV_SELFTEST_UVDEVICE_VARIANTS_H

/*
 * ioctl numbers that are none: one component is wrong each.  Direction and type
 * are checked before the number, but all of it before the control block.
 */
FIXTURE(no_request) {
	int fd;
};

FIXTURE_VARIANT(no_request) {
	unsigned long cmd;
};

FIXTURE_VARIANT_ADD(no_request, other_type) {
	.cmd = _IOWR('a', UVIO_IOCTL_ATT_NR, struct uvio_ioctl_cb),
};

FIXTURE_VARIANT_ADD(no_request, other_size) {
	.cmd = _IOWR(UVIO_TYPE_UVC, UVIO_IOCTL_ATT_NR, int),
};

FIXTURE_VARIANT_ADD(no_request, no_size) {
	.cmd = _IO(UVIO_TYPE_UVC, UVIO_IOCTL_ATT_NR),
};

FIXTURE_VARIANT_ADD(no_request, read_only) {
	.cmd = _IOR(UVIO_TYPE_UVC, UVIO_IOCTL_ATT_NR, struct uvio_ioctl_cb),
};

FIXTURE_VARIANT_ADD(no_request, write_only) {
	.cmd = _IOW(UVIO_TYPE_UVC, UVIO_IOCTL_ATT_NR, struct uvio_ioctl_cb),
};

FIXTURE_VARIANT_ADD(no_request, number_after_the_last) { .cmd = UVIO_IOCTL(6) };
FIXTURE_VARIANT_ADD(no_request, highest_number) { .cmd = UVIO_IOCTL(0xff) };
FIXTURE_VARIANT_ADD(no_request, zero) { .cmd = 0 };

/*
 * Attestation arguments that the driver refuses with EINVAL, although (as the
 * test takes care of) the ARCB cannot be read.
 */
FIXTURE(bad_argument) {
	int fd;
	struct attester *at;
};

FIXTURE_VARIANT(bad_argument) {
	size_t offset;
	bool half;
	uint32_t value;
	uint32_t good;
};

#define FIELD(name)	.offset = offsetof(struct uvio_attest, name)

FIXTURE_VARIANT_ADD(bad_argument, empty_arcb) {
	FIELD(arcb_len),
	.value = 0,
	.good = 1,
};

FIXTURE_VARIANT_ADD(bad_argument, long_arcb) {
	FIELD(arcb_len),
	.value = UVIO_ATT_ARCB_MAX_LEN + 1,
	.good = UVIO_ATT_ARCB_MAX_LEN,
};

FIXTURE_VARIANT_ADD(bad_argument, longest_arcb) {
	FIELD(arcb_len),
	.value = 0xffffffff,
	.good = 0x200,
};

FIXTURE_VARIANT_ADD(bad_argument, empty_measurement) {
	FIELD(meas_len),
	.value = 0,
	.good = 1,
};

FIXTURE_VARIANT_ADD(bad_argument, long_measurement) {
	FIELD(meas_len),
	.value = UVIO_ATT_MEASUREMENT_MAX_LEN + 1,
	.good = UVIO_ATT_MEASUREMENT_MAX_LEN,
};

FIXTURE_VARIANT_ADD(bad_argument, longest_measurement) {
	FIELD(meas_len),
	.value = 0xffffffff,
	.good = 64,
};

FIXTURE_VARIANT_ADD(bad_argument, long_additional_data) {
	FIELD(add_data_len),
	.value = UVIO_ATT_ADDITIONAL_MAX_LEN + 1,
	.good = UVIO_ATT_ADDITIONAL_MAX_LEN,
};

FIXTURE_VARIANT_ADD(bad_argument, longest_additional_data) {
	FIELD(add_data_len),
	.value = 0xffffffff,
	.good = 0,
};

FIXTURE_VARIANT_ADD(bad_argument, reserved_field) {
	FIELD(reserved136),
	.half = true,
	.value = 1,
	.good = 0,
};

/* Requests that the Ultravisor answers with a measurement. */
FIXTURE(attestation) {
	int fd;
	struct target target;
	struct attester *at;
};

FIXTURE_VARIANT(attestation) {
	uint64_t flags;
	uint16_t user_data_len;
	unsigned int nr_decoys;
	uint32_t more_arcb;
	uint32_t more_meas;
	uint32_t more_add;
};

FIXTURE_VARIANT_ADD(attestation, no_flag) { .flags = 0 };
FIXTURE_VARIANT_ADD(attestation, nonce) { .flags = ARCB_FLAG_NONCE };
FIXTURE_VARIANT_ADD(attestation, image_key) { .flags = ARCB_FLAG_IMAGE_PHKH };

FIXTURE_VARIANT_ADD(attestation, image_key_nonce) {
	.flags = ARCB_FLAG_IMAGE_PHKH | ARCB_FLAG_NONCE,
};

FIXTURE_VARIANT_ADD(attestation, request_key) {
	.flags = ARCB_FLAG_ATTEST_PHKH,
};

FIXTURE_VARIANT_ADD(attestation, request_key_nonce) {
	.flags = ARCB_FLAG_ATTEST_PHKH | ARCB_FLAG_NONCE,
};

FIXTURE_VARIANT_ADD(attestation, both_keys) {
	.flags = ARCB_FLAG_IMAGE_PHKH | ARCB_FLAG_ATTEST_PHKH,
};

FIXTURE_VARIANT_ADD(attestation, both_keys_nonce) {
	.flags = 0x7000000000000000,
};

FIXTURE_VARIANT_ADD(attestation, secret_store) {
	.flags = ARCB_FLAG_SECRET_STORE,
};

FIXTURE_VARIANT_ADD(attestation, secret_store_nonce) {
	.flags = ARCB_FLAG_SECRET_STORE | ARCB_FLAG_NONCE,
};

FIXTURE_VARIANT_ADD(attestation, keys_and_store) {
	.flags = 0x3800000000000000,
};

FIXTURE_VARIANT_ADD(attestation, keys_and_store_nonce) {
	.flags = 0x7800000000000000,
};

FIXTURE_VARIANT_ADD(attestation, firmware) { .flags = ARCB_FLAG_FIRMWARE };

FIXTURE_VARIANT_ADD(attestation, firmware_nonce) {
	.flags = ARCB_FLAG_FIRMWARE | ARCB_FLAG_NONCE,
};

FIXTURE_VARIANT_ADD(attestation, every_flag_but_nonce) {
	.flags = 0x3c00000000000000,
};

FIXTURE_VARIANT_ADD(attestation, every_flag) { .flags = 0x7c00000000000000 };

FIXTURE_VARIANT_ADD(attestation, user_data_of_one_byte) {
	.flags = ARCB_FLAG_NONCE,
	.user_data_len = 1,
};

FIXTURE_VARIANT_ADD(attestation, user_data_of_full_length) {
	.flags = ARCB_FLAG_NONCE,
	.user_data_len = 256,
};

FIXTURE_VARIANT_ADD(attestation, own_slot_is_second) {
	.flags = ARCB_FLAG_NONCE,
	.nr_decoys = 1,
};

FIXTURE_VARIANT_ADD(attestation, own_slot_is_last_of_all) {
	.flags = ARCB_FLAG_NONCE,
	.nr_decoys = ARCB_MAX_SLOTS - 1,
};

FIXTURE_VARIANT_ADD(attestation, arcb_buffer_of_full_length) {
	.flags = ARCB_FLAG_NONCE,
	.more_arcb = UINT32_MAX,
};

FIXTURE_VARIANT_ADD(attestation, measurement_buffer_one_larger) {
	.flags = ARCB_FLAG_NONCE,
	.more_meas = 1,
};

FIXTURE_VARIANT_ADD(attestation, measurement_buffer_of_full_length) {
	.flags = ARCB_FLAG_NONCE,
	.more_meas = UINT32_MAX,
};

FIXTURE_VARIANT_ADD(attestation, additional_buffer_unused) {
	.flags = ARCB_FLAG_NONCE,
	.more_add = 8,
};

FIXTURE_VARIANT_ADD(attestation, additional_buffer_one_larger) {
	.flags = 0x7000000000000000,
	.more_add = 1,
};

FIXTURE_VARIANT_ADD(attestation, additional_buffer_of_full_length) {
	.flags = 0x7000000000000000,
	.user_data_len = 7,
	.more_add = UINT32_MAX,
};

/*
 * Requests that the Ultravisor refuses.  One byte of a good, sealed request is
 * changed, or one length of the call.
 */
FIXTURE(refusal) {
	int fd;
	struct target target;
	struct attester *at;
};

FIXTURE_VARIANT(refusal) {
	uint16_t rc;
	unsigned int offset;
	uint8_t flip;
	uint16_t user_data_len;
	uint32_t less_meas;
	uint32_t less_add;
};

FIXTURE_VARIANT_ADD(refusal, user_data_of_257_bytes) {
	.rc = UV_RC_ATT_USER_DATA,
	.user_data_len = 257,
};

FIXTURE_VARIANT_ADD(refusal, user_data_of_64k) {
	.rc = UV_RC_ATT_USER_DATA,
	.user_data_len = 0xffff,
};

FIXTURE_VARIANT_ADD(refusal, version) {
	.rc = UV_RC_ATT_VERSION,
	.offset = 0x0a,
	.flip = 0x03,
};

FIXTURE_VARIANT_ADD(refusal, request_size) {
	.rc = UV_RC_ATT_REQUEST_SIZE,
	.offset = 0x0f,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(refusal, more_slots_than_room) {
	.rc = UV_RC_ATT_REQUEST_SIZE,
	.offset = 0x27,
	.flip = 0x03,
};

FIXTURE_VARIANT_ADD(refusal, no_slots) {
	.rc = UV_RC_ATT_NR_SLOTS,
	.offset = 0x27,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(refusal, area_without_the_nonce) {
	.rc = UV_RC_ATT_AREA_SIZE,
	.offset = 0x2f,
	.flip = 0x10,
};

FIXTURE_VARIANT_ADD(refusal, reserved_flag) {
	.rc = UV_RC_ATT_FLAGS,
	.offset = 0x30,
	.flip = 0x80,
};

FIXTURE_VARIANT_ADD(refusal, algorithm) {
	.rc = UV_RC_ATT_ALGORITHM,
	.offset = 0x3b,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(refusal, initialisation_vector) {
	.rc = UV_RC_ATT_UNSEAL,
	.offset = 0x10,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(refusal, authenticated_reserved_byte) {
	.rc = UV_RC_ATT_UNSEAL,
	.offset = 0x3c,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(refusal, customer_key) {
	.rc = UV_RC_ATT_UNSEAL,
	.offset = 0x40 + 79,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(refusal, slot_for_another_host) {
	.rc = UV_RC_ATT_UNSEAL,
	.offset = 0xe0,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(refusal, wrapped_key) {
	.rc = UV_RC_ATT_UNSEAL,
	.offset = 0x100,
	.flip = 0x80,
};

FIXTURE_VARIANT_ADD(refusal, slot_tag) {
	.rc = UV_RC_ATT_UNSEAL,
	.offset = 0x12f,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(refusal, encrypted_area) {
	.rc = UV_RC_ATT_UNSEAL,
	.offset = 0x130,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(refusal, tag) {
	.rc = UV_RC_ATT_UNSEAL,
	.offset = 0x18f,
	.flip = 0x01,
};

FIXTURE_VARIANT_ADD(refusal, short_measurement_buffer) {
	.rc = UV_RC_ATT_MEASUREMENT,
	.less_meas = 1,
};

FIXTURE_VARIANT_ADD(refusal, shortest_measurement_buffer) {
	.rc = UV_RC_ATT_MEASUREMENT,
	.less_meas = 63,
};

FIXTURE_VARIANT_ADD(refusal, short_additional_buffer) {
	.rc = UV_RC_ATT_ADDITIONAL,
	.less_add = 1,
};

FIXTURE_VARIANT_ADD(refusal, no_additional_buffer) {
	.rc = UV_RC_ATT_ADDITIONAL,
	.less_add = 32,
};

#endif /* PV_SELFTEST_UVDEVICE_VARIANTS_H */
