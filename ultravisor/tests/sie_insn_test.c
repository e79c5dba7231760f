// SPDX-License-Identifier: MIT
/*
 * What a host learns of each instruction, and what it can change by it: all of
 * the exchange area, all registers and all of the operand's pages are compared.
 */
#include <string.h>

#include "array.h"
#include "config.h"
#include "sie.h"
#include "sie_try.h"
#include "tap.h"

#define TSCH		0xb235
#define STCRW		0xb239

#define AT		(SIE_TRY_OPERAND + 0x108)
#define PAGE		SIE_TRY_OPERAND

/* What a scribbling host puts everywhere. */
#define SCRIBBLE	0xe7
#define SCRIBBLE_64	UINT64_C(0xe7e7e7e7e7e7e7e7)

struct setting {
	int8_t reg;
	uint64_t value;
};

/**
 * struct insn_case - an instruction, R1 = 6, R2 and R3 = 8, base GR9
 * @set: registers that have no secret; ended by 0 in both
 * @field: bytes of a length at the start of the operand, and its value
 * @out: number in the exchange area, what is there
 * @shown: bytes of the operand that are in the SIDA
 * @changed: bytes of it that the host's answer changes, @from on
 * @back: register that the answer changes, -1 none; in its @back_bytes
 * @takes_cc: the host's condition code
 */
struct insn_case {
	const char *name;
	uint64_t text;
	struct setting set[4];
	uint8_t field;
	uint64_t length;
	uint8_t icpt;
	uint16_t ipa;
	uint32_t ipb;
	struct setting out[6];
	uint64_t operand;
	uint16_t shown;
	uint16_t from;
	uint16_t changed;
	int8_t back;
	uint8_t back_bytes;
	bool takes_cc;
};

#define S(code)		((uint64_t)(code) << 32 | 0x90000000)
#define RRE(code)	((uint64_t)(code) << 32 | 0x00680000)
#define RS(code)	((uint64_t)(code) << 40 | UINT64_C(0x6890000000))
#define BASE(addr)	{ 9, addr }
#define IO_OUT		{ { 1, 0x5fc3e85fc3e801a1 } }

#define DIAG_CASE(code)							\
	.text = RS(0x83), .ipa = 0x8302, .ipb = 0x50000000,		\
	.set = { BASE(UINT64_C(0xabc0000) | (code)) }, .back = -1
