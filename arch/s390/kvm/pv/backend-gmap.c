// SPDX-License-Identifier: GPL-2.0
/*
 * Guests whose page tables are a gmap: an address space of segments of 1 MiB,
 * each with a page table that it has in common with the process.
 */
#include <linux/mm.h>
#include <asm/gmap.h>

#include "backend.h"

int pv_backend_fault_in(struct gmap *gmap, unsigned long gaddr)
{
	return gmap_fault(gmap, gaddr, FAULT_FLAG_WRITE);
}
