/* SPDX-License-Identifier: MIT */
/*
 * The Ultravisor call (UVC) ABI: commands, response codes, control blocks.
 *
 * Layouts and constants only.  Offsets are in bytes from the start of the
 * block; all integers are big-endian.  The names follow the ones that Linux
 * (arch/s390/include/asm/uv.h) and s390-tools use for the same things.
 */
#ifndef PV_UVC_H
#define PV_UVC_H

#include "types.h"

/* Opcode of UV CALL: format RRF, M3 and M4 must be zero. */
#define PV_UVC_OPCODE			0xb9a4

/* Facility bits (STFLE). */
#define PV_FACILITY_UVC			158
#define PV_FACILITY_UNPACK		161

/* Condition codes. */
#define PV_CC_OK			0
#define PV_CC_ERROR			1	/* final, rc tells more */
#define PV_CC_BUSY			2	/* repeat with the same block */
#define PV_CC_PARTIAL			3	/* repeat with the same block */

/* Commands. */
#define PV_CMD_QUI			0x0001	/* query Ultravisor information */
#define PV_CMD_QUERY_KEYS		0x0002
#define PV_CMD_INIT_UV			0x000f
#define PV_CMD_CREATE_SEC_CONF		0x0100
#define PV_CMD_DESTROY_SEC_CONF		0x0101
#define PV_CMD_DESTROY_SEC_CONF_FAST	0x0102
#define PV_CMD_CREATE_SEC_CPU		0x0120
#define PV_CMD_DESTROY_SEC_CPU		0x0121
#define PV_CMD_CONV_TO_SEC_STOR		0x0200
#define PV_CMD_CONV_FROM_SEC_STOR	0x0201
#define PV_CMD_DESTROY_SEC_STOR		0x0202
#define PV_CMD_VERIFY_LARGE_FRAME	0x0203
#define PV_CMD_SET_SEC_CONF_PARAMS	0x0300
#define PV_CMD_UNPACK_IMG		0x0301
#define PV_CMD_VERIFY_IMG		0x0302
#define PV_CMD_CPU_RESET		0x0310
#define PV_CMD_CPU_RESET_INITIAL	0x0311
#define PV_CMD_PREPARE_RESET		0x0320
#define PV_CMD_CPU_RESET_CLEAR		0x0321
#define PV_CMD_CPU_SET_STATE		0x0330
#define PV_CMD_SET_UNSHARE_ALL		0x0340
#define PV_CMD_PIN_PAGE_SHARED		0x0341
#define PV_CMD_UNPIN_PAGE_SHARED	0x0342
#define PV_CMD_DUMP_INIT		0x0400
#define PV_CMD_DUMP_CONF_STOR_STATE	0x0401
#define PV_CMD_DUMP_CPU			0x0402
#define PV_CMD_DUMP_COMPLETE		0x0403
#define PV_CMD_SET_SHARED_ACCESS	0x1000
#define PV_CMD_REMOVE_SHARED_ACCESS	0x1001
#define PV_CMD_RETR_ATTEST		0x1020
#define PV_CMD_ADD_SECRET		0x1031
#define PV_CMD_LIST_SECRETS		0x1033
#define PV_CMD_LOCK_SECRETS		0x1034
#define PV_CMD_RETR_SECRET		0x1035

