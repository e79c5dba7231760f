// SPDX-License-Identifier: GPL-2.0
/*
 * Execution of Ultravisor calls, and how long a busy Ultravisor is waited for.
 *
 * Nothing that the kernel does may depend on the Ultravisor's good will: every
 * wait has an end, by time or by a fatal signal.
 */
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/processor.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/sched/signal.h>
#include <linux/time64.h>
#include <asm/uv.h>

#include "pv.h"
#define CREATE_TRACE_POINTS
#include "trace.h"
#undef CREATE_TRACE_POINTS
#include "call.h"

static_assert(PV_OK == UVC_CC_OK && PV_REFUSED == UVC_CC_ERROR &&
	      PV_BUSY == UVC_CC_BUSY && PV_PARTIAL == UVC_CC_PARTIAL);

/*
 * How long a call is repeated. Page table locks are held in the first one, so
 * it has to stay far below what watchdogs of locks and of RCU tolerate.
 */
#define SPIN_LIMIT	(200 * NSEC_PER_MSEC)
#define WAIT_LIMIT	(20 * NSEC_PER_SEC)

/* Calls that sleep do not, for so long: most are answered by then. */
#define AWAKE_LIMIT	NSEC_PER_MSEC

/*
 * What was waited for in vain is likely to be in vain for the next page, too.
 * Each time the limits are divided by 2^HASTE_STEP, down to 2^-HASTE_MAX of
 * what they were, and each answer doubles them again: an Ultravisor that
 * answers now and then only does not get much of our time either. A race
 * between two CPUs loses one of these steps, which does not matter.
 */
#define HASTE_STEP	4
#define HASTE_MAX	13

union pv_unusual pv_unusual;

static void note_answer(void)
{
	unsigned int haste = READ_ONCE(pv_unusual.haste);

	if (unlikely(haste))
		WRITE_ONCE(pv_unusual.haste, haste - 1);
}

static void note_silence(void)
{
	unsigned int haste = READ_ONCE(pv_unusual.haste);

	WRITE_ONCE(pv_unusual.haste, min(haste + HASTE_STEP, HASTE_MAX));
}

static u64 limit_of(enum pv_patience patience)
{
	switch (patience) {
	case PV_ONCE:
		return 0;
	case PV_SPIN:
		return SPIN_LIMIT >> READ_ONCE(pv_unusual.haste);
	case PV_WAIT:
		return WAIT_LIMIT >> READ_ONCE(pv_unusual.haste);
	case PV_KILLABLE:
		break;
	}
	return U64_MAX;
}

/* Let others run before the call is repeated. */
static void pause_call(enum pv_patience patience, u64 waited)
{
	if (patience == PV_SPIN)
		cpu_relax();
	else if (waited < AWAKE_LIMIT)
		cond_resched();
	else
		usleep_range_state(50, 100, patience == PV_KILLABLE ?
				   TASK_KILLABLE : TASK_UNINTERRUPTIBLE);
}

/*
 * The Ultravisor was busy once. Returns the last condition code; what has begun
 * is not untouched again by being busy.
 */
static int repeat_call(void *uvcb, int cc, enum pv_patience patience,
		       unsigned int *tries)
{
	u64 start = local_clock(), limit = limit_of(patience), waited = 0;
	bool begun = cc == UVC_CC_PARTIAL;

	while (cc > UVC_CC_ERROR && waited < limit) {
		if (patience == PV_KILLABLE && fatal_signal_pending(current))
			break;
		pause_call(patience, waited);
		cc = __uv_call(0, (unsigned long)uvcb);
		begun |= cc == UVC_CC_PARTIAL;
		++*tries;
		waited = local_clock() - start;
	}
	if (cc > UVC_CC_ERROR && waited >= limit && patience != PV_ONCE)
		note_silence();
	return cc == UVC_CC_BUSY && begun ? UVC_CC_PARTIAL : cc;
}

/* @start: when the call began, 0 if nobody looked then */
static noinline enum pv_outcome finish_call(void *uvcb, int cc,
					    enum pv_patience patience,
					    u64 start)
{
	unsigned int tries = 1;

	if (cc > UVC_CC_ERROR)
		cc = repeat_call(uvcb, cc, patience, &tries);
	if (cc <= UVC_CC_ERROR)
		note_answer();
	if (trace_uv_call_enabled() && start)
		trace_uv_call(uvcb, cc, tries, local_clock() - start);
	return cc;
}

static noinline enum pv_outcome call_traced(void *uvcb,
					    enum pv_patience patience)
{
	u64 start = local_clock();
	int cc = __uv_call(0, (unsigned long)uvcb);

	return finish_call(uvcb, cc, patience, start);
}

/**
 * pv_call() - Execute an Ultravisor call
 * @uvcb: control block in the address space of the kernel, filled in; may cross
 *	a page. The Ultravisor stores its response and reason code there.
 * @patience: how long the call is repeated while the Ultravisor is busy
 *
 * Every call, whatever its outcome, is one event of tracepoint uv_call.
 *
 * Context: PV_ONCE and PV_SPIN: any. Others: process context, may sleep.
 * Return: how the call ended
 */
enum pv_outcome pv_call(void *uvcb, enum pv_patience patience)
{
	int cc;

	might_sleep_if(patience >= PV_WAIT);
	if (trace_uv_call_enabled())
		return call_traced(uvcb, patience);
	cc = __uv_call(0, (unsigned long)uvcb);
	if (unlikely(cc > UVC_CC_ERROR))
		return finish_call(uvcb, cc, patience, 0);
	note_answer();
	return cc;
}
EXPORT_SYMBOL_GPL(pv_call);
