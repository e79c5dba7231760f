// SPDX-License-Identifier: MIT
/* Configurations and secure CPUs: made, refused, ended, and their storage. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "config.h"
#include "fake_host.h"
#include "handle.h"
#include "tap.h"
#include "vcpu.h"

static unsigned int count_state(const struct fake_host *host,
				enum uv_page_state state)
{
	unsigned int count = 0;

	for (uint64_t i = 0; i < HOST_PAGES; i++)
		count += uv_page_state(host->uv, i * FAKE_PAGE) == state;
	return count;
}

#define BASE_PAGES	(HOST_MIB / FAKE_PAGE)

/* ---- create configuration ---- */

#define MAX_ADDR	UINT64_C(0x7fffffffffff)

/* Each breaks one thing; in the order in which they are looked at. */
static const struct wrong {
	unsigned int offset;
	uint64_t value;
	uint16_t rc;
	const char *name;
} wrongs[] = {
	{ 0x38, MAX_ADDR + 1, 0x101, "origin too high" },
	{ 0x40, MAX_ADDR + 2, 0x102, "too much storage" },
	{ 0x38, 0x800, 0x101, "origin is no page" },
	{ 0x40, 0x100800, 0x102, "length is no pages" },
	{ 0x50, 0x3, 0x105, "ASCE not private" },
	{ 0x50, 0x123, 0x105, "ASCE of a real space" },
	{ 0x20, HOST_MEMORY + 8, 0x108, "base storage beyond storage" },
	{ 0x20, 0x2800, 0x108, "base storage is no page" },
	{ 0x20, HOST_BASE, 0x108, "base storage donated already" },
	{ 0x20, HOST_MEMORY - 0x1000, 0x108, "base storage ends too late" },
	{ 0x20, 0x1000, 0x109, "base storage with a prefix area" },
	{ 0x48, 0, 0x10c, "no system control area" },
	{ 0x48, HOST_MEMORY, 0x10d, "system control area beyond storage" },
	{ 0x48, HOST_BASE, 0x10d, "system control area in donated storage" },
	{ 0x48, HOST_BASE - 0x3eff, 0x10d, "end of it in donated storage" },
	{ 0x48, HOST_MEMORY - 0x3eff, 0x10d, "end of it beyond storage" },
	{ 0x28, HOST_HOME + 0x200800, 0x31, "variable storage is no page" },
	{ 0x28, MAX_ADDR + 1, 0x31, "variable storage too high" },
	{ 0x28, MAX_ADDR - 0xfff, 0x31, "variable storage ends too high" },
	{ 0x28, 0x1000, 0x31, "variable storage not translatable" },
	{ 0x28, HOST_HOME - 0x1000, 0x31, "variable storage begins too early" },
	{ 0x28, HOST_HOME, 0x10e, "variable storage with a prefix area" },
};

static void expect_nothing(struct fake_host *host, const char *name)
{
	tap_equal(fake_get64(host->memory + HOST_BLOCK + 0x18), 0,
		  "create: %s: there is no handle", name);
	tap_equal(count_state(host, UV_PAGE_DONATED), BASE_PAGES,
		  "create: %s: nothing is donated", name);
}

static void test_create_refused(void)
{
	struct fake_host *host = host_initialized("z17");
	struct host_guest guest = host_guest(host, 1);

	for (size_t i = 0; i < ARRAY_SIZE(wrongs); i++) {
		uint8_t *block = host_create_block(host, &guest);

		fake_put64(block + wrongs[i].offset, wrongs[i].value);
		tap_equal(host_call(host), wrongs[i].rc, "create: %s",
			  wrongs[i].name);
		expect_nothing(host, wrongs[i].name);
	}
	host_free(host);
}

