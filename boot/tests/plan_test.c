// SPDX-License-Identifier: MIT
/* Which arguments stage3b takes, and in which order it refuses others. */
#include <string.h>

#include "bytes.h"
#include "messages.h"
#include "plan.h"
#include "tap.h"

#define KERNEL_SIZE	0x500000

/* Kernel, ramdisk, command line one after the other, as tools lay them out. */
struct input {
	uint64_t kernel, kernel_size;
	uint64_t cmdline, cmdline_size;
	uint64_t initrd, initrd_size;
};

#define USUAL \
	.kernel = 0x15000, .kernel_size = KERNEL_SIZE, .cmdline = 0x1000000, \
	.cmdline_size = 46, .initrd = 0x515000, .initrd_size = 0x345678

static const struct input usual = { USUAL };

static enum plan_problem problem_of(const struct input *in, struct plan *plan)
{
	struct pv_stage3b_args args = {
		.kernel = { put_be64(in->kernel), put_be64(in->kernel_size) },
		.cmdline = { put_be64(in->cmdline),
			     put_be64(in->cmdline_size) },
		.initrd = { put_be64(in->initrd), put_be64(in->initrd_size) },
		.psw_mask = put_be64(0x180000000),
		.psw_addr = put_be64(0x10000),
	};

	return plan_parts(plan, &args);
}

static void expect(struct input in, enum plan_problem want, const char *name)
{
	struct plan plan;

	tap_equal(problem_of(&in, &plan), want, name);
}

/* A change of the usual input. */
#define WITH(...)	((struct input){ USUAL, __VA_ARGS__ })

#pragma GCC diagnostic ignored "-Woverride-init"

static void test_good(void)
{
	struct plan plan;

	tap_equal(problem_of(&usual, &plan), PLAN_GOOD, "the usual layout");
	tap_equal(plan.kernel.addr, 0x25000, "64 KiB of it are skipped");
	tap_equal(plan.kernel.size, KERNEL_SIZE - 0x10000, "... and not moved");
	tap_equal(plan.initrd.addr, 0x515000, "address of the ramdisk");
	tap_equal(plan.initrd.size, 0x345678, "size of the ramdisk");
	tap_equal(plan.cmdline.addr, 0x1000000, "address of the command line");
	tap_equal(plan.cmdline.size, 46, "size of the command line");
	tap_equal(plan.psw_mask, 0x180000000, "mask of the PSW");
	tap_equal(plan.psw_addr, 0x10000, "address of the PSW");
	expect(WITH(.cmdline = 0, .cmdline_size = 0, .initrd = 0,
		    .initrd_size = 0), PLAN_GOOD, "a kernel alone");
}

static void test_kernel_size(void)
{
	expect(WITH(.kernel_size = 0), PLAN_KERNEL_SIZE, "no kernel");
	expect(WITH(.kernel_size = 0xffff), PLAN_KERNEL_SIZE,
	       "a kernel of less than 64 KiB");
	expect(WITH(.kernel_size = 0x10000), PLAN_KERNEL_SIZE,
	       "a kernel of 64 KiB");
	expect(WITH(.kernel_size = 0x10001), PLAN_GOOD,
	       "a kernel of a byte more");
}

static void test_range(void)
{
	static const uint64_t end = 0x80000000;

	expect(WITH(.initrd = end - 0x345678), PLAN_GOOD,
	       "a ramdisk up to 2 GiB");
	expect(WITH(.initrd = end - 0x345677), PLAN_RANGE,
	       "a ramdisk beyond 2 GiB");
	expect(WITH(.initrd = UINT64_MAX - 0xfff), PLAN_RANGE,
	       "a ramdisk around the end of storage");
	expect(WITH(.initrd_size = UINT64_MAX), PLAN_RANGE,
	       "an endless ramdisk");
	expect(WITH(.cmdline = end), PLAN_RANGE,
	       "a command line beyond 2 GiB");
	expect(WITH(.cmdline_size = UINT64_MAX), PLAN_RANGE,
	       "an endless command line");
	expect(WITH(.cmdline = 0x10000, .cmdline_size = end - 0x10000),
	       PLAN_RANGE, "a command line that reaches beyond 2 GiB if moved");
	expect(WITH(.kernel = end), PLAN_RANGE, "a kernel beyond 2 GiB");
	expect(WITH(.kernel = UINT64_MAX - 0xffff), PLAN_RANGE,
	       "a kernel around the end of storage");
	expect(WITH(.kernel_size = UINT64_MAX), PLAN_RANGE,
	       "an endless kernel");
}

