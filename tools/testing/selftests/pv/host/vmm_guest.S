/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest for the small VMM: the first character of its command line says what
 * it is to do.  It stands at 0x10000 and takes no interruption but program
 * interruptions, whose code it prints.
 */
#define CMDLINE		0x10480
#define SCCB		0x20000
#define BLOCK		0x21000
#define STORED		0x22000
#define MARK		0x23000
#define STACK		0x30000
/* A copy of the ramdisk, and a shared page that begins as it does */
#define COPY		0x500000
#define SHARED		0x600000

/* Where the kernel is told of its ramdisk: address and size */
#define RAMDISK		0x10408
/* In low storage: nothing but zero is in the registers that would lead there */
#define LAST_PSWS	0xf00

#define PSW_64BIT	0x0000000180000000
#define PSW_WAIT	0x0002000180000000
/* In short form, which has a one in bit 12 */
#define PSW_SHORT	0x0008000180000000

#define WRITE_DATA	0x00760005
#define READ_DATA	0x00770005
#define WRITE_MASK	0x00780005

	.section .rodata
	.balign	8
	.globl	vmm_guest, vmm_guest_end
vmm_guest:
	jg	start
	.org	vmm_guest + 8
	.ascii	"S390EP"
	.org	vmm_guest + 0x1000

	.macro	case letter, label
	cli	0(%r13), \letter
	jge	\label
	.endm

	.macro	say text
	larl	%r2, \text
	lghi	%r3, \text\()_end - \text
	brasl	%r14, print
	.endm

	/* DIAGNOSE 308 for the block at %r8; the code is printed. */
	.macro	ipl subcode
	lghi	%r9, 0
	lghi	%r10, \subcode
	diag	%r8, %r10, 0x308
	lgr	%r2, %r9
	brasl	%r14, print_code
	.endm

start:
	llilf	%r15, STACK
	llilf	%r13, CMDLINE
	llilf	%r8, BLOCK
	larl	%r1, pgm_psw
	mvc	0x1d0(16), 0(%r1)
	case	'h', hello
	case	'v', verdict
	case	'f', fail
	case	'p', power_off
	case	'w', wait
	case	'l', loop
	case	'r', reipl
	case	'0', reset_clear
	case	'1', reset_normal
	case	'8', no_block
	case	'b', block
	case	'o', odd_register
	case	'u', unaligned
	case	'm', no_memory
	case	'd', other_diagnose
	case	's', low_sccb
	case	'c', second_cpu
	case	'i', input
	case	'k', keep
	case	'x', crash
	jg	wait

hello:
	say	text_hello
	jg	power_off
verdict:
	say	text_verdict
	jg	power_off
fail:
	say	text_fail
	jg	power_off

power_off:
	lghi	%r0, 0
	sigp	%r0, %r0, 5
loop:	j	loop

wait:
	larl	%r1, wait_psw
	lpswe	0(%r1)

/* Memory is clear again: there is no mark. */
reipl:
	say	text_hello
	llilf	%r1, MARK
	cli	0(%r1), 0
	jgne	wait
	mvi	0(%r1), 1
	ipl	3
	jg	wait

/* Registers tell which reset it was. */
reset_clear:
	lghi	%r10, 0
	j	0f
reset_normal:
	lghi	%r10, 1
0:	lghi	%r1, 0
	larl	%r2, short_psw
	mvc	0(8, %r1), 0(%r2)
	larl	%r2, after_reset
	st	%r2, 4(%r1)
	oi	4(%r1), 0x80
	lghi	%r7, 1
	diag	%r8, %r10, 0x308
	jg	wait
after_reset:
	llilf	%r15, STACK
	cghi	%r7, 0
	jge	0f
	say	text_kept
	jg	power_off
0:	say	text_cleared
	jg	power_off

no_block:
	ipl	8
	ipl	9
	ipl	10
	ipl	5
	ipl	6
	jg	power_off

/* A block that is right, read back, and a start that is refused. */
block:
	larl	%r1, ipl_block
	mvc	0(160, %r8), 0(%r1)
	ipl	8
	llilf	%r8, STORED
	ipl	9
	llilf	%r1, BLOCK
	clc	0(160, %r1), 0(%r8)
	jgne	wait
	ipl	10
	jg	wait

