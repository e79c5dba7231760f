// SPDX-License-Identifier: MIT
/* SE headers in images, parts of images and disks. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "image_maker.h"
#include "se_find.h"
#include "se_header.h"
#include "tap.h"
#include "vectors.h"

#define MIB	((uint64_t)1024 * 1024)

/**
 * struct disk - zeros with some headers in it
 * @size: in bytes
 * @at: where a header stands, 0 ends the list
 * @damage: bytes of the header at at[i] are changed here, 0 for nowhere
 * @metadata: what the image's metadata names, 0 for no metadata
 * @broken: reads that reach this far fail, 0 for none
 * @reads: how often it was read
 */
struct disk {
	uint64_t size;
	uint64_t at[4];
	size_t damage[4];
	uint64_t metadata;
	uint64_t broken;
	unsigned int reads;
};

static uint8_t *header;
static size_t header_size;

static void make_header(void)
{
	static const struct pv_se_header head;
	static const struct pv_se_header_secret secret;
	static const uint8_t key[32];
	EVP_PKEY *host = vector_synthetic_key();
	const struct pv_se_seal_params params = {
		.head = &head, .secret = &secret, .header_key = key,
		.hosts = &host, .n_hosts = 1,
	};

	if (pv_se_header_seal(&header, &header_size, &params, NULL) < 0)
		abort();
	EVP_PKEY_free(host);
}

/* Copy what lies of @piece at @at within the @size bytes at @offset. */
static void overlay(uint8_t *out, uint64_t offset, size_t size,
		    const uint8_t *piece, uint64_t at, size_t piece_size)
{
	for (size_t i = 0; i < piece_size; i++)
		if (at + i >= offset && at + i < offset + size)
			out[at + i - offset] = piece[i];
}

static ssize_t read_disk(void *ctx, uint64_t offset, void *out, size_t size)
{
	struct disk *disk = ctx;
	uint8_t copy[640], metadata[28] = "SeImgLnx";

	disk->reads++;
	if (disk->broken && offset + size > disk->broken) {
		errno = EIO;
		return -1;
	}
	if (offset >= disk->size)
		return 0;
	if (size > disk->size - offset)
		size = (size_t)(disk->size - offset);
	memset(out, 0, size);
	for (int i = 0; i < 4 && disk->at[i]; i++) {
		memcpy(copy, header, sizeof(copy));
		if (disk->damage[i])
			copy[disk->damage[i]] ^= 0x40;
		overlay(out, offset, size, copy, disk->at[i], sizeof(copy));
	}
	for (int i = 0; i < 8; i++)
		metadata[8 + i] = (uint8_t)(disk->metadata >> (56 - 8 * i));
	if (disk->metadata)
		overlay(out, offset, size, metadata, 0xc000, 28);
	return (ssize_t)size;
}

/* Return: was exactly the header found, at @want? */
static bool finds(struct disk *disk, const struct pv_se_search *search,
		  uint64_t want)
{
	const struct pv_source source = { read_disk, disk };
	struct pv_buffer found;
	struct pv_error err = { 0 };
	uint64_t offset = 1;
	bool good;

	good = pv_se_header_find(&found, &offset, &source, search, &err) == 0 &&
	       offset == want && found.size == header_size &&
	       memcmp(found.data, header, header_size) == 0;
	if (!good)
		tap_note("offset 0x%llx: %s", (unsigned long long)offset,
			 err.text);
	pv_buffer_free(&found);
	return good;
}

static enum pv_error_code fails(struct disk *disk,
				const struct pv_se_search *search,
				const char *text)
{
	const struct pv_source source = { read_disk, disk };
	struct pv_error err = { 0 };
	struct pv_buffer found;

	if (pv_se_header_find(&found, NULL, &source, search, &err) == 0) {
		pv_buffer_free(&found);
		return PV_OK;
	}
	if (!strstr(err.text, text) || found.data)
		tap_note("%s", err.text);
	return strstr(err.text, text) && !found.data ? err.code : PV_OK;
}

