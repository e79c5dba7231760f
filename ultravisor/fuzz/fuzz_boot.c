// SPDX-License-Identifier: MIT
/*
 * Any bytes as an SE image in storage, booted under a fault policy.
 *
 * Input: struct control, the IPL parameter block as far as it is used, then
 * storage from the header on; the rest of storage is 0x99.
 */
#include <string.h>

#include "fake_machine.h"
#include "fuzz.h"
#include "pv/se_image.h"

#define HEADER		0x14000
#define BLOCK_ROOM	0xe8		/* four components */

enum control_bits {
	SEAL_AGAIN	= 1 << 0,	/* so that mutations get past the tag */
	BREAK_PAGE	= 1 << 1,
	FAIL_LATE	= 1 << 2,
	REPEAT		= 1 << 3,
};

/**
 * struct control - first bytes of the input
 * @bits: enum control_bits
 * @page: which page to break
 * @call: which call the policy is about
 */
struct control {
	uint8_t bits;
	uint8_t page;
	uint8_t call;
};

static void set_policy(struct fake_machine *fake, const struct control *control)
{
	char policy[64] = "";

	if (control->bits & FAIL_LATE)
		snprintf(policy, sizeof(policy), "call=%u:rc=0x123:late",
			 control->call + 1);
	else if (control->bits & REPEAT)
		snprintf(policy, sizeof(policy), "call=%u:busy=%u",
			 control->call + 1, control->page + 1);
	MUST(uv_machine_set_faults(fake->uv, policy, NULL) == 0);
}

static void put_storage(struct fake_machine *fake,
			const struct control *control, const uint8_t *data,
			size_t size)
{
	uint8_t *bytes = fake->memory + HEADER;
	struct seal_header header;
	size_t len;

	memset(fake->memory, 0x99, sizeof(fake->memory));
	if (size > sizeof(fake->memory) - HEADER)
		size = sizeof(fake->memory) - HEADER;
	memcpy(bytes, data, size);
	len = fake_get32(bytes + 0x0c);
	seal_header_init(&header, fake_keys()->customer, fake_keys()->host);
	memset(header.xts, 0x42, 32);
	if (control->bits & SEAL_AGAIN && len <= 8192)
		seal_header_again(&header, bytes, len);
}

/* Whose page it is must fit what became of the boot. */
static void check_pages(const struct fake_machine *fake,
			const struct uv_config *config)
{
	enum uv_page_state want = config ? UV_PAGE_SECURE : UV_PAGE_NORMAL;

	for (uint64_t i = 0; i < FAKE_PAGES; i++)
		MUST(uv_page_state(fake->uv, i * FAKE_PAGE) == want);
}

/* A refused boot changes nothing but pages it cleared. */
static void check_storage(const struct fake_machine *fake,
			  const uint8_t *before)
{
	static const uint8_t zeros[FAKE_PAGE];

	for (size_t at = 0; at < sizeof(fake->memory); at += FAKE_PAGE)
		MUST(memcmp(fake->memory + at, before + at, FAKE_PAGE) == 0 ||
		     memcmp(fake->memory + at, zeros, FAKE_PAGE) == 0);
}

static void boot(struct fake_machine *fake, const struct uv_ipib *ipib)
{
	static uint8_t before[FAKE_PAGES * FAKE_PAGE];
	struct uv_error err = { 0 };
	struct uv_config *config;
	struct uv_psw psw;
	uint64_t code = 0;

	memcpy(before, fake->memory, sizeof(before));
	config = uv_boot_image(fake->uv, ipib, &psw, &code, &err);
	check_pages(fake, config);
	if (!config) {
		MUST((code & 0xffff) == PV_DIAG308_RC_INVAL_FOR_PV);
		MUST(code >> 48 == 0 || (code >> 48 >= 2 && code >> 48 <= 4));
		MUST(err.text[0]);
		if (!fake->broken)
			check_storage(fake, before);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fake_machine *fake;
	uint8_t block[4096] = { 0 };
	struct control control;
	struct uv_ipib ipib;

	if (size < sizeof(control) + BLOCK_ROOM)
		return 0;
	memcpy(&control, data, sizeof(control));
	memcpy(block, data + sizeof(control), BLOCK_ROOM);
	data += sizeof(control) + BLOCK_ROOM;
	size -= sizeof(control) + BLOCK_ROOM;
	if (!fake)
		fake = fake_new("z17");
	if (uv_ipib_parse(&ipib, block, sizeof(fake->memory), NULL))
		return 0;
	put_storage(fake, &control, data, size);
	set_policy(fake, &control);
	fake->broken = control.bits & BREAK_PAGE ? control.page % FAKE_PAGES :
						   0;
	boot(fake, &ipib);
	fake->broken = 0;
	uv_machine_reset(fake->uv);
	check_pages(fake, NULL);
	return 0;
}
