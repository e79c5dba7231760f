// SPDX-License-Identifier: GPL-2.0
/*
 * Execution of Ultravisor calls on behalf of a user.
 */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "uvdevice.h"

/**
 * uvdevice_call_for() - The same as uvdevice_call(), with a limit
 * @uvcb: as there
 * @limit: how long the Ultravisor may be busy, in jiffies; for callers that
 *	nobody can kill, such as a boot
 *
 * Return: as there, or -EBUSY if the time is over
 */
int uvdevice_call_for(struct uv_cb_header *uvcb, unsigned long limit)
{
	unsigned long end = jiffies + limit;

	while (__uv_call(0, (unsigned long)uvcb) > UVC_CC_ERROR) {
		if (fatal_signal_pending(current))
			return -EINTR;
		if (time_after(jiffies, end))
			return -EBUSY;
		cond_resched();
	}
	return 0;
}

/**
 * uvdevice_call() - Execute an Ultravisor call until the Ultravisor is done
 * @uvcb: control block of the call, 8-byte aligned, in kernel memory that is
 *	mapped for as long as the function runs.  The Ultravisor stores its
 *	answer there, in the caller's byte order.
 *
 * An Ultravisor that is busy, or done with a part of the work, wants to see the
 * same unmodified control block again (uvc ABI: condition codes).  How long
 * that lasts is decided outside of this kernel, so the processor is offered to
 * others between the attempts, and a user who is being killed does not have to
 * wait for the end of it.  The instruction has ended before that happens: the
 * Ultravisor holds no reference to the control block or to what it points to.
 *
 * Context: process context, may sleep.
 * Return: 0 if the answer of the Ultravisor stands in @uvcb, -EINTR if a fatal
 *	signal came first.
 */
int uvdevice_call(struct uv_cb_header *uvcb)
{
	return uvdevice_call_for(uvcb, MAX_JIFFY_OFFSET);
}
