// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * SIE: what is switched, and which instructions of a guest its host gets to see.
 */
#include "sie.h"

#define ICTL_STCTL	0x00040000
#define ICTL_LPSW	0x00400000
#define ICTL_ISKE	0x00004000
#define ICTL_SSKE	0x00002000
#define ICTL_RRBE	0x00001000
#define ICTL_TPROT	0x00000200
#define ICTL_OPEREXC	0x80000000

/* Those above that a row of the table may have */
#define OTHER_CONTROLS	(ICTL_STCTL | ICTL_LPSW | ICTL_ISKE | ICTL_SSKE | \
			 ICTL_RRBE | ICTL_TPROT)

#define DIAG_TEXT	0x8301

/**
 * struct row - an instruction of a guest
 * @text: of 6 bytes, left aligned in 48 bits
 * @ictl: with this control it is intercepted; ~0: in any case
 * @lctl: likewise
 */
struct row {
	const char *name;
	uint64_t text;
	unsigned int len;
	uint32_t ictl;
	uint16_t lctl;
};

#define ALWAYS	~0U

/* Operands are at GUEST_DATA (R4) or the page behind it (R5), all zero. */
static const struct row rows[] = {
	{ "SCKPF", 0x010700000000, 2, ALWAYS, 0 },
	{ "DIAGNOSE", 0x831200440000, 4, ALWAYS, 0 },
	{ "SIGP", 0xae1240050000, 4, ALWAYS, 0 },
	{ "STIDP", 0xb20240080000, 4, ALWAYS, 0 },
	{ "SCK", 0xb20440080000, 4, ALWAYS, 0 },
	{ "SPX", 0xb21040080000, 4, ALWAYS, 0 },
	{ "STPX", 0xb21140080000, 4, ALWAYS, 0 },
	{ "STAP", 0xb21240080000, 4, ALWAYS, 0 },
	{ "SERVC", 0xb22000450000, 4, ALWAYS, 0 },
	{ "TB", 0xb22c00050000, 4, ALWAYS, 0 },
	{ "STSCH", 0xb23440080000, 4, ALWAYS, 0 },
	{ "TPI", 0xb23640080000, 4, ALWAYS, 0 },
	{ "CHSC", 0xb25f00400000, 4, ALWAYS, 0 },
	{ "STSI", 0xb27d40000000, 4, ALWAYS, 0 },
	{ "STFL", 0xb2b100000000, 4, ALWAYS, 0 },
	{ "UVC", 0xb9a400450000, 4, ALWAYS, 0 },
	{ "PTLB", 0xb20d00000000, 4, 0, 0 },
	{ "SPKA", 0xb20a00000000, 4, 0, 0 },
	{ "SCKC", 0xb20640080000, 4, 0, 0 },
	{ "STCKC", 0xb20740080000, 4, 0, 0 },
	{ "STPT", 0xb20940080000, 4, 0, 0 },
	{ "STCK", 0xb20540080000, 4, 0, 0 },
	{ "STNSM", 0xacff40000000, 4, 0, 0 },
	{ "LURA", 0xb24b00240000, 4, 0, 0 },
	{ "STURA", 0xb24600240000, 4, 0, 0 },
	{ "LRA", 0xb12040000000, 4, 0, 0 },
	{ "IPTE", 0xb22100540000, 4, 0, 0 },
	{ "ISKE", 0xb22900240000, 4, ICTL_ISKE, 0 },
	{ "RRBE", 0xb22a00240000, 4, ICTL_RRBE, 0 },
	{ "SSKE", 0xb22b00240000, 4, ICTL_SSKE, 0 },
	{ "TPROT", 0xe50140000000, 6, ICTL_TPROT, 0 },
	{ "STCTG", 0xeb0040000025, 6, ICTL_STCTL, 0 },
	{ "STCTL", 0xb60040000000, 4, ICTL_STCTL, 0 },
	{ "LCTL of CR0", 0xb70040000000, 4, 0, 0x8000 },
	{ "LCTLG of CR5, 6", 0xeb564000002f, 6, 0, 0x0200 },
	{ "LCTLG of CR13 to 0", 0xebd04000002f, 6, 0, 0x0002 },
};

