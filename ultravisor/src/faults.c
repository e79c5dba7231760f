// SPDX-License-Identifier: MIT
#include <string.h>

#include "bytes.h"
#include "call.h"
#include "faults.h"
#include "machine.h"
#include "pv/uvc.h"

void uv_faults_restart(struct uv_faults *faults)
{
	for (unsigned int i = 0; i < faults->count; i++) {
		faults->rules[i].seen = 0;
		faults->rules[i].applied = 0;
	}
	memset(faults->executions, 0, sizeof(faults->executions));
	memset(faults->held, 0, sizeof(faults->held));
	faults->next_held = 0;
	faults->calls = 0;
}

uint64_t uv_faults_struck(const struct uv_faults *faults)
{
	uint64_t struck = 0;

	for (unsigned int i = 0; i < faults->count; i++)
		struck += faults->rules[i].applied;
	return struck;
}

static bool holds(const struct uv_fault_rule *rule)
{
	return rule->fault.action == UV_FAULT_BUSY ||
	       rule->fault.action == UV_FAULT_PARTIAL;
}

static bool any_rule_holds(const struct uv_faults *faults)
{
	for (unsigned int i = 0; i < faults->count; i++) {
		if (holds(&faults->rules[i]))
			return true;
	}
	return false;
}

/*
 * A caller repeats a call with the same, unmodified block.  What the block held
 * in its rc and rrc does not make it another one.
 */
static bool make_key(uint8_t key[UV_SHA256_SIZE],
		     const struct uv_fault_subject *call)
{
	struct {
		pv_be64 addr;
		uint8_t block[512];
	} input = { .addr = put64(call->addr) };
	size_t len = call->len;

	if (len > sizeof(input.block))
		len = sizeof(input.block);
	memcpy(input.block, call->block, len);
	memset(input.block + offsetof(struct pv_uvc_header, rc), 0, 4);
	return uv_sha256(&input, sizeof(input), key);
}

static struct uv_fault_execution *find_held(struct uv_faults *faults,
					    const uint8_t *key)
{
	for (unsigned int i = 0; i < UV_FAULT_HELD; i++) {
		if (faults->held[i].used &&
		    memcmp(faults->held[i].key, key, UV_SHA256_SIZE) == 0)
			return &faults->held[i];
	}
	return NULL;
}

/* Callers may give up (a fatal signal does that), so old entries just go. */
static void hold(struct uv_faults *faults,
		 const struct uv_fault_execution *execution)
{
	faults->held[faults->next_held] = *execution;
	faults->held[faults->next_held].used = true;
	faults->next_held = (faults->next_held + 1) % UV_FAULT_HELD;
}

static void count(struct uv_faults *faults, uint16_t cmd)
{
	const struct uv_command *command;

	faults->calls++;
	for (size_t i = 0; (command = uv_command_at(i)); i++)
		faults->executions[i] += command->code == cmd;
}

/* Every rule counts what matches it, whichever rule decides in the end. */
static void begin(struct uv_faults *faults, uint16_t cmd,
		  struct uv_fault_execution *execution)
{
	count(faults, cmd);
	execution->call = faults->calls;
	for (unsigned int i = 0; i < faults->count; i++) {
		struct uv_fault_rule *rule = &faults->rules[i];

		if (rule->any || rule->cmd == cmd)
			execution->nth[i] = ++rule->seen;
	}
}

static bool applies(const struct uv_fault_rule *rule, uint64_t call,
		    uint64_t nth)
{
	return nth && (!rule->call || rule->call == call) &&
	       (!rule->nth || rule->nth == nth) &&
	       (!rule->count || rule->applied < rule->count);
}

/* The first rule from @from on that applies decides. */
static struct uv_fault evaluate(struct uv_faults *faults,
				struct uv_fault_execution *execution,
				unsigned int from)
{
	for (unsigned int i = from; i < faults->count; i++) {
		struct uv_fault_rule *rule = &faults->rules[i];

		if (!applies(rule, execution->call, execution->nth[i]))
			continue;
		rule->applied++;
		if (holds(rule)) {
			execution->rule = i;
			execution->left = rule->times - 1;
			hold(faults, execution);
		}
		return rule->fault;
	}
	return (struct uv_fault){ UV_FAULT_NONE, 0, 0 };
}

/* A held execution goes on where it was stopped: behind the rule that held it. */
static struct uv_fault resume(struct uv_faults *faults,
			      struct uv_fault_execution *held)
{
	struct uv_fault_execution execution;

	if (held->left) {
		held->left--;
		return faults->rules[held->rule].fault;
	}
	execution = *held;
	held->used = false;
	return evaluate(faults, &execution, execution.rule + 1);
}

struct uv_fault uv_faults_decide(struct uv_faults *faults,
				 const struct uv_fault_subject *call)
{
	struct uv_fault_execution execution = { 0 };

	if (any_rule_holds(faults) &&
	    make_key(execution.key, call)) {
		struct uv_fault_execution *held =
			find_held(faults, execution.key);

		if (held)
			return resume(faults, held);
	}
	begin(faults, call->cmd, &execution);
	return evaluate(faults, &execution, 0);
}

int uv_faults_run(struct uv_faults *faults, const struct uv_fault_subject *call,
		  struct uv_answer (*execute)(void *opaque), void *opaque,
		  struct uv_answer *answer)
{
	struct uv_fault fault = uv_faults_decide(faults, call);

	if (fault.action == UV_FAULT_BUSY)
		return PV_CC_BUSY;
	if (fault.action == UV_FAULT_PARTIAL)
		return PV_CC_PARTIAL;
	if (fault.action != UV_FAULT_ANSWER || fault.rc & call->late_bits)
		*answer = execute(opaque);
	if (fault.action != UV_FAULT_NONE)
		*answer = (struct uv_answer){ fault.rc, fault.rrc };
	return PV_CC_OK;
}

int uv_machine_set_faults(struct uv_machine *machine, const char *policy,
			  struct uv_error *err)
{
	struct uv_faults faults;

	if (uv_faults_parse(&faults, policy, err))
		return -1;
	machine->faults = faults;
	return 0;
}
