// SPDX-License-Identifier: GPL-2.0
/*
 * The life of a page of a protected guest, as the host's kernel knows it.
 *
 *	state	  PG_arch_1  extra reference  the host may    counted as
 *				(held back)	touch it      leaked
 *	normal	    clear	    no		  yes		no
 *	shared	    clear	    no		  yes		no
 *	secure	     set	    no		  no		no
 *	unknown	     set	    yes		  no		yes
 *
 * Only small folios leave state normal; what pte_special() tells from memory of
 * the process has no state. Normal and shared cannot be told apart by the
 * kernel, so what ends the use of a page is done for both. PG_arch_1 may be set
 * without need: it says that the page may be secure.
 *
 *	event		    from    call	on success   on failure
 *	import, unpack	    normal  0x200, 0x301  secure     secure (1)
 *	accessibility	    secure  0x341 pin	  shared     next line
 *			    secure  0x201 export  normal     secure, the caller
 *							     is told
 *	unmap		    any	    0x201 export  normal     unknown
 *	end of address	    any	    0x202 destroy normal     as unmap
 *	space
 *	end of guest	    any	    0x202 destroy normal     next line
 *			    any	    0x201 export  normal     unknown
 *	any guest has ended unknown 0x201 export  normal (2) unknown
 *	violation (0x3f)    any	    0x202 destroy normal     next line
 *			    any	    0x201 export  normal     as it was, the
 *							     caller is told
 *	any of these	    unknown 0x201, 0x202  normal (2) unknown
 *
 * (1) The bit is set before the call and stays: nobody knows, and it is cheap.
 * (2) The extra reference is given back.
 *
 * Locks are taken in this order, whichever are needed:
 *
 *	mmap lock  >  page table lock  >  folio lock (tried only)
 *		   >  reference count frozen  >  lock of the pages held back
 *
 * Where a folio lock is slept on, none of the others is held.
 *
 * PG_arch_1 is set with the reference count frozen (import.c), and cleared by
 * who has a reference: they exclude each other, so that the bit of a page that
 * was made secure is never cleared by somebody who released it before that.
 *
 * A page that is unmapped goes back to the kernel whatever its export said. The
 * extra reference keeps it from being freed, and from being read by reclaim and
 * migration, which refuse pages whose references they cannot explain.
 */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/mmdebug.h>
#include <linux/pgtable.h>
#include <linux/sched.h>
#include <linux/xarray.h>
#include <asm/page.h>
#include <asm/uv.h>

#include "leak.h"
#include "page.h"

/* The way old firmware says that there is nothing to destroy. */
#define DESTROY_RC_NOT_SECURE	0x0107
#define DESTROY_RRC_NOT_SECURE	0x000d

/*
 * Pages that are held back, by page frame number. The count lets everybody look
 * here only if there are any; it includes those that no entry could be made
 * for, which stay lost.
 */
static DEFINE_XARRAY(held_back);

bool pv_page_look_up_held_back(struct folio *folio)
{
	return xa_load(&held_back, folio_pfn(folio));
}

/**
 * pv_page_hold_back() - Keep a page whose state is unknown from being used
 * @folio: small folio that the caller has a reference to
 *
 * Without memory for an entry the page is held back all the same, and nothing
 * gives it back. It may then be counted again when it fails again, if it was
 * mapped a second time.
 *
 * Context: any but interrupts
 */
void pv_page_hold_back(struct folio *folio)
{
	set_bit(PG_arch_1, &folio->flags);
	folio_get(folio);
	if (xa_insert(&held_back, folio_pfn(folio), xa_mk_value(1),
		      GFP_ATOMIC | __GFP_NOWARN) == -EBUSY) {
		folio_put(folio);
		return;
	}
	atomic_inc(&pv_unusual.held_back);
	pv_leak(PV_LEAK_GUEST, PAGE_SIZE);
}

static noinline void give_back(struct folio *folio)
{
	if (!xa_erase(&held_back, folio_pfn(folio)))
		return;
	atomic_dec(&pv_unusual.held_back);
	pv_leak_returned(PV_LEAK_GUEST, 1);
	folio_put(folio);
}

/* The host may touch the page from now on. */
static void note_accessible(struct folio *folio)
{
	clear_bit(PG_arch_1, &folio->flags);
	if (pv_page_any_held_back())
		give_back(folio);
}

