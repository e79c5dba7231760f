// SPDX-License-Identifier: GPL-2.0
/*
 * Pages of the host become pages of a guest: import on demand, unpacking of an
 * image, and the end of a pin, which goes the same way.
 *
 * An attempt is made with all locks that keep others from the page, and calls
 * the Ultravisor exactly once. What is in its way is removed without locks, and
 * then it is tried again, a few times. Longer the caller has to come back: only
 * he knows whom he keeps waiting.
 */
#include <linux/backing-dev.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/huge_mm.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/mmdebug.h>
#include <linux/page_ref.h>
#include <linux/pagemap.h>
#include <linux/pgtable.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/swap.h>
#include <asm/gmap.h>
#include <asm/uv.h>

#include "backend.h"
#include "call.h"
#include "page.h"

/* The Ultravisor does not see the page: its tables lead nowhere. */
#define IMPORT_RC_NOT_MAPPED	0x010a

/* Obstacles in the way of one page until the caller has to come back. */
#define MAX_OBSTACLES		8

/**
 * struct import - Pages that are to become secure
 * @gmap: of this guest
 * @uvcb: control block of the call for the next page
 * @unpack: the same, if it is to be moved on from page to page
 * @gaddr: address of the next page in the guest
 * @left: bytes that are left
 * @export_first: whether pages may be shared by another guest of the process
 * @drains: how often references of other CPUs have been got rid of
 * @obstacle: folio that could not be made secure, with a reference
 */
struct import {
	struct gmap *gmap;
	struct uv_cb_header *uvcb;
	struct uv_cb_unp *unpack;
	unsigned long gaddr;
	unsigned long left;
	bool export_first;
	unsigned int drains;
	struct folio *obstacle;
};

/*
 * A page that was shared by an older guest of this process is taken without an
 * exception by a newer one, unless the Ultravisor sees to it by itself. Unpin
 * only looks like an import.
 */
static __always_inline bool must_export_first(struct import *import)
{
	struct mm_struct *mm = pv_backend_mm(import->gmap);

	return !uv_has_feature(BIT_UV_FEAT_MISC) &&
	       import->uvcb->cmd != UVC_CMD_UNPIN_PAGE_SHARED &&
	       atomic_read(&mm->context.protected_count) > 1;
}

/* References that a folio has if nobody but mappings and caches knows it. */
static __always_inline int explained_references(struct folio *folio)
{
	int references = folio_mapcount(folio);

	if (folio_test_swapcache(folio))
		references += 1;
	else if (!folio_test_anon(folio) && folio->mapping)
		references += 1 + folio_test_private(folio);
	return references;
}

static __always_inline enum pv_page answer_of(struct import *import, enum pv_outcome outcome)
{
	switch (outcome) {
	case PV_OK:
		return PV_PAGE_DONE;
	case PV_BUSY:
	case PV_PARTIAL:
		return PV_PAGE_BUSY;
	case PV_REFUSED:
		break;
	}
	return import->uvcb->rc == IMPORT_RC_NOT_MAPPED ? PV_PAGE_ABSENT :
							  PV_PAGE_REFUSED;
}

/*
 * With the reference count at zero nobody can find the page in a cache and use
 * it. The bit comes before the call, since whoever gets a reference afterwards
 * has to see it.
 *
 * Other processes may unmap the page meanwhile, and give up their references.
 * So the count is not set to what it was: what is added is what was taken.
 */
static __always_inline enum pv_page import_frozen(struct import *import, struct folio *folio)
{
	int references = explained_references(folio);
	enum pv_outcome outcome;

	if (!folio_ref_freeze(folio, references))
		return PV_PAGE_REFERENCED;
	/* One that lost a mapping since may have got another reference. */
	if (references > 1 &&
	    unlikely(explained_references(folio) != references)) {
		folio_ref_add(folio, references);
		return PV_PAGE_REFERENCED;
	}
	set_bit(PG_arch_1, &folio->flags);
	outcome = pv_call_page(import->uvcb, PV_ONCE);
	folio_ref_add(folio, references);
	return answer_of(import, outcome);
}

/* Under the page table lock and the folio lock. */
static __always_inline enum pv_page import_locked(struct import *import, struct folio *folio)
{
	enum pv_outcome outcome;

	VM_WARN_ON_ONCE_FOLIO(!folio_test_locked(folio), folio);
	if (folio_test_writeback(folio))
		return PV_PAGE_WRITEBACK;
	if (import->export_first || unlikely(pv_page_is_held_back(folio))) {
		outcome = pv_page_export(folio, PV_ONCE);
		if (outcome == PV_BUSY || outcome == PV_PARTIAL)
			return PV_PAGE_BUSY;
		/* Refused: then this guest cannot have the page either. */
	}
	return import_frozen(import, folio);
}

