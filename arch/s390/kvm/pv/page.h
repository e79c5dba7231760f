/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Transitions of a page of a guest, inside of vmlinux; the state machine is
 * described in page.c.
 *
 * All of them want a reference that the caller holds until they return, a small
 * folio, and no folio lock; they may be called with a page table lock held.
 */
#ifndef ARCH_S390_KVM_PV_PAGE_H
#define ARCH_S390_KVM_PV_PAGE_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/errno.h>

#include "call.h"

/* The page is cleared and belongs to the host again. */
enum pv_outcome pv_page_destroy(struct folio *folio, enum pv_patience patience);

/* Its content is encrypted, and the page belongs to the host again. */
enum pv_outcome pv_page_export(struct folio *folio, enum pv_patience patience);

/* Destroy; export it if that is refused; hold it back if that fails, too. */
void pv_page_release(struct folio *folio);

/* Nobody will use the page again before a later export or destroy succeeds. */
void pv_page_hold_back(struct folio *folio);

/* Whether any pages are held back, and this is one of them. */
bool pv_page_look_up_held_back(struct folio *folio);

static inline bool pv_page_any_held_back(void)
{
	return unlikely(atomic_read(&pv_unusual.held_back));
}

/* Stable only as long as nobody else works on the page. */
static inline bool pv_page_is_held_back(struct folio *folio)
{
	return pv_page_any_held_back() && pv_page_look_up_held_back(folio);
}

static inline int pv_outcome_errno(enum pv_outcome outcome)
{
	if (likely(outcome == PV_OK))
		return 0;
	return outcome == PV_REFUSED ? -EINVAL : -EBUSY;
}

#endif /* ARCH_S390_KVM_PV_PAGE_H */
