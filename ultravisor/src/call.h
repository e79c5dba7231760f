/* SPDX-License-Identifier: MIT */
/* One execution of UV CALL, and the table of commands. */
#ifndef UV_CALL_H
#define UV_CALL_H

#include "machine.h"
#include "pv/uvc.h"

/* No command has a longer block, or looks at more of a longer one. */
#define UV_BLOCK_MAX	0x200

/* Who executes UV CALL. */
enum uv_side {
	UV_SIDE_HOST	= 1 << 0,	/* outside of any configuration */
	UV_SIDE_GUEST	= 1 << 1,
};

/**
 * struct uv_call - one execution
 * @addr: where the block is
 * @start: when it began, in nanoseconds
 * @cmd: its command code
 * @len: length it claims, may exceed UV_BLOCK_MAX
 * @block: the block as far as it is of interest; outputs are put into it
 * @stored: bytes of @block, counted from its start, that are stored back after
 *	the call; the header if the handler says nothing else
 * @rrc: return-reason code, 0 unless set
 * @end: how the call ends without having changed anything, UV_CALL_*; 0 for a
 *	call that is completed
 * @reduced: the embedder was told that somebody lost access
 * @executed: what it answered by itself
 * @config: configuration that the call made
 * @vcpu: secure CPU that it made
 * @dumped: configuration whose dump it began
 */
struct uv_call {
	struct uv_machine *machine;
	const struct uv_cpu *cpu;
	uint64_t addr;
	uint64_t start;
	uint16_t cmd;
	uint16_t len;
	union {
		struct pv_uvc_header header;
		struct pv_uvcb_qui qui;
		struct pv_uvcb_query_keys query_keys;
		struct pv_uvcb_init init;
		struct pv_uvcb_create_conf create_conf;
		struct pv_uvcb_create_cpu create_cpu;
		struct pv_uvcb_handle handle;
		struct pv_uvcb_guest_page guest_page;
		struct pv_uvcb_host_page host_page;
		struct pv_uvcb_set_params set_params;
		struct pv_uvcb_unpack unpack;
		struct pv_uvcb_cpu_set_state cpu_set_state;
		struct pv_uvcb_dump dump;
		struct pv_uvcb_share share;
		struct pv_uvcb_attest attest;
		struct pv_uvcb_add_secret add_secret;
		struct pv_uvcb_list_secrets list_secrets;
		struct pv_uvcb_retr_secret retr_secret;
		uint8_t block[UV_BLOCK_MAX];
	};
	uint16_t stored;
	uint16_t rrc;
	int end;
	bool reduced;
	struct uv_answer executed;
	struct uv_config *config;
	struct uv_vcpu *vcpu;
	struct uv_config *dumped;
};

/**
 * struct uv_command - one row of the command table
 * @code: PV_CMD_*
 * @name: for logs and fault policies
 * @bit: its installed-calls bit
 * @sides: who may use it, enum uv_side
 * @len: length of the block
 * @longer: @len is only the minimum
 * @run: does the work and returns the response code.  NULL: the command has a
 *	name and a number, but the library does not have it (yet).
 */
struct uv_command {
	uint16_t code;
	const char *name;
	uint8_t bit;
	uint8_t sides;
	uint16_t len;
	bool longer;
	uint16_t (*run)(struct uv_call *call);
};

/** uv_command_by_code() - row of a command code, NULL if it is unknown */
const struct uv_command *uv_command_by_code(uint16_t code);

/** uv_command_by_name() - row of the command whose name has @len bytes */
const struct uv_command *uv_command_by_name(const char *name, size_t len);

/** uv_command_at() - the rows of the table one by one; NULL behind the last */
const struct uv_command *uv_command_at(size_t index);

/** uv_installed_calls() - calls that @side of the machine can use, PV_BIT64 */
uint64_t uv_installed_calls(const struct uv_machine *machine,
			    enum uv_side side);

/** uv_cpu_side() - who a CPU is at present */
enum uv_side uv_cpu_side(const struct uv_cpu *cpu);

/**
 * uv_call_reduced() - somebody loses access to a page by this call
 * @page: its absolute address, UV_ALL_PAGES if there may be several
 *
 * To be called before the page changes hands.  Tells the embedder, of several
 * pages once.
 */
void uv_call_reduced(struct uv_call *call, uint64_t page);

/**
 * uv_call_block_in() - is some of the control block in [addr, addr + len) of
 *	absolute storage?
 *
 * What a call takes from its host must not contain it: there would be no place
 * for the answer, and the new owner would find it there.
 */
bool uv_call_block_in(const struct uv_call *call, uint64_t addr, uint64_t len);

/** uv_call_refuse() - put @err into the log; returns its rc */
uint16_t uv_call_refuse(struct uv_call *call, const struct uv_error *err);

/* Handlers, each in the file of its family. */
uint16_t uv_query(struct uv_call *call);
uint16_t uv_query_keys(struct uv_call *call);
uint16_t uv_init(struct uv_call *call);
uint16_t uv_create_config(struct uv_call *call);
uint16_t uv_destroy_config(struct uv_call *call);
uint16_t uv_destroy_config_fast(struct uv_call *call);
uint16_t uv_set_params(struct uv_call *call);
uint16_t uv_unpack(struct uv_call *call);
uint16_t uv_verify(struct uv_call *call);
uint16_t uv_unshare_all(struct uv_call *call);
uint16_t uv_prepare_reset(struct uv_call *call);
uint16_t uv_create_cpu(struct uv_call *call);
uint16_t uv_destroy_cpu(struct uv_call *call);
uint16_t uv_reset_cpu(struct uv_call *call);
uint16_t uv_set_cpu_state(struct uv_call *call);
uint16_t uv_import(struct uv_call *call);
uint16_t uv_export(struct uv_call *call);
uint16_t uv_destroy_page(struct uv_call *call);
uint16_t uv_pin(struct uv_call *call);
uint16_t uv_unpin(struct uv_call *call);
uint16_t uv_dump_init(struct uv_call *call);
uint16_t uv_dump_storage(struct uv_call *call);
uint16_t uv_dump_cpu(struct uv_call *call);
uint16_t uv_dump_complete(struct uv_call *call);
uint16_t uv_set_shared(struct uv_call *call);
uint16_t uv_remove_shared(struct uv_call *call);
uint16_t uv_retrieve_attestation(struct uv_call *call);
uint16_t uv_add_secret(struct uv_call *call);
uint16_t uv_list_secrets(struct uv_call *call);
uint16_t uv_lock_secrets(struct uv_call *call);
uint16_t uv_retrieve_secret(struct uv_call *call);

#endif /* UV_CALL_H */
