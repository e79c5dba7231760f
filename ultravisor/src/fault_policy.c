// SPDX-License-Identifier: MIT
/* The grammar of fault policies, described in README.md. */
#include <string.h>

#include "array.h"
#include "call.h"
#include "faults.h"
#include "report.h"

/**
 * struct text - part of the policy
 * @at: not terminated
 * @len: bytes
 */
struct text {
	const char *at;
	size_t len;
};

/* Items that a rule has had; none may stand twice. */
enum item_bit {
	HAS_CMD		= 1 << 0,
	HAS_CALL	= 1 << 1,
	HAS_NTH		= 1 << 2,
	HAS_COUNT	= 1 << 3,
	HAS_RC		= 1 << 4,
	HAS_RRC		= 1 << 5,
	HAS_LATE	= 1 << 6,
	HAS_BUSY	= 1 << 7,
	HAS_PARTIAL	= 1 << 8,
};

#define ACTIONS		(HAS_RC | HAS_BUSY | HAS_PARTIAL)

/* Cut the text before the first @separator off @rest. */
static struct text next_part(struct text *rest, char separator)
{
	const char *end = memchr(rest->at, separator, rest->len);
	struct text part = { rest->at, rest->len };

	if (end)
		part.len = (size_t)(end - rest->at);
	rest->at += part.len + !!end;
	rest->len -= part.len + !!end;
	return part;
}

static bool equals(struct text text, const char *word)
{
	return text.len == strlen(word) &&
	       memcmp(text.at, word, text.len) == 0;
}

static int digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at;

	if (c >= 'A' && c <= 'F')
		c = (char)(c - 'A' + 'a');
	at = c ? strchr(digits, c) : NULL;
	return at ? (int)(at - digits) : 16;
}

/* Decimal, or hexadecimal with 0x; false if it is neither or beyond @max. */
static bool read_number(struct text text, uint64_t max, uint64_t *value)
{
	unsigned int base = 10;

	if (text.len > 2 && text.at[0] == '0' && text.at[1] == 'x') {
		base = 16;
		text = (struct text){ text.at + 2, text.len - 2 };
	}
	*value = 0;
	for (size_t i = 0; i < text.len; i++) {
		unsigned int next = (unsigned int)digit(text.at[i]);

		if (next >= base || *value > (max - next) / base)
			return false;
		*value = *value * base + next;
	}
	return text.len;
}

static bool read_16(struct text text, uint16_t *value)
{
	uint64_t number;

	if (!read_number(text, UINT16_MAX, &number))
		return false;
	*value = (uint16_t)number;
	return true;
}

static bool read_count(struct text text, uint64_t *value)
{
	return read_number(text, UINT64_MAX, value) && *value;
}

static bool read_cmd(struct uv_fault_rule *rule, struct text value)
{
	const struct uv_command *command;

	rule->any = equals(value, "any");
	if (rule->any || read_16(value, &rule->cmd))
		return true;
	command = uv_command_by_name(value.at, value.len);
	if (command)
		rule->cmd = command->code;
	return command;
}

static bool read_call(struct uv_fault_rule *rule, struct text value)
{
	return read_count(value, &rule->call);
}

static bool read_nth(struct uv_fault_rule *rule, struct text value)
{
	return read_count(value, &rule->nth);
}

static bool read_limit(struct uv_fault_rule *rule, struct text value)
{
	return read_count(value, &rule->count);
}

static bool read_rc(struct uv_fault_rule *rule, struct text value)
{
	/* "late" may have come before. */
	if (rule->fault.action == UV_FAULT_NONE)
		rule->fault.action = UV_FAULT_ANSWER;
	return read_16(value, &rule->fault.rc);
}

static bool read_rrc(struct uv_fault_rule *rule, struct text value)
{
	return read_16(value, &rule->fault.rrc);
}

static bool read_late(struct uv_fault_rule *rule, struct text value)
{
	rule->fault.action = UV_FAULT_ANSWER_LATE;
	return !value.len;
}

static bool read_busy(struct uv_fault_rule *rule, struct text value)
{
	rule->fault.action = UV_FAULT_BUSY;
	return read_count(value, &rule->times);
}

static bool read_partial(struct uv_fault_rule *rule, struct text value)
{
	rule->fault.action = UV_FAULT_PARTIAL;
	return read_count(value, &rule->times);
}

static const struct item {
	const char *name;
	enum item_bit bit;
	bool has_value;
	bool (*read)(struct uv_fault_rule *rule, struct text value);
} items[] = {
	{ "cmd", HAS_CMD, true, read_cmd },
	{ "call", HAS_CALL, true, read_call },
	{ "nth", HAS_NTH, true, read_nth },
	{ "count", HAS_COUNT, true, read_limit },
	{ "rc", HAS_RC, true, read_rc },
	{ "rrc", HAS_RRC, true, read_rrc },
	{ "late", HAS_LATE, false, read_late },
	{ "busy", HAS_BUSY, true, read_busy },
	{ "partial", HAS_PARTIAL, true, read_partial },
};

static const struct item *find_item(struct text name)
{
	for (size_t i = 0; i < ARRAY_SIZE(items); i++) {
		if (equals(name, items[i].name))
			return &items[i];
	}
	return NULL;
}

static int refuse(struct uv_error *err, struct text part, const char *why)
{
	int shown = part.len < 60 ? (int)part.len : 60;

	return uv_fail(err, 0, 0, "fault policy: '%.*s': %s", shown, part.at,
		       why);
}

static int parse_item(struct uv_fault_rule *rule, struct text part,
		      unsigned int *seen, struct uv_error *err)
{
	struct text value = part;
	struct text name = next_part(&value, '=');
	const struct item *item = find_item(name);
	bool has_value = name.len < part.len;

	if (!item)
		return refuse(err, part,
			      "not one of cmd=, call=, nth=, count=, rc=, rrc=, late, busy=, partial=");
	if (*seen & item->bit)
		return refuse(err, part, "stands twice in a rule");
	*seen |= item->bit;
	if (has_value != item->has_value || !item->read(rule, value))
		return refuse(err, part,
			      "needs the name of a command or a number that makes sense here (late: nothing)");
	return 0;
}

static int check_rule(struct text part, unsigned int seen,
		      struct uv_error *err)
{
	unsigned int actions = seen & ACTIONS;

	if (!actions || (actions & (actions - 1)))
		return refuse(err, part,
			      "a rule needs exactly one of rc=, busy=, partial=");
	if ((seen & (HAS_RRC | HAS_LATE)) && !(seen & HAS_RC))
		return refuse(err, part, "rrc= and late belong to rc=");
	return 0;
}

static int parse_rule(struct uv_fault_rule *rule, struct text part,
		      struct uv_error *err)
{
	struct text rest = part;
	unsigned int seen = 0;

	*rule = (struct uv_fault_rule){ .any = true };
	do {
		if (parse_item(rule, next_part(&rest, ':'), &seen, err))
			return -1;
	} while (rest.len);
	if (part.at[part.len - 1] == ':')
		return refuse(err, part, "an item is missing at the end");
	return check_rule(part, seen, err);
}

int uv_faults_parse(struct uv_faults *faults, const char *policy,
		    struct uv_error *err)
{
	struct text rest = { policy, strlen(policy) };

	memset(faults, 0, sizeof(*faults));
	while (rest.len) {
		struct text part = next_part(&rest, ';');

		if (faults->count == UV_FAULT_RULES)
			return refuse(err, part, "too many rules");
		if (parse_rule(&faults->rules[faults->count], part, err))
			return -1;
		faults->count++;
	}
	return 0;
}
