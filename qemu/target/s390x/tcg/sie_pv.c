// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Protected guests in SIE (format 4).
 *
 * Their registers are the Ultravisor's while they do not execute, all of them,
 * and those of the host are kept meanwhile.  What the guest may do itself, and
 * what the host gets to see of it, is decided by the library; it has stored
 * that into the state description when it says that the stay is over.
 */
#include "qemu/osdep.h"
#include "cpu.h"
#include "s390x-internal.h"
#include "hw/s390x/uv-compat.h"
#include "hw/s390x/uv-access.h"
#include "hw/s390x/uv-sie.h"
#include "exec/helper-proto.h"
#include "tcg_s390x.h"
#include "sie.h"
#include "sie_pv.h"
#include "pv/sie.h"

#define TEC_FETCH	0x800
#define TEC_STORE	0x400
#define TEC_BIT_61	0x4

/* Registers of the host behind these hold nothing of its own, by KVM's rules. */
#define CLEARED_GRS	14

/* ------------------------------------------------ registers --------------- */

static uint64_t host_tod(CPUS390XState *env)
{
	return HELPER(stck)(env) - s390_sie_epoch(env);
}

void s390_sie_pv_save(CPUS390XState *env, uint64_t addr)
{
	struct uv_cpu_state *state = uv_vcpu_state(env->sie.vcpu);

	state->psw.mask = s390_cpu_get_psw_mask(env);
	state->psw.addr = addr;
	memcpy(state->gr, env->regs, sizeof(state->gr));
	memcpy(state->cr, env->cregs, sizeof(state->cr));
	memcpy(state->ar, env->aregs, sizeof(state->ar));
	memcpy(state->vr, env->vregs, sizeof(state->vr));
	state->fpc = env->fpc;
	state->prefix = env->psa;
	state->todpr = env->todpr;
	state->cpu_timer = s390_sie_cpu_timer(env);
	state->ckc = env->sie.ckc;
	state->gbea = env->gbea;
	state->pp = env->pp;
	state->time = host_tod(env);
}

/* All but the PSW. */
static void load(CPUS390XState *env)
{
	const struct uv_cpu_state *state = uv_vcpu_state(env->sie.vcpu);

	memcpy(env->regs, state->gr, sizeof(state->gr));
	memcpy(env->cregs, state->cr, sizeof(state->cr));
	memcpy(env->aregs, state->ar, sizeof(state->ar));
	memcpy(env->vregs, state->vr, sizeof(state->vr));
	cpu_s390x_load_fpc(env, state->fpc);
	env->psa = state->prefix;
	env->todpr = state->todpr;
	env->gbea = state->gbea;
	env->pp = state->pp;
	s390_sie_set_cpu_timer(env, state->cpu_timer);
	s390_sie_set_clock_comparator(env, state->ckc);
}

static void save_host(CPUS390XState *env)
{
	struct s390_sie_host *host = &env->sie.host;

	memcpy(host->ar, env->aregs, sizeof(host->ar));
	memcpy(host->vr, env->vregs, sizeof(host->vr));
	host->fpc = env->fpc;
	host->pp = env->pp;
}

void s390_sie_pv_end(CPUS390XState *env)
{
	const struct s390_sie_host *host = &env->sie.host;

	memset(env->regs, 0, CLEARED_GRS * sizeof(env->regs[0]));
	memcpy(env->aregs, host->ar, sizeof(host->ar));
	memcpy(env->vregs, host->vr, sizeof(host->vr));
	cpu_s390x_load_fpc(env, host->fpc);
	env->pp = host->pp;
	env->sie.vcpu = NULL;
	env->sie.config = NULL;
}

/* ------------------------------------------------ in and out -------------- */

/* The PSW may be one that waits: then the stay is over already. */
static void run(CPUS390XState *env)
{
	const struct uv_psw *psw = &uv_vcpu_state(env->sie.vcpu)->psw;

	load(env);
	s390_cpu_set_psw(env, psw->mask, psw->addr);
}

static uint64_t teid(const struct uv_sie_result *result)
{
	return (result->gaddr & TARGET_PAGE_MASK) |
	       (result->store ? TEC_STORE : TEC_FETCH) | TEC_BIT_61;
}

/* Never ran: the registers are the host's. */
static void stay_out(CPUS390XState *env, const struct uv_sie_result *result)
{
	if (result->action == UV_SIE_EXIT) {
		env->psw.addr += env->int_pgm_ilen;
		return;
	}
	env->tlb_fill_exc = result->code;
	env->tlb_fill_tec = teid(result);
	trigger_pgm_exception(env, result->code);
}

void s390_sie_pv_enter(CPUS390XState *env)
{
	const struct uv_sie_entry entry = {
		.block = env->sie.block,
		.asce = env->cregs[1],
		.time = host_tod(env),
	};
	struct uv_sie_result result;
	struct uv_vcpu *vcpu;

	result = s390_uv_sie_enter(&entry, &vcpu);
	if (result.action != UV_SIE_RUN) {
		stay_out(env, &result);
		return;
	}
	save_host(env);
	env->sie.config = uv_vcpu_config(vcpu);
	env->sie.vcpu = vcpu;
	s390_sie_load_space(env);
	env->psa = uv_vcpu_state(vcpu)->prefix;
	memcpy(env->cregs, uv_vcpu_state(vcpu)->cr, sizeof(env->cregs));
	qatomic_set(&env->sie.active, true);
	s390_sie_begin_space(env);
	run(env);
}

