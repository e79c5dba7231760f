/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What processes cost: the memory that they and the kernel for them hold, also
 * when they are gone, in a control group of their own.  That of the whole host
 * tells nothing, it changes by itself.
 */
#ifndef PV_SELFTEST_ACCOUNT_H
#define PV_SELFTEST_ACCOUNT_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host.h"

#define ACCOUNT_ROOT	"/tmp/pv-cgroup"
#define ACCOUNT_GROUP	ACCOUNT_ROOT "/pv"
/* How long the kernel may take to return what it holds */
#define ACCOUNT_STEPS	100
#define ACCOUNT_STEP_US	(50 * 1000)

static inline bool account_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) >= 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

/* This process and those it makes; false if there are no such groups. */
static inline bool account_join(void)
{
	mkdir("/tmp", 0755);
	mkdir(ACCOUNT_ROOT, 0755);
	if (access(ACCOUNT_ROOT "/cgroup.procs", F_OK) &&
	    mount("none", ACCOUNT_ROOT, "cgroup2", 0, NULL))
		return false;
	account_write(ACCOUNT_ROOT "/cgroup.subtree_control", "+memory");
	mkdir(ACCOUNT_GROUP, 0755);
	return account_write(ACCOUNT_GROUP "/cgroup.procs", "0");
}

static inline long account_kib(void)
{
	return (long)(host_number(ACCOUNT_GROUP "/memory.current", "%llu") /
		      1024);
}

/* What is lost since @before, when it is no more than @slack or stays. */
static inline long account_lost_kib(long before, long slack)
{
	long lost = account_kib() - before;

	for (int i = 0; i < ACCOUNT_STEPS && lost > slack; i++) {
		usleep(ACCOUNT_STEP_US);
		lost = account_kib() - before;
	}
	return lost;
}

#endif /* PV_SELFTEST_ACCOUNT_H */
