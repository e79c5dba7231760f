// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the TLB holds, for whom, and when it is purged.
 *
 * The guest in SIE has MMU indexes of its own, so neither entry nor exit purges
 * what belongs to the host; its entries are kept for its next stay as long as
 * nothing that they depend on has changed.
 *
 * Linux loads CR1 each time it is entered and left but executes in its home
 * space, and SIE is between two more loads.  So entries of the primary space
 * are purged only when that space is used again, and is another one.
 */
#include "qemu/osdep.h"
#include "cpu.h"
#include "s390x-internal.h"
#include "hw/s390x/uv-compat.h"
#include "sie.h"
#include "pv/sie.h"

/* MMU indexes, as sets */
#define HOST_INDEXES	((1 << MMU_GUEST_IDX) - 1)
#define GUEST_INDEXES	(HOST_INDEXES << MMU_GUEST_IDX)

/* Counts what purges the translations of all guests on all CPUs. */
static unsigned int global_purges;

static void purge_guest(CPUState *cs, run_on_cpu_data data)
{
	tlb_flush_by_mmuidx(cs, GUEST_INDEXES);
}

/*
 * A CPU that is not in SIE will see the count when it is again: it sets
 * @active, then reads the count; here it is the other way round.
 */
static void purge_all_guests(CPUState *self)
{
	CPUState *cs;

	qatomic_inc(&global_purges);
	CPU_FOREACH(cs) {
		if (cs != self && qatomic_read(&cpu_env(cs)->sie.active))
			async_run_on_cpu(cs, purge_guest, RUN_ON_CPU_NULL);
	}
}

void s390_sie_flush(CPUS390XState *env, bool local)
{
	uint16_t indexes = s390_sie_active(env) ? GUEST_INDEXES :
			   HOST_INDEXES | GUEST_INDEXES;

	if (local)
		tlb_flush_by_mmuidx(env_cpu(env), indexes);
	else
		tlb_flush_by_mmuidx_all_cpus_synced(env_cpu(env), indexes);
}

/*
 * The address is the host's, a guest's translations have the guest's: none of
 * them is known not to use the page.
 */
void s390_sie_flush_page(CPUS390XState *env, target_ulong page, bool local)
{
	uint16_t indexes = s390_sie_active(env) ? GUEST_INDEXES : HOST_INDEXES;
	CPUState *cs = env_cpu(env);

	if (!s390_sie_active(env)) {
		env->sie.kept_valid = false;
		if (!local)
			purge_all_guests(cs);
	}
	if (local)
		tlb_flush_page_by_mmuidx(cs, page, indexes);
	else
		tlb_flush_page_by_mmuidx_all_cpus_synced(cs, page, indexes);
}

static struct s390_sie_primary *primary_of(CPUS390XState *env)
{
	return &env->sie.primary[s390_sie_active(env)];
}

/* Instructions come from there in secondary space mode, too. */
static bool is_primary_used(const CPUS390XState *env)
{
	return env->psw.mask & PSW_MASK_DAT &&
	       (env->psw.mask & PSW_MASK_ASC) != PSW_ASC_HOME;
}

void s390_sie_purge_primary(CPUS390XState *env)
{
	struct s390_sie_primary *primary = primary_of(env);
	int mmu_idx = s390x_side_mmu_index(env, MMU_PRIMARY_IDX);

	primary->asce = env->cregs[1];
	primary->stale = false;
	tlb_flush_by_mmuidx(env_cpu(env), 1 << mmu_idx);
}

static void load_primary(CPUS390XState *env)
{
	struct s390_sie_primary *primary = primary_of(env);

	primary->stale = env->cregs[1] != primary->asce;
	if (primary->stale && is_primary_used(env))
		s390_sie_purge_primary(env);
}

void s390_sie_load_controls(CPUS390XState *env, const uint64_t old[16])
{
	uint16_t indexes = 0;

	if (env->cregs[0] != old[0])
		indexes = HOST_INDEXES;
	if (env->cregs[7] != old[7])
		indexes |= 1 << MMU_SECONDARY_IDX;
	if (env->cregs[13] != old[13])
		indexes |= 1 << MMU_HOME_IDX;
	if (s390_sie_active(env))
		indexes <<= MMU_GUEST_IDX;
	if (indexes)
		tlb_flush_by_mmuidx(env_cpu(env), indexes);
	if (env->cregs[1] != old[1])
		load_primary(env);
}

static void describe_space(CPUS390XState *env, struct s390_sie_space *space)
{
	*space = (struct s390_sie_space){
		.block = env->sie.block,
		.mso = env->sie.mso,
		.msl = env->sie.msl,
		.psa = env->psa,
		.cr = { env->cregs[0], env->cregs[1], env->cregs[7],
			env->cregs[13] },
		.host_cr = { env->sie.host.cr[0], env->sie.host.cr[1] },
		.host_psa = env->sie.host.psa,
	};
}

/*
 * The host says in the block that its changes want a purge by naming no CPU;
 * a guest that was on another CPU in between left its purges there.
 */
void s390_sie_begin_space(CPUS390XState *env)
{
	unsigned int purges = qatomic_read(&global_purges);
	struct s390_sie_space space;
	bool keep;

	describe_space(env, &space);
	keep = env->sie.kept_valid && env->sie.purged == purges &&
	       !memcmp(&space, &env->sie.kept, sizeof(space));
	/* A new block is full of zeroes, which is no CPU. */
	if (s390_sie_ld(env, 2, ihcpu) != env->core_id + 1) {
		s390_sie_st(env, 2, ihcpu, env->core_id + 1);
		keep = false;
	}
	if (!keep) {
		tlb_flush_by_mmuidx(env_cpu(env), GUEST_INDEXES);
		*primary_of(env) = (struct s390_sie_primary){
			.asce = env->cregs[1],
		};
	}
	env->sie.purged = purges;
}

void s390_sie_end_space(CPUS390XState *env)
{
	describe_space(env, &env->sie.kept);
	env->sie.kept_valid = true;
}
