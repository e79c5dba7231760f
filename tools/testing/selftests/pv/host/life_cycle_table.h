/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Table of life_cycle_test.c: every command of KVM_S390_PV_COMMAND in every
 * state of a machine.
 */
#ifndef PV_SELFTEST_LIFE_CYCLE_TABLE_H
#define PV_SELFTEST_LIFE_CYCLE_TABLE_H

/* The first number after the last command */
#define CMD_UNKNOWN	(PV_CMD_ASYNC_PERFORM + 1)
#define NR_CMDS		(CMD_UNKNOWN + 1)

static const char *const cmd_names[NR_CMDS] = {
	[KVM_PV_ENABLE] = "ENABLE",
	[KVM_PV_DISABLE] = "DISABLE",
	[KVM_PV_SET_SEC_PARMS] = "SET_SEC_PARMS",
	[KVM_PV_UNPACK] = "UNPACK",
	[KVM_PV_VERIFY] = "VERIFY",
	[KVM_PV_PREP_RESET] = "PREP_RESET",
	[KVM_PV_UNSHARE_ALL] = "UNSHARE_ALL",
	[KVM_PV_INFO] = "INFO",
	[KVM_PV_DUMP] = "DUMP",
	[PV_CMD_ASYNC_PREPARE] = "ASYNC_CLEANUP_PREPARE",
	[PV_CMD_ASYNC_PERFORM] = "ASYNC_CLEANUP_PERFORM",
	[CMD_UNKNOWN] = "unknown",
};

/* What can come of a command, in the abbreviations of the table */
enum outcome {
	NO,	/* refused by KVM */
	OK,	/* executed */
	KVM,	/* executed, and no Ultravisor call was needed */
	LAT,	/* executed, with an end that is put off */
	ANY,	/* executed; its codes are a matter of async_test.c */
	ST,	/* refused by the Ultravisor: not in this state */
	TKN,	/* ... the page is the guest's already */
	DST,	/* ... not in this state, or it has no calls for a dump */
	DMP,	/* ... the image allows no dump, or it has no calls for one */
	TTY,	/* no command */
	NR_OUTCOMES
};

#define ANY_CODE	0xffff

/* Codes are 0 where no call is made: the caller's zeros come back. */
static const struct {
	int error;
	unsigned int rc, rrc;
} outcomes[NR_OUTCOMES] = {
	[NO] = { EINVAL, 0, 0 },
	[OK] = { 0, UV_RC_EXECUTED, 0 },
	[KVM] = { 0, 0, 0 },
	[LAT] = { 0, UV_RC_EXECUTED, KVM_RRC_LATER },
	[ANY] = { 0, ANY_CODE, ANY_CODE },
	[ST] = { EINVAL, UV_RC_STATE, 0 },
	[TKN] = { EINVAL, UV_RC_FRAME, 0 },
	[DST] = { EINVAL, UV_RC_STATE, 0 },
	[DMP] = { EINVAL, UV_RC_DUMP, 0 },
	[TTY] = { ENOTTY, 0, 0 },
};

/* What leads to the state: commands, START of the first CPU, END */
#define MAX_STEPS	7
#define END		(-1)
#define START		(-2)

FIXTURE(state) {
	struct guest guest;
};

FIXTURE_VARIANT(state) {
	int steps[MAX_STEPS];
	enum outcome want[NR_CMDS];
};

/*
 * In the order of the numbers:
 *	ENABLE DISABLE SET_SEC_PARMS UNPACK VERIFY PREP_RESET
 *	UNSHARE_ALL INFO DUMP ASYNC_CLEANUP_PREPARE ASYNC_CLEANUP_PERFORM unknown
 */
FIXTURE_VARIANT_ADD(state, plain) {
	.steps = { END },
	.want = { OK, NO, NO, NO, NO, NO, NO, KVM, NO, NO, NO, TTY },
};

