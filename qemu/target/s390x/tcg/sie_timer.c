// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Clocks of a guest in SIE.
 *
 * The host's keep running as its own.  When one of the guest's expires and the
 * guest is enabled for it, the stay in SIE ends without a reason; the host
 * presents the interruption when it starts the guest again.
 *
 * Other CPUs of the host ask the guest to leave by flags in storage, and may
 * wait in a loop until it has.  Nothing tells this CPU of them, so it looks
 * every now and then.
 */
#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "qemu/timer.h"
#include "cpu.h"
#include "s390x-internal.h"
#include "hw/s390x/tod.h"
#include "hw/s390x/uv-compat.h"
#include "exec/helper-proto.h"
#include "sie.h"
#include "pv/sie.h"

#define LOOK_INTERVAL_NS	(NANOSECONDS_PER_SECOND / 1000)

static int64_t now_ns(void)
{
	return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

void s390_sie_load_clocks(CPUS390XState *env)
{
	env->sie.ckc = s390_sie_ld(env, 8, ckc);
	env->sie.cputm = s390_sie_ld(env, 8, cputm);
	env->sie.cputm_start = now_ns();
}

void s390_sie_store_clocks(CPUS390XState *env)
{
	s390_sie_st(env, 8, ckc, env->sie.ckc);
	s390_sie_st(env, 8, cputm, s390_sie_cpu_timer(env));
}

uint64_t s390_sie_cpu_timer(CPUS390XState *env)
{
	return env->sie.cputm - time2tod(now_ns() - env->sie.cputm_start);
}

void s390_sie_set_cpu_timer(CPUS390XState *env, uint64_t value)
{
	env->sie.cputm = value;
	env->sie.cputm_start = now_ns();
	s390_sie_arm(env);
}

void s390_sie_set_clock_comparator(CPUS390XState *env, uint64_t value)
{
	env->sie.ckc = value;
	s390_sie_arm(env);
}

bool s390_sie_clock_expired(CPUS390XState *env)
{
	if (!(env->psw.mask & PSW_MASK_EXT))
		return false;
	return (env->cregs[0] & CR0_CKC_SC &&
		HELPER(stck)(env) > env->sie.ckc) ||
	       (env->cregs[0] & CR0_CPU_TIMER_SC &&
		(int64_t)s390_sie_cpu_timer(env) < 0);
}

/* Nanoseconds until one of the clocks expires, or a look is due. */
static int64_t until_due(CPUS390XState *env)
{
	uint64_t tod = HELPER(stck)(env), due = LOOK_INTERVAL_NS;
	int64_t timer = s390_sie_cpu_timer(env);

	if (env->sie.ckc > tod)
		due = MIN(due, tod2time(env->sie.ckc - tod) + 1);
	if (timer >= 0)
		due = MIN(due, tod2time(timer) + 1);
	return due;
}

static void look(void *opaque)
{
	cpu_interrupt(opaque, CPU_INTERRUPT_SIE);
}

/* A timer that is due soon enough is left alone: to move it is not cheap. */
void s390_sie_arm(CPUS390XState *env)
{
	int64_t now = now_ns(), due = now + until_due(env);

	if (!env->sie.timer)
		env->sie.timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, look,
					      env_cpu(env));
	if (env->sie.timer_due > now && env->sie.timer_due <= due)
		return;
	env->sie.timer_due = due;
	timer_mod(env->sie.timer, due);
}

void s390_sie_recheck(CPUS390XState *env)
{
	uint32_t flags = s390_sie_ld(env, 4, cpuflags);

	if (!(flags & (PV_SIE_CPUFLAG_STOP_INT | PV_SIE_CPUFLAG_IO_INT |
		       PV_SIE_CPUFLAG_EXT_INT)) && !env->sie.controls_loaded)
		return;
	BQL_LOCK_GUARD();
	cpu_interrupt(env_cpu(env), CPU_INTERRUPT_SIE);
}
