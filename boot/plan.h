/* SPDX-License-Identifier: MIT */
/*
 * What stage3b is to move where, and whether it can.  Nothing here needs a
 * machine, nor touches what the plan is about.
 */
#ifndef BOOT_PLAN_H
#define BOOT_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "pv/se_image.h"
#include "text.h"

struct plan_part {
	uint64_t addr;
	uint64_t size;
};

/**
 * struct plan - a kernel and what it gets
 * @kernel: only the bytes that are used, the first 64 KiB of the file are not
 * @kernel_size: of the file
 * @cmdline: with the NUL at its end; size 0 if there is none
 * @initrd: stays where it is; size 0 if there is none
 */
struct plan {
	struct plan_part kernel;
	uint64_t kernel_size;
	struct plan_part cmdline;
	struct plan_part initrd;
	uint64_t psw_mask;
	uint64_t psw_addr;
};

/**
 * enum plan_problem - why not, in the order of the checks
 * @PLAN_KERNEL_SIZE: nothing is left of the kernel behind its first 64 KiB
 * @PLAN_RANGE: a part is not below 2 GiB
 * @PLAN_LOW: a part lies in the first 64 KiB, where this loader works
 * @PLAN_CMDLINE_OVERLAP: the kernel would come to stand on the command line
 * @PLAN_INITRD_OVERLAP: the kernel would come to stand on the ramdisk
 * @PLAN_CMDLINE_SIZE: the kernel takes no command line that long
 * @PLAN_CMDLINE_END: the command line does not end with a NUL
 */
enum plan_problem {
	PLAN_GOOD,
	PLAN_KERNEL_SIZE,
	PLAN_RANGE,
	PLAN_LOW,
	PLAN_CMDLINE_OVERLAP,
	PLAN_INITRD_OVERLAP,
	PLAN_CMDLINE_SIZE,
	PLAN_CMDLINE_END,
};

/**
 * plan_parts() - make a plan and check where the parts lie
 *
 * After PLAN_GOOD every byte of every part of @plan may be read.
 */
enum plan_problem plan_parts(struct plan *plan,
			     const struct pv_stage3b_args *args);

/** plan_has_limit() - does the kernel reach to PV_KERNEL_CMDLINE_MAX? */
bool plan_has_limit(const struct plan *plan);

/**
 * plan_cmdline() - check the command line of a plan
 * @plan: that was found good
 * @max: what the kernel has at PV_KERNEL_CMDLINE_MAX, or 0
 * @last: last byte of the command line, anything if there is none
 */
enum plan_problem plan_cmdline(const struct plan *plan, uint64_t max,
			       uint8_t last);

/** plan_explain() - a message for @problem, which is not PLAN_GOOD */
void plan_explain(struct text *text, const struct plan *plan,
		  enum plan_problem problem);

/** plan_explain_fault() - a message for a program interruption */
void plan_explain_fault(struct text *text, uint64_t code, uint64_t addr);

#endif /* BOOT_PLAN_H */
