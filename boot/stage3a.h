/* SPDX-License-Identifier: MIT */
/* Between the assembler and the C part of stage3a. */
#ifndef BOOT_STAGE3A_H
#define BOOT_STAGE3A_H

#include "pv/se_image.h"

/* Last bytes of the file; the tool that makes an image fills them in. */
extern const struct pv_stage3a_args stage3a_args;

/** stage3a() - what comes after the entry; does not return */
void stage3a(void);

#endif /* BOOT_STAGE3A_H */
