/* SPDX-License-Identifier: MIT */
/* Between the assembler and the C part of stage3b. */
#ifndef BOOT_STAGE3B_H
#define BOOT_STAGE3B_H

#include "pv/se_image.h"

/* Last bytes of the file; the tool that makes an image fills them in. */
extern const struct pv_stage3b_args stage3b_args;

/** stage3b() - what comes after the entry; does not return */
void stage3b(void);

#endif /* BOOT_STAGE3B_H */
