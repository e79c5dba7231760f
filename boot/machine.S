/* SPDX-License-Identifier: MIT */
/*
 * What both stages need of the machine: calls, waits, program interruptions.
 * DAT is off and nothing but the service signal is ever let in.
 */
#include "layout.h"

#define PSW_64BIT	0x0000000180000000
#define PSW_STOP	0x0002000080000000

	.text

/* int service_call(uint32_t command, void *sccb) */
	.globl	service_call
service_call:
	/* SERVC, which assemblers do not know. */
	.insn	rre, 0xb2200000, %r2, %r3
	ipm	%r2
	srl	%r2, 28
	llgfr	%r2, %r2
	br	%r14

/*
 * bool take_service_signal(void)
 *
 * A pending interruption is taken right behind the STOSM.  The frame of the
 * caller has room for the bytes that STOSM and STNSM store.
 */
	.globl	take_service_signal
take_service_signal:
	larl	%r1, service_signal_psw
	mvc	LOWCORE_EXT_NEW_PSW(16), 0(%r1)
	larl	%r1, service_signal_only
	lctlg	%c0, %c0, 0(%r1)
	stosm	16(%r15), 0x01
	stnsm	16(%r15), 0xfc
	lghi	%r2, 0
	br	%r14

service_signal:
	lghi	%r2, 1
	br	%r14

/* uint64_t diag308(uint64_t addr, uint64_t subcode) */
	.globl	diag308
diag308:
	lgr	%r4, %r3
	lghi	%r3, 0
	diag	%r2, %r4, 0x308
	lgr	%r2, %r3
	br	%r14

/* uint64_t clock_value(void) */
	.globl	clock_value
clock_value:
	stckf	16(%r15)
	lg	%r2, 16(%r15)
	br	%r14

/* void store_facilities(uint64_t list[4]) */
	.globl	store_facilities
store_facilities:
	lghi	%r0, 3
	stfle	0(%r2)
	br	%r14

/* void halt(uint64_t code) */
	.globl	halt
halt:
	larl	%r1, stop_psw
	mvc	16(8, %r15), 0(%r1)
	stg	%r2, 24(%r15)
	lpswe	16(%r15)

/*
 * void enter_kernel(uint64_t mask, uint64_t addr)
 *
 * Until the kernel has handlers, a program interruption is to end in a wait
 * that can be told from others, and not to run what used to be this loader.
 */
	.globl	enter_kernel
enter_kernel:
	larl	%r1, fault_psw
	mvc	LOWCORE_PGM_NEW_PSW(16), 0(%r1)
	stg	%r2, 16(%r15)
	stg	%r3, 24(%r15)
	lpswe	16(%r15)

/*
 * From here on stages handle program interruptions; called first of all, with
 * the return address in %r14 and without a stack.
 */
	.globl	catch_program_checks
catch_program_checks:
	larl	%r1, program_check_psw
	mvc	LOWCORE_PGM_NEW_PSW(16), 0(%r1)
	br	%r14

program_checked:
	larl	%r1, fault_psw
	mvc	LOWCORE_PGM_NEW_PSW(16), 0(%r1)
	llgh	%r2, LOWCORE_PGM_CODE
	lg	%r3, LOWCORE_PGM_OLD_PSW + 8
	llilf	%r15, LAYOUT_STACK_END - LAYOUT_FRAME
	brasl	%r14, program_check

	.section .rodata
	.balign	8
service_signal_psw:
	.quad	PSW_64BIT, service_signal
program_check_psw:
	.quad	PSW_64BIT, program_checked
stop_psw:
	.quad	PSW_STOP
fault_psw:
	.quad	PSW_STOP, stop_code
/* Control register 0: the subclass mask of the service signal, bit 54. */
service_signal_only:
	.quad	0x200

	.section .note.GNU-stack, "", @progbits
