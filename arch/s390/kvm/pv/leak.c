// SPDX-License-Identifier: GPL-2.0
/*
 * Storage that is not given back because the Ultravisor may still own it: by
 * touching it the kernel would die of an exception, or hand secrets to somebody
 * else.
 */
#define pr_fmt(fmt) "prot_virt: " fmt

#include <linux/atomic.h>
#include <linux/export.h>
#include <linux/math.h>
#include <linux/mm.h>
#include <linux/printk.h>

#include "leak.h"

static const char *const names[PV_LEAK_KINDS] = {
	[PV_LEAK_BASE] = "the Ultravisor",
	[PV_LEAK_CONFIGURATION] = "a configuration",
	[PV_LEAK_CPU] = "a CPU",
	[PV_LEAK_TABLE] = "an address space",
	[PV_LEAK_GUEST] = "a guest",
};

static atomic_long_t leaked[PV_LEAK_KINDS];

/**
 * pv_leak() - Note that storage will not be freed
 * @kind: what it was used for
 * @bytes: how much; rounded up to pages
 *
 * What is noted is shown below /sys/firmware/uv/leaked. The log is not filled
 * by an Ultravisor that gives back none of a guest's pages.
 *
 * Context: any
 */
void pv_leak(enum pv_leak kind, unsigned long bytes)
{
	unsigned long pages = DIV_ROUND_UP(bytes, PAGE_SIZE);

	atomic_long_add(pages, &leaked[kind]);
	pr_warn_ratelimited("%lu pages of %s are lost: the Ultravisor did not give them back\n",
			    pages, names[kind]);
}
EXPORT_SYMBOL_GPL(pv_leak);

/**
 * pv_leak_returned() - Note that storage turned out not to be lost
 * @kind: what it is used for
 * @pages: how much
 *
 * Context: any
 */
void pv_leak_returned(enum pv_leak kind, unsigned long pages)
{
	atomic_long_sub(pages, &leaked[kind]);
}

/**
 * pv_leaked() - How much is lost at present
 * @kind: of this kind
 *
 * Return: a number of pages
 */
unsigned long pv_leaked(enum pv_leak kind)
{
	return atomic_long_read(&leaked[kind]);
}
