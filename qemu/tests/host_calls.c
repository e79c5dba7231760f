// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The first calls of a host, with DAT off: what is there before and after the
 * Ultravisor gets its storage, what becomes of that, and that a reset undoes it.
 */
#include "channel.h"
#include "cpus.h"
#include "dat.h"
#include "diag308.h"
#include "host.h"

#define SIGP_STORE_STATUS	0x0e
#define SIGP_INVALID_PARAMETER	0x100

/* Commands of a host, but those that are allowed at once. */
static const struct host_command commands[] = {
	{ UVC_CREATE_CONF, 0x80 }, { UVC_DESTROY_CONF, 0x40 },
	{ UVC_DESTROY_FAST, 0x48 }, { UVC_CREATE_CPU, 0x60 },
	{ UVC_DESTROY_CPU, 0x40 }, { UVC_IMPORT, 0x28 },
	{ UVC_EXPORT, 0x20 }, { UVC_DESTROY_PAGE, 0x20 },
	{ UVC_SET_PARAMS, 0x50 }, { UVC_UNPACK, 0x50 }, { UVC_VERIFY, 0x40 },
	{ 0x0310, 0x40 }, { 0x0311, 0x40 }, { 0x0320, 0x40 },
	{ 0x0321, 0x40 }, { 0x0330, 0x50 }, { 0x0340, 0x40 },
	{ UVC_PIN, 0x20 }, { UVC_UNPIN, 0x28 },
};

#define COMMANDS	(sizeof(commands) / sizeof(commands[0]))

static uint64_t block[PAGE_SIZE / 8] __attribute__((aligned(PAGE_SIZE)));

static bool is_privileged(uint16_t cmd, uint16_t len)
{
	uint64_t cc;

	return catch_pgm(uvc_problem, (uint64_t)uvcb_init(block, cmd, len),
			 &cc) && pgm_code() == PGM_PRIVILEGED;
}

static void test_before_response(void)
{
	unsigned int i, bad = !is_privileged(UVC_INIT, 0x48);
	uint64_t cc, b = (uint64_t)uvcb_init(block, UVC_QUI, 0x120);

	for (i = 0; i < COMMANDS; i++)
		bad += !is_privileged(commands[i].code, commands[i].len);
	check_equal(bad, 0, "every command is privileged");
	check(catch_pgm(uvc_m3, b, &cc) && pgm_code() == PGM_SPECIFICATION,
	      "M3 is zero");
	check(catch_pgm(uvc_m4, b, &cc) && pgm_code() == PGM_SPECIFICATION,
	      "M4 is zero");
	check(catch_pgm(uvc, b + 4, &cc) && pgm_code() == PGM_SPECIFICATION,
	      "the block is aligned");
	check(catch_pgm(uvc, STORAGE, &cc) && pgm_code() == PGM_ADDRESSING,
	      "the block is in storage");
}

static uint16_t query(uint16_t len)
{
	struct uvcb *b = uvcb_init(block, UVC_QUI, len);

	uvc((uint64_t)b);
	return b->rc;
}

static void test_query(void)
{
	check_equal(query(0xa0), 0x0005, "too short a query");
	check_equal(query(0xa8), 0x0100, "a query for less than there is");
	check_equal(query(0x120), 0x0001, "a query");
	check_equal(block[2] & 0xfff0000000000000, 0xff10000000000000,
		    "calls of a host, and none of a guest");
	check_equal(block[8], BASE_SIZE, "base storage is wanted");
}

/* The instruction as the target of another one, which changes nothing of it. */
static uint64_t uvc_executed(uint64_t b)
{
	uint64_t cc;

	asm volatile("	larl	%%r1,0f\n"
		     "	j	1f\n"
		     "0:	.insn	rrf,0xb9a40000,%%r3,%1,0,0\n"
		     "1:	ex	%%r0,0(%%r1)\n"
		     "	ipm	%0\n"
		     : "=d" (cc) : "d" (b) : "1", "cc", "memory");
	return (cc & 0xffffffff) >> 28;
}

static void test_execute(void)
{
	struct uvcb *b = uvcb_init(block, UVC_QUI, 0xa8);
	uint64_t cc;

	check(!catch_pgm(uvc_executed, (uint64_t)b, &cc) && cc == 1 &&
	      b->rc == 0x100, "a call by EXECUTE");
	show("rc", b->rc);
}

static void test_others(void)
{
	check_equal(host_call(0x4242, 8, block, 0), 2, "unknown command");
	check_equal(host_call(UVC_SHARE, 0x30, block, 0), 2,
		    "a guest's command: share");
	check_equal(host_call(UVC_UNSHARE, 0x30, block, 0), 2,
		    "a guest's command: unshare");
	check_equal(host_call(UVC_ATTEST, 0x188, block, 0), 2,
		    "a guest's command: attest");
}

static void test_uninitialized(const char *when)
{
	unsigned int i, bad = 0;

	for (i = 0; i < COMMANDS; i++)
		bad += host_call(commands[i].code, commands[i].len, block,
				 0) != 3;
	check_equal(bad, 0, when);
}

static uint16_t init(uint64_t origin, uint64_t len)
{
	uint64_t area[2] = { origin, len };

	return host_call(UVC_INIT, 0x48, area, 2);
}

static void test_init(void)
{
	memset((void *)BASE_STORAGE, 0xa5, PAGE_SIZE);
	load(BASE_STORAGE);
	check_equal(host_call(UVC_INIT, 0x40, block, 0), 5,
		    "init with a short block");
	check_equal(init(BASE_STORAGE, BASE_SIZE - PAGE_SIZE), 0x103,
		    "init with too little");
	check_equal(init(STORAGE, BASE_SIZE), 0x104,
		    "init with what is not there");
	check_equal(init(STORAGE - BASE_SIZE, 2 * BASE_SIZE), 0x105,
		    "init with more than is there");
	check(!is_hidden(BASE_STORAGE), "nothing is hidden yet");
	check_equal(host_init(), 1, "init");
	check_equal(host_init(), 0x101, "init again");
}