static bool is_not_secure(const struct uv_cb_header *header)
{
	return header->cmd == UVC_CMD_DESTR_SEC_STOR &&
	       header->rc == DESTROY_RC_NOT_SECURE &&
	       header->rrc == DESTROY_RRC_NOT_SECURE;
}

/* @outcome: of the call, which is repeated if there is @patience left */
static noinline enum pv_outcome release_rest(struct uv_cb_cfs *uvcb,
					     struct folio *folio,
					     enum pv_outcome outcome,
					     enum pv_patience patience)
{
	if (outcome != PV_OK && outcome != PV_REFUSED && patience != PV_ONCE)
		outcome = pv_call(uvcb, patience);
	if (outcome == PV_REFUSED && is_not_secure(&uvcb->header))
		outcome = PV_OK;
	if (outcome == PV_OK)
		note_accessible(folio);
	return outcome;
}

/* A call for one page, which the host may touch if the call succeeds. */
static __always_inline enum pv_outcome
release_by(u16 cmd, struct folio *folio, unsigned long paddr,
	   enum pv_patience patience)
{
	struct uv_cb_cfs uvcb = {
		.header.cmd = cmd,
		.header.len = sizeof(uvcb),
		.paddr = paddr,
	};
	int cc;

	VM_WARN_ON_ONCE_FOLIO(!folio_ref_count(folio), folio);
	VM_WARN_ON_ONCE_FOLIO(folio_test_large(folio), folio);
	if (unlikely(!pv_all_is_usual()))
		return release_rest(&uvcb, folio, pv_call(&uvcb, patience),
				    PV_ONCE);
	cc = __uv_call(0, (unsigned long)&uvcb);
	if (unlikely(cc != UVC_CC_OK))
		return release_rest(&uvcb, folio, cc, patience);
	clear_bit(PG_arch_1, &folio->flags);
	return PV_OK;
}

/**
 * pv_page_destroy() - Clear a page of a guest and take it back
 * @folio: small folio that the caller has a reference to
 * @patience: how long the call is repeated while the Ultravisor is busy
 *
 * Refused while the guest it belongs to has CPUs.
 *
 * Return: how the call ended
 */
enum pv_outcome pv_page_destroy(struct folio *folio, enum pv_patience patience)
{
	return release_by(UVC_CMD_DESTR_SEC_STOR, folio, folio_to_phys(folio),
			  patience);
}

/**
 * pv_page_export() - Encrypt a page of a guest and take it back
 * @folio: small folio that the caller has a reference to
 * @patience: how long the call is repeated while the Ultravisor is busy
 *
 * Return: how the call ended
 */
enum pv_outcome pv_page_export(struct folio *folio, enum pv_patience patience)
{
	return release_by(UVC_CMD_CONV_FROM_SEC_STOR, folio,
			  folio_to_phys(folio), patience);
}

/**
 * pv_page_release() - Take a page back that nobody wants the content of
 * @folio: small folio that the caller has a reference to
 *
 * This is the last time that anybody looks at the page because of the guest, so
 * it is held back if nothing else helps.
 */
void pv_page_release(struct folio *folio)
{
	if (likely(pv_page_destroy(folio, PV_SPIN) == PV_OK))
		return;
	if (pv_page_export(folio, PV_SPIN) != PV_OK)
		pv_page_hold_back(folio);
}

/* Who else gave it back meanwhile has taken it off the list before. */
static void retry_page(struct folio *folio)
{
	if (!folio_try_get(folio))
		return;
	if (pv_page_look_up_held_back(folio))
		pv_page_export(folio, PV_SPIN);
	folio_put(folio);
}

/**
 * pv_retry_pages() - Ask again for all pages that are held back
 *
 * The Ultravisor gives up pages with the guest that they belong to, or may have
 * changed its mind.
 *
 * Context: process context
 */
void pv_retry_pages(void)
{
	unsigned long pfn;
	void *entry;

	if (!pv_page_any_held_back())
		return;
	xa_for_each(&held_back, pfn, entry) {
		retry_page(pfn_folio(pfn));
		cond_resched();
	}
}
EXPORT_SYMBOL_GPL(pv_retry_pages);

static unsigned long pte_paddr(pte_t pte)
{
	return pte_val(pte) & PAGE_MASK;
}

static __always_inline enum pv_outcome pin_shared(unsigned long paddr)
{
	struct uv_cb_cfs uvcb = {
		.header.cmd = UVC_CMD_PIN_PAGE_SHARED,
		.header.len = sizeof(uvcb),
		.paddr = paddr,
	};

	return pv_call_page(&uvcb, PV_SPIN);
}

