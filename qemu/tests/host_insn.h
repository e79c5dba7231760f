/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Instructions that touch a page in one way each, see host_insn_code.S.
 */
#ifndef HOST_INSN_H
#define HOST_INSN_H

#include <stdint.h>

/**
 * struct touch_insn - one of them
 * @code: for touch_run()
 * @name: for people
 * @offset: of its operand, from the start of the page; may be negative
 */
struct touch_insn {
	uint64_t code;
	const char *name;
	int64_t offset;
};

extern const struct touch_insn touch_insns[], touch_insns_end[];

/* Operand of touch_run(): general registers 2 and 4. */
extern uint64_t touch_operand, touch_own;

/** touch_run() - for catch_pgm(). @insn: struct touch_insn */
uint64_t touch_run(uint64_t insn);

#endif /* HOST_INSN_H */
