/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Start of a bare-metal test program, of its second CPU, and after a load
 * normal; program interruptions as a return.
 */
	.section .text.start, "ax"
	.globl	_start
_start:	j	begin
	.globl	probe_mark, probe
/* How a program is found, and something of it executed, before it is started. */
	.org	8
probe_mark:
	.ascii	"PROBE-ME"
/* uint64_t probe(uint64_t block): uvc() at an address that others know */
probe:	.insn	rrf,0xb9a40000,%r3,%r2,0,0
	ipm	%r2
	llgfr	%r2, %r2
	srlg	%r2, %r2, 28
	br	%r14

begin:	stmg	%r0, %r15, 0x1280
	larl	%r1, pgm_new_psw
	mvc	0x1d0(16), 0(%r1)
	larl	%r15, stack_end - 160
	brasl	%r14, main
	.globl	stop
stop:	larl	%r1, stop_psw
	lpswe	0(%r1)

/*
 * int catch_pgm(uint64_t (*fn)(uint64_t), uint64_t arg, uint64_t *ret)
 *
 * Returns 0 with the value of fn in *ret, or 1 if a program interruption ended
 * it.  The interruption code, PSW and TEID are then in the lowcore.
 */
	.globl	catch_pgm
catch_pgm:
	larl	%r1, saved
	stmg	%r6, %r15, 0(%r1)
	stg	%r4, 80(%r1)
	mvi	88(%r1), 1
	lgr	%r1, %r2
	lgr	%r2, %r3
	aghi	%r15, -160
	basr	%r14, %r1
	larl	%r1, saved
	mvi	88(%r1), 0
	lg	%r4, 80(%r1)
	stg	%r2, 0(%r4)
	lmg	%r6, %r15, 0(%r1)
	lghi	%r2, 0
	br	%r14

/*
 * DAT off, supervisor state, as the new PSW says.  Nobody waits for an
 * interruption outside of catch_pgm(): the runner misses the rest of the tests.
 */
pgm:	larl	%r1, saved
	cli	88(%r1), 1
	jne	stop
	mvi	88(%r1), 0
	lmg	%r6, %r15, 0(%r1)
	lghi	%r2, 1
	br	%r14

/* Where another CPU of a program that has second() is to start. */
	.globl	second_start
	.weak	second
second_start:
	larl	%r15, second_stack_end - 160
	brasl	%r14, second
0:	j	0b

/*
 * Program interruptions of a CPU with a prefix area of its own: counted there,
 * and what was interrupted is tried again.
 */
	.globl	second_pgm
second_pgm:
	stg	%r1, 0x1200
	lg	%r1, 0x1208
	aghi	%r1, 1
	stg	%r1, 0x1208
	lg	%r1, 0x1200
	lpswe	0x150

/* Where DIAGNOSE 308 subcodes 0 and 1 lead a program that has loaded(). */
	.globl	loaded_start
	.weak	loaded
loaded_start:
	stmg	%r0, %r15, 0x1280
	larl	%r15, stack_end - 160
	brasl	%r14, loaded
	j	stop

	.data
	.balign	16
pgm_new_psw:
	.quad	0x0000000180000000, pgm
/* The address by which QEMU takes a disabled wait for a power-off. */
stop_psw:
	.quad	0x0002000180000000, 0xfff
saved:	.fill	12, 8, 0
	.bss
	.balign	16
stack:	.space	16384
stack_end:
	.space	8192
second_stack_end:

	.section .note.GNU-stack, "", @progbits