/**
 * uv_pin_shared() - Make a page that a guest shares stay shared
 * @paddr: absolute address of the page
 *
 * The guest can take it back only after it was unpinned.
 *
 * Context: any
 * Return: 0; -EINVAL if it is not shared; -EBUSY if the Ultravisor was busy
 */
int uv_pin_shared(unsigned long paddr)
{
	return pv_outcome_errno(pin_shared(paddr));
}
EXPORT_SYMBOL_GPL(uv_pin_shared);

/* The address of a page comes from where it is known without computing it. */
static __always_inline int destroy_folio(struct folio *folio,
					 unsigned long paddr)
{
	enum pv_outcome outcome;

	if (unlikely(folio_test_large(folio)))
		return 0;
	folio_get(folio);
	outcome = release_by(UVC_CMD_DESTR_SEC_STOR, folio, paddr, PV_SPIN);
	folio_put(folio);
	return pv_outcome_errno(outcome);
}

/**
 * uv_destroy_folio() - Clear a page of a guest and take it back
 * @folio: what the caller has a reference to; nothing is done to a large folio,
 *	which cannot be secure
 *
 * Context: any
 * Return: 0; -EINVAL if that was refused; -EBUSY if the Ultravisor was busy
 */
int uv_destroy_folio(struct folio *folio)
{
	return destroy_folio(folio, folio_to_phys(folio));
}

/**
 * uv_destroy_pte() - Clear a page whose address space goes away
 * @pte: what mapped it a moment ago; present. A special one is never secure,
 *	and there may be no folio.
 *
 * Context: the page table lock is held, and the reference of the mapping is
 *	still there
 * Return: as uv_destroy_folio(); the caller exports the page on failure
 */
int uv_destroy_pte(pte_t pte)
{
	VM_WARN_ON_ONCE(!pte_present(pte));
	if (unlikely(pte_special(pte)))
		return 0;
	return destroy_folio(pfn_folio(pte_pfn(pte)), pte_paddr(pte));
}

/**
 * uv_convert_from_secure_pte() - Encrypt a page that is unmapped
 * @pte: what mapped it a moment ago; present. A special one is never secure,
 *	and there may be no folio.
 *
 * Callers go on as if it always succeeded, so a page is held back for which it
 * does not.
 *
 * Context: the page table lock is held, and the reference of the mapping is
 *	still there
 * Return: 0; -EINVAL if that was refused; -EBUSY if the Ultravisor was busy
 */
int uv_convert_from_secure_pte(pte_t pte)
{
	enum pv_outcome outcome;
	struct folio *folio;

	VM_WARN_ON_ONCE(!pte_present(pte));
	if (unlikely(pte_special(pte)))
		return 0;
	folio = pfn_folio(pte_pfn(pte));
	if (unlikely(folio_test_large(folio)))
		return 0;
	folio_get(folio);
	outcome = release_by(UVC_CMD_CONV_FROM_SEC_STOR, folio, pte_paddr(pte),
			     PV_SPIN);
	if (unlikely(outcome != PV_OK))
		pv_page_hold_back(folio);
	folio_put(folio);
	return likely(outcome == PV_OK) ? 0 : pv_outcome_errno(outcome);
}

/**
 * arch_make_folio_accessible() - Let the host touch a page
 * @folio: what the caller has locked, or has a reference to in addition to
 *	those that mappings and caches explain; either keeps the page from being
 *	made secure again
 *
 * A page that its guest shares stays shared. Several may do this for the same
 * page at a time: what comes second has nothing to do.
 *
 * Context: any but interrupts
 * Return: 0; -EINVAL if the Ultravisor refused; -EBUSY if it was busy
 */
int arch_make_folio_accessible(struct folio *folio)
{
	/* A large folio has the bit for its storage keys, if at all. */
	if (unlikely(folio_test_large(folio)))
		return 0;
	if (likely(!test_bit(PG_arch_1, &folio->flags)))
		return 0;
	if (pin_shared(folio_to_phys(folio)) != PV_OK)
		return pv_outcome_errno(pv_page_export(folio, PV_SPIN));
	/* A page that is held back is still the guest's, although shared. */
	if (likely(!pv_page_is_held_back(folio)))
		clear_bit(PG_arch_1, &folio->flags);
	return 0;
}
EXPORT_SYMBOL_GPL(arch_make_folio_accessible);
