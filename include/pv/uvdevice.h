/* SPDX-License-Identifier: MIT */
/*
 * The ioctl interface of /dev/uv, for programs that are also built where the
 * kernel's <asm/uvdevice.h> does not exist.  Host byte order (the device exists
 * on s390x only), numbers and layouts as in the kernel's UAPI.
 */
#ifndef PV_UVDEVICE_H
#define PV_UVDEVICE_H

#include "types.h"

/**
 * struct pv_uvio_cb - control block of every ioctl
 * @flags: must be zero
 * @uv_rc: out, response code of the Ultravisor
 * @uv_rrc: out, return-reason code
 * @argument_addr: user address of the argument
 * @argument_len: its size in bytes
 */
struct pv_uvio_cb {
	uint32_t flags;
	uint16_t uv_rc;
	uint16_t uv_rrc;
	uint64_t argument_addr;
	uint32_t argument_len;
	uint8_t reserved14[44];
};

PV_ASSERT_SIZE(struct pv_uvio_cb, 0x40);

/**
 * struct pv_uvio_info - argument of PV_UVIO_INFO
 * @supp_uvio_cmds: bit n (counted from the right): the driver has ioctl n
 * @supp_uv_cmds: bit n: the Ultravisor has the call behind ioctl n
 */
struct pv_uvio_info {
	uint64_t supp_uvio_cmds;
	uint64_t supp_uv_cmds;
};

PV_ASSERT_SIZE(struct pv_uvio_info, 16);

/** struct pv_uvio_attest - argument of PV_UVIO_ATT */
struct pv_uvio_attest {
	uint64_t arcb_addr;
	uint64_t meas_addr;
	uint64_t add_data_addr;
	uint8_t user_data[256];			/* 0x18 */
	uint8_t config_uid[16];			/* 0x118 */
	uint32_t arcb_len;
	uint32_t meas_len;
	uint32_t add_data_len;			/* 0x130 */
	uint16_t user_data_len;
	uint16_t reserved136;
};

PV_ASSERT_SIZE(struct pv_uvio_attest, 0x138);

enum pv_uvio_nr {
	PV_UVIO_NR_INFO		= 0,
	PV_UVIO_NR_ATT		= 1,
	PV_UVIO_NR_ADD_SECRET	= 2,
	PV_UVIO_NR_LIST_SECRETS	= 3,
	PV_UVIO_NR_LOCK_SECRETS	= 4,
	PV_UVIO_NR_RETR_SECRET	= 5,
};

/* _IOWR('u', nr, struct pv_uvio_cb) */
#define PV_UVIO_CMD(nr)		(0xc0407500u + (nr))
#define PV_UVIO_INFO		PV_UVIO_CMD(PV_UVIO_NR_INFO)
#define PV_UVIO_ATT		PV_UVIO_CMD(PV_UVIO_NR_ATT)
#define PV_UVIO_ADD_SECRET	PV_UVIO_CMD(PV_UVIO_NR_ADD_SECRET)
#define PV_UVIO_LIST_SECRETS	PV_UVIO_CMD(PV_UVIO_NR_LIST_SECRETS)
#define PV_UVIO_LOCK_SECRETS	PV_UVIO_CMD(PV_UVIO_NR_LOCK_SECRETS)
#define PV_UVIO_RETR_SECRET	PV_UVIO_CMD(PV_UVIO_NR_RETR_SECRET)

#define PV_UVIO_ATT_ARCB_MAX		0x100000
#define PV_UVIO_ATT_MEASUREMENT_MAX	0x8000
#define PV_UVIO_ATT_ADDITIONAL_MAX	0x8000

/*
 * Arguments: ADD_SECRET, a request.  LIST_SECRETS, whole pages that get a
 * struct pv_secret_list and its entries; drivers of kernels before 6.13 take one
 * page only.  LOCK_SECRETS, none.  RETR_SECRET, a buffer with the index in its
 * first two bytes (host byte order) that gets the object.
 */
#define PV_UVIO_ADD_SECRET_MAX		0x100000
#define PV_UVIO_LIST_SECRETS_UNIT	0x1000
#define PV_UVIO_RETR_SECRET_MAX		0x2000

#endif /* PV_UVDEVICE_H */
