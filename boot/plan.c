// SPDX-License-Identifier: MIT
#include "bytes.h"
#include "layout.h"
#include "plan.h"

static struct plan_part part_of(struct pv_stage3b_part part)
{
	return (struct plan_part){
		.addr = get_be64(part.src), .size = get_be64(part.size),
	};
}

static bool in_range(struct plan_part part)
{
	return part.size <= PV_SE_IMAGE_LIMIT &&
	       part.addr <= PV_SE_IMAGE_LIMIT - part.size;
}

static bool is_low(struct plan_part part)
{
	return part.size && part.addr < LAYOUT_STACK_END;
}

static bool overlap(struct plan_part left, struct plan_part right)
{
	return left.size && right.size &&
	       left.addr < right.addr + right.size &&
	       right.addr < left.addr + left.size;
}

/*
 * What gets written: the kernel to PV_KERNEL_ENTRY, which makes file offsets
 * addresses, and its parameters into it.
 */
static struct plan_part written(const struct plan *plan)
{
	uint64_t end = PV_KERNEL_CMDLINE + plan->cmdline.size;

	if (end < plan->kernel_size)
		end = plan->kernel_size;
	return (struct plan_part){
		.addr = PV_KERNEL_ENTRY, .size = end - PV_KERNEL_ENTRY,
	};
}

static enum plan_problem check_parts(const struct plan *plan)
{
	struct plan_part target = written(plan);

	if (!in_range(plan->kernel) || !in_range(plan->cmdline) ||
	    !in_range(plan->initrd) || !in_range(target))
		return PLAN_RANGE;
	/* What is used of the kernel cannot. */
	if (is_low(plan->cmdline) || is_low(plan->initrd))
		return PLAN_LOW;
	if (overlap(target, plan->cmdline))
		return PLAN_CMDLINE_OVERLAP;
	if (overlap(target, plan->initrd))
		return PLAN_INITRD_OVERLAP;
	return PLAN_GOOD;
}

enum plan_problem plan_parts(struct plan *plan,
			     const struct pv_stage3b_args *args)
{
	plan->kernel = part_of(args->kernel);
	plan->kernel_size = plan->kernel.size;
	plan->cmdline = part_of(args->cmdline);
	plan->initrd = part_of(args->initrd);
	plan->psw_mask = get_be64(args->psw_mask);
	plan->psw_addr = get_be64(args->psw_addr);
	if (plan->kernel_size <= PV_KERNEL_ENTRY)
		return PLAN_KERNEL_SIZE;
	/* Before it is cut, so that no sum can be too big for its type. */
	if (!in_range(plan->kernel))
		return PLAN_RANGE;
	plan->kernel.addr += PV_KERNEL_ENTRY;
	plan->kernel.size -= PV_KERNEL_ENTRY;
	return check_parts(plan);
}

bool plan_has_limit(const struct plan *plan)
{
	return plan->kernel_size >= PV_KERNEL_CMDLINE_MAX + sizeof(pv_be64);
}

enum plan_problem plan_cmdline(const struct plan *plan, uint64_t max,
			       uint8_t last)
{
	if (!plan->cmdline.size)
		return PLAN_GOOD;
	if (plan->cmdline.size > (max ? max : PV_KERNEL_CMDLINE_MAX_DEFAULT))
		return PLAN_CMDLINE_SIZE;
	if (last)
		return PLAN_CMDLINE_END;
	return PLAN_GOOD;
}

static void begin(struct text *text)
{
	text_begin(text);
	text_add(text, "Secure Execution: the kernel cannot be started.\n");
}

static void add_part(struct text *text, const char *name,
		     const struct plan_part *part)
{
	text_add(text, name);
	text_hex(text, part->size, 16);
	text_add(text, " bytes at ");
	text_hex(text, part->addr, 16);
	text_add(text, "\n");
}

void plan_explain(struct text *text, const struct plan *plan,
		  enum plan_problem problem)
{
	static const char *const what[] = {
		[PLAN_KERNEL_SIZE] =
		"The kernel is too short, it has no code behind its first"
		" 64 KiB.\n"
		"Create the image with an s390x kernel, not compressed by other"
		" tools.\n",
		[PLAN_RANGE] =
		"A part of the image reaches beyond 2 GiB.\n"
		"Create the image with a smaller kernel or ramdisk.\n",
		[PLAN_LOW] =
		"A part of the image lies in the first 64 KiB, which belong to"
		" the loader.\n"
		"Create the image with other addresses.\n",
		[PLAN_CMDLINE_OVERLAP] =
		"The kernel would come to stand on the command line.\n"
		"Create the image with the command line behind the kernel.\n",
		[PLAN_INITRD_OVERLAP] =
		"The kernel or its command line would come to stand on the"
		" ramdisk.\n"
		"Create the image with the ramdisk behind the kernel.\n",
		[PLAN_CMDLINE_SIZE] =
		"The command line is longer than this kernel takes.\n"
		"Create the image with a shorter command line.\n",
		[PLAN_CMDLINE_END] =
		"The command line does not end with a NUL.\n"
		"Create the image with a tool that adds it.\n",
	};

	begin(text);
	text_add(text, what[problem]);
	add_part(text, "kernel:       ", &plan->kernel);
	add_part(text, "command line: ", &plan->cmdline);
	add_part(text, "ramdisk:      ", &plan->initrd);
	text_stop(text, STOP_STAGE3B);
}

void plan_explain_fault(struct text *text, uint64_t code, uint64_t addr)
{
	begin(text);
	text_add(text,
		 "The image is damaged, or the guest has too little memory.\n"
		 "Give the guest more memory, or create the image again.\n");
	text_fault(text, code, addr);
	text_stop(text, STOP_STAGE3B);
}
