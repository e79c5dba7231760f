// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every way by which instructions reach storage, against a page of a protected
 * guest: each is interrupted and gets nothing.  That the page is still zero is
 * seen from outside, while this program waits.
 */
#include "dat.h"
#include "host.h"
#include "host_insn.h"

#define GUEST_PAGE	(2UL << 20)		/* at the same address here */
#define OWN_SIZE	8192
#define FRONT_SIZE	64UL

#define CR0_AFP		0x40000UL
#define CR0_VECTOR	0x20000UL

static struct space guest;
static uint8_t own[OWN_SIZE] __attribute__((aligned(PAGE_SIZE)));

/*
 * What is open in front of the page; at its end LHI, which ends in the page.
 * As with any page, QEMU may have stored there before it meets the next one.
 */
static uint8_t *const front = (uint8_t *)(GUEST_PAGE - FRONT_SIZE);

static void fill(void)
{
	memset(own, 0x5a, sizeof(own));
	memset(front, 0x5a, FRONT_SIZE);
	front[FRONT_SIZE - 2] = 0xa7;
	front[FRONT_SIZE - 1] = 0x18;
}

static bool is_filled(const uint8_t *from, size_t len)
{
	while (len) {
		if (from[--len] != 0x5a)
			return false;
	}
	return true;
}

static void try(const struct touch_insn *insn)
{
	uint64_t ret, teid = 0;
	uint16_t code = 0;

	fill();
	touch_operand = GUEST_PAGE + insn->offset;
	touch_own = (uint64_t)own;
	if (catch_pgm(touch_run, (uint64_t)insn, &ret)) {
		code = pgm_code();
		teid = pgm_teid();
	}
	check(code == PGM_SECURE_ACCESS && (teid & TEID_PAGE) == GUEST_PAGE &&
	      is_filled(own, sizeof(own)), insn->name);
	show("code", code);
	show("teid", teid);
}

static void enable_vectors(void)
{
	uint64_t cr0;

	asm volatile("stctg 0,0,%0" : "=Q" (cr0));
	cr0 |= CR0_AFP | CR0_VECTOR;
	asm volatile("lctlg 0,0,%0" : : "Q" (cr0));
}

int main(void)
{
	const struct touch_insn *insn;
	uint64_t handle;

	make_space(&guest);
	say("# started\n");
	enable_vectors();
	check_equal(host_init(), 1, "init");
	check_equal(host_create(&guest, VARIABLE, &handle), 1,
		    "a configuration");
	check_equal(host_import(handle, GUEST_PAGE), 1, "its page, of zeroes");
	for (insn = touch_insns; insn < touch_insns_end; insn++)
		try(insn);
	say("# waiting\n");
	for (;;)
		;
}
