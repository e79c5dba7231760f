/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Differences between kernel versions, and nothing but them.
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
};

#define UVIO_IOCTL(nr)		_IOWR(UVIO_TYPE_UVC, nr, struct uvio_ioctl_cb)
#define UVIO_IOCTL_UVDEV_INFO	UVIO_IOCTL(UVIO_IOCTL_UVDEV_INFO_NR)

#endif /* UVIO_IOCTL_UVDEV_INFO */

/* Linux before 6.13 */
#ifndef UVC_RC_MORE_DATA
#define UVC_RC_MORE_DATA	0x0100
#endif

#endif /* _UVDEVICE_COMPAT_H */
