/* SPDX-License-Identifier: MIT */
/* How far something is, on one line of a terminal. */
#ifndef UVCTL_PROGRESS_H
#define UVCTL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct progress - zeroed to begin with
 * @width: columns of the line that stands there now
 * @next: not before this time again, in nanoseconds
 */
struct progress {
	unsigned int width;
	uint64_t next;
};

/** progress_wanted() - is there a terminal, and does the user want to know? */
bool progress_wanted(void);

/** progress_show() - @ctx: struct progress; @total: 0 if not known */
void progress_show(void *ctx, uint64_t done, uint64_t total);

/** progress_end() - take the line away */
void progress_end(struct progress *progress);

#endif /* UVCTL_PROGRESS_H */
