/* SPDX-License-Identifier: MIT */
/*
 * Entries of stage3a, and room for its arguments.
 *
 * Some loaders enter a kernel at its first byte and write parameters from
 * 0x10400 on; others take the short PSW at 0, which names 0x11000.
 */
#include "layout.h"

	.section .text.stub, "ax"
	.globl	_start
_start:
	j	entry

/*
 * In whatever mode: z/Architecture first.  A CPU that is in it already refuses
 * the order, which does not matter.
 */
	.section .text.entry, "ax"
entry:
	lhi	%r1, 1
	sigp	%r1, %r0, 0x12
	sam64
	brasl	%r14, catch_program_checks
	llilf	%r15, LAYOUT_STACK_END - LAYOUT_FRAME
	brasl	%r14, stage3a

	.globl	stop_code
	.set	stop_code, STOP_NOT_STARTED

	.section .args, "a"
	.balign	8
	.globl	stage3a_args
stage3a_args:
	.fill	LAYOUT_STAGE3A_ARGS, 1, 0

	.section .note.GNU-stack, "", @progbits
