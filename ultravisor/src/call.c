// SPDX-License-Identifier: MIT
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "array.h"
#include "bytes.h"
#include "call.h"
#include "report.h"
#include "vcpu.h"

#define BLOCK_ALIGNMENT	8

#define HOST		UV_SIDE_HOST
#define GUEST		UV_SIDE_GUEST

#define HANDLE_LEN	sizeof(struct pv_uvcb_handle)
#define GUEST_PAGE_LEN	sizeof(struct pv_uvcb_guest_page)
#define HOST_PAGE_LEN	sizeof(struct pv_uvcb_host_page)
#define DUMP_LEN	sizeof(struct pv_uvcb_dump)

static const struct uv_command commands[] = {
	{ PV_CMD_QUI, "qui", PV_CALL_QUI, HOST | GUEST,
	  PV_QUI_MIN_LEN, true, uv_query },
	{ PV_CMD_QUERY_KEYS, "query-keys", PV_CALL_QUERY_KEYS, HOST | GUEST,
	  sizeof(struct pv_uvcb_query_keys), false, uv_query_keys },
	{ PV_CMD_INIT_UV, "init", PV_CALL_INIT_UV, HOST,
	  sizeof(struct pv_uvcb_init), false, uv_init },
	{ PV_CMD_CREATE_SEC_CONF, "create-conf", PV_CALL_CREATE_SEC_CONF, HOST,
	  sizeof(struct pv_uvcb_create_conf), false, uv_create_config },
	{ PV_CMD_DESTROY_SEC_CONF, "destroy-conf", PV_CALL_DESTROY_SEC_CONF,
	  HOST, HANDLE_LEN, false, uv_destroy_config },
	{ PV_CMD_DESTROY_SEC_CONF_FAST, "destroy-conf-fast",
	  PV_CALL_DESTROY_SEC_CONF_FAST, HOST,
	  sizeof(struct pv_uvcb_destroy_fast), false, uv_destroy_config_fast },
	{ PV_CMD_CREATE_SEC_CPU, "create-cpu", PV_CALL_CREATE_SEC_CPU, HOST,
	  sizeof(struct pv_uvcb_create_cpu), false, uv_create_cpu },
	{ PV_CMD_DESTROY_SEC_CPU, "destroy-cpu", PV_CALL_DESTROY_SEC_CPU, HOST,
	  HANDLE_LEN, false, uv_destroy_cpu },
	{ PV_CMD_CONV_TO_SEC_STOR, "import", PV_CALL_CONV_TO_SEC_STOR, HOST,
	  GUEST_PAGE_LEN, false, uv_import },
	{ PV_CMD_CONV_FROM_SEC_STOR, "export", PV_CALL_CONV_FROM_SEC_STOR, HOST,
	  HOST_PAGE_LEN, false, uv_export },
	{ PV_CMD_DESTROY_SEC_STOR, "destroy-page", PV_CALL_DESTROY_SEC_STOR,
	  HOST, HOST_PAGE_LEN, false, uv_destroy_page },
	{ PV_CMD_SET_SEC_CONF_PARAMS, "set-params",
	  PV_CALL_SET_SEC_CONF_PARAMS, HOST,
	  sizeof(struct pv_uvcb_set_params), false, uv_set_params },
	{ PV_CMD_UNPACK_IMG, "unpack", PV_CALL_UNPACK_IMG, HOST,
	  sizeof(struct pv_uvcb_unpack), false, uv_unpack },
	{ PV_CMD_VERIFY_IMG, "verify", PV_CALL_VERIFY_IMG, HOST,
	  HANDLE_LEN, false, uv_verify },
	{ PV_CMD_CPU_RESET, "cpu-reset", PV_CALL_CPU_RESET, HOST,
	  HANDLE_LEN, false, uv_reset_cpu },
	{ PV_CMD_CPU_RESET_INITIAL, "cpu-reset-initial",
	  PV_CALL_CPU_RESET_INITIAL, HOST, HANDLE_LEN, false, uv_reset_cpu },
	{ PV_CMD_CPU_RESET_CLEAR, "cpu-reset-clear", PV_CALL_CPU_RESET_CLEAR,
	  HOST, HANDLE_LEN, false, uv_reset_cpu },
	{ PV_CMD_PREPARE_RESET, "prepare-reset", PV_CALL_PREPARE_RESET, HOST,
	  HANDLE_LEN, false, uv_prepare_reset },
	{ PV_CMD_CPU_SET_STATE, "set-cpu-state", PV_CALL_CPU_SET_STATE, HOST,
	  sizeof(struct pv_uvcb_cpu_set_state), false, uv_set_cpu_state },
	{ PV_CMD_SET_UNSHARE_ALL, "unshare-all", PV_CALL_SET_UNSHARE_ALL, HOST,
	  HANDLE_LEN, false, uv_unshare_all },
	{ PV_CMD_PIN_PAGE_SHARED, "pin", PV_CALL_PIN_PAGE_SHARED, HOST,
	  HOST_PAGE_LEN, false, uv_pin },
	{ PV_CMD_UNPIN_PAGE_SHARED, "unpin", PV_CALL_UNPIN_PAGE_SHARED, HOST,
	  GUEST_PAGE_LEN, false, uv_unpin },
	{ PV_CMD_DUMP_INIT, "dump-init", PV_CALL_DUMP_INIT, HOST,
	  HANDLE_LEN, false, uv_dump_init },
	{ PV_CMD_DUMP_CONF_STOR_STATE, "dump-storage",
	  PV_CALL_DUMP_CONF_STOR_STATE, HOST, DUMP_LEN, false,
	  uv_dump_storage },
	{ PV_CMD_DUMP_CPU, "dump-cpu", PV_CALL_DUMP_CPU, HOST,
	  DUMP_LEN, false, uv_dump_cpu },
	{ PV_CMD_DUMP_COMPLETE, "dump-complete", PV_CALL_DUMP_COMPLETE, HOST,
	  DUMP_LEN, false, uv_dump_complete },
	{ PV_CMD_SET_SHARED_ACCESS, "share", PV_CALL_SET_SHARED_ACCESS, GUEST,
	  sizeof(struct pv_uvcb_share), false, uv_set_shared },
	{ PV_CMD_REMOVE_SHARED_ACCESS, "unshare",
	  PV_CALL_REMOVE_SHARED_ACCESS, GUEST,
	  sizeof(struct pv_uvcb_share), false, uv_remove_shared },
	{ PV_CMD_RETR_ATTEST, "attest", PV_CALL_RETR_ATTEST, GUEST,
	  sizeof(struct pv_uvcb_attest), false, uv_retrieve_attestation },
	{ PV_CMD_ADD_SECRET, "add-secret", PV_CALL_ADD_SECRET, GUEST,
	  sizeof(struct pv_uvcb_add_secret), false, uv_add_secret },
	{ PV_CMD_LIST_SECRETS, "list-secrets", PV_CALL_LIST_SECRETS, GUEST,
	  sizeof(struct pv_uvcb_list_secrets), false, uv_list_secrets },
	{ PV_CMD_LOCK_SECRETS, "lock-secrets", PV_CALL_LOCK_SECRETS, GUEST,
	  sizeof(struct pv_uvcb_lock_secrets), false, uv_lock_secrets },
	{ PV_CMD_RETR_SECRET, "retr-secret", PV_CALL_RETR_SECRET, GUEST,
	  sizeof(struct pv_uvcb_retr_secret), false, uv_retrieve_secret },
};

