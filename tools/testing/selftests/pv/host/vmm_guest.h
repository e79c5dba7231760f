/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest for the small VMM, as bytes; see vmm_guest.S.
 */
#ifndef PV_SELFTEST_VMM_GUEST_H
#define PV_SELFTEST_VMM_GUEST_H

/* Where it stands in the guest's memory, and in a file for --kernel */
#define VMM_GUEST_ADDR	0x10000

extern const char vmm_guest[], vmm_guest_end[];

#endif /* PV_SELFTEST_VMM_GUEST_H */
