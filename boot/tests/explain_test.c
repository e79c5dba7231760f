// SPDX-License-Identifier: MIT
/* What stage3a says to each failure. */
#include <stdio.h>
#include <string.h>

#include "explain.h"
#include "messages.h"
#include "tap.h"

/* step << 48 | rrc << 32 | rc << 16 | 0x0a02, with a part of the answer. */
static const struct {
	uint64_t code;
	const char *says;
} starts[] = {
	{ 0x0002000001030a02, "header cannot be read" },
	{ 0x0002000101040a02, "version of the SE header" },
	{ 0x0002003001060a02, "plaintext control flag" },
	{ 0x0002000001060a02, "plaintext control flag" },
	{ 0x0002000501080a02, "no key slot fits its host key" },
	{ 0x0002000b01080a02, "customer public key" },
	{ 0x0002003401080a02, "no key slot for either host key" },
	{ 0x000200ff01080a02, "cannot be opened" },
	{ 0x0002000001090a02, "secret control flag" },
	{ 0x00020031010a0a02, "damaged or not as long as it says" },
	{ 0x00020039010a0a02, "encrypted area" },
	{ 0x00020040010a0a02, "has no key slots" },
	{ 0x000200ff010a0a02, "not authentic" },
	{ 0x0002000000030a02, "refused the SE header" },
	{ 0x0003000001030a02, "outside of the storage" },
	{ 0x0003000001f20a02, "could not be unpacked" },
	{ 0x0004001a01020a02, "not at the addresses" },
	{ 0x0004001b01020a02, "content of a component" },
	{ 0x0004001c01020a02, "tweaks of the components" },
	{ 0x0004001d01020a02, "more or fewer pages" },
	{ 0x0004001e01020a02, "components are not what the SE header says" },
	{ 0x0000000000000a02, "does not say why" },
	{ 0x0001000001080a02, "could not make a protected guest of this" },
	{ 0x0000000501080a02, "could not make a protected guest of this" },
	{ 0xffffffffffff0a02, "could not make a protected guest of this" },
	{ 0x0000000000000902, "lost the IPL parameter block" },
	{ 0x0000000000000102, "a code that this loader does not know" },
	{ 0x0000000000000001, "a code that this loader does not know" },
};

static void test_starts(void)
{
	struct text text;
	char name[64], raw[64];

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		snprintf(name, sizeof(name), "start, 0x%016llx: meaning",
			 (unsigned long long)starts[i].code);
		snprintf(raw, sizeof(raw), "subcode 10 answered 0x%016llx.\n",
			 (unsigned long long)starts[i].code);
		explain_start(&text, starts[i].code);
		tap_has(text.buf, starts[i].says, name);
		tap_ok(message_fits(&text) && strstr(text.buf, raw) &&
		       strstr(text.buf, "0x4608"), "... and plain numbers");
	}
}

static void test_numbers(void)
{
	struct text text;

	explain_start(&text, 0x0002003401080a02);
	tap_has(text.buf, "Failed step: set parameters (0x0002), rc 0x0108,"
		" rrc 0x0034.\n", "step, rc and rrc are not mixed up");
	explain_start(&text, 0x0003000001030a02);
	tap_has(text.buf, "step: unpack (0x0003)", "step unpack by its name");
	explain_start(&text, 0x0004001b01020a02);
	tap_has(text.buf, "step: verify (0x0004)", "step verify by its name");
	explain_start(&text, 0x0007001b01020a02);
	tap_has(text.buf, "step: unknown (0x0007)", "a step that is unknown");
	explain_start(&text, 0x0a02);
	tap_ok(!strstr(text.buf, "Failed step"),
	       "no step is made up for an older machine");
}

/* Whatever a host answers, the message can be shown. */
static void test_all_codes(void)
{
	struct text text;
	uint64_t code;
	bool fit = true;

	for (uint64_t step = 0; step < 6; step++)
		for (uint64_t rc = 0x100; rc < 0x110; rc++)
			for (uint64_t rrc = 0; rrc < 0x50; rrc++) {
				code = step << 48 | rrc << 32 | rc << 16;
				explain_start(&text, code | 0xa02);
				fit &= message_fits(&text);
				explain_start(&text, code);
				fit &= message_fits(&text);
			}
	tap_ok(fit, "every answer to the start fits into lines");
}

static void test_others(void)
{
	struct text text;

	explain_no_facility(&text);
	tap_ok(message_fits(&text) && strstr(text.buf, "facility 161") &&
	       strstr(text.buf, "prot_virt=1") && strstr(text.buf, "0x4607"),
	       "no facility: what to do");
	explain_no_args(&text);
	tap_ok(message_fits(&text) && strstr(text.buf, "incomplete") &&
	       strstr(text.buf, "0x4608"), "no arguments: what to do");
	explain_set(&text, 0x402);
	tap_ok(message_fits(&text) && strstr(text.buf, "as invalid") &&
	       strstr(text.buf, "subcode 8 answered 0x0000000000000402"),
	       "invalid block");
	explain_set(&text, 0x902);
	tap_ok(message_fits(&text) && strstr(text.buf, "did not take") &&
	       strstr(text.buf, "subcode 8 answered 0x0000000000000902"),
	       "other answer to the block");
	explain_program_check(&text, 6, 0x1234567890abcdef);
	tap_ok(message_fits(&text) && strstr(text.buf, "0x4608") &&
	       strstr(text.buf, "interruption 0x0006 at 0x1234567890abcdef."),
	       "program interruption");
}

static void test_text(void)
{
	struct text text;
	char before;

	text_begin(&text);
	text_hex(&text, 0x123456789abcdef0, 16);
	text_hex(&text, 0xabcd, 2);
	tap_ok(!strcmp(text.buf, "0x123456789abcdef00xcd"), "numbers");
	text_begin(&text);
	for (int i = 0; i < 200; i++)
		text_add(&text, "0123456789");
	before = text.buf[sizeof(text.buf) - 2];
	tap_ok(text.len == sizeof(text.buf) - 1 && before == '2' &&
	       strlen(text.buf) == text.len, "too long a text is cut off");
	tap_ok(!message_fits(&text), "... which these tests would notice");
}

int main(void)
{
	tap_begin();
	test_starts();
	test_numbers();
	test_all_codes();
	test_others();
	test_text();
	return tap_end();
}
