// SPDX-License-Identifier: MIT
/* How long calls take inside the library: medians, in microseconds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "array.h"
#include "fake_machine.h"
#include "pv/uvc.h"

#define BLOCK		0x3000
#define ARCB		0x20000
#define MEAS		0x30000
#define ADD		0x31000
#define SAMPLES		301
#define SHARES		1000

static double now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *samples)
{
	qsort(samples, SAMPLES, sizeof(*samples), compare);
	return samples[SAMPLES / 2];
}

static void need_success(int cc)
{
	if (cc == PV_CC_OK)
		return;
	fprintf(stderr, "a call failed that should not have\n");
	exit(EXIT_FAILURE);
}

/* The slot for this machine comes last, which is the slowest place. */
static void bench_attest(struct fake_machine *fake, size_t slots)
{
	static uint8_t arcb[SEAL_MAX_REQUEST];
	struct seal_request request;
	double samples[SAMPLES];
	uint8_t *block;

	seal_request_init(&request, fake_keys()->customer, fake_keys()->host);
	for (size_t i = 0; i + 1 < slots; i++)
		request.hosts[i] = fake_keys()->backup;
	request.hosts[slots - 1] = fake_keys()->host;
	request.nks = slots;
	fake_home_put(fake, ARCB, arcb, seal_request(&request, arcb));
	for (int i = 0; i < SAMPLES; i++) {
		double start;

		block = fake_block(fake, BLOCK, PV_CMD_RETR_ATTEST, 0x188);
		fake_put64(block + 0x18, ARCB);
		fake_put32(block + 0x13c, 64);
		fake_put64(block + 0x140, MEAS);
		fake_put32(block + 0x15c, 448);
		fake_put64(block + 0x160, ADD);
		start = now_us();
		need_success(fake_call(fake, BLOCK));
		samples[i] = now_us() - start;
	}
	printf("libultravisor: attestation, %3zu key slots: %8.1f us\n", slots,
	       median(samples));
}

static void bench_share(struct fake_machine *fake)
{
	uint8_t *block = fake_block(fake, BLOCK, 0, 0x30);
	double samples[SAMPLES];

	fake_put64(block + 0x20, 0x8000);
	for (int i = 0; i < SAMPLES; i++) {
		double start = now_us();

		for (int j = 0; j < SHARES; j++) {
			fake_put16(block + 2, j & 1 ?
				   PV_CMD_REMOVE_SHARED_ACCESS :
				   PV_CMD_SET_SHARED_ACCESS);
			need_success(fake_call(fake, BLOCK));
		}
		samples[i] = (now_us() - start) / SHARES;
	}
	printf("libultravisor: share or unshare call:      %8.3f us\n",
	       median(samples));
}

int main(void)
{
	static const size_t slots[] = { 1, 2, 8, 64, 255 };
	struct fake_machine *fake = fake_new_guest("z17");

	for (size_t i = 0; i < ARRAY_SIZE(slots); i++)
		bench_attest(fake, slots[i]);
	bench_share(fake);
	fake_free(fake);
	return 0;
}