static const struct insn_case cases[] = {
	{ "SPX", S(0xb210), .set = { BASE(AT) }, .field = 4, .icpt = 0x6c, .ipa = 0xb210,
	  .operand = AT, .shown = 4, .back = -1 },
	{ "SERVC", RRE(0xb220), .set = { { 8, AT }, { 6, 0xabcdef0120001 } },
	  .field = 2, .length = 0x30, .icpt = 0x68, .ipa = 0xb220,
	  .ipb = 0x00120000, .out = { { 1, 0xf0120001 } }, .operand = AT,
	  .shown = 0x30, .changed = 0x30, .back = -1 },
	{ "STSI", S(0xb27d),
	  .set = { BASE(PAGE), { 0, 0xabcd00003000000e }, { 1, 0xffff00000002 } },
	  .icpt = 0x68, .ipa = 0xb27d, .out = { { 0, 0x3000000e }, { 1, 2 } },
	  .operand = PAGE, .changed = 4096, .back = -1, .takes_cc = true },
	{ "STHYI", RRE(0xb256), .set = { { 8, PAGE }, { 6, 0x770000 } },
	  .icpt = 0x68, .ipa = 0xb256, .ipb = 0x00020000,
	  .operand = PAGE, .changed = 4096, .back = 9, .back_bytes = 8,
	  .takes_cc = true },
	{ "CSCH", S(0xb230), .icpt = 0x68, .ipa = 0xb230, .out = IO_OUT,
	  .back = -1, .takes_cc = true },
	{ "HSCH", S(0xb231), .icpt = 0x68, .ipa = 0xb231, .out = IO_OUT,
	  .back = -1, .takes_cc = true },
	{ "SAL", S(0xb237), .icpt = 0x68, .ipa = 0xb237, .out = IO_OUT,
	  .back = -1, .takes_cc = true },
	{ "RSCH", S(0xb238), .icpt = 0x68, .ipa = 0xb238, .out = IO_OUT,
	  .back = -1, .takes_cc = true },
	{ "RCHP", S(0xb23b), .icpt = 0x68, .ipa = 0xb23b, .out = IO_OUT,
	  .back = -1, .takes_cc = true },
	{ "XSCH", S(0xb276), .icpt = 0x68, .ipa = 0xb276, .out = IO_OUT,
	  .back = -1, .takes_cc = true },
	{ "MSCH", S(0xb232), .set = { BASE(AT) }, .icpt = 0x68, .ipa = 0xb232,
	  .out = IO_OUT, .operand = AT, .shown = 52, .back = -1,
	  .takes_cc = true },
	{ "SSCH", S(0xb233), .set = { BASE(AT) }, .icpt = 0x68, .ipa = 0xb233,
	  .out = IO_OUT, .operand = AT, .shown = 12, .back = -1,
	  .takes_cc = true },
	{ "STSCH", S(0xb234), .set = { BASE(AT) }, .icpt = 0x68, .ipa = 0xb234,
	  .out = IO_OUT, .operand = AT, .changed = 52, .back = -1,
	  .takes_cc = true },
	{ "TSCH", S(0xb235), .set = { BASE(AT) }, .icpt = 0x68, .ipa = 0xb235,
	  .out = IO_OUT, .operand = AT, .changed = 64, .back = -1,
	  .takes_cc = true },
	{ "TSCH over two pages", S(0xb235), .set = { BASE(PAGE + 0xfe0) },
	  .icpt = 0x68, .ipa = 0xb235, .out = IO_OUT, .operand = PAGE + 0xfe0,
	  .changed = 64, .back = -1, .takes_cc = true },
	{ "SSCH over two pages", S(0xb233), .set = { BASE(PAGE + 0xff8) },
	  .icpt = 0x68, .ipa = 0xb233, .out = IO_OUT, .operand = PAGE + 0xff8,
	  .shown = 12, .back = -1, .takes_cc = true },
	{ "STCRW", S(0xb239), .set = { BASE(AT) }, .icpt = 0x68, .ipa = 0xb239,
	  .operand = AT, .changed = 4, .back = -1, .takes_cc = true },
	{ "SCHM", S(0xb23c), .set = { { 1, 0x12 }, { 2, 0x34000 } },
	  .icpt = 0x68, .ipa = 0xb23c, .out = { { 1, 0x12 }, { 2, 0x34000 } },
	  .back = -1 },
	{ "CHSC", RRE(0xb25f), .set = { { 6, PAGE } }, .field = 2,
	  .length = 0x20, .icpt = 0x68, .ipa = 0xb25f, .operand = PAGE,
	  .shown = 0x20, .from = 0x20, .changed = 0xfe0, .back = -1,
	  .takes_cc = true },
	{ "DIAG 44", DIAG_CASE(0x44), .icpt = 0x6c, .out = { { 5, 0x44 } } },
	{ "DIAG 9c", DIAG_CASE(0x9c), .icpt = 0x6c,
	  .out = { { 0, 0x06a1 }, { 5, 0x9c } } },
	{ "DIAG 500", .text = RS(0x83), .ipa = 0x8302, .ipb = 0x50000000,
	  .set = { BASE(0x500), { 1, 3 }, { 2, 0xabcdef01 }, { 3, 7 } },
	  .icpt = 0x68, .out = { { 1, 3 }, { 2, 0xabcdef01 }, { 3, 7 },
				 { 4, 0x62c6eb62c6eb04a1 }, { 5, 0x500 } },
	  .back = 2, .back_bytes = 8 },
	{ "DIAG 288", DIAG_CASE(0x288), .icpt = 0x68,
	  .out = { { 0, 0x64c8ed64c8ed06a1 }, { 1, 0x65c9ee65c9ee07a1 },
		   { 2, 0x66caef66caef08a1 }, { 5, 0x288 } } },
	{ "DIAG of another code", DIAG_CASE(0x318), .icpt = 0x68,
	  .out = { { 0, 0x64c8ed64c8ed06a1 }, { 1, 0x65c9ee65c9ee07a1 },
		   { 2, 0x66caef66caef08a1 }, { 5, 0x318 } } },
	{ "DIAG 308 subcode 3", .text = RS(0x83), .ipa = 0x8302,
	  .ipb = 0x50000000, .set = { BASE(0x308), { 8, 3 } }, .icpt = 0x6c,
	  .out = { { 0, 0x64c8ed64c8ed06a1 }, { 1, 0x65c9ee65c9ee07a1 },
		   { 2, 3 }, { 5, 0x308 } }, .back = -1 },
	{ "DIAG 308 subcode 5", .text = RS(0x83), .ipa = 0x8302,
	  .ipb = 0x50000000,
	  .set = { BASE(0x308), { 8, 5 }, { 6, PAGE } }, .field = 4,
	  .length = 0x88, .icpt = 0x6c,
	  .out = { { 0, PAGE }, { 1, 0x65c9ee65c9ee07a1 }, { 2, 5 },
		   { 5, 0x308 } }, .operand = PAGE, .shown = 0x88,
	  .back = 7, .back_bytes = 8 },
	{ "DIAG 308 subcode 6", .text = RS(0x83), .ipa = 0x8302,
	  .ipb = 0x50000000,
	  .set = { BASE(0x308), { 8, 6 }, { 6, PAGE } }, .icpt = 0x6c,
	  .out = { { 0, PAGE }, { 1, 0x65c9ee65c9ee07a1 }, { 2, 6 },
		   { 5, 0x308 } }, .operand = PAGE, .back = 7,
	  .back_bytes = 8 },
	{ "SIGP external call", .text = RS(0xae), .ipa = 0xae02,
	  .ipb = 0x50000000, .set = { BASE(2), { 8, 0xab0000 } },
	  .icpt = 0x68, .out = { { 1, 0xc9ee07a1 }, { 5, 2 } },
	  .back = 6, .back_bytes = 4, .takes_cc = true },
	{ "SIGP sense", .text = RS(0xae), .ipa = 0xae02,
	  .ipb = 0x50000000, .set = { BASE(0xab01), { 8, 0xab0000 } },
	  .icpt = 0x6c, .out = { { 1, 0xc9ee07a1 }, { 5, 1 } },
	  .back = 6, .back_bytes = 4, .takes_cc = true },
};

