// SPDX-License-Identifier: MIT
/* Entering and leaving SIE, and the interruptions that a host injects. */
#include <string.h>

#include <openssl/crypto.h>

#include "array.h"
#include "config.h"
#include "sie.h"
#include "sie_try.h"
#include "tap.h"

#define EXT		UINT64_C(0x0100000000000000)
#define IO		UINT64_C(0x0200000000000000)
#define MCHK		UINT64_C(0x0004000000000000)
#define NEW_MASK	UINT64_C(0x0404c00180000000)
#define NEW_ADDR	UINT64_C(0x8000)

static uint8_t *lowcore(const struct sie_try *t, uint64_t offset)
{
	return fake_guest_at(t->guest, offset);
}

/* ---- validity ---- */

static void wrong_handles(struct sie_try *t)
{
	unsigned int wrong = 0;

	for (int i = 0; i < 64; i++) {
		uint8_t bit = (uint8_t)(1 << i % 8);

		t->block->pv_handle_cpu.byte[i / 8] ^= bit;
		wrong += sie_try_validity(t) == 1;
		t->block->pv_handle_cpu.byte[i / 8] ^= bit;
		t->block->pv_handle_config.byte[i / 8] ^= bit;
		wrong += sie_try_validity(t) == 1;
		t->block->pv_handle_config.byte[i / 8] ^= bit;
	}
	tap_equal(wrong, 128, "validity 1: any wrong bit of a handle");
}

/* A second configuration with a CPU, whose block is on a page of its own. */
static void foreign_handles(struct sie_try *t)
{
	struct uv_error err;
	struct uv_config *other = uv_config_new(t->uv, &err);
	struct uv_vcpu *vcpu = OPENSSL_zalloc(sizeof(*vcpu));
	uint64_t mine = t->vcpu->handle;

	other->handle = 0x1111;
	vcpu->handle = 0x2222;
	vcpu->config = other;
	vcpu->block = FAKE_HOST_PAGE;
	other->vcpus = vcpu;
	fake_put64(t->block->pv_handle_cpu.byte, vcpu->handle);
	tap_equal(sie_try_validity(t), 2,
		  "validity 2: CPU of another configuration");
	fake_put64(t->block->pv_handle_cpu.byte, mine);
	fake_put64(t->block->pv_handle_config.byte, other->handle);
	tap_equal(sie_try_validity(t), 3, "validity 3: another configuration");
	fake_put64(t->block->pv_handle_config.byte, FAKE_CONFIG_HANDLE);
}

static void test_validity(void)
{
	struct sie_try t = sie_try_new();

	wrong_handles(&t);
	foreign_handles(&t);
	t.vcpu->in_sie = true;
	tap_equal(sie_try_validity(&t), 4, "validity 4: it is running already");
	t.vcpu->in_sie = false;
	t.entry.asce ^= 0x1000;
	tap_equal(sie_try_validity(&t), 5, "validity 5: another space");
	t.entry.asce ^= 0x1000;
	t.vcpu->run = UV_VCPU_STOPPED;
	tap_equal(sie_try_validity(&t), 7, "validity 7: a stopped CPU");
	t.vcpu->run = UV_VCPU_OPERATING;
	t.guest->config->state = UV_CONFIG_UNPACKING;
	tap_equal(sie_try_validity(&t), 7, "validity 7: before verification");
	t.guest->config->state = UV_CONFIG_VERIFIED;
	uv_config_ask_reset(t.guest->config);
	tap_equal(sie_try_validity(&t), 7, "validity 7: a reset is to be done");
	memset(&t.guest->config->reset, 0, sizeof(t.guest->config->reset));
	t.guest->config->dump.active = true;
	tap_equal(sie_try_validity(&t), 10, "validity 10: it is being dumped");
	t.guest->config->dump.active = false;
	tap_equal(sie_try_validity(&t), 0, "with all that mended it runs");
	sie_try_free(&t);
}

