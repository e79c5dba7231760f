// SPDX-License-Identifier: MIT
/*
 * How long a dump takes to decrypt against what this computer allows.
 *
 *	dump_bench DIRECTORY MEBIBYTES ROUNDS
 *
 * The limit is what takes longer: all cores that do nothing but AES-256-XTS
 * over the same number of bytes, or a plain copy of the same file, stored like
 * the result.  Scratch files, twice the size of the memory, are made in
 * DIRECTORY and removed.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "bench.h"
#include "dump_decrypt.h"
#include "dump_maker.h"

static char dump_path[4096], core_path[4096];

static void fail(const char *what, const char *why)
{
	fprintf(stderr, "dump_bench: %s: %s\n", what, why);
	unlink(dump_path);
	unlink(core_path);
	exit(1);
}

static uint8_t encrypted(uint64_t page)
{
	(void)page;
	return 0;
}

static void pattern(uint64_t page, uint8_t *out)
{
	memset(out, (int)(page % 255) + 1, 4096);
}

static void make_dump(size_t mib)
{
	struct dump_recipe recipe;
	FILE *file = fopen(dump_path, "w");

	dump_recipe_vector(&recipe);
	recipe.pages = mib * 256;
	recipe.entries = recipe.pages;
	recipe.flags = encrypted;
	recipe.content = pattern;
	if (!file)
		fail(dump_path, "cannot be written");
	dump_make(file, &recipe);
	if (fflush(file) || fsync(fileno(file)) || fclose(file))
		fail(dump_path, "cannot be written");
}

/* One core, nothing but the unavoidable. */
static double cipher_limit(size_t size)
{
	static uint8_t data[64 * 1024], key[64] = { 1 };
	EVP_CIPHER_CTX *xts = EVP_CIPHER_CTX_new();
	uint64_t tweak[2] = { 0 };
	double start = bench_now();
	int n;

	if (!xts || !EVP_DecryptInit(xts, EVP_aes_256_xts(), key, NULL))
		fail("libcrypto", "does not start");
	for (size_t done = 0; done < size; done += sizeof(data)) {
		for (size_t i = 0; i < sizeof(data); i += 4096) {
			tweak[1]++;
			EVP_DecryptInit(xts, NULL, NULL, (uint8_t *)tweak);
			EVP_DecryptUpdate(xts, data + i, &n, data + i, 4096);
		}
	}
	EVP_CIPHER_CTX_free(xts);
	return bench_now() - start;
}

static double copy(void)
{
	static uint8_t data[MIB];
	double start = bench_now();
	int in = open(dump_path, O_RDONLY);
	int out = open(core_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ssize_t n;

	if (in < 0 || out < 0)
		fail(core_path, "cannot be copied");
	while ((n = read(in, data, sizeof(data))) > 0)
		if (write(out, data, (size_t)n) != n)
			fail(core_path, "cannot be written");
	if (n < 0 || fsync(out) || close(out))
		fail(core_path, "cannot be written");
	close(in);
	start = bench_now() - start;
	unlink(core_path);
	return start;
}

static double decrypt(void)
{
	const struct pv_dump_decrypt_spec spec = { .cancel_fd = -1 };
	struct pv_error err = { 0 };
	struct pv_output *output;
	double start = bench_now();
	struct pv_dump dump;
	uint8_t cck[32];

	dump_vector_cck(cck);
	if (pv_dump_open(&dump, dump_path, &err) < 0 ||
	    pv_dump_unlock(&dump, cck, &err) < 0)
		fail("dump", err.text);
	output = pv_output_open(core_path, PV_OUTPUT_SECRET, &err);
	if (!output || pv_dump_decrypt(output, &dump, &spec, &err) < 0 ||
	    pv_output_commit(output, &err) < 0)
		fail("decryption", err.text);
	pv_output_close(output, true);
	pv_dump_close(&dump);
	start = bench_now() - start;
	unlink(core_path);
	return start;
}

static int count_cores(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		fail("processors", "cannot be counted");
	return CPU_COUNT(&set);
}

static void run(size_t mib, size_t rounds)
{
	double cipher = 0, plain = 0, best = 0, limit;

	for (size_t i = 0; i < rounds; i++) {
		bench_keep_best(&cipher, cipher_limit(mib * MIB));
		bench_keep_best(&plain, copy());
		bench_keep_best(&best, decrypt());
	}
	cipher /= count_cores();
	limit = cipher > plain ? cipher : plain;
	printf("%.1f %.1f %.1f %.3f %lu\n", best, cipher, plain, limit / best,
	       bench_peak_kib());
}

/* Prints: milliseconds of decryption, both limits, their ratio, peak KiB. */
int main(int argc, char **argv)
{
	size_t mib = argc == 4 ? strtoul(argv[2], NULL, 10) : 0;
	size_t rounds = argc == 4 ? strtoul(argv[3], NULL, 10) : 0;

	if (mib < 1 || mib > 65536 || rounds < 1 || rounds > MAX_ROUNDS) {
		fputs("usage: dump_bench DIRECTORY MEBIBYTES ROUNDS\n",
		      stderr);
		return 2;
	}
	snprintf(dump_path, sizeof(dump_path), "%s/bench.dump", argv[1]);
	snprintf(core_path, sizeof(core_path), "%s/bench.core", argv[1]);
	make_dump(mib);
	run(mib, rounds);
	unlink(dump_path);
	return 0;
}