static __always_inline enum pv_page import_folio(struct import *import, struct folio *folio)
{
	enum pv_page result;

	if (unlikely(folio_test_large(folio)))
		return PV_PAGE_LARGE;
	if (!folio_trylock(folio))
		return PV_PAGE_LOCKED;
	result = import_locked(import, folio);
	folio_unlock(folio);
	return result;
}

/* The page table lock is all that keeps the folio from going away. */
static __always_inline enum pv_page import_pte(struct import *import, pte_t pte)
{
	struct folio *folio;
	enum pv_page result;

	if (!pte_present(pte) || (pte_val(pte) & _PAGE_INVALID) ||
	    !pte_write(pte))
		return PV_PAGE_ABSENT;
	if (unlikely(pte_special(pte)))
		return PV_PAGE_OUTSIDE;
	folio = pfn_folio(pte_pfn(pte));
	result = import_folio(import, folio);
	if (unlikely(result != PV_PAGE_DONE)) {
		folio_get(folio);
		import->obstacle = folio;
	}
	return result;
}

static __always_inline void next_page(struct import *import)
{
	import->gaddr += PAGE_SIZE;
	import->left -= PAGE_SIZE;
	if (import->unpack) {
		import->unpack->gaddr += PAGE_SIZE;
		import->unpack->tweak[1] += PAGE_SIZE;
	}
}

/*
 * As many pages of one page table as can be done without a pause: one at least.
 */
static __always_inline enum pv_page
import_ptes(struct import *import, pte_t *ptep, unsigned long pages)
{
	enum pv_page result;

	for (;; ptep++) {
		result = import_pte(import, ptep_get(ptep));
		if (result != PV_PAGE_DONE)
			break;
		next_page(import);
		if (!import->left || !--pages || need_resched())
			break;
	}
	return result;
}

static __always_inline enum pv_page
import_table(struct import *import, const struct pv_window *window)
{
	unsigned long pages = (window->end - window->start) >> PAGE_SHIFT;
	enum pv_page result;
	spinlock_t *ptl;	/* of the page table */
	pte_t *ptep;

	ptep = __get_locked_pte(pv_backend_mm(import->gmap), window->start,
				&ptl);
	if (!ptep)
		return PV_PAGE_ABSENT;
	__acquire(ptl);		/* which sparse */
	__acquire(RCU);		/* does not see */
	result = import_ptes(import, ptep, pages);
	pte_unmap_unlock(ptep, ptl);
	return result;
}

static __always_inline enum pv_page import_window(struct import *import)
{
	struct mm_struct *mm = pv_backend_mm(import->gmap);
	enum pv_page result = PV_PAGE_OUTSIDE;
	struct pv_window window;

	mmap_read_lock(mm);
	if (pv_backend_find(import->gmap, import->gaddr, &window))
		result = import_table(import, &window);
	mmap_read_unlock(mm);
	return result;
}

/*
 * Somebody has a reference, most often a CPU that has not yet put the page on
 * its list of pages in use.
 */
static int drain(struct import *import)
{
	switch (import->drains++) {
	case 0:
		lru_add_drain();
		return 0;
	case 1:
		lru_add_drain_all();
		return 0;
	}
	return -EAGAIN;
}

/*
 * File systems do not let go of their data of a dirty folio, so it cannot be
 * split before it is written. The inode keeps the mapping.
 */
static int write_back(struct import *import)
{
	struct folio *folio = import->obstacle;
	struct address_space *mapping;
	struct inode *inode = NULL;
	loff_t start, last;

	if (folio_lock_killable(folio))
		return -EAGAIN;
	mapping = folio_mapping(folio);
	if (mapping && !folio_test_anon(folio) && folio_test_dirty(folio) &&
	    mapping_can_writeback(mapping))
		inode = igrab(mapping->host);
	start = folio_pos(folio);
	last = start + folio_size(folio) - 1;
	folio_unlock(folio);
	if (inode) {
		filemap_write_and_wait_range(mapping, start, last);
		iput(inode);
	}
	return folio_wait_writeback_killable(folio) ? -EAGAIN : 0;
}

static int split(struct import *import)
{
	struct folio *folio = import->obstacle;
	bool is_large;
	int error;

	if (folio_lock_killable(folio))
		return -EAGAIN;
	error = folio_test_large(folio) ? split_folio(folio) : 0;
	is_large = folio_test_large(folio);
	folio_unlock(folio);
	switch (error) {
	case 0:
		/* A file system may want no small ones. */
		return is_large ? -EFAULT : 0;
	case -EAGAIN:
		return drain(import);
	case -EBUSY:
		return write_back(import);
	case -ENOMEM:
		return -ENOMEM;
	}
	return -EFAULT;
}

static int wait_for_lock(struct import *import)
{
	return folio_wait_locked_killable(import->obstacle) ? -EAGAIN : 0;
}

static int wait_for_writeback(struct import *import)
{
	return folio_wait_writeback_killable(import->obstacle) ? -EAGAIN : 0;
}

static int fault_in(struct import *import)
{
	if (!pv_backend_fault_in(import->gmap, import->gaddr))
		return 0;
	return fatal_signal_pending(current) ? -EAGAIN : -EFAULT;
}

