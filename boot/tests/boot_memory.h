/* SPDX-License-Identifier: MIT */
/* What memory.h names the functions that it has to hide from a libc's. */
#ifndef BOOT_TESTS_BOOT_MEMORY_H
#define BOOT_TESTS_BOOT_MEMORY_H

#include <stddef.h>

void *boot_memmove(void *to, const void *from, size_t len);
void *boot_memcpy(void *to, const void *from, size_t len);
void *boot_memset(void *to, int byte, size_t len);
int boot_memcmp(const void *left, const void *right, size_t len);

#endif /* BOOT_TESTS_BOOT_MEMORY_H */
