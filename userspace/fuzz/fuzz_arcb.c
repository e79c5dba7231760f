// SPDX-License-Identifier: MIT
/* Attestation requests: parsed within bounds, never opened without the key. */
#include <stdlib.h>
#include <string.h>

#include "arcb.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is reported must lie within the request. */
static void check_bounds(const struct pv_arcb_info *info, const uint8_t *data,
			 size_t size)
{
	const uint8_t *end = (const uint8_t *)(info->slots + info->n_slots);

	if (end != data + info->encrypted ||
	    info->encrypted + info->encrypted_size + PV_GCM_TAG_SIZE != size)
		abort();
}

static void try_request(const uint8_t *data, size_t size)
{
	static const uint8_t arpk[PV_REQUEST_KEY_SIZE];
	struct pv_error err = { 0 };
	struct pv_arcb_info info;
	struct pv_arcb_keys keys;

	if (pv_arcb_parse(&info, data, size, &err) < 0) {
		if (err.code == PV_OK || !err.text[0])
			abort();
		return;
	}
	check_bounds(&info, data, size);
	if (pv_arcb_open(&keys, &info, data, size, arpk, &err) == 0)
		abort();
}

/* As it is, and with the fields that are easy to get right. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *repaired;

	try_request(data, size);
	if (size < sizeof(struct pv_arcb) || size > UINT16_MAX)
		return 0;
	repaired = malloc(size);
	if (!repaired)
		return 0;
	memcpy(repaired, data, size);
	memcpy(repaired, "\0\0\0\0\0\0\0\0\0\0\1\0\0\0", 14);
	repaired[0x0e] = (uint8_t)(size >> 8);
	repaired[0x0f] = (uint8_t)size;
	memcpy(repaired + 0x2c, "\0\0\0\x40", 4);
	repaired[0x2f] += repaired[0x30] & 0x40 ? 16 : 0;
	memcpy(repaired + 0x38, "\0\0\0\1", 4);
	try_request(repaired, size);
	free(repaired);
	return 0;
}
