/* SPDX-License-Identifier: MIT */
/* A dump becomes an ELF core that every debugger reads. */
#ifndef LIBPV_DUMP_DECRYPT_H
#define LIBPV_DUMP_DECRYPT_H

#include "dump_file.h"

/**
 * struct pv_dump_decrypt_spec - how it is done
 * @threads: that work at the same time, 0 for one for each processor
 * @cancel_fd: becomes readable when it is to end, -1 for never
 * @progress: called now and then by the thread that asked, or NULL; @done and
 *	@total are bytes of memory
 * @progress_ctx: for @progress
 */
struct pv_dump_decrypt_spec {
	unsigned int threads;
	int cancel_fd;
	void (*progress)(void *ctx, uint64_t done, uint64_t total);
	void *progress_ctx;
};

/**
 * pv_dump_decrypt() - write the core
 * @output: a regular file
 * @dump: unlocked
 * @err: as pv_dump_pages_read(), pv_output_write_at() and pv_output_sync()
 *
 * Checked before anything is written: the entries of all pages.  Pages of zeros
 * become holes.
 *
 * Return: 0, or -1 with @err set.
 */
int pv_dump_decrypt(struct pv_output *output, const struct pv_dump *dump,
		    const struct pv_dump_decrypt_spec *spec,
		    struct pv_error *err);

#endif /* LIBPV_DUMP_DECRYPT_H */
