/* SPDX-License-Identifier: MIT */
/* Finding an SE header: in a header file, an image, or anywhere on a disk. */
#ifndef LIBPV_SE_FIND_H
#define LIBPV_SE_FIND_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "file.h"
#include "source.h"

/**
 * struct pv_se_search - where to look
 * @deep: after the usual places, look at every 512th byte up to the end, as
 *	in an image of a disk
 * @start: skip this many bytes, page multiple; only with @length
 * @length: look at page starts of this many bytes only, and not at the image's
 *	metadata; 0 for everywhere.  Not with @deep
 */
struct pv_se_search {
	bool deep;
	uint64_t start;
	uint64_t length;
};

/**
 * pv_se_header_find() - find an SE header and read all of it
 * @header: out, exactly one header that pv_se_header_parse() accepts
 * @offset: out, where it begins; may be NULL
 * @source: an SE header, an SE image or a disk
 * @search: NULL for the usual places: where the image's metadata says, else the
 *	first 21 page starts
 * @err: PV_ERR_USAGE (a search that makes no sense), PV_ERR_FORMAT (no or a
 *	damaged header), PV_ERR_UNSUPPORTED or PV_ERR_LIMIT (as
 *	pv_se_header_parse()), PV_ERR_IO, PV_ERR_MEMORY
 *
 * The header is not authenticated, that would take its key.  Candidates that
 * have the magic and are no header are passed over; if there is nothing else,
 * @err tells what is wrong with the first of them.  Only what the metadata
 * names has to be one, except in a deep search.
 *
 * Return: 0, or -1 with @err set.
 */
int pv_se_header_find(struct pv_buffer *header, uint64_t *offset,
		      const struct pv_source *source,
		      const struct pv_se_search *search, struct pv_error *err);

/** pv_se_header_read() - the same for a file or block device (err names it) */
int pv_se_header_read(struct pv_buffer *header, uint64_t *offset,
		      const char *path, const struct pv_se_search *search,
		      struct pv_error *err);

#endif /* LIBPV_SE_FIND_H */
