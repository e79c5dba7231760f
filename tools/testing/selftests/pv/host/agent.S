/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The agent: a guest of one page at AGENT_ADDR; see agent.h.
 *
 * %r12		a block for UV CALL, one for each way in (for each CPU)
 * %r2		order, then its address
 * %r3, %r4	result of the last order, and how it ended
 */
#include "agent.h"

#define LC_RESTART_NEW	0x1a0
#define LC_PROGRAM_CODE	0x8e
#define LC_PROGRAM_NEW	0x1d0

	.section .rodata, "a"
	.balign	8
	.globl	agent_begin
	.globl	agent_end

agent_begin:
	larl	%r12, block
	lghi	%r3, 0
	j	start
restarted:
	larl	%r12, restart_block
	lghi	%r3, 1
start:
	larl	%r1, mask
	mvc	LC_PROGRAM_NEW(8), 0(%r1)
	mvc	LC_RESTART_NEW(8), 0(%r1)
	larl	%r1, program_check
	stg	%r1, LC_PROGRAM_NEW + 8
	larl	%r1, restarted
	stg	%r1, LC_RESTART_NEW + 8
	lghi	%r4, AGENT_STARTED
next:
	lghi	%r1, AGENT_ASKS_ORDER
	diag	%r2, %r4, 0x500
	lgr	%r5, %r2
	srlg	%r5, %r5, AGENT_ORDER_SHIFT
	sllg	%r2, %r2, 64 - AGENT_ORDER_SHIFT
	srlg	%r2, %r2, 64 - AGENT_ORDER_SHIFT
	sllg	%r5, %r5, 2
	larl	%r1, orders
	la	%r1, 0(%r5, %r1)
	lghi	%r3, 0
	lghi	%r4, AGENT_DONE
	br	%r1

program_check:
	llgh	%r3, LC_PROGRAM_CODE
	lghi	%r4, AGENT_PROGRAM_CHECK
	j	next

	.balign	4
orders:
	j	load
	j	store
	j	share
	j	unshare
	j	diag308
	j	await
	j	wait
	j	sigp
	j	fill
	j	check
	j	churn

load:
	lg	%r3, 0(%r2)
	j	next

	/* The number for the order in %r2, the address in %r6 */
	.macro	ask_number
	lgr	%r6, %r2
	lghi	%r1, AGENT_ASKS_NUMBER
	diag	%r2, %r4, 0x500
	.endm

store:
	ask_number
	stg	%r2, 0(%r6)
	j	next

share:
	mvhhi	2(%r12), 0x1000
	j	uv_call
unshare:
	mvhhi	2(%r12), 0x1001
uv_call:
	mvhhi	0(%r12), 0x30
	stg	%r2, 0x20(%r12)
	lghi	%r7, 0
0:	.insn	rrf, 0xb9a40000, %r7, %r12, 0, 0
	brc	3, 0b
	llgh	%r3, 4(%r12)
	j	next

	/* A reset of the guest starts at the PSW at absolute 0 */
diag308:
	larl	%r1, agent_begin
	larl	%r8, short_mask
	og	%r1, 0(%r8)
	stg	%r1, 0
	lghi	%r8, 0
	lghi	%r9, 0
	diag	%r8, %r2, 0x308
	lgr	%r3, %r9
	j	next

await:
	lg	%r3, 0(%r2)
	ltgr	%r3, %r3
	jz	await
	j	next

wait:
	larl	%r1, disabled_wait
	lpswe	0(%r1)

sigp:
	lgr	%r6, %r2
	srlg	%r6, %r6, 8
	lghi	%r8, 0
	lghi	%r9, 0
	sigp	%r8, %r6, 0(%r2)
	ipm	%r3
	srl	%r3, 28
	llgfr	%r3, %r3
	j	next

fill:
	ask_number
0:	stg	%r6, 0(%r6)
	aghi	%r6, 4096
	brctg	%r2, 0b
	j	next

check:
	ask_number
0:	cg	%r6, 0(%r6)
	jne	1f
	aghi	%r3, 1
1:	aghi	%r6, 4096
	brctg	%r2, 0b
	j	next

	/* %r7 pages, %r8 generation, %r9 one generation */
churn:
	ask_number
	llgfr	%r7, %r2
	srlg	%r8, %r2, AGENT_GENERATION_SHIFT
	sllg	%r8, %r8, AGENT_GENERATION_SHIFT
	lghi	%r9, 1
	sllg	%r9, %r9, AGENT_GENERATION_SHIFT
0:	lghi	%r10, AGENT_STRIDES
1:	lgr	%r11, %r6
	ogr	%r11, %r8
	lgr	%r5, %r11
	sgr	%r5, %r9
	cgr	%r8, %r9
	je	2f
	cg	%r5, 0(%r6)
	je	2f
	ltgr	%r3, %r3
	jnz	2f
	lgr	%r3, %r6
2:	stg	%r11, 0(%r6)
	aghi	%r6, AGENT_STRIDE
	brctg	%r10, 1b
	brctg	%r7, 0b
	j	next

	.balign	8
mask:
	.quad	0x180000000
short_mask:
	.quad	0x0008000180000000
	.balign	16
disabled_wait:
	.quad	0x0002000180000000, 0
block:
	.fill	0x30
restart_block:
	.fill	0x30
agent_end:

	.section .note.GNU-stack, "", %progbits
