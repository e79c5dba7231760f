// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Calls of a host of protected guests, and pages that are taken from it.
 */
#include "dat.h"
#include "host.h"

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

uint16_t host_init(void)
{
	uint64_t area[2] = { BASE_STORAGE, BASE_SIZE };

	return host_call(UVC_INIT, 0x48, area, 2);
}

uint16_t host_page(uint16_t cmd, uint64_t page)
{
	return host_call(cmd, 0x20, &page, 1);
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
