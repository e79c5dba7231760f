/* SPDX-License-Identifier: MIT */
/*
 * The other end of the wire, for tests: makes SE headers and attestation
 * requests.  Shares no code with the library; whatever libcrypto refuses here
 * ends the program.
 */
#ifndef TESTS_SEAL_H
#define TESTS_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/types.h>

#define SEAL_MAX_SLOTS		255
#define SEAL_MAX_REQUEST	20720

/** seal_hex() - bytes written in hexadecimal; returns how many */
size_t seal_hex(const char *hex, uint8_t *out, size_t max);

/** seal_scalar() - P-521 private key from a big-endian scalar in hexadecimal */
EVP_PKEY *seal_scalar(const char *hex);

/** seal_public() - P-521 public key from two 66-byte coordinates */
EVP_PKEY *seal_public(const char *x, const char *y);

/* The keys of the known answers. */
#define SEAL_CUSTOMER	/* TEST customer key */ \
	"01" \
	"8888888888888888888888888888888888888888888888888888888888888888" \
	"8888888888888888888888888888888888888888888888888888888888888888"
#define SEAL_HOST	/* TEST host key */ \
	"01" \
	"7777777777777777777777777777777777777777777777777777777777777777" \
	"7777777777777777777777777777777777777777777777777777777777777777"
#define SEAL_BACKUP	/* TEST backup host key, the scalar starts with zeros */ \
	"2121212121212121212121212121212121212121212121212121212121212121" \
	"2121212121212121212121212121212121212121212121212121212121212121"

/* A host whose private key was never published. */
#define SEAL_PUBLISHED_X \
	"0176881cd84b8b6de7123c7e900edf78e7f7b684999146b1263ba8b86c8447f08a" \
	"b6d469c2b128ed9e1c35015805acd3d30233d39122f7e2f8aa1c2b147b7883b406"
#define SEAL_PUBLISHED_Y \
	"00c34556c25cf92f29ce66bd44114d6b7b3c78e13a3f90bdb90040f6876e5262f7" \
	"78a61a937d1b34802eb257e34e0672dd5f2a347addaa282035092a70c35c2e7973"

/** seal_pem() - the private key in PEM form, to be freed with free() */
char *seal_pem(EVP_PKEY *key);

/** seal_point() - X and Y, padded to 80 bytes each */
void seal_point(EVP_PKEY *key, uint8_t out[160]);
void seal_phkh(EVP_PKEY *key, uint8_t out[32]);

/** seal_exchange() - ECDH and key derivation */
void seal_exchange(EVP_PKEY *own, EVP_PKEY *peer, uint8_t out[32]);

/** seal_gcm() - AES-256-GCM; @out gets @len bytes and the tag behind them */
void seal_gcm(const uint8_t key[32], const uint8_t iv[12], const uint8_t *aad,
	      size_t aad_len, const uint8_t *plain, size_t len, uint8_t *out);

void seal_slot(EVP_PKEY *customer, EVP_PKEY *host, const uint8_t key[32],
	       uint8_t out[80]);

/**
 * struct seal_request - an attestation request; known-answer values from
 *	seal_request_init()
 * @hosts: one slot for each
 */
struct seal_request {
	uint8_t magic[8];
	uint32_t version;
	uint8_t iv[12];
	uint64_t flags;
	uint32_t algorithm;
	EVP_PKEY *customer;
	EVP_PKEY *hosts[SEAL_MAX_SLOTS];
	size_t nks;
	uint8_t key[32];
	uint8_t meas_key[64];
	uint8_t nonce[16];
};

/** seal_request_init() - one slot for @host, all flags of a z17 */
void seal_request_init(struct seal_request *request, EVP_PKEY *customer,
		       EVP_PKEY *host);
/** seal_request() - returns the size */
size_t seal_request(const struct seal_request *request,
		    uint8_t out[SEAL_MAX_REQUEST]);
/** seal_request_again() - seal altered plaintext parts with @request's keys */
void seal_request_again(const struct seal_request *request, uint8_t *bytes,
			size_t len);

/** struct seal_header - an SE header; values from seal_header_init() */
struct seal_header {
	uint32_t version;
	uint8_t iv[12];
	uint64_t nep;
	uint64_t pcf;
	EVP_PKEY *customer;
	EVP_PKEY *hosts[SEAL_MAX_SLOTS];
	size_t nks;
	uint8_t key[32];
	uint8_t pld[64];
	uint8_t ald[64];
	uint8_t tld[64];
	uint8_t cck[32];
	uint8_t xts[64];
	uint64_t psw_mask;
	uint64_t psw_addr;
	uint64_t scf;
	uint32_t noi;
};

void seal_header_init(struct seal_header *header, EVP_PKEY *customer,
		      EVP_PKEY *host);
size_t seal_header(const struct seal_header *header, uint8_t out[8192]);
/** seal_header_again() - the same as seal_request_again() */
void seal_header_again(const struct seal_header *header, uint8_t *bytes,
		       size_t len);

#endif /* TESTS_SEAL_H */
