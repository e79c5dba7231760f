/* SPDX-License-Identifier: GPL-2.0 */
/* For programs that are built without kselftest.h, which has it, too. */
#ifndef PV_SELFTEST_ARRAY_SIZE_H
#define PV_SELFTEST_ARRAY_SIZE_H

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#endif

#endif /* PV_SELFTEST_ARRAY_SIZE_H */
