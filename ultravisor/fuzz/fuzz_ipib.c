// SPDX-License-Identifier: MIT
/*
 * Any bytes as an IPL parameter block, any size of storage.
 *
 * Input: pages of storage (2 bytes), the block.
 */
#include <string.h>

#include "fuzz.h"
#include "ultravisor.h"

#define PAGE		4096

static void check_component(const struct uv_ipib *ipib, uint32_t index)
{
	const struct uv_ipib_component *component = &ipib->components[index];

	MUST(component->addr % PAGE == 0);
	MUST(component->size && component->size % PAGE == 0);
	MUST(component->size - 1 <= UINT64_MAX - component->addr);
	MUST(!index || component[-1].tweak_prefix < component->tweak_prefix);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct uv_error err = { 0 };
	struct uv_ipib ipib;
	uint64_t memory;
	uint8_t *block;

	if (size < 2)
		return 0;
	memory = (uint64_t)(data[0] << 8 | data[1]) * PAGE;
	size -= 2;
	/* Of the exact size, so that reading beyond it is seen. */
	block = calloc(1, PAGE);
	MUST(block);
	memcpy(block, data + 2, size < PAGE ? size : PAGE);
	if (uv_ipib_parse(&ipib, block, memory, &err)) {
		MUST(err.text[0]);
	} else {
		MUST(ipib.count && ipib.count <= UV_IPIB_MAX_COMPONENTS);
		MUST(ipib.header_len <= 8192 && ipib.header_addr <= memory &&
		     ipib.header_len <= memory - ipib.header_addr);
		for (uint32_t i = 0; i < ipib.count; i++)
			check_component(&ipib, i);
	}
	free(block);
	return 0;
}
