// SPDX-License-Identifier: MIT
/*
 * Writes the seeds of all fuzzers but fuzz_faults: valid inputs, which take a
 * fuzzer past the checks that it would not guess its way through.
 *
 *	make_corpus DIRECTORY
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_machine.h"
#include "seal_image.h"
#include "seal_secret.h"

#define CONTROL		5

static void save(const char *dir, const char *name, const void *data,
		 size_t len)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "wb");
	if (!file || fwrite(data, 1, len, file) != len || fclose(file)) {
		perror(path);
		exit(EXIT_FAILURE);
	}
}

static void save_call(const char *dir, const char *name, uint8_t bits,
		      uint16_t cmd, uint16_t len)
{
	uint8_t data[CONTROL + 0x188] = { 2, bits };

	fake_put16(data + CONTROL, len);
	fake_put16(data + CONTROL + 2, cmd);
	if (cmd == 0x1000 || cmd == 0x1001)
		fake_put64(data + CONTROL + 0x20, 0x8000);
	save(dir, name, data, CONTROL + (len < 0x188 ? len : 0x188));
}

static void save_attest(const char *dir, const char *name, uint8_t bits,
			uint64_t flags)
{
	uint8_t data[CONTROL + 0x188 + SEAL_MAX_REQUEST] = { 2, bits };
	uint8_t *block = data + CONTROL;
	struct seal_request request;
	size_t len;

	fake_put16(block, 0x188);
	fake_put16(block + 2, 0x1020);
	fake_put16(block + 0x2e, 5);
	memcpy(block + 0x30, "hello", 5);
	fake_put32(block + 0x13c, 64);
	fake_put32(block + 0x15c, 448);
	seal_request_init(&request, fake_keys()->customer, fake_keys()->host);
	request.flags = flags;
	len = seal_request(&request, block + 0x188);
	save(dir, name, data, CONTROL + 0x188 + len);
}

static void save_add_secret(const char *dir)
{
	uint8_t data[CONTROL + 0x188 + SEAL_MAX_ASRCB] = { 2, 5 };
	uint8_t *block = data + CONTROL;
	struct seal_secret secret;
	size_t len;

	fake_put16(block, 0x48);
	fake_put16(block + 2, 0x1031);
	seal_secret_init(&secret, fake_keys()->customer, fake_keys()->host);
	len = seal_secret(&secret, block + 0x188);
	save(dir, "add-secret", data, CONTROL + 0x188 + len);
}

/* Bit 0 of @bits: the encrypted area is given in plain. */
static void save_asrcb(const char *dir, const char *name, uint8_t bits,
		       uint16_t type, size_t size)
{
	uint8_t data[2 + SEAL_MAX_ASRCB] = { 0, bits };
	struct seal_secret secret;
	size_t len;

	seal_secret_init(&secret, fake_keys()->customer, fake_keys()->backup);
	seal_secret_fill(&secret, type, "seed", 0x11, size);
	len = seal_secret(&secret, data + 2);
	if (bits & 1) {
		memcpy(data + 2 + len - 48 - size, secret.secret, size);
		memset(data + 2 + len - 48, 0, 32);
	}
	save(dir, name, data, 2 + len);
}

static void save_header(const char *dir, const char *name, uint8_t again,
			size_t slots)
{
	uint8_t data[2 + 8192] = { 2, again };
	struct seal_header header;
	size_t len;

	seal_header_init(&header, fake_keys()->customer, fake_keys()->backup);
	header.hosts[slots - 1] = fake_keys()->host;
	header.nks = slots;
	header.pcf = 0xe0;
	len = seal_header(&header, data + 2);
	save(dir, name, data, 2 + len);
}

#define BLOCK_ROOM	0xe8
#define HEADER		0x14000
#define IMAGE_END	0x18000

/*
 * Three pages in two components.  What is stored there is what fuzz_boot fills
 * storage with, so a seed needs no more than block and header.
 */
static void make_image(struct seal_image *image, uint8_t *memory, uint64_t pcf)
{
	static uint8_t pages[0x3000];

	memset(pages, 0x99, sizeof(pages));
	*image = (struct seal_image){
		.header_addr = HEADER,
		.components = {
			{ 0x28, 0x15000, pages, 0x2000 },
			{ 0x3c, 0x17000, pages, 0x1000 },
		},
		.count = 2,
	};
	seal_header_init(&image->header, fake_keys()->customer,
			 fake_keys()->host);
	memset(image->header.xts, 0x42, 32);
	image->header.pcf = 0x10000000;
	seal_image(image, memory);
	image->header.pcf = pcf;
	seal_header(&image->header, memory + HEADER);
}

static void save_ipib(const char *dir, const char *name, uint32_t len)
{
	uint8_t data[2 + 4096] = { 0, FAKE_PAGES };
	uint8_t memory[IMAGE_END];
	struct seal_image image;

	make_image(&image, memory, 0);
	seal_ipib(&image, data + 2);
	if (len)
		fake_put32(data + 2, len);
	save(dir, name, data, 2 + BLOCK_ROOM);
}

static void save_boot(const char *dir, const char *name, uint8_t bits,
		      uint64_t pcf)
{
	uint8_t data[3 + 4096] = { bits, 2, 1 };
	uint8_t memory[IMAGE_END];
	struct seal_image image;

	make_image(&image, memory, pcf);
	seal_ipib(&image, data + 3);
	memcpy(data + 3 + BLOCK_ROOM, memory + HEADER, image.header_len);
	save(dir, name, data, 3 + BLOCK_ROOM + image.header_len);
}

