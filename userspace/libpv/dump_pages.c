// SPDX-License-Identifier: MIT
/* The pages of a dump: what they are, and what is in them. */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "bytes.h"
#include "dump_pages.h"

/* How many entries are looked at between two reads. */
#define ENTRIES		4096

enum pv_dump_kind pv_dump_page_kind(const struct pv_dump_page *entry)
{
	if (pv_get_be32(entry->mark) != PV_DUMP_PAGE_SPECIAL)
		return PV_DUMP_ENCRYPTED;
	/* The other reserved bytes may mean something one day; this is known. */
	if (entry->reserved04[10] != 0)
		return PV_DUMP_BAD_PAGE;
	switch (entry->flags & ~PV_DUMP_PAGE_MAPPED) {
	case PV_DUMP_PAGE_ZERO:
		return PV_DUMP_ZERO;
	case PV_DUMP_PAGE_SHARED:
		return PV_DUMP_SHARED;
	}
	return PV_DUMP_BAD_PAGE;
}

static int bad_page(uint64_t number, const struct pv_dump_page *entry,
		    struct pv_error *err)
{
	return pv_fail(err, PV_ERR_FORMAT,
		       "Section %s says of page %llu that it is 0x%02x%02x, which means nothing: it was altered",
		       PV_DUMP_SECTION_PAGES, (unsigned long long)number,
		       entry->reserved04[10], entry->flags);
}

static int read_entries(const struct pv_dump *dump,
			struct pv_dump_page *entries, uint64_t first, size_t n,
			struct pv_error *err)
{
	return pv_dump_read(dump, dump->entries.offset +
			    first * sizeof(*entries), entries,
			    n * sizeof(*entries),
			    "section " PV_DUMP_SECTION_PAGES, err);
}

static int count_some(const struct pv_dump_page *entries, uint64_t first,
		      size_t n, uint64_t *counts, struct pv_error *err)
{
	for (size_t i = 0; i < n; i++) {
		const enum pv_dump_kind kind = pv_dump_page_kind(&entries[i]);

		if (kind == PV_DUMP_BAD_PAGE)
			return bad_page(first + i, &entries[i], err);
		counts[kind]++;
	}
	return 0;
}

int pv_dump_pages_count(const struct pv_dump *dump,
			uint64_t counts[PV_DUMP_N_PAGE_KINDS],
			struct pv_error *err)
{
	struct pv_dump_page *entries = calloc(ENTRIES, sizeof(*entries));
	int ret = 0;

	memset(counts, 0, PV_DUMP_N_PAGE_KINDS * sizeof(*counts));
	if (!entries)
		ret = pv_fail(err, PV_ERR_MEMORY, "Out of memory");
	for (uint64_t done = 0; ret == 0 && done < dump->pages;) {
		const uint64_t left = dump->pages - done;
		const size_t n = left < ENTRIES ? (size_t)left : ENTRIES;

		ret = read_entries(dump, entries, done, n, err);
		if (ret == 0)
			ret = count_some(entries, done, n, counts, err);
		done += n;
	}
	free(entries);
	return ret < 0 ? pv_dump_blame(dump, err) : 0;
}

EVP_CIPHER_CTX *pv_dump_xts_new(const struct pv_dump *dump,
				struct pv_error *err)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, "AES-256-XTS", NULL);
	EVP_CIPHER_CTX *xts = EVP_CIPHER_CTX_new();

	if (!cipher || !xts ||
	    !EVP_DecryptInit_ex2(xts, cipher, dump->secret.xts_key, NULL,
				 NULL)) {
		pv_fail_openssl(err, PV_ERR_CRYPTO,
				"AES-256-XTS does not start");
		EVP_CIPHER_CTX_free(xts);
		xts = NULL;
	}
	EVP_CIPHER_free(cipher);
	return xts;
}

static int decrypt_page(EVP_CIPHER_CTX *xts, const uint8_t *nonce,
			const struct pv_dump_page *entry, uint8_t *page,
			struct pv_error *err)
{
	const uint8_t *component = (const uint8_t *)entry;
	uint8_t tweak[sizeof(*entry)];
	int done;

	for (size_t i = 0; i < sizeof(tweak); i++)
		tweak[i] = component[i] | nonce[i];
	if (!EVP_DecryptInit_ex2(xts, NULL, NULL, tweak, NULL) ||
	    !EVP_DecryptUpdate(xts, page, &done, page, PV_PAGE_SIZE) ||
	    done != PV_PAGE_SIZE)
		return pv_fail_openssl(err, PV_ERR_CRYPTO,
				       "AES-256-XTS failed");
	return 0;
}

