/* SPDX-License-Identifier: MIT */
/* The boot stages, made in boot/: programs for s390x in a program for any machine. */

	.section .rodata
	.balign	16
	.global	uvctl_stage3a, uvctl_stage3a_end
uvctl_stage3a:
	.incbin	"stage3a.bin"
uvctl_stage3a_end:

	.balign	16
	.global	uvctl_stage3b, uvctl_stage3b_end
uvctl_stage3b:
	.incbin	"stage3b_reloc.bin"
uvctl_stage3b_end:

	.section .note.GNU-stack, "", %progbits
