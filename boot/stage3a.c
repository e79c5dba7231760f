// SPDX-License-Identifier: MIT
/*
 * First loader of an SE image: asks the machine to make a protected guest of
 * this one.  It runs before any protection and is trusted by nobody.
 *
 * In this order: arguments, facility, parameter block, start.
 */
#include <stdbool.h>

#include "bytes.h"
#include "explain.h"
#include "layout.h"
#include "machine.h"
#include "sclp.h"
#include "stage3a.h"

_Static_assert(LAYOUT_STAGE3A == PV_SE_IMAGE_STAGE3A, "address of stage3a");
_Static_assert(LAYOUT_STAGE3A_ENTRY == PV_SE_IMAGE_STAGE3A_ENTRY, "entry");
_Static_assert(LAYOUT_STAGE3A_END == PV_SE_IMAGE_STAGE3A_END, "end of stage3a");
_Static_assert(sizeof(struct pv_stage3a_args) == LAYOUT_STAGE3A_ARGS, "size");

#define FACILITY_UNPACK	161

static bool facility(unsigned int bit)
{
	uint64_t list[4] = { 0 };

	store_facilities(list);
	return list[bit / 64] & PV_BIT64(bit % 64);
}

static void __attribute__((noreturn)) stop(const struct text *text,
					   uint64_t code)
{
	sclp_print(text->buf);
	halt(code);
}

void program_check(uint64_t code, uint64_t addr)
{
	struct text text;

	explain_program_check(&text, code, addr);
	stop(&text, STOP_NOT_STARTED);
}

void stage3a(void)
{
	struct pv_stage3a_args args = stage3a_args;
	uint64_t base = (uint64_t)&stage3a_args;
	struct pv_ipib *ipib = (void *)(base + get_be64(args.ipib_offset));
	struct text text;
	uint64_t code;

	if (!get_be64(args.header_offset) || !get_be64(args.ipib_offset)) {
		explain_no_args(&text);
		stop(&text, STOP_NOT_STARTED);
	}
	if (!facility(FACILITY_UNPACK)) {
		explain_no_facility(&text);
		stop(&text, STOP_NO_FACILITY);
	}
	ipib->se_header_addr = put_be64(base + get_be64(args.header_offset));
	ipib->se_header_len = args.header_size;
	code = diag308((uint64_t)ipib, PV_DIAG308_SET);
	if (code != PV_DIAG308_RC_OK) {
		explain_set(&text, code);
		stop(&text, STOP_NOT_STARTED);
	}
	/* Comes back only if it failed. */
	code = diag308(0, PV_DIAG308_START);
	explain_start(&text, code);
	stop(&text, STOP_NOT_STARTED);
}
