/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A firmware that cannot boot anything.
 *
 * The s390-ccw-virtio machine does not start without a firmware file, even if
 * a kernel is given with -kernel and the firmware is never executed.  Without
 * -kernel it is, and then stops: disabled wait, address 0xb007.
 */
	.globl	_start
_start:	larl	%r1, 0f
	lpswe	0(%r1)
	.balign	8
0:	.quad	0x0002000180000000, 0xb007
