// SPDX-License-Identifier: MIT
/* Initialize, and what holds for every call of a host. */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "fake_host.h"
#include "machine.h"
#include "tap.h"

/* All of them, with the code of a handle or page that does not exist. */
static const struct {
	uint16_t cmd;
	uint16_t len;
	uint16_t rc;
} calls[] = {
	{ PV_CMD_CREATE_SEC_CONF, 0x80, 0x105 },
	{ PV_CMD_DESTROY_SEC_CONF, 0x40, 0x20 },
	{ PV_CMD_DESTROY_SEC_CONF_FAST, 0x48, 0x20 },
	{ PV_CMD_CREATE_SEC_CPU, 0x60, 0x20 },
	{ PV_CMD_DESTROY_SEC_CPU, 0x40, 0x21 },
	{ PV_CMD_CONV_TO_SEC_STOR, 0x28, 0x20 },
	{ PV_CMD_CONV_FROM_SEC_STOR, 0x20, 1 },
	{ PV_CMD_DESTROY_SEC_STOR, 0x20, 1 },
	{ PV_CMD_SET_SEC_CONF_PARAMS, 0x50, 0x20 },
	{ PV_CMD_UNPACK_IMG, 0x50, 0x20 },
	{ PV_CMD_VERIFY_IMG, 0x40, 0x20 },
	{ PV_CMD_CPU_RESET, 0x40, 0x21 },
	{ PV_CMD_CPU_RESET_INITIAL, 0x40, 0x21 },
	{ PV_CMD_CPU_RESET_CLEAR, 0x40, 0x21 },
	{ PV_CMD_PREPARE_RESET, 0x40, 0x20 },
	{ PV_CMD_CPU_SET_STATE, 0x50, 0x21 },
	{ PV_CMD_SET_UNSHARE_ALL, 0x40, 0x20 },
	{ PV_CMD_PIN_PAGE_SHARED, 0x20, 0x107 },
	{ PV_CMD_UNPIN_PAGE_SHARED, 0x28, 0x20 },
};

static uint16_t issue(struct fake_host *host, uint16_t cmd, uint16_t len)
{
	host_block(host, cmd, len);
	return host_call(host);
}

static void test_order(void)
{
	static const int deltas[] = { -8, -1, 1, 8 };
	struct fake_host *host = host_new("z17");

	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		tap_equal(issue(host, calls[i].cmd, 8), 3,
			  "0x%04x: before initialization, of whatever length",
			  calls[i].cmd);
	}
	tap_equal(issue(host, 0x4242, 8), 2,
		  "an unknown command is unknown even then");
	tap_equal(issue(host, PV_CMD_SET_SHARED_ACCESS, 8), 2,
		  "as are a guest's");
	tap_equal(host_init(host), 1, "the Ultravisor is initialized");
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		for (size_t d = 0; d < ARRAY_SIZE(deltas); d++)
			tap_equal(issue(host, calls[i].cmd, (uint16_t)
					(calls[i].len + deltas[d])), 5,
				  "0x%04x: length %+d", calls[i].cmd,
				  deltas[d]);
		tap_equal(issue(host, calls[i].cmd, calls[i].len), calls[i].rc,
			  "0x%04x: of nothing", calls[i].cmd);
	}
	host_free(host);
}

static void test_profile(void)
{
	struct fake_host *host = host_initialized("z15");

	tap_equal(issue(host, PV_CMD_DESTROY_SEC_CONF_FAST, 0x48), 2,
		  "a z15 cannot destroy configurations fast");
	tap_equal(issue(host, PV_CMD_DESTROY_SEC_CONF, 0x40), 0x20,
		  "but slowly");
	host_free(host);
}

/* What one wrong operand gives, and in which order two are looked at. */
static void test_init(void)
{
	static const struct {
		uint64_t origin;
		uint64_t len;
		bool running;
		uint16_t rc;
		const char *name;
	} cases[] = {
		{ HOST_BASE, HOST_MIB - 8, false, 0x103, "too little" },
		{ HOST_MEMORY, 0, true, 0x103, "too little, and all else" },
		{ HOST_MEMORY + 8, HOST_MIB, true, 0x104, "beyond storage" },
		{ UINT64_MAX, HOST_MIB, false, 0x104, "far beyond storage" },
		{ HOST_MEMORY - 8, HOST_MIB, true, 0x105, "end beyond storage" },
		{ HOST_BASE, UINT64_MAX, true, 0x105, "too much" },
		{ HOST_BASE, HOST_MIB, true, 0x102, "another CPU runs" },
		{ 0xfffff, HOST_MIB, false, 0x104, "the prefix area" },
	};
	struct fake_host *host = host_new("z17");

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint8_t *block = host_init_block(host);

		fake_put64(block + 0x18, cases[i].origin);
		fake_put64(block + 0x20, cases[i].len);
		host->running = cases[i].running;
		tap_equal(host_call(host), cases[i].rc, "init: %s",
			  cases[i].name);
		tap_equal(uv_page_state(host->uv, HOST_BASE), UV_PAGE_NORMAL,
			  "init: %s: nothing is donated", cases[i].name);
	}
	host->running = false;
	fake_put64(host_init_block(host) + 0x18, HOST_BASE + 0xfffff);
	fake_put64(host->memory + HOST_BLOCK + 0x20, HOST_MIB + 0xfff);
	tap_equal(host_call(host), 1, "init: the low bits of it are ignored");
	tap_equal(host->reduced, 1, "init: the host lost access, once");
	tap_ok(uv_page_state(host->uv, HOST_BASE) == UV_PAGE_DONATED &&
	       uv_page_state(host->uv, HOST_BASE + HOST_MIB - 1) ==
	       UV_PAGE_DONATED, "init: the base storage is donated");
	tap_ok(uv_page_state(host->uv, HOST_BASE - 1) == UV_PAGE_NORMAL &&
	       uv_page_state(host->uv, HOST_BASE + HOST_MIB) == UV_PAGE_NORMAL,
	       "init: and nothing beside it");
	host->running = true;
	tap_equal(host_init(host), 0x101, "init: not a second time");
	host_free(host);
}