static void test_timer(void)
{
	static const struct {
		int64_t step;
		uint64_t outside;
		unsigned int reason;
		const char *name;
	} cases[] = {
		{ 0, 0, 0, "not touched" },
		{ -100, 100, 0, "lowered by the time outside" },
		{ -101, 100, 6, "lowered by more" },
		{ 1, 100, 6, "raised" },
		{ 0, (uint64_t)-100, 0, "not touched, clock set back" },
		{ -1, (uint64_t)-100, 6, "lowered, clock set back" },
		{ 200, (uint64_t)-100, 6, "raised, clock set back" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct sie_try t = sie_try_new();
		uint64_t timer;

		sie_try_run(&t);
		t.state->cpu_timer = SIE_TRY_TIMER - 0x500;
		t.state->time = SIE_TRY_TIME + 0x500;
		uv_sie_leave(t.uv, t.vcpu, UV_SIE_HOST);
		timer = SIE_TRY_TIMER - 0x500 + (uint64_t)cases[i].step;
		fake_put64(t.block->cputm.byte, timer);
		t.entry.time = SIE_TRY_TIME + 0x500 + cases[i].outside;
		if (cases[i].reason)
			timer = t.state->cpu_timer;
		tap_equal(sie_try_validity(&t), cases[i].reason,
			  "CPU timer %s: validity", cases[i].name);
		tap_equal(t.state->cpu_timer, timer,
			  "CPU timer %s: what the guest has", cases[i].name);
		sie_try_free(&t);
	}
}

/* ---- leaving ---- */

static void test_leave(void)
{
	static const uint8_t codes[UV_SIE_REASONS] = {
		0, 0x1c, 0x28, 0x64, 0x08, 0x14,
	};

	for (int reason = 0; reason < UV_SIE_REASONS; reason++) {
		struct sie_try t = sie_try_new();
		struct pv_sie_block want;

		sie_try_run(&t);
		memset((uint8_t *)t.block + 0x20, 0x99, 0x160);
		memset((uint8_t *)t.block + 0x188, 0x99, 0x278);
		want = *t.block;
		t.state->psw.mask = UINT64_MAX;
		t.state->psw.addr = UINT64_MAX;
		memset(t.state->cr, 0xff, sizeof(t.state->cr));
		t.state->cpu_timer = 0x1234;
		t.state->ckc = 0x5678;
		uv_sie_leave(t.uv, t.vcpu, reason);
		fake_put64(want.cputm.byte, 0x1234);
		fake_put64(want.ckc.byte, 0x5678);
		want.icptcode = codes[reason];
		fake_put64(want.gpsw.mask.byte, 0x0307300000000000);
		fake_put64(want.gpsw.addr.byte, 0);
		fake_put64(want.gcr[0].byte, 0x002000000000fff0);
		fake_put64(want.gcr[6].byte, 0xff000000);
		fake_put64(want.gcr[14].byte, 0x1f000000);
		tap_ok(!memcmp(&want, t.block, sizeof(want)),
		       "leaving with code 0x%02x shows masks and timers only",
		       codes[reason]);
		tap_ok(!t.vcpu->in_sie, "and it is not running any more");
		sie_try_free(&t);
	}
}

static void test_stop(void)
{
	struct sie_try t = sie_try_new();

	fake_put32(t.block->cpuflags.byte, 0x04000000);
	tap_ok(sie_try_enter(&t).action == UV_SIE_EXIT &&
	       t.block->icptcode == 0x28, "a stop request is intercepted");
	tap_equal(fake_get32(t.block->cpuflags.byte), 0x04000000,
		  "its flag stays");
	sie_try_free(&t);
}

static void test_prefix(void)
{
	for (unsigned int page = 0; page < 2; page++) {
		struct sie_try t = sie_try_new();
		struct uv_sie_result result;

		fake_guest_export(t.guest, SIE_TRY_LOWCORE + page);
		tap_ok(sie_try_enter(&t).action == UV_SIE_EXIT &&
		       t.block->icptcode == 0x70,
		       "prefix page %u is not secure: intercepted", page);
		fake_guest_map(t.guest, page * 0x1000, SIE_TRY_LOWCORE + page);
		fake_guest_unmap(t.guest, page * 0x1000);
		result = sie_try_enter(&t);
		tap_ok(result.action == UV_SIE_FAULT && result.code == 0x11 &&
		       result.gaddr == page * 0x1000 && result.store,
		       "prefix page %u is not mapped: host's fault", page);
		sie_try_free(&t);
	}
}

/* ---- confused deputies ---- */

static void test_secure_block(void)
{
	struct sie_try t = sie_try_new();
	uint8_t before[0x400];

	memcpy(before, t.block, sizeof(before));
	fake_guest_map(t.guest, 0x9000, FAKE_BLOCKS);
	tap_equal(sie_try_enter(&t).action, UV_SIE_FAULT,
		  "a block that is a page of a guest is not used");
	tap_ok(!memcmp(before, t.block, sizeof(before)), "nor stored into");
	sie_try_free(&t);
}

/* Another CPU of the host gives the page away while this one runs. */
static void test_block_lost(void)
{
	static const uint64_t texts[] = {
		UINT64_C(0xb23290000000),	/* MODIFY SUBCHANNEL */
		UINT64_C(0xb23000000000),	/* CLEAR SUBCHANNEL */
		UINT64_C(0x830090000000),	/* DIAGNOSE */
	};

	for (size_t i = 0; i <= ARRAY_SIZE(texts); i++) {
		struct sie_try t = sie_try_new();
		uint8_t before[FAKE_PAGE];

		sie_try_run(&t);
		sie_try_fill(&t);
		t.state->gr[9] = SIE_TRY_OPERAND;
		fake_guest_map(t.guest, 0x9000, FAKE_BLOCKS);
		memset(t.block, 0x3c, FAKE_PAGE);
		fake_put64(t.block->sidad.byte, FAKE_HOST_PAGE);
		memcpy(before, t.block, sizeof(before));
		if (i < ARRAY_SIZE(texts))
			tap_equal(sie_try_instruction(&t, texts[i]).action,
				  UV_SIE_EXIT, "block lost: an instruction");
		else
			uv_sie_leave(t.uv, t.vcpu, UV_SIE_HOST);
		tap_ok(!t.vcpu->in_sie, "block lost: the CPU stops running");
		tap_ok(!memcmp(t.block, before, sizeof(before)),
		       "block lost: its new owner does not see it");
		tap_filled(t.guest->fake->memory + FAKE_HOST_PAGE, FAKE_PAGE, 0,
			   "block lost: what stands there leads nowhere");
		sie_try_free(&t);
	}
}

static void test_sida(uint64_t designation, const char *name)
{
	struct sie_try t = sie_try_new();
	struct uv_sie_result result;

	sie_try_run(&t);
	fake_put64(t.block->sidad.byte, designation);
	fake_guest_map(t.guest, 0x9000, 20);
	memset(fake_guest_at(t.guest, 0x9000), 0x3c, 4096);
	t.state->gr[9] = SIE_TRY_OPERAND;
	t.state->gr[1] = 0;
	result = sie_try_instruction(&t, UINT64_C(0xb23290000000));
	tap_ok(result.action == UV_SIE_EXIT && t.block->icptcode == 0x20 &&
	       fake_get16(t.block->ipb.byte) == 0x200b, "%s: validity 11",
	       name);
	tap_filled(fake_guest_at(t.guest, 0x9000), 4096, 0x3c,
		   "%s: nothing is stored there", name);
	tap_equal(t.state->psw.addr, SIE_TRY_ADDR,
		  "%s: the guest repeats its instruction", name);
	sie_try_free(&t);
}

/* ---- injection ---- */

static void arm(struct sie_try *t)
{
	for (uint64_t psw = 0x1a0; psw < 0x200; psw += 16) {
		fake_put64(lowcore(t, psw), NEW_MASK + psw);
		fake_put64(lowcore(t, psw + 8), NEW_ADDR + psw);
	}
	t->state->psw.mask |= EXT | IO | MCHK;
	t->state->cr[0] = UINT64_MAX;
	t->state->cr[6] = UINT64_MAX;
	t->state->cr[14] = UINT64_MAX;
}

/* The PSW was exchanged, the field is zero again, and the guest runs. */
static void taken(struct sie_try *t, const struct uv_psw *old, uint64_t at,
		  uint64_t new_at, const char *name)
{
	struct uv_sie_result result = sie_try_enter(t);

	tap_equal(result.action, UV_SIE_RUN, "%s: the guest runs", name);
	tap_equal(t->block->iictl, 0, "%s: the request is over", name);
	tap_ok(fake_get64(lowcore(t, at)) == old->mask &&
	       fake_get64(lowcore(t, at + 8)) == old->addr,
	       "%s: old PSW", name);
	tap_ok(t->state->psw.mask == NEW_MASK + new_at &&
	       t->state->psw.addr == NEW_ADDR + new_at, "%s: new PSW", name);
}

static void test_external(void)
{
	static const struct {
		uint16_t code;
		uint64_t mask;
		uint16_t cpu;
		uint32_t parameter;
		const char *name;
	} cases[] = {
		{ 0x1004, 0x800, 0, 0, "clock comparator" },
		{ 0x1005, 0x400, 0, 0, "CPU timer" },
		{ 0x1201, 0x4000, 7, 0, "emergency signal" },
		{ 0x1202, 0x2000, 7, 0, "external call" },
		{ 0x2401, 0x200, 0, 3, "event of the service element" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct sie_try t = sie_try_new();
		struct uv_psw old;

		arm(&t);
		t.block->iictl = 2;
		fake_put16(t.block->eic.byte, cases[i].code);
		fake_put16(t.block->extcpuaddr.byte, 7);
		fake_put32(t.block->eiparams.byte, 3);
		t.state->cr[0] = ~cases[i].mask;
		tap_equal(sie_try_validity(&t), 8, "%s, masked by CR0",
			  cases[i].name);
		t.state->cr[0] = cases[i].mask;
		t.state->psw.mask &= ~EXT;
		tap_equal(sie_try_validity(&t), 8, "%s, masked by the PSW",
			  cases[i].name);
		t.state->psw.mask |= EXT;
		old = t.state->psw;
		taken(&t, &old, 0x130, 0x1b0, cases[i].name);
		tap_ok(fake_get16(lowcore(&t, 0x86)) == cases[i].code &&
		       fake_get16(lowcore(&t, 0x84)) == cases[i].cpu &&
		       fake_get32(lowcore(&t, 0x80)) == cases[i].parameter,
		       "%s: its data", cases[i].name);
		sie_try_free(&t);
	}
}

static void test_service_signal(void)
{
	struct sie_try t = sie_try_new();
	struct uv_psw old;

	arm(&t);
	t.block->iictl = 2;
	fake_put16(t.block->eic.byte, 0x2401);
	fake_put32(t.block->eiparams.byte, 0x4003);
	tap_equal(sie_try_validity(&t), 8,
		  "a service signal that answers nothing");
	t.guest->config->sccb = 0x5008;
	old = t.state->psw;
	taken(&t, &old, 0x130, 0x1b0, "service signal");
	tap_equal(fake_get32(lowcore(&t, 0x80)), 0x500b,
		  "the guest gets its own block's address");
	uv_sie_leave(t.uv, t.vcpu, UV_SIE_HOST);
	arm(&t);
	t.block->iictl = 2;
	tap_equal(sie_try_validity(&t), 8, "and gets it once");
	sie_try_free(&t);
}

static void test_io(void)
{
	struct sie_try t = sie_try_new();
	struct uv_psw old;

	arm(&t);
	t.block->iictl = 3;
	fake_put16(t.block->subchannel_id.byte, 0x1234);
	fake_put16(t.block->subchannel_nr.byte, 0x5678);
	fake_put32(t.block->io_int_parm.byte, 0x9abcdef0);
	fake_put32(t.block->io_int_word.byte, 0x18000000);
	t.state->cr[6] = ~UINT64_C(0x10000000);
	tap_equal(sie_try_validity(&t), 8, "I/O of a masked subclass");
	t.state->cr[6] = 0x10000000;
	t.state->psw.mask &= ~IO;
	tap_equal(sie_try_validity(&t), 8, "I/O masked by the PSW");
	t.state->psw.mask |= IO;
	old = t.state->psw;
	taken(&t, &old, 0x170, 0x1f0, "I/O");
	tap_bytes(lowcore(&t, 0xb8), 12, "123456789abcdef018000000",
		  "I/O: its data");
	sie_try_free(&t);
}

static void test_machine_check(void)
{
	struct sie_try t = sie_try_new();
	struct uv_psw old;

	sie_try_run(&t);
	uv_sie_leave(t.uv, t.vcpu, UV_SIE_HOST);
	arm(&t);
	t.block->iictl = 1;
	t.state->cpu_timer = SIE_TRY_TIMER;
	fake_put64(t.block->eiparams.byte, 0x0040004000000000);
	fake_put32(t.block->edc.byte, 0x01020304);
	fake_put64(t.block->faddr.byte, 0x1122334455667788);
	t.state->cr[14] = ~UINT64_C(0x10000000);
	tap_equal(sie_try_validity(&t), 8, "masked channel report");
	t.state->cr[14] = 0x10000000;
	t.state->psw.mask &= ~MCHK;
	tap_equal(sie_try_validity(&t), 8, "machine check, masked by the PSW");
	t.state->psw.mask |= MCHK;
	old = t.state->psw;
	fake_put64(lowcore(&t, 0x11b0), SIE_TRY_OPERAND | 3);
	taken(&t, &old, 0x160, 0x1e0, "machine check");
	tap_bytes(lowcore(&t, 0xe8), 24,
		  "004000400000000000000000010203041122334455667788",
		  "machine check: its data");
	tap_equal(fake_get64(lowcore(&t, 0x1280 + 8 * 5)), sie_try_secret(5),
		  "machine check: general registers are saved");
	tap_equal(fake_get64(lowcore(&t, 0x1200 + 8 * 5)), sie_try_secret(10),
		  "machine check: floating-point registers are saved");
	tap_equal(fake_get64(lowcore(&t, 0x1328)), SIE_TRY_TIMER,
		  "machine check: timers are saved");
	tap_equal(fake_get64(lowcore(&t, 0x1380 + 8 * 14)), 0x10000000,
		  "machine check: control registers are saved");
	tap_equal(fake_get64(fake_guest_at(t.guest, SIE_TRY_OPERAND + 8 * 9)),
		  sie_try_secret(9), "machine check: vectors are saved");
	sie_try_free(&t);
}

static void test_restart(void)
{
	struct sie_try t = sie_try_new();
	struct uv_psw old;

	arm(&t);
	t.state->psw.mask &= ~(EXT | IO | MCHK);
	t.block->iictl = 4;
	old = t.state->psw;
	taken(&t, &old, 0x120, 0x1a0, "restart");
	uv_sie_leave(t.uv, t.vcpu, UV_SIE_HOST);
	t.vcpu->restart = true;
	t.block->iictl = 4;
	old = t.state->psw;
	taken(&t, &old, 0x120, 0x1a0, "restart that was ordered");
	tap_ok(!t.vcpu->restart, "it is taken once");
	sie_try_free(&t);
	t = sie_try_new();
	t.block->iictl = 5;
	tap_equal(sie_try_validity(&t), 8, "an unknown interruption");
	sie_try_free(&t);
}

/* MSCH may fail with an operand exception, STSI with a specification one. */
static void test_program(void)
{
	static const struct {
		uint64_t text;
		uint8_t inject;
		uint8_t other;
		uint16_t code;
	} cases[] = {
		{ UINT64_C(0xb23290000000), 0x11, 0x10, 0x15 },
		{ UINT64_C(0xb27d90000000), 0x10, 0x11, 6 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct sie_try t = sie_try_new();
		struct uv_psw old;

		t.block->iictl = cases[i].inject;
		tap_equal(sie_try_validity(&t), 9,
			  "program interruption without instruction");
		t.block->iictl = 0;
		sie_try_run(&t);
		arm(&t);
		t.state->gr[9] = SIE_TRY_OPERAND;
		t.state->gr[0] = 0x10000001;
		t.state->gr[1] = 1;
		sie_try_instruction(&t, cases[i].text);
		t.block->iictl = cases[i].other;
		tap_equal(sie_try_validity(&t), 9, "one that it cannot have");
		t.block->iictl = 2;
		fake_put16(t.block->eic.byte, 0x1004);
		tap_equal(sie_try_validity(&t), 8,
			  "another interruption before it is complete");
		t.block->iictl = cases[i].inject;
		memset(t.sida, 0x77, 4096);
		old = t.state->psw;
		taken(&t, &old, 0x150, 0x1d0, "program interruption");
		tap_ok(fake_get16(lowcore(&t, 0x8c)) == 4 &&
		       fake_get16(lowcore(&t, 0x8e)) == cases[i].code,
		       "program interruption: length and code");
		tap_filled(fake_guest_at(t.guest, SIE_TRY_OPERAND), 4096, 0,
			   "and no answer is stored");
		sie_try_free(&t);
	}
}

int main(void)
{
	tap_begin();
	test_validity();
	test_timer();
	test_leave();
	test_stop();
	test_prefix();
	test_secure_block();
	test_block_lost();
	test_sida(20 * FAKE_PAGE, "SIDA in a page of the guest");
	test_sida(0, "no SIDA");
	test_sida(UINT64_C(1) << 40, "SIDA beyond storage");
	test_external();
	test_service_signal();
	test_io();
	test_machine_check();
	test_restart();
	test_program();
	return tap_end();
}
