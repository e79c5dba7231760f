/* SPDX-License-Identifier: MIT */
/* Protected guests in SIE: what the files about it have in common. */
#ifndef UV_SIE_INTERNAL_H
#define UV_SIE_INTERNAL_H

#include "guest_memory.h"
#include "pv/sie.h"
#include "vcpu.h"

#define PSW_IO			UINT64_C(0x0200000000000000)
#define PSW_EXTERNAL		UINT64_C(0x0100000000000000)
#define PSW_MACHINE_CHECK	UINT64_C(0x0004000000000000)
#define PSW_WAIT		UINT64_C(0x0002000000000000)
#define PSW_PROBLEM		UINT64_C(0x0001000000000000)
#define PSW_CC_SHIFT		44
#define PSW_CC			(UINT64_C(3) << PSW_CC_SHIFT)
#define PSW_MODE_64		UINT64_C(0x0000000100000000)
#define PSW_MODE_31		UINT64_C(0x0000000080000000)

#define PGM_OPERATION		0x0001
#define PGM_ADDRESSING		0x0005
#define PGM_SPECIFICATION	0x0006
#define PGM_OPERAND		0x0015

#define LOWCORE_SIZE		0x2000

/* Reasons of validity interceptions. */
enum uv_sie_validity {
	UV_VALID,
	UV_INVALID_HANDLE,
	UV_INVALID_CPU,		/* of another configuration */
	UV_INVALID_CONFIG,	/* another one */
	UV_INVALID_RUNNING,	/* on another CPU of the machine */
	UV_INVALID_ASCE,
	UV_INVALID_TIMER,
	UV_INVALID_STATE,	/* not verified, stopped, or a reset under way */
	UV_INVALID_INTERRUPTION,
	UV_INVALID_PROGRAM,
	UV_INVALID_DUMPING,
	UV_INVALID_SIDA,	/* our own: missing, too short, not the host's */
};

/* What becomes of an instruction. */
enum uv_sie_way {
	UV_WAY_PROGRAM,		/* refused: program interruption */
	UV_WAY_INTERPRET,	/* the embedder executes it */
	UV_WAY_EXECUTE,		/* we do */
	UV_WAY_INTERCEPT,	/* the host does, code 0x68 */
	UV_WAY_NOTIFY,		/* code 0x6c */
};

/* What a register of the exchange area stands for.  Below 16: that one. */
enum uv_sie_source {
	UV_SRC_RS_R1 = 16,
	UV_SRC_RS_R1_PAIR,	/* the one behind it */
	UV_SRC_RS_R3,
	UV_SRC_RRE_R1,
	UV_SRC_RRE_R2,
	UV_SRC_RRE_R2_PAIR,
	UV_SRC_ADDRESS,		/* base and displacement of RS and S */
	UV_SRC_PARAMETER,	/* of SIGNAL PROCESSOR: the odd one of R1's pair */
};

/**
 * struct uv_sie_register - a register that crosses the border
 * @number: its place in the exchange area
 * @source: enum uv_sie_source
 * @bytes: rightmost ones of it; 0 ends a list
 */
struct uv_sie_register {
	uint8_t number;
	uint8_t source;
	uint8_t bytes;
};

/* How long an operand really is. */
enum uv_sie_length {
	UV_LEN_FIXED,
	UV_LEN_SCCB,		/* first halfword */
	UV_LEN_IPL_BLOCK,	/* first word */
	UV_LEN_CHSC,		/* request's first halfword, then the response's */
};

/**
 * struct uv_sie_storage - storage operand of an instruction
 * @place: enum uv_sie_operand_place
 * @source: its address
 * @align: mask of the bits that must be zero, else: specification exception
 * @len: bytes that it can have; 0: up to the end of the page
 * @fetched: it is read, and the host sees it if it sees the instruction
 * @stored: it is stored into
 * @length: enum uv_sie_length
 * @ccs: bit 1 << n: stored into if the host's condition code is n
 * @page: it is the page that contains the address
 * @wanted: NULL, or tells whether there is one at all
 */
struct uv_sie_storage {
	uint8_t place;
	uint8_t source;
	uint16_t align;
	uint16_t len;
	bool fetched;
	bool stored;
	uint8_t length;
	uint8_t ccs;
	bool page;
	bool (*wanted)(const struct uv_cpu_state *state);
};

struct uv_sie_work;

