// SPDX-License-Identifier: GPL-2.0
/*
 * A module that warns when it is loaded, to see the runner notice.
 */
#include <linux/bug.h>
#include <linux/module.h>

static int param = 1;
module_param(param, int, 0);
MODULE_PARM_DESC(param, "warn if not 0");

static int __init warn_init(void)
{
	WARN_ON(param);
	return 0;
}
module_init(warn_init);

static void __exit warn_exit(void)
{
}
module_exit(warn_exit);

MODULE_DESCRIPTION("TEST module that warns");
MODULE_LICENSE("GPL");
