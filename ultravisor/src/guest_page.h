/* SPDX-License-Identifier: MIT */
/*
 * The pages of a guest that has a host: what the Ultravisor remembers of each,
 * wherever the host has put its content.
 *
 * Guest addresses are those of the space that the configuration's ASCE
 * designates.
 */
#ifndef UV_GUEST_PAGE_H
#define UV_GUEST_PAGE_H

#include "export.h"

enum uv_guest_page_state {
	UV_GUEST_PAGE_NEW,	/* never used: reads as zero */
	UV_GUEST_PAGE_HERE,	/* in a frame, secure or shared */
	UV_GUEST_PAGE_EXPORTED,	/* the host keeps its ciphertext */
	UV_GUEST_PAGE_AWAY,	/* shared, but its frame was taken from it */
	UV_GUEST_PAGE_LOST,	/* its host destroyed it */
	UV_GUEST_PAGE_STATES
};

/**
 * struct uv_guest_page - one page
 * @frame: UV_GUEST_PAGE_HERE: its absolute address
 * @component: UV_GUEST_PAGE_EXPORTED: with which it was encrypted
 * @mac: UV_GUEST_PAGE_EXPORTED: integrity value of the ciphertext
 * @state: enum uv_guest_page_state
 */
struct uv_guest_page {
	uint64_t frame;
	uint64_t component;
	uint8_t mac[UV_EXPORT_MAC_SIZE];
	uint8_t state;
};

/**
 * struct uv_guest_space - all pages of a guest
 * @origin: guest address of the first one
 * @len: bytes
 * @blocks: pages, a MiB each; NULL as long as none of them was used
 */
struct uv_guest_space {
	uint64_t origin;
	uint64_t len;
	struct uv_guest_page **blocks;
};

/** uv_guest_space_init() - pages that were never used; false without memory */
bool uv_guest_space_init(struct uv_guest_space *space, uint64_t origin,
			 uint64_t len);
void uv_guest_space_free(struct uv_guest_space *space);

/** uv_guest_space_has() - is @gaddr an address of the guest? */
bool uv_guest_space_has(const struct uv_guest_space *space, uint64_t gaddr);

/**
 * uv_guest_page() - the page at an address of the guest
 *
 * Return: NULL without memory
 */
struct uv_guest_page *uv_guest_page(struct uv_guest_space *space,
				    uint64_t gaddr);

/** uv_guest_page_look() - the same; NULL: none of the guest, or never used */
const struct uv_guest_page *uv_guest_page_look(const struct uv_guest_space *space,
					       uint64_t gaddr);

/**
 * uv_guest_page_next() - the next page that may have been used
 * @gaddr: in: page address from which on to look, out: where it is
 *
 * Return: NULL if there is none any more
 */
struct uv_guest_page *uv_guest_page_next(struct uv_guest_space *space,
					 uint64_t *gaddr);

#endif /* UV_GUEST_PAGE_H */