/* Installed-calls bits of a query response (bit 0 is leftmost). */
#define PV_CALL_QUI			0
#define PV_CALL_INIT_UV			1
#define PV_CALL_CREATE_SEC_CONF		2
#define PV_CALL_DESTROY_SEC_CONF	3
#define PV_CALL_CREATE_SEC_CPU		4
#define PV_CALL_DESTROY_SEC_CPU		5
#define PV_CALL_CONV_TO_SEC_STOR	6
#define PV_CALL_CONV_FROM_SEC_STOR	7
#define PV_CALL_SET_SHARED_ACCESS	8
#define PV_CALL_REMOVE_SHARED_ACCESS	9
#define PV_CALL_SET_SEC_CONF_PARAMS	11
#define PV_CALL_DESTROY_SEC_STOR	12
#define PV_CALL_UNPACK_IMG		13
#define PV_CALL_VERIFY_IMG		14
#define PV_CALL_CPU_RESET		15
#define PV_CALL_CPU_RESET_INITIAL	16
#define PV_CALL_CPU_SET_STATE		17
#define PV_CALL_PREPARE_RESET		18
#define PV_CALL_CPU_RESET_CLEAR		19
#define PV_CALL_SET_UNSHARE_ALL		20
#define PV_CALL_PIN_PAGE_SHARED		21
#define PV_CALL_UNPIN_PAGE_SHARED	22
#define PV_CALL_DESTROY_SEC_CONF_FAST	23
#define PV_CALL_DUMP_INIT		24
#define PV_CALL_DUMP_CONF_STOR_STATE	25
#define PV_CALL_DUMP_CPU		26
#define PV_CALL_DUMP_COMPLETE		27
#define PV_CALL_RETR_ATTEST		28
#define PV_CALL_ADD_SECRET		29
#define PV_CALL_LIST_SECRETS		30
#define PV_CALL_LOCK_SECRETS		31
#define PV_CALL_RETR_SECRET		33
#define PV_CALL_QUERY_KEYS		34

/* Response codes that every command can give. */
#define PV_RC_EXECUTED			0x0001
#define PV_RC_INV_CMD			0x0002	/* unknown, or not for this caller */
#define PV_RC_INV_STATE			0x0003
#define PV_RC_INV_LEN			0x0005
#define PV_RC_INV_GHANDLE		0x0020
#define PV_RC_INV_CHANDLE		0x0021
#define PV_RC_HOME_REAL_SPACE		0x0030	/* CR13 designates real space */
#define PV_RC_TRANSLATION		0x0031
#define PV_RC_INV_ABS			0x0032
#define PV_RC_MORE_DATA			0x0100	/* success, output area too small */

/**
 * struct pv_uvc_header - first 8 bytes of every control block
 * @len: length of the whole block in bytes, header included
 * @cmd: PV_CMD_*
 * @rc: response code, stored by the Ultravisor
 * @rrc: return-reason code, stored by the Ultravisor
 */
struct pv_uvc_header {
	pv_be16 len;
	pv_be16 cmd;
	pv_be16 rc;
	pv_be16 rrc;
};

PV_ASSERT_SIZE(struct pv_uvc_header, 8);

/**
 * struct pv_uvcb_qui - query Ultravisor information (0x0001)
 *
 * Any length of at least PV_QUI_MIN_LEN is accepted; the Ultravisor stores what
 * fits.  Fields of the host's view are zero in a guest and the other way round.
 */
struct pv_uvcb_qui {
	struct pv_uvc_header header;
	uint8_t reserved08[8];
	pv_be64 inst_calls_list[4];		/* 0x10 */
	uint8_t reserved30[16];
	pv_be64 uv_base_stor_len;		/* 0x40 */
	uint8_t reserved48[8];
	pv_be64 conf_base_phys_stor_len;	/* 0x50 */
	pv_be64 conf_base_virt_stor_len;
	pv_be64 conf_virt_var_stor_len;		/* 0x60, per MiB of guest storage */
	pv_be64 cpu_stor_len;
	uint8_t reserved70[12];
	pv_be32 max_num_sec_conf;		/* 0x7c */
	pv_be64 max_guest_stor_addr;		/* 0x80 */
	uint8_t reserved88[22];
	pv_be16 max_guest_cpu_id;		/* 0x9e */
	pv_be64 uv_feature_indications;		/* 0xa0 */
	uint8_t reserveda8[8];
	pv_be64 supp_se_hdr_versions;		/* 0xb0 */
	pv_be64 supp_se_hdr_pcf;
	uint8_t reservedc0[8];
	pv_be64 conf_dump_storage_state_len;	/* 0xc8 */
	pv_be64 conf_dump_finalize_len;
	uint8_t reservedd8[8];
	pv_be64 supp_att_req_hdr_ver;		/* 0xe0 */
	pv_be64 supp_att_pflags;
	uint8_t reservedf0[8];
	pv_be64 supp_add_secret_req_ver;	/* 0xf8 */
	pv_be64 supp_add_secret_pcf;		/* 0x100 */
	pv_be64 supp_secret_types;
	pv_be16 max_assoc_secrets;		/* 0x110 */
	pv_be16 max_retr_secrets;
	uint8_t reserved114[12];
};

