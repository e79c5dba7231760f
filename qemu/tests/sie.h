/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest for SIE: its state description, its storage, its programs.
 */
#ifndef SIE_H
#define SIE_H

#include "bare.h"

/* The state description, as far as it is used without protection */
struct sie_block {
	uint32_t cpuflags;
	uint32_t prefix;
	uint64_t reserved08[4];
	uint64_t cputm;			/* 0x28 */
	uint64_t ckc;			/* 0x30 */
	uint64_t epoch;			/* 0x38 */
	uint32_t svcc;
	uint16_t lctl;			/* 0x44 */
	uint16_t icpua;
	uint32_t ictl;			/* 0x48 */
	uint32_t eca;
	uint8_t icptcode;		/* 0x50 */
	uint8_t icptstatus;
	uint16_t ihcpu;			/* 0x52 */
	uint16_t reserved54;
	uint16_t ipa;			/* 0x56 */
	uint32_t ipb;			/* 0x58 */
	uint32_t scaoh;			/* 0x5c */
	uint32_t ecb;
	uint32_t scaol;			/* 0x64 */
	uint8_t sdf;			/* 0x68 */
	uint8_t reserved69[23];
	uint64_t mso;			/* 0x80 */
	uint64_t msl;
	uint64_t mask;			/* 0x90 */
	uint64_t addr;
	uint64_t gr14;			/* 0xa0 */
	uint64_t gr15;
	uint64_t reservedb0[10];
	uint64_t cr[16];		/* 0x100 */
	uint64_t gbea;
	uint64_t reserved188[3];
	uint32_t fac;			/* 0x1a0 */
	uint32_t reserved1a4[23];
} __attribute__((packed, aligned(512)));

_Static_assert(sizeof(struct sie_block) == 512, "size of struct sie_block");
_Static_assert(offsetof(struct sie_block, fac) == 0x1a0, "its layout");

#define STOP_INT	0x04000000
#define IO_INT		0x02000000
#define EXT_INT		0x01000000

#define ICPT_NONE	0x00
#define ICPT_INST	0x04
#define ICPT_EXTREQ	0x10
#define ICPT_IOREQ	0x18
#define ICPT_WAIT	0x1c
#define ICPT_VALIDITY	0x20
#define ICPT_STOP	0x28
#define ICPT_OPEREXC	0x2c

#define MASK_64		0x0000000180000000
#define MASK_31		0x0000000080000000
#define MASK_HOME	0x0000c00000000000
#define MASK_DAT	0x0400000000000000
#define MASK_IO		0x0200000000000000
#define MASK_EXT	0x0100000000000000
#define MASK_WAIT	0x0002000000000000

#define PAGE_INVALID	0x400
#define PAGE_PROTECTED	0x200

#define TEID_FETCH	0x800
#define TEID_STORE	0x400
#define TEID_PROTECTION	0x004

/* Guest absolute addresses */
#define GUEST_CODE	0x3000UL
#define GUEST_DATA	0x4000UL	/* and the page behind it */
#define GUEST_PAGES	256		/* all others are invalid at first */

/* sie.c */
extern struct sie_block block;
/* General registers 0 to 13 of the guest. */
extern uint64_t guest_gr[14];
/* What is behind the guest's pages 0 to 5. */
extern uint8_t guest_frames[6][PAGE_SIZE];

/** guest_map() - let a guest page be @frame, with PAGE_* bits; purges */
void guest_map(uint64_t page, uint64_t frame_and_bits);
/** guest_entry() - the host's page table entry for it */
uint64_t *guest_entry(uint64_t page);
/** guest_page_table() - where all of these entries are */
uint64_t guest_page_table(void);

/**
 * guest_reset() - a guest with storage, at the start of a program
 * @start: the program, bytes up to @end are copied to GUEST_CODE
 */
void guest_reset(const char *start, const char *end);
#define guest_program(name) guest_reset(name, name##_end)

/** guest_run() - return: interception code, or -1 with an interruption caught */
int guest_run(void);

/** guest_lowcore() - of the first page of the guest */
uint64_t guest_lowcore(unsigned int offset);

/* sie_code.S */
uint64_t sie_enter(uint64_t block);
extern char sie_insn[], sie_behind[];
#define PROGRAM(name) extern char name[], name##_end[]
PROGRAM(guest_diag);
PROGRAM(guest_registers);
PROGRAM(guest_ex);
PROGRAM(guest_ex_all);
PROGRAM(guest_exrl);
PROGRAM(guest_stfle);
PROGRAM(guest_illegal);
PROGRAM(guest_sie);
PROGRAM(guest_enable);
PROGRAM(guest_clock);
PROGRAM(guest_timer);
PROGRAM(guest_loop);
PROGRAM(guest_await);
PROGRAM(guest_copy);
PROGRAM(guest_mvpg);
PROGRAM(guest_lra);
PROGRAM(guest_tprot);
PROGRAM(guest_svc);
PROGRAM(guest_trap);
PROGRAM(guest_sske);
PROGRAM(guest_home);

#endif /* SIE_H */
