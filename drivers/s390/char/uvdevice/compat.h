/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Differences between kernel versions, and nothing but them: what the headers
 * of Linux before 6.12 lack. An external build puts it before every file, a
 * build inside of a kernel tree does not know it.
 *
 * Every name defined here is the one that newer kernels have in <asm/uv.h> or
 * <asm/uvdevice.h>, with the same value and layout, so that each block can go
 * away together with the last kernel that needs it.
 */
#ifndef _UVDEVICE_COMPAT_H
#define _UVDEVICE_COMPAT_H

#include <asm/uv.h>
#include <asm/uvdevice.h>

/* Linux before 6.5 knows one request only, UVIO_IOCTL_ATT. */
#ifndef UVIO_IOCTL_UVDEV_INFO

struct uvio_uvdev_info {
	__u64 supp_uvio_cmds;
	__u64 supp_uv_cmds;
};

enum UVIO_IOCTL_NR {
	UVIO_IOCTL_UVDEV_INFO_NR = 0x00,
	UVIO_IOCTL_ATT_NR,
	UVIO_IOCTL_ADD_SECRET_NR,
	UVIO_IOCTL_LIST_SECRETS_NR,
	UVIO_IOCTL_LOCK_SECRETS_NR,
};

#define UVIO_IOCTL(nr)		_IOWR(UVIO_TYPE_UVC, nr, struct uvio_ioctl_cb)
#define UVIO_IOCTL_UVDEV_INFO	UVIO_IOCTL(UVIO_IOCTL_UVDEV_INFO_NR)

#define UVIO_ADD_SECRET_MAX_LEN		0x100000
#define UVIO_LIST_SECRETS_LEN		0x1000

#endif /* UVIO_IOCTL_UVDEV_INFO */

/* ... and no call of the secret store. */
#ifndef UVC_CMD_ADD_SECRET

#define UVC_CMD_ADD_SECRET		0x1031
#define UVC_CMD_LIST_SECRETS		0x1033
#define UVC_CMD_LOCK_SECRETS		0x1034
#define BIT_UVC_CMD_ADD_SECRET		29
#define BIT_UVC_CMD_LIST_SECRETS	30
#define BIT_UVC_CMD_LOCK_SECRETS	31

struct uv_cb_guest_addr {
	struct uv_cb_header header;
	u64 reserved08[3];
	u64 addr;				/* 0x20 */
	u64 reserved28[4];
} __packed __aligned(8);

#endif /* UVC_CMD_ADD_SECRET */

#endif /* _UVDEVICE_COMPAT_H */