PV_ASSERT_SIZE(struct pv_uvcb_qui, 0x120);
PV_ASSERT_OFFSET(struct pv_uvcb_qui, max_num_sec_conf, 0x7c);
PV_ASSERT_OFFSET(struct pv_uvcb_qui, max_guest_cpu_id, 0x9e);
PV_ASSERT_OFFSET(struct pv_uvcb_qui, supp_se_hdr_versions, 0xb0);
PV_ASSERT_OFFSET(struct pv_uvcb_qui, conf_dump_storage_state_len, 0xc8);
PV_ASSERT_OFFSET(struct pv_uvcb_qui, supp_att_req_hdr_ver, 0xe0);
PV_ASSERT_OFFSET(struct pv_uvcb_qui, supp_add_secret_req_ver, 0xf8);
PV_ASSERT_OFFSET(struct pv_uvcb_qui, max_assoc_secrets, 0x110);
#define PV_QUI_MIN_LEN			0xa8

/**
 * struct pv_uvcb_query_keys - query Ultravisor keys (0x0002)
 * @key_hashes: 0 = host key, 1 = backup host key, others zero
 */
struct pv_uvcb_query_keys {
	struct pv_uvc_header header;
	uint8_t reserved08[24];
	uint8_t key_hashes[15][32];		/* 0x20 */
};

PV_ASSERT_SIZE(struct pv_uvcb_query_keys, 0x200);

/**
 * struct pv_uvcb_set_params - set secure configuration parameters (0x0300)
 * @guest_handle: configuration
 * @header_addr: home-space virtual address of the SE header
 * @header_len: bytes of it
 */
struct pv_uvcb_set_params {
	struct pv_uvc_header header;
	uint8_t reserved08[16];
	pv_be64 guest_handle;			/* 0x18 */
	pv_be64 header_addr;
	pv_be32 header_len;			/* 0x28 */
	uint8_t reserved2c[36];
};

PV_ASSERT_SIZE(struct pv_uvcb_set_params, 0x50);

#define PV_RC_PARAMS_ACCESS		0x0103
#define PV_RC_PARAMS_VERSION		0x0104
#define PV_RC_PARAMS_PCF		0x0106
#define PV_RC_PARAMS_SLOT		0x0108
#define PV_RC_PARAMS_SCF		0x0109
#define PV_RC_PARAMS_HEADER		0x010a
#define PV_RRC_PARAMS_VERSION		0x0001
#define PV_RRC_PARAMS_PCF		0x0030
#define PV_RRC_PARAMS_SLOT_NO_MATCH	0x0005
#define PV_RRC_PARAMS_SLOT_BAD_POINT	0x000b
#define PV_RRC_PARAMS_SLOT_NO_BACKUP	0x0034
#define PV_RRC_PARAMS_HEADER_SIZE	0x0031
#define PV_RRC_PARAMS_HEADER_ENCRYPTED	0x0039
#define PV_RRC_PARAMS_HEADER_NO_SLOTS	0x0040
/* Ours: what a real machine says to a tag that does not fit is not public. */
#define PV_RRC_PARAMS_TAG		0x00ff

/**
 * struct pv_uvcb_unpack - unpack one page of a component (0x0301)
 * @guest_handle: configuration
 * @gaddr: guest absolute address of the page
 * @tweak: prefix of the component, then byte offset of the page in it
 */
struct pv_uvcb_unpack {
	struct pv_uvc_header header;
	uint8_t reserved08[16];
	pv_be64 guest_handle;			/* 0x18 */
	pv_be64 gaddr;
	pv_be64 tweak[2];			/* 0x28 */
	uint8_t reserved38[24];
};

PV_ASSERT_SIZE(struct pv_uvcb_unpack, 0x50);
/* The last one is ours. */
#define PV_RC_UNPACK_ADDR		0x0103	/* not a page of the guest */
#define PV_RC_UNPACK_NOT_MAPPED		0x010a
#define PV_RC_UNPACK_OWNED		0x01f2	/* the page belongs to somebody */

