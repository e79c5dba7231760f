// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * PERFORM LOCKED OPERATION, as far as a kernel asks which functions there are:
 * none.
 *
 * Each function code can be tested without an exception, as the architecture
 * has it; none of them can be executed.
 */
#include "qemu/osdep.h"
#include "cpu.h"
#include "s390x-internal.h"
#include "exec/helper-proto.h"
#include "tcg_s390x.h"
#include "hw/s390x/uv-compat.h"

#define PLO_TEST		0x100
#define PLO_MUST_BE_ZERO	0xfffffe00
#define PLO_CC_NOT_INSTALLED	3

uint32_t HELPER(plo)(CPUS390XState *env)
{
	uint64_t function = env->regs[0];

	if (function & PLO_MUST_BE_ZERO || !(function & PLO_TEST))
		tcg_s390_program_interrupt(env, PGM_SPECIFICATION, GETPC());
	return PLO_CC_NOT_INSTALLED;
}
