// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Start interpretive execution: how a CPU becomes a guest's, and a host's again.
 *
 * While a guest is in SIE the registers in CPUS390XState are the guest's; those
 * of the host that software does not save itself wait in env->sie.host.  What
 * is pending for the CPU, its timers and its interruptions, stays the host's.
 *
 * Every way out goes through s390_sie_leave().
 */
#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "cpu.h"
#include "s390x-internal.h"
#include "hw/s390x/uv-compat.h"
#include "exec/helper-proto.h"
#include "tcg_s390x.h"
#include "hw/s390x/ultravisor.h"
#include "sie.h"
#include "sie_pv.h"
#include "pv/sie.h"

/*
 * The host can give its page away on another CPU while the guest executes: then
 * there is nothing to be read, and nothing is stored.
 */
static bool is_block_gone(CPUS390XState *env)
{
	return s390_uv_cpu_access(env->sie.block);
}

uint64_t s390_sie_load(CPUS390XState *env, unsigned int offset,
		       unsigned int size)
{
	AddressSpace *as = env_cpu(env)->as;
	hwaddr addr = env->sie.block + offset;

	if (is_block_gone(env))
		return 0;
	switch (size) {
	case 1:
		return address_space_ldub(as, addr, MEMTXATTRS_UNSPECIFIED,
					  NULL);
	case 2:
		return address_space_lduw_be(as, addr, MEMTXATTRS_UNSPECIFIED,
					     NULL);
	case 4:
		return address_space_ldl_be(as, addr, MEMTXATTRS_UNSPECIFIED,
					    NULL);
	default:
		return address_space_ldq_be(as, addr, MEMTXATTRS_UNSPECIFIED,
					    NULL);
	}
}

void s390_sie_store(CPUS390XState *env, unsigned int offset, unsigned int size,
		    uint64_t value)
{
	AddressSpace *as = env_cpu(env)->as;
	hwaddr addr = env->sie.block + offset;

	if (is_block_gone(env))
		return;
	switch (size) {
	case 1:
		address_space_stb(as, addr, value, MEMTXATTRS_UNSPECIFIED,
				  NULL);
		break;
	case 2:
		address_space_stw_be(as, addr, value, MEMTXATTRS_UNSPECIFIED,
				     NULL);
		break;
	case 4:
		address_space_stl_be(as, addr, value, MEMTXATTRS_UNSPECIFIED,
				     NULL);
		break;
	default:
		address_space_stq_be(as, addr, value, MEMTXATTRS_UNSPECIFIED,
				     NULL);
		break;
	}
}

/* ------------------------------------------------ registers --------------- */

static void save_host(CPUS390XState *env)
{
	struct s390_sie_host *host = &env->sie.host;

	host->mask = s390_cpu_get_psw_mask(env);
	host->addr = env->psw.addr;
	host->ilen = env->int_pgm_ilen;
	memcpy(host->gr, &env->regs[14], sizeof(host->gr));
	memcpy(host->cr, env->cregs, sizeof(host->cr));
	host->psa = env->psa;
	host->gbea = env->gbea;
	host->todpr = env->todpr;
}

/* All but the PSW. */
static void load_host(CPUS390XState *env)
{
	const struct s390_sie_host *host = &env->sie.host;

	memcpy(&env->regs[14], host->gr, sizeof(host->gr));
	memcpy(env->cregs, host->cr, sizeof(host->cr));
	env->psa = host->psa;
	env->gbea = host->gbea;
	env->todpr = host->todpr;
}

void s390_sie_load_space(CPUS390XState *env)
{
	env->sie.mso = s390_sie_ld(env, 8, mso) & ~UINT64_C(0xfffff);
	env->sie.msl = s390_sie_ld(env, 8, msl) & ~UINT64_C(0xfffff);
	env->sie.epoch = s390_sie_ld(env, 8, epoch);
}

static void load_guest(CPUS390XState *env)
{
	int i;

	env->regs[14] = s390_sie_ld(env, 8, gg14);
	env->regs[15] = s390_sie_ld(env, 8, gg15);
	for (i = 0; i < 16; i++)
		env->cregs[i] = s390_sie_ld(env, 8, gcr[i]);
	env->psa = s390_sie_ld(env, 4, prefix) & PV_SIE_PREFIX_MASK;
	env->gbea = s390_sie_ld(env, 8, sidad);
	env->todpr = s390_sie_ld(env, 4, todpr);
	s390_sie_load_space(env);
	s390_sie_load_clocks(env);
}

