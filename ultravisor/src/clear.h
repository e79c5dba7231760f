/* SPDX-License-Identifier: MIT */
/* Clearing pages before somebody else gets to see them. */
#ifndef UV_CLEAR_H
#define UV_CLEAR_H

#include "ultravisor.h"

/**
 * uv_clear_pages() - clear every page that @owner has; 0: that nobody has
 *
 * Pages that are zero are not written to: that would make the embedder's memory
 * resident.  Does nothing when the embedder has gone away.
 */
void uv_clear_pages(const struct uv_machine *machine, uint32_t owner);

/** uv_clear_page() - the same for the page at absolute @addr */
void uv_clear_page(const struct uv_machine *machine, uint64_t addr);

#endif /* UV_CLEAR_H */
