// SPDX-License-Identifier: GPL-2.0
/*
 * Storage that is given to the Ultravisor: the one place that knows when it is
 * the host's again.
 *
 * After a call that makes a configuration or a CPU, pv_made() tells. Later it
 * is the host's when the Ultravisor has said that it destroyed what it was
 * given the storage for, and never before. What it keeps is lost: not freed,
 * and counted by pv_leak().
 */
#include <linux/gfp.h>
#include <linux/kmemleak.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sizes.h>
#include <linux/vmalloc.h>

#include "vm.h"

static unsigned int base_order(void)
{
	return pv_storage_order(uv_info.guest_base_stor_len);
}

/**
 * pv_buffer_alloc() - Zeroed memory of a length that the Ultravisor chose
 * @len: The length.
 *
 * Return: The memory, to be freed by vfree(), or NULL.
 */
void *pv_buffer_alloc(unsigned long len)
{
	return len ? __vmalloc(len, PV_STORAGE_GFP | __GFP_ZERO) : NULL;
}

/**
 * pv_finish_donating() - Wait for the end of a call that has begun
 * @uvcb: Control block of the call, which makes something of storage.
 *
 * Giving it up costs the storage, so not even a fatal signal ends this.
 *
 * Return: As pv_call(), but never that it has not begun.
 */
enum pv_outcome pv_finish_donating(void *uvcb)
{
	enum pv_outcome outcome = pv_call(uvcb, PV_WAIT);

	return outcome == PV_BUSY ? PV_PARTIAL : outcome;
}

/* False if there is no such length. */
static bool variable_len(u64 guest_len, unsigned long *len)
{
	return !check_mul_overflow(uv_info.guest_virt_var_stor_len,
				   (unsigned long)(guest_len / SZ_1M), len) &&
	       !check_add_overflow(*len, PAGE_SIZE - 1, len) &&
	       !check_add_overflow(*len & PAGE_MASK,
				   uv_info.guest_virt_base_stor_len, len);
}

/**
 * pv_storage_alloc() - Storage for a configuration
 * @storage: Set if there is memory.
 * @guest_len: Length of the guest's memory.
 *
 * Return: 0 or -ENOMEM.
 */
int pv_storage_alloc(struct pv_storage *storage, u64 guest_len)
{
	if (!variable_len(guest_len, &storage->variable_len))
		return -ENOMEM;
	storage->base = __get_free_pages(PV_STORAGE_GFP, base_order());
	if (!storage->base)
		return -ENOMEM;
	storage->variable = pv_buffer_alloc(storage->variable_len);
	if (!storage->variable) {
		pv_storage_free(storage);
		return -ENOMEM;
	}
	/* Once donated, nobody can read it. */
	kmemleak_no_scan(storage->variable);
	return 0;
}

/**
 * pv_storage_free() - Free storage that is the host's
 * @storage: The storage; it may be none.
 */
void pv_storage_free(struct pv_storage *storage)
{
	free_pages(storage->base, base_order());
	vfree(storage->variable);
	*storage = (struct pv_storage){};
}

/**
 * pv_storage_lose() - Give up storage that may be the Ultravisor's
 * @storage: The storage; it may be none.
 */
void pv_storage_lose(struct pv_storage *storage)
{
	if (!storage->base)
		return;
	kmemleak_ignore(storage->variable);
	pv_leak(PV_LEAK_CONFIGURATION, (PAGE_SIZE << base_order()) +
				       PAGE_ALIGN(storage->variable_len));
	*storage = (struct pv_storage){};
}
