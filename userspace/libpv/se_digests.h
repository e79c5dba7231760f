/* SPDX-License-Identifier: MIT */
/*
 * The three digests by which an SE header pins the components of its image:
 * contents (PLD), addresses (ALD) and tweaks (TLD), each one running SHA-512
 * over all pages of all components in the order in which they are unpacked.
 */
#ifndef LIBPV_SE_DIGESTS_H
#define LIBPV_SE_DIGESTS_H

#include <pv/se_header.h>

#include "error.h"

struct pv_se_digests;

/**
 * pv_se_digests_new() - start with no page
 * @err: PV_ERR_MEMORY, PV_ERR_CRYPTO
 *
 * Return: to be freed with pv_se_digests_free(), or NULL with @err set.
 */
struct pv_se_digests *pv_se_digests_new(struct pv_error *err);

/** pv_se_digests_free() - NULL is fine */
void pv_se_digests_free(struct pv_se_digests *digests);

/**
 * struct pv_se_place - where a page belongs
 * @addr: guest absolute address
 * @tweak_prefix: high half of the tweak, the same for a whole component
 * @offset: low half, byte offset of the page in its component
 */
struct pv_se_place {
	uint64_t addr;
	uint64_t tweak_prefix;
	uint64_t offset;
};

/**
 * pv_se_digests_pages() - account for the next pages of a component
 * @data: @pages pages of PV_PAGE_SIZE bytes as they stand in the image:
 *	ciphertext, or plaintext if it has PV_PCF_NO_COMPONENT_ENCRYPTION
 * @place: of the first of them
 * @err: PV_ERR_CRYPTO
 *
 * Return: 0, or -1 with @err set.
 */
int pv_se_digests_pages(struct pv_se_digests *digests, const uint8_t *data,
			size_t pages, const struct pv_se_place *place,
			struct pv_error *err);

/**
 * pv_se_digests_final() - fill in what the header says about the components
 * @head: nep, pld, ald and tld are set, nothing else
 *
 * Nothing may be added afterwards.
 *
 * Return: 0, or -1 with @err set.
 */
int pv_se_digests_final(struct pv_se_digests *digests,
			struct pv_se_header *head, struct pv_error *err);

#endif /* LIBPV_SE_DIGESTS_H */
