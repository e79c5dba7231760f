// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_machine.h"

#define BLOCK	0x3000

static void need(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fake machine: %s\n", what);
	abort();
}

const struct fake_keys *fake_keys(void)
{
	static struct fake_keys keys;

	if (!keys.host) {
		keys.customer = seal_scalar(SEAL_CUSTOMER);
		keys.host = seal_scalar(SEAL_HOST);
		keys.backup = seal_scalar(SEAL_BACKUP);
	}
	return &keys;
}

/* Where [addr, addr + len) leads; all of it or nothing. */
static bool translate(const struct fake_page *space, uint64_t addr, size_t len,
		      bool write)
{
	if (addr >= FAKE_PAGES * FAKE_PAGE ||
	    len > FAKE_PAGES * FAKE_PAGE - addr)
		return false;
	for (uint64_t page = addr / FAKE_PAGE;
	     page * FAKE_PAGE < addr + len; page++) {
		if (!space[page].valid || (write && !space[page].writable))
			return false;
	}
	return true;
}

static uint8_t *byte_at(struct fake_machine *fake,
			const struct fake_page *space, uint64_t addr)
{
	return fake->memory + space[addr / FAKE_PAGE].frame * FAKE_PAGE +
	       addr % FAKE_PAGE;
}

static enum uv_access load(struct fake_machine *fake,
			   const struct fake_page *space, uint64_t addr,
			   uint8_t *buf, size_t len)
{
	if (!translate(space, addr, len, false))
		return UV_ACCESS_FAULT;
	for (size_t i = 0; i < len; i++)
		buf[i] = *byte_at(fake, space, addr + i);
	return UV_ACCESS_OK;
}

static enum uv_access store(struct fake_machine *fake,
			    const struct fake_page *space, uint64_t addr,
			    const uint8_t *buf, size_t len)
{
	if (!translate(space, addr, len, true))
		return UV_ACCESS_FAULT;
	for (size_t i = 0; i < len; i++)
		*byte_at(fake, space, addr + i) = buf[i];
	return UV_ACCESS_OK;
}

static bool touches(unsigned int page, uint64_t addr, size_t len)
{
	return page && addr < (page + 1) * FAKE_PAGE &&
	       addr + len > page * FAKE_PAGE;
}

static enum uv_access read_abs(void *opaque, uint64_t addr, void *buf,
			       size_t len)
{
	struct fake_machine *fake = opaque;

	if (addr > sizeof(fake->memory) || len > sizeof(fake->memory) - addr ||
	    touches(fake->broken, addr, len))
		return UV_ACCESS_FAULT;
	memcpy(buf, fake->memory + addr, len);
	return UV_ACCESS_OK;
}

static enum uv_access write_abs(void *opaque, uint64_t addr, const void *buf,
				size_t len)
{
	struct fake_machine *fake = opaque;

	if (addr > sizeof(fake->memory) || len > sizeof(fake->memory) - addr ||
	    touches(fake->broken, addr, len) ||
	    touches(fake->read_only, addr, len))
		return UV_ACCESS_FAULT;
	memcpy(fake->memory + addr, buf, len);
	fake->abs_stores++;
	return UV_ACCESS_OK;
}

static enum uv_access read_logical(void *opaque, uint64_t addr, void *buf,
				   size_t len)
{
	struct fake_machine *fake = opaque;

	return load(fake, fake->logical, addr, buf, len);
}

static enum uv_access write_logical(void *opaque, uint64_t addr,
				    const void *buf, size_t len)
{
	struct fake_machine *fake = opaque;

	return store(fake, fake->logical, addr, buf, len);
}

static enum uv_access probe_logical(void *opaque, uint64_t addr, size_t len,
				    bool write)
{
	struct fake_machine *fake = opaque;

	return translate(fake->logical, addr, len, write) ? UV_ACCESS_OK :
							    UV_ACCESS_FAULT;
}

static enum uv_access probe_home(void *opaque, uint64_t addr, size_t len,
				 bool write)
{
	struct fake_machine *fake = opaque;

	if (fake->real_space)
		return UV_ACCESS_REAL_SPACE;
	return translate(fake->home, addr, len, write) ? UV_ACCESS_OK :
							 UV_ACCESS_FAULT;
}

static enum uv_access read_home(void *opaque, uint64_t addr, void *buf,
				size_t len)
{
	struct fake_machine *fake = opaque;

	if (fake->real_space)
		return UV_ACCESS_REAL_SPACE;
	return load(fake, fake->home, addr, buf, len);
}

static enum uv_access write_home(void *opaque, uint64_t addr, const void *buf,
				 size_t len)
{
	struct fake_machine *fake = opaque;
	enum uv_access access = UV_ACCESS_FAULT;

	if (fake->real_space)
		return UV_ACCESS_REAL_SPACE;
	if (!fake->break_home_stores)
		access = store(fake, fake->home, addr, buf, len);
	if (access == UV_ACCESS_OK)
		fake->home_stores++;
	return access;
}

static void rights_reduced(void *opaque, uint64_t page)
{
	struct fake_machine *fake = opaque;

	(void)page;
	fake->reduced++;
}

static void log_line(void *opaque, enum uv_log_level level, const char *line)
{
	struct fake_machine *fake = opaque;

	size_t said = strlen(fake->said);

	fake->lines++;
	snprintf(fake->line, sizeof(fake->line), "%s", line);
	if (level == UV_LOG_INFO)
		snprintf(fake->said + said, sizeof(fake->said) - said, "%s\n",
			 line);
}

