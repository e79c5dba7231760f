// SPDX-License-Identifier: MIT
/* How far something is, on one line of a terminal. */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "progress.h"

#define INTERVAL_NS	UINT64_C(100000000)
#define NS_PER_S	UINT64_C(1000000000)
#define MIB		(1 << 20)

bool progress_wanted(void)
{
	return isatty(STDERR_FILENO) && log_shows(LOG_WARNING);
}

static uint64_t now_ns(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

void progress_show(void *ctx, uint64_t done, uint64_t total)
{
	struct progress *progress = ctx;
	uint64_t now = now_ns();
	int width;

	if (now < progress->next)
		return;
	progress->next = now + INTERVAL_NS;
	if (total == 0)
		width = fprintf(stderr, "\r%" PRIu64 " MiB", done / MIB);
	else
		width = fprintf(stderr,
				"\r%" PRIu64 " of %" PRIu64 " MiB, %u %%",
				done / MIB, total / MIB,
				(unsigned int)(done * 100 / total));
	fflush(stderr);
	if (width > 0)
		progress->width = (unsigned int)width;
}

void progress_end(struct progress *progress)
{
	if (progress->width > 0)
		fprintf(stderr, "\r%*s\r", (int)progress->width, "");
	progress->width = 0;
}
