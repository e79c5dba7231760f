/* SPDX-License-Identifier: GPL-2.0 */
/* What kselftest.h has as well, for programs that are built without it. */
#ifndef PV_SELFTEST_MACROS_H
#define PV_SELFTEST_MACROS_H

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#endif

#ifndef __printf
#define __printf(format, first) __attribute__((__format__(printf, format, first)))
#endif

#endif /* PV_SELFTEST_MACROS_H */