/**
 * struct uv_sie_insn - an instruction: a row of the table
 * @opcode: one byte and zero, or two; the second is the last one of formats
 *	RXY and RSY
 * @order: value of the second operand's address, as far as @order_mask has bits
 * @subcode: content of R3 (format RS), if it is not negative
 * @way: enum uv_sie_way
 * @code: UV_WAY_PROGRAM: which
 * @ipa: how the host sees it; 0: @opcode
 * @ipb: likewise
 * @out: registers that the host gets; the others are zero
 * @back: registers that it may change
 * @cc: it may set the condition code
 * @specification: it may present a specification exception
 * @operand: ... an operand exception
 * @storage: its operand
 * @run: executes it, or checks it before the host sees it; returns a program
 *	interruption code or 0
 * @done: completes it after the host
 */
struct uv_sie_insn {
	uint16_t opcode;
	uint16_t order;
	uint16_t order_mask;
	int8_t subcode;
	uint8_t way;
	uint8_t code;
	uint16_t ipa;
	uint32_t ipb;
	struct uv_sie_register out[5];
	struct uv_sie_register back[2];
	bool cc;
	bool specification;
	bool operand;
	struct uv_sie_storage storage;
	uint16_t (*run)(struct uv_sie_work *work);
};

/**
 * struct uv_sie_work - an instruction being looked at
 * @done: @run needs nobody else
 * @faulted: @run met a page that the host has to bring, see @fault
 */
struct uv_sie_work {
	struct uv_machine *machine;
	struct uv_vcpu *vcpu;
	const struct uv_sie_insn *insn;
	uint64_t text;
	unsigned int len;
	uint64_t operand[2];
	bool done;
	bool faulted;
	struct uv_guest_fault fault;
};

/* ---- sie_table.c ---- */

/** uv_sie_find() - row of an instruction, NULL: it does not exist */
const struct uv_sie_insn *uv_sie_find(const struct uv_cpu_state *state,
				      uint64_t text);

/** uv_sie_insn_at() - the @index-th row, NULL behind the last */
const struct uv_sie_insn *uv_sie_insn_at(unsigned int index);

/** uv_sie_value() - content of what a register of the exchange area stands for */
uint64_t uv_sie_value(const struct uv_cpu_state *state, uint64_t text,
		      unsigned int source);

/** uv_sie_register() - the guest's register that it stands for */
unsigned int uv_sie_register(uint64_t text, unsigned int source);

/* ---- sie_exec.c, sie_sigp.c: executed or checked here ---- */

uint16_t uv_exec_nothing(struct uv_sie_work *work);
uint16_t uv_exec_stidp(struct uv_sie_work *work);
uint16_t uv_exec_sck(struct uv_sie_work *work);
uint16_t uv_exec_sckpf(struct uv_sie_work *work);
uint16_t uv_exec_stpx(struct uv_sie_work *work);
uint16_t uv_exec_spx(struct uv_sie_work *work);
uint16_t uv_exec_stap(struct uv_sie_work *work);
uint16_t uv_exec_stfl(struct uv_sie_work *work);
uint16_t uv_exec_tb(struct uv_sie_work *work);
uint16_t uv_exec_tpi(struct uv_sie_work *work);
uint16_t uv_exec_siga(struct uv_sie_work *work);
bool uv_stsi_has_operand(const struct uv_cpu_state *state);
uint16_t uv_check_stsi(struct uv_sie_work *work);
uint16_t uv_check_sthyi(struct uv_sie_work *work);
uint16_t uv_check_servc(struct uv_sie_work *work);
uint16_t uv_check_pair(struct uv_sie_work *work);
uint16_t uv_check_reset(struct uv_sie_work *work);
uint16_t uv_check_sigp(struct uv_sie_work *work);

/* Storage operand, @offset and @len within what uv_sie_operand() said. */
bool uv_operand_get(struct uv_sie_work *work, unsigned int offset, void *buf,
		    size_t len);
bool uv_operand_put(struct uv_sie_work *work, unsigned int offset,
		    const void *data, size_t len);

/** uv_sie_set_cc() - set the guest's condition code */
void uv_sie_set_cc(struct uv_vcpu *vcpu, unsigned int cc);

/** uv_sie_rewind() - the guest shall repeat its instruction of @len bytes */
void uv_sie_rewind(struct uv_vcpu *vcpu, unsigned int len);

/* ---- sie_exchange.c: what crosses the border ---- */

