// SPDX-License-Identifier: MIT
/* Instructions that need no host, those refused, and pages that are missing. */
#include <string.h>

#include "array.h"
#include "config.h"
#include "sie.h"
#include "sie_try.h"
#include "tap.h"

#define S(code)		((uint64_t)(code) << 32 | 0x90000000)
#define RRE(code)	((uint64_t)(code) << 32 | 0x00680000)
#define RS(code)	((uint64_t)(code) << 40 | UINT64_C(0x6890000000))
#define CC(n)		((uint64_t)(n) << 44)

static struct sie_try running(void)
{
	struct sie_try t = sie_try_new();

	sie_try_run(&t);
	t.state->gr[9] = SIE_TRY_OPERAND;
	return t;
}

static uint64_t cc_of(const struct sie_try *t)
{
	return t->state->psw.mask >> 44 & 3;
}

/* ---- what the CPU is ---- */

static void test_stores(void)
{
	static const struct {
		uint64_t text;
		uint64_t align;
		uint16_t len;
		const char *want;
		const char *name;
	} cases[] = {
		{ S(0xb212), 1, 2, "0003", "STAP" },
		{ S(0xb202), 4, 8, "ff00000339310000", "STIDP" },
		{ S(0xb211), 2, 4, "00000000", "STPX" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct sie_try t = running();
		struct uv_sie_operand operand;
		struct uv_sie_result result;

		t.vcpu->number = 3;
		sie_try_fill(&t);
		operand = uv_sie_operand(t.state, cases[i].text);
		tap_ok(operand.place == UV_SIE_OPERAND_LOGICAL &&
		       operand.addr == SIE_TRY_OPERAND && operand.store &&
		       operand.len == cases[i].len, "%s: its operand",
		       cases[i].name);
		result = sie_try_instruction(&t, cases[i].text);
		tap_equal(result.action, UV_SIE_RUN, "%s: runs here",
			  cases[i].name);
		tap_bytes(fake_guest_at(t.guest, SIE_TRY_OPERAND), cases[i].len,
			  cases[i].want, "%s: what it stores", cases[i].name);
		tap_equal(*fake_guest_at(t.guest,
					 SIE_TRY_OPERAND + cases[i].len),
			  sie_try_secret_byte(SIE_TRY_OPERAND + cases[i].len),
			  "%s: and no more", cases[i].name);
		t.state->gr[9] += cases[i].align;
		result = sie_try_instruction(&t, cases[i].text);
		tap_ok(result.action == UV_SIE_PROGRAM && result.code == 6,
		       "%s: alignment", cases[i].name);
		tap_equal(uv_sie_operand(t.state, cases[i].text).place,
			  UV_SIE_OPERAND_NONE,
			  "%s: which comes before the access", cases[i].name);
		sie_try_free(&t);
	}
}

static void test_facilities(void)
{
	struct sie_try t = running();
	uint8_t *list = t.guest->fake->memory + FAKE_HOST_PAGE;
	uint8_t small[8] = { 0 };

	memset(list, 0, 32);
	list[8] = 0x07;		/* 69, 70, 71 */
	list[9] = 0xc0;		/* 72, 73 */
	list[17] = 0x08;	/* 140 */
	list[20] = 0x40;	/* 161 */
	uv_sie_facilities(list, 32);
	tap_ok(!list[17] && list[19] == 0x02 && !list[20],
	       "facilities: 158 on, 140 and 161 off");
	tap_ok(list[8] == 0x02 && list[9] == 0x40,
	       "facilities: PCI off, their neighbours as they were");
	uv_sie_facilities(small, sizeof(small));
	tap_filled(small, 8, 0, "facilities: a short list stays as it is");
	list[0] = 0xa5;
	list[3] = 0x5a;
	fake_put32(t.block->fac.byte, FAKE_HOST_PAGE | 2);
	tap_equal(sie_try_instruction(&t, UINT64_C(0xb2b100000000)).action,
		  UV_SIE_RUN, "STFL runs here");
	tap_equal(fake_get32(fake_guest_at(t.guest, 200)), 0xa500005a,
		  "STFL: first word of the guest's list");
	fake_guest_map(t.guest, 0x9000, FAKE_HOST_PAGE / FAKE_PAGE);
	sie_try_instruction(&t, UINT64_C(0xb2b100000000));
	tap_equal(fake_get32(fake_guest_at(t.guest, 200)), 0,
		  "STFL: a list in a page of a guest is none");
	t.state->gr[8] = SIE_TRY_OPERAND;
	tap_ok(sie_try_instruction(&t, RRE(0xb256)).code == 1,
	       "STHYI does not exist without its facility");
	sie_try_free(&t);
}

static void test_others(void)
{
	struct sie_try t = running();

	t.state->psw.mask |= CC(2);
	sie_try_instruction(&t, S(0xb204));
	tap_equal(cc_of(&t), 1, "SCK: the clock is secure");
	t.state->gr[0] = 0xabcd00001234;
	sie_try_instruction(&t, UINT64_C(0x010700000000));
	tap_equal(t.state->todpr, 0x1234, "SCKPF sets the field");
	t.state->gr[0] = 0x11234;
	tap_equal(sie_try_instruction(&t, UINT64_C(0x010700000000)).code, 6,
		  "SCKPF: bits that must be zero");
	sie_try_instruction(&t, S(0xb274));
	tap_equal(cc_of(&t), 3, "SIGA: no such adapter");
	sie_try_instruction(&t, S(0xb236));
	tap_equal(cc_of(&t), 0, "TPI: nothing pending");
	t.state->gr[9] = 2;
	tap_equal(sie_try_instruction(&t, S(0xb236)).code, 6,
		  "TPI: alignment");
	sie_try_fill(&t);
	t.state->gr[8] = SIE_TRY_OPERAND + 0x123;
	t.state->psw.mask |= CC(3);
	sie_try_instruction(&t, RRE(0xb22c));
	tap_ok(!cc_of(&t) && !t.state->gr[0], "TB: the block is usable");
	tap_filled(fake_guest_at(t.guest, SIE_TRY_OPERAND), 4096, 0,
		   "TB: and zero");
	tap_equal(*fake_guest_at(t.guest, SIE_TRY_OPERAND + 4096),
		  sie_try_secret_byte(SIE_TRY_OPERAND + 4096),
		  "TB: and no more");
	sie_try_free(&t);
}

static void test_stsi(void)
{
	struct sie_try t = running();

	t.state->gr[0] = UINT64_C(0xabcdef0100000000);
	t.state->gr[1] = 0;
	tap_equal(uv_sie_operand(t.state, S(0xb27d)).place,
		  UV_SIE_OPERAND_NONE, "STSI 0 has no operand");
	tap_equal(sie_try_instruction(&t, S(0xb27d)).action, UV_SIE_RUN,
		  "STSI 0 runs here");
	tap_equal(t.state->gr[0], 0xabcdef0130000000, "STSI 0: level 3");
	t.state->gr[0] = 0x40000000;
	sie_try_instruction(&t, S(0xb27d));
	tap_equal(cc_of(&t), 3, "STSI 4 does not exist");
	t.state->gr[0] = 0x10000100;
	tap_equal(sie_try_instruction(&t, S(0xb27d)).code, 6,
		  "STSI: bits of GR0 that must be zero");
	t.state->gr[0] = 0x10000001;
	t.state->gr[1] = 0x10000;
	tap_equal(sie_try_instruction(&t, S(0xb27d)).code, 6,
		  "STSI: bits of GR1 that must be zero");
	t.state->gr[1] = 1;
	t.state->gr[9] += 8;
	tap_equal(sie_try_instruction(&t, S(0xb27d)).code, 6,
		  "STSI: page boundary");
	sie_try_free(&t);
}

/* ---- service calls ---- */

static uint16_t servc(struct sie_try *t, uint64_t sccb, uint16_t len)
{
	struct uv_sie_result result;

	t->state->gr[8] = sccb;
	if (sccb % 2 == 0 && sccb < SIE_TRY_OPERAND + 0x2000)
		fake_put16(fake_guest_at(t->guest, sccb), len);
	result = sie_try_instruction(t, RRE(0xb220));
	return result.action == UV_SIE_PROGRAM ? result.code :
	       result.action == UV_SIE_EXIT ? 0x100 : 0;
}

static void test_servc(void)
{
	struct sie_try t = running();

	tap_equal(servc(&t, SIE_TRY_OPERAND + 4, 8), 6,
		  "SERVC: block not aligned");
	tap_equal(servc(&t, 0x80000000, 8), 6, "SERVC: address of 32 bits");
	tap_equal(servc(&t, SIE_TRY_OPERAND, 7), 6,
		  "SERVC: block shorter than its header");
	tap_ok(!servc(&t, SIE_TRY_OPERAND, 4097) && cc_of(&t) == 3,
	       "SERVC: block longer than a page");
	tap_ok(!servc(&t, SIE_TRY_OPERAND + 8, 4089) && cc_of(&t) == 3,
	       "SERVC: block over a page boundary");
	tap_equal(t.guest->config->sccb, 0, "no service signal is expected");
	tap_equal(servc(&t, SIE_TRY_OPERAND + 8, 4088), 0x100,
		  "SERVC: block up to the end of the page");
	tap_equal(t.guest->config->sccb, SIE_TRY_OPERAND + 8,
		  "a service signal is expected");
	sie_try_free(&t);
}

static void test_servc_twice(void)
{
	struct sie_try t = running();

	t.state->psw.mask |= CC(2);
	servc(&t, SIE_TRY_OPERAND, 16);
	memset(t.block->pv_grregs, 0x44, sizeof(t.block->pv_grregs));
	tap_ok(sie_try_enter(&t).action == UV_SIE_EXIT &&
	       t.block->icptcode == 0x6c && !t.vcpu->in_sie &&
	       fake_get16(t.block->ipa.byte) == 0xb220,
	       "SERVC: the host is told when its answer has arrived");
	tap_filled(t.block->pv_grregs, sizeof(t.block->pv_grregs), 0,
		   "SERVC: with no register");
	memset(t.sida, 0x55, 4096);
	tap_equal(sie_try_enter(&t).action, UV_SIE_RUN,
		  "SERVC: then the guest goes on");
	tap_equal(cc_of(&t), 0, "SERVC: the call was accepted");
	tap_equal(fake_get16(fake_guest_at(t.guest, SIE_TRY_OPERAND)), 16,
		  "SERVC: and its block is the guest's again");
	sie_try_free(&t);
}

/* ---- refusals ---- */

static void test_refused(void)
{
	static const struct {
		uint64_t text;
		uint64_t base;
		uint64_t subcode;
		uint16_t code;
		const char *name;
	} cases[] = {
		{ S(0xb214), 0, 0, 1, "SIE" },
		{ RRE(0xb9a0), 0, 0, 1, "CLP" },
		{ UINT64_C(0xb2ff00000000), 0, 0, 1, "an unknown instruction" },
		{ RS(0x83), 0x258, 0, 6, "DIAG 258" },
		{ RS(0x83), 0x501, 0, 6, "DIAG 501" },
		{ RS(0x83), 0x308, 2, 6, "DIAG 308 subcode 2" },
		{ RS(0x83), 0x308, 4, 6, "DIAG 308 subcode 4" },
		{ RS(0x83), 0x308, 7, 6, "DIAG 308 subcode 7" },
		{ RS(0x83), 0x308, 8, 6, "DIAG 308 subcode 8" },
		{ RS(0x83), 0x308, 10, 6, "DIAG 308 subcode 10" },
		{ RS(0x83), 0x308, UINT64_C(1) << 32, 6,
		  "DIAG 308 subcode 0 with a bit to the left" },
		{ UINT64_C(0x837890000000), 0x308, 6, 6,
		  "DIAG 308 with an odd register" },
		{ UINT64_C(0x837890000000), 0x288, 0, 6,
		  "DIAG 288 with an odd register" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct sie_try t = running();
		struct uv_sie_result result;

		t.state->gr[9] = cases[i].base;
		t.state->gr[8] = cases[i].subcode;
		t.state->gr[7] = SIE_TRY_OPERAND;
		result = sie_try_instruction(&t, cases[i].text);
		tap_ok(result.action == UV_SIE_PROGRAM &&
		       result.code == cases[i].code && t.vcpu->in_sie,
		       "%s: program interruption %u", cases[i].name,
		       cases[i].code);
		sie_try_free(&t);
	}
}

static void test_interpreted(void)
{
	static const uint64_t texts[] = {
		UINT64_C(0x820090000000), UINT64_C(0xb2b290000000),
		UINT64_C(0xeb019000002f), UINT64_C(0xe3009000ff03),
		UINT64_C(0xb98e00680000), UINT64_C(0xb20890000000),
	};
	struct sie_try t = running();

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		tap_ok(sie_try_instruction(&t, texts[i]).action ==
		       UV_SIE_INTERPRET &&
		       uv_sie_operand(t.state, texts[i]).place ==
		       UV_SIE_OPERAND_NONE,
		       "0x%012llx is the embedder's",
		       (unsigned long long)texts[i]);
	tap_equal(sie_try_instruction(&t, UINT64_C(0xeb0190000030)).code, 1,
		  "the last byte of format RSY counts");
	sie_try_free(&t);
}

/* ---- reset ---- */

static void test_reset(void)
{
	for (uint64_t subcode = 0; subcode < 2; subcode++) {
		struct sie_try t = running();

		t.state->gr[9] = 0x308;
		t.state->gr[8] = subcode;
		tap_ok(sie_try_instruction(&t, RS(0x83)).action ==
		       UV_SIE_EXIT && t.block->icptcode == 0x6c &&
		       fake_get64(t.block->pv_grregs[2].byte) == subcode,
		       "reset %u: the host is told", (unsigned int)subcode);
		tap_equal(sie_try_validity(&t), 7,
			  "reset %u: and has to do it",
			  (unsigned int)subcode);
		sie_try_free(&t);
	}
}

/* ---- SIGP ---- */

static void sigp(struct sie_try *t, uint64_t order, uint64_t number)
{
	t->state->psw.mask &= ~CC(3);
	t->state->gr[9] = order;
	t->state->gr[8] = number;
	sie_try_instruction(t, RS(0xae));
}

static void test_sigp_here(void)
{
	static const uint64_t stopped[] = { 0x0d, 0x0e, 0x17 };
	struct sie_try t = running();

	sigp(&t, 2, 9);
	tap_ok(t.vcpu->in_sie && cc_of(&t) == 3,
	       "SIGP: no such CPU, and the host is not asked");
	sigp(&t, 0x12, 0);
	tap_ok(t.vcpu->in_sie && cc_of(&t) == 1 &&
	       t.state->gr[6] == 0x64c8ed6400000100,
	       "SIGP set architecture: invalid parameter");
	sigp(&t, 0x09, 0);
	tap_ok(t.vcpu->in_sie && cc_of(&t) == 1 &&
	       t.state->gr[6] == 0x64c8ed6400000002,
	       "SIGP stop and store status: invalid order");
	for (size_t i = 0; i < ARRAY_SIZE(stopped); i++) {
		t.state->gr[7] = 0;
		sigp(&t, stopped[i], 0);
		tap_ok(t.vcpu->in_sie && cc_of(&t) == 1 &&
		       t.state->gr[6] == 0x64c8ed6400000200,
		       "SIGP order %02x: a CPU that is not stopped",
		       (unsigned int)stopped[i]);
	}
	sie_try_free(&t);
}

static void test_sigp_target(void)
{
	struct sie_try t = running();
	struct uv_vcpu *other = fake_guest_vcpu(t.guest, 1);

	other->run = UV_VCPU_STOPPED;
	t.state->gr[7] = 0x00100000;
	sigp(&t, 0x0d, 1);
	tap_ok(t.vcpu->in_sie && cc_of(&t) == 1 && !other->state.prefix &&
	       t.state->gr[6] == 0x64c8ed6400000100,
	       "SIGP set prefix: no storage there");
	t.state->gr[7] = 0x8000f123;
	sigp(&t, 0x0d, 1);
	tap_ok(!t.vcpu->in_sie && t.block->icptcode == 0x6c,
	       "SIGP set prefix: the host is told");
	tap_equal(other->state.prefix, 0xe000,
		  "SIGP set prefix: the prefix of the target");
	sie_try_enter(&t);
	sigp(&t, 6, 1);
	tap_ok(!t.vcpu->in_sie && other->restart,
	       "SIGP restart: it waits for the host");
	sie_try_enter(&t);
	other->restart = false;
	other->run = UV_VCPU_OPERATING;
	sigp(&t, 6, 1);
	tap_ok(!t.vcpu->in_sie && !other->restart,
	       "SIGP restart of a running CPU: the host's injection");
	sie_try_free(&t);
}

static void fill_registers(struct uv_cpu_state *state)
{
	for (unsigned int i = 0; i < 16; i++) {
		state->gr[i] = i;
		state->cr[i] = 0x100 + i;
		state->ar[i] = 0x200 + i;
		state->vr[i][0] = 0x300 + i;
		state->vr[16 + i][1] = 0x400 + i;
	}
	state->psw = (struct uv_psw){ 0x180000000, 0x501 };
	state->prefix = 0x6000;
	state->fpc = 0x502;
	state->todpr = 0x503;
	state->cpu_timer = 0x504;
	state->ckc = 0x50500;
}

/* Big-endian value at an address of the guest. */
static uint64_t at(struct sie_try *t, uint64_t addr, unsigned int len)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < len; i++)
		value = value << 8 | *fake_guest_at(t->guest, addr + i);
	return value;
}

