// SPDX-License-Identifier: MIT
/*
 * Any text as a fault policy, any sequence of calls under it.
 *
 * Input: the policy, a line feed, then two bytes for each call: command and
 * place of the block.
 */
#include <string.h>

#include "faults.h"
#include "fuzz.h"

static const uint16_t commands[] = {
	0x0001, 0x0002, 0x1000, 0x1001, 0x1020, 0x1031, 0x4242,
};

static void check_rules(const struct uv_faults *faults)
{
	MUST(faults->count <= UV_FAULT_RULES);
	for (unsigned int i = 0; i < faults->count; i++) {
		const struct uv_fault_rule *rule = &faults->rules[i];
		bool holds = rule->fault.action == UV_FAULT_BUSY ||
			     rule->fault.action == UV_FAULT_PARTIAL;

		MUST(rule->fault.action != UV_FAULT_NONE);
		MUST(holds == !!rule->times);
		MUST(!rule->count || rule->applied <= rule->count);
	}
}

static void run_calls(struct uv_faults *faults, const uint8_t *data,
		      size_t size)
{
	uint8_t block[0x30] = { 0 };

	for (size_t i = 0; i + 1 < size; i += 2) {
		const struct uv_fault_subject call = {
			.cmd = commands[data[i] % 7],
			.addr = data[i + 1] * 8u,
			.block = block,
			.len = sizeof(block),
		};
		struct uv_fault fault = uv_faults_decide(faults, &call);

		MUST(faults->count || fault.action == UV_FAULT_NONE);
		MUST(fault.action <= UV_FAULT_PARTIAL);
	}
	check_rules(faults);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, '\n', size);
	size_t len = end ? (size_t)(end - data) : size;
	struct uv_error err = { 0 };
	struct uv_faults faults;
	char *policy = malloc(len + 1);

	MUST(policy);
	memcpy(policy, data, len);
	policy[len] = '\0';
	if (uv_faults_parse(&faults, policy, &err)) {
		MUST(err.text[0]);
	} else {
		check_rules(&faults);
		if (end)
			run_calls(&faults, end + 1, size - len - 1);
		uv_faults_restart(&faults);
		check_rules(&faults);
	}
	free(policy);
	return 0;
}
