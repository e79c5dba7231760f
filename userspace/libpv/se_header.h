/* SPDX-License-Identifier: MIT */
/* SE headers: sealing, the checks of a reader without keys, opening. */
#ifndef LIBPV_SE_HEADER_H
#define LIBPV_SE_HEADER_H

#include <stddef.h>

#include <openssl/evp.h>

#include <pv/se_header.h>

#include "error.h"

/**
 * struct pv_se_seal_params - everything that goes into a header
 * @hosts: public keys of the hosts that may run the image, one slot each, in
 *	this order
 * @customer: P-521 key pair, or NULL for a fresh one.  Must never be given
 *	twice with different header keys
 * @n_hosts: 1 to PV_SE_HEADER_MAX_SLOTS
 * @head: nep, pcf, pld, ald and tld are taken from here; every other field is
 *	filled in by pv_se_header_seal()
 * @secret: the encrypted area in plaintext, taken as it is
 * @header_key: 32 bytes (AES-256)
 * @iv: PV_GCM_IV_SIZE bytes, or NULL for a random one.  Must never be given
 *	twice with one @header_key
 */
struct pv_se_seal_params {
	EVP_PKEY **hosts;
	EVP_PKEY *customer;
	size_t n_hosts;
	const struct pv_se_header *head;
	const struct pv_se_header_secret *secret;
	const uint8_t *header_key;
	const uint8_t *iv;
};

/**
 * pv_se_header_sealed_size() - size of a header before it is made
 * @size: out, in bytes
 * @n_hosts: how many hosts it is for
 * @err: PV_ERR_LIMIT for a bad number of hosts
 *
 * Return: 0, or -1 with @err set.
 */
int pv_se_header_sealed_size(size_t *size, size_t n_hosts,
			     struct pv_error *err);

/**
 * pv_se_header_seal() - make an SE header of version 1
 * @out: the header, to be freed with free(); holds no plaintext secret
 * @len: its size in bytes, that of pv_se_header_sealed_size()
 * @params: see above
 * @err: PV_ERR_LIMIT for a bad number of hosts, PV_ERR_HOSTKEY for a key that
 *	is not on P-521, PV_ERR_MEMORY, PV_ERR_CRYPTO
 *
 * Return: 0, or -1 with @err set and @out NULL.
 */
int pv_se_header_seal(uint8_t **out, size_t *len,
		      const struct pv_se_seal_params *params,
		      struct pv_error *err);

/**
 * struct pv_se_slot_field - a part of a key slot
 * @name: short, as the specification has it; NULL ends a table
 * @offset: from the beginning of the slot
 * @size: in bytes
 */
struct pv_se_slot_field {
	const char *name;
	size_t offset;
	size_t size;
};

/**
 * pv_se_slot_fields() - what a key slot is made of
 * @version: of the header, as it stands in it
 *
 * Return: a table in the order of offsets, or NULL for an unknown version.
 */
const struct pv_se_slot_field *pv_se_slot_fields(uint32_t version);

/**
 * struct pv_se_view - where the parts of a header stand, owned by the caller
 * @head: plaintext part
 * @slots: @n_slots slots of @slot_size bytes: pv_se_slot(), pv_se_slot_fields()
 * @area: encrypted area
 * @area_len: its size in bytes
 * @tag: PV_GCM_TAG_SIZE bytes
 */
struct pv_se_view {
	const struct pv_se_header *head;
	const uint8_t *slots;
	size_t n_slots;
	size_t slot_size;
	const uint8_t *area;
	size_t area_len;
	const uint8_t *tag;
};

/** pv_se_slot() - slot number @i of a header, from 0 on */
static inline const uint8_t *pv_se_slot(const struct pv_se_view *view, size_t i)
{
	return view->slots + i * view->slot_size;
}

/**
 * pv_se_slot_phkh() - the host key that a slot is for
 * @view: of the header
 * @i: number of the slot, from 0 on
 *
 * Return: its public host key hash, PV_PHKH_SIZE bytes.
 */
const uint8_t *pv_se_slot_phkh(const struct pv_se_view *view, size_t i);

/**
 * pv_se_header_size() - size that a possible header says it has
 * @data: the first bytes of it
 * @len: how many there are
 *
 * Return: size in bytes, or 0 if no header begins here: magic missing, version
 * unknown, or size out of bounds.
 */
size_t pv_se_header_size(const void *data, size_t len);

/**
 * pv_se_header_parse() - find the parts of a header
 * @view: out, points into @data
 * @data: exactly one header
 * @len: its size in bytes; has to equal what the fields of the header add up to
 * @err: PV_ERR_FORMAT, PV_ERR_UNSUPPORTED, PV_ERR_LIMIT
 *
 * Checks sizes and counts.  Nothing is authenticated: that takes the header
 * key.
 *
 * Return: 0, or -1 with @err set.
 */
int pv_se_header_parse(struct pv_se_view *view, const void *data, size_t len,
		       struct pv_error *err);

/**
 * pv_se_header_open() - authenticate a header and decrypt its area
 * @secret: out; the caller wipes it
 * @view: of the header
 * @header_key: 32 bytes
 * @err: PV_ERR_UNSEAL (wrong key, or header altered), PV_ERR_UNSUPPORTED
 *	(optional items), PV_ERR_CRYPTO
 *
 * Return: 0, or -1 with @err set and @secret wiped.
 */
int pv_se_header_open(struct pv_se_header_secret *secret,
		      const struct pv_se_view *view, const uint8_t *header_key,
		      struct pv_error *err);

#endif /* LIBPV_SE_HEADER_H */
