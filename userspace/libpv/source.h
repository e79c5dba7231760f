/* SPDX-License-Identifier: MIT */
/* What can be read at any place. */
#ifndef LIBPV_SOURCE_H
#define LIBPV_SOURCE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/**
 * struct pv_source - something that can be read at any place
 * @read: stores up to @size bytes from @offset on; returns their number, less
 *	than @size only at the end, or -1 with errno set
 * @ctx: for @read
 */
struct pv_source {
	ssize_t (*read)(void *ctx, uint64_t offset, void *out, size_t size);
	void *ctx;
};

/** pv_source_pread() - @read of a file; @ctx: int, its descriptor */
ssize_t pv_source_pread(void *ctx, uint64_t offset, void *out, size_t size);

#endif /* LIBPV_SOURCE_H */