/* Runs the row's instruction, with a DIAGNOSE behind it. */
static int run_row(const struct row *row, uint32_t ictl, uint16_t lctl)
{
	uint64_t text = row->text << 16;
	char code[16];

	memset(code, 0, sizeof(code));
	memcpy(code, &text, row->len);
	memcpy(code + row->len, guest_diag, 4);
	guest_reset(code, code + sizeof(code));
	block.ictl = ictl;
	block.lctl = lctl;
	return guest_run();
}

static bool row_intercepted(const struct row *row)
{
	return block.ipa == row->text >> 32 &&
	       block.ipb == (uint32_t)(row->len == 2 ? block.ipb :
			     row->len == 4 ? row->text & 0xffff0000 :
					     row->text) &&
	       block.addr == GUEST_CODE + row->len;
}

static void show_block(void)
{
	show("code", block.icptcode);
	show("ipa", block.ipa);
	show("ipb", block.ipb);
	show("address", block.addr);
	show("guest's program interruption", guest_lowcore(0x88));
}

static void test_rows(void)
{
	const struct row *row;
	size_t i;
	int code;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		row = &rows[i];
		code = run_row(row, row->ictl == ALWAYS ? 0 : row->ictl,
			       row->lctl);
		if (row->ictl || row->lctl) {
			check(code == ICPT_INST && row_intercepted(row),
			      row->name);
			show_block();
		}
		if (row->ictl == ALWAYS)
			continue;
		code = run_row(row, OTHER_CONTROLS & ~row->ictl,
			       row->lctl ? 0x1000 : 0);
		check(code == ICPT_INST && block.ipa == DIAG_TEXT &&
		      block.addr == GUEST_CODE + row->len + 4, row->name);
		show_block();
	}
}

static void test_lpsw(void)
{
	static const struct row lpswe = { "LPSWE", 0xb2b240000000, 4,
					  ICTL_LPSW, 0 };
	uint64_t *psw;
	int code;

	code = run_row(&lpswe, ICTL_LPSW, 0);
	check(code == ICPT_INST && row_intercepted(&lpswe), "LPSWE");
	run_row(&lpswe, ICTL_LPSW, 0);
	block.ictl = 0;
	block.addr = GUEST_CODE;
	psw = (uint64_t *)(*guest_entry(GUEST_DATA));
	psw[0] = MASK_64 | 0x0000300000000000;
	psw[1] = GUEST_CODE + 4;
	check(guest_run() == ICPT_INST && block.ipa == DIAG_TEXT &&
	      block.mask == psw[0], "LPSWE loads the guest's PSW");
	show_block();
}

/* The host walks the guest's tables: it may not change them now. */
static void test_interlock(void)
{
	static uint64_t sca[8] __attribute__((aligned(64)));
	static const struct row ipte = { "IPTE", 0xb22100540000, 4, 0, 0 };
	int code;

	run_row(&ipte, 0, 0);
	block.addr = GUEST_CODE;
	block.scaol = (uint64_t)sca;
	sca[0] = 1UL << 63;
	code = guest_run();
	check(code == ICPT_INST && row_intercepted(&ipte),
	      "IPTE while the host walks");
	sca[0] = 0;
	block.addr = GUEST_CODE;
	check(guest_run() == ICPT_INST && block.ipa == DIAG_TEXT,
	      "IPTE while it does not");
}

