// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * DIAGNOSE 308, in all the ways it can be executed.
 */
#include "diag308.h"

#define PSW_PROBLEM	0x0001000180000000UL
#define PSW_SHORT_64BIT	0x0008000180000000UL

/* Of the clock: a round begins at a multiple, some minutes long. */
#define ROUND_SHIFT	40
#define MAX_ROUND	100

uint64_t diag308(uint64_t subcode, uint64_t addr)
{
	register uint64_t first asm("2") = addr;
	register uint64_t second asm("3") = NO_CODE;

	asm volatile("diag %0,%2,0x308"
		     : "+d" (first), "+d" (second) : "d" (subcode)
		     : "cc", "memory");
	return second;
}

uint64_t diag308_pgm(uint64_t request)
{
	const struct diag308 *r = (void *)request;

	return diag308(r->subcode, r->addr);
}

static uint64_t odd_pair(uint64_t subcode, uint64_t addr)
{
	register uint64_t first asm("3") = addr;
	register uint64_t second asm("4") = NO_CODE;

	asm volatile("diag %0,%2,0x308"
		     : "+d" (first), "+d" (second) : "d" (subcode)
		     : "cc", "memory");
	return second;
}

uint64_t diag308_odd(uint64_t request)
{
	const struct diag308 *r = (void *)request;

	return odd_pair(r->subcode, r->addr);
}

/* The program interruption brings the supervisor state back. */
static uint64_t in_problem_state(uint64_t subcode, uint64_t addr, uint64_t *psw)
{
	register uint64_t first asm("2") = addr;
	register uint64_t second asm("3") = NO_CODE;

	asm volatile("	larl	%%r1,0f\n"
		     "	stg	%%r1,8(%3)\n"
		     "	lpswe	0(%3)\n"
		     "0:	diag	%0,%2,0x308\n"
		     : "+d" (first), "+d" (second)
		     : "d" (subcode), "a" (psw)
		     : "1", "cc", "memory");
	return second;
}

uint64_t diag308_problem(uint64_t request)
{
	uint64_t psw[2] = { PSW_PROBLEM, 0 };
	const struct diag308 *r = (void *)request;

	return in_problem_state(r->subcode, r->addr, psw);
}

uint16_t refused(uint64_t (*how)(uint64_t), uint64_t subcode, uint64_t addr)
{
	struct diag308 request = { subcode, addr };
	uint64_t ret;

	return catch_pgm(how, (uint64_t)&request, &ret) ? pgm_code() : 0;
}

void set_load_psw(void)
{
	uint64_t psw = PSW_SHORT_64BIT | (uint64_t)loaded_start;

	asm volatile("stg %0,0(0)" : : "d" (psw) : "memory");
}

unsigned int round_get(void)
{
	uint64_t tod;

	asm volatile("stck %0" : "=Q" (tod) : : "cc");
	tod >>= ROUND_SHIFT;
	return tod < MAX_ROUND ? tod : 0;
}

void round_set(unsigned int number)
{
	uint64_t tod = (uint64_t)number << ROUND_SHIFT;

	asm volatile("sck %0" : : "Q" (tod) : "cc");
}