/*
 * What is done about each result, without locks, and the error otherwise. What
 * is done returns 0 if it is worth while to try again at once.
 */
static const struct {
	int (*react)(struct import *import);
	int error;
} reactions[] = {
	[PV_PAGE_LARGE] = { .react = split },
	[PV_PAGE_LOCKED] = { .react = wait_for_lock },
	[PV_PAGE_WRITEBACK] = { .react = wait_for_writeback },
	[PV_PAGE_REFERENCED] = { .react = drain },
	[PV_PAGE_ABSENT] = { .react = fault_in },
	[PV_PAGE_BUSY] = { .error = -EAGAIN },
	[PV_PAGE_OUTSIDE] = { .error = -EFAULT },
	[PV_PAGE_REFUSED] = { .error = -EINVAL },
};

static int remove_obstacle(struct import *import, enum pv_page result)
{
	int error = reactions[result].error;

	if (reactions[result].react)
		error = reactions[result].react(import);
	if (import->obstacle)
		folio_put(import->obstacle);
	import->obstacle = NULL;
	return error;
}

/*
 * Everything after an attempt that ended with @result. By value: who makes that
 * attempt in place for one page, as is done for most pages, has all of it in
 * registers.
 */
static noinline int import_rest(struct import import, enum pv_page result)
{
	unsigned int obstacles = 0;
	unsigned long left;
	int error;

	while (import.left) {
		if (result != PV_PAGE_DONE) {
			error = remove_obstacle(&import, result);
			if (error)
				return error;
			if (++obstacles > MAX_OBSTACLES)
				return -EAGAIN;
		}
		if (fatal_signal_pending(current))
			return -EAGAIN;
		cond_resched();
		left = import.left;
		result = import_window(&import);
		if (import.left != left) {
			obstacles = 0;
			import.drains = 0;
		}
	}
	return 0;
}

/**
 * gmap_make_secure() - Make one page of a guest secure
 * @gmap: the guest
 * @gaddr: address of the page in the guest
 * @uvcb: control block of a call that works on that page like an import does;
 *	passed to the Ultravisor as it is
 *
 * Context: process context, takes the mmap lock
 * Return: 0; -EAGAIN if it was prevented by something that passes, so that
 *	the caller should come back; -EINVAL if the Ultravisor refused, and the
 *	codes in @uvcb say why; -EFAULT if there is no memory that could be
 *	secure; -ENOMEM
 */
int gmap_make_secure(struct gmap *gmap, unsigned long gaddr, void *uvcb)
{
	struct import import = {
		.gmap = gmap,
		.uvcb = uvcb,
		.gaddr = gaddr,
		.left = PAGE_SIZE,
	};

	import.export_first = must_export_first(&import);
	return import_rest(import, PV_PAGE_DONE);
}
EXPORT_SYMBOL_GPL(gmap_make_secure);

/**
 * gmap_convert_to_secure() - Import one page that a guest touched
 * @gmap: the guest
 * @gaddr: address of the page in the guest
 *
 * The first time it is cleared. What was exported is decrypted, if it is what
 * it was then.
 *
 * Context: as gmap_make_secure()
 * Return: as gmap_make_secure()
 */
int gmap_convert_to_secure(struct gmap *gmap, unsigned long gaddr)
{
	struct uv_cb_cts uvcb = {
		.header.cmd = UVC_CMD_CONV_TO_SEC_STOR,
		.header.len = sizeof(uvcb),
		.guest_handle = pv_backend_handle(gmap),
		.gaddr = gaddr,
	};
	struct import import = {
		.gmap = gmap,
		.uvcb = &uvcb.header,
		.gaddr = gaddr,
		.left = PAGE_SIZE,
	};
	enum pv_page result;

	import.export_first = must_export_first(&import);
	result = import_window(&import);
	if (likely(result == PV_PAGE_DONE))
		return 0;
	return import_rest(import, result);
}
EXPORT_SYMBOL_GPL(gmap_convert_to_secure);

/**
 * pv_unpack_range() - Unpack pages of an image
 * @gmap: the guest
 * @uvcb: control block of the first page; advanced to the page that is not done
 * @size: bytes, a multiple of the page size as the address is
 *
 * What pages have in common, look-ups and locks, is done once for several.
 *
 * Context: process context, takes the mmap lock
 * Return: 0 when all pages are done, else as gmap_make_secure() for the page
 *	that @uvcb describes then
 */
int pv_unpack_range(struct gmap *gmap, struct uv_cb_unp *uvcb,
		    unsigned long size)
{
	struct import import = {
		.gmap = gmap,
		.uvcb = &uvcb->header,
		.unpack = uvcb,
		.gaddr = uvcb->gaddr,
		.left = size,
	};

	import.export_first = must_export_first(&import);
	return import_rest(import, PV_PAGE_DONE);
}
EXPORT_SYMBOL_GPL(pv_unpack_range);
