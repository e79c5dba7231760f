/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Start interpretive execution (SIE) in TCG.
 *
 * The first part is called by existing files; with no guest in SIE these
 * functions do nothing and cost a look at one byte.  The second part is what
 * the sources sie*.c know of each other.
 */
#ifndef S390X_TCG_SIE_H
#define S390X_TCG_SIE_H

#ifndef CONFIG_USER_ONLY
#include "cpu.h"

/* Bytes of the longest facility list that STFLE can store */
#define S390_SIE_FACILITIES	2048

static inline bool s390_sie_active(const CPUS390XState *env)
{
	return env->sie.active;
}

/**
 * s390_sie_cancel() - a CPU reset: the registers are the host's again
 *
 * Nothing is stored into the state description.
 */
void s390_sie_cancel(CPUS390XState *env);

/**
 * s390_sie_check() - raise an exception of the host
 * @excp: what mmu_translate() returned; an exception of the guest, or none,
 *	does nothing
 * @ra: where the translated code called the helper, 0 if it did not
 *
 * The translation exception identification is in env->tlb_fill_tec.
 */
void s390_sie_check(CPUS390XState *env, int excp, uintptr_t ra);

/* Out of line halves of the functions below, which explain them. */
bool s390_sie_walk_table(CPUS390XState *env, hwaddr *addr);
int s390_sie_walk(CPUS390XState *env, int rw, target_ulong *addr, int *flags,
		  uint64_t *tec);

/**
 * s390_sie_table() - where an entry of a translation table is
 * @addr: guest absolute address of a table entry, becomes the host's
 *
 * Return: false if the host's tables do not map it
 */
static inline bool s390_sie_table(CPUS390XState *env, hwaddr *addr)
{
	return !s390_sie_active(env) || s390_sie_walk_table(env, addr);
}

/**
 * s390_sie_translate() - second level of translation
 * @rw: MMU_DATA_LOAD, MMU_DATA_STORE or MMU_INST_FETCH
 * @addr: guest absolute address, becomes the host's
 * @flags: PAGE_WRITE is taken away if the host may not store
 * @tec: translation exception identification for the host
 *
 * Return: 0, an exception for the guest, or one for s390_sie_check()
 */
static inline int s390_sie_translate(CPUS390XState *env, int rw,
				     target_ulong *addr, int *flags,
				     uint64_t *tec)
{
	return s390_sie_active(env) ? s390_sie_walk(env, rw, addr, flags, tec) :
				      0;
}

/**
 * s390_sie_walk_error() - the guest's tables could not be walked: whose fault?
 * @excp: what the walk ended with
 * @tec: replaced if it was the host's
 *
 * Return: as s390_sie_translate()
 */
int s390_sie_walk_error(CPUS390XState *env, int excp, uint64_t *tec);

/**
 * s390_sie_guest_psa() - host absolute address of the guest's prefix page
 *
 * The page is writable.  Does not return if it is not there for the host.
 */
uint64_t s390_sie_guest_psa(CPUS390XState *env, uintptr_t ra);

/** s390_sie_psa() - absolute address of the prefix page of who executes */
static inline uint64_t s390_sie_psa(CPUS390XState *env, uintptr_t ra)
{
	return s390_sie_active(env) ? s390_sie_guest_psa(env, ra) : env->psa;
}

/**
 * s390_sie_map_lowcore() - the guest's prefix page, for an interruption
 *
 * The second page of the prefix area may be anywhere else.
 */
LowCore *s390_sie_map_lowcore(CPUS390XState *env);

/** s390_sie_unmap_lowcore() - return: false if it is not a guest's */
bool s390_sie_unmap_lowcore(LowCore *lowcore);

/** s390_sie_key_page() - absolute address of a page whose key is meant */
uint64_t s390_sie_key_page(CPUS390XState *env, uint64_t addr, uintptr_t ra);

/** s390_sie_tprot() - TEST PROTECTION by a guest; return: condition code */
uint32_t s390_sie_tprot(CPUS390XState *env, uint64_t addr, uintptr_t ra);

/**
 * s390_sie_flush() - purge translations of who executes
 * @local: on this CPU only
 *
 * A host's include those of all guests.
 */
void s390_sie_flush(CPUS390XState *env, bool local);

/** s390_sie_flush_page() - the same for one logical page */
void s390_sie_flush_page(CPUS390XState *env, target_ulong page, bool local);

/**
 * s390_sie_load_controls() - control registers were loaded
 * @old: what they were
 */
void s390_sie_load_controls(CPUS390XState *env, const uint64_t old[16]);

/** s390_sie_purge_primary() - out of line half of the next */
void s390_sie_purge_primary(CPUS390XState *env);

/** s390_sie_use_primary() - before the primary space is used */
static inline void s390_sie_use_primary(CPUS390XState *env)
{
	if (unlikely(env->sie.primary[env->sie.active].stale))
		s390_sie_purge_primary(env);
}

/** s390_sie_fill() - an entry is made in the TLB */
static inline void s390_sie_fill(CPUS390XState *env, int mmu_idx)
{
	if (mmu_idx % MMU_GUEST_IDX == MMU_PRIMARY_IDX)
		env->sie.primary[env->sie.active].asce = env->cregs[1];
}

