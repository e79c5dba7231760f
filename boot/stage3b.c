// SPDX-License-Identifier: MIT
/*
 * Second loader of an SE image, first program of the protected guest: puts
 * kernel and command line where they belong and enters the kernel.
 *
 * Only what the Ultravisor unpacked counts.  Everything is checked before
 * anything is moved.
 */
#include "bytes.h"
#include "layout.h"
#include "machine.h"
#include "memory.h"
#include "plan.h"
#include "sclp.h"
#include "stage3b.h"

_Static_assert(LAYOUT_STAGE3B == PV_SE_IMAGE_STAGE3B, "address of stage3b");
_Static_assert(sizeof(struct pv_stage3b_args) == LAYOUT_STAGE3B_ARGS, "size");
_Static_assert(LAYOUT_STACK_END == PV_KERNEL_ENTRY, "the kernel's first byte");

void program_check(uint64_t code, uint64_t addr)
{
	struct text text;

	plan_explain_fault(&text, code, addr);
	sclp_print(text.buf);
	halt(STOP_STAGE3B);
}

static enum plan_problem check_cmdline(const struct plan *plan)
{
	const uint8_t *cmdline = (void *)plan->cmdline.addr;
	const pv_be64 *max = (void *)(plan->kernel.addr +
				      PV_KERNEL_CMDLINE_MAX - PV_KERNEL_ENTRY);
	uint8_t last = 0;

	if (plan->cmdline.size)
		last = cmdline[plan->cmdline.size - 1];
	return plan_cmdline(plan, plan_has_limit(plan) ? get_be64(*max) : 0,
			    last);
}

static void put_field(uint64_t addr, uint64_t value)
{
	*(pv_be64 *)addr = put_be64(value);
}

static void carry_out(const struct plan *plan)
{
	memmove((void *)PV_KERNEL_ENTRY, (void *)plan->kernel.addr,
		plan->kernel.size);
	if (plan->cmdline.size)
		memmove((void *)PV_KERNEL_CMDLINE, (void *)plan->cmdline.addr,
			plan->cmdline.size);
	if (plan->initrd.size) {
		put_field(PV_KERNEL_INITRD_START, plan->initrd.addr);
		put_field(PV_KERNEL_INITRD_SIZE, plan->initrd.size);
	}
}

void stage3b(void)
{
	struct pv_stage3b_args args = stage3b_args;
	enum plan_problem problem;
	struct plan plan;
	struct text text;

	problem = plan_parts(&plan, &args);
	if (problem == PLAN_GOOD)
		problem = check_cmdline(&plan);
	if (problem != PLAN_GOOD) {
		plan_explain(&text, &plan, problem);
		sclp_print(text.buf);
		halt(STOP_STAGE3B);
	}
	carry_out(&plan);
	enter_kernel(plan.psw_mask, plan.psw_addr);
}
