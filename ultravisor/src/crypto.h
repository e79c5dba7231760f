/* SPDX-License-Identifier: MIT */
/*
 * The few operations of libcrypto that the Ultravisor needs.  Each leaves the
 * thread's OpenSSL error queue as it found it: that queue is the embedder's.
 */
#ifndef UV_CRYPTO_H
#define UV_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/types.h>

#include "pv/keyslot.h"
#include "pv/types.h"

#define UV_SHA256_SIZE	32
#define UV_SHA512_SIZE	64

/* A refusal is the sender's fault, a failure is ours (no memory, ...). */
enum uv_crypto_result {
	UV_CRYPTO_OK,
	UV_CRYPTO_REFUSED,
	UV_CRYPTO_FAILED,
};

/** struct uv_chunk - part of a message that is not contiguous */
struct uv_chunk {
	const void *data;
	size_t len;
};

bool uv_sha256(const void *data, size_t len, uint8_t hash[UV_SHA256_SIZE]);
bool uv_sha512(const void *data, size_t len, uint8_t hash[UV_SHA512_SIZE]);

/** uv_hmac_sha512() - over the concatenation of @count chunks */
bool uv_hmac_sha512(const void *key, size_t key_len,
		    const struct uv_chunk *chunks, size_t count,
		    uint8_t mac[UV_SHA512_SIZE]);

/** uv_hkdf_sha512() - RFC 5869, extract and expand; nothing may be empty */
bool uv_hkdf_sha512(const uint8_t *key, size_t key_len, const uint8_t *salt,
		    size_t salt_len, const char *info, size_t info_len,
		    uint8_t *out, size_t out_len);

/**
 * struct uv_sealed - an AES-256-GCM message
 * @iv: PV_GCM_IV_SIZE bytes
 * @aad: additional data
 * @data: ciphertext, @len bytes of it
 * @tag: PV_GCM_TAG_SIZE bytes
 */
struct uv_sealed {
	const uint8_t *iv;
	const void *aad;
	size_t aad_len;
	const void *data;
	size_t len;
	const uint8_t *tag;
};

/**
 * uv_gcm_open() - verify and decrypt
 * @key: PV_REQUEST_KEY_SIZE bytes
 * @plain: @sealed->len bytes; zeroed unless the result is UV_CRYPTO_OK
 */
enum uv_crypto_result uv_gcm_open(const uint8_t *key,
				  const struct uv_sealed *sealed, void *plain);

/**
 * struct uv_sealing - an AES-256-GCM message to be
 * @iv: PV_GCM_IV_SIZE bytes, never used before with the key
 * @aad: additional data
 * @data: in: plaintext, out: ciphertext, @len bytes of it
 * @tag: out: PV_GCM_TAG_SIZE bytes
 */
struct uv_sealing {
	const uint8_t *iv;
	const void *aad;
	size_t aad_len;
	void *data;
	size_t len;
	uint8_t *tag;
};

/** uv_gcm_seal() - encrypt in place; false, and @data zero, if it failed */
bool uv_gcm_seal(const uint8_t *key, const struct uv_sealing *sealing);

#define UV_XTS_KEY_SIZE	64

/**
 * uv_xts_new() - AES-256-XTS, to be freed by EVP_CIPHER_CTX_free()
 * @encrypt: otherwise it decrypts
 *
 * Return: NULL if libcrypto failed or refuses the key
 */
EVP_CIPHER_CTX *uv_xts_new(const uint8_t key[UV_XTS_KEY_SIZE], bool encrypt);

/**
 * uv_xts_unit() - one data unit, e.g. a page
 * @tweak: the 16 bytes as they are encrypted, no sector number
 * @len: bytes, at least 16; need be no multiple of that
 * @out: may be @in
 */
bool uv_xts_unit(EVP_CIPHER_CTX *xts, const pv_be64 tweak[2],
		 const uint8_t *in, size_t len, uint8_t *out);

#endif /* UV_CRYPTO_H */