/**
 * s390_sie_wait() - a PSW with the wait bit was loaded
 *
 * Return: true if it was a guest's; the registers are the host's now
 */
bool s390_sie_wait(CPUS390XState *env);

/**
 * s390_sie_do_interrupt() - before an interruption is presented
 *
 * The guest is interrupted by its own program interruptions and supervisor
 * calls only.  If it cannot be, or is not to be, the host is what goes on.
 */
void s390_sie_do_interrupt(CPUState *cs);

/**
 * s390_sie_exec_interrupt() - does something end the guest's stay?
 * @request: pending CPU_INTERRUPT_*
 *
 * Return: true if the guest was in SIE and is no more
 */
bool s390_sie_exec_interrupt(CPUState *cs, int request);

/** s390_sie_epoch() - what is to be added to the TOD clock */
static inline uint64_t s390_sie_epoch(const CPUS390XState *env)
{
	return s390_sie_active(env) ? env->sie.epoch : 0;
}

/** s390_sie_cpu_timer() - the guest's CPU timer */
uint64_t s390_sie_cpu_timer(CPUS390XState *env);

void s390_sie_set_cpu_timer(CPUS390XState *env, uint64_t value);
void s390_sie_set_clock_comparator(CPUS390XState *env, uint64_t value);

/**
 * s390_sie_facilities() - what STFLE stores for the guest
 * @list: out
 *
 * Does not return if the guest has no STFLE.
 *
 * Return: bytes, a multiple of 8
 */
int s390_sie_facilities(CPUS390XState *env, uint8_t list[S390_SIE_FACILITIES],
			uintptr_t ra);

/**
 * s390_sie_find_rule() - must an instruction of a guest be looked at?
 * @opc: its operation code, as in insn-data.h.inc
 * @privileged: flagged as privileged there
 *
 * Return: number for the helper that looks, or -1: no
 */
int s390_sie_find_rule(unsigned int opc, bool privileged);

/* ------------------------------------------------ between sie*.c only ---- */

/* An exception code with this bit is for the host. */
#define S390_SIE_HOST_EXCEPTION	0x10000

/* Calls the guest out of its code to look at requests and clocks. */
#define CPU_INTERRUPT_SIE	CPU_INTERRUPT_TGT_EXT_0

/* Fields of the state description: offset in struct pv_sie_block, host order */
#define s390_sie_ld(env, size, field) \
	s390_sie_load(env, offsetof(struct pv_sie_block, field), size)
#define s390_sie_st(env, size, field, value) \
	s390_sie_store(env, offsetof(struct pv_sie_block, field), size, value)

uint64_t s390_sie_load(CPUS390XState *env, unsigned int offset,
		       unsigned int size);
void s390_sie_store(CPUS390XState *env, unsigned int offset, unsigned int size,
		    uint64_t value);

/**
 * s390_sie_leave() - end the guest's stay
 * @code: interception code, PV_SIE_ICPT_*
 * @complete: the PSW of the host is behind the SIE instruction, not on it
 *
 * Afterwards the registers are the host's.  The translated code that runs, if
 * any, must be left.
 */
void s390_sie_leave(CPUS390XState *env, unsigned int code, bool complete);

/**
 * s390_sie_end() - the registers are the host's again
 * @behind: its PSW is behind the SIE instruction, not on it
 *
 * What there was to store has been stored.
 */
void s390_sie_end(CPUS390XState *env, bool behind);

/** s390_sie_host_exception() - of the host, on its SIE instruction */
void s390_sie_host_exception(CPUS390XState *env, int excp, uint64_t tec);

/** s390_sie_load_space() - what the state description says of guest storage */
void s390_sie_load_space(CPUS390XState *env);

/** s390_sie_host_absolute() - of a real address of the host, during a stay */
uint64_t s390_sie_host_absolute(const CPUS390XState *env, uint64_t real);

/** s390_sie_fault() - leave with a program interruption of the host */
void s390_sie_fault(CPUS390XState *env, int excp, uint64_t tec);

/** s390_sie_intercept() - leave with an interception of an instruction */
G_NORETURN void s390_sie_intercept(CPUS390XState *env, unsigned int code,
				   uint64_t text, bool executed, uintptr_t ra);

/** s390_sie_request() - interception code of what was asked for, or NONE */
unsigned int s390_sie_request(CPUS390XState *env);

/** s390_sie_recheck() - have requests looked at after this instruction */
void s390_sie_recheck(CPUS390XState *env);

/* Guest clocks: taken from the state description, or put back into it. */
void s390_sie_load_clocks(CPUS390XState *env);
void s390_sie_store_clocks(CPUS390XState *env);

/** s390_sie_clock_expired() - and the guest would be interrupted by it */
bool s390_sie_clock_expired(CPUS390XState *env);

/** s390_sie_arm() - be called out in time, and soon in any case */
void s390_sie_arm(CPUS390XState *env);

/** s390_sie_begin_space() - purge guest translations unless they may be kept */
void s390_sie_begin_space(CPUS390XState *env);

/** s390_sie_end_space() - remember what they were made for */
void s390_sie_end_space(CPUS390XState *env);

#endif /* !CONFIG_USER_ONLY */
#endif /* S390X_TCG_SIE_H */