/**
 * struct pv_uvcb_verify - compare what was unpacked with the header (0x0302)
 * @guest_handle: configuration
 */
struct pv_uvcb_verify {
	struct pv_uvc_header header;
	uint8_t reserved08[16];
	pv_be64 guest_handle;			/* 0x18 */
	uint8_t reserved20[32];
};

PV_ASSERT_SIZE(struct pv_uvcb_verify, 0x40);
#define PV_RC_VERIFY_MISMATCH		0x0102
#define PV_RRC_VERIFY_ADDRESSES		0x001a	/* address list digest */
#define PV_RRC_VERIFY_PAGES		0x001b	/* page list digest */
#define PV_RRC_VERIFY_TWEAKS		0x001c	/* tweak list digest */
#define PV_RRC_VERIFY_COUNT		0x001d	/* number of pages */

/**
 * struct pv_uvcb_init - initialize the Ultravisor (0x000f)
 * @stor_origin: absolute address of the storage donated; the low 20 bits are
 *	ignored
 * @stor_len: bytes of it; the low 12 bits are ignored
 */
struct pv_uvcb_init {
	struct pv_uvc_header header;
	uint8_t reserved08[16];
	pv_be64 stor_origin;			/* 0x18 */
	pv_be64 stor_len;
	uint8_t reserved28[32];
};

PV_ASSERT_SIZE(struct pv_uvcb_init, 0x48);

#define PV_INIT_ORIGIN_ALIGN		(UINT64_C(1) << 20)
#define PV_INIT_ORIGIN_MIN		(UINT64_C(1) << 31)

#define PV_RC_INIT_DONE			0x0101	/* already initialized */
#define PV_RC_INIT_CPUS			0x0102	/* another CPU is not stopped */
#define PV_RC_INIT_LEN			0x0103
#define PV_RC_INIT_ORIGIN		0x0104	/* not in storage */
#define PV_RC_INIT_END			0x0105	/* exceeds storage */
#define PV_RC_INIT_LOW			0x0108	/* below 2 GiB */

/**
 * struct pv_uvcb_create_conf - create secure configuration (0x0100)
 * @guest_handle: out
 * @conf_base_stor_origin: absolute address of the base storage
 * @conf_virt_stor_origin: home-space virtual address of the variable storage
 * @flags: PV_CONF_FLAG_*
 * @guest_stor_origin: where guest storage begins in the address space (MSO)
 * @guest_stor_len: bytes of guest storage
 * @guest_sca: absolute address of the extended system control area
 * @guest_asce: with which the configuration's CPUs run, private
 */
struct pv_uvcb_create_conf {
	struct pv_uvc_header header;
	uint8_t reserved08[16];
	pv_be64 guest_handle;			/* 0x18 */
	pv_be64 conf_base_stor_origin;
	pv_be64 conf_virt_stor_origin;
	uint8_t reserved30[6];
	pv_be16 flags;				/* 0x36 */
	pv_be64 guest_stor_origin;
	pv_be64 guest_stor_len;
	pv_be64 guest_sca;
	pv_be64 guest_asce;			/* 0x50 */
	uint8_t reserved58[40];
};

PV_ASSERT_SIZE(struct pv_uvcb_create_conf, 0x80);
PV_ASSERT_OFFSET(struct pv_uvcb_create_conf, flags, 0x36);
PV_ASSERT_OFFSET(struct pv_uvcb_create_conf, guest_asce, 0x50);

#define PV_CONF_FLAG_AP_INSTR		0x0001
#define PV_CONF_FLAG_AP_INTR		0x0002

#define PV_RC_CONF_ORIGIN		0x0101
#define PV_RC_CONF_END			0x0102
#define PV_RC_CONF_ASCE			0x0105	/* wrong bits, or in use */
#define PV_RC_CONF_BASE			0x0108	/* not available, or donated */
#define PV_RC_CONF_BASE_PREFIX		0x0109
#define PV_RC_CONF_NO_SCA		0x010c
#define PV_RC_CONF_SCA			0x010d
#define PV_RC_CONF_VIRT_PREFIX		0x010e
#define PV_RC_CONF_FULL			0x01f3	/* of our own range */
#define PV_RC_NEED_DESTROY		0x8000	/* flag: there is a handle */

