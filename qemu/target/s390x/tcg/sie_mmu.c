// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Storage of a guest in SIE: second level of translation.
 *
 * Guest absolute addresses are primary virtual ones of the host.  A page that
 * is not there is an exception of the host, on its SIE instruction, and says
 * nothing of the guest but the address.
 */
#include "qemu/osdep.h"
#include "cpu.h"
#include "s390x-internal.h"
#include "hw/s390x/uv-compat.h"
#include "exec/page-protection.h"
#include "hw/s390x/ultravisor.h"
#include "sie.h"
#include "pv/sie.h"

/* As mmu_helper.c has them in the translation exception identification */
#define TEC_FETCH	0x800
#define TEC_STORE	0x400
#define TEC_BIT_61	0x4

#define LEVEL_BITS	11
#define SEGMENT_SHIFT	20
#define TABLE_ENTRY_FC	SEGMENT_ENTRY_FC	/* of a region third, too */

/* Invalid entry of a table, from segment to region first */
static const int level_exceptions[] = {
	PGM_SEGMENT_TRANS, PGM_REG_THIRD_TRANS,
	PGM_REG_SEC_TRANS, PGM_REG_FIRST_TRANS,
};

static bool read_entry(CPUS390XState *env, hwaddr addr, uint64_t *entry)
{
	MemTxResult result;

	if (s390_uv_cpu_access(addr))
		return false;
	*entry = address_space_ldq_be(env_cpu(env)->as, addr,
				      MEMTXATTRS_UNSPECIFIED, &result);
	return result == MEMTX_OK;
}

/**
 * struct walk - a translation by the host's tables
 * @addr: address to be translated
 * @real: the host's real address
 * @writable: no entry on the way protects it
 */
struct walk {
	uint64_t addr;
	uint64_t real;
	bool writable;
};

static int walk_page_table(CPUS390XState *env, struct walk *walk,
			   uint64_t table)
{
	uint64_t entry;

	if (!read_entry(env, table + VADDR_PAGE_TX(walk->addr) * 8, &entry))
		return PGM_ADDRESSING;
	if (entry & PAGE_ENTRY_I)
		return PGM_PAGE_TRANS;
	if (entry & PAGE_ENTRY_0)
		return PGM_TRANS_SPEC;
	if (entry & PAGE_ENTRY_P)
		walk->writable = false;
	walk->real = (entry & TARGET_PAGE_MASK) |
		     (walk->addr & ~TARGET_PAGE_MASK);
	return 0;
}

/* Is the entry of a table the last one, of a large page? */
static bool is_large(CPUS390XState *env, int level, uint64_t entry)
{
	if (!(entry & TABLE_ENTRY_FC) ||
	    !(env->sie.host.cr[0] & CR0_EDAT))
		return false;
	return level == 0 ? s390_has_feat(S390_FEAT_EDAT) :
	       level == 1 && s390_has_feat(S390_FEAT_EDAT_2);
}

static bool is_protected(CPUS390XState *env, int level, uint64_t entry)
{
	return entry & SEGMENT_ENTRY_P &&
	       (level == 0 || (env->sie.host.cr[0] & CR0_EDAT));
}

/*
 * The host's instruction-execution protection is not looked at: it is for
 * programs of the host.
 */
static int walk_tables(CPUS390XState *env, struct walk *walk, uint64_t asce)
{
	int level = (asce & ASCE_TYPE_MASK) / ASCE_TYPE_REGION3;
	uint64_t first = 0, last = asce & ASCE_TABLE_LENGTH;
	uint64_t entry, index, table = asce & ASCE_ORIGIN;
	int shift = SEGMENT_SHIFT + LEVEL_BITS * level;

	if (shift + LEVEL_BITS < 64 && walk->addr >> (shift + LEVEL_BITS))
		return PGM_ASCE_TYPE;
	for (;; level--, shift -= LEVEL_BITS) {
		index = extract64(walk->addr, shift, LEVEL_BITS);
		/* Limits of a table are in units of a page of it. */
		if (index >> 9 < first || index >> 9 > last)
			return level_exceptions[level];
		if (!read_entry(env, table + index * 8, &entry))
			return PGM_ADDRESSING;
		if (entry & SEGMENT_ENTRY_I)
			return level_exceptions[level];
		if ((entry & SEGMENT_ENTRY_TT) / ASCE_TYPE_REGION3 != level)
			return PGM_TRANS_SPEC;
		if (is_protected(env, level, entry))
			walk->writable = false;
		if (is_large(env, level, entry)) {
			walk->real = deposit64(entry, 0, shift, walk->addr);
			return 0;
		}
		if (level == 0)
			return walk_page_table(env, walk,
					       entry & SEGMENT_ENTRY_ORIGIN);
		first = (entry & REGION_ENTRY_TF) >> 6;
		last = entry & REGION_ENTRY_TL;
		table = entry & REGION_ENTRY_ORIGIN;
	}
}

/* By the prefix of the host; mmu_real2abs() would take the guest's. */
uint64_t s390_sie_host_absolute(const CPUS390XState *env, uint64_t real)
{
	uint64_t psa = env->sie.host.psa;

	if (real < 0x2000)
		return real + psa;
	return real >= psa && real < psa + 0x2000 ? real - psa : real;
}

static int walk_host(CPUS390XState *env, struct walk *walk, bool store)
{
	uint64_t asce = env->sie.host.cr[1];
	int excp = 0;

	walk->writable = true;
	if (asce & ASCE_REAL_SPACE)
		walk->real = walk->addr;
	else
		excp = walk_tables(env, walk, asce);
	if (excp)
		return excp;
	if (store && !walk->writable)
		return PGM_PROTECTION;
	walk->real = s390_sie_host_absolute(env, walk->real);
	return mmu_absolute_addr_valid(walk->real, store) ? 0 : PGM_ADDRESSING;
}

