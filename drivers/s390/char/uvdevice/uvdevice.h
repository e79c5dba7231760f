/* SPDX-License-Identifier: GPL-2.0 */
/*
 * uvdevice: requests of user space to the Ultravisor, through /dev/uv.
 */
#ifndef _UVDEVICE_H
#define _UVDEVICE_H

#include <linux/types.h>

#include "uvc.h"

/**
 * struct uvdevice_request - one ioctl request of the device
 * @run: carries the request out.  It gets the kernel's copy of the control
 *	block, already checked, and stores the answer of the Ultravisor in
 *	uv_rc and uv_rrc.  Returns 0 if there is such an answer, whatever it
 *	says, or a negative error code; in that case user space does not get
 *	the control block back.
 * @uvc_bit: bit of the Ultravisor call behind the request in the list of
 *	installed calls (BIT_UVC_CMD_*), or UVDEVICE_NO_UVC
 */
struct uvdevice_request {
	int (*run)(struct uvio_ioctl_cb *cb);
	int uvc_bit;
};

#define UVDEVICE_NO_UVC		(-1)
#define UVDEVICE_NR_REQUESTS	(UVDEVICE_RETRIEVE_NR + 1)

/* Indexed by the number of the ioctl; adding a request is adding a row. */
extern const struct uvdevice_request uvdevice_requests[UVDEVICE_NR_REQUESTS];

int uvdevice_call(struct uv_cb_header *uvcb);
int uvdevice_call_for(struct uv_cb_header *uvcb, unsigned long limit);

int uvdevice_query(void);
int uvdevice_info(struct uvio_ioctl_cb *cb);
int uvdevice_attest(struct uvio_ioctl_cb *cb);
int uvdevice_add_secret(struct uvio_ioctl_cb *cb);
int uvdevice_list_secrets(struct uvio_ioctl_cb *cb);
int uvdevice_lock_secrets(struct uvio_ioctl_cb *cb);
int uvdevice_retrieve_secret(struct uvio_ioctl_cb *cb);

#endif /* _UVDEVICE_H */
