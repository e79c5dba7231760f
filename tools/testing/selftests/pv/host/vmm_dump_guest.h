/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A protected guest for dumps by the small VMM; see vmm_dump_guest.S.
 */
#ifndef PV_SELFTEST_VMM_DUMP_GUEST_H
#define PV_SELFTEST_VMM_DUMP_GUEST_H

/* In the image: what asks for protection, the block it asks with, the header */
#define LOADER_ADDR	0x11000
#define LOADER_BLOCK	0x12000
#define LOADER_HEADER	0x15000
/* The protected part, one page */
#define SECRET_ADDR	0x20000

/* What it does: pages that begin with their addresses, and one that is shared */
#define FILLED_ADDR	0x100000
#define NR_FILLED	32
#define SHARED_ADDR	0x180000
/* From general register 2 to 11 ascending, but for one that is SHARED_ADDR */
#define SECRET_REG	0x5ec2e75ec2e70000
#define SHARED_REG	6
/* Where it ends if it is to crash; otherwise it counts in the shared page. */
#define CRASH_ADDR	0xdead

#ifndef __ASSEMBLER__

extern const unsigned char dump_loader[], dump_loader_end[];
extern const unsigned char dump_secret[], dump_secret_end[];
/* Not zero: it is to crash */
extern unsigned char dump_crash;

#endif

#endif /* PV_SELFTEST_VMM_DUMP_GUEST_H */
