// SPDX-License-Identifier: MIT
/*
 * Pages per second that a host can move: import of pages that were never used,
 * export, import of what was exported, unpack, destroy; and what a call costs
 * that finds nothing to do.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fake_host.h"
#include "handle.h"
#include "seal_image.h"

#define GUEST_MIB	2
#define PAGES		(GUEST_MIB * HOST_MIB / FAKE_PAGE)
#define TURNS		9

/* Of the processor: what else runs on the computer is not our concern. */
static double now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void need(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "bench: %s\n", what);
	exit(EXIT_FAILURE);
}

/**
 * struct bench - a guest all of whose pages have a frame
 * @frames: address of the first; the others follow
 */
struct bench {
	struct fake_host *host;
	struct host_guest guest;
	uint64_t frames;
};

static void import(struct bench *bench, uint64_t at)
{
	need(host_guest_page(bench->host, PV_CMD_CONV_TO_SEC_STOR,
			     bench->guest.handle, at) == 1, "import");
}

static void export(struct bench *bench, uint64_t at)
{
	need(host_page(bench->host, PV_CMD_CONV_FROM_SEC_STOR,
		       bench->frames + at) == 1, "export");
}

static void destroy(struct bench *bench, uint64_t at)
{
	need(host_page(bench->host, PV_CMD_DESTROY_SEC_STOR,
		       bench->frames + at) == 1, "destroy");
}

static void unpack(struct bench *bench, uint64_t at)
{
	uint8_t *block = host_block(bench->host, PV_CMD_UNPACK_IMG, 0x50);

	fake_put64(block + 0x18, bench->guest.handle);
	fake_put64(block + 0x20, at);
	fake_put64(block + 0x30, at);
	need(host_call(bench->host) == 1, "unpack");
}

/* What a page has when its guest used it. */
static void use(struct bench *bench)
{
	for (uint64_t i = 0; i < PAGES * FAKE_PAGE; i++)
		bench->host->memory[bench->frames + i] = (uint8_t)(i % 251);
}

/* The image does not matter: what is unpacked is not verified. */
static void set_params(struct bench *bench)
{
	uint8_t *block = host_block(bench->host, PV_CMD_SET_SEC_CONF_PARAMS,
				    0x50);
	uint8_t bytes[8192];
	struct seal_header header;
	size_t len;

	seal_header_init(&header, fake_keys()->customer, fake_keys()->host);
	memset(header.xts, 0x42, 32);
	len = seal_header(&header, bytes);
	need(len <= FAKE_PAGE, "the header is too long");
	memcpy(bench->host->memory + HOST_SCRATCH, bytes, len);
	fake_put64(block + 0x18, bench->guest.handle);
	fake_put64(block + 0x20, host_home(HOST_SCRATCH));
	fake_put32(block + 0x28, (uint32_t)len);
	need(host_call(bench->host) == 1, "set parameters");
}

/**
 * struct work - what is measured
 * @best: shortest of all turns, in seconds
 */
struct work {
	const char *name;
	void (*page)(struct bench *bench, uint64_t at);
	double best;
};

static void measure(struct bench *bench, struct work *work)
{
	double start = now(), time;

	for (uint64_t i = 0; i < PAGES; i++)
		work->page(bench, i * FAKE_PAGE);
	time = now() - start;
	if (!work->best || time < work->best)
		work->best = time;
}

enum { FIRST_IMPORT, EXPORT, IMPORT, NO_EXPORT, DESTROY, UNPACK, WORKS };

static void one_turn(struct bench *bench, struct work works[WORKS])
{
	need(host_create(bench->host, &bench->guest) == 1, "create");
	measure(bench, &works[FIRST_IMPORT]);
	use(bench);
	measure(bench, &works[EXPORT]);
	measure(bench, &works[NO_EXPORT]);
	measure(bench, &works[IMPORT]);
	measure(bench, &works[DESTROY]);
	set_params(bench);
	use(bench);
	measure(bench, &works[UNPACK]);
	need(host_handle_call(bench->host, PV_CMD_DESTROY_SEC_CONF,
			      bench->guest.handle) == 1, "destroy");
}

int main(void)
{
	struct work works[WORKS] = {
		[FIRST_IMPORT] = { "import of unused pages", import, 0 },
		[EXPORT] = { "export", export, 0 },
		[IMPORT] = { "import", import, 0 },
		[NO_EXPORT] = { "export of normal pages", export, 0 },
		[DESTROY] = { "destroy", destroy, 0 },
		[UNPACK] = { "unpack", unpack, 0 },
	};
	struct bench bench = { .host = host_initialized("z17") };

	bench.guest = host_guest(bench.host, GUEST_MIB);
	bench.frames = host_take(bench.host, PAGES * FAKE_PAGE);
	for (uint64_t at = 0; at < PAGES * FAKE_PAGE; at += FAKE_PAGE)
		host_map(bench.host, &bench.guest, at, bench.frames + at);
	for (int i = 0; i < TURNS; i++)
		one_turn(&bench, works);
	for (int i = 0; i < WORKS; i++)
		printf("libultravisor: %-26s %10.0f pages/s\n", works[i].name,
		       (double)PAGES / works[i].best);
	host_free(bench.host);
	return 0;
}
