/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pv_call() for what is called for each page. Inside of vmlinux.
 */
#ifndef ARCH_S390_KVM_PV_CALL_H
#define ARCH_S390_KVM_PV_CALL_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/uv.h>

#include "pv.h"
#include "trace.h"

/**
 * union pv_unusual - What makes a call for a page more than an instruction
 * @haste: how much shorter than usual the Ultravisor is waited for; see call.c
 * @held_back: how many pages are held back; see page.c
 * @any: both at one glance; nearly always zero
 */
union pv_unusual {
	struct {
		unsigned int haste;
		atomic_t held_back;
	};
	u64 any;
};

/* Hidden is what needs no look into the global offset table. */
#pragma GCC visibility push(hidden)
extern union pv_unusual pv_unusual;
#pragma GCC visibility pop

/* Nobody looks on, and nothing is as it should not be. */
static __always_inline bool pv_all_is_usual(void)
{
	return !trace_uv_call_enabled() && likely(!READ_ONCE(pv_unusual.any));
}

/*
 * The same as pv_call(), with the instruction in place. Where there is more to
 * do than that, the function does it. @patience: PV_ONCE or PV_SPIN.
 */
static __always_inline enum pv_outcome
pv_call_page(void *uvcb, enum pv_patience patience)
{
	int cc;

	if (unlikely(!pv_all_is_usual()))
		return pv_call(uvcb, patience);
	cc = __uv_call(0, (unsigned long)uvcb);
	if (likely(cc <= UVC_CC_ERROR) || patience == PV_ONCE)
		return cc;
	return pv_call(uvcb, patience);
}

#endif /* ARCH_S390_KVM_PV_CALL_H */
