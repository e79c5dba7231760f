// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a host's CPU has that others have not: facilities, PERFORM LOCKED
 * OPERATION, and no way to become a guest itself.
 */
#include "diag308.h"
#include "facilities.h"
#include "host.h"
#include "plo.h"

static bool plo_is(uint64_t function, uint64_t cc)
{
	uint64_t found;

	return !catch_pgm(ask_plo, function, &found) && found == cc;
}

static void test_plo(void)
{
	uint64_t cc;
	int i, bad = 0;

	for (i = 0; i < 256; i++)
		bad += !plo_is(PLO_TEST | i, 3);
	check_equal(bad, 0, "no function of PLO is installed");
	check(plo_is(0xffffffff00000000 | PLO_TEST, 3),
	      "the left half of the register is ignored");
	check(catch_pgm(ask_plo, 0, &cc) && pgm_code() == PGM_SPECIFICATION,
	      "and so none is executed");
	check(catch_pgm(ask_plo, PLO_TEST | 0x200, &cc) &&
	      pgm_code() == PGM_SPECIFICATION, "reserved bits of PLO are zero");
}

int main(void)
{
	check(facility(158), "Ultravisor-call facility");
	check(facility(161), "unpack facility");
	check_equal(refused(diag308_pgm, DIAG308_PV_SET, 0x10000),
		    PGM_SPECIFICATION, "a host cannot become a guest");
	test_plo();
	show_facilities();
	/* The runner knows what is to be expected. */
	say("# init ");
	say_hex(host_init(), 4);
	say("\n");
	plan();
	return 0;
}
