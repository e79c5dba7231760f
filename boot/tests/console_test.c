// SPDX-License-Identifier: MIT
/* Requests to the service element, byte by byte. */
#include <string.h>

#include "bytes.h"
#include "console.h"
#include "ebcdic.h"
#include "layout.h"
#include "tap.h"

static uint8_t page[LAYOUT_PAGE_SIZE] __attribute__((aligned(8)));

static unsigned int half(size_t offset)
{
	return page[offset] << 8 | page[offset + 1];
}

static void test_mask(void)
{
	static const uint8_t want[28] = {
		0, 28, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4,
		0, 0, 0, 0, 0x40, 0, 0, 0x40,
	};

	memset(page, 0xff, sizeof(page));
	console_put_mask(page);
	tap_ok(!memcmp(page, want, sizeof(want)), "event mask: both consoles");
	page[20] = 0x40;
	tap_equal(console_available(page), CONSOLE_LINES, "a line console");
	memcpy(page + 20, "\x80\0\0\x41", 4);
	tap_equal(console_available(page), CONSOLE_ASCII,
		  "a terminal, and what is no console");
}

static void test_ascii(void)
{
	static const uint8_t want[] = {
		0, 22, 0, 0, 0, 0, 0, 0,
		0, 14, 26, 0, 0, 0, 'H', 'i', '.', '\r', '\n', 'a', '\r', '\n',
	};

	memset(page, 0xff, sizeof(page));
	console_put_message(page, CONSOLE_ASCII, "Hi.\na\n");
	tap_ok(!memcmp(page, want, sizeof(want)), "text for a terminal");
}

/* Header 8, event 6, block 12, general object 52, lines 10 + text. */
static void test_lines(void)
{
	static const uint8_t line[] = {
		0, 12, 0, 4, 0x10, 0, 0, 0, 0, 0, 0xc8, 0x89,
		0, 11, 0, 4, 0x10, 0, 0, 0, 0, 0, 0x81,
	};
	static const uint8_t tag[] = {
		0xd4, 0xc4, 0xc2, 0x40, 0, 0, 0, 1, 0, 52, 0, 1,
	};

	memset(page, 0xff, sizeof(page));
	console_put_message(page, CONSOLE_LINES, "Hi\na");
	tap_equal(half(0), 8 + 6 + 12 + 52 + 23, "lines: length of all");
	tap_equal(half(8), 6 + 12 + 52 + 23, "lines: length of the event");
	tap_equal(page[10], 2, "lines: type of the event");
	tap_equal(half(14), 12 + 52 + 23, "lines: length of the block");
	tap_equal(half(16), 1, "lines: type of the block");
	tap_ok(!memcmp(page + 18, tag, sizeof(tag)),
	       "lines: tag, revision, general object");
	tap_ok(!memcmp(page + 78, line, sizeof(line)),
	       "lines: each an object, in EBCDIC");
	console_put_message(page, CONSOLE_LINES, "Hi\na\n");
	tap_equal(half(0), 8 + 6 + 12 + 52 + 23, "no empty line at the end");
}

/* Longer than a page: whole objects, and their lengths add up. */
static void test_full(void)
{
	static char text[3 * LAYOUT_PAGE_SIZE];
	size_t at = 78;

	memset(text, 'x', sizeof(text) - 1);
	for (size_t i = 99; i < sizeof(text) - 1; i += 100)
		text[i] = '\n';
	console_put_message(page, CONSOLE_LINES, text);
	while (at < half(0))
		at += half(at) ? half(at) : LAYOUT_PAGE_SIZE;
	tap_ok(at == half(0) && at <= LAYOUT_PAGE_SIZE && at > 3900,
	       "lines: what does not fit is left out");
	console_put_message(page, CONSOLE_ASCII, text);
	tap_ok(half(0) <= LAYOUT_PAGE_SIZE && half(0) > 4090 &&
	       half(8) == half(0) - 8,
	       "terminal: what does not fit is left out");
}

static void test_ebcdic(void)
{
	static const char ascii[] = "azAZ09 .,:'=/()<>+-_;%*?\"&jrsiJRSI";
	static const uint8_t ebcdic[] = {
		0x81, 0xa9, 0xc1, 0xe9, 0xf0, 0xf9, 0x40, 0x4b, 0x6b, 0x7a,
		0x7d, 0x7e, 0x61, 0x4d, 0x5d, 0x4c, 0x6e, 0x4e, 0x60, 0x6d,
		0x5e, 0x6c, 0x5c, 0x6f, 0x7f, 0x50, 0x91, 0x99, 0xa2, 0x89,
		0xd1, 0xd9, 0xe2, 0xc9,
	};
	bool same = true;

	for (size_t i = 0; ascii[i]; i++)
		same &= ebcdic_of(ascii[i]) == ebcdic[i];
	tap_ok(same, "EBCDIC");
	tap_ok(ebcdic_of('[') == 0x6f && ebcdic_of('\n') == 0x6f &&
	       ebcdic_of('\xe4') == 0x6f, "a question mark for others");
}

int main(void)
{
	tap_begin();
	test_mask();
	test_ascii();
	test_lines();
	test_full();
	test_ebcdic();
	return tap_end();
}
