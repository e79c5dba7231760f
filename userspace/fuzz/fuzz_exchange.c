// SPDX-License-Identifier: MIT
/* Exchange files: whatever is accepted can be written and read again. */
#include <stdlib.h>
#include <string.h>

#include "arcb.h"
#include "exchange.h"
#include "measurement.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use_entries(const struct pv_exchange *exchange)
{
	const struct pv_exchange_entry *arcb =
		&exchange->item[PV_EXCHANGE_ARCB];
	const struct pv_exchange_entry *more =
		&exchange->item[PV_EXCHANGE_ADDITIONAL];
	static const uint8_t arpk[PV_REQUEST_KEY_SIZE];
	static const struct pv_boot_tags tags;
	struct pv_additional fields;
	struct pv_error err = { 0 };
	uint64_t flags;

	if (pv_exchange_check_response(exchange, &err) < 0)
		return;
	/* Without the key nothing may ever verify. */
	if (pv_attest_verify(exchange, &tags, arpk, &flags, &err) == 0)
		abort();
	if (arcb->size >= 0x38)
		pv_additional_parse(&fields,
				    (uint64_t)arcb->data[0x30] << 56,
				    more->data, more->size, &err);
}

static void try_file(const uint8_t *data, size_t size)
{
	struct pv_exchange exchange, again;
	struct pv_buffer copy = { 0 };
	struct pv_error err = { 0 };

	if (pv_exchange_parse(&exchange, data, size, &err) < 0)
		return;
	use_entries(&exchange);
	err.code = PV_OK;
	if (pv_exchange_build(&copy, &exchange, &err) < 0)
		return;
	if (pv_exchange_parse(&again, copy.data, copy.size, &err) < 0)
		abort();
	for (int i = 0; i < PV_EXCHANGE_N_ITEMS; i++)
		if (again.item[i].size != exchange.item[i].size ||
		    !again.item[i].data != !exchange.item[i].data)
			abort();
	pv_buffer_free(&copy);
}

/* As it is, and with the first bytes such that the reader gets past them. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *repaired;

	try_file(data, size);
	if (size < 24 || size > UINT16_MAX)
		return 0;
	repaired = malloc(size);
	if (!repaired)
		return 0;
	memcpy(repaired, data, size);
	memcpy(repaired, "pvattest\0\0\1\0\0\0", 14);
	repaired[14] = (uint8_t)(size >> 8);
	repaired[15] = (uint8_t)size;
	memset(repaired + 16, 0, 8);
	try_file(repaired, size);
	free(repaired);
	return 0;
}