/* What the host needs for the call, or to run the guest, is not donated. */
static void test_create_overlaps(void)
{
	const uint64_t block_page = HOST_BLOCK & ~UINT64_C(0xfff);
	struct fake_host *host = host_initialized("z17");
	const uint64_t in_front = host_take(host, 0x4000);
	struct host_guest good = host_guest(host, 1), guest = good;

	guest.sca = good.base + 0x40;
	tap_equal(host_create(host, &guest), 0x10d,
		  "create: system control area in the base storage");
	guest.sca = in_front + 0x4000 - 0x3ec0;
	tap_equal(host_create(host, &guest), 0x10d,
		  "create: its end in the base storage");
	guest.sca = good.variable - HOST_HOME + FAKE_PAGE;
	tap_equal(host_create(host, &guest), 0x10d,
		  "create: system control area in the variable storage");
	guest = good;
	guest.base = block_page - FAKE_PAGE;
	tap_equal(host_create(host, &guest), 0x108,
		  "create: the block itself in the base storage");
	guest = good;
	guest.variable = host_home(block_page);
	tap_equal(host_create(host, &guest), 0x108,
		  "create: the block itself in the variable storage");
	expect_nothing(host, "overlaps");
	tap_ok(!host->uv->configs, "create: overlaps: no configuration");
	tap_equal(host_create(host, &good), 1, "create: all is well");
	host_free(host);
}

/* Of two wrong operands the one that stands first above decides. */
static void test_create_order(void)
{
	struct fake_host *host = host_initialized("z17");
	struct host_guest guest = host_guest(host, 1);

	for (size_t i = 0; i < ARRAY_SIZE(wrongs); i++) {
		for (size_t j = i + 1; j < ARRAY_SIZE(wrongs); j++) {
			uint8_t *block = host_create_block(host, &guest);

			if (wrongs[i].offset == wrongs[j].offset)
				continue;
			fake_put64(block + wrongs[j].offset, wrongs[j].value);
			fake_put64(block + wrongs[i].offset, wrongs[i].value);
			tap_equal(host_call(host), wrongs[i].rc,
				  "create: %s, before %s", wrongs[i].name,
				  wrongs[j].name);
		}
	}
	host_free(host);
}

static void test_create_home(void)
{
	struct fake_host *host = host_initialized("z17");
	struct host_guest guest = host_guest(host, 1);

	host_create_block(host, &guest);
	host->real_space = true;
	tap_equal(host_call(host), 0x30, "create: home space is a real space");
	host->real_space = false;
	host->hole = guest.variable + 0x2000;
	tap_equal(host_call(host), 0x31,
		  "create: the last page of the variable storage is missing");
	host->hole = 0;
	host->beyond = guest.variable + 0x1000;
	tap_equal(host_call(host), 0x32,
		  "create: a page of it is beyond storage");
	expect_nothing(host, "home space");
	host->beyond = 0;
	fake_put64(host->memory + HOST_BLOCK + 0x28,
		   host_home(guest.base) & ~UINT64_C(0x1fff));
	tap_equal(host_call(host), 0x108,
		  "create: base and variable storage are the same");
	tap_filled(host->memory + guest.base, 0x4000, 0x11,
		   "create: that leaves the storage as it was");
	expect_nothing(host, "the same storage");
	tap_equal(host_create(host, &guest), 1, "create: all is well");
	host_free(host);
}

static bool all_in_state(const struct fake_host *host, uint64_t addr,
			 uint64_t len, enum uv_page_state state)
{
	for (uint64_t at = 0; at < len; at += FAKE_PAGE) {
		if (uv_page_state(host->uv, addr + at) != state)
			return false;
	}
	return true;
}

/* Three pages of home space: the absolute ones are 1, 0 and 3. */
static bool variable_in_state(const struct fake_host *host,
			      const struct host_guest *guest,
			      enum uv_page_state state)
{
	uint64_t addr = guest->variable - HOST_HOME;

	return all_in_state(host, addr, 0x2000, state) &&
	       all_in_state(host, addr + 0x3000, 0x1000, state);
}