/* The host's list for its guest, with STHYI. */
static void give_facilities(struct sie_try *t)
{
	uint8_t *list = t->guest->fake->memory + FAKE_HOST_PAGE;

	memset(list, 0xff, 32);
	list[0] = 0xa5;
	fake_put32(t->block->fac.byte, FAKE_HOST_PAGE | 2);
}

static void prepare(struct sie_try *t, const struct insn_case *c)
{
	uint8_t length[8];

	sie_try_run(t);
	give_facilities(t);
	sie_try_fill(t);
	for (size_t i = 0; i < ARRAY_SIZE(c->set); i++) {
		if (c->set[i].reg || c->set[i].value)
			t->state->gr[c->set[i].reg] = c->set[i].value;
	}
	fake_put64(length, c->length);
	for (uint64_t i = 0; i < c->field; i++)
		*fake_guest_at(t->guest, c->operand + i) =
			length[8 - c->field + i];
	memset(t->sida, 0x11, 4096);
	memset(t->block->pv_grregs, SCRIBBLE, sizeof(t->block->pv_grregs));
}

static bool registers_as(const struct sie_try *t, const struct insn_case *c)
{
	uint64_t want[16] = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(c->out); i++) {
		if (c->out[i].value)
			want[c->out[i].reg] = c->out[i].value;
	}
	for (int i = 0; i < 16; i++) {
		if (fake_get64(t->block->pv_grregs[i].byte) != want[i])
			return false;
	}
	return !fake_get64(t->block->gg14.byte) &&
	       !fake_get64(t->block->gg15.byte);
}

static bool sida_as(const struct sie_try *t, const struct insn_case *c)
{
	for (uint64_t i = 0; i < 4096; i++) {
		uint8_t want = i < c->shown ?
			       *fake_guest_at(t->guest, c->operand + i) : 0x11;

		if (t->sida[i] != want)
			return false;
	}
	return true;
}

static bool psw_hidden(const struct sie_try *t)
{
	return !fake_get64(t->block->gpsw.addr.byte) &&
	       !(fake_get64(t->block->gpsw.mask.byte) &
		 UINT64_C(0xfcf8cfffffffffff));
}

static void test_shown(const struct insn_case *c)
{
	struct sie_try t = sie_try_new();
	struct uv_sie_result result;

	prepare(&t, c);
	result = sie_try_instruction(&t, c->text);
	tap_ok(result.action == UV_SIE_EXIT && t.block->icptcode == c->icpt,
	       "%s: is intercepted as 0x%02x", c->name, c->icpt);
	tap_ok(fake_get16(t.block->ipa.byte) == c->ipa &&
	       fake_get32(t.block->ipb.byte) == c->ipb,
	       "%s: its text is normalized", c->name);
	tap_ok(registers_as(&t, c), "%s: registers that the host needs",
	       c->name);
	tap_ok(sida_as(&t, c), "%s: the SIDA has the operand and no more",
	       c->name);
	tap_ok(psw_hidden(&t) && !t.vcpu->in_sie,
	       "%s: the PSW shows masks only", c->name);
	sie_try_free(&t);
}

