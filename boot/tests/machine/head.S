/* SPDX-License-Identifier: MIT */
/* Head of the kernel for tests, and much that must come with it. */
#include "layout.h"

/* What stands below 0x10000 in the file must not get into storage. */
	.section .dropped, "a"
	.fill	0x10000, 1, 0xdd

	.section .head, "ax"
	.globl	_start
_start:
	j	usual
	.org	8
	.ascii	"S390EP"
	.org	0x20
	lghi	%r2, 1
	j	both
usual:
	lghi	%r2, 0
both:
	llilf	%r15, LAYOUT_STACK_END - LAYOUT_FRAME
	brasl	%r14, kernel_main
	.org	0x1000
	.globl	stop_code
	.set	stop_code, 0xdead

/* A word for each of its places. */
	.section .pattern, "a"
	.balign	8
	.globl	pattern, pattern_end
pattern:
	.set	count, 0
	.rept	0x20000
	.quad	count
	.set	count, count + 1
	.endr
pattern_end:

	.section .note.GNU-stack, "", @progbits