static void test_init_block(void)
{
	struct fake_host *host = host_new("z17");
	const uint64_t inside = HOST_BASE + HOST_MIB - 8;

	memcpy(host->memory + inside, host_init_block(host), 0x48);
	tap_equal((uint64_t)uv_call(host->uv, &host->cpu, 0, inside), 1,
		  "init: with the block in what is offered");
	tap_equal(fake_get16(host->memory + inside + 4), 0x104,
		  "init: that is told");
	tap_equal(uv_page_state(host->uv, HOST_BASE), UV_PAGE_NORMAL,
		  "init: and nothing donated");
	tap_equal(host_init(host), 1, "init: with another block it is done");
	host_free(host);
}

static void test_low(void)
{
	struct fake_host *host = host_new("z17");

	host->uv->low_base_storage = false;
	host->running = true;
	tap_equal(host_init(host), 0x108, "init: below 2 GiB");
	host_free(host);
}

static unsigned int abnormal_pages(const struct fake_host *host)
{
	unsigned int count = 0;

	for (uint64_t i = 0; i < HOST_PAGES; i++)
		count += uv_page_state(host->uv, i * FAKE_PAGE) !=
			 UV_PAGE_NORMAL;
	return count;
}

/* After a reset nothing is left of what was, neither pages nor their content. */
static void test_reset(void)
{
	struct fake_host *host = host_initialized("z17");
	struct host_guest guest = host_bring_up(host, 1), gone;
	uint64_t frame = host_take(host, FAKE_PAGE);
	struct host_cpu cpu;

	gone = host_bring_up(host, 1);
	host_map(host, &gone, 0, frame);
	host_guest_page(host, PV_CMD_CONV_TO_SEC_STOR, gone.handle, 0);
	host_handle_call(host, PV_CMD_DESTROY_SEC_CONF_FAST, gone.handle);
	host_create_cpu(host, &guest, &cpu, 0);
	memset(host->memory + frame, 0x22, FAKE_PAGE);
	uv_machine_reset(host->uv);
	tap_equal(abnormal_pages(host), 0, "reset: all pages are normal");
	tap_filled(host->memory + HOST_BASE, HOST_MIB, 0,
		   "reset: base storage is cleared");
	tap_filled(host->memory + guest.base, 0x4000, 0,
		   "reset: that of a configuration is cleared");
	tap_filled(host->memory + guest.variable - HOST_HOME, 0x2000, 0,
		   "reset: as is its variable storage");
	tap_filled(host->memory + cpu.storage, FAKE_PAGE, 0,
		   "reset: and that of a CPU");
	tap_filled(host->memory + frame, FAKE_PAGE, 0,
		   "reset: and a page whose owner was gone");
	tap_equal(host->memory[guest.sca], 0x11,
		  "reset: nothing else is cleared");
	tap_equal(host_handle_call(host, PV_CMD_DESTROY_SEC_CONF, guest.handle),
		  3, "reset: the Ultravisor is not initialized");
	tap_equal(host_init(host), 1, "reset: but can be again");
	tap_equal(host_handle_call(host, PV_CMD_DESTROY_SEC_CONF, guest.handle),
		  0x20, "reset: old handles name nothing");
	host_free(host);
}

/* A machine is a host or a guest. */
static void test_roles(void)
{
	struct fake_host *host = host_initialized("z17");
	struct seal_header header;
	uint8_t bytes[8192];
	struct uv_error err;
	size_t len;

	seal_header_init(&header, fake_keys()->customer, fake_keys()->host);
	len = seal_header(&header, bytes);
	tap_ok(!uv_guest_new(host->uv, bytes, len, &err),
	       "a host does not become a guest");
	tap_equal(abnormal_pages(host), HOST_MIB / FAKE_PAGE,
		  "and has all its pages");
	uv_machine_reset(host->uv);
	tap_ok(uv_guest_new(host->uv, bytes, len, &err),
	       "it can after a reset");
	tap_equal(host_init(host), 0x104,
		  "then there is no storage that could be donated");
	host_free(host);
}

int main(void)
{
	tap_begin();
	test_order();
	test_profile();
	test_init();
	test_init_block();
	test_low();
	test_reset();
	test_roles();
	return tap_end();
}