static_assert(ARRAY_SIZE(commands) <= UV_FAULT_COMMANDS,
	      "every command is counted");

const struct uv_command *uv_command_at(size_t index)
{
	return index < ARRAY_SIZE(commands) ? &commands[index] : NULL;
}

const struct uv_command *uv_command_by_code(uint16_t code)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (commands[i].code == code)
			return &commands[i];
	}
	return NULL;
}

const struct uv_command *uv_command_by_name(const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strlen(commands[i].name) == len &&
		    memcmp(commands[i].name, name, len) == 0)
			return &commands[i];
	}
	return NULL;
}

enum uv_side uv_cpu_side(const struct uv_cpu *cpu)
{
	return cpu->config || cpu->vcpu ? UV_SIDE_GUEST : UV_SIDE_HOST;
}

static bool installed(const struct uv_machine *machine, enum uv_side side,
		      const struct uv_command *command)
{
	return command->run && (command->sides & side) &&
	       (machine->profile->calls & PV_BIT64(command->bit));
}

uint64_t uv_installed_calls(const struct uv_machine *machine,
			    enum uv_side side)
{
	uint64_t calls = 0;

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (installed(machine, side, &commands[i]))
			calls |= PV_BIT64(commands[i].bit);
	}
	return calls;
}

/*
 * All of the block must be readable and writable before anything happens: an
 * access exception must leave no trace, and there must be room for the result.
 */
