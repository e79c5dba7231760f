/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is known to be wrong in the kernel's own code.
 */
#ifndef PV_SELFTEST_DEFECT_H
#define PV_SELFTEST_DEFECT_H

/*
 * Report the test as one that is expected to fail (KTAP: XFAIL), with the name
 * of the defect; to be used where the defect shows.  A kernel without it does
 * not come here and passes.
 */
#define DEFECT(statement, fmt, ...) do { \
	snprintf(_metadata->results->reason, \
		 sizeof(_metadata->results->reason), "defect: " fmt, \
		 ##__VA_ARGS__); \
	_metadata->exit_code = KSFT_XFAIL; \
	_metadata->trigger = 0; \
	statement; \
} while (0)

#endif /* PV_SELFTEST_DEFECT_H */
