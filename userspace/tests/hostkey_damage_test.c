// SPDX-License-Identifier: MIT
/* Damaged, cut, prolonged and oversized files in every role. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "hostkey_mint.h"
#include "tap.h"

#define N_ROLES		7
#define FLIPS		150
#define CUTS		40

enum role { HOST, SIGNING, CA, ROOT, SIGNING_CRL, CA_CRL, ROOT_CRL };

static const char *const names[N_ROLES] = {
	[HOST] = "host.der",
	[SIGNING] = "signing.der",
	[CA] = "ca.der",
	[ROOT] = "root.der",
	[SIGNING_CRL] = "signing-crl.der",
	[CA_CRL] = "ca-crl.der",
	[ROOT_CRL] = "root-crl.der",
};

static const char *good[N_ROLES], *scratch;

/* Verification with one file replaced by the scratch file. */
static int verify_with(int replaced, struct pv_error *err)
{
	const char *paths[N_ROLES];
	const struct pv_verify_params params = {
		.certs = &paths[SIGNING], .n_certs = 2,
		.crls = &paths[SIGNING_CRL], .n_crls = 3,
		.root_ca = good[ROOT], .now = MINT_NOW,
	};
	struct pv_verify_params with_root = params;
	struct pv_hostkey *key;
	int ret;

	memcpy(paths, good, sizeof(paths));
	if (replaced >= 0)
		paths[replaced] = scratch;
	with_root.root_ca = paths[ROOT];
	if (pv_hostkey_load(&key, paths[HOST], err))
		return -1;
	ret = pv_hostkeys_verify(&key, 1, &with_root, err);
	pv_hostkey_free(key);
	return ret;
}

static void store(const void *data, size_t size)
{
	FILE *file = fopen(scratch, "w");

	if (!file || fwrite(data, 1, size, file) != size || fclose(file)) {
		printf("Bail out! %s cannot be written\n", scratch);
		exit(EXIT_FAILURE);
	}
}

/* An error without a sentence, or without a file's name, is no help. */
static bool refused_with_a_sentence(int role)
{
	struct pv_error err = { 0 };

	if (!verify_with(role, &err))
		return false;
	return err.code != PV_OK && strchr(err.text, '/') &&
	       strchr(err.text, ' ');
}

static void test_flips(int role, struct pv_buffer *file)
{
	size_t accepted = 0, bit = 0, last = 0;

	for (int i = 0; i < FLIPS; i++) {
		bit = (size_t)random() % (8 * file->size);
		file->data[bit / 8] ^= 1u << bit % 8;
		store(file->data, file->size);
		if (!refused_with_a_sentence(role)) {
			accepted++;
			last = bit;
		}
		file->data[bit / 8] ^= 1u << bit % 8;
	}
	if (!tap_ok(!accepted, "%s: %d flipped bits, one at a time: refused",
		    names[role], FLIPS))
		tap_note("bit %zu of byte %zu was not noticed", last % 8,
			 last / 8);
}

static void test_cuts(int role, const struct pv_buffer *file)
{
	size_t accepted = 0;

	for (int i = 0; i < CUTS; i++) {
		store(file->data, (size_t)random() % file->size);
		if (!refused_with_a_sentence(role))
			accepted++;
	}
	tap_ok(!accepted, "%s: cut at %d places: refused", names[role], CUTS);
}

static void test_surplus(int role, const struct pv_buffer *file)
{
	uint8_t *longer = calloc(1, file->size + 1);

	if (!longer)
		abort();
	memcpy(longer, file->data, file->size);
	store(longer, file->size + 1);
	free(longer);
	tap_ok(refused_with_a_sentence(role), "%s: a byte behind it: refused",
	       names[role]);
}

static void test_oversized(int role, const struct pv_buffer *file)
{
	const off_t max = role >= SIGNING_CRL ? 16 << 20 : 1 << 20;
	struct pv_error err = { 0 };

	store(file->data, file->size);
	if (truncate(scratch, max + 1))
		abort();
	tap_ok(verify_with(role, &err) && err.code == PV_ERR_LIMIT,
	       "%s: a byte more than %lld: refused for its size", names[role],
	       (long long)max);
}

/*
 * The algorithm outside of what is signed is covered by no signature: NULL
 * parameters become another empty type.
 */
static void test_outer_algorithm(int role, struct pv_buffer *file)
{
	static const uint8_t pattern[] = { 5, 0, 3, 0x82, 1, 1 };
	size_t at = file->size - sizeof(pattern);

	while (at && memcmp(file->data + at, pattern, sizeof(pattern)))
		at--;
	file->data[at] = 7;
	store(file->data, file->size);
	tap_ok(at && refused_with_a_sentence(role),
	       "%s: altered algorithm outside of what is signed: refused",
	       names[role]);
	file->data[at] = 5;
}

static void test_role(int role)
{
	struct pv_buffer file;
	struct pv_error err = { 0 };

	if (!tap_ok(!pv_file_read(&file, good[role], 1 << 20, &err),
		    "%s is there", names[role]))
		return;
	store(file.data, file.size);
	tap_ok(!verify_with(role, NULL), "%s: a copy is accepted", names[role]);
	test_flips(role, &file);
	test_cuts(role, &file);
	test_surplus(role, &file);
	test_oversized(role, &file);
	test_outer_algorithm(role, &file);
	pv_buffer_free(&file);
}

static void test_endless(void)
{
	struct pv_error err = { 0 };
	struct pv_hostkey *key;

	tap_ok(pv_hostkey_load(&key, "/dev/zero", &err) < 0 &&
	       err.code == PV_ERR_LIMIT && !key,
	       "an endless file is refused for its size");
	err = (struct pv_error){ 0 };
	tap_ok(pv_hostkey_load(&key, "/", &err) < 0 && err.code == PV_ERR_IO,
	       "a directory is refused");
}

int main(void)
{
	struct mint *mint = mint_open();

	if (!mint)
		return EXIT_FAILURE;
	tap_start();
	srandom((unsigned int)tap_seed());
	for (int role = 0; role < N_ROLES; role++)
		good[role] = mint_pki(mint, names[role]);
	scratch = mint_file(mint, "hostkey-damage.der");
	tap_ok(!verify_with(-1, NULL), "all files as they are: accepted");
	for (int role = 0; role < N_ROLES; role++)
		test_role(role);
	test_endless();
	mint_close(mint);
	return tap_done();
}
