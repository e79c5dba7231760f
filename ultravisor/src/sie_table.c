// SPDX-License-Identifier: MIT
/*
 * Every instruction that a protected guest may meet its host by, and all that
 * crosses the border with it.
 *
 * Where a host looks for operands is KVM's and QEMU's: registers by the fields
 * of the text, so the text names registers of our choice; second operands in
 * the secure instruction data area, always at its start.
 */
#include "array.h"
#include "sie.h"

#define OP(code)		.opcode = (code), .subcode = -1
#define INTERPRET(code)		{ OP(code), .way = UV_WAY_INTERPRET }
#define EXECUTE(code, function) \
	OP(code), .way = UV_WAY_EXECUTE, .run = (function)

/* I/O instructions name the subchannel in GR1. */
#define IO(code) \
	OP(code), .way = UV_WAY_INTERCEPT, .cc = true, \
	.operand = true, .out = { { 1, 1, 8 } }

#define DIAG(number)		OP(0x8300), .order = (number), .order_mask = 0xffff
#define DIAG_TEXT		.ipa = 0x8302, .ipb = 0x50000000
#define DIAG_CODE		{ 5, UV_SRC_ADDRESS, 2 }
/* The pair of R1, and R3. */
#define DIAG_REGISTERS { \
	{ 0, UV_SRC_RS_R1, 8 }, { 1, UV_SRC_RS_R1_PAIR, 8 }, \
	{ 2, UV_SRC_RS_R3, 8 }, DIAG_CODE \
}

#define IPL(number) \
	.opcode = 0x8300, .order = 0x308, .order_mask = 0xffff, \
	.subcode = (number), .way = UV_WAY_NOTIFY, DIAG_TEXT, \
	.out = DIAG_REGISTERS

#define SIGP_TEXT		.ipa = 0xae02, .ipb = 0x50000000
#define SIGP_REGISTERS { \
	{ 1, UV_SRC_PARAMETER, 4 }, { 2, UV_SRC_RS_R3, 2 }, \
	{ 5, UV_SRC_ADDRESS, 1 } \
}

#define SIGP_STATUS		{ 0, UV_SRC_RS_R1, 4 }
#define SIGP_EXTERNAL_CALL	2

#define LOGICAL(bytes, mask) \
	.place = UV_SIE_OPERAND_LOGICAL, .source = UV_SRC_ADDRESS, \
	.len = (bytes), .align = (mask)
#define ALL_CCS			0xf

