/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Host side of protected virtualization: what its files share.
 *
 * Three parts are linked into three places: boot.c into the decompressor,
 * what works on calls and pages into vmlinux, and what works on protected VMs
 * and their CPUs into kvm.ko. What this header declares lives in vmlinux and is
 * exported to kvm.ko only.
 */
#ifndef ARCH_S390_KVM_PV_H
#define ARCH_S390_KVM_PV_H

#include <linux/types.h>
#include <asm/uv.h>

struct folio;
struct gmap;
struct mm_struct;
struct page;

/**
 * enum pv_outcome - How an Ultravisor call ended
 * @PV_OK: Done (condition code 0).
 * @PV_REFUSED: Not done (condition code 1); the response and the reason code in
 *	the control block say why.
 * @PV_BUSY: Not begun (condition code 2), as often as the caller was willing to
 *	ask.
 * @PV_PARTIAL: Begun but not finished (condition code 3), as often as the
 *	caller was willing to ask. What the call works on is in an unknown state.
 */
enum pv_outcome {
	PV_OK,
	PV_REFUSED,
	PV_BUSY,
	PV_PARTIAL,
};

/**
 * enum pv_patience - How long a call is repeated while the Ultravisor is busy
 * @PV_ONCE: One instruction. For callers that hold a page table lock and will
 *	come back.
 * @PV_SPIN: A bounded time without sleeping. Any context.
 * @PV_WAIT: A bounded, longer time with rescheduling. Process context; for
 *	what has to be cleaned up even if the process is being killed.
 * @PV_KILLABLE: As @PV_WAIT, without the bound; a fatal signal ends it.
 *
 * When the Ultravisor stops answering, the bounded ones become shorter until it
 * answers again, so that a page by page walk comes to its end.
 */
enum pv_patience {
	PV_ONCE,
	PV_SPIN,
	PV_WAIT,
	PV_KILLABLE,
};

/*
 * uvcb: control block in the address space of the kernel, filled in; may cross
 * a page. Its response and reason codes are those of the last instruction.
 * Every call, whatever its outcome, is one event of tracepoint uv_call.
 */
enum pv_outcome pv_call(void *uvcb, enum pv_patience patience);

/**
 * pv_call_handle() - Execute an Ultravisor call that has a handle, nothing else
 * @handle: Of a configuration or of a CPU.
 * @cmd: Which call.
 * @patience: How long the call is repeated while the Ultravisor is busy.
 * @rc: Always gets the response code.
 * @rrc: Always gets the reason code.
 *
 * Context: As pv_call().
 *
 * Return: How the call ended.
 */
static inline enum pv_outcome pv_call_handle(u64 handle, u16 cmd,
					     enum pv_patience patience,
					     u16 *rc, u16 *rrc)
{
	struct uv_cb_nodata uvcb = {
		.header.cmd = cmd,
		.header.len = sizeof(uvcb),
		.handle = handle,
	};
	enum pv_outcome outcome = pv_call(&uvcb, patience);

	*rc = uvcb.header.rc;
	*rrc = uvcb.header.rrc;
	return outcome;
}

/**
 * enum pv_page - What became of an attempt to change the state of a page
 * @PV_PAGE_DONE: The page is in the state that was asked for.
 * @PV_PAGE_LARGE: Part of a large folio, which has to be split first.
 * @PV_PAGE_LOCKED: Somebody else holds the lock of the folio.
 * @PV_PAGE_WRITEBACK: The folio is being written.
 * @PV_PAGE_REFERENCED: Somebody may be using the page: it has more references
 *	than its mappings explain.
 * @PV_PAGE_BUSY: The Ultravisor was busy.
 * @PV_PAGE_ABSENT: Not mapped, not writable, or not seen by the Ultravisor.
 * @PV_PAGE_OUTSIDE: No memory of the guest that could be secure.
 * @PV_PAGE_REFUSED: The Ultravisor said no; the codes in the control block are
 *	valid.
 */
enum pv_page {
	PV_PAGE_DONE,
	PV_PAGE_LARGE,
	PV_PAGE_LOCKED,
	PV_PAGE_WRITEBACK,
	PV_PAGE_REFERENCED,
	PV_PAGE_BUSY,
	PV_PAGE_ABSENT,
	PV_PAGE_OUTSIDE,
	PV_PAGE_REFUSED,
};

/*
 * Unpack pages of an SE image, starting at uvcb->gaddr: @size bytes, both
 * multiples of the page size. What pages have in common (look-ups, locks) is
 * done once for several of them.
 *
 * Returns 0 when all pages are done. Otherwise the block describes the page
 * that is not done (gaddr and tweak[1] have advanced to it), and the result is
 * that of gmap_make_secure(): -EAGAIN means that calling again for the rest can
 * make progress.
 *
 * Context: process context, takes the mmap lock of the guest's mm for reading.
 */
int pv_unpack_range(struct gmap *gmap, struct uv_cb_unp *uvcb,
		    unsigned long size);

/*
 * Destroy (or, where that is refused, export) every page that is mapped in a
 * range of an address space. A page that neither succeeds for is held back as
 * leaked.
 *
 * Returns 0, or -EINTR if @interruptible and a fatal signal came first.
 *
 * Context: process context, takes the mmap lock of @mm for reading.
 */
int pv_destroy_range(struct mm_struct *mm, unsigned long start,
		     unsigned long end, bool interruptible);

/*
 * Try once more to take back each page that is held back as leaked: to be called
 * when a configuration is gone. Process context.
 */
void pv_retry_pages(void);

/**
 * enum pv_leak - What kind of storage the Ultravisor may still own
 * @PV_LEAK_BASE: Base storage of the Ultravisor.
 * @PV_LEAK_CONFIGURATION: Storage of configurations, base and variable.
 * @PV_LEAK_CPU: Storage of secure CPUs.
 * @PV_LEAK_TABLE: Top tables of configurations that were not destroyed.
 * @PV_LEAK_GUEST: Pages of guests.
 * @PV_LEAK_KINDS: How many kinds there are.
 */
enum pv_leak {
	PV_LEAK_BASE,
	PV_LEAK_CONFIGURATION,
	PV_LEAK_CPU,
	PV_LEAK_TABLE,
	PV_LEAK_GUEST,
	PV_LEAK_KINDS,
};

/*
 * Note that @bytes of storage will not be freed (rounded up to pages), with one
 * line in the log. Shown below /sys/firmware/uv/leaked/. Any context.
 */
void pv_leak(enum pv_leak kind, unsigned long bytes);

/*
 * Top table of the address space of a guest. The Ultravisor knows a
 * configuration by it, so that each one needs its own. Address spaces of up to
 * 2 GiB have a top table that others point into: it cannot be replaced.
 *
 * Tables are made and freed like all others of a gmap. Replacing one copies it
 * and returns what was the top table, or NULL if that had been taken off the
 * list of what is freed with the gmap before; nobody may be translating with
 * it, and the mmap lock is held for writing. Taking it off the list only, so
 * that it outlives the gmap, is the last resort: it stays the top table.
 */
bool pv_table_is_replaceable(struct gmap *gmap);
struct page *pv_table_alloc(void);
void pv_table_free(struct page *table);
struct page *pv_table_replace(struct gmap *gmap, struct page *table);
struct page *pv_table_unlist(struct gmap *gmap);

#endif /* ARCH_S390_KVM_PV_H */
