// SPDX-License-Identifier: GPL-2.0
/*
 * Protected virtualization when the kernel starts: what boot.c found out, and
 * the storage that a host donates to the Ultravisor.
 */
#define pr_fmt(fmt) "prot_virt: " fmt

#include <linux/export.h>
#include <linux/init.h>
#include <linux/kmemleak.h>
#include <linux/memblock.h>
#include <linux/numa.h>
#include <linux/printk.h>
#include <linux/sched/clock.h>
#include <linux/sizes.h>
#include <linux/time64.h>
#include <asm/uv.h>

#include "pv.h"

/* As boot.c defines and fills them; the build fails if they differ. */
int __section(".boot.preserved.data.prot_virt_guest") prot_virt_guest;
EXPORT_SYMBOL(prot_virt_guest);

int __section(".boot.preserved.data.prot_virt_host") prot_virt_host;
EXPORT_SYMBOL(prot_virt_host);

struct uv_info __section(".boot.preserved.data.uv_info") uv_info;
EXPORT_SYMBOL(uv_info);

/* The donated storage is cleared by this call, so it may take its time. */
#define INIT_LIMIT	(10 * NSEC_PER_SEC)

/* Nothing else runs yet, and nothing can sleep. */
static enum pv_outcome __init init_uv(struct uv_cb_init *uvcb)
{
	u64 start = local_clock();
	enum pv_outcome outcome;

	do {
		outcome = pv_call(uvcb, PV_SPIN);
	} while (outcome >= PV_BUSY && local_clock() - start < INIT_LIMIT);
	return outcome;
}

static bool __init donate(void *storage, unsigned long size)
{
	struct uv_cb_init uvcb = {
		.header.cmd = UVC_CMD_INIT_UV,
		.header.len = sizeof(uvcb),
		.stor_origin = __pa(storage),
		.stor_len = size,
	};

	switch (init_uv(&uvcb)) {
	case PV_OK:
		return true;
	case PV_REFUSED:
		memblock_free(storage, size);
		break;
	case PV_BUSY:
	case PV_PARTIAL:
		/* It may take the storage at any time from now on. */
		pv_leak(PV_LEAK_BASE, size);
		break;
	}
	/* This spelling of the reason code is what people search logs for. */
	pr_err("Ultravisor init failed with rc: 0x%x rrc: 0%x\n",
	       uvcb.header.rc, uvcb.header.rrc);
	return false;
}

static bool __init provide(unsigned long size)
{
	void *storage;

	/* The Ultravisor wants none below 2 GiB, unless there is no other. */
	storage = memblock_alloc_try_nid(size, SZ_1M, SZ_2G,
					 MEMBLOCK_ALLOC_ACCESSIBLE,
					 NUMA_NO_NODE);
	if (storage) {
		/* Once donated, nobody can read it. */
		kmemleak_ignore_phys(__pa(storage));
		return donate(storage, size);
	}
	pr_warn("Failed to reserve %lu bytes for ultravisor base storage\n",
		size);
	return false;
}

/**
 * setup_uv() - Make this system a host of protected guests, if it is to be one
 *
 * Called when memblock knows the storage and one CPU runs, which is what the
 * Ultravisor demands.
 */
void __init setup_uv(void)
{
	if (!is_prot_virt_host())
		return;
	if (provide(uv_info.uv_base_stor_len)) {
		pr_info("Reserving %luMB as ultravisor base storage\n",
			uv_info.uv_base_stor_len >> 20);
		return;
	}
	pr_info("Disabling support for protected virtualization\n");
	prot_virt_host = 0;
}
