// SPDX-License-Identifier: GPL-2.0
/*
 * The device /dev/uv and its dispatcher.
 *
 * Every request is an ioctl on a control block (struct uvio_ioctl_cb) that
 * points to the argument of the request.  What the dispatcher checks is the
 * same for all of them; what follows is the matter of the request's own file.
 */
#include <linux/cpufeature.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/nospec.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "uvdevice.h"

const struct uvdevice_request uvdevice_requests[UVDEVICE_NR_REQUESTS] = {
	[UVIO_IOCTL_UVDEV_INFO_NR] = { uvdevice_info, UVDEVICE_NO_UVC },
	[UVIO_IOCTL_ATT_NR] = { uvdevice_attest, BIT_UVC_CMD_RETR_ATTEST },
	[UVIO_IOCTL_ADD_SECRET_NR] = {
		uvdevice_add_secret, BIT_UVC_CMD_ADD_SECRET
	},
	[UVIO_IOCTL_LIST_SECRETS_NR] = {
		uvdevice_list_secrets, BIT_UVC_CMD_LIST_SECRETS
	},
	[UVIO_IOCTL_LOCK_SECRETS_NR] = {
		uvdevice_lock_secrets, BIT_UVC_CMD_LOCK_SECRETS
	},
	[UVDEVICE_RETRIEVE_NR] = {
		uvdevice_retrieve_secret, UVDEVICE_UVC_RETRIEVE_BIT
	},
};

/* NULL unless direction, type, number and size are those of a request. */
static const struct uvdevice_request *find_request(unsigned int cmd)
{
	unsigned int nr = _IOC_NR(cmd);

	if (nr >= UVDEVICE_NR_REQUESTS || cmd != UVIO_IOCTL(nr))
		return NULL;
	nr = array_index_nospec(nr, UVDEVICE_NR_REQUESTS);
	return &uvdevice_requests[nr];
}

static int get_control_block(struct uvio_ioctl_cb *cb,
			     const struct uvio_ioctl_cb __user *ucb)
{
	if (copy_from_user(cb, ucb, sizeof(*cb)))
		return -EFAULT;
	if (cb->flags)
		return -EINVAL;
	if (memchr_inv(cb->reserved14, 0, sizeof(cb->reserved14)))
		return -EINVAL;
	return 0;
}

/**
 * uvdevice_ioctl() - Carry out one request
 * @file: not used, the device has no state of its own
 * @cmd: ioctl number, UVIO_IOCTL(nr)
 * @arg: user address of the control block
 *
 * An error of the Ultravisor is no error of the ioctl: it is reported in uv_rc
 * and uv_rrc of the control block.  A negative return value leaves the control
 * block alone, unless it is what cannot be written.
 *
 * Return: in the order of the checks,
 *
 * * -ENOTTY: no such request
 * * -EFAULT: the control block cannot be read
 * * -EINVAL: flags is not zero
 * * -EINVAL: a reserved byte is not zero
 * * the errors of the request
 * * -EFAULT: the control block cannot be written; the request was carried out
 * * 0: the Ultravisor has answered
 */
static long uvdevice_ioctl(struct file *file, unsigned int cmd,
			   unsigned long arg)
{
	struct uvio_ioctl_cb __user *ucb = (struct uvio_ioctl_cb __user *)arg;
	const struct uvdevice_request *request;
	struct uvio_ioctl_cb cb;
	int ret;

	request = find_request(cmd);
	if (!request)
		return -ENOTTY;
	ret = get_control_block(&cb, ucb);
	if (ret)
		return ret;
	ret = request->run(&cb);
	if (ret)
		return ret;
	if (copy_to_user(ucb, &cb, sizeof(cb)))
		return -EFAULT;
	return 0;
}

static const struct file_operations uvdevice_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = uvdevice_ioctl,
};

static struct miscdevice uvdevice_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = UVIO_DEVICE_NAME,
	.fops = &uvdevice_fops,
};

static int __init uvdevice_init(void)
{
	int ret;

	ret = uvdevice_query();
	if (ret)
		return ret;
	return misc_register(&uvdevice_misc);
}

static void __exit uvdevice_exit(void)
{
	misc_deregister(&uvdevice_misc);
}

/* Loads, and is loaded automatically, only where the facility is (158). */
module_cpu_feature_match(S390_CPU_FEATURE_UV, uvdevice_init);
module_exit(uvdevice_exit);

MODULE_DESCRIPTION("Requests of user space to the Ultravisor");
MODULE_LICENSE("GPL");
