/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Instructions that touch a page in one way each.
 *
 * General register 2 has an address in the page, 4 one of 8192 bytes that
 * anybody may use, 0 is zero, 3 and 5 are lengths, 6 and 7 the pair of another
 * length.
 */
	.machine arch13

	.text
	.globl	touch_run
touch_run:
	lgr	%r1, %r2
	lg	%r1, 0(%r1)
	lgrl	%r2, touch_operand
	lgrl	%r4, touch_own
	lghi	%r0, 0
	lghi	%r3, 32
	lghi	%r5, 32
	lgr	%r6, %r4
	lghi	%r7, 32
	br	%r1

	.globl	touch_operand, touch_own
	.bss
	.balign	8
touch_operand:
	.space	8
touch_own:
	.space	8

	.section .data.touch, "aw"
	.balign	8
	.globl	touch_insns
touch_insns:

/* What is in front of it ends. */
	.macro	touch name, offset=16
	.text
	br	%r14
8:
	.section .rodata.touch, "a"
9:	.asciz	"\name"
	.section .data.touch, "aw"
	.quad	8b, 9b, \offset
	.text
	.endm

/* ------------------------------------------------ loads ------------------ */

	touch	"LG"
	lg	%r1, 0(%r2)
	touch	"L"
	l	%r1, 0(%r2)
	touch	"LLGH"
	llgh	%r1, 0(%r2)
	touch	"LLGC, last byte", 4095
	llgc	%r1, 0(%r2)
	touch	"LRVG"
	lrvg	%r1, 0(%r2)
	touch	"ICM"
	icm	%r1, 7, 0(%r2)
	touch	"LM"
	lm	%r0, %r1, 0(%r2)
	touch	"LMG"
	lmg	%r0, %r1, 0(%r2)
	touch	"LPQ"
	lpq	%r0, 0(%r2)
	touch	"LAM"
	lam	%a2, %a3, 0(%r2)
	touch	"LD"
	ld	%f0, 0(%r2)
	touch	"LFPC"
	lfpc	0(%r2)
	touch	"LCTLG"
	lctlg	%c3, %c4, 0(%r2)
	touch	"LPSWE"
	lpswe	0(%r2)
	touch	"SPX"
	spx	0(%r2)
	touch	"SCKC"
	sckc	0(%r2)
	touch	"SPT"
	spt	0(%r2)
	touch	"LURA"
	lura	%r1, %r2
	touch	"LURAG"
	lurag	%r1, %r2
	touch	"VL"
	vl	%v0, 0(%r2)
	touch	"VLM"
	vlm	%v0, %v3, 0(%r2)
	touch	"VLL"
	vll	%v0, %r3, 0(%r2)
	touch	"VLREPG"
	vlrepg	%v0, 0(%r2)
	touch	"CG"
	cg	%r1, 0(%r2)
	touch	"TM"
	tm	0(%r2), 1
	touch	"CVBG"
	cvbg	%r1, 0(%r2)
	touch	"branch"
	br	%r2
	touch	"EX"
	ex	%r0, 0(%r2)

