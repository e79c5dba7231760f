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

/* Linux before 6.5 */
#ifndef UVIO_IOCTL_ADD_SECRET
#define UVIO_IOCTL_ADD_SECRET_NR	2
#define UVIO_IOCTL_LIST_SECRETS_NR	3
#define UVIO_IOCTL_LOCK_SECRETS_NR	4
#define UVIO_IOCTL_ADD_SECRET	UVIO_IOCTL(UVIO_IOCTL_ADD_SECRET_NR)
#define UVIO_IOCTL_LIST_SECRETS	UVIO_IOCTL(UVIO_IOCTL_LIST_SECRETS_NR)
#define UVIO_IOCTL_LOCK_SECRETS	UVIO_IOCTL(UVIO_IOCTL_LOCK_SECRETS_NR)
#define UVIO_ADD_SECRET_MAX_LEN	0x100000
#define UVIO_LIST_SECRETS_LEN	0x1000
#endif

/* Linux before 6.13 */
#ifndef UVIO_IOCTL_RETR_SECRET
#define UVIO_IOCTL_RETR_SECRET_NR	5
#define UVIO_IOCTL_RETR_SECRET	UVIO_IOCTL(UVIO_IOCTL_RETR_SECRET_NR)
#define UVIO_RETR_SECRET_MAX_LEN	0x2000
#endif

/* What a list of secrets consists of, in whole pages. */
struct uv_list_entry {
	__u16 index;
	__u16 type;
	__u32 size;
	__u64 reserved08;
	__u8 id[32];
};

struct uv_list {
	__u16 stored;
	__u16 total;
	__u16 next;
	__u8 reserved06[10];
	struct uv_list_entry entries[];
};

#define UV_LIST_PAGE_ENTRIES	85
/* No list can be longer. */
#define UV_LIST_MAX_PAGES	771

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
#define UV_RC_MORE_DATA		0x0100
#define UV_RC_LOCKED		0x0102
#define UV_RC_ADD_VERSION	0x0104
#define UV_RC_ADD_SIZE		0x0105
#define UV_RC_ADD_NR_SLOTS	0x0106
#define UV_RC_ADD_FLAGS		0x0107
#define UV_RC_ADD_UNSEAL	0x0108
#define UV_RC_ADD_TYPE		0x0109
#define UV_RC_ADD_SECRET_SIZE	0x010a
#define UV_RC_ADD_STORE_FULL	0x010b
#define UV_RC_ADD_NOT_FOR_GUEST	0x010c
#define UV_RC_RETR_BUFFER	0x0109
#define UV_RC_RETR_EMPTY	0x010f
#define UV_RC_RETR_INDEX	0x0110
#define UV_RC_RETR_TYPE		0x0111

#endif /* PV_SELFTEST_UV_IOCTL_H */
