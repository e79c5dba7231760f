// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "fake_host.h"
#include "handle.h"
#include "vcpu.h"

#define TAKE_FROM	(2 * HOST_MIB)

#define SEGMENT_INVALID	0x20
#define PAGE_INVALID	0x400
#define ASCE_PRIVATE	0x103	/* segment table of full length */

static void need(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fake host: %s\n", what);
	abort();
}

/* ---- the embedder ---- */

static bool in_page(uint64_t page, uint64_t addr, size_t len)
{
	return page && addr < page + FAKE_PAGE && addr + len > page;
}

static enum uv_access read_abs(void *opaque, uint64_t addr, void *buf,
			       size_t len)
{
	struct fake_host *host = opaque;

	if (addr > HOST_MEMORY || len > HOST_MEMORY - addr ||
	    in_page(host->broken, addr, len))
		return UV_ACCESS_FAULT;
	memcpy(buf, host->memory + addr, len);
	return UV_ACCESS_OK;
}

static enum uv_access write_abs(void *opaque, uint64_t addr, const void *buf,
				size_t len)
{
	struct fake_host *host = opaque;

	if (addr > HOST_MEMORY || len > HOST_MEMORY - addr ||
	    in_page(host->broken, addr, len) ||
	    in_page(host->read_only, addr, len))
		return UV_ACCESS_FAULT;
	memcpy(host->memory + addr, buf, len);
	host->stores++;
	return UV_ACCESS_OK;
}

static enum uv_access probe_logical(void *opaque, uint64_t addr, size_t len,
				    bool write)
{
	(void)opaque;
	(void)write;
	return addr > HOST_MEMORY || len > HOST_MEMORY - addr ?
	       UV_ACCESS_FAULT : UV_ACCESS_OK;
}

static enum uv_access logical_to_abs(void *opaque, uint64_t addr, uint64_t *abs)
{
	(void)opaque;
	*abs = addr;
	return addr < HOST_MEMORY ? UV_ACCESS_OK : UV_ACCESS_FAULT;
}

static enum uv_access home_to_abs(void *opaque, uint64_t addr, uint64_t *abs)
{
	struct fake_host *host = opaque;
	uint64_t page = addr & ~(uint64_t)(FAKE_PAGE - 1);

	if (host->real_space)
		return UV_ACCESS_REAL_SPACE;
	if (page == host->needs_host)
		return UV_ACCESS_HOST;
	if (page == host->hole || addr < HOST_HOME ||
	    addr - HOST_HOME >= HOST_MEMORY)
		return UV_ACCESS_FAULT;
	*abs = (addr - HOST_HOME) ^ FAKE_PAGE;
	if (host->beyond && page == host->beyond)
		*abs += HOST_MEMORY;
	return UV_ACCESS_OK;
}

/* Byte by byte: slow, and right at every border. */
static enum uv_access home_bytes(void *opaque, uint64_t addr, uint8_t *in,
				 const uint8_t *out, size_t len)
{
	struct fake_host *host = opaque;

	for (size_t i = 0; i < len; i++) {
		enum uv_access access;
		uint64_t abs;

		access = home_to_abs(opaque, addr + i, &abs);
		if (access != UV_ACCESS_OK)
			return access;
		if (uv_cpu_may_access(host->uv, NULL, abs, 0))
			return UV_ACCESS_FAULT;
		if (in)
			in[i] = host->memory[abs];
		if (out)
			host->memory[abs] = out[i];
	}
	return UV_ACCESS_OK;
}

static enum uv_access probe_home(void *opaque, uint64_t addr, size_t len,
				 bool write)
{
	(void)write;
	return home_bytes(opaque, addr, NULL, NULL, len);
}

static enum uv_access read_home(void *opaque, uint64_t addr, void *buf,
				size_t len)
{
	return home_bytes(opaque, addr, buf, NULL, len);
}

static enum uv_access write_home(void *opaque, uint64_t addr, const void *buf,
				 size_t len)
{
	enum uv_access access = probe_home(opaque, addr, len, true);

	return access == UV_ACCESS_OK ?
	       home_bytes(opaque, addr, NULL, buf, len) : access;
}

static bool is_prefix(void *opaque, uint64_t addr, uint64_t len)
{
	(void)opaque;
	return addr < HOST_PREFIX + 2 * FAKE_PAGE && addr + len > HOST_PREFIX;
}

static bool others_stopped(void *opaque)
{
	struct fake_host *host = opaque;

	return !host->running;
}

static void rights_reduced(void *opaque, uint64_t page)
{
	struct fake_host *host = opaque;

	host->reduced++;
	host->reduced_page = page;
}

static void log_line(void *opaque, enum uv_log_level level, const char *line)
{
	struct fake_host *host = opaque;

	if (level == UV_LOG_INFO)
		snprintf(host->said, sizeof(host->said), "%s", line);
}