/* ------------------------------------------------ stores ----------------- */

	touch	"STG"
	stg	%r3, 0(%r2)
	touch	"STC, last byte", 4095
	stc	%r3, 0(%r2)
	touch	"STH"
	sth	%r3, 0(%r2)
	touch	"STCM"
	stcm	%r3, 7, 0(%r2)
	touch	"STRVG"
	strvg	%r3, 0(%r2)
	touch	"STMG"
	stmg	%r2, %r7, 0(%r2)
	touch	"STPQ"
	stpq	%r4, 0(%r2)
	touch	"STAM"
	stam	%a0, %a15, 0(%r2)
	touch	"STD"
	std	%f0, 0(%r2)
	touch	"STFPC"
	stfpc	0(%r2)
	touch	"STCTG"
	stctg	%c0, %c15, 0(%r2)
	touch	"STURA"
	stura	%r3, %r2
	touch	"STURG"
	sturg	%r3, %r2
	touch	"STCK"
	stck	0(%r2)
	touch	"STCKE"
	stcke	0(%r2)
	touch	"STCKC"
	stckc	0(%r2)
	touch	"STPT"
	stpt	0(%r2)
	touch	"STPX"
	stpx	0(%r2)
	touch	"STAP"
	stap	0(%r2)
	touch	"STIDP"
	stidp	0(%r2)
	touch	"STNSM"
	stnsm	0(%r2), 0xff
	touch	"STFLE"
	stfle	0(%r2)
	touch	"STSI", 0
	lghi	%r0, 1
	sllg	%r0, %r0, 28
	ahi	%r0, 1
	lghi	%r1, 1
	stsi	0(%r2)
	touch	"TB"
	tb	%r0, %r2
	touch	"VST"
	vst	%v0, 0(%r2)
	touch	"VSTM"
	vstm	%v0, %v3, 0(%r2)
	touch	"VSTL"
	vstl	%v0, %r3, 0(%r2)
	touch	"VSTEB"
	vsteb	%v0, 0(%r2), 0
	touch	"MVI"
	mvi	0(%r2), 1
	touch	"MVGHI"
	mvghi	0(%r2), 1
	touch	"CVD"
	cvd	%r3, 0(%r2)

/* ------------------------------------------------ updates ---------------- */

	touch	"AGSI"
	agsi	0(%r2), 1
	touch	"OI"
	oi	0(%r2), 1
	touch	"TS"
	ts	0(%r2)
	touch	"CS"
	cs	%r0, %r3, 0(%r2)
	touch	"CSG"
	csg	%r0, %r3, 0(%r2)
	touch	"CDS"
	cds	%r0, %r4, 0(%r2)
	touch	"CDSG"
	cdsg	%r0, %r4, 0(%r2)
	touch	"LAAG"
	laag	%r1, %r3, 0(%r2)
	touch	"LAO"
	lao	%r1, %r3, 0(%r2)
	touch	"CSP"
	lgr	%r5, %r2
	csp	%r0, %r5
	touch	"CSPG"
	lgr	%r5, %r2
	cspg	%r0, %r5
	touch	"CSST, first operand"
	lghi	%r0, 0x100		/* a word, a halfword */
	la	%r1, 64(%r4)
	csst	0(%r2), 0(%r4), %r3
	touch	"CSST, second operand"
	lghi	%r0, 0x100		/* a word, a halfword */
	la	%r1, 64(%r4)
	csst	0(%r4), 0(%r2), %r3