static void test_registers(void)
{
	uint64_t cr5, host_cr5 = 0x1234500;
	uint64_t *data;

	guest_program(guest_registers);
	asm volatile("lctlg 5,5,%0" : : "Q" (host_cr5));
	data = (uint64_t *)*guest_entry(GUEST_DATA);
	data[0] = 0xabcdef00;
	block.cr[6] = 0x77;
	block.gr14 = 100;
	block.gr15 = 200;
	guest_gr[2] = 300;
	check(guest_run() == ICPT_INST && block.ipa == DIAG_TEXT,
	      "guest runs until its host is needed");
	show_block();
	check(block.gr14 == 101 && block.gr15 == 201 && guest_gr[2] == 301,
	      "general registers");
	asm volatile("stctg 5,5,%0" : "=Q" (cr5));
	check(block.cr[5] == 0xabcdef00 && block.cr[6] == 0x77 &&
	      cr5 == host_cr5, "control registers");
	check_equal(block.mask, MASK_64 | 0x0000100000000000,
		    "condition code");
}

static void test_execute(void)
{
	/* With the instruction behind the program's end. */
	guest_reset(guest_ex, guest_ex_all_end);
	check(guest_run() == ICPT_INST && block.ipa == 0xb212 &&
	      block.ipb == 0x40080000 && block.addr == GUEST_CODE + 10 &&
	      block.icptstatus == 0x41, "target of EXECUTE");
	show_block();
	show("status", block.icptstatus);
	guest_program(guest_exrl);
	check(guest_run() == ICPT_INST && block.ipa == 0xb212 &&
	      block.addr == GUEST_CODE + 6 && block.icptstatus == 0x61,
	      "target of EXECUTE RELATIVE LONG");
	show_block();
	block.icptstatus = 0xff;
	check(guest_run() == ICPT_INST && block.ipa == DIAG_TEXT &&
	      block.icptstatus == 0, "and what follows is not one");
}

static void test_operation(void)
{
	guest_program(guest_illegal);
	block.ictl = ICTL_OPEREXC;
	check(guest_run() == ICPT_OPEREXC && block.ipa == 0xb2ff &&
	      block.ipb == 0x12340000 && block.addr == GUEST_CODE + 4,
	      "operation exception for the host");
	show_block();
	guest_program(guest_illegal);
	*(uint64_t *)(*guest_entry(0) + 0x1d0) = MASK_64 | MASK_WAIT;
	check(guest_run() == ICPT_WAIT &&
	      (guest_lowcore(0x88) & 0xffff) == PGM_OPERATION,
	      "operation exception for the guest");
	show_block();
	guest_program(guest_sie);
	block.ictl = ICTL_OPEREXC;
	check(guest_run() == ICPT_OPEREXC && block.ipa == 0xb214,
	      "a guest has no SIE");
}

static void test_facilities(void)
{
	static uint64_t list[256] __attribute__((aligned(8)));
	uint64_t *data;

	guest_program(guest_stfle);
	data = (uint64_t *)*guest_entry(GUEST_DATA);
	list[0] = 0x8123456789abcdef;
	list[1] = 5;
	block.fac = (uint64_t)list;
	guest_run();
	check(data[0] == list[0] && data[1] == 5 && !data[2] &&
	      guest_gr[0] == 1, "facility list");
	show("doublewords", guest_gr[0]);
	list[255] = 9;
	block.addr = GUEST_CODE;
	guest_run();
	check(data[255] == 9 && guest_gr[0] == 255, "the longest one");
}

static uint64_t enter_at(uint64_t addr)
{
	return sie_enter(addr);
}

static void test_block(void)
{
	uint64_t cc;

	guest_program(guest_diag);
	check(catch_pgm(enter_at, (uint64_t)&block + 256, &cc) &&
	      pgm_code() == PGM_SPECIFICATION, "block on another boundary");
	check(catch_pgm(enter_at, STORAGE, &cc) &&
	      pgm_code() == PGM_ADDRESSING, "block beyond storage");
	block.sdf = 7;
	check_equal(guest_run(), ICPT_VALIDITY, "block of an unknown format");
}

int main(void)
{
	test_block();
	test_registers();
	test_rows();
	test_lpsw();
	test_interlock();
	test_execute();
	test_operation();
	test_facilities();
	plan();
	return 0;
}
