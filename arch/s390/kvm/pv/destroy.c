// SPDX-License-Identifier: GPL-2.0
/*
 * Pages of a guest that is gone, or that was there before this one, become
 * pages of the host again.
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/pagewalk.h>
#include <linux/pgtable.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <asm/gmap.h>
#include <asm/uv.h>

#include "backend.h"
#include "page.h"

/*
 * Two CPUs may meet the same page of a guest that is gone. If the second one
 * comes late, the page belongs to a guest with CPUs again, and destroying it is
 * refused. It is exported then, and comes back as soon as it is touched.
 */
static int release_page(struct folio *folio)
{
	enum pv_outcome outcome;

	folio_get(folio);
	outcome = pv_page_destroy(folio, PV_SPIN);
	if (outcome != PV_OK)
		outcome = pv_page_export(folio, PV_SPIN);
	folio_put(folio);
	return pv_outcome_errno(outcome);
}

/* What is large, or not writable, was never made secure. */
static int release_pte(pte_t pte)
{
	struct folio *folio;

	if (!pte_present(pte) || pte_special(pte) || !pte_write(pte))
		return 0;
	folio = pfn_folio(pte_pfn(pte));
	return folio_test_large(folio) ? 0 : release_page(folio);
}

/* One page; the lock of its table keeps it from going away. */
static int release_mapped(pmd_t *pmd, unsigned long addr, unsigned long end,
			  struct mm_walk *walk)
{
	int *error = walk->private;
	spinlock_t *ptl;	/* of the page table */
	pte_t *ptep;

	ptep = pte_offset_map_lock(walk->mm, pmd, addr, &ptl);
	if (!ptep)
		return 0;
	__acquire(ptl);		/* sparse looks at this file only */
	*error = release_pte(ptep_get(ptep));
	pte_unmap_unlock(ptep, ptl);
	return 0;
}

static const struct mm_walk_ops release_ops = {
	.pmd_entry = release_mapped,
	.walk_lock = PGWALK_RDLOCK,
};

/**
 * gmap_destroy_page() - Take back a page that a guest must not have
 * @gmap: the guest
 * @gaddr: address of the page in the guest
 *
 * Context: process context, takes the mmap lock
 * Return: 0, also if there is no page; -EFAULT if there is no memory that could
 *	be secure; -EINVAL if the Ultravisor refused; -EBUSY if it was busy
 */
int gmap_destroy_page(struct gmap *gmap, unsigned long gaddr)
{
	struct mm_struct *mm = pv_backend_mm(gmap);
	struct pv_window window;
	int error = -EFAULT;

	mmap_read_lock(mm);
	if (pv_backend_find(gmap, gaddr, &window)) {
		error = 0;
		walk_page_range(mm, window.start, window.start + PAGE_SIZE,
				&release_ops, &error);
	}
	mmap_read_unlock(mm);
	return error;
}
EXPORT_SYMBOL_GPL(gmap_destroy_page);

/* The page table lock is held. Pages may be shared and not known to be. */
static void destroy_pte(pte_t pte)
{
	struct folio *folio;

	if (!pte_present(pte) || unlikely(pte_special(pte)))
		return;
	folio = pfn_folio(pte_pfn(pte));
	if (unlikely(folio_test_large(folio)))
		return;
	folio_get(folio);
	pv_page_release(folio);
	folio_put(folio);
}

/**
 * struct walk_state - What a walk over an address space has to know
 * @next: where to go on after a pause
 * @interruptible: whether a fatal signal is a reason for one
 */
struct walk_state {
	unsigned long next;
	bool interruptible;
};

static bool is_killed(const struct walk_state *state)
{
	return state->interruptible && fatal_signal_pending(current);
}

static bool wants_pause(struct mm_struct *mm, const struct walk_state *state)
{
	return need_resched() || mmap_lock_is_contended(mm) || is_killed(state);
}

/* A page table, or a part of it. Returns 1 to have the walk interrupted. */
static int destroy_ptes(pmd_t *pmd, unsigned long addr, unsigned long end,
			struct mm_walk *walk)
{
	struct walk_state *state = walk->private;
	pte_t *start, *ptep;
	spinlock_t *ptl;	/* of the page table */

	start = pte_offset_map_lock(walk->mm, pmd, addr, &ptl);
	if (!start)
		return 0;
	__acquire(ptl);		/* sparse looks at this file only */
	for (ptep = start; addr < end && !need_resched(); ptep++) {
		destroy_pte(ptep_get(ptep));
		addr += PAGE_SIZE;
	}
	pte_unmap_unlock(start, ptl);
	state->next = addr;
	/* The lock gone, another may have run: nothing wants a pause then. */
	return addr < end || wants_pause(walk->mm, state);
}

static const struct mm_walk_ops destroy_ops = {
	.pmd_entry = destroy_ptes,
	.walk_lock = PGWALK_RDLOCK,
};

/**
 * pv_destroy_range() - Take back every page that is mapped in a range
 * @mm: address space of a process that had protected guests
 * @start: first address
 * @end: first address behind it
 * @interruptible: whether a fatal signal ends it
 *
 * A page that can neither be destroyed nor exported is held back as leaked.
 *
 * Context: process context, takes the mmap lock
 * Return: 0, or -EINTR
 */
int pv_destroy_range(struct mm_struct *mm, unsigned long start,
		     unsigned long end, bool interruptible)
{
	struct walk_state state = {
		.next = start,
		.interruptible = interruptible,
	};
	bool paused;

	do {
		mmap_read_lock(mm);
		paused = walk_page_range(mm, state.next, end, &destroy_ops,
					 &state) > 0;
		mmap_read_unlock(mm);
		if (paused && is_killed(&state))
			return -EINTR;
		cond_resched();
	} while (paused && state.next < end);
	return 0;
}
EXPORT_SYMBOL_GPL(pv_destroy_range);
