/* SPDX-License-Identifier: MIT */
/* Entry of stage3b, after it was moved, and room for its arguments. */
#include "layout.h"

	.section .text.entry, "ax"
	.globl	_start
_start:
	brasl	%r14, catch_program_checks
	llilf	%r15, LAYOUT_STACK_END - LAYOUT_FRAME
	brasl	%r14, stage3b

	.globl	stop_code
	.set	stop_code, STOP_STAGE3B

	.section .args, "a"
	.balign	8
	.globl	stage3b_args
stage3b_args:
	.fill	LAYOUT_STAGE3B_ARGS, 1, 0

	.section .note.GNU-stack, "", @progbits
