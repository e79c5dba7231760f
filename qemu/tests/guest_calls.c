// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A protected guest's Ultravisor calls with DAT off: responses, and the checks
 * that come before any response.
 */
#include "uvc.h"

static uint8_t block[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static uint8_t page[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));

static void response(uint16_t cmd, uint16_t len, uint16_t rc, const char *name)
{
	struct uvcb *b = uvcb_init(block, cmd, len);
	uint64_t cc = uvc((uint64_t)b);

	check(b->rc == rc && cc == (rc != 1) && b->len == len && b->cmd == cmd,
	      name);
	show("rc", b->rc);
	show("cc", cc);
}

static void test_query(void)
{
	uint64_t calls;

	response(UVC_QUI, 0x120, 0x0001, "query is executed");
	calls = *(uint64_t *)(block + 0x10);
	check_equal(calls & 0x80c0000000000000, 0x80c0000000000000,
		    "query, share and unshare are installed");
	check_equal(calls & 0x4000000000000000, 0, "init is not installed");
	response(UVC_QUI, 0xa8, 0x0100, "short query: more data");
	response(UVC_QUI, 0xa0, 0x0005, "too short query: invalid length");
}

static void test_commands(void)
{
	response(0x4242, 0x30, 0x0002, "unknown command");
	response(0x4242, 8, 0x0002, "unknown command before its length");
	response(0x000f, 0x48, 0x0002, "host command in a guest");
}

static void test_share(void)
{
	check_equal(uvc_share(UVC_SHARE, (uint64_t)page), 1, "share");
	check_equal(uvc_share(UVC_SHARE, (uint64_t)page), 1, "share again");
	check_equal(uvc_share(UVC_UNSHARE, (uint64_t)page), 1, "unshare");
	check_equal(uvc_share(UVC_SHARE, (uint64_t)page + 8), 0x101,
		    "share at no page boundary");
	check_equal(uvc_share(UVC_SHARE, STORAGE - PAGE_SIZE), 1,
		    "share the last page");
	check_equal(uvc_share(UVC_SHARE, STORAGE), 0x101, "share beyond storage");
	response(UVC_SHARE, 0x28, 0x0005, "share with a short block");
}

static uint16_t secret_call(uint16_t cmd, uint64_t operand)
{
	struct uvcb *b = uvcb_init(block, cmd, 0x48);
	uint64_t cc;

	b->paddr = operand;
	cc = uvc((uint64_t)b);
	return cc == (b->rc != 1) ? b->rc : NOT_STORED;
}

static void test_secrets(void)
{
	uint64_t *last = (uint64_t *)(STORAGE - 8);

	memset(page, 0xee, sizeof(page));
	check_equal(secret_call(UVC_LIST, (uint64_t)page), 1, "list secrets");
	check(!page[0] && !page[PAGE_SIZE - 1], "the list of none is a page");
	*last = 1;
	check_equal(secret_call(UVC_LIST, STORAGE - 8), 0x102,
		    "list beyond storage");
	check_equal(*last, 1, "and nothing of it is stored");
	check_equal(secret_call(UVC_RETR_SECRET, (uint64_t)page), 0x10f,
		    "retrieve from an empty store");
	check_equal(secret_call(UVC_ADD_SECRET, STORAGE), 0x103,
		    "add a secret beyond storage");
	check_equal(secret_call(UVC_ADD_SECRET, (uint64_t)page), 0x104,
		    "add a secret that is none");
	response(UVC_LOCK, 0x40, 0x0001, "lock secrets");
	response(UVC_LOCK, 0x40, 0x0102, "lock them again");
	check_equal(secret_call(UVC_ADD_SECRET, STORAGE), 0x102,
		    "add a secret to a locked store");
}

/* Nothing may have been stored when the call ends with an interruption. */
static void test_exception(uint64_t (*fn)(uint64_t), uint64_t at, uint16_t code,
			   const char *name)
{
	struct uvcb *b = uvcb_init(block, UVC_QUI, 0x120);
	int caught;
	uint64_t cc;

	caught = catch_pgm(fn, at, &cc);
	check(caught && pgm_code() == code && b->rc == NOT_STORED &&
	      b->rrc == NOT_STORED, name);
	show("code", caught ? pgm_code() : 0);
}

/* Whatever the command, a program in the problem state gets no answer. */
static void test_problem_state(void)
{
	static const struct {
		uint16_t cmd;
		uint16_t len;
		const char *name;
	} calls[] = {
		{ UVC_QUI, 0x120, "problem state: query" },
		{ UVC_SHARE, 0x30, "problem state: share" },
		{ UVC_UNSHARE, 0x30, "problem state: unshare" },
		{ UVC_ATTEST, 0x188, "problem state: attest" },
		{ UVC_ADD_SECRET, 0x48, "problem state: add secret" },
		{ UVC_LOCK, 0x40, "problem state: lock secrets" },
	};
	uint64_t cc;
	unsigned int i;

	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		struct uvcb *b = uvcb_init(block, calls[i].cmd, calls[i].len);

		check(catch_pgm(uvc_problem, (uint64_t)b, &cc) &&
		      pgm_code() == PGM_PRIVILEGED && b->rc == NOT_STORED,
		      calls[i].name);
	}
}

static void test_exceptions(void)
{
	uint64_t b = (uint64_t)block;

	test_exception(uvc_m3, b, PGM_SPECIFICATION, "M3 not zero");
	test_exception(uvc_m4, b, PGM_SPECIFICATION, "M4 not zero");
	test_exception(uvc_problem_m3, b, PGM_PRIVILEGED,
		       "problem state before M3");
	test_exception(uvc, b + 4, PGM_SPECIFICATION, "block not aligned");
	check_equal(pgm_old_addr(), (uint64_t)uvc_insn + 4,
		    "specification exception suppresses");
	test_exception(uvc, STORAGE, PGM_ADDRESSING, "block beyond storage");
	test_exception(uvc, 1UL << 40, PGM_ADDRESSING,
		       "block far beyond storage");
}

/* A block at the end of storage whose rest is beyond it. */
static void test_end_of_storage(void)
{
	struct uvcb *b = (void *)(STORAGE - 8);
	uint64_t cc;

	b->len = 0x120;
	b->cmd = UVC_QUI;
	b->rc = NOT_STORED;
	check(catch_pgm(uvc, (uint64_t)b, &cc) && pgm_code() == PGM_ADDRESSING &&
	      b->rc == NOT_STORED, "block leaves storage");
}

/*
 * The calls list is stored over code.  What was translated must not outlive it,
 * which shows in the length of the instruction: 0x00 has two bytes, 0x80 four.
 */
static uint64_t jump(uint64_t at)
{
	((void (*)(void))at)();
	return 0;
}

static uint64_t failing_length(uint64_t at)
{
	uint64_t ret;

	if (!catch_pgm(jump, at, &ret) || pgm_code() != PGM_OPERATION)
		return 0;
	return pgm_old_addr() - at;
}

static void test_code(void)
{
	uint64_t at = (uint64_t)block + 0x10;

	uvcb_init(block, UVC_QUI, 0x120);
	check_equal(failing_length(at), 2, "code before it is stored over");
	check_equal(failing_length(at), 2, "the same code, translated already");
	uvc((uint64_t)block);
	check(failing_length(at) != 2, "code stored over by a call is gone");
}

int main(void)
{
	test_query();
	test_commands();
	test_share();
	test_secrets();
	test_problem_state();
	test_exceptions();
	test_end_of_storage();
	test_code();
	plan();
	return 0;
}
