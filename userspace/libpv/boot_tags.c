// SPDX-License-Identifier: MIT
/* Boot tags: found in an SE header, wherever in a file that stands. */
#include <string.h>

#include "boot_tags.h"
#include "se_header.h"

/* Wipes the header, which is not needed any more. */
static int take_tags(struct pv_boot_tags *tags, struct pv_buffer *header,
		     struct pv_error *err)
{
	struct pv_se_view view;
	int ret = pv_se_header_parse(&view, header->data, header->size, err);

	if (ret == 0) {
		memcpy(tags->pld, view.head->pld, sizeof(tags->pld));
		memcpy(tags->ald, view.head->ald, sizeof(tags->ald));
		memcpy(tags->tld, view.head->tld, sizeof(tags->tld));
		memcpy(tags->tag, view.tag, sizeof(tags->tag));
	}
	pv_buffer_free(header);
	return ret;
}

int pv_boot_tags_find(struct pv_boot_tags *tags,
		      const struct pv_source *source, struct pv_error *err)
{
	struct pv_buffer header;

	if (pv_se_header_find(&header, NULL, source, NULL, err) < 0)
		return -1;
	return take_tags(tags, &header, err);
}

int pv_boot_tags_read(struct pv_boot_tags *tags, const char *path,
		      struct pv_error *err)
{
	struct pv_buffer header;

	if (pv_se_header_read(&header, NULL, path, NULL, err) < 0)
		return -1;
	return take_tags(tags, &header, err);
}