static const struct uv_ops ops = {
	.read_abs = read_abs,
	.write_abs = write_abs,
	.read_logical = read_abs,
	.write_logical = write_abs,
	.probe_logical = probe_logical,
	.logical_to_abs = logical_to_abs,
	.probe_home = probe_home,
	.read_home = read_home,
	.write_home = write_home,
	.home_to_abs = home_to_abs,
	.is_prefix = is_prefix,
	.others_stopped = others_stopped,
	.rights_reduced = rights_reduced,
	.log = log_line,
};

struct fake_host *host_new(const char *profile)
{
	struct fake_host *host = calloc(1, sizeof(*host));
	const struct uv_machine_params params = {
		.profile = profile,
		.memory_size = HOST_MEMORY,
		.low_base_storage = true,
		.seed = 1,
		.ops = ops,
		.opaque = host,
	};
	struct uv_error err = { 0 };
	char *pem = seal_pem(fake_keys()->host);

	need(host, "no memory");
	host->memory = malloc(HOST_MEMORY);
	need(host->memory, "no memory");
	memset(host->memory, 0x11, HOST_MEMORY);
	host->next = TAKE_FROM;
	host->uv = uv_machine_new(&params, &err);
	need(host->uv, err.text);
	need(!uv_machine_set_host_key(host->uv, UV_HOST_KEY, pem, strlen(pem),
				      &err), err.text);
	free(pem);
	host->cpu.opaque = host;
	host->cpu.sie = &host->sie;
	return host;
}

struct fake_host *host_initialized(const char *profile)
{
	struct fake_host *host = host_new(profile);

	need(host_init(host) == 1, "the Ultravisor is not initialized");
	return host;
}

void host_free(struct fake_host *host)
{
	uv_machine_free(host->uv);
	free(host->memory);
	free(host);
}

/* ---- storage of the host ---- */

uint64_t host_take(struct fake_host *host, uint64_t len)
{
	const uint64_t align = 0x4000;
	uint64_t addr = host->next;

	host->next = (addr + len + align - 1) & ~(align - 1);
	need(host->next <= HOST_MEMORY, "no storage left");
	return addr;
}

uint64_t host_home(uint64_t abs)
{
	return HOST_HOME + (abs ^ FAKE_PAGE);
}

struct host_guest host_guest(struct fake_host *host, uint64_t mib)
{
	struct host_guest guest = { .len = mib * HOST_MIB };
	uint8_t *entry;

	guest.base = host_take(host, 0x4000);
	/* Two pages that lie the wrong way round, and so on. */
	guest.variable = HOST_HOME + host_take(host, 0x4000 + mib * 0x2000);
	guest.sca = host_take(host, 0x4000);
	guest.segments = host_take(host, 0x4000);
	for (int i = 0; i < 2048; i++)
		fake_put64(host->memory + guest.segments + 8 * i,
			   SEGMENT_INVALID);
	for (uint64_t i = 0; i < mib; i++) {
		uint64_t table = host_take(host, 0x800);

		entry = host->memory + guest.segments + 8 * i;
		fake_put64(entry, table);
		for (int j = 0; j < 256; j++)
			fake_put64(host->memory + table + 8 * j, PAGE_INVALID);
	}
	return guest;
}

static uint8_t *page_entry(struct fake_host *host,
			   const struct host_guest *guest, uint64_t gaddr)
{
	uint8_t *segment = host->memory + guest->segments +
			   8 * (gaddr / HOST_MIB);

	return host->memory + fake_get64(segment) +
	       8 * (gaddr % HOST_MIB / FAKE_PAGE);
}

void host_map(struct fake_host *host, const struct host_guest *guest,
	      uint64_t gaddr, uint64_t frame)
{
	fake_put64(page_entry(host, guest, gaddr), frame);
}

void host_unmap(struct fake_host *host, const struct host_guest *guest,
		uint64_t gaddr)
{
	fake_put64(page_entry(host, guest, gaddr), PAGE_INVALID);
}

/* ---- calls ---- */

uint8_t *host_block(struct fake_host *host, uint16_t cmd, uint16_t len)
{
	uint8_t *block = host->memory + HOST_BLOCK;

	memset(block, 0, len);
	fake_put16(block, len);
	fake_put16(block + 2, cmd);
	return block;
}

uint16_t host_call(struct fake_host *host)
{
	int cc = uv_call(host->uv, &host->cpu, 0, HOST_BLOCK);
	uint16_t rc = fake_get16(host->memory + HOST_BLOCK + 4);

	return cc == (rc == 1 ? 0 : 1) ? rc : 0;
}

uint16_t host_rrc(const struct fake_host *host)
{
	return fake_get16(host->memory + HOST_BLOCK + 6);
}

uint8_t *host_init_block(struct fake_host *host)
{
	uint8_t *block = host_block(host, PV_CMD_INIT_UV, 0x48);

	fake_put64(block + 0x18, HOST_BASE);
	fake_put64(block + 0x20, HOST_MIB);
	return block;
}

