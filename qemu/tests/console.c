// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * TAP on the ASCII console of the service element.
 */
#include "bare.h"

#define SCLP_WRITE_EVENT_DATA	0x00760005
#define EVENT_ASCII		0x1a

struct message {
	uint16_t len;
	uint8_t function;
	uint8_t control[3];
	uint16_t response;
	uint16_t event_len;
	uint8_t event_type;
	uint8_t flags;
	uint16_t reserved;
	char text[128];
} __attribute__((packed));

static struct message message __attribute__((aligned(PAGE_SIZE)));
static unsigned int tests;
static bool last_passed;

void *memset(void *to, int byte, size_t len)
{
	char *p = to;

	while (len--)
		*p++ = byte;
	return to;
}

void *memcpy(void *to, const void *from, size_t len)
{
	const char *q = from;
	char *p = to;

	while (len--)
		*p++ = *q++;
	return to;
}

void say(const char *text)
{
	size_t len = 0;

	while (text[len] && len < sizeof(message.text)) {
		message.text[len] = text[len];
		len++;
	}
	message.function = 0;
	message.response = 0;
	message.event_type = EVENT_ASCII;
	message.event_len = 6 + len;
	message.len = 8 + message.event_len;
	asm volatile(".insn rre,0xb2200000,%0,%1"
		     : : "d" (SCLP_WRITE_EVENT_DATA), "a" (&message)
		     : "cc", "memory");
}

void say_hex(uint64_t value, unsigned int digits)
{
	char text[17];
	unsigned int i;

	for (i = 0; i < digits; i++)
		text[i] = "0123456789abcdef"[value >> 4 * (digits - 1 - i) & 15];
	text[digits] = 0;
	say(text);
}

static void say_number(unsigned int value)
{
	char text[2] = { '0' + value % 10 };

	if (value > 9)
		say_number(value / 10);
	say(text);
}

bool check(bool passed, const char *name)
{
	last_passed = passed;
	say(passed ? "ok " : "not ok ");
	say_number(++tests);
	say(" - ");
	say(name);
	say("\n");
	return passed;
}

void show(const char *what, uint64_t value)
{
	if (last_passed)
		return;
	say("# ");
	say(what);
	say(" 0x");
	say_hex(value, 16);
	say("\n");
}

bool check_equal(uint64_t got, uint64_t want, const char *name)
{
	check(got == want, name);
	show("found", got);
	show("expected", want);
	return got == want;
}

static void say_plan(unsigned int number)
{
	say("1..");
	say_number(number);
	say("\n");
}

void plan(void)
{
	say_plan(tests);
}

void plan_next(void)
{
	say_plan(tests + 1);
}

void begin_life(void)
{
	say("ok 0 - the next life begins\n");
}