/* Where the file has zero pages nothing has to be read; it may have holes. */
static int read_data(const struct pv_dump *dump, struct pv_dump_chunk *chunk,
		     struct pv_error *err)
{
	size_t i = 0, end;

	while (i < chunk->n) {
		uint8_t *page = chunk->data + i * PV_PAGE_SIZE;

		for (end = i + 1; end < chunk->n &&
		     chunk->blank[end] == chunk->blank[i];)
			end++;
		if (chunk->blank[i])
			memset(page, 0, (end - i) * PV_PAGE_SIZE);
		else if (pv_dump_read(dump, dump->memory.offset +
				      (chunk->first + i) * PV_PAGE_SIZE,
				      page, (end - i) * PV_PAGE_SIZE,
				      "memory", err) < 0)
			return -1;
		i = end;
	}
	return 0;
}

static bool page_is_blank(const uint8_t *page)
{
	return page[0] == 0 && memcmp(page, page + 1, PV_PAGE_SIZE - 1) == 0;
}

static int open_pages(const struct pv_dump *dump, EVP_CIPHER_CTX *xts,
		      struct pv_dump_chunk *chunk,
		      const struct pv_dump_page *entry, struct pv_error *err)
{
	uint8_t *page = chunk->data;

	for (size_t i = 0; i < chunk->n; i++) {
		if (pv_dump_page_kind(entry) == PV_DUMP_ENCRYPTED &&
		    decrypt_page(xts, dump->secret.nonce, entry, page,
				 err) < 0)
			return -1;
		if (!chunk->blank[i])
			chunk->blank[i] = page_is_blank(page);
		entry++;
		page += PV_PAGE_SIZE;
	}
	return 0;
}

static int read_pages(const struct pv_dump *dump, EVP_CIPHER_CTX *xts,
		      struct pv_dump_chunk *chunk, struct pv_error *err)
{
	struct pv_dump_page entries[PV_DUMP_CHUNK_PAGES];

	if (read_entries(dump, entries, chunk->first, chunk->n, err) < 0)
		return -1;
	for (size_t i = 0; i < chunk->n; i++) {
		const enum pv_dump_kind kind = pv_dump_page_kind(&entries[i]);

		if (kind == PV_DUMP_BAD_PAGE)
			return bad_page(chunk->first + i, &entries[i], err);
		chunk->blank[i] = kind == PV_DUMP_ZERO;
	}
	if (read_data(dump, chunk, err) < 0)
		return -1;
	return open_pages(dump, xts, chunk, entries, err);
}

int pv_dump_pages_read(const struct pv_dump *dump, EVP_CIPHER_CTX *xts,
		       struct pv_dump_chunk *chunk, struct pv_error *err)
{
	if (read_pages(dump, xts, chunk, err) == 0)
		return 0;
	return pv_dump_blame(dump, err);
}

/* Return: how many bytes at @addr were copied, or -1. */
static ssize_t read_some(const struct pv_dump *dump, EVP_CIPHER_CTX *xts,
			 struct pv_dump_chunk *chunk, uint64_t addr,
			 uint8_t *out, size_t size, struct pv_error *err)
{
	const size_t skip = addr % PV_PAGE_SIZE;

	chunk->first = addr / PV_PAGE_SIZE;
	chunk->n = 1;
	if (pv_dump_pages_read(dump, xts, chunk, err) < 0)
		return -1;
	if (size > PV_PAGE_SIZE - skip)
		size = PV_PAGE_SIZE - skip;
	memcpy(out, chunk->data + skip, size);
	return (ssize_t)size;
}

int pv_dump_memory_read(const struct pv_dump *dump, uint64_t addr, void *out,
			size_t size, struct pv_error *err)
{
	uint8_t page[PV_PAGE_SIZE], *next = out;
	struct pv_dump_chunk chunk = { .data = page };
	EVP_CIPHER_CTX *xts;
	ssize_t n = 0;

	if (addr > dump->memory.size || size > dump->memory.size - addr)
		return pv_fail(err, PV_ERR_LIMIT,
			       "It does not hold %zu bytes at 0x%llx", size,
			       (unsigned long long)addr);
	xts = pv_dump_xts_new(dump, err);
	while (xts && n >= 0 && size > 0) {
		n = read_some(dump, xts, &chunk, addr, next, size, err);
		if (n < 0)
			break;
		addr += (uint64_t)n;
		next += n;
		size -= (size_t)n;
	}
	EVP_CIPHER_CTX_free(xts);
	OPENSSL_cleanse(page, sizeof(page));
	return xts && n >= 0 ? 0 : -1;
}
