/* SPDX-License-Identifier: MIT */
/* Between the assembler and the C part of the kernel for tests. */
#ifndef BOOT_TESTS_KERNEL_H
#define BOOT_TESTS_KERNEL_H

#include <stdint.h>

/* Each word holds its index. */
extern const uint64_t pattern[];
extern const uint64_t pattern_end[];

/** kernel_main() - @entry: 0 for the usual one, 1 for the other */
void kernel_main(uint64_t entry);

#endif /* BOOT_TESTS_KERNEL_H */
