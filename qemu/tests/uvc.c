// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * UV CALL, in all the ways it can be executed.
 */
#include "uvc.h"

#define PSW_PROBLEM	0x0001000180000000UL

/* Not inlined: the label must exist once. */
__attribute__((noinline, noclone)) uint64_t uvc(uint64_t block)
{
	uint64_t cc;

	asm volatile(".globl	uvc_insn\n"
		     "uvc_insn:	.insn	rrf,0xb9a40000,%1,%2,0,0\n"
		     "	ipm	%0\n"
		     : "=d" (cc) : "d" (0x1234UL), "a" (block)
		     : "cc", "memory");
	return (cc & 0xffffffff) >> 28;
}

uint64_t uvc_m3(uint64_t block)
{
	asm volatile(".insn rrf,0xb9a40000,%0,%1,4,0"
		     : : "d" (0), "a" (block) : "cc", "memory");
	return 0;
}

uint64_t uvc_m4(uint64_t block)
{
	asm volatile(".insn rrf,0xb9a40000,%0,%1,0,2"
		     : : "d" (0), "a" (block) : "cc", "memory");
	return 0;
}

/* The program interruption brings the supervisor state back. */
uint64_t uvc_problem(uint64_t block)
{
	uint64_t psw[2] = { PSW_PROBLEM, 0 };

	asm volatile("	larl	%%r1,0f\n"
		     "	stg	%%r1,8(%0)\n"
		     "	lpswe	0(%0)\n"
		     "0:	.insn	rrf,0xb9a40000,%1,%2,0,0\n"
		     : : "a" (psw), "d" (0), "a" (block)
		     : "1", "cc", "memory");
	return 0;
}

uint64_t uvc_problem_m3(uint64_t block)
{
	uint64_t psw[2] = { PSW_PROBLEM, 0 };

	asm volatile("	larl	%%r1,0f\n"
		     "	stg	%%r1,8(%0)\n"
		     "	lpswe	0(%0)\n"
		     "0:	.insn	rrf,0xb9a40000,%1,%2,4,0\n"
		     : : "a" (psw), "d" (0), "a" (block)
		     : "1", "cc", "memory");
	return 0;
}

struct uvcb *uvcb_init(void *at, uint16_t cmd, uint16_t len)
{
	struct uvcb *block = memset(at, 0, len);

	block->len = len;
	block->cmd = cmd;
	block->rc = NOT_STORED;
	block->rrc = NOT_STORED;
	return block;
}

uint16_t uvc_share(uint16_t cmd, uint64_t page)
{
	struct uvcb space;
	struct uvcb *block = uvcb_init(&space, cmd, sizeof(space));

	block->paddr = page;
	uvc((uint64_t)block);
	return block->rc;
}
