/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Retrieval of secrets, and continuation of their list: what <asm/uv.h> and
 * <asm/uvdevice.h> have since Linux 6.13 only. The names are the driver's own,
 * so that these definitions are the same in every kernel.
 */
#ifndef _UVDEVICE_UVC_H
#define _UVDEVICE_UVC_H

#include <linux/types.h>
#include <asm/uv.h>
#include <asm/uvdevice.h>

/* UVIO_IOCTL_RETR_SECRET */
#define UVDEVICE_RETRIEVE_NR		(UVIO_IOCTL_LOCK_SECRETS_NR + 1)
#define UVDEVICE_RETRIEVE_MAX_LEN	0x2000

#define UVDEVICE_UVC_RETRIEVE		0x1035
#define UVDEVICE_UVC_RETRIEVE_BIT	33

/* Response to a query or a list of which there is more. */
#define UVDEVICE_RC_MORE_DATA		0x0100

struct uvdevice_uvcb_list {
	struct uv_cb_header header;
	u64 reserved08[2];
	u8 reserved18[6];
	u16 start_idx;				/* 0x1e */
	u64 list_addr;
	u64 reserved28[4];
} __packed __aligned(8);

struct uvdevice_uvcb_retrieve {
	struct uv_cb_header header;
	u64 reserved08[2];
	u16 secret_idx;				/* 0x18 */
	u16 reserved1a;
	u32 buf_size;
	u64 buf_addr;				/* 0x20 */
	u64 reserved28[4];
} __packed __aligned(8);

#endif /* _UVDEVICE_UVC_H */
