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

/* The process that the guest belongs to. */
struct mm_struct *pv_backend_mm(struct gmap *gmap);

/* Handle of the guest's configuration, 0 if it has none at present. */
u64 pv_backend_handle(struct gmap *gmap);

/*
 * Where @gaddr is. False if there is nothing, or nothing that could be secure.
 * Context: the mmap lock of the process is held.
 */
bool pv_backend_find(struct gmap *gmap, unsigned long gaddr,
		     struct pv_window *window);

/*
 * Make @gaddr a writable page that both the process and the Ultravisor see.
 * 0, or a negative error number. Context: takes the mmap lock.
 */
int pv_backend_fault_in(struct gmap *gmap, unsigned long gaddr);

#endif /* ARCH_S390_KVM_PV_BACKEND_H */