static void store_guest(CPUS390XState *env)
{
	int i;

	s390_sie_st(env, 8, gpsw.mask, s390_cpu_get_psw_mask(env));
	s390_sie_st(env, 8, gpsw.addr, env->psw.addr);
	s390_sie_st(env, 8, gg14, env->regs[14]);
	s390_sie_st(env, 8, gg15, env->regs[15]);
	for (i = 0; i < 16; i++)
		s390_sie_st(env, 8, gcr[i], env->cregs[i]);
	s390_sie_st(env, 8, sidad, env->gbea);
	s390_sie_store_clocks(env);
}

/* ------------------------------------------------ out --------------------- */

void s390_sie_end(CPUS390XState *env, bool behind)
{
	const struct s390_sie_host *host = &env->sie.host;

	s390_sie_end_space(env);
	if (s390_sie_protected(env))
		s390_sie_pv_end(env);
	load_host(env);
	qatomic_set(&env->sie.active, false);

	/* What was begun has not happened. */
	env->ex_value = 0;
	env->per_perc_atmid = 0;
	s390_cpu_set_psw(env, host->mask,
			 behind ? host->addr + host->ilen : host->addr);
}

void s390_sie_leave(CPUS390XState *env, unsigned int code, bool complete)
{
	/* No more instruction of this block: the clock may be read. */
	env_cpu(env)->neg.can_do_io = true;
	if (s390_sie_protected(env)) {
		s390_sie_pv_store(env, code);
	} else {
		store_guest(env);
		s390_sie_st(env, 1, icptcode, code);
	}
	s390_sie_end(env, complete);
}

void s390_sie_host_exception(CPUS390XState *env, int excp, uint64_t tec)
{
	env->tlb_fill_exc = excp;
	env->tlb_fill_tec = tec;
	env->int_pgm_ilen = env->sie.host.ilen;
	trigger_pgm_exception(env, excp);
}

void s390_sie_fault(CPUS390XState *env, int excp, uint64_t tec)
{
	s390_sie_leave(env, PV_SIE_ICPT_NONE, false);
	s390_sie_host_exception(env, excp & ~S390_SIE_HOST_EXCEPTION, tec);
}

void s390_sie_cancel(CPUS390XState *env)
{
	if (!s390_sie_active(env))
		return;
	if (s390_sie_protected(env)) {
		s390_sie_pv_store(env, PV_SIE_ICPT_NONE);
		s390_sie_pv_end(env);
	}
	load_host(env);
	env->psw.mask = env->sie.host.mask;
	env->psw.addr = env->sie.host.addr;
	qatomic_set(&env->sie.active, false);
}

bool s390_sie_wait(CPUS390XState *env)
{
	if (!s390_sie_active(env))
		return false;
	s390_sie_leave(env, PV_SIE_ICPT_WAIT, true);
	return true;
}

unsigned int s390_sie_request(CPUS390XState *env)
{
	uint32_t flags = s390_sie_ld(env, 4, cpuflags);
	bool controls_loaded = env->sie.controls_loaded;

	env->sie.controls_loaded = false;
	if (flags & PV_SIE_CPUFLAG_STOP_INT)
		return PV_SIE_ICPT_STOP;
	if (controls_loaded)
		return PV_SIE_ICPT_INT_ENABLE;
	if (flags & PV_SIE_CPUFLAG_IO_INT && env->psw.mask & PSW_MASK_IO)
		return PV_SIE_ICPT_IOREQ;
	if (flags & PV_SIE_CPUFLAG_EXT_INT && env->psw.mask & PSW_MASK_EXT)
		return PV_SIE_ICPT_EXTREQ;
	return PV_SIE_ICPT_NONE;
}

/* ------------------------------------------------ in ---------------------- */

/* Both pages of the prefix area must be there before the guest needs them. */
static bool reach_prefix(CPUS390XState *env)
{
	target_ulong page;
	uint64_t tec;
	int excp, flags, i;

	for (i = 0; i < 2; i++) {
		page = env->psa + i * TARGET_PAGE_SIZE;
		flags = PAGE_READ | PAGE_WRITE;
		excp = s390_sie_walk(env, MMU_DATA_STORE, &page, &flags, &tec);
		if (excp & S390_SIE_HOST_EXCEPTION) {
			s390_sie_fault(env, excp, tec);
			return false;
		}
		if (excp) {
			s390_sie_leave(env, PV_SIE_ICPT_VALIDITY, true);
			return false;
		}
	}
	return true;
}

