// SPDX-License-Identifier: MIT
/*
 * The reader of images: searches of each kind over any bytes.
 *
 * The first bytes of an input say how to search; the rest is put where readers
 * look, with zeros between, so that short inputs reach them.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzzer.h"
#include "se_find.h"
#include "se_header.h"

#define IMAGE_SIZE	0x20000

static uint8_t image[IMAGE_SIZE];

static void need(int done)
{
	if (!done)
		abort();
}

/* Sometimes less than asked for is an error, never more than there is. */
static ssize_t read_image(void *ctx, uint64_t offset, void *out, size_t size)
{
	const size_t image_size = *(const size_t *)ctx;

	if (offset >= image_size)
		return 0;
	if (size > image_size - offset)
		size = (size_t)(image_size - offset);
	memcpy(out, image + offset, size);
	return (ssize_t)size;
}

static void search(size_t image_size, const struct pv_se_search *how)
{
	const struct pv_source source = { read_image, &image_size };
	struct pv_buffer found;
	struct pv_se_view view;
	struct pv_error err = { 0 };
	uint64_t offset = UINT64_MAX;

	if (pv_se_header_find(&found, &offset, &source, how, &err) < 0) {
		need(err.code != PV_OK && *err.text && !found.data);
		return;
	}
	need(offset < image_size && found.size <= image_size - offset);
	need(!memcmp(found.data, image + offset, found.size));
	need(!pv_se_header_parse(&view, found.data, found.size, NULL));
	need(!how->length || (offset >= how->start &&
			      offset - how->start < how->length &&
			      offset % 4096 == 0));
	pv_buffer_free(&found);
}

static const char *const magics[] = {
	"", "IBMSecEx\0\0\1\0\0\0\2\x80", "SeImgLnx\0\0\0\0\0\1\x40\0\0\0\0\1",
};

static const size_t magic_sizes[] = { 0, 16, 20 };

/* Two pieces of the input, each at any sector, with or without a magic. */
static size_t lay_out(const uint8_t *data, size_t size)
{
	size_t end = 0;

	for (int i = 0; i < 2; i++) {
		const size_t piece = i ? size - size / 2 : size / 2;
		size_t at, skip;

		if (piece < 2)
			break;
		at = data[0] * (size_t)512 % (IMAGE_SIZE - 0x8000);
		skip = magic_sizes[data[1] % 3];
		memcpy(image + at, magics[data[1] % 3], skip);
		if (piece - 2 > skip)
			memcpy(image + at + skip, data + 2 + skip,
			       piece - 2 - skip < 0x7000 ? piece - 2 - skip :
			       0x7000);
		if (at + piece > end)
			end = at + piece;
		data += piece;
	}
	return end < IMAGE_SIZE ? end : IMAGE_SIZE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pv_se_search how = { 0 };
	size_t image_size;

	if (size < 6)
		return 0;
	how.deep = data[0] & 1;
	if (data[0] & 2) {
		how.start = data[1] * (uint64_t)(data[0] & 4 ? 4096 : 1024);
		how.length = data[2] * (uint64_t)(data[0] & 8 ? 4096 : 1);
	}
	memset(image, 0, sizeof(image));
	image_size = lay_out(data + 3, size - 3);
	search(image_size, &how);
	return 0;
}