static const struct uv_sie_insn table[] = {
	/* Control of the CPU itself, and of its translation. */
	INTERPRET(0x8200), INTERPRET(0xb2b2), INTERPRET(0xeb71), /* LPSW... */
	INTERPRET(0xac00), INTERPRET(0xad00), INTERPRET(0x8000), /* SSM... */
	INTERPRET(0xb700), INTERPRET(0xb600), INTERPRET(0xeb2f), /* LCTL... */
	INTERPRET(0xeb25), INTERPRET(0xb280), INTERPRET(0xb98d),
	INTERPRET(0xb206), INTERPRET(0xb207), /* SCKC, STCKC */
	INTERPRET(0xb208), INTERPRET(0xb209), /* SPT, STPT */
	INTERPRET(0xb20a), INTERPRET(0xb20b), /* SPKA, IPK */
	INTERPRET(0xb221), INTERPRET(0xb98e), INTERPRET(0xb98a), /* IPTE... */
	INTERPRET(0xb20d), INTERPRET(0xb250), INTERPRET(0xb248),
	INTERPRET(0xb98f), INTERPRET(0xb98b), INTERPRET(0xb9aa),
	INTERPRET(0xb100), INTERPRET(0xe303), INTERPRET(0xe313), /* LRA... */
	INTERPRET(0xb24b), INTERPRET(0xb905), /* LURA... */
	INTERPRET(0xb246), INTERPRET(0xb925), /* STURA... */
	INTERPRET(0xe500), INTERPRET(0xe501), INTERPRET(0xe502),
	INTERPRET(0xb229), INTERPRET(0xb22a), INTERPRET(0xb22b), /* keys */
	INTERPRET(0xb9af), INTERPRET(0xb9a1), INTERPRET(0x9900),
	INTERPRET(0xeb0f), INTERPRET(0xb200), INTERPRET(0xb201),
	INTERPRET(0x0104),

	/* What the CPU is: neither the host's word nor the machine's. */
	{ EXECUTE(0xb212, uv_exec_stap),
	  .storage = { LOGICAL(2, 1), .stored = true } },
	{ EXECUTE(0xb202, uv_exec_stidp),
	  .storage = { LOGICAL(8, 7), .stored = true } },
	{ EXECUTE(0xb211, uv_exec_stpx),
	  .storage = { LOGICAL(4, 3), .stored = true } },
	{ EXECUTE(0xb2b1, uv_exec_stfl) },
	{ EXECUTE(0xb204, uv_exec_sck),
	  .storage = { LOGICAL(8, 7), .fetched = true } },
	{ EXECUTE(0x0107, uv_exec_sckpf) },
	{ EXECUTE(0xb22c, uv_exec_tb),
	  .storage = { .place = UV_SIE_OPERAND_REAL, .source = UV_SRC_RRE_R2,
		       .len = 4096, .page = true, .stored = true } },
	/* Its host has to know where to keep which pages. */
	{ OP(0xb210), .way = UV_WAY_NOTIFY,
	  .storage = { LOGICAL(4, 3), .fetched = true },
	  .run = uv_exec_spx },

	/* Calls of the service element. */
	{ OP(0xb220), .way = UV_WAY_INTERCEPT,
	  .ipb = 0x00120000, .out = { { 1, UV_SRC_RRE_R1, 4 } },
	  .storage = { .place = UV_SIE_OPERAND_REAL, .source = UV_SRC_RRE_R2,
		       .align = 7, .fetched = true, .stored = true,
		       .length = UV_LEN_SCCB, .ccs = ALL_CCS },
	  .run = uv_check_servc },
	{ OP(0xb27d), .way = UV_WAY_INTERCEPT,
	  .out = { { 0, 0, 4 }, { 1, 1, 4 } }, .cc = true,
	  .specification = true,
	  .storage = { LOGICAL(4096, 0xfff), .stored = true, .ccs = 1 << 0,
		       .wanted = uv_stsi_has_operand },
	  .run = uv_check_stsi },
	{ OP(0xb256), .way = UV_WAY_INTERCEPT,
	  .ipb = 0x00020000, .out = { { 0, UV_SRC_RRE_R1, 2 } },
	  .back = { { 3, UV_SRC_RRE_R2_PAIR, 8 } }, .cc = true,
	  .specification = true,
	  .storage = { .place = UV_SIE_OPERAND_LOGICAL,
		       .source = UV_SRC_RRE_R2, .align = 0xfff, .len = 4096,
		       .stored = true, .ccs = 1 << 0 },
	  .run = uv_check_sthyi },

	/* The channel subsystem. */
	{ IO(0xb230) }, { IO(0xb231) }, { IO(0xb237) }, { IO(0xb238) },
	{ IO(0xb23b) }, { IO(0xb276) },
	{ IO(0xb232), .storage = { LOGICAL(52, 3), .fetched = true } },
	{ IO(0xb233), .storage = { LOGICAL(12, 3), .fetched = true } },
	{ IO(0xb234), .storage = { LOGICAL(52, 3), .stored = true,
				   .ccs = 1 << 0 } },
	{ IO(0xb235), .storage = { LOGICAL(64, 3), .stored = true,
				   .ccs = 1 << 0 | 1 << 1 } },
	{ OP(0xb239), .way = UV_WAY_INTERCEPT, .cc = true,
	  .operand = true,
	  .storage = { LOGICAL(4, 3), .stored = true,
		       .ccs = 1 << 0 | 1 << 1 } },
	{ OP(0xb23c), .way = UV_WAY_INTERCEPT, .operand = true,
	  .out = { { 1, 1, 8 }, { 2, 2, 8 } } },
	{ OP(0xb25f), .way = UV_WAY_INTERCEPT, .cc = true,
	  .specification = true, .operand = true,
	  .storage = { .place = UV_SIE_OPERAND_LOGICAL,
		       .source = UV_SRC_RRE_R1, .align = 0xfff, .len = 4096,
		       .fetched = true, .stored = true,
		       .length = UV_LEN_CHSC, .ccs = 1 << 0 } },
	{ EXECUTE(0xb236, uv_exec_tpi),
	  .storage = { LOGICAL(0, 3) } },
	{ EXECUTE(0xb23a, uv_exec_nothing) },
	{ EXECUTE(0xb274, uv_exec_siga) },

	/* DIAGNOSE.  Some codes would make the host look into the guest. */
	{ DIAG(0x044), .way = UV_WAY_NOTIFY, DIAG_TEXT, .out = { DIAG_CODE } },
	{ DIAG(0x09c), .way = UV_WAY_NOTIFY, DIAG_TEXT,
	  .out = { { 0, UV_SRC_RS_R1, 2 }, DIAG_CODE } },
	{ DIAG(0x500), .way = UV_WAY_INTERCEPT, DIAG_TEXT,
	  .specification = true, .operand = true,
	  .out = { { 1, 1, 8 }, { 2, 2, 8 }, { 3, 3, 8 }, { 4, 4, 8 },
		   DIAG_CODE },
	  .back = { { 2, 2, 8 } } },
	{ DIAG(0x258), .way = UV_WAY_PROGRAM, .code = PGM_SPECIFICATION },
	{ DIAG(0x501), .way = UV_WAY_PROGRAM, .code = PGM_SPECIFICATION },
	{ IPL(0), .run = uv_check_reset },
	{ IPL(1), .run = uv_check_reset },
	{ IPL(3) },
	{ IPL(5), .back = { { 1, UV_SRC_RS_R1_PAIR, 8 } },
	  .storage = { .place = UV_SIE_OPERAND_REAL, .source = UV_SRC_RS_R1,
		       .align = 0xfff, .len = 4096, .fetched = true,
		       .length = UV_LEN_IPL_BLOCK },
	  .run = uv_check_pair },
	{ IPL(6), .back = { { 1, UV_SRC_RS_R1_PAIR, 8 } },
	  .storage = { .place = UV_SIE_OPERAND_REAL, .source = UV_SRC_RS_R1,
		       .align = 0xfff, .len = 4096, .stored = true,
		       .length = UV_LEN_IPL_BLOCK, .ccs = ALL_CCS },
	  .run = uv_check_pair },
	{ DIAG(0x308), .way = UV_WAY_PROGRAM, .code = PGM_SPECIFICATION },
	{ DIAG(0x288), .way = UV_WAY_INTERCEPT, DIAG_TEXT,
	  .specification = true, .out = DIAG_REGISTERS,
	  .run = uv_check_pair },
	{ OP(0x8300), .way = UV_WAY_INTERCEPT, DIAG_TEXT,
	  .specification = true, .out = DIAG_REGISTERS },

	/*
	 * KVM takes a notification of an external call for one that is
	 * pending already, which only a machine with a SIGP assist can do.
	 */
	{ OP(0xae00), .order = SIGP_EXTERNAL_CALL, .order_mask = 0xff,
	  .way = UV_WAY_INTERCEPT, SIGP_TEXT, .out = SIGP_REGISTERS,
	  .back = { SIGP_STATUS }, .cc = true, .run = uv_check_sigp },
	{ OP(0xae00), .way = UV_WAY_NOTIFY, SIGP_TEXT,
	  .out = SIGP_REGISTERS, .back = { SIGP_STATUS }, .cc = true,
	  .run = uv_check_sigp },
};

