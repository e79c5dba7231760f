/* SPDX-License-Identifier: MIT */
/*
 * Where the boot stages and what they use stand in storage.
 *
 * Plain numbers: assembler sources and linker scripts read this too.  The C
 * sources check that they agree with pv/se_image.h.
 *
 *	0x00000	lowcore: new PSWs, interruption codes
 *	0x02000	the one page that the service element reads and writes
 *	0x0a000	stage3b, after it moved itself there
 *	0x0c000	not used: image metadata stands here, gone when stage3a runs
 *	0x0f000	stack
 *	0x10000	stage3a; later the kernel
 */
#ifndef BOOT_LAYOUT_H
#define BOOT_LAYOUT_H

#define LAYOUT_PAGE_SIZE	0x1000
#define LAYOUT_SCCB		0x2000
#define LAYOUT_STAGE3B		0xa000
#define LAYOUT_STACK		0xf000
#define LAYOUT_STACK_END	0x10000

#define LAYOUT_STAGE3A		0x10000
#define LAYOUT_STUB_END		0x10400
#define LAYOUT_STAGE3A_ENTRY	0x11000
#define LAYOUT_STAGE3A_END	0x13000

#define LAYOUT_STAGE3A_ARGS	24
#define LAYOUT_STAGE3B_ARGS	64

/* What the ABI wants a caller to leave free for the function it calls. */
#define LAYOUT_FRAME		160

/* Fields of the lowcore. */
#define LOWCORE_PGM_CODE	0x8e
#define LOWCORE_PGM_OLD_PSW	0x150
#define LOWCORE_EXT_NEW_PSW	0x1b0
#define LOWCORE_PGM_NEW_PSW	0x1d0

/* Address of the disabled wait that ends a stage: why it ended. */
#define STOP_NO_FACILITY	0x4607
#define STOP_NOT_STARTED	0x4608
#define STOP_STAGE3B		0x4511

#endif /* BOOT_LAYOUT_H */
