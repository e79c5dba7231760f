// SPDX-License-Identifier: MIT
/*
 * Any bytes as an SE header.
 *
 * Input: a profile, a byte that says whether to seal again so that mutations
 * get past the tag, the header.
 */
#include <string.h>

#include "config.h"
#include "fake_machine.h"
#include "fuzz.h"

#define MAX_SIZE	8192

static struct fake_machine *machine_for(unsigned int profile)
{
	static const char *const profiles[] = { "z15", "z16", "z17" };
	static struct fake_machine *machines[3];
	struct fake_machine **slot = &machines[profile % 3];

	if (!*slot)
		*slot = fake_new(profiles[profile % 3]);
	return *slot;
}

static bool is_zero(const void *data, size_t len)
{
	const uint8_t *bytes = data;

	while (len && !bytes[len - 1])
		len--;
	return !len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct uv_error err = { 0 };
	struct seal_header header;
	struct fake_machine *fake;
	struct uv_image image;
	uint8_t *bytes;
	bool again;
	int ret;

	if (size < 2 || size - 2 > MAX_SIZE + 1)
		return 0;
	fake = machine_for(data[0]);
	again = data[1] & 1;
	size -= 2;
	/* Of the exact size, so that reading beyond it is seen. */
	bytes = malloc(size ? size : 1);
	MUST(bytes);
	memcpy(bytes, data + 2, size);
	seal_header_init(&header, fake_keys()->customer, fake_keys()->host);
	if (again)
		seal_header_again(&header, bytes, size);

	ret = uv_header_open(fake->uv, bytes, size, &image, &err);
	MUST(ret == 0 || ret == -1);
	MUST((ret == -1) == (err.rc != 0));
	MUST(ret == 0 || err.text[0]);
	MUST(ret == 0 || is_zero(&image, sizeof(image)));
	free(bytes);
	return 0;
}
