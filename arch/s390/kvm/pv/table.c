// SPDX-License-Identifier: GPL-2.0
/*
 * Top tables of guests' address spaces.
 *
 * Part of vmlinux, because a table has to be marked as one for a hypervisor
 * below us.
 */
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <asm/gmap.h>
#include <asm/page-states.h>
#include <asm/pgalloc.h>
#include <asm/tlbflush.h>

#include "pv.h"

/**
 * pv_table_is_replaceable() - Can an address space get another top table?
 * @gmap: Address space.
 *
 * Return: Whether it can.
 */
bool pv_table_is_replaceable(struct gmap *gmap)
{
	return (gmap->asce & _ASCE_TYPE_MASK) != _ASCE_TYPE_SEGMENT;
}
EXPORT_SYMBOL_GPL(pv_table_is_replaceable);

/**
 * pv_table_alloc() - Memory for a table
 *
 * Return: Its first page, or NULL.
 */
struct page *pv_table_alloc(void)
{
	struct page *table = alloc_pages(GFP_KERNEL_ACCOUNT, CRST_ALLOC_ORDER);

	if (table)
		__arch_set_page_dat(page_to_virt(table),
				    1UL << CRST_ALLOC_ORDER);
	return table;
}
EXPORT_SYMBOL_GPL(pv_table_alloc);

/**
 * pv_table_free() - Free a table that nobody uses
 * @table: Its first page.
 */
void pv_table_free(struct page *table)
{
	__free_pages(table, CRST_ALLOC_ORDER);
}
EXPORT_SYMBOL_GPL(pv_table_free);

/* NULL if it is not there: a lost table stays the top one. */
static struct page *unlist(struct gmap *gmap)
{
	struct page *table = virt_to_page(gmap->table);

	lockdep_assert_held(&gmap->guest_table_lock);
	if (list_empty(&table->lru))
		return NULL;
	list_del_init(&table->lru);
	return table;
}

static unsigned long install(struct gmap *gmap, struct page *table)
{
	unsigned long *entries = page_to_virt(table);

	lockdep_assert_held(&gmap->guest_table_lock);
	memcpy(entries, gmap->table, _CRST_TABLE_SIZE);
	table->index = 0;
	list_add(&table->lru, &gmap->crst_list);
	WRITE_ONCE(gmap->asce, (gmap->asce & ~_ASCE_ORIGIN) | __pa(entries));
	WRITE_ONCE(gmap->table, entries);
	return gmap->asce;
}

/*
 * Translations are known by the ASCE they were made with, and a table that is
 * freed may become the top table of another address space.
 */
static void flush(unsigned long asce)
{
	if (MACHINE_HAS_IDTE)
		__tlb_flush_idte(asce);
	else
		__tlb_flush_global();
}

/**
 * pv_table_replace() - Give an address space another top table
 * @gmap: Address space whose top table can be replaced. Nobody translates with
 *	it, and the mmap lock is held for writing: nobody fills it either.
 * @table: First page of the table, which gets the content of the present one.
 *
 * The process has a gmap's ASCE for flushing, if it is that of its only gmap.
 *
 * Return: The old table, which is the caller's, or NULL if it is lost.
 */
struct page *pv_table_replace(struct gmap *gmap, struct page *table)
{
	mm_context_t *context = &gmap->mm->context;
	unsigned long old_asce = gmap->asce;
	unsigned long asce;
	struct page *old;

	mmap_assert_write_locked(gmap->mm);
	spin_lock(&gmap->guest_table_lock);
	old = unlist(gmap);
	asce = install(gmap, table);
	spin_unlock(&gmap->guest_table_lock);

	spin_lock(&context->lock);
	if (context->gmap_asce == old_asce)
		WRITE_ONCE(context->gmap_asce, asce);
	spin_unlock(&context->lock);
	flush(old_asce);
	return old;
}
EXPORT_SYMBOL_GPL(pv_table_replace);

/**
 * pv_table_unlist() - Keep the top table of an address space for ever
 * @gmap: Address space, which goes on using it.
 *
 * Return: The table, which is not freed with the address space any more, or
 * NULL if that had been done before.
 */
struct page *pv_table_unlist(struct gmap *gmap)
{
	struct page *table;

	spin_lock(&gmap->guest_table_lock);
	table = unlist(gmap);
	spin_unlock(&gmap->guest_table_lock);
	return table;
}
EXPORT_SYMBOL_GPL(pv_table_unlist);