/* The host answers with the same byte everywhere it can reach. */
static void scribble(struct sie_try *t, unsigned int cc)
{
	size_t from = offsetof(struct pv_sie_block, gpsw);
	size_t to = offsetof(struct pv_sie_block, sidad);

	memset(t->sida, SCRIBBLE, 4096);
	memset((uint8_t *)t->block + from, SCRIBBLE, to - from);
	memset(t->block->pv_grregs, SCRIBBLE, sizeof(t->block->pv_grregs));
	fake_put64(t->block->gpsw.mask.byte,
		   (SCRIBBLE_64 & ~(UINT64_C(3) << 44)) | (uint64_t)cc << 44);
}

static bool memory_as(const struct sie_try *t, const struct insn_case *c,
		      const uint8_t *before, bool stored)
{
	for (uint64_t i = SIE_TRY_OPERAND; i < SIE_TRY_OPERAND + 0x2000; i++) {
		bool mine = stored && i >= c->operand + c->from &&
			    i < c->operand + c->from + c->changed;
		uint8_t want = mine ? SCRIBBLE : before[i - SIE_TRY_OPERAND];

		if (*fake_guest_at(t->guest, i) != want)
			return false;
	}
	return true;
}

static void keep_memory(const struct sie_try *t, uint8_t *to)
{
	memcpy(to, fake_guest_at(t->guest, SIE_TRY_OPERAND), 4096);
	memcpy(to + 4096, fake_guest_at(t->guest, SIE_TRY_OPERAND + 0x1000), 4096);
}

/* Complete the instruction with @cc; SERVC takes two entries. */
static struct uv_cpu_state answer(struct sie_try *t, const struct insn_case *c,
				  unsigned int cc, uint8_t *before)
{
	struct uv_cpu_state want;

	prepare(t, c);
	sie_try_instruction(t, c->text);
	keep_memory(t, before);
	want = *t->state;
	scribble(t, cc);
	if (sie_try_enter(t).action == UV_SIE_EXIT) {
		tap_ok(t->block->icptcode == 0x6c &&
		       fake_get16(t->block->ipa.byte) == 0xb220 &&
		       strcmp(c->name, "SERVC") == 0,
		       "%s: the host is told of the end", c->name);
		want.psw.mask &= ~(UINT64_C(3) << 44);
		sie_try_enter(t);
	}
	if (c->takes_cc)
		want.psw.mask = (want.psw.mask & ~(UINT64_C(3) << 44)) |
				(uint64_t)cc << 44;
	if (c->back >= 0)
		want.gr[c->back] = c->back_bytes == 8 ? SCRIBBLE_64 :
			(want.gr[c->back] & ~UINT64_C(0xffffffff)) |
			0xe7e7e7e7;
	return want;
}

static void test_changed(const struct insn_case *c)
{
	uint8_t before[0x2000];

	for (unsigned int cc = 0; cc < 4; cc++) {
		bool always = !strcmp(c->name, "SERVC");
		bool stored = always || !cc ||
			      (cc == 1 && (c->ipa == TSCH || c->ipa == STCRW));
		struct sie_try t = sie_try_new();
		struct uv_cpu_state want = answer(&t, c, cc, before);

		tap_ok(t.vcpu->in_sie &&
		       !memcmp(&want, t.state, sizeof(want)),
		       "%s, cc %u: only what it may change has changed",
		       c->name, cc);
		tap_ok(memory_as(&t, c, before, stored),
		       "%s, cc %u: storage has %s", c->name, cc,
		       stored && c->changed ? "the answer" : "not changed");
		sie_try_free(&t);
	}
}

/* Rows that lead out to the host: each must have a case. */
static void test_complete(void)
{
	struct sie_try t = sie_try_new();
	unsigned int missing = 0;

	for (unsigned int i = 0; uv_sie_insn_at(i); i++) {
		const struct uv_sie_insn *row = uv_sie_insn_at(i);
		bool found = row->way != UV_WAY_INTERCEPT &&
			     row->way != UV_WAY_NOTIFY;

		for (size_t j = 0; j < ARRAY_SIZE(cases) && !found; j++) {
			struct uv_cpu_state state = { 0 };

			for (int k = 0; k < 4; k++)
				state.gr[cases[j].set[k].reg] =
					cases[j].set[k].value;
			found = uv_sie_find(&state, cases[j].text) == row;
		}
		/* The reset has tests of its own. */
		missing += !found && row->subcode != 0 && row->subcode != 1;
	}
	tap_equal(missing, 0, "no instruction reaches the host untested");
	sie_try_free(&t);
}

int main(void)
{
	tap_begin();
	test_complete();
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		test_shown(&cases[i]);
		test_changed(&cases[i]);
	}
	return tap_end();
}
