// SPDX-License-Identifier: MIT
/* What holds for every command: access, order of checks, callers, lengths. */
#include <string.h>

#include "array.h"
#include "fake_machine.h"
#include "pv/uvc.h"
#include "tap.h"

#define BLOCK	0x3000

static const struct {
	uint16_t cmd;
	uint16_t len;
	const char *name;
} calls[] = {
	{ PV_CMD_SET_SHARED_ACCESS, 0x30, "share" },
	{ PV_CMD_REMOVE_SHARED_ACCESS, 0x30, "unshare" },
	{ PV_CMD_RETR_ATTEST, 0x188, "attest" },
	{ PV_CMD_QUERY_KEYS, 0x200, "query keys" },
	{ PV_CMD_ADD_SECRET, 0x48, "add secret" },
	{ PV_CMD_LIST_SECRETS, 0x48, "list secrets" },
	{ PV_CMD_LOCK_SECRETS, 0x40, "lock secrets" },
	{ PV_CMD_RETR_SECRET, 0x48, "retrieve secret" },
};

static void test_lengths(void)
{
	static const int deltas[] = { -8, -1, 1, 8 };
	struct fake_machine *fake = fake_new_guest("z17");

	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		uint16_t rc = fake_simple_call(fake, calls[i].cmd,
					       calls[i].len);

		tap_ok(rc != 5 && rc != 2, "%s: its length is accepted",
		       calls[i].name);
		for (size_t d = 0; d < 4; d++) {
			uint16_t len = (uint16_t)(calls[i].len + deltas[d]);

			tap_equal(fake_simple_call(fake, calls[i].cmd, len), 5,
				  "%s: length %+d is refused", calls[i].name,
				  deltas[d]);
		}
		tap_equal(fake_simple_call(fake, calls[i].cmd, 0), 5,
			  "%s: length 0 is refused", calls[i].name);
	}
	fake_free(fake);
}

/* Unknown, assigned to hosts, or simply not there yet. */
static const uint16_t no_guest_commands[] = {
	0x0000, 0x4242, 0xffff, 0x1030, 0x1032, 0x000f, 0x0100, 0x0101, 0x0102,
	0x0120, 0x0121, 0x0200, 0x0201, 0x0202, 0x0203, 0x0300, 0x0301, 0x0302,
	0x0310, 0x0311, 0x0320, 0x0321, 0x0330, 0x0340, 0x0341, 0x0342, 0x0400,
	0x0401, 0x0402, 0x0403,
};

static void test_commands(void)
{
	struct fake_machine *fake = fake_new_guest("z17");
	struct fake_machine *host = fake_new("z17");

	for (size_t i = 0; i < ARRAY_SIZE(no_guest_commands); i++)
		tap_equal(fake_simple_call(fake, no_guest_commands[i], 8), 2,
			  "a guest has no command 0x%04x",
			  no_guest_commands[i]);
	for (uint16_t cmd = 0x1000; cmd < 0x1040; cmd++) {
		if (!tap_equal(fake_simple_call(host, cmd, 8), 2,
			       "a host has no command 0x%04x", cmd))
			break;
	}
	fake_free(fake);
	fake_free(host);

	fake = fake_new_guest("z15");
	tap_equal(fake_simple_call(fake, PV_CMD_RETR_ATTEST, 0x188), 2,
		  "a guest of a z15 cannot attest");
	tap_equal(fake_simple_call(fake, PV_CMD_RETR_ATTEST, 8), 2,
		  "the command is checked before the length");
	fake_free(fake);
}

