/* SPDX-License-Identifier: GPL-2.0 */
/*
 * <asm/uvdevice.h>, with what headers before Linux 6.5 do not have.
 */
#ifndef PV_SELFTEST_UV_IOCTL_H
#define PV_SELFTEST_UV_IOCTL_H

#include <sys/ioctl.h>

#include <asm/uvdevice.h>

#ifndef UVIO_IOCTL_UVDEV_INFO

struct uvio_uvdev_info {
	__u64 supp_uvio_cmds;
	__u64 supp_uv_cmds;
};

#define UVIO_IOCTL_UVDEV_INFO_NR	0
#define UVIO_IOCTL_ATT_NR		1
#define UVIO_IOCTL(nr)		_IOWR(UVIO_TYPE_UVC, nr, struct uvio_ioctl_cb)
#define UVIO_IOCTL_UVDEV_INFO	UVIO_IOCTL(UVIO_IOCTL_UVDEV_INFO_NR)

#endif /* UVIO_IOCTL_UVDEV_INFO */

#define UV_PATH			"/dev/uv"

/* Answers of the Ultravisor (uv_rc) */
#define UV_RC_EXECUTED		0x0001
#define UV_RC_NO_CALL		0x0002
#define UV_RC_ATT_USER_DATA	0x0102
#define UV_RC_ATT_VERSION	0x0106
#define UV_RC_ATT_REQUEST_SIZE	0x0107
#define UV_RC_ATT_NR_SLOTS	0x0108
#define UV_RC_ATT_AREA_SIZE	0x0109
#define UV_RC_ATT_FLAGS		0x010a
#define UV_RC_ATT_ALGORITHM	0x010b
#define UV_RC_ATT_UNSEAL	0x010c
#define UV_RC_ATT_MEASUREMENT	0x010d
#define UV_RC_ATT_ADDITIONAL	0x010e

#endif /* PV_SELFTEST_UV_IOCTL_H */
