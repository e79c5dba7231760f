/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the parts of a test image lie in storage.  The machine loads all of it
 * as an initial ramdisk, in this form.
 */
#ifndef IMAGE_H
#define IMAGE_H

#define IMAGE_START	0x800000	/* where QEMU loads a ramdisk */
#define IMAGE_IPIB	0x800000	/* one page */
#define IMAGE_HEADER	0x801000	/* at most two pages */
#define IMAGE_PROGRAM	0x810000	/* first component, starts at its start */
#define IMAGE_TEXT	0x840000	/* second component, one page */
#define IMAGE_END	0x841000

/* The second component begins with this. */
#define IMAGE_MARKER	"only the guest can read this"

#endif /* IMAGE_H */
