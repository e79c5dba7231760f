/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Allocations of the kernel that fail on demand: the n-th that this thread
 * causes (Documentation/fault-injection of the kernel, "fail-nth").
 */
#ifndef PV_SELFTEST_ALLOC_H
#define PV_SELFTEST_ALLOC_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "host.h"

#define ALLOC_DEBUG	"/sys/kernel/debug"
#define ALLOC_NTH	"/proc/thread-self/fail-nth"
#define ALLOC_CONSOLE	"/proc/sys/kernel/printk"

static inline bool alloc_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) >= 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

/*
 * Any allocation, whatever its size and whether it may wait, without a word;
 * false if this kernel has no such failures.
 */
static inline bool alloc_can_fail(void)
{
	if (access(ALLOC_DEBUG "/failslab", F_OK))
		mount("none", ALLOC_DEBUG, "debugfs", 0, NULL);
	return !access(ALLOC_NTH, W_OK) &&
	       alloc_write(ALLOC_DEBUG "/failslab/ignore-gfp-wait", "N") &&
	       alloc_write(ALLOC_DEBUG "/failslab/verbose", "0") &&
	       alloc_write(ALLOC_DEBUG "/fail_page_alloc/ignore-gfp-wait",
			   "N") &&
	       alloc_write(ALLOC_DEBUG "/fail_page_alloc/min-order", "0") &&
	       alloc_write(ALLOC_DEBUG "/fail_page_alloc/verbose", "0");
}

/*
 * From now on the @nth fails, 0: none.  What vmalloc() says of it comes with a
 * call trace, which looks like trouble to those who read the console: it is
 * kept from there meanwhile.
 */
static inline void alloc_fail(unsigned int nth)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", nth);
	if (nth)
		alloc_write(ALLOC_CONSOLE, "3");
	alloc_write(ALLOC_NTH, text);
	if (!nth)
		alloc_write(ALLOC_CONSOLE, "7");
}

/* Did it fail?  Then the number is used up. */
static inline bool alloc_failed(void)
{
	return !host_number(ALLOC_NTH, "%llu");
}

#endif /* PV_SELFTEST_ALLOC_H */
