/* SPDX-License-Identifier: GPL-2.0 */
/*
 * <linux/kvm.h>, with what headers before Linux 6.3 do not have.
 */
#ifndef PV_SELFTEST_KVM_PV_H
#define PV_SELFTEST_KVM_PV_H

#include <linux/kvm.h>

/* KVM_PV_ASYNC_CLEANUP_*, numbers 9 and 10: an enum cannot be asked for. */
#define PV_CMD_ASYNC_PREPARE	9
#define PV_CMD_ASYNC_PERFORM	10

#ifndef KVM_CAP_S390_PROTECTED_ASYNC_DISABLE
#define KVM_CAP_S390_PROTECTED_ASYNC_DISABLE 224
#endif

/* Interceptions that KVM leaves to user space */
#define ICPT_INSTRUCTION	0x04
#define ICPT_PROGRAM_LOOP	0x08
#define ICPT_EXTERNAL_LOOP	0x14
#define ICPT_WAIT		0x1c
#define ICPT_STOP		0x28
#define ICPT_PV_INSTRUCTION	0x68
#define ICPT_PV_NOTIFICATION	0x6c

#endif /* PV_SELFTEST_KVM_PV_H */