/* Pages of a protected guest have to be its own, those of others nobody's. */
static int check_page(CPUS390XState *env, const struct walk *walk)
{
	if (!env->sie.config)
		return s390_uv_cpu_access(walk->real);
	return s390_uv_guest_access(env->sie.config, walk->real, walk->addr);
}

/* Bit 61: with protection, whose it is; with the others, a valid address. */
static bool has_bit_61(int excp)
{
	return excp == PGM_PROTECTION || excp == PGM_SECURE_ACCESS ||
	       excp == PGM_NON_SECURE_ACCESS || excp == PGM_SECURE_VIOLATION;
}

int s390_sie_walk(CPUS390XState *env, int rw, target_ulong *addr, int *flags,
		  uint64_t *tec)
{
	bool store = rw == MMU_DATA_STORE;
	struct walk walk = { .addr = *addr + env->sie.mso };
	int excp;

	/* Both are in units of 1 MiB; there is nothing behind the limit. */
	if (walk.addr > (env->sie.msl | 0xfffff) || walk.addr < *addr) {
		*tec = 0;
		return PGM_ADDRESSING;
	}
	excp = walk_host(env, &walk, store);
	if (!excp)
		excp = check_page(env, &walk);
	if (excp) {
		*tec = (walk.addr & TARGET_PAGE_MASK) |
		       (store ? TEC_STORE : TEC_FETCH) |
		       (has_bit_61(excp) ? TEC_BIT_61 : 0);
		return excp | S390_SIE_HOST_EXCEPTION;
	}
	*addr = walk.real;
	if (!walk.writable)
		*flags &= ~PAGE_WRITE;
	return 0;
}

/* The caller can only say that there is no entry: more is remembered here. */
bool s390_sie_walk_table(CPUS390XState *env, hwaddr *addr)
{
	target_ulong entry = *addr;
	int flags = PAGE_READ;
	int excp;

	excp = s390_sie_walk(env, MMU_DATA_LOAD, &entry, &flags,
			     &env->sie.fault_tec);
	env->sie.fault = excp & S390_SIE_HOST_EXCEPTION ? excp : 0;
	*addr = entry;
	return !excp;
}

int s390_sie_walk_error(CPUS390XState *env, int excp, uint64_t *tec)
{
	if (!env->sie.fault)
		return excp;
	excp = env->sie.fault;
	env->sie.fault = 0;
	*tec = env->sie.fault_tec;
	return excp;
}

void s390_sie_check(CPUS390XState *env, int excp, uintptr_t ra)
{
	if (!(excp & S390_SIE_HOST_EXCEPTION))
		return;
	cpu_restore_state(env_cpu(env), ra);
	s390_sie_fault(env, excp, env->tlb_fill_tec);
	cpu_loop_exit(env_cpu(env));
}

/* For a guest absolute page that must be there; raises what is in the way. */
static uint64_t reach(CPUS390XState *env, int rw, uint64_t addr, uintptr_t ra)
{
	target_ulong page = addr;
	int flags = PAGE_READ | PAGE_WRITE;
	int excp = s390_sie_walk(env, rw, &page, &flags, &env->tlb_fill_tec);

	s390_sie_check(env, excp, ra);
	if (excp)
		tcg_s390_program_interrupt(env, excp, ra);
	return page;
}

uint64_t s390_sie_guest_psa(CPUS390XState *env, uintptr_t ra)
{
	return reach(env, MMU_DATA_STORE, env->psa, ra);
}

uint64_t s390_sie_key_page(CPUS390XState *env, uint64_t addr, uintptr_t ra)
{
	if (!s390_sie_active(env))
		return addr;
	return reach(env, MMU_DATA_LOAD, addr, ra);
}

/*
 * What the host protects is not the guest's protection: a store would be
 * possible once the host has handled its exception.
 */
uint32_t s390_sie_tprot(CPUS390XState *env, uint64_t addr, uintptr_t ra)
{
	uint64_t asc = env->psw.mask & PSW_MASK_ASC;
	target_ulong abs;
	uint64_t tec;
	int flags, store, fetch;

	store = mmu_translate(env, addr, MMU_DATA_STORE, asc, &abs, &flags,
			      &tec);
	fetch = mmu_translate(env, addr, MMU_DATA_LOAD, asc, &abs, &flags,
			      &env->tlb_fill_tec);
	s390_sie_check(env, fetch, ra);
	switch (fetch) {
	case 0:
		return store == PGM_PROTECTION ? 1 : 0;
	case PGM_PROTECTION:
		return 2;
	case PGM_ADDRESSING:
	case PGM_TRANS_SPEC:
		tcg_s390_program_interrupt(env, fetch, ra);
	default:
		return 3;
	}
}

LowCore *s390_sie_map_lowcore(CPUS390XState *env)
{
	hwaddr len = TARGET_PAGE_SIZE;
	LowCore *lowcore;

	lowcore = address_space_map(env_cpu(env)->as, env->sie.lowcore, &len,
				    true, MEMTXATTRS_UNSPECIFIED);
	if (!lowcore || len < TARGET_PAGE_SIZE)
		cpu_abort(env_cpu(env), "Could not map the guest's lowcore\n");
	return lowcore;
}

bool s390_sie_unmap_lowcore(LowCore *lowcore)
{
	CPUState *cs = current_cpu;

	if (!cs || !s390_sie_active(cpu_env(cs)))
		return false;
	/* As cpu_unmap_lowcore(): nothing was stored behind. */
	address_space_unmap(cs->as, lowcore, TARGET_PAGE_SIZE, true,
			    offsetof(LowCore, pad13));
	return true;
}
