/* SPDX-License-Identifier: MIT */
/*
 * The state description of start interpretive execution (SIE), as far as KVM
 * uses it.
 *
 * Layouts and constants only; all integers are big-endian.  The block is 512
 * bytes at an absolute address; the last area of a protected guest's lies
 * behind it in the same page.  Names follow struct kvm_s390_sie_block of Linux
 * (arch/s390/include/asm/kvm_host.h).
 */
#ifndef PV_SIE_H
#define PV_SIE_H

#include "types.h"

struct pv_sie_psw {
	pv_be64 mask;
	pv_be64 addr;
};

/**
 * struct pv_sie_block - state description
 *
 * Fields with two meanings are named for the protected guest (format 4).
 */
struct pv_sie_block {
	pv_be32 cpuflags;			/* 0x00, PV_SIE_CPUFLAG_* */
	pv_be32 prefix;				/* prefix = this & 0x7fffe000 */
	uint8_t reserved08[4];
	pv_be32 prog0c;				/* software's */
	pv_be64 pv_handle_cpu;			/* 0x10 */
	pv_be64 pv_handle_config;		/* 0x18 */
	uint8_t reserved20[8];
	pv_be64 cputm;				/* 0x28 */
	pv_be64 ckc;				/* 0x30 */
	pv_be64 epoch;				/* 0x38 */
	pv_be32 svcc;				/* 0x40 */
	pv_be16 lctl;				/* 0x44, PV_SIE_LCTL_* */
	pv_be16 icpua;				/* 0x46, CPU number */
	pv_be32 ictl;				/* 0x48, PV_SIE_ICTL_* */
	pv_be32 eca;				/* 0x4c */
	uint8_t icptcode;			/* 0x50, PV_SIE_ICPT_* */
	uint8_t icptstatus;
	pv_be16 ihcpu;				/* 0x52, host CPU it ran on */
	uint8_t reserved54;
	uint8_t iictl;				/* 0x55, PV_SIE_INJECT_* */
	pv_be16 ipa;				/* 0x56, instruction text */
	pv_be32 ipb;				/* 0x58 */
	pv_be32 scaoh;				/* 0x5c */
	uint8_t reserved60;
	uint8_t ecb;				/* 0x61 */
	uint8_t ecb2;
	uint8_t ecb3;
	pv_be32 scaol;				/* 0x64 */
	uint8_t sdf;				/* 0x68, PV_SIE_FORMAT_* */
	uint8_t epdx;				/* 0x69 */
	uint8_t cpnc;
	uint8_t reserved6b;
	pv_be32 todpr;				/* 0x6c */
	pv_be32 gd;				/* 0x70 */
	uint8_t reserved74[12];
	pv_be64 mso;				/* 0x80 */
	pv_be64 msl;				/* 0x88 */
	struct pv_sie_psw gpsw;			/* 0x90 */
	pv_be64 gg14;				/* 0xa0 */
	pv_be64 gg15;				/* 0xa8 */
	uint8_t reservedb0[16];
	pv_be32 eiparams;			/* 0xc0; mcic is 8 bytes here */
	pv_be16 extcpuaddr;			/* 0xc4 */
	pv_be16 eic;				/* 0xc6 */
	uint8_t reservedc8[4];
	pv_be32 edc;				/* 0xcc */
	pv_be64 faddr;				/* 0xd0 */
	uint8_t reservedd8[16];
	pv_be16 subchannel_id;			/* 0xe8 */
	pv_be16 subchannel_nr;
	pv_be32 io_int_parm;
	pv_be32 io_int_word;			/* 0xf0 */
	uint8_t reservedf4[8];
	pv_be32 crycbd;				/* 0xfc */
	pv_be64 gcr[16];			/* 0x100 */
	pv_be64 sidad;				/* 0x180, gbea of format 2 */
	uint8_t reserved188[24];
	pv_be32 fac;				/* 0x1a0, facility list */
	uint8_t reserved1a4[92];
	uint8_t reserved200[384];
	pv_be64 pv_grregs[16];			/* 0x380, format 4 only */
};

