/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A protected guest that has something to hide: the loader in clear, and what
 * runs when it has the protection.
 */
#include "vmm_dump_guest.h"

	.data
	.balign	8
	.globl	dump_loader, dump_loader_end
dump_loader:
	llilf	%r8, LOADER_BLOCK
	lghi	%r9, 0
	lghi	%r10, 8
	diag	%r8, %r10, 0x308
	lghi	%r10, 10
	diag	%r8, %r10, 0x308
	larl	%r1, refused
	lpswe	0(%r1)
	.balign	8
refused:
	.quad	0x0002000180000000, 0
dump_loader_end:

	.balign	8
	.globl	dump_secret, dump_secret_end, dump_crash
dump_secret:
	llilf	%r1, FILLED_ADDR
	lghi	%r3, NR_FILLED
0:	stg	%r1, 0(%r1)
	aghi	%r1, 4096
	brctg	%r3, 0b

	larl	%r12, share
	llilf	%r6, SHARED_ADDR
	stg	%r6, 0x20(%r12)
	lghi	%r7, 0
0:	.insn	rrf, 0xb9a40000, %r7, %r12, 0, 0
	brc	3, 0b
	lgrl	%r5, registers
	stg	%r5, 0(%r6)

	larl	%r13, registers
	ld	%f0, 0(%r13)
	lam	%a5, %a5, 4(%r13)
	lmg	%r2, %r11, 0(%r13)
	larl	%r1, dump_crash
	cli	0(%r1), 0
	je	count
	larl	%r1, crash
	lpswe	0(%r1)
count:
	agsi	8(%r6), 1
	j	count

	.balign	8
registers:
	.quad	SECRET_REG + 2, SECRET_REG + 3, SECRET_REG + 4, SECRET_REG + 5
	.quad	SHARED_ADDR, SECRET_REG + 7, SECRET_REG + 8, SECRET_REG + 9
	.quad	SECRET_REG + 10, SECRET_REG + 11
crash:
	.quad	0x0002000180000000, CRASH_ADDR
share:
	.short	0x30, 0x1000
	.fill	0x2c
dump_crash:
	.byte	0
	.balign	8
dump_secret_end:

	.section .note.GNU-stack, "", %progbits