static void test_create(void)
{
	struct fake_host *host = host_initialized("z17");
	uint64_t in_front = host_take(host, 0x4000);
	struct host_guest guest = host_guest(host, 1), again;
	unsigned int before = host->reduced;

	(void)in_front;
	tap_equal(host_create(host, &guest), 1, "a configuration is created");
	tap_ok(guest.handle, "and has a handle");
	tap_equal(host->reduced, before + 1, "its host lost access, once");
	tap_equal(host->reduced_page, UV_ALL_PAGES, "to several pages");
	tap_ok(all_in_state(host, guest.base, 0x4000, UV_PAGE_DONATED),
	       "base storage is donated");
	tap_ok(variable_in_state(host, &guest, UV_PAGE_DONATED),
	       "variable storage is donated, page by page");
	tap_equal(count_state(host, UV_PAGE_DONATED), BASE_PAGES + 4 + 3,
		  "and nothing else");
	host_create_block(host, &guest);
	tap_equal(host_call(host), 0x105, "not twice with the same block");
	tap_equal(fake_get64(host->memory + HOST_BLOCK + 0x18), 0,
		  "which gives no handle");
	again = host_guest(host, 1);
	again.segments = guest.segments;
	tap_equal(host_create(host, &again), 0x105, "nor with the same ASCE");
	again = host_guest(host, 1);
	again.base = guest.base;
	tap_equal(host_create(host, &again), 0x108,
		  "nor with the same base storage");
	again = host_guest(host, 1);
	again.variable = guest.variable;
	tap_equal(host_create(host, &again), 0x108,
		  "nor with the same variable storage");
	again = host_guest(host, 1);
	again.variable = HOST_HOME + guest.base - 0x2000;
	tap_equal(host_create(host, &again), 0x108,
		  "nor with storage that overlaps only at its end");
	tap_equal(count_state(host, UV_PAGE_DONATED), BASE_PAGES + 4 + 3,
		  "these attempts donated nothing");
	memset(host->memory + guest.base, 0x33, 0x4000);
	tap_equal(host_handle_call(host, PV_CMD_DESTROY_SEC_CONF, guest.handle),
		  1, "it is destroyed");
	tap_equal(count_state(host, UV_PAGE_DONATED), BASE_PAGES,
		  "and everything is given back");
	tap_filled(host->memory + guest.base, 0x4000, 0, "cleared");
	tap_equal(host_handle_call(host, PV_CMD_DESTROY_SEC_CONF, guest.handle),
		  0x20, "the handle names nothing any more");
	tap_equal(host_create(host, &guest), 1,
		  "the same storage serves again");
	host_free(host);
}

/* A guest may be empty, or its storage begin anywhere. */
static void test_spaces(void)
{
	struct fake_host *host = host_initialized("z17");
	struct host_guest empty = host_guest(host, 1), high;
	uint64_t frame = host_take(host, FAKE_PAGE);

	empty.len = 0;
	tap_equal(host_create(host, &empty), 1, "a guest may have no storage");
	tap_equal(host_guest_page(host, PV_CMD_CONV_TO_SEC_STOR, empty.handle,
				  0), 0x103, "then none can be imported");
	high = host_guest(host, 3);
	high.origin = HOST_MIB;
	high.len = 2 * HOST_MIB;
	tap_equal(host_create(host, &high), 1, "storage may begin anywhere");
	host_map(host, &high, HOST_MIB, frame);
	host_map(host, &high, 3 * HOST_MIB - FAKE_PAGE,
		 host_take(host, FAKE_PAGE));
	tap_equal(host_guest_page(host, PV_CMD_CONV_TO_SEC_STOR, high.handle,
				  HOST_MIB - 1), 0x103, "there is none before");
	tap_equal(host_guest_page(host, PV_CMD_CONV_TO_SEC_STOR, high.handle,
				  HOST_MIB), 1, "its first page is imported");
	tap_equal(host_guest_page(host, PV_CMD_CONV_TO_SEC_STOR, high.handle,
				  3 * HOST_MIB - 1), 1, "as is its last");
	tap_equal(host_guest_page(host, PV_CMD_CONV_TO_SEC_STOR, high.handle,
				  3 * HOST_MIB), 0x103, "there is none behind");
	host_free(host);
}

/* ---- handles ---- */