PV_ASSERT_SIZE(struct pv_sie_block, 0x400);
PV_ASSERT_OFFSET(struct pv_sie_block, svcc, 0x40);
PV_ASSERT_OFFSET(struct pv_sie_block, icptcode, 0x50);
PV_ASSERT_OFFSET(struct pv_sie_block, iictl, 0x55);
PV_ASSERT_OFFSET(struct pv_sie_block, scaoh, 0x5c);
PV_ASSERT_OFFSET(struct pv_sie_block, sdf, 0x68);
PV_ASSERT_OFFSET(struct pv_sie_block, mso, 0x80);
PV_ASSERT_OFFSET(struct pv_sie_block, gpsw, 0x90);
PV_ASSERT_OFFSET(struct pv_sie_block, eiparams, 0xc0);
PV_ASSERT_OFFSET(struct pv_sie_block, edc, 0xcc);
PV_ASSERT_OFFSET(struct pv_sie_block, subchannel_id, 0xe8);
PV_ASSERT_OFFSET(struct pv_sie_block, crycbd, 0xfc);
PV_ASSERT_OFFSET(struct pv_sie_block, gcr, 0x100);
PV_ASSERT_OFFSET(struct pv_sie_block, sidad, 0x180);
PV_ASSERT_OFFSET(struct pv_sie_block, fac, 0x1a0);
PV_ASSERT_OFFSET(struct pv_sie_block, pv_grregs, 0x380);

#define PV_SIE_BLOCK_SIZE		0x200	/* without pv_grregs */

#define PV_SIE_PREFIX_MASK		0x7fffe000

#define PV_SIE_FORMAT_PLAIN		0
#define PV_SIE_FORMAT_PROTECTED		2	/* called format 4 */

/* Flags of cpuflags; other CPUs of the host set them. */
#define PV_SIE_CPUFLAG_STOPPED		0x80000000
#define PV_SIE_CPUFLAG_WAIT		0x10000000
#define PV_SIE_CPUFLAG_STOP_INT		0x04000000
#define PV_SIE_CPUFLAG_IO_INT		0x02000000
#define PV_SIE_CPUFLAG_EXT_INT		0x01000000
#define PV_SIE_CPUFLAG_RUNNING		0x00800000

/* What interrupts the guest's stay in SIE. */
#define PV_SIE_LCTL_CR0			0x8000
#define PV_SIE_LCTL_CR6			0x0200
#define PV_SIE_LCTL_CR9			0x0040
#define PV_SIE_LCTL_CR10		0x0020
#define PV_SIE_LCTL_CR11		0x0010
#define PV_SIE_LCTL_CR14		0x0002

#define PV_SIE_ICTL_OPEREXC		0x80000000
#define PV_SIE_ICTL_PINT		0x20000000
#define PV_SIE_ICTL_LPSW		0x00400000
#define PV_SIE_ICTL_STCTL		0x00040000
#define PV_SIE_ICTL_ISKE		0x00004000
#define PV_SIE_ICTL_SSKE		0x00002000
#define PV_SIE_ICTL_RRBE		0x00001000
#define PV_SIE_ICTL_TPROT		0x00000200

/* Interception codes. */
#define PV_SIE_ICPT_NONE		0x00
#define PV_SIE_ICPT_INST		0x04
#define PV_SIE_ICPT_PROGI		0x08
#define PV_SIE_ICPT_EXTREQ		0x10
#define PV_SIE_ICPT_EXTINT		0x14
#define PV_SIE_ICPT_IOREQ		0x18
#define PV_SIE_ICPT_WAIT		0x1c
#define PV_SIE_ICPT_VALIDITY		0x20
#define PV_SIE_ICPT_STOP		0x28
#define PV_SIE_ICPT_OPEREXC		0x2c
#define PV_SIE_ICPT_PARTEXEC		0x38
#define PV_SIE_ICPT_MCHKREQ		0x60
#define PV_SIE_ICPT_INT_ENABLE		0x64
#define PV_SIE_ICPT_PV_INSTR		0x68
#define PV_SIE_ICPT_PV_NOTIFY		0x6c
#define PV_SIE_ICPT_PV_PREFIX		0x70

/* Interruptions to inject (iictl). */
#define PV_SIE_INJECT_NONE		0x00
#define PV_SIE_INJECT_MCHK		0x01
#define PV_SIE_INJECT_EXT		0x02
#define PV_SIE_INJECT_IO		0x03
#define PV_SIE_INJECT_RESTART		0x04
#define PV_SIE_INJECT_SPECIFICATION	0x10
#define PV_SIE_INJECT_OPERAND		0x11

/* Validity interceptions of protected guests: this plus the reason. */
#define PV_SIE_VALIDITY			0x2000

/* The secure instruction data area: page address, size in pages minus 1. */
#define PV_SIE_SIDA_ADDR_MASK		(~UINT64_C(0xfff))
#define PV_SIE_SIDA_SIZE_MASK		UINT64_C(0xff)

/* Program interruptions of secure storage. */
#define PV_PGM_SECURE_PAGE_SIZE		0x3c
#define PV_PGM_SECURE_ACCESS		0x3d
#define PV_PGM_NON_SECURE_ACCESS	0x3e
#define PV_PGM_SECURE_VIOLATION		0x3f

#endif /* PV_SIE_H */
