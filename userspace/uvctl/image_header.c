// SPDX-License-Identifier: MIT
/* The SE header of a file, as the commands that only look at it need it. */
#include "image_header.h"
#include "se_find.h"

int image_header_read(struct image_header *header, const char *path,
		      struct pv_error *err)
{
	const struct pv_se_search search = { .deep = true };

	if (pv_se_header_read(&header->data, &header->offset, path, &search,
			      err) < 0)
		return -1;
	if (pv_se_header_parse(&header->view, header->data.data,
			       header->data.size, err) == 0)
		return 0;
	pv_error_prefix(err, "%s", path);
	return -1;
}

void image_header_free(struct image_header *header)
{
	pv_buffer_free(&header->data);
}