odd_register:
	lghi	%r10, 8
	llilf	%r9, BLOCK
	diag	%r9, %r10, 0x308
	jg	wait
unaligned:
	aghi	%r8, 8
	ipl	8
	jg	wait
no_memory:
	llilf	%r8, 0x70000000
	ipl	8
	jg	wait
other_diagnose:
	diag	%r8, %r10, 0x999
	jg	wait
low_sccb:
	lghi	%r1, 0x1000
	mvi	1(%r1), 16
	llilf	%r5, WRITE_DATA
	.insn	rre, 0xb2200000, %r5, %r1
	jg	wait

program_check:
	llgh	%r2, 0x8e
	brasl	%r14, print_code
	jg	power_off

/* Reset, restart, sense until it has stopped; then what cannot be done. */
second_cpu:
	larl	%r1, restart_psw
	mvc	0x1a0(16), 0(%r1)
	lghi	%r6, 1
	lghi	%r2, 0
	sigp	%r2, %r6, 11
	jgnz	wait
	sigp	%r2, %r6, 6
	jgnz	wait
0:	lghi	%r2, 0
	sigp	%r2, %r6, 1
	jo	wait
	tmll	%r2, 0x40
	jz	0b
	say	text_stopped
	lghi	%r6, 9
	sigp	%r2, %r6, 6
	jgno	wait
	lghi	%r6, 1
	lghi	%r2, 0
	sigp	%r2, %r6, 0x3f
	brasl	%r14, print_code
	jg	power_off
second:
	llilf	%r15, STACK + 0x1000
	say	text_second
	lghi	%r6, 1
	sigp	%r0, %r6, 5
0:	j	0b

/* There is none before the guest says that it may come; print it to its end. */
input:
	llilf	%r1, SCCB
	larl	%r2, mask
	mvc	0(28, %r1), 0(%r2)
	llilf	%r5, WRITE_MASK
	.insn	rre, 0xb2200000, %r5, %r1
	stck	0(%r15)
	lg	%r7, 0(%r15)
0:	brasl	%r14, read_event
	cli	6(%r1), 0
	jge	wait
	stck	0(%r15)
	lg	%r6, 0(%r15)
	sgr	%r6, %r7
	srlg	%r6, %r6, 30
	cghi	%r6, 0
	je	0b
	say	text_begin
0:	brasl	%r14, read_event
	cli	6(%r1), 0
	jne	0b
	llgh	%r7, 8(%r1)
	aghi	%r7, -7
	llilf	%r4, SCCB + 0x100
	mvc	0(200, %r4), 15(%r1)
	lgr	%r2, %r4
	lgr	%r3, %r7
	la	%r7, 0(%r7, %r4)
	aghi	%r7, -1
	brasl	%r14, print
	cli	0(%r7), 4
	jne	0b
	case	'k', verdict
	jg	power_off

/* What an owner finds in a dump of it; then it goes on until it is told. */
keep:
	brasl	%r14, fill
	jg	input

/* The same, and all CPUs end with registers that are parts of the copy. */
crash:
	brasl	%r14, fill
	larl	%r1, last_psws
	mvc	LAST_PSWS(32), 0(%r1)
	larl	%r1, crash_psw
	mvc	0x1a0(16), 0(%r1)
	lghi	%r6, 1
	lghi	%r2, 0
	sigp	%r2, %r6, 11
	jnz	0f
	sigp	%r2, %r6, 6
0:	llilf	%r1, COPY
	brasl	%r14, load_registers
	lmg	%r0, %r15, 0(%r1)
	lpswe	LAST_PSWS
crash_second:
	llilf	%r1, COPY + 0x1000
	brasl	%r14, load_registers
	lmg	%r0, %r15, 0(%r1)
	lpswe	LAST_PSWS + 16

/* From %r1 on; general registers are left out. */
	.machine push
	.machine z13
load_registers:
	larl	%r2, vector_cr0
	lctlg	%c0, %c0, 0(%r2)
	lam	%a0, %a15, 128(%r1)
	vlm	%v0, %v15, 256(%r1)
	vlm	%v16, %v31, 512(%r1)
	br	%r14
	.machine pop

