/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Storage that the Ultravisor may still own, inside of vmlinux; see pv_leak().
 */
#ifndef ARCH_S390_KVM_PV_LEAK_H
#define ARCH_S390_KVM_PV_LEAK_H

#include "pv.h"

/* Note that @pages turned out to be ours again. Any context. */
void pv_leak_returned(enum pv_leak kind, unsigned long pages);

/* How many pages are lost. */
unsigned long pv_leaked(enum pv_leak kind);

#endif /* ARCH_S390_KVM_PV_LEAK_H */
