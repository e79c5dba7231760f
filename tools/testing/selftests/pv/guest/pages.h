/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory whose pages can be made unreadable or read-only, to give the kernel
 * addresses that fail at a chosen byte.
 */
#ifndef PV_SELFTEST_PAGES_H
#define PV_SELFTEST_PAGES_H

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* @nr zeroed pages, or MAP_FAILED */
static inline uint8_t *pages_new(unsigned int nr)
{
	return mmap(NULL, nr * (size_t)getpagesize(), PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* Set the protection of page @nr of @pages; 0 or -1 */
static inline int pages_protect(uint8_t *pages, unsigned int nr, int prot)
{
	size_t size = (size_t)getpagesize();

	return mprotect(pages + nr * size, size, prot);
}

static inline void pages_free(uint8_t *pages, unsigned int nr)
{
	munmap(pages, nr * (size_t)getpagesize());
}

#endif /* PV_SELFTEST_PAGES_H */
