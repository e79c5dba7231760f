// SPDX-License-Identifier: MIT
/*
 * How fast an image is unpacked, against what one core can do at best: AES-XTS
 * page by page, and SHA-512 over the same bytes.  Then, how long it takes to
 * clear the storage of a guest that used little of it.
 */
#define _GNU_SOURCE		/* MAP_ANONYMOUS */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include <openssl/evp.h>

#include "fake_machine.h"
#include "seal_image.h"

#define MIB		(UINT64_C(1) << 20)
#define IMAGE_SIZE	(64 * MIB)
#define STORAGE		(512 * MIB)
#define HEADER		0x14000
#define KERNEL		0x100000
#define TURNS		9
#define AIM		0.85

static uint8_t *storage;

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

static enum uv_access read_abs(void *opaque, uint64_t addr, void *buf,
			       size_t len)
{
	(void)opaque;
	memcpy(buf, storage + addr, len);
	return UV_ACCESS_OK;
}

static enum uv_access write_abs(void *opaque, uint64_t addr, const void *buf,
				size_t len)
{
	(void)opaque;
	memcpy(storage + addr, buf, len);
	return UV_ACCESS_OK;
}

static struct uv_machine *make_machine(struct fake_machine *fake,
				       uint64_t size)
{
	struct uv_machine_params params = fake_params(fake, "z17");
	char *pem = seal_pem(fake_keys()->host);
	struct uv_machine *machine;

	params.memory_size = size;
	params.ops.read_abs = read_abs;
	params.ops.write_abs = write_abs;
	params.ops.rights_reduced = NULL;
	params.ops.log = NULL;
	machine = uv_machine_new(&params, NULL);
	need(machine && !uv_machine_set_host_key(machine, UV_HOST_KEY, pem,
						 strlen(pem), NULL),
	     "no machine");
	free(pem);
	return machine;
}

static void make_image(struct seal_image *image, const uint8_t *data)
{
	*image = (struct seal_image){
		.header_addr = HEADER,
		.components = { { 0x28, KERNEL, data, IMAGE_SIZE } },
		.count = 1,
	};
	seal_header_init(&image->header, fake_keys()->customer,
			 fake_keys()->host);
	memset(image->header.xts, 0x42, 32);
}

/* What cannot be done faster: all of it hashed, each page decrypted in place. */
static void limit(uint8_t *data)
{
	static const uint8_t key[64] = { 1 };
	EVP_CIPHER_CTX *xts = EVP_CIPHER_CTX_new();
	uint8_t tweak[16] = { 0 }, hash[64];
	int len;

	EVP_Digest(data, IMAGE_SIZE, hash, NULL, EVP_sha512(), NULL);
	EVP_DecryptInit_ex2(xts, EVP_aes_256_xts(), key, tweak, NULL);
	for (uint64_t at = 0; at < IMAGE_SIZE; at += SEAL_PAGE) {
		EVP_DecryptInit_ex2(xts, NULL, NULL, tweak, NULL);
		EVP_DecryptUpdate(xts, data + at, &len, data + at, SEAL_PAGE);
	}
	EVP_CIPHER_CTX_free(xts);
}

static struct uv_config *boot(struct uv_machine *machine,
			      const struct seal_image *image)
{
	struct uv_config *config;
	uint8_t block[4096];
	struct uv_error err;
	struct uv_ipib ipib;
	struct uv_psw psw;
	uint64_t code;

	seal_ipib(image, block);
	need(!uv_ipib_parse(&ipib, block, STORAGE, &err), err.text);
	config = uv_boot_image(machine, &ipib, &psw, &code, &err);
	need(config, err.text);
	return config;
}

static void least(double *best, double start)
{
	double time = now() - start;

	if (!*best || time < *best)
		*best = time;
}

/**
 * struct times - the shortest of all turns, in seconds
 * @limit: what one core needs at least
 * @unpack: the boot of a machine that the image fills
 * @end: clearing a large machine of which the image is all that was used
 */
struct times {
	double limit;
	double unpack;
	double end;
};

static void one_turn(struct uv_machine *small, struct uv_machine *large,
		     const uint8_t *data, struct times *times)
{
	struct uv_config *config;
	struct seal_image image;
	double start;

	make_image(&image, data);
	seal_image(&image, storage);
	start = now();
	limit(storage + KERNEL);
	least(&times->limit, start);

	seal_image(&image, storage);
	start = now();
	config = boot(small, &image);
	least(&times->unpack, start);
	uv_config_end(small, config);

	seal_image(&image, storage);
	config = boot(large, &image);
	start = now();
	uv_config_end(large, config);
	least(&times->end, start);
}

static uint8_t *make_data(void)
{
	uint8_t *data = malloc(IMAGE_SIZE);

	need(data, "no memory");
	for (uint64_t i = 0; i < IMAGE_SIZE; i++)
		data[i] = (uint8_t)(i % 251);
	return data;
}

static void report(const struct times *times)
{
	const double size = (double)(IMAGE_SIZE / MIB);

	printf("libultravisor: unpack and verify:          %8.1f MiB/s\n",
	       size / times->unpack);
	printf("libultravisor: AES-256-XTS and SHA-512:    %8.1f MiB/s, the limit\n",
	       size / times->limit);
	printf("libultravisor: ratio of the two:           %8.2f (aim: %.2f)\n",
	       times->limit / times->unpack, AIM);
	printf("libultravisor: a guest's %d MiB cleared:   %8.3f s\n",
	       (int)(STORAGE / MIB), times->end);
}

int main(void)
{
	struct fake_machine *fake = fake_new("z17");
	struct uv_machine *small = make_machine(fake, KERNEL + IMAGE_SIZE);
	struct uv_machine *large = make_machine(fake, STORAGE);
	uint8_t *data = make_data();
	struct times times = { 0 };

	/* Pages that nobody touched cost nothing until they are written. */
	storage = mmap(NULL, STORAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	need(storage != MAP_FAILED, "no memory for storage");
	for (int i = 0; i < TURNS; i++)
		one_turn(small, large, data, &times);
	report(&times);
	uv_machine_free(small);
	uv_machine_free(large);
	munmap(storage, STORAGE);
	free(data);
	fake_free(fake);
	return 0;
}
