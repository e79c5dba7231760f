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
 * @one_page: a kernel whose driver lists one page of secrets only
 * @no_retrieve: a kernel whose driver cannot retrieve secrets
 * @no_secrets: a kernel whose driver knows no secrets at all
 * @surplus: additional data is reported longer by so many bytes
 * @max_secrets: room in the store
 * @cck: customer communication key of the guest
 * @cck_enforced: extension secrets must be derived from it
 * @cck_update: it may be replaced
 * @store_path: file that keeps the secret store, NULL for none
 * @store: the secret store, see fake_secrets.c
 * @calls: calls that reached the Ultravisor
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
	bool one_page;
	bool no_retrieve;
	bool no_secrets;
	uint32_t surplus;
	size_t max_secrets;
	uint8_t cck[32];
	bool cck_enforced;
	bool cck_update;
	const char *store_path;
	struct fake_store *store;
	unsigned int calls;
};

/** fake_uv_init() - @host stays the caller's */
void fake_uv_init(struct fake_uv *uv, EVP_PKEY *host);

/** fake_uv_free() - forget the secrets, but for those in @store_path */
void fake_uv_free(struct fake_uv *uv);

#endif /* TESTS_FAKE_UV_H */