static bool block_accessible(const struct uv_call *call)
{
	const struct uv_ops *ops = &call->machine->ops;

	return ops->probe_logical(call->cpu->opaque, call->addr, call->len,
				  false) == UV_ACCESS_OK &&
	       ops->probe_logical(call->cpu->opaque, call->addr, call->len,
				  true) == UV_ACCESS_OK;
}

static bool fetch(struct uv_call *call)
{
	const struct uv_ops *ops = &call->machine->ops;
	struct pv_uvc_header header;
	size_t len;

	if (ops->read_logical(call->cpu->opaque, call->addr, &header,
			      sizeof(header)) != UV_ACCESS_OK)
		return false;
	call->cmd = get16(header.cmd);
	call->len = get16(header.len);
	/* The result is stored into the header, however short the block is. */
	if (call->len < sizeof(header))
		call->len = sizeof(header);
	if (!block_accessible(call))
		return false;
	len = call->len < UV_BLOCK_MAX ? call->len : UV_BLOCK_MAX;
	if (ops->read_logical(call->cpu->opaque, call->addr, call->block,
			      len) != UV_ACCESS_OK)
		return false;
	/* What was decided on must not change by a second look at storage. */
	call->header = header;
	return true;
}

/* A host that has donated nothing can ask, donate, and nothing more. */
static bool too_early(const struct uv_call *call,
		      const struct uv_command *command)
{
	return command->sides == HOST && command->code != PV_CMD_INIT_UV &&
	       !call->machine->initialized;
}

static uint16_t dispatch(struct uv_call *call)
{
	const struct uv_command *command = uv_command_by_code(call->cmd);
	uint16_t len = get16(call->header.len);

	if (!command ||
	    !installed(call->machine, uv_cpu_side(call->cpu), command))
		return PV_RC_INV_CMD;
	if (too_early(call, command))
		return PV_RC_INV_STATE;
	if (len < command->len || (len > command->len && !command->longer))
		return PV_RC_INV_LEN;
	return command->run(call);
}

static struct uv_answer execute(void *opaque)
{
	struct uv_call *call = opaque;

	call->executed = (struct uv_answer){ dispatch(call), 0 };
	call->executed.rrc = call->rrc;
	return call->executed;
}

void uv_call_reduced(struct uv_call *call, uint64_t page)
{
	if (!call->reduced)
		uv_machine_rights_reduced(call->machine, page);
	call->reduced |= page == UV_ALL_PAGES;
}

/* Of the block's first byte or its last: blocks are shorter than a page. */
static bool byte_in(const struct uv_call *call, uint64_t logical, uint64_t addr,
		    uint64_t len)
{
	uint64_t abs;

	return call->machine->ops.logical_to_abs(call->cpu->opaque, logical,
						 &abs) == UV_ACCESS_OK &&
	       abs >= addr && abs - addr < len;
}

bool uv_call_block_in(const struct uv_call *call, uint64_t addr, uint64_t len)
{
	const uint64_t last = call->addr + call->len - 1;

	if (!call->machine->ops.logical_to_abs)
		return false;
	return byte_in(call, call->addr, addr, len) ||
	       ((last ^ call->addr) >> PV_PAGE_SHIFT &&
		byte_in(call, last, addr, len));
}

uint16_t uv_call_refuse(struct uv_call *call, const struct uv_error *err)
{
	uv_log(call->machine, UV_LOG_INFO, "%s refused: %s",
	       uv_command_by_code(call->cmd)->name, err->text);
	call->rrc = err->rrc;
	return err->rc;
}

/* ---- what a policy must not tear apart ---- */

static bool needs_destroy(const struct uv_call *call, uint16_t rc)
{
	return call->cmd == PV_CMD_CREATE_SEC_CONF && rc & PV_RC_NEED_DESTROY;
}

static bool initialized(const struct uv_call *call)
{
	return call->cmd == PV_CMD_INIT_UV &&
	       call->executed.rc == PV_RC_EXECUTED;
}

/*
 * What was made or begun for a caller who does not know it is gone again: who
 * is told of a failure does not leave storage to the Ultravisor.
 */
static void undo(struct uv_call *call)
{
	struct uv_machine *machine = call->machine;

	if (initialized(call)) {
		uv_donation_return(machine, &machine->owner, &machine->base);
		machine->initialized = false;
	}
	if (call->vcpu)
		uv_vcpu_destroy(machine, call->vcpu);
	if (call->config)
		uv_config_destroy(machine, call->config);
	if (call->dumped)
		uv_dump_end(call->dumped);
	call->stored = sizeof(struct pv_uvc_header);
}

