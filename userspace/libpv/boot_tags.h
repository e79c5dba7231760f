/* SPDX-License-Identifier: MIT */
/* Boot tags: found in an SE header, wherever in a file that stands. */
#ifndef LIBPV_BOOT_TAGS_H
#define LIBPV_BOOT_TAGS_H

#include <sys/types.h>

#include <pv/attest.h>

#include "error.h"

/**
 * struct pv_source - something that can be read at any place
 * @read: stores up to @size bytes from @offset on; returns their number, less
 *	than @size only at the end, or -1 with errno set
 * @ctx: for @read
 */
struct pv_source {
	ssize_t (*read)(void *ctx, uint64_t offset, void *out, size_t size);
	void *ctx;
};

/**
 * pv_boot_tags_find() - find an SE header and take its tags
 * @tags: out
 * @source: an SE header or an SE image
 * @err: PV_ERR_FORMAT (no or a damaged header), PV_ERR_UNSUPPORTED or
 *	PV_ERR_LIMIT (as pv_se_header_parse()), PV_ERR_IO
 *
 * An image of pvimg says in a block at 0xc000 where its header stands; without
 * it the header is looked for at the first 21 page starts.  The header is not
 * authenticated, that would take its key.
 *
 * Return: 0, or -1 with @err set.
 */
int pv_boot_tags_find(struct pv_boot_tags *tags,
		      const struct pv_source *source, struct pv_error *err);

/**
 * pv_boot_tags_read() - the same for a file
 * @path: regular file of any size
 *
 * Return: 0, or -1 with @err set (the text names @path).
 */
int pv_boot_tags_read(struct pv_boot_tags *tags, const char *path,
		      struct pv_error *err);

#endif /* LIBPV_BOOT_TAGS_H */
