/* SPDX-License-Identifier: GPL-2.0 */
/* Waiting for a child that may never end by itself. */
#ifndef PV_SELFTEST_CHILD_H
#define PV_SELFTEST_CHILD_H

#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>

/* Wait for the child for @ms; its pid, or 0 if it still runs. */
static inline pid_t wait_for(pid_t child, int *status, int ms)
{
	struct timespec step = { .tv_nsec = 10 * 1000 * 1000 };
	pid_t pid;

	for (;;) {
		pid = waitpid(child, status, WNOHANG);
		if (pid || ms <= 0)
			return pid;
		nanosleep(&step, NULL);
		ms -= 10;
	}
}

#endif /* PV_SELFTEST_CHILD_H */
