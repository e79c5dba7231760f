// SPDX-License-Identifier: MIT
/*
 * Headers in images.  To reach the interesting places with short inputs, the
 * input is laid out three times: at the start, at 0xc000 and at 0x14000.
 */
#include <string.h>

#include <pv/se_header.h>

#include "boot_tags.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *data;
	size_t size;
};

static ssize_t read_input(void *ctx, uint64_t offset, void *out, size_t size)
{
	static const uint64_t places[] = { 0x14000, 0xc000, 0 };
	const struct input *input = ctx;
	uint64_t start = 0;

	for (int i = 0; i < 3 && !start; i++)
		if (offset >= places[i])
			start = places[i];
	offset -= start;
	if (offset >= input->size && start == 0x14000)
		return 0;
	if (offset >= input->size) {
		memset(out, 0, size);
		return (ssize_t)size;
	}
	if (size > input->size - offset)
		size = (size_t)(input->size - offset);
	memcpy(out, input->data + offset, size);
	return (ssize_t)size;
}

static void try_image(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	const struct pv_source source = { read_input, &input };
	struct pv_boot_tags tags;
	struct pv_error err = { 0 };

	if (pv_boot_tags_find(&tags, &source, &err) < 0 &&
	    (err.code == PV_OK || !err.text[0]))
		__builtin_trap();
}

/* As it is, as a header, and as metadata. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t copy[PV_SE_HEADER_MAX_SIZE + 64];

	try_image(data, size);
	if (size < 16 || size > sizeof(copy))
		return 0;
	memcpy(copy, data, size);
	memcpy(copy, "IBMSecEx\0\0\1\0\0\0", 14);
	try_image(copy, size);
	copy[14] = (uint8_t)(size >> 8);
	copy[15] = (uint8_t)size;
	try_image(copy, size);
	memcpy(copy, "SeImgLnx\0\0\0\0\0", 13);
	try_image(copy, size);
	return 0;
}
