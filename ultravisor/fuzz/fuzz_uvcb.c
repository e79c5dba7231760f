// SPDX-License-Identifier: MIT
/*
 * Any bytes as a control block, any bytes as its operand, both callers.
 *
 * Input: struct control, the control block, the operand: a request.
 */
#include <string.h>

#include "array.h"
#include "config.h"
#include "fake_machine.h"
#include "fuzz.h"

#define BLOCK_PAGE	3
#define BLOCK_ROOM	0x200
#define ARCB		0x20f20
#define MEAS		0x30ff0
#define ADD		0x32ff0

enum control_bits {
	AS_GUEST	= 1 << 0,
	SEAL_AGAIN	= 1 << 1,	/* so that mutations get past the tag */
	GOOD_ADDRESSES	= 1 << 2,	/* operands where they are expected */
	BREAK_PAGE	= 1 << 3,	/* of the home space */
	BREAK_BLOCK	= 1 << 4,	/* the page behind the block's start */
	REAL_SPACE	= 1 << 5,
};

/**
 * struct control - first bytes of the input
 * @profile: modulo the number of profiles
 * @bits: enum control_bits
 * @page: which page to break
 * @offset: of the block in its page
 */
struct control {
	uint8_t profile;
	uint8_t bits;
	uint8_t page;
	uint8_t offset[2];
};

static struct fake_machine *machine_for(const struct control *control)
{
	static const char *const profiles[] = { "z15", "z16", "z17" };
	static struct fake_machine *machines[3][2];
	unsigned int profile = control->profile % 3;
	bool guest = control->bits & AS_GUEST;
	struct fake_machine **slot = &machines[profile][guest];

	if (!*slot)
		*slot = guest ? fake_new_guest(profiles[profile]) :
				fake_new(profiles[profile]);
	return *slot;
}

static void put_operand(struct fake_machine *fake,
			const struct control *control, const uint8_t *data,
			size_t len)
{
	static uint8_t arcb[SEAL_MAX_REQUEST];
	struct seal_request request;

	if (len > sizeof(arcb))
		len = sizeof(arcb);
	memcpy(arcb, data, len);
	seal_request_init(&request, fake_keys()->customer, fake_keys()->host);
	if (len > 0x38)
		request.flags = fake_get64(arcb + 0x30);
	if (control->bits & SEAL_AGAIN)
		seal_request_again(&request, arcb, len);
	fake_home_put(fake, ARCB, arcb, len);
}

/* Where commands have their operands' addresses, and what goes there. */
static const struct operand {
	uint16_t cmd;
	uint16_t offset;
	uint64_t addr;
} operands[] = {
	{ 0x1020, 0x18, ARCB }, { 0x1020, 0x140, MEAS }, { 0x1020, 0x160, ADD },
	{ 0x1031, 0x20, ARCB }, { 0x1033, 0x20, MEAS }, { 0x1035, 0x20, ADD },
};

static void put_addresses(uint8_t *block)
{
	for (size_t i = 0; i < ARRAY_SIZE(operands); i++) {
		if (operands[i].cmd == fake_get16(block + 2))
			fake_put64(block + operands[i].offset,
				   operands[i].addr);
	}
}

/* What one input added or locked is not there for the next. */
static void forget_secrets(struct fake_machine *fake)
{
	struct uv_config *config = fake->cpu.config;

	if (!config)
		return;
	uv_secret_store_free(&config->store);
	MUST(uv_secret_store_init(&config->store));
}

static void put_block(struct fake_machine *fake, const struct control *control,
		      uint64_t addr, const uint8_t *data, size_t len)
{
	uint8_t *block = fake->memory + addr;

	memset(block, 0, BLOCK_ROOM);
	memcpy(block, data, len < BLOCK_ROOM ? len : BLOCK_ROOM);
	if (control->bits & GOOD_ADDRESSES)
		put_addresses(block);
}

static void break_things(struct fake_machine *fake,
			 const struct control *control, bool broken)
{
	struct fake_page *home = &fake->home[control->page % FAKE_PAGES];

	if (control->bits & BREAK_PAGE) {
		home->valid = !broken || control->page & 0x80;
		home->writable = !broken;
	}
	if (control->bits & BREAK_BLOCK)
		fake->logical[BLOCK_PAGE + 1].valid = !broken;
	fake->real_space = broken && control->bits & REAL_SPACE;
}

/* Promises to every caller, whatever the block said. */
static void check(const struct fake_machine *fake, const uint8_t *before,
		  uint64_t addr, int result)
{
	static uint8_t expected[sizeof(fake->memory)];
	const uint8_t *block = fake->memory + addr;
	uint16_t rc = fake_get16(block + 4);
	uint16_t cmd = fake_get16(block + 2);

	MUST(result == 0 || result == 1 || result == UV_CALL_SPECIFICATION ||
	     result == UV_CALL_ACCESS);
	MUST((result == UV_CALL_SPECIFICATION) == !!(addr % 8));
	memcpy(expected, before, sizeof(expected));
	if (result >= 0) {
		MUST(rc != 0 && (rc == 1) == (result == 0));
		memcpy(expected + addr + 4, block + 4, 4);
	}
	if (result == 1 && (cmd != 1 || rc != 0x100))
		MUST(memcmp(expected, fake->memory, sizeof(expected)) == 0);
	if (result < 0)
		MUST(memcmp(expected, fake->memory, sizeof(expected)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t before[FAKE_PAGES * FAKE_PAGE];
	struct control control;
	struct fake_machine *fake;
	uint64_t addr;
	size_t len;

	if (size < sizeof(control))
		return 0;
	memcpy(&control, data, sizeof(control));
	data += sizeof(control);
	size -= sizeof(control);
	fake = machine_for(&control);
	addr = BLOCK_PAGE * FAKE_PAGE +
	       fake_get16(control.offset) % (FAKE_PAGE - 8);
	len = size < 0x188 ? size : 0x188;
	put_operand(fake, &control, data + len, size - len);
	put_block(fake, &control, addr, data, len);
	memcpy(before, fake->memory, sizeof(before));
	break_things(fake, &control, true);
	check(fake, before, addr, fake_call(fake, addr));
	forget_secrets(fake);
	break_things(fake, &control, false);
	return 0;
}
