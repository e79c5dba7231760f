/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lives of protected guests that have every kind of Ultravisor call in them,
 * and come to their end whatever the Ultravisor answers.
 */
#ifndef PV_SELFTEST_HOSTILE_LIFE_H
#define PV_SELFTEST_HOSTILE_LIFE_H

#include <stdbool.h>
#include <stddef.h>

#define HOSTILE_NR_LIVES	3
/* This one has a child that looks at its guest's memory. */
#define HOSTILE_FORKS		1

/* How a life went: an exit status */
#define HOSTILE_WELL		0	/* all was as it should be */
#define HOSTILE_REFUSED		1	/* something was not */
#define HOSTILE_BROKEN		2	/* the test could not begin */

/* Before the first life; NULL, or one sentence on what is missing */
const char *hostile_prepare(void);

/* The process is what the guest lives in, and ends with it. */
void hostile_live(unsigned int nr);

#endif /* PV_SELFTEST_HOSTILE_LIFE_H */
