/* SPDX-License-Identifier: MIT */
/*
 * An SE image: what stands where, the IPL parameter block (IPIB), and what the
 * boot stages are told.
 *
 * File offset equals guest absolute address.  A kernel enters stage3a, which
 * asks for protection with DIAGNOSE 308; the Ultravisor unpacks the components
 * and starts stage3b, which starts the kernel.  Two tools make such images and
 * lay them out differently (pvimg and, before it, genprotimg); readers follow
 * the IPIB only.
 */
#ifndef PV_SE_IMAGE_H
#define PV_SE_IMAGE_H

#include "types.h"

/* Where it all stands. */
#define PV_SE_IMAGE_METADATA		0xc000
#define PV_SE_IMAGE_STAGE3A		0x10000
#define PV_SE_IMAGE_STAGE3A_ENTRY	0x11000
#define PV_SE_IMAGE_STAGE3A_END		0x13000	/* first byte behind, at most */
#define PV_SE_IMAGE_HEADER		0x14000	/* at least */
#define PV_SE_IMAGE_STAGE3B		0xa000	/* where it runs */
#define PV_SE_IMAGE_LIMIT		0x80000000	/* 31-bit addresses */

/* The eight bytes at 0: PSW in short form that enters stage3a. */
#define PV_SE_IMAGE_SHORT_PSW		0x0008000180011000

/* 64-bit addressing, DAT and interruptions off. */
#define PV_PSW_MASK_64BIT		0x0000000180000000

/* The kernel, after stage3b put it into its place. */
#define PV_KERNEL_ENTRY			0x10000	/* what is below is dropped */
#define PV_KERNEL_MAGIC_OFFSET		0x10008
#define PV_KERNEL_MAGIC			"S390EP"	/* 6 bytes, no NUL */
#define PV_KERNEL_INITRD_START		0x10408	/* 8 bytes each */
#define PV_KERNEL_INITRD_SIZE		0x10410
#define PV_KERNEL_CMDLINE_MAX		0x10430	/* NUL included, 0 means 896 */
#define PV_KERNEL_CMDLINE		0x10480
#define PV_KERNEL_CMDLINE_MAX_DEFAULT	896

/**
 * struct pv_se_metadata - at PV_SE_IMAGE_METADATA, images of pvimg only
 * @magic: PV_SE_METADATA_MAGIC
 * @header_offset: file offset of the SE header
 * @version: PV_SE_METADATA_VERSION
 * @ipib_offset: file offset of the IPIB
 */
struct pv_se_metadata {
	uint8_t magic[8];
	pv_be64 header_offset;
	pv_be32 version;
	pv_be64 ipib_offset;
};

PV_ASSERT_SIZE(struct pv_se_metadata, 28);
#define PV_SE_METADATA_MAGIC		"SeImgLnx"	/* 8 bytes, no NUL */
#define PV_SE_METADATA_VERSION		1

/*
 * High half of a component's tweak: index (16 bits), then 48 random bits.  The
 * low half is the byte offset in the component.  Prefixes must increase from
 * one component to the next.
 */
#define PV_SE_TWEAK_INDEX_SHIFT		48

/**
 * struct pv_ipib_component - one component, as the Ultravisor is to unpack it
 * @tweak_prefix: high half of its tweaks
 * @addr: guest absolute address, a page multiple
 * @size: in bytes; tools write whole pages, readers round up
 */
struct pv_ipib_component {
	pv_be64 tweak_prefix;
	pv_be64 addr;
	pv_be64 size;
};

PV_ASSERT_SIZE(struct pv_ipib_component, 24);

/**
 * struct pv_ipib - IPL parameter block of type 5, @num_components follow
 * @len: bytes of all of it (pvimg), or 4096 (genprotimg)
 * @header_version: 1
 * @block_len: bytes from this field on: 128 + 24 * @num_components
 * @type: PV_IPIB_TYPE
 * @version: 1 (pvimg) or 0 (genprotimg); nobody looks at it
 * @num_components: at least 1
 * @se_header_addr: guest absolute; stage3a fills it in
 * @se_header_len: in bytes, at most 8192
 */
struct pv_ipib {
	pv_be32 len;
	uint8_t flags;
	uint8_t reserved05[2];
	uint8_t header_version;
	pv_be32 block_len;			/* 0x08 */
	uint8_t type;
	uint8_t block_flags;
	uint8_t reserved0e[2];
	uint8_t loadparm[8];			/* 0x10 */
	uint8_t reserved18[87];
	uint8_t version;			/* 0x6f */
	uint8_t reserved70[4];
	pv_be32 num_components;			/* 0x74 */
	pv_be64 se_header_addr;
	pv_be64 se_header_len;			/* 0x80 */
};

PV_ASSERT_SIZE(struct pv_ipib, 0x88);
PV_ASSERT_OFFSET(struct pv_ipib, version, 0x6f);
PV_ASSERT_OFFSET(struct pv_ipib, num_components, 0x74);
#define PV_IPIB_TYPE			5
#define PV_IPIB_BLOCK_START		8	/* what block_len counts from */
#define PV_IPIB_MIN_LEN			148
#define PV_IPIB_MAX_LEN			4096
#define PV_IPIB_MAX_COMPONENTS		165

/**
 * struct pv_stage3a_args - last bytes of stage3a
 * @header_offset: address of the SE header minus that of these arguments
 * @header_size: bytes of it
 * @ipib_offset: address of the IPIB minus that of these arguments
 */
struct pv_stage3a_args {
	pv_be64 header_offset;
	pv_be64 header_size;
	pv_be64 ipib_offset;
};

PV_ASSERT_SIZE(struct pv_stage3a_args, 24);

/**
 * struct pv_stage3b_part - where a component was unpacked
 * @src: guest absolute address, 0 if there is none
 * @size: in bytes, without padding
 */
struct pv_stage3b_part {
	pv_be64 src;
	pv_be64 size;
};

/**
 * struct pv_stage3b_args - last bytes of the relocatable stage3b
 * @cmdline: its size counts the NUL at the end
 * @psw_mask: PSW that enters the kernel
 */
struct pv_stage3b_args {
	struct pv_stage3b_part kernel;
	struct pv_stage3b_part cmdline;
	struct pv_stage3b_part initrd;
	pv_be64 psw_mask;			/* 0x30 */
	pv_be64 psw_addr;
};

PV_ASSERT_SIZE(struct pv_stage3b_args, 64);

/* DIAGNOSE 308: subcodes and the codes of their second register. */
#define PV_DIAG308_SET			8
#define PV_DIAG308_STORE		9
#define PV_DIAG308_START		10
#define PV_DIAG308_RC_OK		0x0001
#define PV_DIAG308_RC_NO_CONF		0x0102
#define PV_DIAG308_RC_INVALID		0x0402
#define PV_DIAG308_RC_NO_PV_CONF	0x0902
#define PV_DIAG308_RC_INVAL_FOR_PV	0x0a02

/*
 * Failure of PV_DIAG308_START: step << 48 | rrc << 32 | rc << 16 | 0x0a02, with
 * rc and rrc those of the Ultravisor call.  Older machines leave out all but
 * the 0x0a02.
 */
#define PV_DIAG308_STEP_PARAMETERS	2
#define PV_DIAG308_STEP_UNPACK		3
#define PV_DIAG308_STEP_VERIFY		4

#endif /* PV_SE_IMAGE_H */