/*
 * A policy may answer for a call that was executed.  Who is told of a failure
 * has no handle, unless the response code says that there is one: then there
 * must be one, or the call really failed.  Likewise nobody has to complete a
 * dump that, as far as he was told, has not begun.
 */
static struct uv_answer settle(struct uv_call *call, struct uv_answer answer)
{
	if (needs_destroy(call, answer.rc)) {
		if (!call->config)
			return call->executed;
	} else if (answer.rc != PV_RC_EXECUTED &&
		   (call->config || call->vcpu || call->dumped ||
		    initialized(call))) {
		undo(call);
	}
	return answer;
}

static uint64_t now(const struct uv_machine *machine)
{
	return machine->ops.time_ns ? machine->ops.time_ns(machine->opaque) : 0;
}

static void log_call(const struct uv_call *call, const char *result)
{
	const struct uv_command *command = uv_command_by_code(call->cmd);
	bool guest = uv_cpu_side(call->cpu) == UV_SIDE_GUEST;

	uv_log(call->machine, UV_LOG_CALL,
	       "uvc 0x%04x %s from the %s, block 0x%" PRIx64 ": %s, %" PRIu64 " us",
	       call->cmd, command ? command->name : "unknown",
	       guest ? "guest" : "host", call->addr, result,
	       (now(call->machine) - call->start) / 1000);
}

static int complete(struct uv_call *call, struct uv_answer answer)
{
	const size_t from = offsetof(struct pv_uvc_header, rc);
	int cc = answer.rc == PV_RC_EXECUTED ? PV_CC_OK : PV_CC_ERROR;
	char result[64];

	call->header.rc = put16(answer.rc);
	call->header.rrc = put16(answer.rrc);
	snprintf(result, sizeof(result), "rc 0x%04x rrc 0x%04x cc %d",
		 answer.rc, answer.rrc, cc);
	log_call(call, result);
	if (call->machine->ops.write_logical(call->cpu->opaque,
					     call->addr + from,
					     call->block + from,
					     call->stored - from) !=
	    UV_ACCESS_OK) {
		uv_log(call->machine, UV_LOG_ERROR,
		       "the result could not be stored, although the probe said so");
		return UV_CALL_ACCESS;
	}
	return cc;
}

static int repeat(const struct uv_call *call, int cc, const char *result)
{
	log_call(call, result);
	return cc;
}

static int run(struct uv_call *call, struct uv_answer *answer)
{
	const struct uv_fault_subject subject = {
		.cmd = call->cmd,
		.addr = call->addr,
		.block = call->block,
		.len = call->len,
		.late_bits = call->cmd == PV_CMD_CREATE_SEC_CONF ?
			     PV_RC_NEED_DESTROY : 0,
	};

	return uv_faults_run(&call->machine->faults, &subject, execute, call,
			     answer);
}

/* A call that waits for the guest's host did not happen until then. */
static int run_in_sie(struct uv_call *call, struct uv_answer *answer)
{
	const struct uv_faults before = call->machine->faults;
	int cc = run(call, answer);

	if (call->end)
		call->machine->faults = before;
	return cc;
}

static int perform(struct uv_call *call)
{
	struct uv_answer answer;
	int cc;

	if (!fetch(call))
		return UV_CALL_ACCESS;
	cc = call->cpu->vcpu ? run_in_sie(call, &answer) : run(call, &answer);
	if (call->end)
		return repeat(call, call->end, "its host has to act first");
	if (cc == PV_CC_BUSY)
		return repeat(call, cc, "cc 2 by fault policy");
	if (cc == PV_CC_PARTIAL)
		return repeat(call, cc, "cc 3 by fault policy");
	return complete(call, settle(call, answer));
}

int uv_call(struct uv_machine *machine, const struct uv_cpu *cpu, uint64_t r1,
	    uint64_t r2)
{
	struct uv_cpu caller = *cpu;
	struct uv_call call = {
		.machine = machine,
		.cpu = &caller,
		.addr = r2,
		.start = now(machine),
		.stored = sizeof(struct pv_uvc_header),
	};

	(void)r1;
	if (cpu->vcpu)
		caller.config = cpu->vcpu->config;
	if (r2 % BLOCK_ALIGNMENT)
		return UV_CALL_SPECIFICATION;
	return perform(&call);
}
