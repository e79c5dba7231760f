/* SPDX-License-Identifier: MIT */
/* Add-secret requests (ASRCB, version 1): making, reading, verifying them. */
#ifndef LIBPV_ASRCB_H
#define LIBPV_ASRCB_H

#include <stdbool.h>

#include <openssl/evp.h>

#include <pv/secret.h>

#include "file.h"

/**
 * struct pv_asrcb_spec - everything that goes into a request
 * @hosts: public keys of the hosts that may open it
 * @customer: key pair of this request, NULL for a fresh one
 * @sign_key: signs the user data: P-521, RSA-2048 or RSA-3072; NULL for none
 * @n_hosts: number of @hosts, 1 to 255
 * @flags: PV_ADD_SECRET_FLAG_*
 * @boot_tags: of the image the secret is for
 * @config_uid: of the instance it is for, or zeros
 * @type: of the secret
 * @id: of the secret; ignored for PV_SECRET_NULL and PV_SECRET_UPDATE_CCK
 * @secret: bytes that go into the encrypted area as they are (see
 *	pv_secret_from_plaintext() and its like), owned by the caller
 * @secret_size: bytes of it
 * @extension: extension secret, zeros for none
 * @user_data: NULL for none
 * @user_data_size: bytes of it, see enum pv_user_data_kind
 * @key: request protection key
 * @iv: of the request
 *
 * pv_asrcb_spec_randomize() fills in @key and @iv; pv_asrcb_spec_wipe()
 * forgets them and @extension.  Everything else stays the caller's.
 */
struct pv_asrcb_spec {
	EVP_PKEY **hosts;
	EVP_PKEY *customer;
	EVP_PKEY *sign_key;
	size_t n_hosts;
	uint64_t flags;
	struct pv_boot_tags boot_tags;
	uint8_t config_uid[PV_CONFIG_UID_SIZE];
	enum pv_secret_type type;
	uint8_t id[PV_SECRET_ID_SIZE];
	const uint8_t *secret;
	size_t secret_size;
	uint8_t extension[PV_EXTENSION_SECRET_SIZE];
	const uint8_t *user_data;
	size_t user_data_size;
	uint8_t key[PV_REQUEST_KEY_SIZE];
	uint8_t iv[PV_GCM_IV_SIZE];
};

/** pv_asrcb_spec_randomize() - draw key and IV; err: PV_ERR_CRYPTO */
int pv_asrcb_spec_randomize(struct pv_asrcb_spec *spec, struct pv_error *err);

/** pv_asrcb_spec_wipe() - overwrite key, IV and extension secret */
void pv_asrcb_spec_wipe(struct pv_asrcb_spec *spec);

/**
 * pv_asrcb_create() - seal a request
 * @out: the request, owned by the caller
 * @err: PV_ERR_LIMIT (hosts, size of user data), PV_ERR_FORMAT (size of the
 *	secret does not fit its type), PV_ERR_UNSUPPORTED (type; kind of
 *	@sign_key), PV_ERR_HOSTKEY, PV_ERR_MEMORY, PV_ERR_CRYPTO
 *
 * Return: 0, or -1 with @err set and @out empty.
 */
int pv_asrcb_create(struct pv_buffer *out, const struct pv_asrcb_spec *spec,
		    struct pv_error *err);

/**
 * struct pv_asrcb_info - what a request says in plain text
 * @head: fixed part
 * @kind: of its user data
 * @n_slots: number of key slots
 * @slots: they themselves
 * @type: of the secret
 * @id: of the secret, NULL if there is none
 * @size: of the secret in bytes
 * @data_size: bytes of user data, padding included
 *
 * Points into the request.
 */
struct pv_asrcb_info {
	const struct pv_asrcb *head;
	enum pv_user_data_kind kind;
	size_t n_slots;
	const struct pv_keyslot *slots;
	enum pv_secret_type type;
	const uint8_t *id;
	size_t size;
	size_t data_size;
};

/**
 * pv_asrcb_parse() - check a request as far as that is possible without a key
 * @info: out
 * @asrcb: the request
 * @size: its size in bytes, which the request must confirm
 * @err: PV_ERR_FORMAT, PV_ERR_UNSUPPORTED (version, kind of user data, type)
 *
 * Order: magic, size, size it states, version, kind of user data, number of
 * slots, sizes against each other, type, header and size that the type asks for.
 *
 * Return: 0, or -1 with @err set.
 */
int pv_asrcb_parse(struct pv_asrcb_info *info, const void *asrcb, size_t size,
		   struct pv_error *err);

/**
 * pv_asrcb_verify() - are the user data what the owner of a key signed?
 * @info: of the request
 * @asrcb: the request
 * @size: its size in bytes
 * @key: public key; NULL if the user data are said to be unsigned
 * @err: PV_ERR_USAGE (signed but no key, or a key but nothing signed),
 *	PV_ERR_UNSUPPORTED (wrong kind of key), PV_ERR_FORMAT (no signature
 *	can look so), PV_ERR_MISMATCH (signature)
 *
 * The request's own tag is not checked: that takes its key.
 *
 * Return: 0, or -1 with @err set.
 */
int pv_asrcb_verify(const struct pv_asrcb_info *info, const void *asrcb,
		    size_t size, EVP_PKEY *key, struct pv_error *err);

/**
 * pv_extension_secret_derive() - extension secret of the holder of a CCK
 * @extension: out, PV_EXTENSION_SECRET_SIZE bytes; the caller wipes it
 * @cck: PV_CCK_SIZE bytes
 * @header_tag: PV_GCM_TAG_SIZE bytes, tag of the SE header
 * @err: PV_ERR_CRYPTO
 *
 * Return: 0, or -1 with @err set.
 */
int pv_extension_secret_derive(uint8_t *extension, const uint8_t *cck,
			       const uint8_t *header_tag,
			       struct pv_error *err);

#endif /* LIBPV_ASRCB_H */