/*
 * Fields of the state description.  While it is not the host's, nothing is
 * stored, and nothing can be got.
 */
bool uv_block_get(const struct uv_machine *machine, const struct uv_vcpu *vcpu,
		  size_t offset, void *data, size_t len);
void uv_block_put(const struct uv_machine *machine, const struct uv_vcpu *vcpu,
		  size_t offset, const void *data, size_t len);

void uv_block_put8(const struct uv_machine *machine,
		   const struct uv_vcpu *vcpu, size_t offset, uint8_t value);
void uv_block_put64(const struct uv_machine *machine,
		    const struct uv_vcpu *vcpu, size_t offset, uint64_t value);

/* Offset of a field of the state description. */
#define UV_BLOCK(field)		offsetof(struct pv_sie_block, field)

/** uv_sie_expose() - what a host learns about a CPU whenever it stops running */
void uv_sie_expose(const struct uv_machine *machine, struct uv_vcpu *vcpu,
		   uint8_t icptcode);

/**
 * uv_sie_present() - intercept an instruction
 *
 * Return: UV_SIE_EXIT, or UV_SIE_FAULT: the guest will repeat it
 */
struct uv_sie_result uv_sie_present(struct uv_sie_work *work);

/**
 * uv_sie_take_back() - complete the instruction that waits for its host
 * @block: the state description
 *
 * Return: false: @fault says which page the host has to bring first
 */
bool uv_sie_take_back(struct uv_machine *machine, struct uv_vcpu *vcpu,
		      const struct pv_sie_block *block,
		      struct uv_guest_fault *fault);

/* Guest storage by absolute address: uv_guest_read(), uv_guest_write(). */
uint16_t uv_abs_read(const struct uv_machine *machine,
		     const struct uv_vcpu *vcpu, uint64_t addr, void *buf,
		     size_t len, struct uv_guest_fault *fault);
uint16_t uv_abs_write(const struct uv_machine *machine,
		      const struct uv_vcpu *vcpu, uint64_t addr,
		      const void *data, size_t len,
		      struct uv_guest_fault *fault);

/** uv_sie_validity() - intercept with a reason: the block cannot be used */
struct uv_sie_result uv_sie_validity(const struct uv_machine *machine,
				     uint64_t block,
				     enum uv_sie_validity reason);

/** uv_sie_not_yet() - the instruction did not happen: a page is missing */
struct uv_sie_result uv_sie_not_yet(struct uv_sie_work *work);

/** uv_sie_fault() - the host gets a program interruption */
struct uv_sie_result uv_sie_fault(const struct uv_guest_fault *fault);

/** uv_host_range() - may the host touch these whole pages? */
bool uv_host_range(const struct uv_machine *machine, uint64_t addr,
		   uint64_t len);

/* ---- sie_status.c ---- */

#define UV_SIE_VECTORS_SIZE	512

/**
 * struct uv_sie_storing - whose registers are stored, and why they are not
 * @fault: which page the host has to bring first; or NULL
 */
struct uv_sie_storing {
	struct uv_machine *machine;
	struct uv_vcpu *vcpu;
	struct uv_guest_fault *fault;
};

/*
 * Guest absolute address @addr; they return 0 or a program interruption code,
 * and may be repeated after that.
 */

/** uv_sie_save_registers() - as a machine check does at 0x1200 */
uint16_t uv_sie_save_registers(const struct uv_sie_storing *to, uint64_t addr);

/** uv_sie_save_status() - as STORE STATUS does: with PSW and prefix */
uint16_t uv_sie_save_status(const struct uv_sie_storing *to, uint64_t addr);

/** uv_sie_save_vectors() - UV_SIE_VECTORS_SIZE bytes */
uint16_t uv_sie_save_vectors(const struct uv_sie_storing *to, uint64_t addr);

/* ---- sie_inject.c ---- */

/** uv_sie_may_inject() - is the interruption in the block acceptable now? */
enum uv_sie_validity uv_sie_may_inject(const struct uv_vcpu *vcpu,
				       const struct pv_sie_block *block);

/**
 * uv_sie_inject() - give the guest the interruption in the block, and a restart
 *	that it was ordered
 *
 * Return: false: @fault says which page the host has to bring first
 */
bool uv_sie_inject(struct uv_machine *machine, struct uv_vcpu *vcpu,
		   const struct pv_sie_block *block,
		   struct uv_guest_fault *fault);

#endif /* UV_SIE_INTERNAL_H */