static void test_usual(void)
{
	struct disk disk = { .size = MIB, .at = { 0x14000 } };

	tap_ok(finds(&disk, NULL, 0x14000), "a header is found in its place");
	disk = (struct disk){ .size = MIB, .at = { 0x2000, 0x3000 },
			      .damage = { 0x26 } };
	tap_ok(finds(&disk, NULL, 0x3000), "a damaged one is passed over");
	disk.damage[1] = 0x0a;
	tap_ok(fails(&disk, NULL, "key slots") == PV_ERR_LIMIT,
	       "of damaged ones the first is spoken of");
	disk = (struct disk){ .size = MIB, .at = { 0x2000 },
			      .damage = { 0x0a } };
	tap_ok(fails(&disk, NULL, "version") == PV_ERR_UNSUPPORTED,
	       "a version that is not known is called so");
	disk = (struct disk){ .size = 0x14000 + 639, .at = { 0x14000 } };
	tap_ok(fails(&disk, NULL, "639 of 640") == PV_ERR_FORMAT,
	       "a header that is cut off is called so");
	disk = (struct disk){ .size = MIB };
	tap_ok(fails(&disk, NULL, "no SE header") == PV_ERR_FORMAT,
	       "zeros hold no header");
	disk = (struct disk){ .size = MIB, .at = { 0x14000 },
			      .broken = 0x8000 };
	tap_ok(fails(&disk, NULL, "Cannot read") == PV_ERR_IO,
	       "a disk that cannot be read is called so");
}

static void test_metadata(void)
{
	const struct pv_se_search deep = { .deep = true };
	struct disk disk = { .size = MIB, .at = { 0x2000, 0x80000 },
			     .metadata = 0x80000 };

	tap_ok(finds(&disk, NULL, 0x80000), "metadata comes first");
	disk.damage[1] = 0x26;
	tap_ok(fails(&disk, NULL, "key slots") == PV_ERR_LIMIT,
	       "if it leads to a damaged header, that is the answer");
	tap_ok(finds(&disk, &deep, 0x2000), "but a deep search goes on");
	disk.metadata = UINT64_MAX;
	tap_ok(fails(&disk, NULL, "impossible") == PV_ERR_FORMAT,
	       "it cannot lead beyond all files");
	tap_ok(finds(&disk, &deep, 0x2000), "which stops no deep search");
}

static void test_window(void)
{
	const struct pv_se_search all = { .start = 0x14000, .length = 0x4000 };
	struct disk disk = { .size = MIB, .at = { 0x2000, 0x17000, 0x18000 },
			     .metadata = 0x2000 };
	struct pv_se_search how = all;

	tap_ok(finds(&disk, &all, 0x17000),
	       "a window does not care for metadata, nor for what is before");
	how.length = 0x3000;
	tap_ok(fails(&disk, &how, "part of it") == PV_ERR_FORMAT,
	       "nor for what is behind it");
	how.length = 0x3001;
	tap_ok(finds(&disk, &how, 0x17000),
	       "its last byte may be the first of a header");
	how.length = UINT64_MAX;
	how.start = 0x18000;
	tap_ok(finds(&disk, &how, 0x18000), "it may be endless");
	how.start = 0x19000;
	tap_ok(fails(&disk, &how, "part of it") == PV_ERR_FORMAT,
	       "and hold nothing");
	disk = (struct disk){ .size = MIB, .at = { 0x17200 } };
	tap_ok(fails(&disk, &all, "part of it") == PV_ERR_FORMAT,
	       "headers begin with a page there");
}

static void test_usage(void)
{
	static const struct {
		const char *what;
		struct pv_se_search how;
	} searches[] = {
		{ "a start without a length", { .start = 0x1000 } },
		{ "an odd start", { .start = 0x1200, .length = 0x1000 } },
		{ "a start beyond all files",
		  { .start = UINT64_C(1) << 63, .length = 1 } },
		{ "a deep search of a window", { .deep = true, .length = 1 } },
	};
	struct disk disk = { .size = MIB, .at = { 0x14000 } };

	for (size_t i = 0; i < ARRAY_SIZE(searches); i++)
		tap_ok(fails(&disk, &searches[i].how, "") == PV_ERR_USAGE &&
		       disk.reads == 0, "refused: %s", searches[i].what);
}