static void test_handles(void)
{
	struct fake_host *host = host_initialized("z17");
	struct host_guest a = host_bring_up(host, 1), b;
	struct host_cpu cpu;
	unsigned int right = 0;

	b = host_bring_up(host, 1);
	host_create_cpu(host, &a, &cpu, 0);
	tap_ok(a.handle != b.handle && a.handle != cpu.handle,
	       "handles differ");
	tap_ok((a.handle ^ b.handle) >> 32 && a.handle >> 32,
	       "in all of their 64 bits");
	for (int bit = 0; bit < 64; bit++) {
		right += host_handle_call(host, PV_CMD_SET_UNSHARE_ALL,
					  a.handle ^ UINT64_C(1) << bit) ==
			 0x20;
		right += host_handle_call(host, PV_CMD_CPU_RESET,
					  cpu.handle ^ UINT64_C(1) << bit) ==
			 0x21;
	}
	tap_equal(right, 128, "one bit makes a handle invalid");
	tap_equal(host_handle_call(host, PV_CMD_SET_UNSHARE_ALL, a.handle), 3,
		  "nothing is unshared before an image is verified");
	tap_equal(host_handle_call(host, PV_CMD_SET_UNSHARE_ALL, cpu.handle),
		  0x20, "a CPU is no configuration");
	tap_equal(host_handle_call(host, PV_CMD_CPU_RESET, a.handle), 0x21,
		  "a configuration is no CPU");
	tap_equal(host_handle_call(host, PV_CMD_CPU_RESET, 0), 0x21,
		  "zero is nothing");
	host_free(host);
}

static bool no_random(void *opaque, void *buf, size_t len)
{
	(void)opaque;
	memset(buf, 0x5a, len);
	return true;
}

static void test_bad_random(void)
{
	struct fake_host *host = host_initialized("z17");
	struct host_guest guest = host_guest(host, 1);
	uint64_t first;

	host->uv->ops.random = no_random;
	host_create(host, &guest);
	first = guest.handle;
	host_handle_call(host, PV_CMD_DESTROY_SEC_CONF, first);
	tap_equal(host_create(host, &guest), 1,
		  "a source of random bytes that repeats itself does no harm");
	tap_ok(guest.handle != first && guest.handle,
	       "a handle is not used again");
	host_free(host);
}

/* ---- CPUs ---- */

