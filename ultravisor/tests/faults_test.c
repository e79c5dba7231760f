// SPDX-License-Identifier: MIT
/* The fault policy: its grammar, and what each rule does to calls. */
#include <string.h>

#include "array.h"
#include "fake_machine.h"
#include "pv/uvc.h"
#include "tap.h"

#define BLOCK		0x3000
#define PAGE		0x8000
#define SHARE		PV_CMD_SET_SHARED_ACCESS
#define UNSHARE		PV_CMD_REMOVE_SHARED_ACCESS

static const char *const good[] = {
	"", "rc=1", "rc=0xFFFF", "cmd=any:rc=0x10c", "cmd=0x4242:rc=2",
	"cmd=attest:nth=2:rc=0x10c;cmd=share:busy=3", "rc=5:rrc=7",
	"rc=5:late", "late:rc=5:rrc=1", "call=3:partial=1", "count=2:busy=1",
	"cmd=qui:rc=2;", "cmd=query-keys:rc=2", "cmd=unshare:rc=2",
	"cmd=set-params:rc=2", "cmd=unpack:rc=2", "cmd=verify:rc=2",
	"cmd=add-secret:rc=2", "cmd=list-secrets:rc=2",
	"cmd=lock-secrets:rc=2", "cmd=retr-secret:rc=2",
	"busy=18446744073709551615",
};

static const char *const bad[] = {
	";", "rc", "rc=", "rc=x", "rc=0x", "rc=-1", "rc=65536", "rc=0x10000",
	"rc= 1", " rc=1", "rc=1 ", "rc=1;;rc=2", "rc=1:rc=2", "cmd=share",
	"cmd=nonsense:rc=1", "cmd=:rc=1", "cmd=0x10000:rc=1",
	"cmd=share:cmd=qui:rc=1", "busy=0", "partial=0", "nth=0:rc=1",
	"call=0:rc=1", "count=0:rc=1", "rc=1:busy=1", "busy=1:partial=1",
	"busy=1:rrc=1", "busy=1:late", "rc=1:late=1", "late", "rrc=1",
	"rc=1::rrc=2", ":rc=1", "rc=1:", "rc=1:rrc=2:;busy=1", "frobnicate=1:rc=1", "=1:rc=1",
	"busy=18446744073709551616", "busy=1g", "RC=1",
	("rc=1;rc=1;rc=1;rc=1;rc=1;rc=1;rc=1;rc=1;rc=1;rc=1;rc=1;rc=1;rc=1;"
	 "rc=1;rc=1;rc=1;rc=1"),
};

static void test_grammar(void)
{
	struct fake_machine *fake = fake_new_guest("z17");
	struct uv_error err;

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		tap_ok(!uv_machine_set_faults(fake->uv, good[i], &err),
		       "policy '%s' is accepted", good[i]);
	uv_machine_set_faults(fake->uv, "cmd=share:rc=0x123", NULL);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		err.text[0] = '\0';
		tap_ok(uv_machine_set_faults(fake->uv, bad[i], &err) == -1 &&
		       err.text[0], "policy '%s' is refused with a reason",
		       bad[i]);
	}
	tap_equal(fake_share(fake, SHARE, PAGE), 0x123,
		  "a refused policy leaves the old one in force");
	uv_machine_set_faults(fake->uv, "", NULL);
	tap_equal(fake_share(fake, SHARE, PAGE), 1,
		  "the empty policy ends all faults");
	fake_free(fake);
}

/**
 * struct sequence - a policy and what a row of calls gets under it
 * @calls: s = share, u = unshare, q = query
 * @want: response codes
 */
static const struct sequence {
	const char *policy;
	const char *calls;
	uint16_t want[8];
} sequences[] = {
	{ "", "sqsu", { 1, 1, 1, 1 } },
	{ "rc=0x123", "sqsu", { 0x123, 0x123, 0x123, 0x123 } },
	{ "cmd=any:rc=0x123", "sq", { 0x123, 0x123 } },
	{ "cmd=share:rc=0x123", "sqsu", { 0x123, 1, 0x123, 1 } },
	{ "cmd=0x1001:rc=0x123", "squ", { 1, 1, 0x123 } },
	{ "cmd=share:nth=2:rc=0x123", "sqsus", { 1, 1, 0x123, 1, 1 } },
	{ "call=3:rc=0x123", "sqsus", { 1, 1, 0x123, 1, 1 } },
	{ "cmd=share:call=3:rc=0x123", "squs", { 1, 1, 1, 1 } },
	{ "cmd=share:count=2:rc=0x123", "sssus",
	  { 0x123, 0x123, 1, 1, 1 } },
	{ "cmd=share:nth=1:rc=0x11;cmd=share:nth=2:rc=0x12;cmd=share:nth=4:rc=0x14",
	  "sssss", { 0x11, 0x12, 1, 0x14, 1 } },
	{ "cmd=share:nth=2:rc=0x12;rc=0x99;cmd=share:rc=0x55", "ssq",
	  { 0x99, 0x12, 0x99 } },
	{ "cmd=share:rc=1", "su", { 1, 1 } },
};