static void test_deep(void)
{
	/* Around the borders of large reads too. */
	static const uint64_t places[] = {
		0x200, 0x15000, 0x3fe00, 0x40000, 0x40200, 0x7fe00, 0x80000,
		5 * MIB + 0x600,
	};
	const struct pv_se_search deep = { .deep = true };
	struct disk disk;

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		disk = (struct disk){ .size = 6 * MIB, .at = { places[i] } };
		tap_ok(finds(&disk, &deep, places[i]),
		       "a deep search finds a header at 0x%llx",
		       (unsigned long long)places[i]);
	}
	disk.size = places[7] + 640;
	tap_ok(finds(&disk, &deep, places[7]), "at the very end too");
	disk.size--;
	tap_ok(fails(&disk, &deep, "cut off") == PV_ERR_FORMAT,
	       "but not beyond it");
	disk = (struct disk){ .size = 6 * MIB,
			      .at = { 0x600, 0x30000, 0x200000, 0x200400 },
			      .damage = { 0x0e, 0x2f, 0x26 } };
	tap_ok(finds(&disk, &deep, 0x200400),
	       "candidates that are no headers are passed over");
	disk.damage[3] = 0x0c;
	tap_ok(fails(&disk, &deep, "") != PV_OK, "even if there are no others");
	disk = (struct disk){ .size = 6 * MIB, .at = { 0x1234 } };
	tap_ok(fails(&disk, &deep, "no SE header") == PV_ERR_FORMAT,
	       "headers begin with a sector");
	disk = (struct disk){ .size = 512 * MIB };
	tap_ok(fails(&disk, &deep, "no SE header") == PV_ERR_FORMAT &&
	       disk.reads < 512 * 8, "a disk is read in large pieces");
}

/* Files; the same calls serve block devices. */
static void test_files(void)
{
	struct pv_se_image_spec spec;
	struct pv_se_image_map map;
	struct pv_error err = { 0 };
	struct pv_buffer found;
	uint64_t offset = 0;
	EVP_PKEY *host;

	maker_kernel("kernel", 0x12345, 0);
	maker_spec(&spec, &host);
	for (int i = 0; i < PV_SE_N_LAYOUTS; i++) {
		spec.layout = i;
		tap_ok(!maker_create(&spec, &map, &err) &&
		       !pv_se_header_read(&found, &offset, maker_path("image"),
					  NULL, &err) &&
		       offset == 0x14000 && found.size == 640,
		       "a header is read from an image of layout %d", i);
		pv_buffer_free(&found);
	}
	tap_ok(pv_se_header_read(&found, NULL, maker_path("kernel"), NULL,
				 &err) < 0 && strstr(err.text, "kernel"),
	       "a file without one is named");
	pv_se_image_spec_wipe(&spec);
	EVP_PKEY_free(host);
}

static void test_no_files(void)
{
	static const struct {
		const char *path, *text;
	} files[] = {
		{ "/nonexistent", "/nonexistent" },
		{ "/", "directory" },
	};
	struct pv_buffer found;
	struct pv_error err;
	int pipe_fd[2];
	char path[64];

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		err = (struct pv_error){ 0 };
		tap_ok(pv_se_header_read(&found, NULL, files[i].path, NULL,
					 &err) < 0 && err.code == PV_ERR_IO &&
		       strstr(err.text, files[i].text), "refused: %s",
		       files[i].path);
	}
	if (pipe(pipe_fd) < 0)
		abort();
	snprintf(path, sizeof(path), "/dev/fd/%d", pipe_fd[0]);
	err = (struct pv_error){ 0 };
	tap_ok(pv_se_header_read(&found, NULL, path, NULL, &err) < 0 &&
	       err.code == PV_ERR_IO && strstr(err.text, "pipe"),
	       "refused: a pipe");
	close(pipe_fd[0]);
	close(pipe_fd[1]);
	err = (struct pv_error){ 0 };
	tap_ok(pv_se_header_read(&found, NULL, "/dev/zero",
				 &(struct pv_se_search){ .deep = true },
				 &err) < 0 && err.code == PV_ERR_IO,
	       "refused: a deep search of what never ends");
}

int main(void)
{
	tap_start();
	if (!tap_ok(maker_start("se_find_test"),
		    "a scratch directory can be made"))
		return tap_done();
	make_header();
	test_usual();
	test_metadata();
	test_window();
	test_usage();
	test_deep();
	test_files();
	test_no_files();
	free(header);
	tap_ok(maker_end(), "scratch files are removed");
	return tap_done();
}