/**
 * struct pv_uvcb_handle - a command with nothing but a handle
 *
 * Destroy configuration (0x0101), destroy CPU (0x0121), verify image, CPU
 * resets (0x0310, 0x0311, 0x0321), prepare for reset (0x0320), unshare all
 * (0x0340), initiate dump (0x0400).
 */
struct pv_uvcb_handle {
	struct pv_uvc_header header;
	uint8_t reserved08[16];
	pv_be64 handle;				/* 0x18 */
	uint8_t reserved20[32];
};

PV_ASSERT_SIZE(struct pv_uvcb_handle, 0x40);

/** struct pv_uvcb_destroy_fast - destroy configuration fast (0x0102) */
struct pv_uvcb_destroy_fast {
	struct pv_uvc_header header;
	uint8_t reserved08[16];
	pv_be64 handle;				/* 0x18 */
	uint8_t reserved20[40];
};

PV_ASSERT_SIZE(struct pv_uvcb_destroy_fast, 0x48);

/**
 * struct pv_uvcb_create_cpu - create secure CPU (0x0120)
 * @cpu_handle: out
 * @stor_origin: absolute address of the storage donated
 * @num: CPU number
 * @state_origin: absolute address of the state description
 */
struct pv_uvcb_create_cpu {
	struct pv_uvc_header header;
	uint8_t reserved08[16];
	pv_be64 cpu_handle;			/* 0x18 */
	pv_be64 guest_handle;
	pv_be64 stor_origin;
	uint8_t reserved30[6];
	pv_be16 num;				/* 0x36 */
	pv_be64 state_origin;
	uint8_t reserved40[32];
};

PV_ASSERT_SIZE(struct pv_uvcb_create_cpu, 0x60);
PV_ASSERT_OFFSET(struct pv_uvcb_create_cpu, num, 0x36);

#define PV_RC_CPU_NUMBER		0x0103
#define PV_RC_CPU_DEFINED		0x0104
#define PV_RC_CPU_STORAGE		0x0105	/* not accessible, or donated */
#define PV_RC_CPU_STORAGE_PREFIX	0x0106
#define PV_RC_CPU_STATE_BLOCK		0x0107
#define PV_RC_CPU_FULL			0x01f3	/* of our own range */

/**
 * struct pv_uvcb_guest_page - a command on a page of a guest
 * @gaddr: address in the space that the configuration's ASCE designates
 *
 * Convert to secure (0x0200), verify large frame (0x0203), unpin (0x0342).
 */
struct pv_uvcb_guest_page {
	struct pv_uvc_header header;
	uint8_t reserved08[16];
	pv_be64 guest_handle;			/* 0x18 */
	pv_be64 gaddr;
};

PV_ASSERT_SIZE(struct pv_uvcb_guest_page, 0x28);

/**
 * struct pv_uvcb_host_page - a command on a page of the host
 * @paddr: absolute address
 *
 * Convert from secure (0x0201), destroy page (0x0202), pin (0x0341).
 */
struct pv_uvcb_host_page {
	struct pv_uvc_header header;
	uint8_t reserved08[16];
	pv_be64 paddr;				/* 0x18 */
};

PV_ASSERT_SIZE(struct pv_uvcb_host_page, 0x20);

#define PV_RC_PAGE_GADDR		0x0103	/* not of the configuration */
#define PV_RC_PAGE_NOT_MAPPED		0x010a	/* repeat after faulting in */
#define PV_RC_PAGE_HOST			0x0107	/* no page, donated, not shared */
#define PV_RC_PAGE_INTEGRITY		0x01f1	/* of our own range, as the rest */
#define PV_RC_PAGE_TAKEN		0x01f2
#define PV_RC_PAGE_OWNER_LIVES		0x01f4

/**
 * struct pv_uvcb_cpu_set_state - set CPU state (0x0330)
 * @state: PV_CPU_STATE_*
 */
struct pv_uvcb_cpu_set_state {
	struct pv_uvc_header header;
	uint8_t reserved08[16];
	pv_be64 cpu_handle;			/* 0x18 */
	uint8_t reserved20[7];
	uint8_t state;				/* 0x27 */
	uint8_t reserved28[40];
};