FIXTURE_VARIANT_ADD(state, enabled) {
	.steps = { KVM_PV_ENABLE, END },
	.want = { NO, OK, OK, ST, ST, ST, ST, KVM, DST, LAT, NO, TTY },
};

FIXTURE_VARIANT_ADD(state, with_parameters) {
	.steps = { KVM_PV_ENABLE, KVM_PV_SET_SEC_PARMS, END },
	.want = { NO, OK, ST, OK, ST, ST, ST, KVM, DST, LAT, NO, TTY },
};

FIXTURE_VARIANT_ADD(state, unpacked) {
	.steps = { KVM_PV_ENABLE, KVM_PV_SET_SEC_PARMS, KVM_PV_UNPACK, END },
	.want = { NO, OK, ST, TKN, OK, ST, ST, KVM, DST, LAT, NO, TTY },
};

/* No CPU runs: what is shared can be taken back, which a reset demands. */
FIXTURE_VARIANT_ADD(state, verified) {
	.steps = {
		KVM_PV_ENABLE, KVM_PV_SET_SEC_PARMS, KVM_PV_UNPACK,
		KVM_PV_VERIFY, END
	},
	.want = { NO, OK, ST, ST, ST, ST, OK, KVM, DMP, LAT, NO, TTY },
};

FIXTURE_VARIANT_ADD(state, running) {
	.steps = {
		KVM_PV_ENABLE, KVM_PV_SET_SEC_PARMS, KVM_PV_UNPACK,
		KVM_PV_VERIFY, START, END
	},
	.want = { NO, OK, ST, ST, ST, ST, ST, KVM, DMP, LAT, NO, TTY },
};

FIXTURE_VARIANT_ADD(state, unshared) {
	.steps = {
		KVM_PV_ENABLE, KVM_PV_SET_SEC_PARMS, KVM_PV_UNPACK,
		KVM_PV_VERIFY, KVM_PV_UNSHARE_ALL, END
	},
	.want = { NO, OK, ST, ST, ST, OK, OK, KVM, DMP, LAT, NO, TTY },
};

FIXTURE_VARIANT_ADD(state, disabled) {
	.steps = {
		KVM_PV_ENABLE, KVM_PV_SET_SEC_PARMS, KVM_PV_UNPACK,
		KVM_PV_VERIFY, KVM_PV_DISABLE, END
	},
	.want = { OK, NO, NO, NO, NO, NO, NO, KVM, NO, NO, NO, TTY },
};

FIXTURE_VARIANT_ADD(state, aside) {
	.steps = {
		KVM_PV_ENABLE, KVM_PV_SET_SEC_PARMS, KVM_PV_UNPACK,
		KVM_PV_VERIFY, PV_CMD_ASYNC_PREPARE, END
	},
	.want = { OK, NO, NO, NO, NO, NO, NO, KVM, NO, NO, ANY, TTY },
};

FIXTURE_VARIANT_ADD(state, performed) {
	.steps = {
		KVM_PV_ENABLE, KVM_PV_SET_SEC_PARMS, KVM_PV_UNPACK,
		KVM_PV_VERIFY, PV_CMD_ASYNC_PREPARE, PV_CMD_ASYNC_PERFORM, END
	},
	.want = { OK, NO, NO, NO, NO, NO, NO, KVM, NO, NO, NO, TTY },
};

/* Its CPUs are no longer protected after a PREPARE, but it is. */
FIXTURE_VARIANT_ADD(state, aside_and_enabled) {
	.steps = {
		KVM_PV_ENABLE, KVM_PV_SET_SEC_PARMS, KVM_PV_UNPACK,
		KVM_PV_VERIFY, PV_CMD_ASYNC_PREPARE, KVM_PV_ENABLE, END
	},
	.want = { NO, OK, OK, ST, ST, ST, ST, KVM, DST, NO, ANY, TTY },
};

#endif /* PV_SELFTEST_LIFE_CYCLE_TABLE_H */