static void test_status_fields(struct sie_try *t, uint64_t area)
{
	static const struct {
		uint64_t value;
		uint16_t at;
		uint8_t len;
	} fields[] = {
		{ 0x30f, 0x078, 8 }, { 0, 0x080, 8 }, { 0xf, 0x0f8, 8 },
		{ 0x180000000, 0x100, 8 }, { 0x501, 0x108, 8 },
		{ 0x1111111111111111, 0x110, 8 },
		{ 0x6000, 0x118, 4 }, { 0x502, 0x11c, 4 },
		{ 0x11111111, 0x120, 4 }, { 0x503, 0x124, 4 },
		{ 0x504, 0x128, 8 }, { 0x505, 0x130, 8 },
		{ 0x1111111111111111, 0x138, 8 },
		{ 0x20f, 0x17c, 4 }, { 0x10f, 0x1f8, 8 },
		{ 0x11, 0x200, 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		tap_equal(at(t, area + fields[i].at, fields[i].len),
			  fields[i].value, "SIGP store status: at %03x",
			  fields[i].at);
}

static void test_sigp_status(void)
{
	const uint64_t area = SIE_TRY_OPERAND + 0x400;
	struct sie_try t = running();
	struct uv_vcpu *other = fake_guest_vcpu(t.guest, 1);

	memset(fake_guest_at(t.guest, SIE_TRY_OPERAND), 0x11, FAKE_PAGE);
	fill_registers(&other->state);
	other->run = UV_VCPU_STOPPED;
	t.state->gr[7] = 0x80000123 | area;
	sigp(&t, 0x0e, 1);
	tap_ok(t.vcpu->in_sie && cc_of(&t) == 0,
	       "SIGP store status: accepted, and the host is not asked");
	test_status_fields(&t, area);

	t.state->gr[7] = area + 0x200;
	sigp(&t, 0x17, 1);
	tap_ok(t.vcpu->in_sie && cc_of(&t) == 1 &&
	       t.state->gr[6] == 0x64c8ed6400000100,
	       "SIGP store additional status: address not aligned");
	t.state->gr[7] = 0x100000;
	sigp(&t, 0x17, 1);
	tap_equal(cc_of(&t), 1, "SIGP store additional status: no storage");
	t.state->gr[7] = area;
	sigp(&t, 0x17, 1);
	tap_ok(t.vcpu->in_sie && cc_of(&t) == 0 &&
	       at(&t, area + 0xf0, 8) == 0x30f &&
	       at(&t, area + 0x1f8, 8) == 0x40f &&
	       at(&t, area + 0x200, 1) == 0x11,
	       "SIGP store additional status: the vectors");
	sie_try_free(&t);
}

static void test_sigp_status_missing(void)
{
	struct sie_try t = running();
	struct uv_vcpu *other = fake_guest_vcpu(t.guest, 1);
	struct uv_sie_result result;

	other->run = UV_VCPU_STOPPED;
	fake_guest_export(t.guest, SIE_TRY_FRAME);
	t.state->gr[7] = SIE_TRY_OPERAND;
	t.state->gr[8] = 1;
	t.state->gr[9] = 0x0e;
	result = sie_try_instruction(&t, RS(0xae));
	tap_ok(result.action == UV_SIE_FAULT &&
	       result.gaddr == SIE_TRY_OPERAND && !t.vcpu->in_sie &&
	       t.state->psw.addr == SIE_TRY_ADDR,
	       "SIGP store status: repeated when the host has the page");
	sie_try_free(&t);
}

/* ---- pages that are missing ---- */

static void test_missing(void)
{
	struct sie_try t = running();
	struct uv_sie_result result;

	sie_try_fill(&t);
	fake_guest_export(t.guest, SIE_TRY_FRAME);
	result = sie_try_instruction(&t, S(0xb232));
	tap_ok(result.action == UV_SIE_FAULT && result.code == 0x3e &&
	       result.gaddr == SIE_TRY_OPERAND && !t.vcpu->in_sie &&
	       !t.block->icptcode, "a missing operand is the host's fault");
	tap_equal(t.state->psw.addr, SIE_TRY_ADDR,
		  "the guest repeats its instruction");
	tap_ok(!t.vcpu->pending.insn, "and nothing waits for the host");
	fake_guest_map(t.guest, SIE_TRY_OPERAND, SIE_TRY_FRAME);
	sie_try_enter(&t);
	result = sie_try_instruction(&t, S(0xb232));
	tap_equal(result.action, UV_SIE_EXIT, "then it works");
	sie_try_free(&t);
}

/* The host took a page away while it had the instruction. */
static void test_missing_answer(void)
{
	struct sie_try t = running();
	struct uv_sie_result result;

	t.state->gr[9] = SIE_TRY_OPERAND + 0xff0;
	sie_try_fill(&t);
	sie_try_instruction(&t, S(0xb234));
	memset(t.sida, 0x66, 52);
	fake_guest_export(t.guest, SIE_TRY_NEXT_FRAME);
	result = sie_try_enter(&t);
	tap_ok(result.action == UV_SIE_FAULT && result.code == 0x3e &&
	       result.gaddr == SIE_TRY_OPERAND + 0x1000,
	       "no room for the answer: host's fault");
	tap_equal(*fake_guest_at(t.guest, SIE_TRY_OPERAND + 0xff0),
		  sie_try_secret_byte(SIE_TRY_OPERAND + 0xff0),
		  "the first page has nothing of it");
	fake_guest_map(t.guest, SIE_TRY_OPERAND + 0x1000, SIE_TRY_NEXT_FRAME);
	fake_guest_export(t.guest, SIE_TRY_FRAME);
	tap_equal(sie_try_enter(&t).gaddr, SIE_TRY_OPERAND,
		  "the same for the first page");
	tap_equal(*fake_guest_at(t.guest, SIE_TRY_OPERAND + 0x1000),
		  sie_try_secret_byte(SIE_TRY_OPERAND + 0x1000),
		  "the second page has nothing of it");
	fake_guest_map(t.guest, SIE_TRY_OPERAND, SIE_TRY_FRAME);
	tap_equal(sie_try_enter(&t).action, UV_SIE_RUN, "then it is taken");
	tap_filled(fake_guest_at(t.guest, SIE_TRY_OPERAND + 0xff0), 16, 0x66,
		   "all of it");
	tap_filled(fake_guest_at(t.guest, SIE_TRY_OPERAND + 0x1000), 36, 0x66,
		   "in both pages");
	sie_try_free(&t);
}

/* A condition code must survive a fault on the way back. */
static void test_missing_prefix(void)
{
	struct sie_try t = running();

	sie_try_instruction(&t, S(0xb230));
	fake_put64(t.block->gpsw.mask.byte, CC(2));
	fake_guest_export(t.guest, SIE_TRY_LOWCORE);
	tap_ok(sie_try_enter(&t).action == UV_SIE_EXIT &&
	       t.block->icptcode == 0x70, "the prefix page is gone meanwhile");
	fake_guest_map(t.guest, 0, SIE_TRY_LOWCORE);
	sie_try_enter(&t);
	tap_equal(cc_of(&t), 2, "the host's answer is not lost");
	sie_try_free(&t);
}

/* ---- UV CALL ---- */

static void test_uvc(void)
{
	struct sie_try t = running();
	struct pv_uvcb_share block;

	memset(&block, 0x4d, sizeof(block));
	memset(t.sida, 0x11, 4096);
	t.state->psw.addr += 4;
	tap_ok(uv_sie_notify_uvc(t.uv, t.vcpu, &block).action == UV_SIE_EXIT &&
	       t.block->icptcode == 0x6c &&
	       fake_get16(t.block->ipa.byte) == 0xb9a4, "unshare: notified");
	tap_filled(t.sida, 0x30, 0x4d, "unshare: the guest's block");
	tap_filled(t.sida + 0x30, 4096 - 0x30, 0x11, "unshare: and no more");
	tap_filled(t.block->pv_grregs, sizeof(t.block->pv_grregs), 0,
		   "unshare: no register");
	tap_equal(t.state->psw.addr, SIE_TRY_ADDR,
		  "unshare: the guest repeats it");
	tap_equal(sie_try_enter(&t).action, UV_SIE_RUN, "unshare: and goes on");
	sie_try_free(&t);
}

static void test_uvc_fault(void)
{
	struct sie_try t = running();
	const struct uv_guest_fault fault = { 0x3e, 0x7000, true };
	struct uv_sie_result result;

	t.state->psw.mask &= ~UINT64_C(0x180000000);
	t.state->psw.addr = 2;
	result = uv_sie_fault_uvc(t.uv, t.vcpu, &fault);
	tap_ok(result.action == UV_SIE_FAULT && result.gaddr == 0x7000 &&
	       result.store && result.code == 0x3e && !t.vcpu->in_sie,
	       "share of a missing page: host's fault");
	tap_equal(t.state->psw.addr, 0xfffffe,
		  "addresses wrap in the 24-bit mode");
	sie_try_free(&t);
}

int main(void)
{
	tap_begin();
	test_stores();
	test_facilities();
	test_others();
	test_stsi();
	test_servc();
	test_servc_twice();
	test_refused();
	test_interpreted();
	test_reset();
	test_sigp_here();
	test_sigp_target();
	test_sigp_status();
	test_sigp_status_missing();
	test_missing();
	test_missing_answer();
	test_missing_prefix();
	test_uvc();
	test_uvc_fault();
	return tap_end();
}
