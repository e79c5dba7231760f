// SPDX-License-Identifier: GPL-2.0
/*
 * The secret store of a guest: UVIO_IOCTL_ADD_SECRET, UVIO_IOCTL_LOCK_SECRETS
 * and UVIO_IOCTL_RETR_SECRET; its list is in secret_list.c.
 *
 * The store is the Ultravisor's.  Nothing of it is kept here, and what passes
 * through is wiped before its memory goes back to the kernel.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "uvdevice.h"

static_assert(sizeof(struct uv_cb_guest_addr) == 0x48);
static_assert(sizeof(struct uv_cb_nodata) == 0x40);
static_assert(sizeof(struct uvdevice_uvcb_retrieve) == 0x48);

/* The answer goes where user space looks for it. */
static int call(struct uvio_ioctl_cb *cb, struct uv_cb_header *uvcb)
{
	int ret = uvdevice_call(uvcb);

	if (ret)
		return ret;
	cb->uv_rc = uvcb->rc;
	cb->uv_rrc = uvcb->rrc;
	return 0;
}

/**
 * uvdevice_add_secret() - UVIO_IOCTL_ADD_SECRET
 * @cb: control block; the argument is an add-secret request (ASRCB)
 *
 * The Ultravisor judges the request, its length included.  The argument is not
 * written.  The secret in it is sealed, the user data that came along are not,
 * so that they are wiped here.
 *
 * Return: in the order of the checks,
 *
 * * -EINVAL: argument_len is 0 or larger than UVIO_ADD_SECRET_MAX_LEN
 * * -ENOMEM: no memory
 * * -EFAULT: the argument cannot be read
 * * -EINTR: a fatal signal ended the wait for a busy Ultravisor
 * * 0: the Ultravisor has answered
 */
int uvdevice_add_secret(struct uvio_ioctl_cb *cb)
{
	struct uv_cb_guest_addr uvcb = {
		.header.len = sizeof(uvcb),
		.header.cmd = UVC_CMD_ADD_SECRET,
	};
	u32 len = cb->argument_len;
	void *asrcb;
	int ret;

	if (!len || len > UVIO_ADD_SECRET_MAX_LEN)
		return -EINVAL;
	asrcb = kvmalloc(len, GFP_KERNEL_ACCOUNT);
	if (!asrcb)
		return -ENOMEM;

	ret = -EFAULT;
	if (copy_from_user(asrcb, u64_to_user_ptr(cb->argument_addr), len))
		goto out_free;
	uvcb.addr = (u64)asrcb;
	ret = call(cb, &uvcb.header);
out_free:
	kvfree_sensitive(asrcb, len);
	return ret;
}

/**
 * uvdevice_lock_secrets() - UVIO_IOCTL_LOCK_SECRETS
 * @cb: control block; there is no argument
 *
 * Return: in the order of the checks,
 *
 * * -EINVAL: argument_addr or argument_len is not 0
 * * -EINTR: a fatal signal ended the wait for a busy Ultravisor
 * * 0: the Ultravisor has answered
 */
int uvdevice_lock_secrets(struct uvio_ioctl_cb *cb)
{
	struct uv_cb_nodata uvcb = {
		.header.len = sizeof(uvcb),
		.header.cmd = UVC_CMD_LOCK_SECRETS,
	};

	if (cb->argument_addr || cb->argument_len)
		return -EINVAL;
	return call(cb, &uvcb.header);
}

/*
 * Nobody wipes a buffer after an error: whatever the Ultravisor stored before
 * it refused must not get there.
 */
static int put_secret(const struct uvio_ioctl_cb *cb, void *buf)
{
	if (cb->uv_rc != UVC_RC_EXECUTED)
		memset(buf, 0, cb->argument_len);
	if (copy_to_user(u64_to_user_ptr(cb->argument_addr), buf,
			 cb->argument_len))
		return -EFAULT;
	return 0;
}

/**
 * uvdevice_retrieve_secret() - UVIO_IOCTL_RETR_SECRET
 * @cb: control block; the argument is a buffer for the secret, with its index
 *	in the first two bytes
 *
 * The index is read once and not looked at.  The whole argument is written for
 * every answer: the secret and zeros behind it, or, if the Ultravisor has not
 * executed the call, nothing but zeros.
 *
 * Return: in the order of the checks,
 *
 * * -EINVAL: argument_len is smaller than the index or larger than
 *   UVDEVICE_RETRIEVE_MAX_LEN
 * * -ENOMEM: no memory
 * * -EFAULT: the index cannot be read
 * * -EINTR: a fatal signal ended the wait for a busy Ultravisor
 * * -EFAULT: the argument cannot be written; its first part may have been
 * * 0: the Ultravisor has answered
 */
int uvdevice_retrieve_secret(struct uvio_ioctl_cb *cb)
{
	const u16 __user *index = u64_to_user_ptr(cb->argument_addr);
	struct uvdevice_uvcb_retrieve uvcb = {
		.header.len = sizeof(uvcb),
		.header.cmd = UVDEVICE_UVC_RETRIEVE,
		.buf_size = cb->argument_len,
	};
	u32 len = cb->argument_len;
	void *buf;
	int ret;

	if (len < sizeof(*index) || len > UVDEVICE_RETRIEVE_MAX_LEN)
		return -EINVAL;
	buf = kvzalloc(len, GFP_KERNEL_ACCOUNT);
	if (!buf)
		return -ENOMEM;

	ret = -EFAULT;
	if (copy_from_user(&uvcb.secret_idx, index, sizeof(*index)))
		goto out_free;
	uvcb.buf_addr = (u64)buf;
	ret = call(cb, &uvcb.header);
	if (ret)
		goto out_free;
	ret = put_secret(cb, buf);
out_free:
	kvfree_sensitive(buf, len);
	return ret;
}
