// SPDX-License-Identifier: MIT
/* Finding SE headers in files of all kinds. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "boot_tags.h"
#include "tap.h"
#include "vectors.h"

#define HEADER_SIZE	640	/* one slot */

/* A file of @size bytes that holds @n pieces and zeros elsewhere. */
struct file {
	uint8_t *data;
	size_t size;
	int fail_errno;
};

static ssize_t read_memory(void *ctx, uint64_t offset, void *out, size_t size)
{
	const struct file *file = ctx;

	if (file->fail_errno) {
		errno = file->fail_errno;
		return -1;
	}
	if (offset >= file->size)
		return 0;
	if (size > file->size - offset)
		size = (size_t)(file->size - offset);
	memcpy(out, file->data + offset, size);
	return (ssize_t)size;
}

static int find(struct file *file, struct pv_boot_tags *tags,
		struct pv_error *err)
{
	const struct pv_source source = { read_memory, file };

	memset(err, 0, sizeof(*err));
	return pv_boot_tags_find(tags, &source, err);
}

static void make(struct file *file, size_t size)
{
	file->data = calloc(1, size ? size : 1);
	file->size = size;
	file->fail_errno = 0;
}

/* Layout of the SE header, version 1; boot tags as those of the vectors. */
static void put_header(struct file *file, size_t offset)
{
	uint8_t *h = file->data + offset;

	memset(h, 0xcc, HEADER_SIZE);
	memcpy(h, "IBMSecEx", 8);
	memcpy(h + 0x08, (uint8_t[]){ 0, 0, 1, 0 }, 4);
	memcpy(h + 0x0c, (uint8_t[]){ 0, 0, 2, 0x80 }, 4);
	memset(h + 0x1c, 0, 4);
	memcpy(h + 0x20, (uint8_t[]){ 0, 0, 0, 0, 0, 0, 0, 1 }, 8);
	memcpy(h + 0x28, (uint8_t[]){ 0, 0, 0, 0, 0, 0, 0, 128 }, 8);
	memset(h + 0x30, 0, 16);
	memset(h + 0xe0, 1, 64);
	memset(h + 0x120, 2, 64);
	memset(h + 0x160, 3, 64);
	memset(h + HEADER_SIZE - 16, 4, 16);
}

static void put_metadata(struct file *file, uint32_t header_offset,
			 uint8_t version)
{
	uint8_t *m = file->data + 0xc000;

	memcpy(m, "SeImgLnx", 8);
	memset(m + 8, 0, 20);
	for (int i = 0; i < 4; i++)
		m[15 - i] = (uint8_t)(header_offset >> (8 * i));
	m[19] = version;
}

static bool right(const struct pv_boot_tags *tags)
{
	struct pv_boot_tags want;

	vector_boot_tags(&want);
	return memcmp(tags, &want, sizeof(want)) == 0;
}

static void test_at(size_t offset, bool good)
{
	struct pv_boot_tags tags;
	struct pv_error err;
	struct file file;

	make(&file, offset + HEADER_SIZE);
	put_header(&file, offset);
	tap_ok(good ? find(&file, &tags, &err) == 0 && right(&tags) :
	       find(&file, &tags, &err) < 0 && err.code == PV_ERR_FORMAT,
	       "a header at 0x%zx is %s", offset, good ? "found" : "not found");
	free(file.data);
}

