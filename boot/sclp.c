// SPDX-License-Identifier: MIT
/*
 * Talking to the service element.
 *
 * It answers with an interruption, which the architecture wants to be taken
 * before the next call.  It is let in and looked for again and again, because
 * a wait for one that never comes would never end.
 */
#include <stdbool.h>

#include "bytes.h"
#include "console.h"
#include "layout.h"
#include "machine.h"
#include "sclp.h"

#define RESPONSE_DONE	0x0020

/* Units of the time-of-day clock in two seconds. */
#define PATIENCE	(UINT64_C(2000000) << 12)

static uint16_t response(const void *page)
{
	const struct sccb_header *header = page;

	return get_be16(header->response);
}

static bool run(uint32_t command, void *page)
{
	uint64_t start = clock_value();
	bool signal = false;
	int cc;

	do {
		cc = service_call(command, page);
		/* Of a call of somebody before us. */
		if (cc == SERVICE_CALL_BUSY)
			take_service_signal();
	} while (cc == SERVICE_CALL_BUSY && clock_value() - start < PATIENCE);
	if (cc)
		return false;
	do {
		signal |= take_service_signal();
	} while (!(signal && response(page)) &&
		 clock_value() - start < PATIENCE);
	return response(page) == RESPONSE_DONE;
}

void sclp_print(const char *text)
{
	static const uint32_t kinds[] = { CONSOLE_LINES, CONSOLE_ASCII };
	void *page = (void *)LAYOUT_SCCB;
	uint32_t consoles;

	console_put_mask(page);
	if (!run(CONSOLE_WRITE_MASK, page))
		return;
	consoles = console_available(page);
	for (unsigned int i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!(consoles & kinds[i]))
			continue;
		console_put_message(page, kinds[i], text);
		run(CONSOLE_WRITE_DATA, page);
	}
}