static uint16_t one_call(struct fake_machine *fake, char which)
{
	switch (which) {
	case 's':
		return fake_share(fake, SHARE, PAGE);
	case 'u':
		return fake_share(fake, UNSHARE, PAGE);
	default:
		return fake_simple_call(fake, PV_CMD_QUI, 0x120);
	}
}

static void test_sequence(const struct sequence *test)
{
	struct fake_machine *fake = fake_new_guest("z17");
	bool same = true;

	/* Twice: a reset makes all counters start anew. */
	for (int turn = 0; turn < 2; turn++) {
		if (turn) {
			uv_machine_reset(fake->uv);
			fake_become_guest(fake);
		} else {
			uv_machine_set_faults(fake->uv, test->policy, NULL);
		}
		for (size_t i = 0; test->calls[i]; i++)
			same &= one_call(fake, test->calls[i]) ==
				test->want[i];
	}
	tap_ok(same, "calls %s under policy '%s', twice", test->calls,
	       test->policy);
	fake_free(fake);
}

static void test_effects(void)
{
	struct fake_machine *fake = fake_new_guest("z17");
	uint8_t *block = fake->memory + BLOCK;

	uv_machine_set_faults(fake->uv, "cmd=share:rc=0x101:rrc=0x42", NULL);
	fake_share(fake, SHARE, PAGE);
	tap_equal(fake_get16(block + 6), 0x42, "the reason code is stored too");
	tap_equal(uv_page_state(fake->uv, PAGE), UV_PAGE_SECURE,
		  "an answered call is not executed");
	uv_machine_set_faults(fake->uv, "cmd=share:rc=1", NULL);
	fake_share(fake, SHARE, PAGE);
	tap_equal(uv_page_state(fake->uv, PAGE), UV_PAGE_SECURE,
		  "not even if the answer is success");
	uv_machine_set_faults(fake->uv, "cmd=share:rc=0x101:late", NULL);
	tap_equal(fake_share(fake, SHARE, PAGE), 0x101,
		  "a late answer is a failure");
	tap_equal(uv_page_state(fake->uv, PAGE), UV_PAGE_SHARED,
		  "of a call that was executed");
	uv_machine_set_faults(fake->uv, "cmd=qui:rc=0x100:late", NULL);
	fake_simple_call(fake, PV_CMD_QUI, 0x120);
	tap_equal(fake_get64(block + 0x10), UINT64_C(0x80c0000f60000000),
		  "a late answer comes with the outputs of the call");
	uv_machine_set_faults(fake->uv, "cmd=0x4242:rc=0x77", NULL);
	tap_equal(fake_simple_call(fake, 0x4242, 8), 0x77,
		  "even an unknown command can be answered");
	fake_free(fake);
}

/* A block with a page address; the test repeats it without changing it. */
static void share_block(struct fake_machine *fake, uint64_t at, uint64_t paddr)
{
	fake_put64(fake_block(fake, at, SHARE, 0x30) + 0x20, paddr);
}

static void test_busy(void)
{
	struct fake_machine *fake = fake_new_guest("z17");

	uv_machine_set_faults(fake->uv, "cmd=share:busy=2", NULL);
	share_block(fake, BLOCK, PAGE);
	tap_equal((uint64_t)fake_call(fake, BLOCK), 2, "busy: first try");
	tap_equal((uint64_t)fake_call(fake, BLOCK), 2, "busy: second try");
	tap_equal(fake_get32(fake->memory + BLOCK + 4), 0,
		  "busy: no response code is stored");
	tap_equal(uv_page_state(fake->uv, PAGE), UV_PAGE_SECURE,
		  "busy: nothing is executed");
	tap_equal((uint64_t)fake_call(fake, BLOCK), 0,
		  "busy: the third try is executed");
	tap_equal(uv_page_state(fake->uv, PAGE), UV_PAGE_SHARED,
		  "busy: and shares the page");
	tap_equal((uint64_t)fake_call(fake, BLOCK), 2,
		  "busy: the same block, used anew, is busy again");
	fake_simple_call(fake, PV_CMD_QUI, 0x120);
	tap_equal(fake_get16(fake->memory + BLOCK + 4), 1,
		  "busy: other commands are not");
	fake_free(fake);
}

