/* SPDX-License-Identifier: MIT */
/* The SE header of a file, as the commands that only look at it need it. */
#ifndef UVCTL_IMAGE_HEADER_H
#define UVCTL_IMAGE_HEADER_H

#include "file.h"
#include "se_header.h"

/**
 * struct image_header - an SE header
 * @data: all of it
 * @view: its parts
 * @offset: where it stands in the file
 */
struct image_header {
	struct pv_buffer data;
	struct pv_se_view view;
	uint64_t offset;
};

/**
 * image_header_read() - find the header of an image, header file or disk
 * @err: as pv_se_header_read()
 *
 * Return: 0, or -1 with @err set.  image_header_free() in any case.
 */
int image_header_read(struct image_header *header, const char *path,
		      struct pv_error *err);

/** image_header_free() */
void image_header_free(struct image_header *header);

#endif /* UVCTL_IMAGE_HEADER_H */
