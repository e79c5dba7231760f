/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Start interpretive execution, and the programs of guests.
 */
	.text
/*
 * uint64_t sie_enter(uint64_t block): guest_gr in and out.
 * For catch_pgm(), so there is one argument.
 */
	.globl	sie_enter, sie_insn, sie_behind
sie_enter:
	stmg	%r6, %r15, 48(%r15)
	larl	%r1, guest_gr
	lgr	%r14, %r2
	lmg	%r0, %r13, 0(%r1)
sie_insn:
	.insn	s, 0xb2140000, 0(%r14)
sie_behind:
	larl	%r14, guest_gr
	stmg	%r0, %r13, 0(%r14)
	ipm	%r2
	llgfr	%r2, %r2
	srlg	%r2, %r2, 28
	lmg	%r6, %r15, 48(%r15)
	br	%r14

	.macro	program name
	.balign	8
	.globl	\name, \name\()_end
\name:
	.endm

	.macro	done name
	diag	%r0, %r1, 0x123
\name\()_end:
	.endm

	program	guest_diag
	done	guest_diag

	program	guest_registers
	aghi	%r2, 1
	aghi	%r14, 1
	aghi	%r15, 1
	lctlg	%c5, %c5, 0(%r4)
	lghi	%r3, -1
	aghi	%r3, 0			/* condition code 1 */
	done	guest_registers

	program	guest_ex
	larl	%r3, 0f
	ex	%r0, 0(%r3)
	done	guest_ex
	.globl	guest_ex_all_end
	.balign	8
0:	stap	8(%r4)
guest_ex_all_end:

	program	guest_exrl
	exrl	%r0, 0f
	j	1f
0:	stap	8(%r4)
1:
	done	guest_exrl

	program	guest_stfle
	lghi	%r0, 255
	stfle	0(%r4)
	done	guest_stfle

	program	guest_illegal
	.short	0xb2ff, 0x1234
	done	guest_illegal

	program	guest_sie
	.insn	s, 0xb2140000, 0(%r4)
	done	guest_sie

	program	guest_enable
	stosm	0(%r4), 3
	nopr
	done	guest_enable

	program	guest_clock
	stck	0(%r4)
	stckf	8(%r4)
	done	guest_clock

	program	guest_timer
	stpt	0(%r4)
	spt	8(%r4)
	stckc	16(%r4)
	sckc	24(%r4)
	stpt	32(%r4)
	done	guest_timer

	program	guest_loop
0:	j	0b
	done	guest_loop

	program	guest_await
0:	lg	%r2, 0(%r4)
	ltgr	%r2, %r2
	je	0b
	done	guest_await

	program	guest_copy
	lg	%r2, 0(%r4)
	stg	%r2, 0(%r5)
	done	guest_copy

	program	guest_mvpg
	lghi	%r0, 0
	mvpg	%r5, %r4
	done	guest_mvpg

	program	guest_lra
	lra	%r2, 0(%r4)
	done	guest_lra

	program	guest_tprot
	tprot	0(%r4), 0
	done	guest_tprot

	program	guest_svc
	svc	77
	done	guest_svc

	program	guest_trap
	cgite	%r3, 0			/* traps */
	done	guest_trap

	program	guest_sske
	sske	%r5, %r4
	done	guest_sske

/* R6: two values for CR1 */
	program	guest_home
	sacf	0
	lg	%r2, 0(%r4)
	sacf	0x300
	lctlg	%c1, %c1, 0(%r6)
	sacf	0
	lg	%r3, 0(%r4)
	sacf	0x300
	lctlg	%c1, %c1, 8(%r6)
	sacf	0
	lg	%r7, 0(%r4)
	done	guest_home

	.section .note.GNU-stack, "", @progbits