/* ------------------------------------------------ storage to storage ----- */

	touch	"MVC from"
	mvc	0(8,%r4), 0(%r2)
	touch	"MVC to"
	mvc	0(8,%r2), 0(%r4)
	touch	"MVC, long, to"
	mvc	0(256,%r2), 0(%r4)
	touch	"MVCIN from"
	mvcin	0(8,%r4), 7(%r2)
	touch	"MVCIN to"
	mvcin	0(8,%r2), 7(%r4)
	touch	"MVCL from"
	lgr	%r6, %r2
	lgr	%r0, %r4
	lghi	%r1, 32
	mvcl	%r0, %r6
	touch	"MVCL to"
	mvcl	%r2, %r6
	touch	"MVCLE from"
	lgr	%r6, %r2
	lgr	%r0, %r4
	lghi	%r1, 32
	mvcle	%r0, %r6, 0
	touch	"MVCLE to"
	mvcle	%r2, %r6, 0
	touch	"MVST from"
	mvst	%r4, %r2
	touch	"MVST to"
	mvst	%r2, %r4
	touch	"MVPG from", 0
	mvpg	%r4, %r2
	touch	"MVPG to", 0
	mvpg	%r2, %r4
	touch	"MVN"
	mvn	0(8,%r2), 0(%r4)
	touch	"MVO"
	mvo	0(8,%r2), 0(8,%r4)
	touch	"XC"
	xc	0(8,%r2), 0(%r2)
	touch	"NC from"
	nc	0(8,%r4), 0(%r2)
	touch	"OC to"
	oc	0(8,%r2), 0(%r4)
	touch	"CLC"
	clc	0(8,%r4), 0(%r2)
	touch	"CLCL"
	clcl	%r2, %r6
	touch	"CLCLE"
	clcle	%r6, %r2, 0
	touch	"CLM"
	clm	%r1, 7, 0(%r2)
	touch	"CLST"
	clst	%r4, %r2
	touch	"SRST"
	la	%r1, 64(%r2)
	srst	%r1, %r2
	touch	"CKSM"
	cksm	%r1, %r2
	touch	"TR, operand"
	tr	0(8,%r2), 0(%r4)
	touch	"TR, table", 0
	tr	0(8,%r4), 0(%r2)
	touch	"TRT, operand"
	trt	0(8,%r2), 0(%r4)
	touch	"TRT, table", 0
	trt	0(8,%r4), 0(%r2)
	touch	"TRTR"
	trtr	0(8,%r2), 0(%r4)
	touch	"TROO, operand"
	lgr	%r1, %r4
	troo	%r2, %r6
	touch	"TROO, table", 0
	lgr	%r1, %r2
	lghi	%r5, 8
	troo	%r4, %r6
	touch	"PACK"
	pack	0(8,%r4), 0(8,%r2)
	touch	"UNPK"
	unpk	0(8,%r2), 0(8,%r4)
	touch	"CU14 from"
	lgr	%r6, %r4
	cu14	%r6, %r2
	touch	"CU21 from"
	cu21	%r6, %r2
	touch	"KIMD", 0
	lghi	%r0, 3
	lgr	%r1, %r4
	lghi	%r3, 128
	.insn	rre, 0xb93e0000, %r0, %r2
	touch	"KIMD, parameters", 0
	lghi	%r0, 3
	lgr	%r1, %r2
	lghi	%r7, 128
	.insn	rre, 0xb93e0000, %r0, %r6
	touch	"KLMD", 0
	lghi	%r0, 3
	lgr	%r1, %r4
	.insn	rre, 0xb93f0000, %r0, %r2

/* ------------------------------------------------ tables of DAT ---------- */

	touch	"IPTE", 0
	lgr	%r1, %r2
	lghi	%r3, 0
	ipte	%r1, %r3
	touch	"IDTE", 0
	lgr	%r1, %r2
	aghi	%r1, 3
	lghi	%r3, 0
	idte	%r1, %r0, %r3

/* ------------------------------------------------ I/O -------------------- */

	touch	"STCRW"
	stcrw	0(%r2)
	touch	"CHSC", 0
	.insn	rre, 0xb25f0000, %r2, %r0

/* ------------------------------------------------ into the page ---------- */

	touch	"LG, crossing", -4
	lg	%r1, 0(%r2)
	touch	"STG, crossing", -4
	stg	%r3, 0(%r2)
	touch	"STH, crossing", -1
	sth	%r3, 0(%r2)
	touch	"STMG, crossing", -8
	stmg	%r2, %r7, 0(%r2)
	touch	"VL, crossing", -8
	vl	%v0, 0(%r2)
	touch	"VST, crossing", -8
	vst	%v0, 0(%r2)
	touch	"VSTM, crossing", -16
	vstm	%v0, %v3, 0(%r2)
	touch	"STCKE, crossing", -8
	stcke	0(%r2)
	touch	"MVC from, crossing", -8
	mvc	0(16,%r4), 0(%r2)
	touch	"MVC to, crossing", -8
	mvc	0(16,%r2), 0(%r4)
	touch	"OC to, crossing", -8
	oc	0(16,%r2), 0(%r4)
	touch	"ASI, crossing", -2
	asi	0(%r2), 1
	touch	"an instruction, crossing", -2
	br	%r2
	touch	"an executed one, crossing", -2
	ex	%r0, 0(%r2)
	br	%r14

	.section .data.touch, "aw"
	.globl	touch_insns_end
touch_insns_end:
	.quad	0

	.section .note.GNU-stack, "", @progbits
