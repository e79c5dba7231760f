/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How addresses of a guest lead to pages of its process. Whoever manages the
 * page tables of guests is known to one file, which provides these functions.
 */
#ifndef ARCH_S390_KVM_PV_BACKEND_H
#define ARCH_S390_KVM_PV_BACKEND_H

#include <linux/types.h>

struct gmap;
struct mm_struct;
struct vm_area_struct;

/**
 * struct pv_window - A part of a guest's storage as its process sees it
 * @vma: the mapping that it belongs to
 * @start: address in the process
 * @end: up to here, addresses of guest and process go up together; a part of
 *	one mapping and of one page table
 */
struct pv_window {
	struct vm_area_struct *vma;
	unsigned long start;
	unsigned long end;
};

/*
 * Make @gaddr a writable page that both the process and the Ultravisor see.
 * 0, or a negative error number. Context: takes the mmap lock.
 */
int pv_backend_fault_in(struct gmap *gmap, unsigned long gaddr);

/*
 * In place, since they are needed for each page:
 *
 * pv_backend_mm(gmap): the process that the guest belongs to
 *
 * pv_backend_handle(gmap): handle of the guest's configuration, 0 if it has
 * none at present
 *
 * pv_backend_find(gmap, gaddr, window): where @gaddr is; false if there is
 * nothing, or nothing that could be secure. The mmap lock of the process is
 * held.
 */
#include "backend-gmap.h"

#endif /* ARCH_S390_KVM_PV_BACKEND_H */
