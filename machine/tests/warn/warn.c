// SPDX-License-Identifier: GPL-2.0
/*
 * A module that does what it should not when it is loaded, to see the kernel
 * and the runner notice.
 */
#include <linux/bug.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

/* What param asks for. */
enum { NOTHING, WARNING, LOCK_ORDER, LEAK, USE_AFTER_FREE, OUT_OF_BOUNDS };

static int param = WARNING;
module_param(param, int, 0);
MODULE_PARM_DESC(param, "0 nothing, 1 warn, 2 lock order, 3 leak, 4 use after free, 5 out of bounds");

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);

static void lock_both(struct mutex *a, struct mutex *b)
{
	mutex_lock(a);
	mutex_lock(b);
	mutex_unlock(b);
	mutex_unlock(a);
}

static void leak(void)
{
	char *memory = kmalloc(64, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(memory);
}

static void use_after_free(void)
{
	char *memory = kmalloc(64, GFP_KERNEL);

	kfree(memory);
	OPTIMIZER_HIDE_VAR(memory);
	if (memory)
		WRITE_ONCE(memory[8], 1);
}

static void out_of_bounds(void)
{
	static char array[8];
	int i = 8;

	OPTIMIZER_HIDE_VAR(i);
	WRITE_ONCE(array[i], 1);
}

static int __init warn_init(void)
{
	WARN_ON(param == WARNING);
	if (param == LOCK_ORDER) {
		lock_both(&first, &second);
		lock_both(&second, &first);
	}
	if (param == LEAK)
		leak();
	if (param == USE_AFTER_FREE)
		use_after_free();
	if (param == OUT_OF_BOUNDS)
		out_of_bounds();
	return 0;
}
module_init(warn_init);

static void __exit warn_exit(void)
{
}
module_exit(warn_exit);

MODULE_DESCRIPTION("TEST module that misbehaves");
MODULE_LICENSE("GPL");
