/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guests whose page tables are a gmap: what backend.h promises to have in place.
 */
#ifndef ARCH_S390_KVM_PV_BACKEND_GMAP_H
#define ARCH_S390_KVM_PV_BACKEND_GMAP_H

#include <linux/err.h>
#include <linux/hugetlb.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/pgtable.h>
#include <asm/gmap.h>

static inline struct mm_struct *pv_backend_mm(struct gmap *gmap)
{
	return gmap->mm;
}

static inline u64 pv_backend_handle(struct gmap *gmap)
{
	return READ_ONCE(gmap->guest_handle);
}

static inline bool pv_backend_find(struct gmap *gmap, unsigned long gaddr,
				   struct pv_window *window)
{
	lockdep_assert_held(&gmap->mm->mmap_lock);
	window->start = __gmap_translate(gmap, gaddr);
	if (IS_ERR_VALUE(window->start))
		return false;
	window->vma = vma_lookup(gmap->mm, window->start);
	if (!window->vma || is_vm_hugetlb_page(window->vma))
		return false;
	window->end = min((window->start & PMD_MASK) + PMD_SIZE,
			  window->vma->vm_end);
	return true;
}

#endif /* ARCH_S390_KVM_PV_BACKEND_GMAP_H */