static void test_cpu_refused(void)
{
	struct fake_host *host = host_initialized("z17");
	struct host_guest guest = host_bring_up(host, 1);
	struct host_cpu good = {
		.storage = host_take(host, FAKE_PAGE),
		.block = host_take(host, FAKE_PAGE),
	};
	const struct wrong cases[] = {
		{ 0x20, guest.handle ^ 1, 0x20, "no such configuration" },
		{ 0x30, 248, 0x103, "number too high" },
		{ 0x28, HOST_MEMORY, 0x105, "storage beyond storage" },
		{ 0x28, good.storage + 1, 0x105, "storage is no page" },
		{ 0x28, guest.base, 0x105, "storage donated already" },
		{ 0x28, HOST_BLOCK, 0x105, "storage with the call's block" },
		{ 0x28, 0, 0x106, "storage in a prefix area" },
		{ 0x38, HOST_MEMORY, 0x107, "block beyond storage" },
		{ 0x38, 0, 0x107, "no block" },
		{ 0x38, good.block + 0x80, 0x107, "block not aligned" },
		{ 0x38, good.block + 0xe00, 0x107, "block crosses a page" },
		{ 0x38, guest.base, 0x107, "block in donated storage" },
		{ 0x38, good.storage, 0x107, "block in what is donated" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint8_t *block = host_cpu_block(host, &guest, &good);

		fake_put64(block + cases[i].offset, cases[i].value);
		tap_equal(host_call(host), cases[i].rc, "CPU: %s",
			  cases[i].name);
		tap_equal(fake_get64(block + 0x18), 0,
			  "CPU: %s: there is no handle", cases[i].name);
		for (size_t j = 0; j < i; j++) {
			if (cases[i].offset == cases[j].offset)
				continue;
			block = host_cpu_block(host, &guest, &good);
			fake_put64(block + cases[i].offset, cases[i].value);
			fake_put64(block + cases[j].offset, cases[j].value);
			tap_equal(host_call(host), cases[j].rc,
				  "CPU: %s, before %s", cases[j].name,
				  cases[i].name);
		}
	}
	tap_equal(uv_page_state(host->uv, good.storage), UV_PAGE_NORMAL,
		  "CPU: refusals donate nothing");
	host_cpu_block(host, &guest, &good);
	tap_equal(host_call(host), 1, "CPU: all is well");
	host_free(host);
}

static void test_cpu(void)
{
	struct fake_host *host = host_initialized("z17");
	struct host_guest guest = host_bring_up(host, 1);
	unsigned int before = host->reduced;
	struct host_cpu cpu = { 0 }, other = { 0 };

	tap_equal(host_create_cpu(host, &guest, &cpu, 247), 1,
		  "a CPU is created");
	tap_ok(cpu.handle, "and has a handle");
	tap_equal(host->reduced, before + 1, "its host lost access, once");
	tap_equal(host->reduced_page, UV_ALL_PAGES, "to several pages");
	tap_equal(uv_page_state(host->uv, cpu.storage), UV_PAGE_DONATED,
		  "its storage is donated");
	tap_equal(host_create_cpu(host, &guest, &other, 247), 0x104,
		  "a number is used once");
	tap_equal(host_create_cpu(host, &guest, &other, 0), 1,
		  "another one is free");
	tap_equal(host_handle_call(host, PV_CMD_DESTROY_SEC_CONF, guest.handle),
		  3, "a configuration with CPUs is not destroyed");
	tap_equal(host_handle_call(host, PV_CMD_DESTROY_SEC_CONF_FAST,
				   guest.handle), 3, "nor fast");
	uv_vcpu_find(host->uv, cpu.handle)->in_sie = true;
	tap_equal(host_handle_call(host, PV_CMD_DESTROY_SEC_CPU, cpu.handle), 3,
		  "a CPU in SIE is not destroyed");
	uv_vcpu_find(host->uv, cpu.handle)->in_sie = false;
	memset(host->memory + cpu.storage, 0x44, FAKE_PAGE);
	tap_equal(host_handle_call(host, PV_CMD_DESTROY_SEC_CPU, cpu.handle), 1,
		  "it is destroyed outside");
	tap_filled(host->memory + cpu.storage, FAKE_PAGE, 0,
		   "its storage is cleared");
	tap_equal(uv_page_state(host->uv, cpu.storage), UV_PAGE_NORMAL,
		  "and given back");
	tap_equal(host_handle_call(host, PV_CMD_DESTROY_SEC_CPU, cpu.handle),
		  0x21, "its handle names nothing any more");
	tap_equal(uv_page_state(host->uv, other.storage), UV_PAGE_DONATED,
		  "the other CPU keeps what it has");
	host_handle_call(host, PV_CMD_DESTROY_SEC_CPU, other.handle);
	tap_equal(host_handle_call(host, PV_CMD_DESTROY_SEC_CONF, guest.handle),
		  1, "without CPUs the configuration is destroyed");
	tap_equal(count_state(host, UV_PAGE_DONATED), BASE_PAGES,
		  "and everything is given back");
	host_free(host);
}

/* ---- destroy with pages ---- */

static void test_destroy_pages(void)
{
	struct fake_host *host = host_initialized("z17");
	struct host_guest guest = host_bring_up(host, 1);
	uint64_t frames[3];
	unsigned int before;

	for (unsigned int i = 0; i < ARRAY_SIZE(frames); i++) {
		frames[i] = host_take(host, FAKE_PAGE);
		host_map(host, &guest, i * FAKE_PAGE, frames[i]);
		host_guest_page(host, PV_CMD_CONV_TO_SEC_STOR, guest.handle,
				i * FAKE_PAGE);
		memset(host->memory + frames[i], 0x55, FAKE_PAGE);
	}
	host_page(host, PV_CMD_CONV_FROM_SEC_STOR, frames[2]);
	host->memory[frames[2]] = 0x66;
	before = host->reduced;
	host_handle_call(host, PV_CMD_DESTROY_SEC_CONF, guest.handle);
	tap_equal(host->reduced, before + 1, "destroy: told once");
	tap_filled(host->memory + frames[0], FAKE_PAGE, 0,
		   "destroy: a page is cleared");
	tap_filled(host->memory + frames[1], FAKE_PAGE, 0,
		   "destroy: another one, too");
	tap_equal(host->memory[frames[2]], 0x66,
		  "destroy: an exported page is the host's");
	tap_equal(count_state(host, UV_PAGE_SECURE), 0,
		  "destroy: no page stays secure");
	host_free(host);
}

/* ---- fault policies ---- */

static void set_policy(struct fake_host *host, const char *policy)
{
	struct uv_error err = { 0 };

	tap_equal((uint64_t)uv_machine_set_faults(host->uv, policy, &err), 0,
		  "policy %s", policy);
}

static void test_policies(void)
{
	struct fake_host *host = host_initialized("z17");
	struct host_guest guest = host_guest(host, 1);
	struct host_cpu cpu;

	set_policy(host, "cmd=create-conf:rc=0x108");
	tap_equal(host_create(host, &guest), 0x108, "is answered");
	expect_nothing(host, "by policy");
	set_policy(host, "cmd=create-conf:rc=0x108:late");
	tap_equal(host_create(host, &guest), 0x108, "is answered late");
	expect_nothing(host, "by policy, late");
	tap_ok(!host->uv->configs, "and leaves no configuration");
	set_policy(host, "cmd=create-conf:rc=0x8108");
	tap_equal(host_create(host, &guest), 0x8108, "asks for a destroy");
	tap_ok(uv_config_by_handle(host->uv, guest.handle),
	       "and leaves a configuration with that handle");
	tap_equal(host_create(host, &guest), 0x105,
		  "a call that fails by itself says why");
	tap_equal(guest.handle, 0, "and leaves none");
	host->uv->configs->handle = 0x1234;
	guest.handle = 0x1234;
	set_policy(host, "cmd=create-cpu:rc=0x105:late");
	tap_equal(host_create_cpu(host, &guest, &cpu, 0), 0x105,
		  "a CPU is refused late");
	tap_ok(!cpu.handle && !host->uv->configs->vcpus,
	       "and there is neither handle nor CPU");
	tap_equal(uv_page_state(host->uv, cpu.storage), UV_PAGE_NORMAL,
		  "nor is anything donated");
	set_policy(host, "cmd=destroy-conf:busy=1");
	tap_equal(host_handle_call(host, PV_CMD_DESTROY_SEC_CONF, 0x1234), 0,
		  "a call can be busy");
	tap_equal(host_call(host), 1, "and then done");
	host_free(host);
}

static void test_names(void)
{
	static const char *const names[] = {
		"init", "create-conf", "destroy-conf", "destroy-conf-fast",
		"create-cpu", "destroy-cpu", "import", "export", "destroy-page",
		"set-params", "unpack", "verify", "cpu-reset",
		"cpu-reset-initial", "cpu-reset-clear", "prepare-reset",
		"set-cpu-state", "unshare-all", "pin", "unpin",
	};
	struct fake_host *host = host_new("z17");
	char policy[64];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(policy, sizeof(policy), "cmd=%s:rc=0x142", names[i]);
		set_policy(host, policy);
		tap_ok(uv_command_by_name(names[i], strlen(names[i]))->run,
		       "%s is implemented", names[i]);
	}
	host_free(host);
}

static void test_full(void)
{
	struct fake_host *host = host_initialized("z17");
	struct uv_profile profile = *host->uv->profile;
	struct host_guest guest = host_bring_up(host, 1);

	profile.host.max_configs = 1;
	host->uv->profile = &profile;
	guest = host_guest(host, 1);
	tap_equal(host_create(host, &guest), 0x1f3,
		  "no more configurations than there may be");
	host_free(host);
}

int main(void)
{
	tap_begin();
	test_create_refused();
	test_create_overlaps();
	test_create_order();
	test_create_home();
	test_create();
	test_spaces();
	test_handles();
	test_bad_random();
	test_cpu_refused();
	test_cpu();
	test_destroy_pages();
	test_policies();
	test_names();
	test_full();
	return tap_end();
}