fill:
	llilf	%r12, RAMDISK
	llilf	%r4, COPY
	lg	%r5, 8(%r12)
	brasl	%r11, copy_ramdisk
	larl	%r6, share
	lghi	%r7, 0
0:	.insn	rrf, 0xb9a40000, %r7, %r6, 0, 0
	brc	3, 0b
	jnz	wait
	llilf	%r4, SHARED
	lghi	%r5, 4096
	brasl	%r11, copy_ramdisk
	br	%r14

/* As many bytes as %r5 says, to %r4 */
copy_ramdisk:
	lg	%r2, 0(%r12)
	lgr	%r3, %r5
0:	mvcle	%r4, %r2, 0
	jo	0b
	br	%r11

/* The control block's address goes to %r1. */
read_event:
	llilf	%r1, SCCB
	xc	0(16, %r1), 0(%r1)
	mvi	0(%r1), 1
	llilf	%r5, READ_DATA
	.insn	rre, 0xb2200000, %r5, %r1
	br	%r14

/* %r2: text, %r3: bytes of it */
print:
	llilf	%r1, SCCB
	xc	0(16, %r1), 0(%r1)
	la	%r4, 14(%r3)
	sth	%r4, 0(%r1)
	la	%r4, 6(%r3)
	sth	%r4, 8(%r1)
	mvi	10(%r1), 26
	aghi	%r3, -1
	exrl	%r3, 0f
	llilf	%r5, WRITE_DATA
	.insn	rre, 0xb2200000, %r5, %r1
	br	%r14
0:	mvc	14(1, %r1), 0(%r2)

/* %r2: a number, printed with four digits and a blank */
print_code:
	stg	%r14, 0(%r15)
	lghi	%r4, 4
	la	%r1, 8(%r15)
	sllg	%r2, %r2, 48
0:	srlg	%r3, %r2, 60
	larl	%r5, digits
	ic	%r0, 0(%r3, %r5)
	stc	%r0, 0(%r1)
	la	%r1, 1(%r1)
	sllg	%r2, %r2, 4
	brctg	%r4, 0b
	mvi	0(%r1), ' '
	la	%r2, 8(%r15)
	lghi	%r3, 5
	brasl	%r14, print
	lg	%r14, 0(%r15)
	br	%r14

	.balign	8
pgm_psw:
	.quad	PSW_64BIT, 0x10000 + program_check - vmm_guest
restart_psw:
	.quad	PSW_64BIT, 0x10000 + second - vmm_guest
wait_psw:
	.quad	PSW_WAIT, 0xdead
crash_psw:
	.quad	PSW_64BIT, 0x10000 + crash_second - vmm_guest
last_psws:
	.quad	PSW_WAIT, 0xdead, PSW_WAIT, 0xdeaf
vector_cr0:
	.quad	0x600e0
short_psw:
	.quad	PSW_SHORT

/* One component; the header stands at 0x14000. */
ipl_block:
	.long	160
	.fill	8
	.byte	5
	.fill	0x67
	.long	1
	.quad	0x14000, 640
	.quad	1, 0x100000, 0x1000
share:
	.short	0x30, 0x1000
	.fill	0x1c
	.quad	SHARED
	.fill	8
mask:
	.short	28
	.fill	8
	.short	4
	.long	0x40, 0x40, 0, 0

	/* LARL reaches even addresses only. */
	.balign	2
text_hello:	.ascii	"hello "
text_hello_end:
	.balign	2
text_verdict:	.ascii	"\033_s390-pv begin\033\\out\033_s390-pv verdict 7\033\\"
text_verdict_end:
	.balign	2
text_fail:	.ascii	"\033_s390-pv fail no reason\033\\"
text_fail_end:
	.balign	2
text_begin:	.ascii	"\033_s390-pv begin\033\\"
text_begin_end:
	.balign	2
text_kept:	.ascii	"kept"
text_kept_end:
	.balign	2
text_cleared:	.ascii	"cleared"
text_cleared_end:
	.balign	2
text_second:	.ascii	"second "
text_second_end:
	.balign	2
text_stopped:	.ascii	"stopped "
text_stopped_end:
	.balign	2
digits:		.ascii	"0123456789abcdef"
	.balign	8
vmm_guest_end:

	.section .note.GNU-stack, "", @progbits
