/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DIAGNOSE 308 subcode 10 with known content of all registers, see diag308.h.
 */
	.text
	.macro	start name, insn
	.globl	\name
\name:	stmg	%r6, %r15, 48(%r15)
	larl	%r1, kept
	stg	%r15, 0(%r1)
	stg	%r2, 8(%r1)
	lmg	%r0, %r15, 0(%r2)
	spm	%r9
	\insn
	j	behind
	.endm

	start	start_direct, "diag %r10, %r12, 0x308"
	start	start_ex, "ex %r0, 0(%r13)"
	start	start_exrl, "exrl %r0, diag_target"

/* STMG leaves the condition code alone. */
behind:	stmg	%r0, %r15, 0x1280
	ipm	%r3
	srl	%r3, 28
	llgfr	%r3, %r3
	larl	%r1, kept
	lg	%r15, 0(%r1)
	lg	%r2, 8(%r1)
	lghi	%r1, 0x1280
	mvc	0(128, %r2), 0(%r1)
	stg	%r3, 128(%r2)
	lmg	%r6, %r15, 48(%r15)
	br	%r14

	.balign	8
	.globl	diag_target
diag_target:
	diag	%r10, %r12, 0x308

	.data
	.balign	8
kept:	.quad	0, 0

	.section .note.GNU-stack, "", @progbits
