/* SPDX-License-Identifier: MIT */
/* Boot tags: found in an SE header, wherever in a file that stands. */
#ifndef LIBPV_BOOT_TAGS_H
#define LIBPV_BOOT_TAGS_H

#include <pv/attest.h>

#include "se_find.h"

/**
 * pv_boot_tags_find() - find an SE header and take its tags
 * @tags: out
 * @source: an SE header or an SE image
 * @err: PV_ERR_FORMAT (no or a damaged header), PV_ERR_UNSUPPORTED or
 *	PV_ERR_LIMIT (as pv_se_header_parse()), PV_ERR_IO
 *
 * The header is looked for in the usual places of pv_se_header_find().  It is
 * not authenticated, that would take its key.
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
