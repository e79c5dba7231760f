/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls of a host of protected guests, and pages that are taken from it.
 */
#ifndef HOST_H
#define HOST_H

#include "uvc.h"

#define UVC_INIT		0x000f
#define UVC_CREATE_CONF		0x0100
#define UVC_DESTROY_CONF	0x0101
#define UVC_DESTROY_FAST	0x0102
#define UVC_CREATE_CPU		0x0120
#define UVC_DESTROY_CPU		0x0121
#define UVC_IMPORT		0x0200
#define UVC_EXPORT		0x0201
#define UVC_DESTROY_PAGE	0x0202
#define UVC_SET_PARAMS		0x0300
#define UVC_UNPACK		0x0301
#define UVC_VERIFY		0x0302
#define UVC_PIN			0x0341
#define UVC_UNPIN		0x0342

#define PGM_SECURE_ACCESS	0x3d

#define BASE_STORAGE	(32UL << 20)	/* where the tests donate it */
#define BASE_SIZE	(1UL << 20)

/* A guest's storage, from address 0, and what is donated for it. */
#define GUEST_SIZE	(16UL << 20)
#define SCA		(48UL << 20)
#define CONF_BASE	(49UL << 20)
#define VARIABLE	(50UL << 20)

struct space;

/** struct call - a control block as doublewords; the operands begin in [3] */
struct call {
	uint64_t word[64];
};

/* What host_call() does with a block, for tests that do it by themselves. */
struct host_command {
	uint16_t code;
	uint16_t len;
};

/** host_call() - execute a command. @operands: @count, as struct call has them
 *
 * Return: rc
 */
uint16_t host_call(uint16_t cmd, uint16_t len, const uint64_t *operands,
		   unsigned int count);
/** host_result() - a doubleword of the last block, after the call */
uint64_t host_result(unsigned int word);
/** host_block() - where that is */
uint64_t host_block(void);
/** host_init() - donate BASE_STORAGE */
uint16_t host_init(void);
/** host_page() - a command with a page as its only operand */
uint16_t host_page(uint16_t cmd, uint64_t page);

/**
 * host_create() - make a configuration
 * @guest: its storage
 * @variable: home-space address of its variable storage
 * @handle: out
 */
uint16_t host_create(const struct space *guest, uint64_t variable,
		     uint64_t *handle);
/** host_import() - a page of a guest */
uint16_t host_import(uint64_t handle, uint64_t gaddr);
/** host_destroy() - a configuration */
uint16_t host_destroy(uint64_t handle);
/** host_set_params() - of the image that is in storage, see image.h */
uint16_t host_set_params(uint64_t handle);
/** host_unpack() - that image. Return: how many calls failed */
unsigned int host_unpack(uint64_t handle);

/* For catch_pgm(): touch @addr in one way each. */
uint64_t load(uint64_t addr);
uint64_t store(uint64_t addr);
uint64_t fetch(uint64_t addr);
/* Labels of the instructions that do so. */
extern char load_insn[], store_insn[];

/** is_hidden() - do loads and stores of a page give 0x3d with a true TEID? */
bool is_hidden(uint64_t page);
/** are_hidden() - all pages of [@from, @from + @size) */
bool are_hidden(uint64_t from, uint64_t size);
/** are_clear() - can be read, and are zero */
bool are_clear(uint64_t from, uint64_t size);

#endif /* HOST_H */
