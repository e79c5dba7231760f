/* SPDX-License-Identifier: MIT */
/*
 * A thread that digests the pages of an SE image behind the back of the one
 * that makes them.
 *
 * SHA-512 takes most of the time that an image takes, so it gets a processor of
 * its own; reading, encrypting and writing share the other.
 */
#ifndef LIBPV_SE_HASHER_H
#define LIBPV_SE_HASHER_H

#include "se_digests.h"

/* Large enough to keep system calls few, small enough to stay in the cache. */
#define PV_SE_CHUNK_SIZE	(128 * 1024)

struct pv_se_hasher;

/**
 * struct pv_se_chunk - some pages of one component
 * @data: PV_SE_CHUNK_SIZE bytes of room
 * @pages: how many of them count
 * @place: of the first
 */
struct pv_se_chunk {
	uint8_t *data;
	size_t pages;
	struct pv_se_place place;
};

/**
 * pv_se_hasher_start() - start the thread
 * @err: PV_ERR_MEMORY (also if there can be no thread), PV_ERR_CRYPTO
 *
 * Return: to be freed with pv_se_hasher_free(), or NULL with @err set.
 */
struct pv_se_hasher *pv_se_hasher_start(struct pv_error *err);

/**
 * pv_se_hasher_get() - wait for a chunk that can be filled
 * @err: PV_ERR_CRYPTO if an earlier chunk could not be digested
 *
 * Nobody may use the chunk of the last pv_se_hasher_put() any more: it may be
 * the one that comes back.
 *
 * Return: the chunk, or NULL with @err set.
 */
struct pv_se_chunk *pv_se_hasher_get(struct pv_se_hasher *hasher,
				     struct pv_error *err);

/**
 * pv_se_hasher_put() - have the chunk of the last pv_se_hasher_get() digested
 *
 * It may still be read, but not be changed.
 */
void pv_se_hasher_put(struct pv_se_hasher *hasher);

/**
 * pv_se_hasher_finish() - wait until all is digested
 * @head: nep, pld, ald and tld are set, nothing else
 * @err: PV_ERR_CRYPTO
 *
 * Nothing may be put afterwards.
 *
 * Return: 0, or -1 with @err set.
 */
int pv_se_hasher_finish(struct pv_se_hasher *hasher, struct pv_se_header *head,
			struct pv_error *err);

/** pv_se_hasher_free() - stop it, wherever it is; NULL is fine */
void pv_se_hasher_free(struct pv_se_hasher *hasher);

#endif /* LIBPV_SE_HASHER_H */
