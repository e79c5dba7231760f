// SPDX-License-Identifier: GPL-2.0
/*
 * UVIO_IOCTL_UVDEV_INFO: which requests the driver knows, and which of them the
 * Ultravisor would accept from this system.
 */
#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/cache.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/printk.h>
#include <linux/uaccess.h>

#include "uvdevice.h"

/* A module is loaded while the system starts, which has to come to its end. */
#define QUERY_LIMIT	(10 * HZ)

/* Bit n, counted from the right: ioctl number n.  Completed by module init. */
static struct uvio_uvdev_info uvdev_info __ro_after_init = {
	.supp_uvio_cmds = GENMASK_ULL(UVDEVICE_NR_REQUESTS - 1, 0),
};

static bool __init uvc_installed(const struct uv_cb_qui *uvcb, int bit)
{
	return test_bit_inv(bit, (const unsigned long *)uvcb->inst_calls_list);
}

/**
 * uvdevice_query() - Ask the Ultravisor which calls it has for this system
 *
 * The kernel's own copy of the answer is filled only if the kernel was built
 * with KVM, and the module of a guest has to work without it.  The answer does
 * not change while the system runs, so asking once is enough.
 *
 * An Ultravisor that knows more than the control block has room for says so
 * with UVDEVICE_RC_MORE_DATA; the list of calls is valid in that case, too.  If it
 * refuses to tell, or is busy for too long, nothing in the list counts: all
 * requests remain usable, their calls are just not announced.
 *
 * Return: 0, or -EINTR if a fatal signal ended the wait for a busy Ultravisor
 */
int __init uvdevice_query(void)
{
	struct uv_cb_qui uvcb = {
		.header.len = sizeof(uvcb),
		.header.cmd = UVC_CMD_QUI,
	};
	unsigned int nr;
	int bit, ret;

	ret = uvdevice_call_for(&uvcb.header, QUERY_LIMIT);
	if (ret == -EBUSY) {
		pr_warn("uvdevice: query of the Ultravisor failed: it is busy\n");
		return 0;
	}
	if (ret)
		return ret;
	if (uvcb.header.rc != UVC_RC_EXECUTED &&
	    uvcb.header.rc != UVDEVICE_RC_MORE_DATA) {
		pr_warn("uvdevice: query of the Ultravisor failed (rc: 0x%x, rrc: 0x%x)\n",
			uvcb.header.rc, uvcb.header.rrc);
		return 0;
	}

	for (nr = 0; nr < UVDEVICE_NR_REQUESTS; nr++) {
		bit = uvdevice_requests[nr].uvc_bit;
		if (bit != UVDEVICE_NO_UVC && uvc_installed(&uvcb, bit))
			uvdev_info.supp_uv_cmds |= BIT_ULL(nr);
	}
	return 0;
}

/**
 * uvdevice_info() - UVIO_IOCTL_UVDEV_INFO
 * @cb: control block; the argument is a struct uvio_uvdev_info, which user
 *	space may have made longer than the one known here
 *
 * Does not call the Ultravisor; uv_rc says "executed", uv_rrc stays.
 *
 * Return: in the order of the checks,
 *
 * * -EINVAL: argument_len is too small
 * * -EFAULT: the argument cannot be written
 * * 0: done
 */
int uvdevice_info(struct uvio_ioctl_cb *cb)
{
	if (cb->argument_len < sizeof(uvdev_info))
		return -EINVAL;
	if (copy_to_user(u64_to_user_ptr(cb->argument_addr), &uvdev_info,
			 sizeof(uvdev_info)))
		return -EFAULT;
	cb->uv_rc = UVC_RC_EXECUTED;
	return 0;
}