static enum uv_sie_reason reason_of(unsigned int code)
{
	switch (code) {
	case PV_SIE_ICPT_WAIT:
		return UV_SIE_WAIT;
	case PV_SIE_ICPT_STOP:
		return UV_SIE_STOP;
	case PV_SIE_ICPT_IOREQ:
	case PV_SIE_ICPT_EXTREQ:
	case PV_SIE_ICPT_INT_ENABLE:
		return UV_SIE_INT_ENABLE;
	default:
		return UV_SIE_HOST;
	}
}

void s390_sie_pv_store(CPUS390XState *env, unsigned int code)
{
	s390_sie_pv_save(env, env->psw.addr);
	s390_uv_sie_leave(env->sie.vcpu, reason_of(code));
}

void s390_sie_pv_apply(CPUS390XState *env, const struct uv_sie_result *result)
{
	switch (result->action) {
	case UV_SIE_RUN:
		run(env);
		break;
	case UV_SIE_PROGRAM:
		trigger_pgm_exception(env, result->code);
		break;
	case UV_SIE_EXIT:
		s390_sie_end(env, true);
		break;
	case UV_SIE_FAULT:
		s390_sie_end(env, false);
		s390_sie_host_exception(env, result->code, teid(result));
		break;
	case UV_SIE_INTERPRET:
		g_assert_not_reached();
	}
	cpu_loop_exit(env_cpu(env));
}

/* ------------------------------------------------ instructions ------------ */

static uint64_t wrap(const CPUS390XState *env, uint64_t addr)
{
	if (env->psw.mask & PSW_MASK_64)
		return addr;
	return addr & (env->psw.mask & PSW_MASK_32 ? 0x7fffffff : 0xffffff);
}

/* Guest absolute, after the access has been found possible. */
static uint64_t absolute(CPUS390XState *env, uint64_t addr, bool logical)
{
	uint64_t asc = env->psw.mask & PSW_MASK_ASC;
	target_ulong real = addr & TARGET_PAGE_MASK;
	uint64_t tec;
	int flags;

	if (logical && env->psw.mask & PSW_MASK_DAT &&
	    mmu_translate(env, addr, MMU_S390_LRA, asc, &real, &flags, &tec))
		return UINT64_MAX;
	return mmu_real2abs(env, real) | (addr & ~TARGET_PAGE_MASK);
}

/*
 * Raises what an access would raise.  Another CPU may change the tables before
 * they are looked at again: then the instruction begins anew.
 */
static void reach_operand(CPUS390XState *env,
			  const struct uv_sie_operand *operand,
			  uint64_t pages[2], uintptr_t ra)
{
	bool logical = operand->place == UV_SIE_OPERAND_LOGICAL;
	MMUAccessType type = operand->store ? MMU_DATA_STORE : MMU_DATA_LOAD;
	int idx = logical ? cpu_mmu_index(env_cpu(env), false) :
			    MMU_REAL_IDX + MMU_GUEST_IDX;
	uint64_t addr = operand->addr;
	size_t part, len = operand->len;
	int i;

	for (i = 0; i < 2 && len; i++, addr += part, len -= part) {
		addr = wrap(env, addr);
		part = MIN(len, TARGET_PAGE_SIZE - (addr & ~TARGET_PAGE_MASK));
		probe_access(env, addr, part, type, idx, ra);
		pages[i] = absolute(env, addr, logical);
		if (pages[i] == UINT64_MAX)
			cpu_loop_exit_restore(env_cpu(env), ra);
	}
}

static unsigned int length(uint64_t text)
{
	static const uint8_t lengths[] = { 2, 4, 4, 6 };

	return lengths[text >> 62];
}

void s390_sie_pv_instruction(CPUS390XState *env, uint64_t text, uintptr_t ra)
{
	struct uv_cpu_state *state = uv_vcpu_state(env->sie.vcpu);
	struct uv_sie_operand operand;
	struct uv_sie_result result;
	uint64_t pages[2] = { 0 };

	memcpy(state->gr, env->regs, sizeof(state->gr));
	operand = uv_sie_operand(state, text >> 16);
	if (operand.place != UV_SIE_OPERAND_NONE)
		reach_operand(env, &operand, pages, ra);
	cpu_restore_state(env_cpu(env), ra);
	s390_sie_pv_save(env, env->psw.addr + env->int_pgm_ilen);
	result = s390_uv_sie_instruction(env->sie.vcpu, text >> 16,
					 length(text), pages);
	if (result.action != UV_SIE_INTERPRET)
		s390_sie_pv_apply(env, &result);
}

/* Before the Ultravisor forgets its CPUs: whoever is one is no more. */
void s390_uv_cancel_sie(void)
{
	CPUState *cs;

	CPU_FOREACH(cs)
		s390_sie_cancel(cpu_env(cs));
}

void s390_sie_pv_facilities(uint8_t *list, size_t len)
{
	uv_sie_facilities(list, len);
}
