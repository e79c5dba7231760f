// SPDX-License-Identifier: MIT
/*
 * How long an SE image takes against what the processor allows.
 *
 *	image_bench DIRECTORY MEBIBYTES ROUNDS
 *
 * The limit is one core that does nothing but AES-256-XTS and SHA-512 over the
 * same number of bytes, measured between the images.  Scratch files, twice
 * the size of the ramdisk, are made in DIRECTORY and removed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/evp.h>

#include "bench.h"
#include "se_image.h"

#define KERNEL_SIZE	(128 * 1024)

static char kernel[4096], ramdisk[4096], image[4096];

static void fail(const char *what, const char *why)
{
	fprintf(stderr, "image_bench: %s: %s\n", what, why);
	unlink(kernel);
	unlink(ramdisk);
	exit(1);
}

/* @size bytes that do not repeat within a mebibyte, on the disk. */
static void make_file(const char *path, size_t size, const char *magic)
{
	static uint8_t part[MIB];
	FILE *file = fopen(path, "w");

	for (size_t i = 0; i < sizeof(part); i++)
		part[i] = (uint8_t)(i * 7 + i / 256 * 13 + i / 65536);
	memset(part + 0x10430, 0, 8);
	memcpy(part + 0x10008, magic, strlen(magic));
	for (size_t done = 0; file && done < size; done += MIB)
		fwrite(part, 1, size - done < MIB ? size - done : MIB, file);
	if (!file || fflush(file) || fsync(fileno(file)) || fclose(file))
		fail(path, "cannot be written");
}

/* One core, nothing but the unavoidable. */
static double limit(size_t size)
{
	static uint8_t data[64 * 1024], key[64] = { 1 }, digest[64];
	EVP_CIPHER_CTX *xts = EVP_CIPHER_CTX_new();
	EVP_MD_CTX *sha = EVP_MD_CTX_new();
	uint64_t tweak[2] = { 0 };
	double start = bench_now();
	int n;

	if (!xts || !sha || !EVP_DigestInit(sha, EVP_sha512()) ||
	    !EVP_EncryptInit(xts, EVP_aes_256_xts(), key, NULL))
		fail("libcrypto", "does not start");
	for (size_t done = 0; done < size; done += sizeof(data)) {
		for (size_t i = 0; i < sizeof(data); i += 4096) {
			tweak[1]++;
			EVP_EncryptInit(xts, NULL, NULL, (uint8_t *)tweak);
			EVP_EncryptUpdate(xts, data + i, &n, data + i, 4096);
		}
		EVP_DigestUpdate(sha, data, sizeof(data));
	}
	EVP_DigestFinal(sha, digest, NULL);
	EVP_CIPHER_CTX_free(xts);
	EVP_MD_CTX_free(sha);
	return bench_now() - start;
}

static double create(struct pv_se_image_spec *spec)
{
	struct pv_error err = { 0 };
	double start = bench_now();
	struct pv_output *output;

	output = pv_output_open(image, PV_OUTPUT_SECRET, &err);
	if (!output || pv_se_image_create(output, spec, NULL, &err) < 0 ||
	    pv_output_commit(output, &err) < 0)
		fail("image", err.text);
	pv_output_close(output, true);
	start = bench_now() - start;
	unlink(image);
	return start;
}

static void run(size_t mib, size_t rounds)
{
	static const uint8_t stage[8192];
	double best_limit = 0, best = 0;
	struct pv_se_image_spec spec;
	EVP_PKEY *host = EVP_EC_gen("P-521");
	struct pv_error err = { 0 };

	if (!host || pv_se_image_spec_init(&spec, &err) < 0)
		fail("keys", err.text);
	spec.kernel = kernel;
	spec.ramdisk = ramdisk;
	spec.stages = (struct pv_se_stages){ stage, sizeof(stage), stage,
					     sizeof(stage) };
	spec.hosts = &host;
	spec.n_hosts = 1;
	for (size_t i = 0; i < rounds; i++) {
		bench_keep_best(&best_limit, limit(mib * MIB));
		bench_keep_best(&best, create(&spec));
	}
	printf("%.1f %.1f %.3f %lu\n", best, best_limit, best / best_limit,
	       bench_peak_kib());
	pv_se_image_spec_wipe(&spec);
	EVP_PKEY_free(host);
}

/* Prints: milliseconds for an image, the limit's, their ratio, peak KiB. */
int main(int argc, char **argv)
{
	size_t mib = argc == 4 ? strtoul(argv[2], NULL, 10) : 0;
	size_t rounds = argc == 4 ? strtoul(argv[3], NULL, 10) : 0;

	if (mib < 1 || mib > 2000 || rounds < 1 || rounds > MAX_ROUNDS) {
		fputs("usage: image_bench DIRECTORY MEBIBYTES ROUNDS\n",
		      stderr);
		return 2;
	}
	snprintf(kernel, sizeof(kernel), "%s/bench.kernel", argv[1]);
	snprintf(ramdisk, sizeof(ramdisk), "%s/bench.ramdisk", argv[1]);
	snprintf(image, sizeof(image), "%s/bench.image", argv[1]);
	make_file(kernel, KERNEL_SIZE, PV_KERNEL_MAGIC);
	make_file(ramdisk, mib * MIB, "");
	run(mib, rounds);
	unlink(kernel);
	unlink(ramdisk);
	return 0;
}
