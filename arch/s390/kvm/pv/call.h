/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pv_call() for what is called for each page. Inside of vmlinux.
 */
#ifndef ARCH_S390_KVM_PV_CALL_H
#define ARCH_S390_KVM_PV_CALL_H

#include <linux/compiler.h>
#include <asm/uv.h>

#include "pv.h"
#include "trace.h"

/*
 * How much shorter than usual the Ultravisor is waited for; see call.c. Hidden
 * is what needs no look into the global offset table.
 */
extern unsigned int pv_haste __attribute__((__visibility__("hidden")));

/*
 * The same as pv_call(), with the instruction in place. Where there is more to
 * do than that, because somebody looks or because it was or is busy, the
 * function does it. @patience: PV_ONCE or PV_SPIN.
 */
static __always_inline enum pv_outcome
pv_call_page(void *uvcb, enum pv_patience patience)
{
	int cc;

	if (trace_uv_call_enabled() || unlikely(READ_ONCE(pv_haste)))
		return pv_call(uvcb, patience);
	cc = __uv_call(0, (unsigned long)uvcb);
	if (likely(cc <= UVC_CC_ERROR) || patience == PV_ONCE)
		return cc;
	return pv_call(uvcb, patience);
}

#endif /* ARCH_S390_KVM_PV_CALL_H */
