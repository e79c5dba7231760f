/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the owner of a dumped guest reads from what the Ultravisor has sealed.
 *
 * Written for the tests alone and with nothing of what it is used to test.
 */
#ifndef PV_SELFTEST_DUMP_OPEN_H
#define PV_SELFTEST_DUMP_OPEN_H

#include <stdint.h>

#define DUMP_CCK_SIZE		32
#define DUMP_PAGE_SIZE		4096
#define DUMP_STATE_SIZE		16
#define DUMP_SEED		16	/* offset in completion data */
#define DUMP_SEED_SIZE		64

/* Kinds of pages, by the state */
enum dump_page {
	DUMP_PAGE_ENCRYPTED,
	DUMP_PAGE_ZERO,
	DUMP_PAGE_SHARED,
	DUMP_PAGE_BAD,
};

/**
 * struct dump_keys - what opens a dump
 * @dump: of CPUs
 * @nonce: part of the tweaks of pages
 * @xts: of pages
 */
struct dump_keys {
	uint8_t dump[32], nonce[16], xts[64];
};

/**
 * struct dump_regs - registers of a CPU, as they stand in its area
 */
struct dump_regs {
	uint64_t gr[16];
	uint64_t psw_mask, psw_addr;
	uint8_t reserved90[8];
	uint32_t prefix, fpc;
	uint8_t reserveda0[4];
	uint32_t todpr;
	uint64_t timer, comparator;
	uint8_t reservedb8[8];
	uint32_t ar[16];
	uint64_t cr[16];
	uint64_t vr[32][2];
	uint8_t reserved380[512];
	uint64_t gs[4];
	uint8_t reserved5a0[64];
	uint16_t flags;
	uint8_t reserved5e2[14];
};

#define DUMP_CPU_SIZE		(32 + sizeof(struct dump_regs) + 16)
#define DUMP_COMPLETE_SIZE	288
#define DUMP_CPU_PENDING	0x8000

int dump_open(const uint8_t *cck, const uint8_t *area, struct dump_keys *keys);
int dump_open_cpu(const struct dump_keys *keys, const uint8_t *area,
		  struct dump_regs *regs);
enum dump_page dump_open_page(const struct dump_keys *keys,
			      const uint8_t *state, uint8_t *page);

#endif /* PV_SELFTEST_DUMP_OPEN_H */