PV_ASSERT_SIZE(struct pv_uvcb_cpu_set_state, 0x50);
PV_ASSERT_OFFSET(struct pv_uvcb_cpu_set_state, state, 0x27);

#define PV_CPU_STATE_OPERATING		1
#define PV_CPU_STATE_STOPPED		2
#define PV_CPU_STATE_CHECK_STOP		3
#define PV_CPU_STATE_LOAD		5	/* load the PSW and operate */

#define PV_RC_CPU_STATE			0x0101

/**
 * struct pv_uvcb_dump - storage state (0x0401), CPU state (0x0402), completion
 *	data (0x0403) of a dump
 * @handle: of the configuration; 0x0402: of the CPU
 * @area_addr: home-space virtual address of the area that gets it; how long
 *	that must be the query tells
 * @gaddr: 0x0401: guest absolute address of the MiB
 */
struct pv_uvcb_dump {
	struct pv_uvc_header header;
	uint8_t reserved08[16];
	pv_be64 handle;				/* 0x18 */
	pv_be64 area_addr;
	pv_be64 gaddr;				/* 0x28 */
	uint8_t reserved30[32];
};

PV_ASSERT_SIZE(struct pv_uvcb_dump, 0x50);
PV_ASSERT_OFFSET(struct pv_uvcb_dump, gaddr, 0x28);

/* What a real machine says is not public. */
#define PV_RC_DUMP_NOT_ALLOWED		0x0101
#define PV_RC_DUMP_ACCESS		0x0102
#define PV_RC_DUMP_GADDR		0x0103

/**
 * struct pv_uvcb_share - set (0x1000) or remove (0x1001) shared access
 * @paddr: guest absolute address of the 4 KiB page
 */
struct pv_uvcb_share {
	struct pv_uvc_header header;
	uint8_t reserved08[24];
	pv_be64 paddr;				/* 0x20 */
	uint8_t reserved28[8];
};

PV_ASSERT_SIZE(struct pv_uvcb_share, 0x30);
#define PV_RC_SHARE_INV_ADDR		0x0101

#define PV_ATTEST_USER_DATA_MAX		256

/**
 * struct pv_uvcb_attest - retrieve attestation measurement (0x1020)
 * @arcb_addr: home-space virtual address of the request (its length is inside)
 * @cont_token: must be zero
 * @user_data_len: bytes of @user_data that take part, at most 256
 * @meas_len: size of the measurement area
 * @meas_addr: home-space virtual address of the measurement area
 * @config_uid: out, identifies this instance of the guest
 * @add_data_len: in: size of the additional data area; out: bytes stored
 * @add_data_addr: home-space virtual address, unused when nothing is requested
 */
struct pv_uvcb_attest {
	struct pv_uvc_header header;
	uint8_t reserved08[16];
	pv_be64 arcb_addr;			/* 0x18 */
	pv_be64 cont_token;
	uint8_t reserved28[6];
	pv_be16 user_data_len;			/* 0x2e */
	uint8_t user_data[PV_ATTEST_USER_DATA_MAX];
	uint8_t reserved130[12];
	pv_be32 meas_len;			/* 0x13c */
	pv_be64 meas_addr;
	uint8_t config_uid[16];			/* 0x148 */
	uint8_t reserved158[4];
	pv_be32 add_data_len;			/* 0x15c */
	pv_be64 add_data_addr;
	uint8_t reserved168[32];
};

PV_ASSERT_SIZE(struct pv_uvcb_attest, 0x188);
PV_ASSERT_OFFSET(struct pv_uvcb_attest, user_data_len, 0x2e);
PV_ASSERT_OFFSET(struct pv_uvcb_attest, meas_len, 0x13c);
PV_ASSERT_OFFSET(struct pv_uvcb_attest, config_uid, 0x148);
PV_ASSERT_OFFSET(struct pv_uvcb_attest, add_data_len, 0x15c);

