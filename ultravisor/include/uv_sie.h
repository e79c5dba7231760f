/* SPDX-License-Identifier: MIT */
/*
 * Protected guests in SIE: what the Ultravisor does at the border between a
 * secure CPU and its host.
 *
 * The embedder executes instructions and translates addresses.  What a guest
 * may do itself, what its host gets to see, what it takes back and which
 * interruption it may present is decided here.
 *
 * The order of things on one CPU of the machine, all under the lock that
 * serialises the library:
 *
 *	uv_sie_enter()		SIE is executed with a block of format 4
 *	  load *uv_vcpu_state() and run
 *	uv_sie_instruction()	each privileged instruction of the guest
 *	uv_call()		with struct uv_cpu.vcpu, for UV CALL
 *	uv_sie_leave()		interruption of the host, wait, stop, ...
 *
 * The state of a running guest is the embedder's.  It is stored into
 * *uv_vcpu_state() before each call below except uv_sie_enter(), complete, with
 * the PSW behind the instruction, and loaded again from there when the result
 * is UV_SIE_RUN.  UV_SIE_EXIT and UV_SIE_FAULT end the stay in SIE, also as the
 * result of UV CALL: the library has then stored what the host may know into
 * the state description, and takes care that the guest repeats its instruction
 * where it has to.  With UV_SIE_PROGRAM the guest goes on in its program new
 * PSW.
 */
#ifndef UV_SIE_H
#define UV_SIE_H

#include "ultravisor.h"

/**
 * struct uv_cpu_state - registers of a secure CPU
 * @psw: with the condition code
 * @vr: vector registers, the floating-point registers are the left halves
 * @cpu_timer: value now, as STORE CPU TIMER would tell
 * @ckc: clock comparator
 * @prefix: guest absolute address of the prefix area
 * @time: TOD clock of the host when the state was stored; 0: not known, then
 *	the CPU timer is supposed to stand still since SIE was entered
 */
struct uv_cpu_state {
	struct uv_psw psw;
	uint64_t gr[16];
	uint64_t cr[16];
	uint32_t ar[16];
	uint64_t vr[32][2];
	uint32_t fpc;
	uint32_t prefix;
	uint32_t todpr;
	uint64_t cpu_timer;
	uint64_t ckc;
	uint64_t gbea;
	uint64_t pp;
	uint64_t time;
};

/** uv_vcpu_state() - its registers, valid as long as it is in SIE */
struct uv_cpu_state *uv_vcpu_state(struct uv_vcpu *vcpu);

/** uv_vcpu_config() - the configuration it belongs to */
struct uv_config *uv_vcpu_config(struct uv_vcpu *vcpu);

enum uv_sie_action {
	UV_SIE_RUN,		/* load the state and run the guest */
	UV_SIE_INTERPRET,	/* execute the instruction, nothing happened */
	UV_SIE_PROGRAM,		/* the guest gets program interruption @code */
	UV_SIE_EXIT,		/* the host continues behind SIE */
	UV_SIE_FAULT,		/* the host gets program interruption @code at SIE */
};

/**
 * struct uv_sie_result - what is to happen
 * @code: of the program interruption
 * @gaddr: UV_SIE_FAULT: address in the guest's space, a page address
 * @store: UV_SIE_FAULT: the access was a store
 */
struct uv_sie_result {
	enum uv_sie_action action;
	uint16_t code;
	uint64_t gaddr;
	bool store;
};

/**
 * struct uv_sie_entry - an execution of SIE
 * @block: absolute address of the state description, format 4
 * @asce: CR1 of the host
 * @time: TOD clock of the host, in its units
 */
struct uv_sie_entry {
	uint64_t block;
	uint64_t asce;
	uint64_t time;
};

/**
 * uv_sie_enter() - start or resume a secure CPU
 * @vcpu: out: the CPU that runs now, NULL if the result is not UV_SIE_RUN
 *
 * Checks the block (validity interceptions), completes an instruction that was
 * intercepted, and presents an interruption that the host injects.
 *
 * Results: UV_SIE_RUN, UV_SIE_EXIT, UV_SIE_FAULT.
 */
struct uv_sie_result uv_sie_enter(struct uv_machine *machine,
				  const struct uv_sie_entry *entry,
				  struct uv_vcpu **vcpu);

/* Where the storage operand of an instruction is. */
enum uv_sie_operand_place {
	UV_SIE_OPERAND_NONE,
	UV_SIE_OPERAND_LOGICAL,
	UV_SIE_OPERAND_REAL,
};

/**
 * struct uv_sie_operand - storage operand of an instruction
 * @addr: logical or real address, not wrapped to the addressing mode
 * @len: bytes, at most a page; the operand may cross into the next page
 * @store: it is stored into, so it must be writable
 */
struct uv_sie_operand {
	enum uv_sie_operand_place place;
	uint64_t addr;
	uint16_t len;
	bool store;
};

/**
 * uv_sie_operand() - the storage operand of a privileged instruction
 * @text: the instruction, left aligned in 6 bytes of the number: bits 16 to 63
 *	of it, as an s390x CPU would have them in bits 0 to 47
 *
 * The embedder translates it, raising the guest's access exceptions and the
 * host's faults as for any access, and gives the absolute addresses to
 * uv_sie_instruction().
 */
struct uv_sie_operand uv_sie_operand(const struct uv_cpu_state *state,
				     uint64_t text);

/**
 * uv_sie_instruction() - a privileged instruction other than UV CALL
 * @text: as above
 * @len: bytes of it: 2, 4 or 6
 * @operand: guest absolute addresses (without the origin of guest storage) of
 *	its operand's first byte and, if it crosses a page, of the first byte in
 *	the next page
 *
 * Results: all but UV_SIE_RUN means "intercepted or refused"; UV_SIE_RUN: it
 * has been executed here.
 */
struct uv_sie_result uv_sie_instruction(struct uv_machine *machine,
					struct uv_vcpu *vcpu, uint64_t text,
					unsigned int len,
					const uint64_t operand[2]);

enum uv_sie_reason {
	UV_SIE_HOST,		/* interruption or fault of the host: no code */
	UV_SIE_WAIT,		/* the guest loaded a wait PSW */
	UV_SIE_STOP,		/* the host asks for a stop */
	UV_SIE_INT_ENABLE,	/* CR0, CR6, CR14 changed, something pending */
	UV_SIE_SPECIFICATION_LOOP, /* the new PSW of it is invalid, too */
	UV_SIE_EXTERNAL_LOOP,	/* timer interruption loop */
	UV_SIE_REASONS
};

/** uv_sie_leave() - the secure CPU stops running; the state is the library's */
void uv_sie_leave(struct uv_machine *machine, struct uv_vcpu *vcpu,
		  enum uv_sie_reason reason);

/**
 * uv_sie_facilities() - what STFLE tells a protected guest
 * @list: in: the list its host has for it, out: what it gets
 * @len: bytes of it
 */
void uv_sie_facilities(uint8_t *list, size_t len);

#endif /* UV_SIE_H */
