/* SPDX-License-Identifier: MIT */
/*
 * Storage of a guest in SIE, through the tables that its host made for it.
 *
 * A guest address is one of the space that the configuration's ASCE designates
 * (guest absolute, plus the origin of guest storage, which Linux leaves zero).
 */
#ifndef UV_GUEST_MEMORY_H
#define UV_GUEST_MEMORY_H

#include "machine.h"

/**
 * uv_walk() - translate by tables in absolute storage
 * @asce: address-space-control element
 * @addr: address to translate
 * @write: the mapping must be writable
 * @frame: out: absolute address of the 4 KiB page
 *
 * Only 4 KiB mappings count: a segment or region that is itself a frame is
 * reported as not mapped.
 *
 * Return: 0, or a program interruption code: 0x0004, 0x0005, 0x0010, 0x0011,
 * 0x0012 (malformed table), 0x0038 to 0x003b
 */
uint16_t uv_walk(const struct uv_machine *machine, uint64_t asce, uint64_t addr,
		 bool write, uint64_t *frame);

/**
 * struct uv_guest_fault - why guest storage cannot be reached
 * @code: program interruption for the host
 * @gaddr: page in question
 * @store: it was to be stored into
 */
struct uv_guest_fault {
	uint16_t code;
	uint64_t gaddr;
	bool store;
};

/**
 * uv_guest_frame() - the frame of a page of a configuration, as its own CPUs
 *	would reach it
 *
 * Return: 0, or the code as in @fault (which may be NULL)
 */
uint16_t uv_guest_frame(const struct uv_machine *machine,
			const struct uv_config *config, uint64_t gaddr,
			bool write, uint64_t *frame,
			struct uv_guest_fault *fault);

/* Both may cross pages; nothing is stored unless all of it can be. */
uint16_t uv_guest_read(const struct uv_machine *machine,
		       const struct uv_config *config, uint64_t gaddr,
		       void *buf, size_t len, struct uv_guest_fault *fault);
uint16_t uv_guest_write(const struct uv_machine *machine,
			const struct uv_config *config, uint64_t gaddr,
			const void *data, size_t len,
			struct uv_guest_fault *fault);

#endif /* UV_GUEST_MEMORY_H */