/* A result below 0 comes with nothing changed, whatever the embedder has. */
static void test_access(void)
{
	struct fake_machine *guest = fake_new_guest("z17");
	uint8_t *block;

	block = fake_block(guest, BLOCK, 0x4242, 0x20);
	tap_equal((uint64_t)fake_call(guest, BLOCK), 1,
		  "block: control case is answered");
	tap_equal(fake_get16(block + 4), 2, "block: with rc 2");

	for (unsigned int i = 1; i < 8; i++)
		tap_equal((uint64_t)fake_call(guest, BLOCK + i),
			  (uint64_t)UV_CALL_SPECIFICATION,
			  "block: %u bytes off its alignment", i);

	fake_put32(block + 4, 0);
	guest->logical[3].valid = false;
	tap_equal((uint64_t)fake_call(guest, BLOCK), (uint64_t)UV_CALL_ACCESS,
		  "block: starts in an invalid page");
	tap_equal((uint64_t)fake_call(guest, BLOCK + 3),
		  (uint64_t)UV_CALL_SPECIFICATION,
		  "block: alignment is checked before access");
	guest->logical[3].valid = true;
	guest->logical[3].writable = false;
	tap_equal((uint64_t)fake_call(guest, BLOCK), (uint64_t)UV_CALL_ACCESS,
		  "block: is read-only");
	guest->logical[3].writable = true;

	block = fake_block(guest, BLOCK + 0xff8, 0x4242, 0x20);
	tap_equal((uint64_t)fake_call(guest, BLOCK + 0xff8), 1,
		  "block: may cross into the next page");
	fake_put32(block + 4, 0);
	guest->logical[4].valid = false;
	tap_equal((uint64_t)fake_call(guest, BLOCK + 0xff8),
		  (uint64_t)UV_CALL_ACCESS,
		  "block: only its header is accessible");
	guest->logical[4].valid = true;
	guest->logical[4].writable = false;
	tap_equal((uint64_t)fake_call(guest, BLOCK + 0xff8),
		  (uint64_t)UV_CALL_ACCESS,
		  "block: its rest is read-only");
	tap_equal(fake_get32(block + 4), 0, "block: nothing was stored");
	tap_equal((uint64_t)fake_call(guest, FAKE_PAGES * FAKE_PAGE),
		  (uint64_t)UV_CALL_ACCESS, "block: beyond storage");
	tap_equal((uint64_t)fake_call(guest, UINT64_MAX - 7),
		  (uint64_t)UV_CALL_ACCESS,
		  "block: at the end of all addresses");
	fake_free(guest);
}

static void test_no_change(void)
{
	struct fake_machine *fake = fake_new_guest("z17");
	uint8_t *block = fake_block(fake, BLOCK + 0xfd8, 0x1000, 0x30);

	fake_put64(block + 0x20, 0x8000);
	fake->logical[4].writable = false;
	tap_equal((uint64_t)fake_call(fake, BLOCK + 0xfd8),
		  (uint64_t)UV_CALL_ACCESS,
		  "a share call whose block cannot be written ends early");
	tap_equal(uv_page_state(fake->uv, 0x8000), UV_PAGE_SECURE,
		  "and shares nothing");
	fake->logical[4].writable = true;
	tap_equal((uint64_t)fake_call(fake, BLOCK + 0xfd8), 0,
		  "the same call succeeds once it can");
	tap_equal(uv_page_state(fake->uv, 0x8000), UV_PAGE_SHARED,
		  "and shares the page");
	fake_free(fake);
}

static void test_result(void)
{
	struct fake_machine *fake = fake_new_guest("z17");
	uint8_t *block = fake_block(fake, BLOCK, 0x4242, 0x40);
	unsigned int lines = fake->lines;

	memset(block + 4, 0xee, 0x3c);
	fake_call(fake, BLOCK);
	tap_bytes(block, 12, "0040424200020000eeeeeeee",
		  "rc and rrc are stored and nothing else");
	tap_equal(fake->lines, lines + 1, "a call is one line in the log");
	tap_ok(strstr(fake->line, "0x4242") && strstr(fake->line, "rc 0x0002"),
	       "that names command and response code");
	fake_block(fake, BLOCK, PV_CMD_QUI, 0x120);
	tap_equal((uint64_t)uv_call(fake->uv, &fake->cpu, UINT64_MAX, BLOCK),
		  0, "the first operand is ignored");
	fake_free(fake);
}

int main(void)
{
	tap_begin();
	test_lengths();
	test_commands();
	test_access();
	test_no_change();
	test_result();
	return tap_end();
}
