/* SPDX-License-Identifier: MIT */
/*
 * First instructions of a protected guest, at whatever address the image has
 * for them: move stage3b, which follows, to where it was linked and enter it.
 *
 * Position independent.  The arguments are the last bytes of stage3b, and so
 * of the whole.
 */
#include "layout.h"

	.text
	.globl	_start
_start:
	larl	%r2, embedded
	larl	%r3, embedded_end
	sgr	%r3, %r2
	llilf	%r4, LAYOUT_STAGE3B
	lgr	%r5, %r3
	lgr	%r1, %r4
	/* Condition code 3: not done yet. */
0:	mvcle	%r4, %r2, 0
	jo	0b
	br	%r1

	.balign	8
embedded:
	.incbin	"stage3b.bin"
embedded_end:

	.section .note.GNU-stack, "", @progbits
