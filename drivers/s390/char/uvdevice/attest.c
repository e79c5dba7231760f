// SPDX-License-Identifier: GPL-2.0
/*
 * UVIO_IOCTL_ATT: retrieve an attestation measurement.
 *
 * The attestation request (ARCB) is sealed for the Ultravisor, and so is what
 * the measurement is made with: none of the memory used here holds a secret.
 */
#include <linux/align.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "uvdevice.h"

/* The user data field is as large as the Ultravisor's, and so is the UID's. */
static_assert(sizeof_field(struct uvio_attest, user_data) ==
	      sizeof_field(struct uv_cb_attest, user_data));
static_assert(sizeof_field(struct uvio_attest, config_uid) ==
	      sizeof_field(struct uv_cb_attest, config_uid));

/**
 * struct attest_call - all that the Ultravisor reads and writes for one call
 * @uvcb: control block of the call; arcb_addr, meas_addr and add_data_addr are
 *	virtual addresses within @data
 * @data: measurement, additional data and ARCB, each on a doubleword
 */
struct attest_call {
	struct uv_cb_attest uvcb;
	u8 data[];
};

#define ATTEST_ALIGN	8

static int get_args(struct uvio_attest *args,
		    const struct uvio_attest __user *uargs, u32 len)
{
	if (len != sizeof(*args))
		return -EINVAL;
	if (copy_from_user(args, uargs, sizeof(*args)))
		return -EFAULT;
	if (!args->arcb_len || args->arcb_len > UVIO_ATT_ARCB_MAX_LEN)
		return -EINVAL;
	if (!args->meas_len || args->meas_len > UVIO_ATT_MEASUREMENT_MAX_LEN)
		return -EINVAL;
	if (args->add_data_len > UVIO_ATT_ADDITIONAL_MAX_LEN)
		return -EINVAL;
	if (args->reserved136)
		return -EINVAL;
	return 0;
}

/*
 * One allocation serves the whole call, and is charged to the caller, who holds
 * it for as long as the Ultravisor is busy.  The results start as zeros, because
 * user space gets them even if the Ultravisor stores nothing; the ARCB comes
 * last, so that what the user's bytes overwrite is not cleared before.
 */
static struct attest_call *alloc_call(const struct uvio_attest *args)
{
	size_t meas = ALIGN(args->meas_len, ATTEST_ALIGN);
	size_t results = meas + ALIGN(args->add_data_len, ATTEST_ALIGN);
	struct attest_call *call;
	struct uv_cb_attest *uvcb;

	call = kvmalloc(sizeof(*call) + results + args->arcb_len,
			GFP_KERNEL_ACCOUNT);
	if (!call)
		return NULL;
	memset(call, 0, sizeof(*call) + results);
	uvcb = &call->uvcb;
	uvcb->header.len = sizeof(*uvcb);
	uvcb->header.cmd = UVC_CMD_RETR_ATTEST;
	uvcb->arcb_addr = (u64)(call->data + results);
	uvcb->user_data_len = args->user_data_len;
	memcpy(uvcb->user_data, args->user_data, sizeof(uvcb->user_data));
	uvcb->meas_len = args->meas_len;
	uvcb->meas_addr = (u64)call->data;
	if (args->add_data_len) {
		uvcb->add_data_len = args->add_data_len;
		uvcb->add_data_addr = (u64)(call->data + meas);
	}
	return call;
}

/*
 * The lengths that limit the copies are those of @args, the only ones that the
 * buffers were made for: what the Ultravisor left in its control block is data.
 */
static int put_results(const struct attest_call *call,
		       const struct uvio_attest *args,
		       struct uvio_attest __user *uargs)
{
	const struct uv_cb_attest *uvcb = &call->uvcb;
	const u8 *add_data = call->data + ALIGN(args->meas_len, ATTEST_ALIGN);

	if (copy_to_user(u64_to_user_ptr(args->meas_addr), call->data,
			 args->meas_len))
		return -EFAULT;
	if (args->add_data_len &&
	    copy_to_user(u64_to_user_ptr(args->add_data_addr), add_data,
			 args->add_data_len))
		return -EFAULT;
	if (put_user(min(uvcb->add_data_len, args->add_data_len),
		     &uargs->add_data_len))
		return -EFAULT;
	if (copy_to_user(uargs->config_uid, uvcb->config_uid,
			 sizeof(uvcb->config_uid)))
		return -EFAULT;
	return 0;
}

/**
 * uvdevice_attest() - UVIO_IOCTL_ATT
 * @cb: control block; the argument is a struct uvio_attest
 *
 * The Ultravisor judges the request itself, its length included, and the length
 * of the user data; its answer is in uv_rc and uv_rrc.  Measurement, additional
 * data, additional data length and configuration UID are stored for every
 * answer.  They are zero where the Ultravisor stored nothing, the length is then
 * the one asked with.  The length is part of the measured data, therefore user
 * space gets the Ultravisor's, limited by the size of the user's buffer.
 *
 * Return: in the order of the checks,
 *
 * * -EINVAL: argument_len is not the size of struct uvio_attest
 * * -EFAULT: the argument cannot be read
 * * -EINVAL: arcb_len is 0 or larger than UVIO_ATT_ARCB_MAX_LEN
 * * -EINVAL: meas_len is 0 or larger than UVIO_ATT_MEASUREMENT_MAX_LEN
 * * -EINVAL: add_data_len is larger than UVIO_ATT_ADDITIONAL_MAX_LEN
 * * -EINVAL: reserved136 is not 0
 * * -ENOMEM: no memory
 * * -EFAULT: the ARCB cannot be read
 * * -EINTR: a fatal signal ended the wait for a busy Ultravisor
 * * -EFAULT: the measurement, the additional data (if add_data_len is not 0),
 *   its length, or the configuration UID cannot be written, in this order
 * * 0: the Ultravisor has answered
 */
int uvdevice_attest(struct uvio_ioctl_cb *cb)
{
	struct uvio_attest __user *uargs = u64_to_user_ptr(cb->argument_addr);
	struct attest_call *call;
	struct uvio_attest args;
	int ret;

	ret = get_args(&args, uargs, cb->argument_len);
	if (ret)
		return ret;
	call = alloc_call(&args);
	if (!call)
		return -ENOMEM;

	ret = -EFAULT;
	if (copy_from_user((void *)call->uvcb.arcb_addr,
			   u64_to_user_ptr(args.arcb_addr), args.arcb_len))
		goto out_free;
	ret = uvdevice_call(&call->uvcb.header);
	if (ret)
		goto out_free;
	cb->uv_rc = call->uvcb.header.rc;
	cb->uv_rrc = call->uvcb.header.rrc;
	ret = put_results(call, &args, uargs);
out_free:
	kvfree(call);
	return ret;
}
