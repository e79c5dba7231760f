/* SPDX-License-Identifier: MIT */
/* What benchmarks of libpv have in common. */
#ifndef PV_TEST_BENCH_H
#define PV_TEST_BENCH_H

#include <stdio.h>
#include <time.h>

#define MIB		(1024 * 1024)
#define MAX_ROUNDS	100

/** bench_now() - Milliseconds of a clock that only goes on */
static inline double bench_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/** bench_keep_best() - The one in which nobody else had the processor */
static inline void bench_keep_best(double *best, double value)
{
	if (*best == 0 || value < *best)
		*best = value;
}

/** bench_peak_kib() - What this process has had in memory at most, in KiB */
static inline unsigned long bench_peak_kib(void)
{
	FILE *file = fopen("/proc/self/status", "r");
	unsigned long kib = 0;
	char line[256];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "VmHWM: %lu", &kib) == 1)
			break;
	if (file)
		fclose(file);
	return kib;
}

#endif /* PV_TEST_BENCH_H */
