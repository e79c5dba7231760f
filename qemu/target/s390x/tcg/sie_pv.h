/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Protected guests in SIE (format 4): what the sources sie*.c and the one of
 * UV CALL know of them.
 *
 * Whether there is one is env->sie.vcpu, which is set only while it executes.
 */
#ifndef S390X_TCG_SIE_PV_H
#define S390X_TCG_SIE_PV_H

#include "cpu.h"

struct uv_sie_result;

static inline bool s390_sie_protected(const CPUS390XState *env)
{
	return env->sie.vcpu;
}

/**
 * s390_sie_pv_enter() - execute SIE with a state description of format 4
 *
 * The host's registers have been saved, env->sie.block is set.  Afterwards
 * either the guest executes, or the host goes on behind SIE or with a program
 * interruption.
 */
void s390_sie_pv_enter(CPUS390XState *env);

/**
 * s390_sie_pv_store() - the guest stops executing
 * @code: interception code as for other guests
 *
 * Stores what the host may know.  The registers are still the guest's.
 */
void s390_sie_pv_store(CPUS390XState *env, unsigned int code);

/** s390_sie_pv_end() - no register holds anything of the guest's any more */
void s390_sie_pv_end(CPUS390XState *env);

/**
 * s390_sie_pv_instruction() - a privileged instruction but UV CALL
 * @text: left aligned
 *
 * Returns if the CPU is to execute it.
 */
void s390_sie_pv_instruction(CPUS390XState *env, uint64_t text, uintptr_t ra);

/**
 * s390_sie_pv_save() - hand the registers to the Ultravisor
 * @addr: of the PSW
 */
void s390_sie_pv_save(CPUS390XState *env, uint64_t addr);

/**
 * s390_sie_pv_apply() - do what the Ultravisor says
 * @result: anything but UV_SIE_INTERPRET
 *
 * The PSW of the guest is that of the instruction.
 */
G_NORETURN void s390_sie_pv_apply(CPUS390XState *env,
				  const struct uv_sie_result *result);

/** s390_sie_pv_facilities() - what STFLE tells such a guest */
void s390_sie_pv_facilities(uint8_t *list, size_t len);

#endif /* S390X_TCG_SIE_PV_H */
