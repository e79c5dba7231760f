/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DIAGNOSE 308, in all the ways it can be executed.
 */
#ifndef DIAG308_H
#define DIAG308_H

#include "bare.h"

#define DIAG308_CLEAR		0
#define DIAG308_NORMAL		1
#define DIAG308_REIPL		3
#define DIAG308_PV_SET		8
#define DIAG308_PV_STORE	9
#define DIAG308_PV_START	10

#define DIAG308_OK		0x0001
#define DIAG308_NO_BLOCK	0x0102
#define DIAG308_INVALID		0x0402
#define DIAG308_NO_PV_BLOCK	0x0902
#define DIAG308_FAILED		0x0a02

#define NO_CODE			0xfefefefefefefefeUL

/** struct diag308 - for diag308_pgm() */
struct diag308 {
	uint64_t subcode;
	uint64_t addr;
};

/** diag308() - execute it. Return: the second register, NO_CODE if unchanged */
uint64_t diag308(uint64_t subcode, uint64_t addr);
/** diag308_pgm() - the same, for catch_pgm(); @request: struct diag308 */
uint64_t diag308_pgm(uint64_t request);
/** diag308_odd() - with an odd register pair */
uint64_t diag308_odd(uint64_t request);
/** diag308_problem() - in the problem state */
uint64_t diag308_problem(uint64_t request);

/** refused() - the code of the program interruption that a DIAGNOSE gives */
uint16_t refused(uint64_t (*how)(uint64_t), uint64_t subcode, uint64_t addr);

/* Result of start_*(): registers as they are behind the DIAGNOSE. */
#define REGISTER_CC	16
#define REGISTERS	17

/*
 * start_*() - subcode 10 with all registers loaded from @registers, and stored
 * there behind it.  Registers 10, 11: the pair; 12: subcode; 9: condition code
 * as SPM takes it; 13: diag_target for start_ex().
 */
void start_direct(uint64_t registers[REGISTERS]);
void start_ex(uint64_t registers[REGISTERS]);
void start_exrl(uint64_t registers[REGISTERS]);
extern char diag_target[];

/** set_load_psw() - have subcodes 0 and 1 lead to loaded() */
void set_load_psw(void);

/*
 * What a program knows of its earlier life after a re-IPL clears storage: the
 * clock goes on.  It is 0 on a machine that has just been started.
 */
unsigned int round_get(void);
void round_set(unsigned int number);

#endif /* DIAG308_H */
