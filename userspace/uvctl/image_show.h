/* SPDX-License-Identifier: MIT */
/* "uvctl image info": an SE header for people and for programs. */
#ifndef UVCTL_IMAGE_SHOW_H
#define UVCTL_IMAGE_SHOW_H

#include <stdbool.h>

#include "se_header.h"

/**
 * struct image_facts - what is known of a header
 * @view: its parts
 * @verified: the header key fits
 * @secret: the encrypted area, NULL if it is not to be shown
 */
struct image_facts {
	const struct pv_se_view *view;
	bool verified;
	const struct pv_se_header_secret *secret;
};

/** image_show_text() - @full: also what only experts need */
void image_show_text(const struct image_facts *facts, bool full);

/** image_show_json() - on one line unless @pretty */
void image_show_json(const struct image_facts *facts, bool pretty);

/** image_show_schema() - JSON schema of what image_show_json() writes */
void image_show_schema(void);

#endif /* UVCTL_IMAGE_SHOW_H */
