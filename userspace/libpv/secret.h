/* SPDX-License-Identifier: MIT */
/* Secrets: types, ids, values on their way into and out of a guest, lists. */
#ifndef LIBPV_SECRET_H
#define LIBPV_SECRET_H

#include <stdbool.h>

#include <openssl/evp.h>

#include <pv/secret.h>

#include "file.h"
#include "uvdevice.h"

/**
 * struct pv_secret_kind - a row of the table of types
 * @type: number
 * @name: as s390-tools prints it, e.g. "AES-256-KEY"
 * @size: of the secret in a request, 0 if it varies
 * @object: of what is retrieved, 0 if it varies or cannot be retrieved
 * @retrievable: can be retrieved
 */
struct pv_secret_kind {
	enum pv_secret_type type;
	const char *name;
	size_t size;
	size_t object;
	bool retrievable;
};

/** pv_secret_kind() - NULL for a type that is not known */
const struct pv_secret_kind *pv_secret_kind(unsigned int type);

/** pv_secret_size_fits() - can a secret of this kind have so many bytes? */
bool pv_secret_size_fits(const struct pv_secret_kind *kind, size_t size);

/** pv_secret_id_from_name() - SHA-256 of the name */
int pv_secret_id_from_name(uint8_t *id, const char *name, struct pv_error *err);

/** pv_secret_id_use_name() - the name itself, cut at 31 bytes */
void pv_secret_id_use_name(uint8_t *id, const char *name);

/**
 * pv_secret_id_text() - the name in an id made by pv_secret_id_use_name()
 * @text: out, PV_SECRET_ID_SIZE bytes
 *
 * Return: false if the id is no printable text.
 */
bool pv_secret_id_text(char *text, const uint8_t *id);

/**
 * pv_secret_from_plaintext() - what a request carries for a payload
 * @out: length, payload and padding; owned by the caller
 * @err: PV_ERR_LIMIT, PV_ERR_MEMORY
 */
int pv_secret_from_plaintext(struct pv_buffer *out, const void *payload,
			     size_t size, struct pv_error *err);

/**
 * pv_secret_to_plaintext() - payload of a retrieved plaintext secret
 * @size: out, bytes of it
 *
 * What has no plausible length in front is returned as it is.
 *
 * Return: points into @object.
 */
const uint8_t *pv_secret_to_plaintext(const uint8_t *object, size_t object_size,
				      size_t *size);

/**
 * pv_secret_from_key() - what a request carries for a private key
 * @type: out, the type that fits the key's curve
 * @key: EC P-256, P-384, P-521, Ed25519 or Ed448
 * @err: PV_ERR_UNSUPPORTED, PV_ERR_CRYPTO (also for a public key),
 *	PV_ERR_MEMORY
 */
int pv_secret_from_key(struct pv_buffer *out, enum pv_secret_type *type,
		       const EVP_PKEY *key, struct pv_error *err);

/**
 * struct pv_secret_info - one secret of a store
 */
struct pv_secret_info {
	uint16_t index;
	uint16_t type;
	uint32_t size;
	uint8_t id[PV_SECRET_ID_SIZE];
};

/**
 * struct pv_secrets - a list; @entries is freed with pv_secrets_free()
 * @n: entries
 * @total: secrets in the store; more than @n if the list is not complete
 * @next: index to continue with, 0 if the list is complete
 */
struct pv_secrets {
	struct pv_secret_info *entries;
	size_t n;
	size_t total;
	uint16_t next;
};

/** pv_secrets_free() - an empty list afterwards */
void pv_secrets_free(struct pv_secrets *secrets);

/**
 * pv_secrets_parse() - read a list as the driver stores it
 * @data: struct pv_secret_list and entries
 * @size: bytes there are, for all entries the list claims
 * @err: PV_ERR_FORMAT, PV_ERR_MEMORY
 */
int pv_secrets_parse(struct pv_secrets *out, const void *data, size_t size,
		     struct pv_error *err);

/**
 * pv_secrets_build() - the same the other way, as "pvsecret list --format bin"
 */
int pv_secrets_build(struct pv_buffer *out, const struct pv_secrets *secrets,
		     struct pv_error *err);

/*
 * The device: each returns 0, or -1 with @err set (PV_ERR_UV with rc and rrc
 * and a sentence that says what to do, PV_ERR_IO, PV_ERR_UNSUPPORTED if the
 * driver does not have the request).
 */

/** pv_uvdevice_add_secret() - err: also PV_ERR_LIMIT for an impossible size */
int pv_uvdevice_add_secret(struct pv_uvdevice *dev, const void *asrcb,
			   size_t size, struct pv_error *err);

/**
 * pv_uvdevice_list_secrets() - what is in the store
 * @out: freed with pv_secrets_free()
 * @err: also PV_ERR_FORMAT, PV_ERR_MEMORY
 *
 * Asks for more pages until the list is complete, for one if the driver takes
 * no more.  Such a driver does not get past the first page: then @out->n is less
 * than @out->total, which the caller should tell its user.
 */
int pv_uvdevice_list_secrets(struct pv_uvdevice *dev, struct pv_secrets *out,
			     struct pv_error *err);

/** pv_uvdevice_lock_secrets() - for as long as the guest runs */
int pv_uvdevice_lock_secrets(struct pv_uvdevice *dev, struct pv_error *err);

/**
 * pv_uvdevice_retrieve_secret() - get a secret out of the store
 * @index: from the list
 * @size: from the list
 * @object: out, @size bytes; wiped by its owner, empty on failure
 * @err: also PV_ERR_LIMIT, PV_ERR_MEMORY
 */
int pv_uvdevice_retrieve_secret(struct pv_uvdevice *dev, uint16_t index,
				size_t size, struct pv_buffer *object,
				struct pv_error *err);

#endif /* LIBPV_SECRET_H */
