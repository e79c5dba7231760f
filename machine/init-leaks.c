// SPDX-License-Identifier: MIT
/*
 * PID 1 of the machine: memory that a debugging kernel lost.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "init.h"

#define KMEMLEAK	"/sys/kernel/debug/kmemleak"

/* What is younger than 5 s is not reported; nor is what is seen once only. */
#define MIN_AGE		6
#define SCANS		2

/* How much of the report goes into the kernel's log. */
#define MAX_LINES	60

static void scan(int kmemleak)
{
	sleep(MIN_AGE);
	for (int i = 0; i < SCANS; i++)
		(void)!write(kmemleak, "scan", 4);
}

/* The kernel itself tells their number only. */
static void show(void)
{
	int log = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	FILE *report = fopen(KMEMLEAK, "re");
	char line[256];

	for (int n = 0; report && log >= 0 && n < MAX_LINES; n++) {
		if (!fgets(line, sizeof(line), report))
			break;
		dprintf(log, "kmemleak: %s", line);
	}
	if (report)
		fclose(report);
	if (log >= 0)
		close(log);
}

void report_leaks(void)
{
	int kmemleak = open(KMEMLEAK, O_WRONLY | O_CLOEXEC);

	if (kmemleak < 0)
		return;
	scan(kmemleak);
	close(kmemleak);
	show();
}
