/* SPDX-License-Identifier: MIT */
/* A secure CPU in SIE, full of secrets, and the host that runs it. */
#ifndef TESTS_SIE_TRY_H
#define TESTS_SIE_TRY_H

#include "fake_guest.h"
#include "vcpu.h"

/* Pages of the guest and their frames: the prefix area, and operands. */
#define SIE_TRY_LOWCORE		4
#define SIE_TRY_OPERAND		UINT64_C(0x5000)
#define SIE_TRY_FRAME		9
#define SIE_TRY_NEXT_FRAME		13

#define SIE_TRY_TIME		UINT64_C(0x100000)
#define SIE_TRY_TIMER		UINT64_C(0x7000000)
#define SIE_TRY_PSW			UINT64_C(0x0000000180000000)
#define SIE_TRY_ADDR		UINT64_C(0x12345678)

/** struct sie_try - the CPU, its host's view of it, and how SIE is entered */
struct sie_try {
	struct fake_guest *guest;
	struct uv_machine *uv;
	struct uv_vcpu *vcpu;
	struct uv_cpu_state *state;
	struct pv_sie_block *block;
	uint8_t *sida;
	struct uv_sie_entry entry;
};

/** sie_try_new() - a CPU that is not running yet */
struct sie_try sie_try_new(void);
void sie_try_free(struct sie_try *t);

/** sie_try_enter() - execute SIE */
struct uv_sie_result sie_try_enter(struct sie_try *t);

/** sie_try_run() - the same; it must run.  Fills all registers with secrets */
void sie_try_run(struct sie_try *t);

/** sie_try_secret() - what sie_try_run() puts into general register @n */
uint64_t sie_try_secret(unsigned int n);

/** sie_try_fill() - fill the operand pages with secrets */
void sie_try_fill(struct sie_try *t);
uint8_t sie_try_secret_byte(uint64_t gaddr);

/** sie_try_instruction() - execute an instruction of 4 bytes */
struct uv_sie_result sie_try_instruction(struct sie_try *t, uint64_t text);

/** sie_try_validity() - enter SIE; reason of the validity interception, or 0 */
unsigned int sie_try_validity(struct sie_try *t);

#endif /* TESTS_SIE_TRY_H */