static void test_overlap(void)
{
	expect(WITH(.initrd = 0xf000), PLAN_LOW, "a ramdisk in the stack");
	expect(WITH(.cmdline = 0xa000), PLAN_LOW, "a command line in stage3b");
	expect(WITH(.cmdline = 0), PLAN_LOW, "a command line without address");
	expect(WITH(.cmdline = 0x10480), PLAN_CMDLINE_OVERLAP,
	       "a command line where it is to go");
	expect(WITH(.cmdline = KERNEL_SIZE - 1), PLAN_CMDLINE_OVERLAP,
	       "a command line at the kernel's last byte");
	expect(WITH(.cmdline = KERNEL_SIZE), PLAN_GOOD,
	       "a command line right behind the kernel");
	expect(WITH(.initrd = 0x10000), PLAN_INITRD_OVERLAP,
	       "a ramdisk at the kernel's first byte");
	expect(WITH(.initrd = KERNEL_SIZE - 1), PLAN_INITRD_OVERLAP,
	       "a ramdisk at the kernel's last byte");
	expect(WITH(.initrd = KERNEL_SIZE), PLAN_GOOD,
	       "a ramdisk right behind the kernel");
	expect(WITH(.kernel_size = 0x10001, .initrd = 0x104ad),
	       PLAN_INITRD_OVERLAP, "a ramdisk in the command line's place");
	expect(WITH(.kernel_size = 0x10001, .initrd = 0x104ae), PLAN_GOOD,
	       "a ramdisk right behind it");
	expect(WITH(.initrd = 0x20000, .initrd_size = 0), PLAN_GOOD,
	       "what has no bytes is in nobody's way");
}

static void test_order(void)
{
	expect(WITH(.kernel_size = 1, .initrd = 0x80000000),
	       PLAN_KERNEL_SIZE, "size of the kernel before ranges");
	expect(WITH(.cmdline = 0, .initrd = 0x80000000), PLAN_RANGE,
	       "ranges before the first 64 KiB");
	expect(WITH(.cmdline = 0x20000, .initrd = 0), PLAN_LOW,
	       "the first 64 KiB before overlaps");
	expect(WITH(.cmdline = 0x20000, .initrd = 0x20000),
	       PLAN_CMDLINE_OVERLAP, "the command line before the ramdisk");
}

static enum plan_problem cmdline(uint64_t size, uint64_t max, uint8_t last)
{
	struct plan plan;

	problem_of(&WITH(.cmdline_size = size), &plan);
	return plan_cmdline(&plan, max, last);
}

static void test_cmdline(void)
{
	struct plan plan;

	tap_equal(cmdline(896, 0, 0), PLAN_GOOD, "896 bytes if not said");
	tap_equal(cmdline(897, 0, 0), PLAN_CMDLINE_SIZE, "... and no more");
	tap_equal(cmdline(4096, 4096, 0), PLAN_GOOD, "the kernel's own limit");
	tap_equal(cmdline(4097, 4096, 0), PLAN_CMDLINE_SIZE, "... is one");
	tap_equal(cmdline(46, 45, 0), PLAN_CMDLINE_SIZE, "a small limit");
	tap_equal(cmdline(46, 0, '\n'), PLAN_CMDLINE_END, "no NUL");
	tap_equal(cmdline(46, 45, 'x'), PLAN_CMDLINE_SIZE,
		  "the limit before the NUL");
	tap_equal(cmdline(0, 1, 'x'), PLAN_GOOD, "no command line");
	problem_of(&WITH(.kernel_size = 0x10437), &plan);
	tap_ok(!plan_has_limit(&plan), "a kernel that ends in its limit");
	problem_of(&WITH(.kernel_size = 0x10438), &plan);
	tap_ok(plan_has_limit(&plan), "a kernel that ends behind its limit");
}

static void test_messages(void)
{
	static const char *const words[] = {
		[PLAN_KERNEL_SIZE] = "too short", [PLAN_RANGE] = "2 GiB",
		[PLAN_LOW] = "first 64 KiB, which",
		[PLAN_CMDLINE_OVERLAP] = "on the command line",
		[PLAN_INITRD_OVERLAP] = "on the ramdisk",
		[PLAN_CMDLINE_SIZE] = "longer than",
		[PLAN_CMDLINE_END] = "NUL",
	};
	struct plan plan;
	struct text text;

	problem_of(&usual, &plan);
	for (unsigned int i = PLAN_GOOD + 1; i <= PLAN_CMDLINE_END; i++) {
		plan_explain(&text, &plan, i);
		tap_ok(message_fits(&text) && strstr(text.buf, words[i]) &&
		       strstr(text.buf, "0x4511"), "message: %s", words[i]);
	}
	tap_has(text.buf, "ramdisk:      0x0000000000345678 bytes at "
		"0x0000000000515000\n", "numbers of a part");
	plan_explain_fault(&text, 5, 0xa123);
	tap_ok(message_fits(&text) && strstr(text.buf, "0x0005 at"),
	       "message: program interruption");
}

int main(void)
{
	tap_begin();
	test_good();
	test_kernel_size();
	test_range();
	test_overlap();
	test_order();
	test_cmdline();
	test_messages();
	return tap_end();
}
