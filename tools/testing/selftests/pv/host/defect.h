/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is known to be wrong in the kernel's own code.
 */
#ifndef PV_SELFTEST_DEFECT_H
#define PV_SELFTEST_DEFECT_H

#include "host.h"

/*
 * Report the test as one that is expected to fail (KTAP: XFAIL), with the name
 * of the defect; to be used where the defect shows.  A kernel without it does
 * not come here and passes.  Nobody expects our own code to fail.
 */
#define DEFECT(statement, fmt, ...) do { \
	snprintf(_metadata->results->reason, \
		 sizeof(_metadata->results->reason), "defect: " fmt, \
		 ##__VA_ARGS__); \
	_metadata->exit_code = host_is_ours() ? KSFT_FAIL : KSFT_XFAIL; \
	_metadata->trigger = 0; \
	statement; \
} while (0)

/*
 * ... where a kernel with the defect does not survive the test: it is tried on
 * ours only, or if PV_TEST_DEATHS is set.
 */
#define DEADLY_DEFECT(statement, fmt, ...) do { \
	if (!host_is_ours() && !getenv("PV_TEST_DEATHS")) \
		DEFECT(statement, fmt " (PV_TEST_DEATHS=1: try)", \
		       ##__VA_ARGS__); \
} while (0)

/*
 * Tests of an Ultravisor that does not do what one hopes for.  Such a one has
 * to be arranged for; PV_TEST_FAULT tells which one it is.
 */
static inline bool fault_is(const char *name)
{
	const char *active = getenv("PV_TEST_FAULT");

	return active && !strcmp(active, name);
}

#endif /* PV_SELFTEST_DEFECT_H */