/* A guest without protection (format 2). */
static void enter_plain(CPUS390XState *env)
{
	unsigned int code;

	load_guest(env);
	env->psw.mask = s390_sie_ld(env, 8, gpsw.mask);
	env->psw.addr = s390_sie_ld(env, 8, gpsw.addr);
	env->cc_op = extract64(env->psw.mask, 44, 2);
	qatomic_set(&env->sie.active, true);
	s390_sie_begin_space(env);

	code = s390_sie_request(env);
	if (code != PV_SIE_ICPT_NONE) {
		s390_sie_leave(env, code, true);
		return;
	}
	if (!reach_prefix(env))
		return;
	s390_sie_arm(env);
	/* Again: a PSW may be one that waits, or that is not valid. */
	s390_cpu_set_psw(env, env->psw.mask, env->psw.addr);
}

void HELPER(sie)(CPUS390XState *env, uint64_t addr)
{
	CPUState *cs = env_cpu(env);
	uintptr_t ra = GETPC();

	if (addr & (PV_SIE_BLOCK_SIZE - 1))
		tcg_s390_program_interrupt(env, PGM_SPECIFICATION, ra);
	addr = mmu_real2abs(env, addr);
	if (!mmu_absolute_addr_valid(addr, true) || s390_uv_cpu_access(addr))
		tcg_s390_program_interrupt(env, PGM_ADDRESSING, ra);

	cpu_restore_state(cs, ra);
	cs->neg.can_do_io = true;
	env->sie.block = addr;
	save_host(env);
	switch (s390_sie_ld(env, 1, sdf)) {
	case PV_SIE_FORMAT_PLAIN:
		enter_plain(env);
		break;
	case PV_SIE_FORMAT_PROTECTED:
		s390_sie_pv_enter(env);
		break;
	default:
		s390_sie_st(env, 1, icptcode, PV_SIE_ICPT_VALIDITY);
		env->psw.addr += env->int_pgm_ilen;
	}
	cpu_loop_exit(cs);
}

/* ------------------------------------------------ interruptions ----------- */

static bool wants_program_interception(CPUS390XState *env)
{
	return !s390_sie_protected(env) &&
	       s390_sie_ld(env, 4, ictl) & PV_SIE_ICTL_PINT;
}

void s390_sie_do_interrupt(CPUState *cs)
{
	CPUS390XState *env = cpu_env(cs);
	target_ulong page = env->psa;
	int flags = PAGE_WRITE;
	uint64_t tec;
	int excp;

	if (!s390_sie_active(env))
		return;
	if (cs->exception_index == EXCP_PGM && wants_program_interception(env)) {
		cs->exception_index = -1;
		s390_sie_leave(env, PV_SIE_ICPT_PROGI, true);
		return;
	}
	/*
	 * Without its prefix page the guest goes back to the instruction, which
	 * will interrupt it again.
	 */
	excp = s390_sie_walk(env, MMU_DATA_STORE, &page, &flags, &tec);
	if (excp)
		s390_sie_fault(env, excp, tec);
	else
		env->sie.lowcore = page;
}

/* By the PSW and control registers of the host, as if it were executing. */
static bool host_has_interruption(CPUS390XState *env)
{
	static const uint8_t masks[] = { 0, 6, 14 };
	const struct s390_sie_host *host = &env->sie.host;
	uint64_t guest_mask = env->psw.mask, guest_cr[ARRAY_SIZE(masks)];
	bool pending;
	int i;

	for (i = 0; i < ARRAY_SIZE(masks); i++) {
		guest_cr[i] = env->cregs[masks[i]];
		env->cregs[masks[i]] = host->cr[masks[i]];
	}
	env->psw.mask = host->mask;
	pending = s390_cpu_has_int(env_archcpu(env));
	env->psw.mask = guest_mask;
	for (i = 0; i < ARRAY_SIZE(masks); i++)
		env->cregs[masks[i]] = guest_cr[i];
	return pending;
}

bool s390_sie_exec_interrupt(CPUState *cs, int request)
{
	CPUS390XState *env = cpu_env(cs);
	unsigned int code;

	/* The target of EXECUTE is part of it; requests stay what they are. */
	if (env->ex_value)
		return false;
	if (request & CPU_INTERRUPT_SIE)
		cpu_reset_interrupt(cs, CPU_INTERRUPT_SIE);
	if (!s390_sie_active(env))
		return false;

	if (request & CPU_INTERRUPT_HARD && host_has_interruption(env)) {
		s390_sie_leave(env, PV_SIE_ICPT_NONE, false);
		return true;
	}
	if (!(request & CPU_INTERRUPT_SIE))
		return false;
	code = s390_sie_request(env);
	if (code == PV_SIE_ICPT_NONE && !s390_sie_clock_expired(env)) {
		s390_sie_arm(env);
		return false;
	}
	s390_sie_leave(env, code, true);
	return true;
}
