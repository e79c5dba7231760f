/* SPDX-License-Identifier: MIT */
/*
 * Requests to the service element as they stand in storage.  Nothing here
 * needs a machine.
 */
#ifndef BOOT_CONSOLE_H
#define BOOT_CONSOLE_H

#include <stdint.h>

#include "pv/types.h"

#define CONSOLE_WRITE_DATA	0x00760005
#define CONSOLE_WRITE_MASK	0x00780005

/* Kinds of consoles: bits of the event mask. */
#define CONSOLE_LINES		0x40000000	/* type 2, EBCDIC lines */
#define CONSOLE_ASCII		0x00000040	/* type 26, a terminal */

/**
 * struct sccb_header - beginning of every control block
 * @len: bytes of all of it
 * @function: 0
 * @response: 0, until the service element answers
 */
struct sccb_header {
	pv_be16 len;
	uint8_t function;
	uint8_t control[3];
	pv_be16 response;
};

PV_ASSERT_SIZE(struct sccb_header, 8);

/**
 * struct event_mask_sccb - which events either side understands
 * @send: what this program wants to send
 * @machine_receive: what the machine takes, filled in by it
 */
struct event_mask_sccb {
	struct sccb_header header;
	pv_be16 reserved;
	pv_be16 mask_len;
	pv_be32 receive;
	pv_be32 send;
	pv_be32 machine_receive;
	pv_be32 machine_send;
};

PV_ASSERT_SIZE(struct event_mask_sccb, 28);

/** console_put_mask() - make @page a request that announces both consoles */
void console_put_mask(void *page);

/** console_available() - the answer to it: CONSOLE_* that exist */
uint32_t console_available(const void *page);

/**
 * console_put_message() - make @page a request to write @text
 * @page: LAYOUT_PAGE_SIZE bytes
 * @console: CONSOLE_LINES or CONSOLE_ASCII
 * @text: lines of ASCII; what does not fit into a page is left out
 */
void console_put_message(void *page, uint32_t console, const char *text);

#endif /* BOOT_CONSOLE_H */