const struct uv_sie_insn *uv_sie_insn_at(unsigned int index)
{
	return index < ARRAY_SIZE(table) ? &table[index] : NULL;
}

unsigned int uv_sie_register(uint64_t text, unsigned int source)
{
	switch (source) {
	case UV_SRC_RS_R1:
		return text >> 36 & 15;
	case UV_SRC_RS_R1_PAIR:
		return ((text >> 36) + 1) & 15;
	case UV_SRC_RS_R3:
		return text >> 32 & 15;
	case UV_SRC_RRE_R1:
		return text >> 20 & 15;
	case UV_SRC_RRE_R2:
		return text >> 16 & 15;
	case UV_SRC_RRE_R2_PAIR:
		return ((text >> 16) + 1) & 15;
	case UV_SRC_PARAMETER:
		return (text >> 36 & 15) | 1;
	default:
		return source & 15;
	}
}

uint64_t uv_sie_value(const struct uv_cpu_state *state, uint64_t text,
		      unsigned int source)
{
	unsigned int base = text >> 28 & 15;

	if (source == UV_SRC_ADDRESS)
		return (base ? state->gr[base] : 0) + (text >> 16 & 0xfff);
	return state->gr[uv_sie_register(text, source)];
}

/* The table's key: opcodes have one byte, two, or one at each end. */
static uint16_t opcode(uint64_t text)
{
	uint16_t first = text >> 32 & 0xffff;

	switch (first >> 8) {
	case 0x01:
	case 0xb2:
	case 0xb9:
	case 0xe5:
		return first;
	case 0xe3:
	case 0xeb:
		return (uint16_t)((first & 0xff00) | (text & 0xff));
	default:
		return first & 0xff00;
	}
}

const struct uv_sie_insn *uv_sie_find(const struct uv_cpu_state *state,
				      uint64_t text)
{
	uint64_t order = uv_sie_value(state, text, UV_SRC_ADDRESS);
	uint64_t subcode = uv_sie_value(state, text, UV_SRC_RS_R3);
	uint16_t key = opcode(text);

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct uv_sie_insn *insn = &table[i];

		if (insn->opcode == key &&
		    (order & insn->order_mask) == insn->order &&
		    (insn->subcode < 0 || subcode == (uint64_t)insn->subcode))
			return insn;
	}
	return NULL;
}
