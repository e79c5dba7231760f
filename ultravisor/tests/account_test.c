// SPDX-License-Identifier: MIT
/* What the library tells of itself: its table of codes, its account. */
#include <stdio.h>
#include <string.h>

#include "array.h"
#include "call.h"
#include "codes.h"
#include "fake_host.h"
#include "tap.h"

#define VARIABLE_PAGES	2	/* of each MiB */

/* A number of the account, ~0 if it is not there */
static uint64_t number(const struct fake_host *host, const char *name)
{
	char text[2048], wanted[64];
	unsigned long long value;
	const char *at;

	if (uv_machine_account(host->uv, text, sizeof(text)) >= sizeof(text))
		return UINT64_MAX;
	snprintf(wanted, sizeof(wanted), "%s=", name);
	for (at = text; at; at = strchr(at, ' ')) {
		at += *at == ' ';
		if (!strncmp(at, wanted, strlen(wanted)) &&
		    sscanf(at + strlen(wanted), "%llu", &value) == 1)
			return value;
	}
	return UINT64_MAX;
}

static bool has(const uint16_t *codes, size_t n, uint16_t code)
{
	for (size_t i = 0; i < n; i++) {
		if (codes[i] == code)
			return true;
	}
	return false;
}

static void test_codes_of(const struct uv_command *command)
{
	uint16_t codes[UV_CODES_MAX];
	size_t n = uv_command_codes(command->code, codes);
	bool fine = n >= 2 && has(codes, n, PV_RC_INV_CMD) &&
		    has(codes, n, PV_RC_INV_LEN);

	if (!(command->sides & UV_SIDE_HOST)) {
		tap_equal(n, 0, "%s has no codes for a host", command->name);
		return;
	}
	for (size_t i = 0; i < n; i++)
		fine &= codes[i] != PV_RC_EXECUTED &&
			(!i || codes[i] > codes[i - 1]);
	tap_ok(fine, "codes of %s ascend and have those of all commands",
	       command->name);
}

/* What the library answers by itself is in the table. */
static void test_answers(void)
{
	struct fake_host *host = host_initialized("z17");
	struct host_guest guest = host_guest(host, 1);
	uint16_t codes[UV_CODES_MAX];
	size_t n;

	n = uv_command_codes(PV_CMD_INIT_UV, codes);
	host_init_block(host);
	tap_ok(has(codes, n, host_call(host)), "a second initialization");
	n = uv_command_codes(PV_CMD_CREATE_SEC_CONF, codes);
	tap_ok(has(codes, n, PV_RC_NEED_DESTROY | PV_RC_CONF_BASE),
	       "half a configuration");
	guest.sca = 0;
	host_create_block(host, &guest);
	tap_ok(has(codes, n, host_call(host)), "a configuration without SCA");
	n = uv_command_codes(PV_CMD_DESTROY_SEC_CPU, codes);
	host_block(host, PV_CMD_DESTROY_SEC_CPU, 0x40);
	tap_ok(has(codes, n, host_call(host)), "a CPU that is not there");
	n = uv_command_codes(PV_CMD_CONV_FROM_SEC_STOR, codes);
	fake_put64(host_block(host, PV_CMD_CONV_FROM_SEC_STOR, 0x20) + 0x18,
		   HOST_MEMORY);
	tap_ok(has(codes, n, host_call(host)), "a page that is not there");
	host_free(host);
}

static void test_account(void)
{
	struct fake_host *host = host_new("z17");
	struct host_guest guest;
	uint64_t before;
	char text[8];

	tap_equal(number(host, "base"), 0, "nothing is donated at first");
	host_init_block(host);
	host_call(host);
	tap_equal(number(host, "base"), HOST_MIB / FAKE_PAGE, "base storage");
	tap_equal(number(host, "init"), 1, "one initialization");
	guest = host_guest(host, 1);
	host_create_block(host, &guest);
	host_call(host);
	before = number(host, "configuration");
	tap_ok(before > VARIABLE_PAGES && before < 64,
	       "a configuration has %u pages", (unsigned int)before);
	tap_equal(number(host, "create-conf"), 1, "one was made");
	tap_equal(number(host, "secure"), 0, "it has no page yet");
	tap_ok(uv_machine_account(host->uv, text, sizeof(text)) > sizeof(text) &&
	       !strcmp(text, "base=25"), "a small buffer cuts the text");
	host_free(host);
}

/* A host that is told of a failure uses its storage again. */
static void test_late_init(void)
{
	struct fake_host *host = host_new("z17");

	uv_machine_set_faults(host->uv, "cmd=init:nth=1:rc=0x123:late", NULL);
	host_init_block(host);
	tap_equal(host_call(host), 0x123, "a late refusal to initialize");
	tap_equal(number(host, "base"), 0, "leaves nothing donated");
	tap_equal(uv_page_state(host->uv, HOST_BASE), UV_PAGE_NORMAL,
		  "nor hidden");
	host_init_block(host);
	tap_equal(host_call(host), 1, "the next one succeeds");
	tap_equal(number(host, "base"), HOST_MIB / FAKE_PAGE,
		  "and takes the storage");
	host_free(host);
}

static void test_struck(void)
{
	struct fake_host *host = host_initialized("z17");

	uv_machine_set_faults(host->uv,
			      "cmd=init:busy=1;cmd=qui:nth=2:rc=0x123", NULL);
	tap_equal(number(host, "init"), 0, "a new policy counts from 0");
	host_init_block(host);
	host_call(host);
	host_call(host);
	tap_equal(number(host, "struck"), 1, "busy struck once");
	tap_equal(number(host, "init"), 1, "a repetition is no execution");
	for (int i = 0; i < 3; i++) {
		host_block(host, PV_CMD_QUI, 0x120);
		host_call(host);
	}
	tap_equal(number(host, "struck"), 2, "the second query was struck");
	tap_equal(number(host, "qui"), 3, "all of them are counted");
	host_free(host);
}

int main(void)
{
	const struct uv_command *command;

	tap_begin();
	for (size_t i = 0; (command = uv_command_at(i)); i++)
		test_codes_of(command);
	test_answers();
	test_account();
	test_late_init();
	test_struck();
	return tap_end();
}
