/* SPDX-License-Identifier: MIT */
/* String functions; BOOT_HOSTED gives them names beside those of a libc. */
#ifndef BOOT_MEMORY_H
#define BOOT_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#ifdef BOOT_HOSTED
#define memmove	boot_memmove
#define memcpy	boot_memcpy
#define memset	boot_memset
#define memcmp	boot_memcmp
#endif

void *memmove(void *to, const void *from, size_t len);
void *memcpy(void *to, const void *from, size_t len);
void *memset(void *to, int byte, size_t len);
int memcmp(const void *left, const void *right, size_t len);

#endif /* BOOT_MEMORY_H */