#define PV_RC_ATTEST_CONT_TOKEN		0x0101
#define PV_RC_ATTEST_USER_DATA_LEN	0x0102
#define PV_RC_ATTEST_ACC_ARCB		0x0103
#define PV_RC_ATTEST_ACC_MEAS		0x0104
#define PV_RC_ATTEST_ACC_ADD		0x0105
#define PV_RC_ATTEST_VERSION		0x0106
#define PV_RC_ATTEST_ARCB_LEN		0x0107
#define PV_RC_ATTEST_SLOTS		0x0108
#define PV_RC_ATTEST_ENCR_LEN		0x0109
#define PV_RC_ATTEST_FLAGS		0x010a
#define PV_RC_ATTEST_ALGORITHM		0x010b
#define PV_RC_ATTEST_UNSEAL		0x010c
#define PV_RC_ATTEST_MEAS_LEN		0x010d
#define PV_RC_ATTEST_ADD_LEN		0x010e

/**
 * struct pv_uvcb_add_secret - add a secret (0x1031)
 * @asrcb_addr: home-space virtual address of the request (its length is inside)
 */
struct pv_uvcb_add_secret {
	struct pv_uvc_header header;
	uint8_t reserved08[24];
	pv_be64 asrcb_addr;			/* 0x20 */
	uint8_t reserved28[32];
};

PV_ASSERT_SIZE(struct pv_uvcb_add_secret, 0x48);

/**
 * struct pv_uvcb_list_secrets - list secrets (0x1033)
 * @start_index: smallest index to report
 * @list_addr: home-space virtual address of a page (struct pv_secret_list)
 */
struct pv_uvcb_list_secrets {
	struct pv_uvc_header header;
	uint8_t reserved08[22];
	pv_be16 start_index;			/* 0x1e */
	pv_be64 list_addr;
	uint8_t reserved28[32];
};

PV_ASSERT_SIZE(struct pv_uvcb_list_secrets, 0x48);
PV_ASSERT_OFFSET(struct pv_uvcb_list_secrets, start_index, 0x1e);

/** struct pv_uvcb_lock_secrets - lock the secret store (0x1034) */
struct pv_uvcb_lock_secrets {
	struct pv_uvc_header header;
	uint8_t reserved08[16];
	pv_be64 handle;				/* 0x18, zero */
	uint8_t reserved20[32];
};

PV_ASSERT_SIZE(struct pv_uvcb_lock_secrets, 0x40);

/**
 * struct pv_uvcb_retr_secret - retrieve a secret (0x1035)
 * @index: from the list
 * @buf_size: bytes at @buf_addr
 * @buf_addr: home-space virtual address
 */
struct pv_uvcb_retr_secret {
	struct pv_uvc_header header;
	uint8_t reserved08[16];
	pv_be16 index;				/* 0x18 */
	uint8_t reserved1a[2];
	pv_be32 buf_size;
	pv_be64 buf_addr;			/* 0x20 */
	uint8_t reserved28[32];
};

PV_ASSERT_SIZE(struct pv_uvcb_retr_secret, 0x48);
PV_ASSERT_OFFSET(struct pv_uvcb_retr_secret, buf_addr, 0x20);

#define PV_RC_SECRET_NOT_ALLOWED	0x0101	/* add, lock */
#define PV_RC_SECRET_LOCKED		0x0102	/* add, lock */
#define PV_RC_SECRET_ACC_OUTPUT		0x0102	/* list, retrieve */
#define PV_RC_SECRET_ACC_REQUEST	0x0103
#define PV_RC_SECRET_VERSION		0x0104
#define PV_RC_SECRET_REQUEST_SIZE	0x0105
#define PV_RC_SECRET_SLOTS		0x0106
#define PV_RC_SECRET_FLAGS		0x0107
#define PV_RC_SECRET_UNSEAL		0x0108
#define PV_RC_SECRET_TYPE		0x0109
#define PV_RC_SECRET_BUF_SMALL		0x0109	/* retrieve */
#define PV_RC_SECRET_SIZE		0x010a
#define PV_RC_SECRET_STORE_FULL		0x010b
#define PV_RC_SECRET_NOT_FOR_GUEST	0x010c	/* tags, UID, extension secret */
#define PV_RC_SECRET_DUMPING		0x010d
#define PV_RC_SECRET_STORE_EMPTY	0x010f
#define PV_RC_SECRET_INDEX		0x0110
#define PV_RC_SECRET_NOT_RETRIEVABLE	0x0111

#endif /* PV_UVC_H */