struct uv_machine_params fake_params(struct fake_machine *fake,
				     const char *profile)
{
	return (struct uv_machine_params){
		.profile = profile,
		.memory_size = sizeof(fake->memory),
		.seed = 1,
		.ops = {
			.read_abs = read_abs,
			.write_abs = write_abs,
			.read_logical = read_logical,
			.write_logical = write_logical,
			.probe_logical = probe_logical,
			.probe_home = probe_home,
			.read_home = read_home,
			.write_home = write_home,
			.rights_reduced = rights_reduced,
			.log = log_line,
		},
		.opaque = fake,
	};
}

struct fake_machine *fake_new(const char *profile)
{
	struct fake_machine *fake = calloc(1, sizeof(*fake));
	struct uv_machine_params params;
	struct uv_error err = { 0 };
	char *pem;

	need(fake, "no memory");
	for (unsigned int i = 0; i < FAKE_PAGES; i++) {
		fake->logical[i] = (struct fake_page){ i, true, true };
		fake->home[i] = (struct fake_page){ FAKE_PAGES - 1 - i, true,
						    true };
	}
	params = fake_params(fake, profile);
	fake->uv = uv_machine_new(&params, &err);
	need(fake->uv, err.text);
	fake->cpu.opaque = fake;
	pem = seal_pem(fake_keys()->host);
	need(!uv_machine_set_host_key(fake->uv, UV_HOST_KEY, pem, strlen(pem),
				      &err), err.text);
	free(pem);
	return fake;
}

void fake_become_guest(struct fake_machine *fake)
{
	struct seal_header header;
	struct uv_error err = { 0 };
	uint8_t bytes[8192];
	size_t len;

	seal_header_init(&header, fake_keys()->customer, fake_keys()->host);
	len = seal_header(&header, bytes);
	fake->cpu.config = uv_guest_new(fake->uv, bytes, len, &err);
	need(fake->cpu.config, err.text);
}

struct fake_machine *fake_new_guest(const char *profile)
{
	struct fake_machine *fake = fake_new(profile);

	fake_become_guest(fake);
	return fake;
}

void fake_free(struct fake_machine *fake)
{
	uv_machine_free(fake->uv);
	free(fake);
}

uint8_t *fake_home(struct fake_machine *fake, uint64_t addr)
{
	return byte_at(fake, fake->home, addr);
}

void fake_home_put(struct fake_machine *fake, uint64_t addr, const void *data,
		   size_t len)
{
	const uint8_t *from = data;

	for (size_t i = 0; i < len; i++)
		*fake_home(fake, addr + i) = from[i];
}

void fake_home_get(struct fake_machine *fake, uint64_t addr, void *data,
		   size_t len)
{
	uint8_t *to = data;

	for (size_t i = 0; i < len; i++)
		to[i] = *fake_home(fake, addr + i);
}

uint8_t *fake_block(struct fake_machine *fake, uint64_t addr, uint16_t cmd,
		    uint16_t len)
{
	uint8_t *block = fake->memory + addr;

	memset(block, 0, len > 8 ? len : 8);
	fake_put16(block, len);
	fake_put16(block + 2, cmd);
	return block;
}

int fake_call(struct fake_machine *fake, uint64_t addr)
{
	return uv_call(fake->uv, &fake->cpu, 0, addr);
}

uint16_t fake_call_rc(struct fake_machine *fake, uint64_t addr)
{
	int cc = fake_call(fake, addr);
	uint16_t rc = fake_get16(fake->memory + addr + 4);

	/* The condition code must always say the same as the response code. */
	return cc == (rc == 1 ? 0 : 1) ? rc : 0;
}

uint16_t fake_simple_call(struct fake_machine *fake, uint16_t cmd,
			  uint16_t len)
{
	fake_block(fake, BLOCK, cmd, len);
	return fake_call_rc(fake, BLOCK);
}

uint16_t fake_share(struct fake_machine *fake, uint16_t cmd, uint64_t paddr)
{
	uint8_t *block = fake_block(fake, BLOCK, cmd, 0x30);

	fake_put64(block + 0x20, paddr);
	return fake_call_rc(fake, BLOCK);
}

static uint64_t get(const uint8_t *at, int bytes)
{
	uint64_t value = 0;

	while (bytes--)
		value = value << 8 | *at++;
	return value;
}

static void put(uint8_t *at, uint64_t value, int bytes)
{
	while (bytes--)
		*at++ = (uint8_t)(value >> 8 * bytes);
}

uint16_t fake_get16(const uint8_t *at)
{
	return (uint16_t)get(at, 2);
}

uint32_t fake_get32(const uint8_t *at)
{
	return (uint32_t)get(at, 4);
}

uint64_t fake_get64(const uint8_t *at)
{
	return get(at, 8);
}

void fake_put16(uint8_t *at, uint16_t value)
{
	put(at, value, 2);
}

void fake_put32(uint8_t *at, uint32_t value)
{
	put(at, value, 4);
}

void fake_put64(uint8_t *at, uint64_t value)
{
	put(at, value, 8);
}

/* xorshift64: good enough to choose bits to flip. */
uint64_t fake_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}
