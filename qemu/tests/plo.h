/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PERFORM LOCKED OPERATION.
 */
#ifndef PLO_H
#define PLO_H

#include "bare.h"

#define PLO_TEST	0x100

/** ask_plo() - for catch_pgm(), with @function in GR0. Return: condition code */
static inline uint64_t ask_plo(uint64_t function)
{
	uint64_t cc;

	asm volatile("	lgr	%%r0,%1\n"
		     "	lghi	%%r1,0\n"
		     "	plo	%%r2,0(%%r1),%%r2,0(%%r1)\n"
		     "	ipm	%0\n"
		     : "=d" (cc) : "d" (function) : "0", "1", "cc", "memory");
	return (cc & 0xffffffff) >> 28;
}

#endif /* PLO_H */