uint16_t host_init(struct fake_host *host)
{
	host_init_block(host);
	return host_call(host);
}

uint8_t *host_create_block(struct fake_host *host,
			   const struct host_guest *guest)
{
	uint8_t *block = host_block(host, PV_CMD_CREATE_SEC_CONF, 0x80);

	fake_put64(block + 0x20, guest->base);
	fake_put64(block + 0x28, guest->variable);
	fake_put64(block + 0x38, guest->origin);
	fake_put64(block + 0x40, guest->len);
	fake_put64(block + 0x48, guest->sca);
	fake_put64(block + 0x50, guest->segments | ASCE_PRIVATE);
	return block;
}

uint16_t host_create(struct fake_host *host, struct host_guest *guest)
{
	uint8_t *block = host_create_block(host, guest);
	uint16_t rc = host_call(host);

	guest->handle = fake_get64(block + 0x18);
	return rc;
}

struct host_guest host_bring_up(struct fake_host *host, uint64_t mib)
{
	struct host_guest guest = host_guest(host, mib);

	need(host_create(host, &guest) == 1, "no configuration");
	return guest;
}

uint8_t *host_cpu_block(struct fake_host *host, const struct host_guest *guest,
			const struct host_cpu *cpu)
{
	uint8_t *block = host_block(host, PV_CMD_CREATE_SEC_CPU, 0x60);

	fake_put64(block + 0x20, guest->handle);
	fake_put64(block + 0x28, cpu->storage);
	fake_put16(block + 0x36, cpu->number);
	fake_put64(block + 0x38, cpu->block);
	return block;
}

/* With a page for the SIDA, as KVM prepares it. */
uint16_t host_create_cpu(struct fake_host *host, const struct host_guest *guest,
			 struct host_cpu *cpu, uint16_t number)
{
	uint8_t *block;
	uint16_t rc;

	cpu->number = number;
	cpu->storage = host_take(host, FAKE_PAGE);
	cpu->block = host_take(host, FAKE_PAGE);
	memset(host->memory + cpu->block, 0, FAKE_PAGE);
	fake_put64(host->memory + cpu->block + 0x180,
		   host_take(host, FAKE_PAGE));
	block = host_cpu_block(host, guest, cpu);
	rc = host_call(host);
	cpu->handle = fake_get64(block + 0x18);
	return rc;
}

uint16_t host_handle_call(struct fake_host *host, uint16_t cmd, uint64_t handle)
{
	uint16_t len = cmd == PV_CMD_DESTROY_SEC_CONF_FAST ? 0x48 : 0x40;

	fake_put64(host_block(host, cmd, len) + 0x18, handle);
	return host_call(host);
}

uint16_t host_set_state(struct fake_host *host, const struct host_cpu *cpu,
			uint8_t state)
{
	uint8_t *block = host_block(host, PV_CMD_CPU_SET_STATE, 0x50);

	fake_put64(block + 0x18, cpu->handle);
	block[0x27] = state;
	return host_call(host);
}

uint16_t host_guest_page(struct fake_host *host, uint16_t cmd, uint64_t handle,
			 uint64_t gaddr)
{
	uint8_t *block = host_block(host, cmd, 0x28);

	fake_put64(block + 0x18, handle);
	fake_put64(block + 0x20, gaddr);
	return host_call(host);
}

uint16_t host_page(struct fake_host *host, uint16_t cmd, uint64_t paddr)
{
	fake_put64(host_block(host, cmd, 0x20) + 0x18, paddr);
	return host_call(host);
}

uint16_t host_dump(struct fake_host *host, uint16_t cmd, uint64_t handle,
		   uint64_t area, uint64_t gaddr)
{
	uint8_t *block = host_block(host, cmd, 0x50);

	fake_put64(block + 0x18, handle);
	fake_put64(block + 0x20, area);
	fake_put64(block + 0x28, gaddr);
	return host_call(host);
}

struct uv_config *host_run(struct fake_host *host,
			   const struct host_guest *guest)
{
	struct uv_config *config = uv_config_by_handle(host->uv,
						       guest->handle);

	need(config, "no such configuration");
	config->state = UV_CONFIG_VERIFIED;
	return config;
}

int host_share(struct fake_host *host, const struct host_cpu *cpu,
	       uint16_t cmd, uint64_t paddr)
{
	struct uv_cpu guest = host->cpu;
	uint8_t *block = host_block(host, cmd, 0x30);
	int result;

	guest.vcpu = uv_vcpu_find(host->uv, cpu->handle);
	guest.vcpu->in_sie = true;
	fake_put64(block + 0x20, paddr);
	result = uv_call(host->uv, &guest, 0, HOST_BLOCK);
	guest.vcpu->in_sie = false;
	return result < 0 ? result : fake_get16(block + 4);
}
