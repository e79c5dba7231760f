/* SPDX-License-Identifier: MIT */
/* The pages of a dump: what they are, and what is in them. */
#ifndef LIBPV_DUMP_PAGES_H
#define LIBPV_DUMP_PAGES_H

#include <openssl/evp.h>

#include "dump_file.h"

/* Large enough to keep system calls few, small enough to stay in the cache. */
#define PV_DUMP_CHUNK_PAGES	64
#define PV_DUMP_CHUNK_SIZE	(PV_DUMP_CHUNK_PAGES * (size_t)PV_PAGE_SIZE)

enum pv_dump_kind {
	PV_DUMP_ENCRYPTED,
	PV_DUMP_ZERO,		/* the guest never had it */
	PV_DUMP_SHARED,		/* in the clear */
	PV_DUMP_N_PAGE_KINDS,
	PV_DUMP_BAD_PAGE = PV_DUMP_N_PAGE_KINDS
};

/** pv_dump_page_kind() - what an entry says of its page */
enum pv_dump_kind pv_dump_page_kind(const struct pv_dump_page *entry);

/**
 * pv_dump_pages_count() - look at the entries of all pages
 * @counts: out, by enum pv_dump_kind
 * @err: PV_ERR_IO; PV_ERR_FORMAT if one of them makes no sense
 *
 * Return: 0, or -1 with @err set.
 */
int pv_dump_pages_count(const struct pv_dump *dump,
			uint64_t counts[PV_DUMP_N_PAGE_KINDS],
			struct pv_error *err);

/**
 * pv_dump_xts_new() - get ready to decrypt
 * @dump: unlocked
 * @err: PV_ERR_CRYPTO
 *
 * Return: for one thread at a time, to be freed (and wiped) with
 * EVP_CIPHER_CTX_free(); or NULL with @err set.
 */
EVP_CIPHER_CTX *pv_dump_xts_new(const struct pv_dump *dump,
				struct pv_error *err);

/**
 * struct pv_dump_chunk - some pages in plaintext
 * @first: number of the first, its address by the size of a page
 * @n: of them
 * @blank: pages that hold nothing but zeros
 * @data: PV_DUMP_CHUNK_SIZE bytes of room
 */
struct pv_dump_chunk {
	uint64_t first;
	size_t n;
	bool blank[PV_DUMP_CHUNK_PAGES];
	uint8_t *data;
};

/**
 * pv_dump_pages_read() - read pages and decrypt them
 * @dump: unlocked
 * @xts: from pv_dump_xts_new()
 * @chunk: with @first, @n and @data, all pages within @pages of @dump; out: the
 *	rest.  The caller wipes it.
 * @err: PV_ERR_IO, PV_ERR_CRYPTO; PV_ERR_FORMAT if the file ends, or if an
 *	entry makes no sense
 *
 * Return: 0, or -1 with @err set.
 */
int pv_dump_pages_read(const struct pv_dump *dump, EVP_CIPHER_CTX *xts,
		       struct pv_dump_chunk *chunk, struct pv_error *err);

/**
 * pv_dump_memory_read() - bytes of the guest in plaintext
 * @dump: unlocked
 * @addr: guest absolute address
 * @out: @size bytes; the caller wipes it
 * @err: as pv_dump_pages_read(); PV_ERR_LIMIT if the dump does not hold them
 *
 * Return: 0, or -1 with @err set.
 */
int pv_dump_memory_read(const struct pv_dump *dump, uint64_t addr, void *out,
			size_t size, struct pv_error *err);

#endif /* LIBPV_DUMP_PAGES_H */
