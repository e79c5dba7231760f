// SPDX-License-Identifier: MIT
#include "text.h"

void text_begin(struct text *text)
{
	text->len = 0;
	text->buf[0] = '\0';
}

static void add_char(struct text *text, char c)
{
	if (text->len + 1 >= sizeof(text->buf))
		return;
	text->buf[text->len++] = c;
	text->buf[text->len] = '\0';
}

void text_add(struct text *text, const char *string)
{
	while (*string)
		add_char(text, *string++);
}

void text_hex(struct text *text, uint64_t value, unsigned int digits)
{
	text_add(text, "0x");
	while (digits--)
		add_char(text, "0123456789abcdef"[value >> 4 * digits & 15]);
}

void text_fault(struct text *text, uint64_t code, uint64_t addr)
{
	text_add(text, "Program interruption ");
	text_hex(text, code, 4);
	text_add(text, " at ");
	text_hex(text, addr, 16);
	text_add(text, ".\n");
}

void text_stop(struct text *text, uint64_t code)
{
	text_add(text, "Stopped in a disabled wait at ");
	text_hex(text, code, 4);
	text_add(text, ".\n");
}
