/* SPDX-License-Identifier: MIT */
/*
 * An Ultravisor for tests of libpv: answers the requests of /dev/uv.
 *
 * Written against the formats, not with libpv's code, and the other way round:
 * it opens requests with the host's private key and measures by itself.
 */
#ifndef TESTS_FAKE_UV_H
#define TESTS_FAKE_UV_H

#include <openssl/evp.h>

#include "uvdevice.h"

/**
 * struct fake_uv - its state
 * @dev: to be given to libpv
 * @host: private host key
 * @boot_tags: 0xd0 bytes
 * @config_uid: of the guest
 * @store_hash: of the secret store
 * @firmware: firmware state
 * @fail_errno: the driver fails with it, if not 0
 * @fail_rc: the Ultravisor answers so, if not 0
 * @no_info: an old kernel
 * @surplus: additional data is reported longer by so many bytes
 * @calls: attestations performed
 */
struct fake_uv {
	struct pv_uvdevice dev;
	EVP_PKEY *host;
	uint8_t boot_tags[0xd0];
	uint8_t config_uid[16];
	uint8_t store_hash[64];
	uint8_t firmware[320];
	int fail_errno;
	uint16_t fail_rc;
	bool no_info;
	uint32_t surplus;
	unsigned int calls;
};

/** fake_uv_init() - @host stays the caller's */
void fake_uv_init(struct fake_uv *uv, EVP_PKEY *host);

#endif /* TESTS_FAKE_UV_H */
