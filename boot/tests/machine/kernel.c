// SPDX-License-Identifier: MIT
/* A kernel for tests: says how it was started and powers off. */
#include <stdbool.h>

#include "bytes.h"
#include "console.h"
#include "kernel.h"
#include "layout.h"
#include "machine.h"
#include "pv/se_image.h"
#include "sclp.h"
#include "text.h"

/* The address by which QEMU takes a disabled wait for a power-off. */
#define POWER_OFF	0xfff

void program_check(uint64_t code, uint64_t addr)
{
	struct text text;

	text_begin(&text);
	text_fault(&text, code, addr);
	sclp_print(text.buf);
	halt(POWER_OFF);
}

static uint64_t parameter(uint64_t addr)
{
	return get_be64(*(const pv_be64 *)addr);
}

static void say_number(const char *name, uint64_t value)
{
	struct text text;

	text_begin(&text);
	text_add(&text, name);
	text_add(&text, ": ");
	text_hex(&text, value, 16);
	text_add(&text, "\n");
	sclp_print(text.buf);
}

/* Every word counts, and so does its place. */
static uint64_t first_wrong_word(void)
{
	const uint64_t *word = pattern;

	while (word < pattern_end && *word == (uint64_t)(word - pattern))
		word++;
	return word - pattern;
}

static uint64_t sum_of_initrd(void)
{
	const uint8_t *byte = (void *)parameter(PV_KERNEL_INITRD_START);
	uint64_t len = parameter(PV_KERNEL_INITRD_SIZE), sum = 0;

	while (len--)
		sum = sum * 31 + *byte++;
	return sum & 0xffffffff;
}

static void say_cmdline(void)
{
	struct text text;

	text_begin(&text);
	text_add(&text, "cmdline: ");
	text_add(&text, (const char *)PV_KERNEL_CMDLINE);
	text_add(&text, "\n");
	sclp_print(text.buf);
}

/* How many interruptions come without a call, and by one. */
static uint64_t service_signals(bool call)
{
	void *page = (void *)LAYOUT_SCCB;
	uint64_t count = 0;

	console_put_mask(page);
	if (call && service_call(CONSOLE_WRITE_MASK, page))
		return 0xdead;
	for (unsigned int i = 0; i < 10000; i++)
		count += take_service_signal();
	return count;
}

void kernel_main(uint64_t entry)
{
	uint64_t uncalled = service_signals(false);
	uint64_t called = service_signals(true);

	say_number("signals without a call", uncalled);
	say_number("signals of a call", called);
	say_number("entry", entry);
	say_number("words", first_wrong_word());
	say_number("initrd start", parameter(PV_KERNEL_INITRD_START));
	say_number("initrd size", parameter(PV_KERNEL_INITRD_SIZE));
	say_number("initrd sum", sum_of_initrd());
	say_cmdline();
	halt(POWER_OFF);
}
