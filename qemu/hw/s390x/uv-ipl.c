// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How an ordinary machine becomes a protected guest: DIAGNOSE 308, subcodes 8
 * (here is my image) and 10 (start it).
 *
 * The DIAGNOSE runs on its vCPU with the big lock held.  Subcode 10 only asks
 * for a reset; the main loop does the work with the big lock held and every
 * vCPU paused, as it does for all resets of the machine.  The state below is
 * therefore protected by the big lock.
 */
#include "qemu/osdep.h"
#include "system/runstate.h"
#include "cpu.h"
#include "hw/s390x/uv-compat.h"
#include "hw/s390x/ultravisor.h"
#include "hw/s390x/uv-guest.h"
#include "ipl.h"

/**
 * struct ipl - what a program asked for
 * @ipib: its parameter block as it was at subcode 8, whatever has become of its
 *	storage since.  Valid while QEMU keeps the block for subcode 9
 * @r1: first register of the last subcode 10
 */
static struct ipl {
	struct uv_ipib ipib;
	unsigned int r1;
} ipl;

/*
 * A guest has no protection to set up, and gets at it again only through a
 * re-IPL.  A host is none that could become a guest.  An odd register has no
 * second one: subcodes 8 and 9 are refused here as they would be later, 10 would
 * not be.
 */
bool s390_uv_may_diag308(uint64_t subcode, uint64_t r1)
{
	if (!s390_uv_active() || subcode < DIAG308_PV_SET)
		return true;
	return !s390_uv_host() && !s390_uv_protected() && !(r1 & 1);
}

/*
 * While the main loop makes its way to a reset, other CPUs still run.  What one
 * of them asks for would take the place of the reset that was asked for, or
 * outlive it and be taken for one from outside.  So it waits: either the reset
 * stops this CPU, or the instruction is executed afterwards.
 */
void s390_uv_await_reset(CPUState *cs, uintptr_t ra)
{
	if (s390_uv_active() && (cs->stop || qemu_reset_requested_get()))
		cpu_loop_exit_restore(cs, ra);
}

uint64_t s390_uv_set_ipl_block(hwaddr addr)
{
	g_autofree IplParameterBlock *block = g_new(IplParameterBlock, 1);
	struct uv_error err = {};
	struct uv_ipib ipib;

	/* Once: other CPUs may be storing into it. */
	cpu_physical_memory_read(addr, block, sizeof(*block));
	if (uv_ipib_parse(&ipib, (uint8_t *)block, s390_uv_ram_size(), &err)) {
		s390_uv_info("the IPL parameter block is refused: %s",
			     err.text);
		return DIAG_308_RC_INVALID;
	}
	/* For subcode 9, which stores as many bytes as the block says it has. */
	s390_ipl_update_diag308(block);
	ipl.ipib = ipib;
	return DIAG_308_RC_OK;
}

/*
 * A block describes storage that an external reset or a re-IPL replaces, so it
 * ends with either.  It outlives subcodes 0 and 1, which keep storage.
 */
void s390_uv_forget_ipl_block(void)
{
	Object *device = object_resolve_path_type("", TYPE_S390_IPL, NULL);

	if (device)
		S390_IPL(device)->iplb_valid_pv = false;
}

/*
 * The request for a reset leaves the translated code for good, so the state of
 * the CPU has to be made that of the end of the instruction; of EXECUTE's end,
 * if that is what executes it.  The instruction counts as executed: a replay
 * would otherwise stop in front of it and wait for the reset.
 */
void s390_uv_prepare_start(CPUState *cs, uint64_t r1, uintptr_t ra)
{
	CPUS390XState *env = cpu_env(cs);

	if (!s390_uv_active())
		return;
	cpu_restore_state(cs, ra);
	env->psw.addr += env->int_pgm_ilen;
	if (icount_enabled())
		cs->neg.icount_decr.u16.low--;
	ipl.r1 = r1;
}

/* Queued work is done before a CPU executes anything else. */
void s390_uv_drop_translations(void)
{
	CPUState *cs;

	tb_flush(first_cpu);
	CPU_FOREACH(cs)
		tlb_flush(cs);
}

static void start(CPUState *cs, run_on_cpu_data data)
{
	const struct uv_psw *psw = data.host_ptr;
	S390CPU *cpu = S390_CPU(cs);

	s390_do_cpu_full_reset(cs, RUN_ON_CPU_NULL);
	s390_cpu_set_state(S390_CPU_STATE_OPERATING, cpu);
	/* Behind it: a PSW that waits stops the CPU again. */
	s390_cpu_set_psw(&cpu->env, psw->mask, psw->addr);
}

static void go_on(CPUState *cs, run_on_cpu_data data)
{
	const uint64_t *code = data.host_ptr;
	S390CPU *cpu = S390_CPU(cs);

	cpu->env.regs[ipl.r1 + 1] = *code;
	s390_cpu_set_state(S390_CPU_STATE_OPERATING, cpu);
}

void s390_uv_protect(CPUState *cs)
{
	struct uv_psw psw;
	uint64_t code;

	if (!s390_uv_boot(&ipl.ipib, &psw, &code)) {
		run_on_cpu(cs, go_on, RUN_ON_CPU_HOST_PTR(&code));
		return;
	}
	s390_uv_drop_translations();
	run_on_cpu(cs, start, RUN_ON_CPU_HOST_PTR(&psw));
}
