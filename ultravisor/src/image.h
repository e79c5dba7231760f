/* SPDX-License-Identifier: MIT */
/*
 * An SE image on its way into a configuration: set parameters, unpack, verify.
 *
 * Three functions, one for each call that a host makes.  Each checks the state
 * of the configuration first, and changes nothing when it refuses.
 */
#ifndef UV_IMAGE_H
#define UV_IMAGE_H

#include <openssl/types.h>

#include "pv/types.h"
#include "ultravisor.h"

/** enum uv_config_state - how far the image of a configuration has come */
enum uv_config_state {
	UV_CONFIG_CREATED,
	UV_CONFIG_PARAMS_SET,
	UV_CONFIG_UNPACKING,
	UV_CONFIG_VERIFIED,	/* may run */
	UV_CONFIG_STATES
};

/**
 * struct uv_unpack - what unpacking needs from its first to its last page
 * @xts: decrypts pages; NULL if the pages of the image are not encrypted
 * @pld: running page list digest, over pages as they were stored
 * @ald: running address list digest
 * @tld: running tweak list digest
 * @pages: how many there were
 */
struct uv_unpack {
	EVP_CIPHER_CTX *xts;
	EVP_MD_CTX *pld;
	EVP_MD_CTX *ald;
	EVP_MD_CTX *tld;
	uint64_t pages;
};

/** uv_unpack_free() - wipe and free what @unpack holds; zeroed is fine */
void uv_unpack_free(struct uv_unpack *unpack);

/**
 * struct uv_source - bytes of the machine that an operand designates
 * @read: the callback of struct uv_ops for its address space
 * @opaque: what that callback takes
 */
struct uv_source {
	enum uv_access (*read)(void *opaque, uint64_t addr, void *buf,
			       size_t len);
	void *opaque;
	uint64_t addr;
	uint64_t len;
};

/**
 * uv_image_set_params() - open the SE header of an image
 * @header: where it is; of a longer one the first 8192 bytes must be readable
 *
 * Return: 0, or -1 with @err set: rc and rrc are those of the call
 */
int uv_image_set_params(struct uv_machine *machine, struct uv_config *config,
			const struct uv_source *header, struct uv_error *err);

/** uv_image_may_unpack() - 0 if unpack is possible in this state, or -1, @err */
int uv_image_may_unpack(const struct uv_config *config, struct uv_error *err);

/**
 * uv_image_unpack() - take one page into a configuration
 * @frame: absolute address of the page, which is decrypted in place
 * @addr: guest absolute address of it, which is part of the image
 * @tweak: tweak prefix of the component, byte offset of the page in it
 *
 * Somebody lost access to the page: rights_reduced() is left to the caller, who
 * may have more pages.
 *
 * Return: 0, or -1 with @err set.  Only after a failure of libcrypto (rc
 * 0x01f0) the page may have been taken and the digests be spoilt: the image can
 * then not be verified.
 */
int uv_image_unpack(struct uv_machine *machine, struct uv_config *config,
		    uint64_t frame, uint64_t addr, const pv_be64 tweak[2],
		    struct uv_error *err);

/**
 * uv_image_verify() - compare what was unpacked with the SE header
 *
 * Return: 0, or -1 with @err set; more can be unpacked then
 */
int uv_image_verify(struct uv_machine *machine, struct uv_config *config,
		    struct uv_error *err);

#endif /* UV_IMAGE_H */