static void test_distinct_blocks(void)
{
	struct fake_machine *fake = fake_new_guest("z17");

	uv_machine_set_faults(fake->uv, "cmd=share:partial=1", NULL);
	share_block(fake, BLOCK, PAGE);
	share_block(fake, BLOCK + 0x100, PAGE);
	tap_equal((uint64_t)fake_call(fake, BLOCK), 3, "partial: one block");
	tap_equal((uint64_t)fake_call(fake, BLOCK + 0x100), 3,
		  "partial: the same bytes at another place are another block");
	fake_put32(fake->memory + BLOCK + 4, 0xdeadbeef);
	tap_equal((uint64_t)fake_call(fake, BLOCK), 0,
		  "partial: what the result fields hold does not matter");
	tap_equal((uint64_t)fake_call(fake, BLOCK + 0x100), 0,
		  "partial: each gets its own turn");
	share_block(fake, BLOCK, PAGE);
	fake_call(fake, BLOCK);
	share_block(fake, BLOCK, PAGE + 4096);
	tap_equal((uint64_t)fake_call(fake, BLOCK), 3,
		  "partial: other bytes at the same place are another block");
	fake_free(fake);
}

static void test_busy_and_more(void)
{
	struct fake_machine *fake = fake_new_guest("z17");

	uv_machine_set_faults(fake->uv,
			      "cmd=share:busy=1;cmd=share:nth=1:rc=0x123", NULL);
	share_block(fake, BLOCK, PAGE);
	tap_equal((uint64_t)fake_call(fake, BLOCK), 2,
		  "busy, then another rule: first busy");
	fake_call(fake, BLOCK);
	tap_equal(fake_get16(fake->memory + BLOCK + 4), 0x123,
		  "busy, then another rule: a repetition is no new execution");
	share_block(fake, BLOCK, PAGE);
	fake_call(fake, BLOCK);
	tap_equal((uint64_t)fake_call(fake, BLOCK), 0,
		  "busy, then another rule: the second execution passes");

	uv_machine_set_faults(fake->uv, "cmd=share:count=1:busy=2", NULL);
	share_block(fake, BLOCK, PAGE);
	fake_call(fake, BLOCK);
	tap_equal((uint64_t)fake_call(fake, BLOCK), 2,
		  "count counts executions, not their repetitions");
	fake_call(fake, BLOCK);
	tap_equal((uint64_t)fake_call(fake, BLOCK), 0,
		  "and ends the rule after them");

	uv_machine_set_faults(fake->uv, "call=2:rc=0x123;busy=3", NULL);
	share_block(fake, BLOCK, PAGE);
	for (int i = 0; i < 4; i++)
		fake_call(fake, BLOCK);
	share_block(fake, BLOCK, PAGE);
	fake_call(fake, BLOCK);
	tap_equal(fake_get16(fake->memory + BLOCK + 4), 0x123,
		  "call= does not count repetitions either");
	fake_free(fake);
}

/* More blocks than can be held: the oldest are forgotten, nothing breaks. */
static void test_abandoned(void)
{
	struct fake_machine *fake = fake_new_guest("z17");
	unsigned int busy = 0;

	uv_machine_set_faults(fake->uv, "cmd=share:busy=1", NULL);
	for (unsigned int i = 0; i < 200; i++) {
		share_block(fake, BLOCK + 0x40 * i, PAGE);
		busy += fake_call(fake, BLOCK + 0x40 * i) == 2;
	}
	tap_equal(busy, 200, "abandoned blocks do not use up the rule");
	tap_equal((uint64_t)fake_call(fake, BLOCK + 0x40 * 199), 0,
		  "the last block is remembered");
	tap_equal((uint64_t)fake_call(fake, BLOCK), 2,
		  "the first is new again");
	fake_free(fake);
}

int main(void)
{
	tap_begin();
	test_grammar();
	for (size_t i = 0; i < ARRAY_SIZE(sequences); i++)
		test_sequence(&sequences[i]);
	test_effects();
	test_busy();
	test_distinct_blocks();
	test_busy_and_more();
	test_abandoned();
	return tap_end();
}
