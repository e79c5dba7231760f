// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <string.h>

#include <openssl/crypto.h>

#include "clear.h"
#include "machine.h"
#include "report.h"

/* Large enough for a callback to be cheap, small enough for the caches. */
#define CHUNK		(4 * PV_PAGE_SIZE)

static bool is_zero(const uint8_t *bytes, size_t len)
{
	return !bytes[0] && !memcmp(bytes, bytes + 1, len - 1);
}

/* Nobody can help it then, but it must not go unnoticed. */
static void complain(const struct uv_machine *machine, uint64_t addr)
{
	uv_log(machine, UV_LOG_ERROR,
	       "storage at 0x%" PRIx64 " could not be cleared", addr);
}

static void clear_page(const struct uv_machine *machine, uint64_t addr)
{
	static const uint8_t zeros[PV_PAGE_SIZE];

	if (machine->ops.write_abs(machine->opaque, addr, zeros,
				   sizeof(zeros)) != UV_ACCESS_OK)
		complain(machine, addr);
}

/* A page that cannot be read must not keep those around it from being cleared. */
static void clear_chunk(const struct uv_machine *machine, uint64_t addr,
			uint8_t *bytes, size_t len)
{
	bool known = machine->ops.read_abs(machine->opaque, addr, bytes,
					   len) == UV_ACCESS_OK;

	if (known && is_zero(bytes, len))
		return;
	for (size_t at = 0; at < len; at += PV_PAGE_SIZE) {
		if (!known || !is_zero(bytes + at, PV_PAGE_SIZE))
			clear_page(machine, addr + at);
	}
}

void uv_clear_pages(const struct uv_machine *machine, uint32_t owner)
{
	uint8_t bytes[CHUNK];
	uint64_t addr = 0, len;

	if (!machine->ops.read_abs)
		return;
	while ((len = uv_storage_run(&machine->storage, owner, &addr))) {
		for (uint64_t at = 0; at < len; at += CHUNK) {
			uint64_t left = len - at;

			clear_chunk(machine, addr + at, bytes,
				    left < CHUNK ? left : CHUNK);
		}
		addr += len;
	}
	/* The last of what was cleared stands here as well. */
	OPENSSL_cleanse(bytes, sizeof(bytes));
}

void uv_clear_page(const struct uv_machine *machine, uint64_t addr)
{
	uint8_t bytes[PV_PAGE_SIZE];

	if (!machine->ops.read_abs)
		return;
	clear_chunk(machine, addr, bytes, sizeof(bytes));
	OPENSSL_cleanse(bytes, sizeof(bytes));
}
