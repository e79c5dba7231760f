/* SPDX-License-Identifier: MIT */
/* The boot stages that uvctl carries with it, see boot_stages.S. */
#ifndef UVCTL_BOOT_STAGES_H
#define UVCTL_BOOT_STAGES_H

#include <stdint.h>

extern const uint8_t uvctl_stage3a[], uvctl_stage3a_end[];
extern const uint8_t uvctl_stage3b[], uvctl_stage3b_end[];

#endif /* UVCTL_BOOT_STAGES_H */
