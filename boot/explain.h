/* SPDX-License-Identifier: MIT */
/*
 * What stage3a says when it cannot go on: what failed, what to do, the plain
 * numbers.  Nothing here needs a machine.
 */
#ifndef BOOT_EXPLAIN_H
#define BOOT_EXPLAIN_H

#include <stdint.h>

#include "text.h"

/** explain_no_facility() - the machine has no Ultravisor for guests */
void explain_no_facility(struct text *text);

/** explain_no_args() - nobody told stage3a where the parameter block is */
void explain_no_args(struct text *text);

/** explain_set() - DIAGNOSE 308 subcode 8 answered @code */
void explain_set(struct text *text, uint64_t code);

/** explain_start() - DIAGNOSE 308 subcode 10 came back, with @code */
void explain_start(struct text *text, uint64_t code);

/** explain_program_check() - program interruption @code at @addr */
void explain_program_check(struct text *text, uint64_t code, uint64_t addr);

#endif /* BOOT_EXPLAIN_H */
