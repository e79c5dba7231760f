// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Calls of a host of protected guests, and pages that are taken from it.
 */
#include "dat.h"
#include "host.h"
#include "image.h"

/* Of the IPL parameter block. */
#define IPIB_COMPONENTS	(IMAGE_IPIB + 0x74)
#define IPIB_HEADER_LEN	(IMAGE_IPIB + 0x80)
#define IPIB_LIST	(IMAGE_IPIB + 0x88)

struct component {
	uint64_t tweak;
	uint64_t addr;
	uint64_t size;
};

static struct call call;

uint16_t host_call(uint16_t cmd, uint16_t len, const uint64_t *operands,
		   unsigned int count)
{
	struct uvcb *b = uvcb_init(&call, cmd, len);

	memcpy(&call.word[3], operands, count * sizeof(*operands));
	while (uvc((uint64_t)b) > 1)
		;
	return b->rc;
}

uint64_t host_result(unsigned int word)
{
	return call.word[word];
}

uint64_t host_block(void)
{
	return (uint64_t)&call;
}

uint16_t host_init(void)
{
	uint64_t area[2] = { BASE_STORAGE, BASE_SIZE };

	return host_call(UVC_INIT, 0x48, area, 2);
}

uint16_t host_page(uint16_t cmd, uint64_t page)
{
	return host_call(cmd, 0x20, &page, 1);
}

uint16_t host_create(const struct space *guest, uint64_t variable,
		     uint64_t *handle)
{
	uint64_t operands[8] = { 0, CONF_BASE, variable, 0, 0, GUEST_SIZE, SCA,
				 asce(guest) | ASCE_PRIVATE };
	uint16_t rc = host_call(UVC_CREATE_CONF, 0x80, operands, 8);

	*handle = call.word[3];
	return rc;
}

uint16_t host_import(uint64_t handle, uint64_t gaddr)
{
	uint64_t operands[2] = { handle, gaddr };

	return host_call(UVC_IMPORT, 0x28, operands, 2);
}

uint16_t host_destroy(uint64_t handle)
{
	return host_call(UVC_DESTROY_CONF, 0x40, &handle, 1);
}

uint16_t host_set_params(uint64_t handle)
{
	uint64_t len = *(uint64_t *)IPIB_HEADER_LEN;
	uint64_t operands[3] = { handle, IMAGE_HEADER, len << 32 };

	return host_call(UVC_SET_PARAMS, 0x50, operands, 3);
}

static unsigned int unpack(uint64_t handle, const struct component *component)
{
	unsigned int bad = 0;
	uint64_t offset;

	for (offset = 0; offset < component->size; offset += PAGE_SIZE) {
		uint64_t operands[4] = { handle, component->addr + offset,
					 component->tweak, offset };

		bad += host_call(UVC_UNPACK, 0x50, operands, 4) != 1;
	}
	return bad;
}

unsigned int host_unpack(uint64_t handle)
{
	const struct component *list = (void *)IPIB_LIST;
	unsigned int i, bad = 0;

	for (i = 0; i < *(uint32_t *)IPIB_COMPONENTS; i++)
		bad += unpack(handle, &list[i]);
	return bad;
}

/* Not inlined: the labels must exist once. */
__attribute__((noinline, noclone)) uint64_t load(uint64_t addr)
{
	uint64_t value;

	asm volatile(".globl	load_insn\n"
		     "load_insn:	lg	%0,0(%1)"
		     : "=d" (value) : "a" (addr) : "memory");
	return value;
}

__attribute__((noinline, noclone)) uint64_t store(uint64_t addr)
{
	asm volatile(".globl	store_insn\n"
		     "store_insn:	stg	%0,8(%0)"
		     : : "a" (addr) : "memory");
	return 0;
}

uint64_t fetch(uint64_t addr)
{
	uint64_t (*program)(void) = (void *)addr;

	return program();
}

static bool touched(uint64_t (*how)(uint64_t), uint64_t page, uint64_t kind)
{
	uint64_t ret;

	return catch_pgm(how, page + 16, &ret) &&
	       pgm_code() == PGM_SECURE_ACCESS &&
	       pgm_teid() == (page | kind | TEID_BIT_61);
}

bool is_hidden(uint64_t page)
{
	return touched(load, page, TEID_FETCH) &&
	       pgm_old_addr() == (uint64_t)load_insn &&
	       touched(store, page, TEID_STORE) &&
	       pgm_old_addr() == (uint64_t)store_insn;
}

bool are_hidden(uint64_t from, uint64_t size)
{
	uint64_t page;

	for (page = from; page < from + size; page += PAGE_SIZE) {
		if (!is_hidden(page))
			return false;
	}
	return true;
}

bool are_clear(uint64_t from, uint64_t size)
{
	uint64_t at, value;

	for (at = from; at < from + size; at += 8) {
		if (catch_pgm(load, at, &value) || value)
			return false;
	}
	return true;
}
