// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Translations of pages that a host loses.
 *
 * The TLB is looked up by logical addresses, and pages are taken by absolute
 * ones, some ten thousand in the life of a small guest.  So each CPU keeps the
 * logical pages that it has entered for a page of storage since its TLB was
 * purged completely, and only these are purged.  Some of them may be gone for
 * other reasons; none is missing.
 *
 * Each CPU writes its own, and who purges does it while the others are outside
 * of translated code: there is nothing to be locked.
 */
#include "qemu/osdep.h"
#include "cpu.h"
#include "hw/s390x/uv-compat.h"
#include "hw/s390x/ultravisor.h"
#include "hw/s390x/uv-access.h"
#include "hw/s390x/uv-guest.h"

/* The host's own address, and two of programs or guests: more are rare. */
#define MAX_PLACES	3

/**
 * struct s390_uv_page - where a TLB may have a page
 * @purges: that of struct s390_uv_tlb when the rest was written
 * @count: places; more than MAX_PLACES: they are not known
 * @place: logical address, and in its low bits the set of MMU indexes
 */
struct s390_uv_page {
	uint64_t purges : 56;
	uint64_t count : 8;
	uint64_t place[MAX_PLACES];
};

G_STATIC_ASSERT(2 * MMU_GUEST_IDX <= TARGET_PAGE_BITS);

/* NULL: nothing is ever hidden there. */
static struct s390_uv_page *find_page(struct s390_uv_tlb *tlb, hwaddr addr)
{
	if (addr >= s390_uv_ram_size())
		return NULL;
	if (!tlb->pages)
		tlb->pages = g_new0(struct s390_uv_page,
				    s390_uv_ram_size() >> TARGET_PAGE_BITS);
	return &tlb->pages[addr >> TARGET_PAGE_BITS];
}

void s390_uv_keep_translation(CPUState *cs, vaddr page, hwaddr addr,
			      int mmu_idx)
{
	struct s390_uv_tlb *tlb = &cpu_env(cs)->uv_tlb;
	struct s390_uv_page *known = find_page(tlb, addr);
	unsigned int i;

	if (!known)
		return;
	if (known->purges != tlb->purges) {
		known->purges = tlb->purges;
		known->count = 0;
	}
	page &= TARGET_PAGE_MASK;
	for (i = 0; i < known->count && i < MAX_PLACES; i++) {
		if ((known->place[i] & TARGET_PAGE_MASK) == page) {
			known->place[i] |= 1 << mmu_idx;
			return;
		}
	}
	if (i < MAX_PLACES)
		known->place[i] = page | 1 << mmu_idx;
	known->count = i + 1;
}

static void purge_cpu(CPUState *cs)
{
	cpu_env(cs)->uv_tlb.purges++;
	tlb_flush(cs);
}

static void purge_places(CPUState *cs, struct s390_uv_page *known)
{
	unsigned int i;

	for (i = 0; i < known->count; i++)
		tlb_flush_page_by_mmuidx(cs, known->place[i] & TARGET_PAGE_MASK,
					 known->place[i] & ~TARGET_PAGE_MASK);
	known->count = 0;
}

void s390_uv_purge_all(void)
{
	CPUState *cs;

	CPU_FOREACH(cs)
		purge_cpu(cs);
}

void s390_uv_purge_page(uint64_t page)
{
	CPUState *cs;

	CPU_FOREACH(cs) {
		struct s390_uv_tlb *tlb = &cpu_env(cs)->uv_tlb;
		struct s390_uv_page *known = find_page(tlb, page);

		if (!known || known->purges != tlb->purges)
			continue;
		if (known->count > MAX_PLACES)
			purge_cpu(cs);
		else
			purge_places(cs, known);
	}
}
