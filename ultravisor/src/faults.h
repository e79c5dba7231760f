/* SPDX-License-Identifier: MIT */
/* Faults on demand.  README.md has the grammar and the exact meaning. */
#ifndef UV_FAULTS_H
#define UV_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto.h"
#include "ultravisor.h"

#define UV_FAULT_RULES	16	/* rules of a policy */
#define UV_FAULT_HELD	32	/* blocks kept busy at the same time */
#define UV_FAULT_COMMANDS 40	/* commands that are counted */

enum uv_fault_action {
	UV_FAULT_NONE,		/* execute the call */
	UV_FAULT_ANSWER,	/* do not, but give a response code */
	UV_FAULT_ANSWER_LATE,	/* execute it, then give a response code */
	UV_FAULT_BUSY,		/* condition code 2 */
	UV_FAULT_PARTIAL,	/* condition code 3 */
};

/** struct uv_fault - what becomes of a call */
struct uv_fault {
	enum uv_fault_action action;
	uint16_t rc;
	uint16_t rrc;
};

/**
 * struct uv_fault_rule - one rule of a policy
 * @any: every command matches; else @cmd does
 * @call: only the @call-th of all executions; 0 for each
 * @nth: only the @nth-th execution that matches; 0 for each
 * @count: applications until the rule ends; 0 for never
 * @fault: what it does
 * @times: answers with condition code 2 or 3 that each execution gets
 * @seen: matching executions so far
 * @applied: applications so far
 */
struct uv_fault_rule {
	bool any;
	uint16_t cmd;
	uint64_t call;
	uint64_t nth;
	uint64_t count;
	struct uv_fault fault;
	uint64_t times;
	uint64_t seen;
	uint64_t applied;
};

/**
 * struct uv_fault_execution - one execution, which may take repetitions
 * @used: entry is in use
 * @key: SHA-256 of the block and its address
 * @call: its number among all executions
 * @nth: its number among those that match each rule, 0 if it does not match
 * @rule: rule that holds it
 * @left: further answers with condition code 2 or 3
 */
struct uv_fault_execution {
	bool used;
	uint8_t key[UV_SHA256_SIZE];
	uint64_t call;
	uint64_t nth[UV_FAULT_RULES];
	unsigned int rule;
	uint64_t left;
};

/**
 * struct uv_faults - policy and its state
 * @count: rules in use
 * @calls: executions so far
 * @executions: the same by row of the table of commands
 * @held: executions kept busy at present, oldest overwritten first
 * @next_held: entry to use next
 */
struct uv_faults {
	struct uv_fault_rule rules[UV_FAULT_RULES];
	unsigned int count;
	uint64_t calls;
	uint64_t executions[UV_FAULT_COMMANDS];
	struct uv_fault_execution held[UV_FAULT_HELD];
	unsigned int next_held;
};

/**
 * uv_faults_parse() - read a policy
 *
 * Return: 0, or -1 with @err set and @faults unspecified
 */
int uv_faults_parse(struct uv_faults *faults, const char *policy,
		    struct uv_error *err);

/** uv_faults_struck() - how often a rule decided, repetitions not counted */
uint64_t uv_faults_struck(const struct uv_faults *faults);

/** uv_faults_restart() - set all counters to zero and forget what is held */
void uv_faults_restart(struct uv_faults *faults);

/**
 * struct uv_fault_subject - a call that the policy decides on
 * @cmd: its command code
 * @addr: where its block is
 * @block: the block, or the start of it
 * @len: bytes of it, at least a header
 * @late_bits: the call is executed before it gets a response code with any of
 *	these bits
 */
struct uv_fault_subject {
	uint16_t cmd;
	uint64_t addr;
	const uint8_t *block;
	size_t len;
	uint16_t late_bits;
};

/** uv_faults_decide() - what shall become of this call? */
struct uv_fault uv_faults_decide(struct uv_faults *faults,
				 const struct uv_fault_subject *call);

/** struct uv_answer - what a call says in the end */
struct uv_answer {
	uint16_t rc;
	uint16_t rrc;
};

/**
 * uv_faults_run() - let the policy decide, and execute the call if it says so
 * @execute: does the work
 * @opaque: handed to @execute
 * @answer: out, unless the call is to be repeated
 *
 * Return: PV_CC_BUSY or PV_CC_PARTIAL: nothing was done, the call is to be
 * repeated; otherwise PV_CC_OK, whatever @answer says
 */
int uv_faults_run(struct uv_faults *faults, const struct uv_fault_subject *call,
		  struct uv_answer (*execute)(void *opaque), void *opaque,
		  struct uv_answer *answer);

#endif /* UV_FAULTS_H */
