// SPDX-License-Identifier: GPL-2.0
/*
 * Instructions per attestation ioctl.
 *
 * On a machine that counts them (QEMU with -icount shift=0: one instruction is
 * one nanosecond) the clock is the counter.  Elsewhere it is nanoseconds.
 * The smallest value is the one without interruptions.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "attester.h"
#include "uv_ioctl.h"

#define WARM_UP	16

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

/* The smallest interval between two looks at the clock. */
static uint64_t cost_of_clock(void)
{
	uint64_t best = UINT64_MAX;

	for (int i = 0; i < 1000; i++) {
		uint64_t start = now(), took = now() - start;

		if (took < best)
			best = took;
	}
	return best;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static int run(struct attester *at, int fd, uint64_t *took, int nr)
{
	uint32_t add_len = at->att.add_data_len;

	for (int i = -WARM_UP; i < nr; i++) {
		uint64_t start = now();
		int ret = attester_call(at, fd);
		uint64_t end = now();

		if (ret) {
			fprintf(stderr, "ioctl: %s\n", strerror(-ret));
			return -1;
		}
		if (i >= 0)
			took[i] = end - start;
		at->att.add_data_len = add_len;
	}
	return 0;
}

static int bench(const struct target *target, int fd, int nr, uint64_t flags)
{
	uint64_t *took = calloc((size_t)nr, sizeof(*took));
	struct attester *at = attester_new(attester_seed());
	uint64_t clock = cost_of_clock();
	const char *wrong = "no request could be made";
	int ret = -1;

	if (!took || !at || attester_seal(at, target, flags) ||
	    run(at, fd, took, nr))
		goto out;
	wrong = attester_verify(at, target);
	if (wrong)
		goto out;
	qsort(took, (size_t)nr, sizeof(*took), compare);
	printf("attest ioctls=%d min=%llu median=%llu clock=%llu\n", nr,
	       (unsigned long long)(took[0] - clock),
	       (unsigned long long)(took[nr / 2] - clock),
	       (unsigned long long)clock);
	ret = 0;
out:
	if (ret)
		fprintf(stderr, "%s\n", wrong);
	attester_free(at);
	free(took);
	return ret;
}

int main(int argc, char **argv)
{
	int nr = argc > 1 ? atoi(argv[1]) : 200;
	uint64_t flags = argc > 2 ? strtoull(argv[2], NULL, 0) :
				    0x7000000000000000;
	struct target target;
	int fd, ret;

	if (argc > 3 || nr < 1) {
		fprintf(stderr, "usage: uvdevice_bench [IOCTLS [FLAGS]]\n");
		return 2;
	}
	fd = open(UV_PATH, O_RDWR);
	if (fd < 0) {
		perror(UV_PATH);
		return 1;
	}
	ret = target_find(&target);
	if (ret)
		fprintf(stderr, "%s\n", target.reason);
	else
		ret = bench(&target, fd, nr, flags);
	target_free(&target);
	close(fd);
	return ret ? 1 : 0;
}