/*
 * Steps of fuzz_host: what, who, where, how.  A guest with a CPU, then its
 * first page on its way.
 */
static void save_host(const char *dir, const char *name, const uint8_t *steps,
		      size_t count)
{
	static const uint8_t start[] = {
		0, 0, 0, 0,	/* create configuration */
		1, 0, 0, 0,	/* create CPU */
		9, 0, 0, 0,	/* map */
		15, 0, 0, 3,	/* verified */
		4, 0, 0, 0,	/* import */
		13, 0, 0, 0x5a,	/* the guest stores */
	};
	uint8_t data[256];

	memcpy(data, start, sizeof(start));
	memcpy(data + sizeof(start), steps, 4 * count);
	save(dir, name, data, sizeof(start) + 4 * count);
}

static void save_all_host(const char *dir)
{
	static const uint8_t round_trip[] = {
		7, 0, 0, 0, 4, 0, 0, 0, 7, 0, 0, 0, 14, 0, 0, 7, 4, 0, 0, 0,
	};
	static const uint8_t shared[] = {
		11, 0, 0, 1, 7, 0, 2, 0, 11, 0, 0, 0, 6, 0, 0, 0, 7, 0, 0, 0,
		4, 0, 0, 0, 11, 0, 0, 0,
	};
	static const uint8_t takeover[] = {
		11, 0, 0, 1, 0, 1, 0, 0, 9, 1, 0, 0, 4, 1, 0, 0, 2, 0, 0, 2,
		9, 0, 0, 1, 4, 0, 0, 0,
	};
	static const uint8_t reset[] = {
		15, 0, 0, 2, 3, 0, 0, 0x82, 2, 0, 0, 2, 2, 0, 0, 4, 3, 0, 0, 2,
		3, 0, 0, 0x85,
	};
	static const uint8_t abandoned[] = {
		3, 0, 0, 0, 2, 0, 0, 1, 0, 0, 0, 1, 9, 0, 0, 0, 4, 0, 0, 0,
		7, 0, 1, 0, 4, 0, 0, 0,
	};
	static const uint8_t dump[] = {
		2, 0, 0, 6, 17, 0, 0, 0, 17, 0, 0, 1, 17, 0, 1, 2, 7, 0, 0, 0,
		17, 0, 0, 6, 17, 0, 2, 3,
	};

	save_host(dir, "dump", dump, sizeof(dump) / 4);
	save_host(dir, "round-trip", round_trip, sizeof(round_trip) / 4);
	save_host(dir, "shared", shared, sizeof(shared) / 4);
	save_host(dir, "takeover", takeover, sizeof(takeover) / 4);
	save_host(dir, "reset", reset, sizeof(reset) / 4);
	save_host(dir, "abandoned", abandoned, sizeof(abandoned) / 4);
}

int main(int argc, char **argv)
{
	char dir[4000];

	if (argc != 2) {
		fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
		return 2;
	}
	snprintf(dir, sizeof(dir), "%s/fuzz_uvcb", argv[1]);
	save_call(dir, "query-guest", 1, 0x0001, 0x120);
	save_call(dir, "query-host", 0, 0x0001, 0x100);
	save_call(dir, "query-keys", 1, 0x0002, 0x200);
	save_call(dir, "share", 1, 0x1000, 0x30);
	save_call(dir, "unshare", 1, 0x1001, 0x30);
	save_attest(dir, "attest", 5, UINT64_C(0x7c00000000000000));
	save_attest(dir, "attest-seal-again", 7, UINT64_C(0x7c00000000000000));
	save_attest(dir, "attest-no-flags", 7, 0);
	save_add_secret(dir);
	save_call(dir, "list-secrets", 5, 0x1033, 0x48);
	save_call(dir, "lock-secrets", 1, 0x1034, 0x40);
	save_call(dir, "retrieve-secret", 5, 0x1035, 0x48);
	snprintf(dir, sizeof(dir), "%s/fuzz_asrcb", argv[1]);
	save_asrcb(dir, "association", 0, 0x02, 32);
	save_asrcb(dir, "null-seal-again", 1, 0x01, 0);
	save_asrcb(dir, "association-seal-again", 1, 0x02, 32);
	save_asrcb(dir, "plaintext-seal-again", 1, 0x03, 64);
	save_asrcb(dir, "key-seal-again", 0x11, 0x05, 24);
	save_asrcb(dir, "update-seal-again", 5, 0x16, 32);
	snprintf(dir, sizeof(dir), "%s/fuzz_header", argv[1]);
	save_header(dir, "one-slot", 0, 1);
	save_header(dir, "one-slot-seal-again", 1, 1);
	snprintf(dir, sizeof(dir), "%s/fuzz_ipib", argv[1]);
	save_ipib(dir, "pvimg", 0);
	save_ipib(dir, "genprotimg", 4096);
	snprintf(dir, sizeof(dir), "%s/fuzz_boot", argv[1]);
	save_boot(dir, "encrypted", 0, 0);
	save_boot(dir, "encrypted-seal-again", 1, 0);
	save_boot(dir, "plain-seal-again", 1, 0x10000000);
	save_boot(dir, "late-failure", 4, 0);
	save_boot(dir, "repeated", 8, 0);
	snprintf(dir, sizeof(dir), "%s/fuzz_host", argv[1]);
	save_all_host(dir);
	return 0;
}