static void test_metadata(void)
{
	struct pv_boot_tags tags;
	struct pv_error err;
	struct file file;

	make(&file, 0x20000 + HEADER_SIZE);
	put_header(&file, 0x20000);
	tap_ok(find(&file, &tags, &err) < 0,
	       "a header beyond the searched pages is not found");
	put_metadata(&file, 0x20000, 1);
	tap_ok(find(&file, &tags, &err) == 0 && right(&tags),
	       "the image's metadata leads to it");
	put_metadata(&file, 0x20000, 2);
	tap_ok(find(&file, &tags, &err) == 0 && right(&tags),
	       "whatever version the metadata has");
	put_header(&file, 0x14000);
	put_metadata(&file, 0x1f000, 1);
	tap_ok(find(&file, &tags, &err) < 0 && err.code == PV_ERR_FORMAT &&
	       strstr(err.text, "0x1f000"),
	       "metadata that leads astray is an error, not a hint");
	memset(file.data + 0xc008, 0xff, 8);
	tap_ok(find(&file, &tags, &err) < 0 && err.code == PV_ERR_FORMAT,
	       "metadata with an impossible offset is refused");
	free(file.data);
}

static void test_first_wins(void)
{
	struct pv_boot_tags tags;
	struct pv_error err;
	struct file file;

	make(&file, 0x15000);
	put_header(&file, 0x14000);
	put_header(&file, 0x2000);
	memset(file.data + 0x20e0, 9, 64);
	tap_ok(find(&file, &tags, &err) == 0 && tags.pld[0] == 9,
	       "the first of several headers counts");
	free(file.data);
}

static void test_cut(void)
{
	unsigned int accepted = 0;
	struct pv_boot_tags tags;
	struct pv_error err;
	struct file file;

	make(&file, HEADER_SIZE);
	put_header(&file, 0);
	for (file.size = 0; file.size < HEADER_SIZE; file.size++)
		accepted += find(&file, &tags, &err) == 0;
	tap_ok(accepted == 0, "a header that is cut off is refused");
	free(file.data);
}

static const struct {
	const char *name;
	size_t offset;
	uint8_t value;
} damages[] = {
	{ "version", 0x0a, 2 },
	{ "size one too large", 0x0f, 0x81 },
	{ "size of a giant", 0x0c, 0xff },
	{ "size zero", 0x0e, 0 },
	{ "no slots", 0x27, 0 },
	{ "a slot too many", 0x27, 2 },
	{ "2^56 slots", 0x20, 1 },
	{ "encrypted area too large", 0x2f, 129 },
	{ "encrypted area of 2^56 bytes", 0x28, 1 },
};

static void test_damage(void)
{
	struct pv_boot_tags tags;
	struct pv_error err;
	struct file file;

	for (size_t i = 0; i < ARRAY_SIZE(damages); i++) {
		make(&file, 0x4000);
		put_header(&file, 0);
		file.data[damages[i].offset] = damages[i].value;
		tap_ok(find(&file, &tags, &err) < 0 && err.text[0],
		       "refused: %s", damages[i].name);
		free(file.data);
	}
}

static void test_io(void)
{
	struct pv_boot_tags tags;
	struct pv_error err;
	struct file file;

	make(&file, HEADER_SIZE);
	file.fail_errno = EIO;
	tap_ok(find(&file, &tags, &err) < 0 && err.code == PV_ERR_IO,
	       "a read error is one");
	free(file.data);
	memset(&err, 0, sizeof(err));
	tap_ok(pv_boot_tags_read(&tags, "/nonexistent", &err) < 0 &&
	       err.code == PV_ERR_IO && strstr(err.text, "/nonexistent"),
	       "a missing file is named");
	memset(&err, 0, sizeof(err));
	tap_ok(pv_boot_tags_read(&tags, "/", &err) < 0 &&
	       err.code == PV_ERR_IO, "a directory is refused");
	memset(&err, 0, sizeof(err));
	tap_ok(pv_boot_tags_read(&tags, "/dev/null", &err) < 0 &&
	       err.code == PV_ERR_FORMAT, "an empty file holds no header");
}

int main(void)
{
	tap_start();
	test_at(0, true);
	test_at(0x1000, true);
	test_at(0x14000, true);
	test_at(0x15000, false);
	test_at(8, false);
	test_at(0x800, false);
	test_metadata();
	test_first_wins();
	test_cut();
	test_damage();
	test_io();
	return tap_done();
}
