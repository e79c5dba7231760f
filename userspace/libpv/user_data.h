/* SPDX-License-Identifier: MIT */
/*
 * User data of add-secret requests and who signed them: for asrcb.c and
 * asrcb_read.c only.
 *
 * Signed is all of a request but its tag, with zeros where the signature and
 * what belongs to it will stand: from the end of the data to that of the field.
 */
#ifndef LIBPV_USER_DATA_H
#define LIBPV_USER_DATA_H

#include <stdbool.h>

#include <openssl/evp.h>

#include <pv/secret.h>

#include "error.h"

/**
 * struct pv_user_data_layout - how a kind of user data fills its field
 * @name: of the key that signs, NULL if none does
 * @algorithm: of that key, as libcrypto names it
 * @bits: size of the key
 * @data: bytes for data; the part of the signature follows
 * @signature: size of a signature, at most
 */
struct pv_user_data_layout {
	const char *name;
	const char *algorithm;
	int bits;
	size_t data;
	size_t signature;
};

/** pv_user_data_layout() - NULL for an unknown kind */
const struct pv_user_data_layout *pv_user_data_layout(unsigned int kind);

/**
 * pv_user_data_kind_of_key() - which kind a key signs
 * @kind: out
 * @err: PV_ERR_UNSUPPORTED
 *
 * Return: 0, or -1 with @err set.
 */
int pv_user_data_kind_of_key(enum pv_user_data_kind *kind, const EVP_PKEY *key,
			     struct pv_error *err);

/**
 * pv_user_data_sign() - put a signature into a request
 * @request: complete but for signature and tag
 * @size: its size without the tag
 * @kind: of its user data, that of @key
 * @err: PV_ERR_CRYPTO
 *
 * Return: 0, or -1 with @err set.
 */
int pv_user_data_sign(struct pv_asrcb *request, size_t size,
		      enum pv_user_data_kind kind, EVP_PKEY *key,
		      struct pv_error *err);

/**
 * pv_user_data_verify() - is the signature in a request that of a key?
 * @request: size is known to be good
 * @size: its size without the tag
 * @kind: of its user data, that of @key
 * @err: PV_ERR_MISMATCH, PV_ERR_FORMAT (no signature can look so),
 *	PV_ERR_MEMORY, PV_ERR_CRYPTO
 *
 * Return: 0 if it is, else -1 with @err set.
 */
int pv_user_data_verify(const struct pv_asrcb *request, size_t size,
			enum pv_user_data_kind kind, EVP_PKEY *key,
			struct pv_error *err);

#endif /* LIBPV_USER_DATA_H */
