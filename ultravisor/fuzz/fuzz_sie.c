// SPDX-License-Identifier: MIT
/*
 * A guest that executes any instructions, and a host that writes anything into
 * whatever it can reach.
 *
 * Input: steps of five kinds, each a byte and what it needs.
 */
#include <string.h>

#include "array.h"
#include "config.h"
#include "fuzz.h"
#include "sie.h"
#include "sie_try.h"

/* The guest's page that no instruction of it is about. */
#define PRIVATE		UINT64_C(0x9000)
#define PRIVATE_FRAME	20
#define PRIVATE_BYTE	0xa9

/** struct input - what is left of it */
struct input {
	const uint8_t *data;
	size_t size;
};

/* No input can make the secret appear. */
static uint64_t take(struct input *in, size_t bytes)
{
	uint64_t value = 0;

	for (; bytes && in->size; bytes--, in->size--, in->data++)
		value = value << 8 | (*in->data == PRIVATE_BYTE ? 0 : *in->data);
	return value;
}

/* Stretches of the page that the host owns: description, area, SIDA. */
static void scribble(struct sie_try *t, struct input *in)
{
	static const struct {
		size_t offset;
		size_t len;
	} places[] = {
		{ 0x28, 8 }, { 0x55, 1 }, { 0x90, 32 }, { 0xc0, 0x38 },
		{ 0x100, 0x80 }, { 0x380, 0x80 }, { 0x1000, 16 }, { 0, 4 },
		{ 0x180, 8 }, { 0x1a0, 4 }, { 0x10, 16 }, { 0x55, 1 },
	};
	size_t i = take(in, 1) % ARRAY_SIZE(places);
	uint8_t *to = (uint8_t *)t->block + places[i].offset;

	for (size_t n = take(in, 1) % (places[i].len + 1); n; n--)
		*to++ = (uint8_t)take(in, 1);
}

static void set_register(struct sie_try *t, struct input *in)
{
	uint8_t which = (uint8_t)take(in, 1);
	uint64_t value = take(in, which & 0x80 ? 8 : 2);

	if (which & 0x40)
		t->state->cr[which & 15] = value;
	else
		t->state->gr[which & 15] = value;
}

/* Everything that a host may never read holds this pattern. */
static void check(const struct sie_try *t)
{
	static const uint8_t secret[8] = {
		PRIVATE_BYTE, PRIVATE_BYTE, PRIVATE_BYTE, PRIVATE_BYTE,
		PRIVATE_BYTE, PRIVATE_BYTE, PRIVATE_BYTE, PRIVATE_BYTE,
	};
	const uint8_t *page = t->guest->fake->memory +
			      PRIVATE_FRAME * FAKE_PAGE;
	const uint8_t *block = (const uint8_t *)t->block;

	MUST(page[0] == PRIVATE_BYTE && !memcmp(page, page + 1, FAKE_PAGE - 1));
	for (size_t i = 0; i + 8 <= 0x2000; i += 8)
		MUST(block[i] != PRIVATE_BYTE || block[i + 7] != PRIVATE_BYTE ||
		     memcmp(block + i, secret, sizeof(secret)));
}

static void check_result(const struct sie_try *t,
			 const struct uv_sie_result *result, bool entering)
{
	bool inside = result->action == UV_SIE_RUN ||
		      result->action == UV_SIE_INTERPRET ||
		      result->action == UV_SIE_PROGRAM;

	MUST(inside == t->vcpu->in_sie);
	MUST(!entering || result->action == UV_SIE_RUN ||
	     result->action == UV_SIE_EXIT || result->action == UV_SIE_FAULT);
	if (result->action == UV_SIE_FAULT)
		MUST(result->code && result->gaddr % PV_PAGE_SIZE == 0);
	if (result->action == UV_SIE_EXIT)
		MUST(t->block->icptcode);
}

static void execute(struct sie_try *t, struct input *in)
{
	uint64_t text = take(in, 4) << 16 | take(in, 2);
	struct uv_sie_operand operand = uv_sie_operand(t->state, text);
	uint64_t addr[2] = { operand.addr, (operand.addr | 0xfff) + 1 };
	struct uv_sie_result result;

	MUST(operand.len <= PV_PAGE_SIZE);
	MUST((operand.place == UV_SIE_OPERAND_NONE) == !operand.len);
	/* A guest that uses it as an operand shows it. */
	if (operand.len && operand.addr < PRIVATE + FAKE_PAGE &&
	    operand.addr + operand.len > PRIVATE)
		return;
	result = uv_sie_instruction(t->uv, t->vcpu, text, 4, addr);
	check_result(t, &result, false);
}

static void step(struct sie_try *t, struct input *in)
{
	uint8_t kind = (uint8_t)take(in, 1);
	struct uv_sie_result result;

	if (kind % 4 == 0) {
		scribble(t, in);
	} else if (kind % 4 == 1) {
		set_register(t, in);
	} else if (!t->vcpu->in_sie) {
		t->entry.time += 0x100;
		result = sie_try_enter(t);
		check_result(t, &result, true);
	} else if (kind % 4 == 2) {
		execute(t, in);
	} else {
		uv_sie_leave(t->uv, t->vcpu, kind / 4 % UV_SIE_REASONS);
	}
	check(t);
}

static struct sie_try make(void)
{
	struct sie_try t = sie_try_new();

	fake_guest_vcpu(t.guest, 1);
	fake_guest_map(t.guest, PRIVATE, PRIVATE_FRAME);
	memset(t.guest->fake->memory + PRIVATE_FRAME * FAKE_PAGE, PRIVATE_BYTE,
	       FAKE_PAGE);
	memset(t.state->vr, PRIVATE_BYTE, sizeof(t.state->vr));
	memset(t.state->ar, PRIVATE_BYTE, sizeof(t.state->ar));
	return t;
}

/**
 * struct start - how each input finds the machine
 *
 * No page changes its owner here: storage and CPUs are all there is.
 */
struct start {
	struct sie_try t;
	struct uv_vcpu vcpu;
	struct uv_vcpu other;
	uint8_t memory[FAKE_PAGES * FAKE_PAGE];
};

static struct sie_try begin(void)
{
	static struct start start;
	struct sie_try *t = &start.t;

	if (!t->uv) {
		*t = make();
		start.vcpu = *t->vcpu;
		start.other = *t->guest->config->vcpus;
		memcpy(start.memory, t->guest->fake->memory,
		       sizeof(start.memory));
	}
	*t->vcpu = start.vcpu;
	*t->guest->config->vcpus = start.other;
	memcpy(t->guest->fake->memory, start.memory, sizeof(start.memory));
	t->guest->config->sccb = 0;
	t->guest->config->reset = (struct uv_config_reset){ 0 };
	return *t;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct sie_try t = begin();

	while (in.size)
		step(&t, &in);
	return 0;
}