static bool is_refused(uint64_t (*how)(uint64_t), uint64_t arg, uint16_t code)
{
	uint64_t ret;

	return catch_pgm(how, arg, &ret) && pgm_code() == code;
}

static uint64_t service_call(uint64_t addr)
{
	asm volatile(".insn rre,0xb2200000,%0,%1"
		     : : "d" (0x00020001UL), "a" (addr) : "cc", "memory");
	return 0;
}

static uint64_t store_subchannel(uint64_t addr)
{
	asm volatile("	lgr	%%r1,%0\n"
		     "	stsch	0(%1)\n"
		     : : "d" ((uint64_t)SCHID), "a" (addr)
		     : "1", "cc", "memory");
	return 0;
}

static uint64_t store_real(uint64_t addr)
{
	asm volatile("sturg %0,%1" : : "d" (addr), "a" (addr) : "memory");
	return 0;
}

static uint64_t branch(uint64_t addr)
{
	return fetch(addr);
}

static void test_hidden(void)
{
	check(are_hidden(BASE_STORAGE, BASE_SIZE), "donated pages are hidden");
	check(!is_hidden(BASE_STORAGE - PAGE_SIZE) &&
	      !is_hidden(BASE_STORAGE + BASE_SIZE), "and no others");
	check(is_refused(branch, BASE_STORAGE, PGM_SECURE_ACCESS) &&
	      pgm_old_addr() == BASE_STORAGE &&
	      pgm_teid() == (BASE_STORAGE | TEID_FETCH | TEID_BIT_61),
	      "no instruction is fetched from there");
	check(is_refused(store_real, BASE_STORAGE, PGM_SECURE_ACCESS) &&
	      pgm_teid() == (BASE_STORAGE | TEID_STORE | TEID_BIT_61),
	      "nothing is stored by a real address");
	show("teid", pgm_teid());
	check(is_refused(uvc, BASE_STORAGE, PGM_SECURE_ACCESS) &&
	      pgm_old_addr() == (uint64_t)uvc_insn, "no block is there");
	uvcb_init((void *)(BASE_STORAGE - 8), UVC_QUI, 8);
	check(!is_refused(uvc, BASE_STORAGE - 8, PGM_SECURE_ACCESS),
	      "a block may end in front of it");
	*(uint16_t *)(BASE_STORAGE - 8) = 0xa8;
	check(is_refused(uvc, BASE_STORAGE - 8, PGM_SECURE_ACCESS) &&
	      pgm_teid() == (BASE_STORAGE | TEID_FETCH | TEID_BIT_61),
	      "but not reach into it");
}

/* What does not go through the translation of the CPU. */
static void test_machine(void)
{
	struct ccw sense_id __attribute__((aligned(8))) = {
		CMD_SENSE_ID, CCW_SLI, 12, BASE_STORAGE
	};
	uint64_t status = BASE_STORAGE;

	check(is_refused(store_subchannel, BASE_STORAGE, PGM_SECURE_ACCESS) &&
	      pgm_teid() == (BASE_STORAGE | TEID_STORE | TEID_BIT_61),
	      "an operand of an I/O instruction");
	check(is_refused(service_call, BASE_STORAGE, PGM_ADDRESSING),
	      "a service call");
	*(uint16_t *)(BASE_STORAGE - 8) = 16;
	check(is_refused(service_call, BASE_STORAGE - 8, PGM_ADDRESSING),
	      "a service call whose block reaches into it");
	*(uint16_t *)(BASE_STORAGE - 8) = 8;
	check(!is_refused(service_call, BASE_STORAGE - 8, PGM_ADDRESSING),
	      "a service call whose block does not");
	check_equal(refused(diag308_pgm, 6, BASE_STORAGE), PGM_ADDRESSING,
		    "DIAGNOSE 308");
	check(channel_enable(), "there is a device");
	check_equal(channel_run(&sense_id), STATUS_PROGRAM_CHECK,
		    "a channel program");
	sense_id.cda -= PAGE_SIZE;
	check_equal(channel_run(&sense_id), STATUS_ENDED,
		    "a channel program for another page");
	if (signal_second(SIGP_STORE_STATUS, &status) != 3) {
		check_equal(status & SIGP_INVALID_PARAMETER,
			    SIGP_INVALID_PARAMETER, "status of a CPU");
	}
	check(are_hidden(BASE_STORAGE, PAGE_SIZE), "all of them refused");
}

static void test_after_reset(void)
{
	check(are_clear(BASE_STORAGE, BASE_SIZE),
	      "a reset clears what was donated and gives it back");
	test_uninitialized("every command wants init again");
	check_equal(host_init(), 1, "init after a reset");
	check(is_hidden(BASE_STORAGE), "donated pages are hidden again");
}

/* After subcodes 1 and 0, in this order. */
void loaded(void)
{
	static unsigned int life;

	test_after_reset();
	if (++life == 1)
		diag308(DIAG308_CLEAR, 0);
	round_set(1);
	plan_next();
	diag308(DIAG308_REIPL, 0);
}

int main(void)
{
	if (round_get()) {
		begin_life();
		test_after_reset();
		plan();
		return 0;
	}
	test_before_response();
	test_query();
	test_execute();
	test_others();
	test_uninitialized("every command wants init");
	test_init();
	/* First: the others leave behind what would help it. */
	test_machine();
	test_hidden();
	set_load_psw();
	diag308(DIAG308_NORMAL, 0);
	return 0;
}
