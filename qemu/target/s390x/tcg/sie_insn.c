// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Instructions of a guest in SIE: which of them its host gets to see.
 *
 * Privileged instructions that are not in the table below are the host's to
 * emulate: all of channel I/O, SIGNAL PROCESSOR, DIAGNOSE, service calls, what
 * tells about or changes the machine.  Others that are not in it are the
 * guest's own.
 */
#include "qemu/osdep.h"
#include "cpu.h"
#include "s390x-internal.h"
#include "hw/s390x/uv-compat.h"
#include "exec/helper-proto.h"
#include "tcg_s390x.h"
#include "hw/s390x/ultravisor.h"
#include "sie.h"
#include "sie_pv.h"
#include "pv/sie.h"

enum action {
	INTERPRET,
	INTERCEPT,
	BY_ICTL,	/* interception control @bits */
	BY_LCTL,	/* control register interception, registers in the text */
	INTERLOCK,	/* of the host's walks through the guest's tables */
};

/**
 * struct rule - what is done about an instruction
 * @recheck: may enable the guest for what its host requested
 */
struct rule {
	uint16_t opc;
	uint8_t action;
	bool recheck;
	uint32_t bits;
};

#define UV_CALL	0xb9a4

/* The first rule is that for privileged instructions without one. */
static const struct rule rules[] = {
	{ 0,      INTERCEPT },
	{ 0x8000, INTERPRET, true },				/* SSM */
	{ 0x8200, BY_ICTL, true, PV_SIE_ICTL_LPSW },		/* LPSW */
	{ 0xac00, INTERPRET },					/* STNSM */
	{ 0xad00, INTERPRET, true },				/* STOSM */
	{ 0xb100, INTERPRET },					/* LRA */
	{ 0xb206, INTERPRET },					/* SCKC */
	{ 0xb207, INTERPRET },					/* STCKC */
	{ 0xb208, INTERPRET },					/* SPT */
	{ 0xb209, INTERPRET },					/* STPT */
	{ 0xb20a, INTERPRET },					/* SPKA */
	{ 0xb20b, INTERPRET },					/* IPK */
	{ 0xb20d, INTERPRET },					/* PTLB */
	{ 0xb221, INTERLOCK },					/* IPTE */
	{ 0xb229, BY_ICTL, false, PV_SIE_ICTL_ISKE },		/* ISKE */
	{ 0xb22a, BY_ICTL, false, PV_SIE_ICTL_RRBE },		/* RRBE */
	{ 0xb22b, BY_ICTL, false, PV_SIE_ICTL_SSKE },		/* SSKE */
	{ 0xb246, INTERPRET },					/* STURA */
	{ 0xb24b, INTERPRET },					/* LURA */
	{ 0xb250, INTERLOCK },					/* CSP */
	{ 0xb280, INTERPRET },					/* LPP */
	{ 0xb2b2, BY_ICTL, true, PV_SIE_ICTL_LPSW },		/* LPSWE */
	{ 0xb600, BY_ICTL, false, PV_SIE_ICTL_STCTL },		/* STCTL */
	{ 0xb700, BY_LCTL, true },				/* LCTL */
	{ 0xb905, INTERPRET },					/* LURAG */
	{ 0xb925, INTERPRET },					/* STURG */
	{ 0xb98a, INTERLOCK },					/* CSPG */
	{ 0xb98d, INTERPRET },					/* EPSW */
	{ 0xb98e, INTERLOCK },					/* IDTE */
	{ UV_CALL, INTERCEPT },
	{ 0xe303, INTERPRET },					/* LRAG */
	{ 0xe313, INTERPRET },					/* LRAY */
	{ 0xe501, BY_ICTL, false, PV_SIE_ICTL_TPROT },		/* TPROT */
	{ 0xeb25, BY_ICTL, false, PV_SIE_ICTL_STCTL },		/* STCTG */
	{ 0xeb2f, BY_LCTL, true },				/* LCTLG */
};

int s390_sie_find_rule(unsigned int opc, bool privileged)
{
	int i;

	for (i = 1; i < ARRAY_SIZE(rules); i++) {
		if (rules[i].opc != opc)
			continue;
		return rules[i].action == INTERPRET && !rules[i].recheck ? -1 :
									   i;
	}
	return privileged ? 0 : -1;
}

/* Does an instruction load one of the control registers the host watches? */
static bool loads_watched(CPUS390XState *env, uint64_t text)
{
	uint16_t watched = s390_sie_ld(env, 2, lctl);
	int last = extract64(text, 48, 4);
	int i;

	for (i = extract64(text, 52, 4);; i = (i + 1) % 16) {
		if (watched & 0x8000 >> i)
			return true;
		if (i == last)
			return false;
	}
}

/* First word of the system control area, bit 0: the host walks. */
static bool host_walks(CPUS390XState *env)
{
	uint64_t sca = s390_sie_ld(env, 4, scaoh) << 32 |
		       (s390_sie_ld(env, 4, scaol) & ~UINT32_C(0x3f));

	if (!sca)
		return false;
	sca = s390_sie_host_absolute(env, sca);
	/* A hidden page tells nothing, not even by this bit. */
	return !s390_uv_cpu_access(sca) &&
	       address_space_ldub(env_cpu(env)->as, sca,
				  MEMTXATTRS_UNSPECIFIED, NULL) & 0x80;
}

static bool is_intercepted(CPUS390XState *env, const struct rule *rule,
			   uint64_t text)
{
	switch ((enum action)rule->action) {
	case INTERPRET:
		return false;
	case INTERCEPT:
		return true;
	case BY_ICTL:
		return s390_sie_ld(env, 4, ictl) & rule->bits;
	case BY_LCTL:
		return loads_watched(env, text);
	case INTERLOCK:
		return host_walks(env);
	}
	g_assert_not_reached();
}

/*
 * The PSW is behind the instruction then, or behind the EXECUTE, whose length
 * the host is told.
 */
void s390_sie_intercept(CPUS390XState *env, unsigned int code, uint64_t text,
			bool executed, uintptr_t ra)
{
	CPUState *cs = env_cpu(env);

	cpu_restore_state(cs, ra);
	env->psw.addr += env->int_pgm_ilen;
	s390_sie_st(env, 1, icptstatus,
		    executed ? 1 | env->int_pgm_ilen << 4 : 0);
	s390_sie_st(env, 2, ipa, text >> 48);
	s390_sie_st(env, 4, ipb, text >> 16);
	s390_sie_leave(env, code, true);
	cpu_loop_exit(cs);
}

void HELPER(sie_instruction)(CPUS390XState *env, uint64_t text, uint32_t number,
			     uint32_t executed)
{
	const struct rule *rule = &rules[number];

	if (s390_sie_protected(env)) {
		/* What a host cannot ask for is the guest's own. */
		if (rule->action == INTERCEPT && rule->opc != UV_CALL)
			s390_sie_pv_instruction(env, text, GETPC());
		if (rule->action == BY_LCTL)
			env->sie.controls_loaded = loads_watched(env, text);
	} else if (is_intercepted(env, rule, text))
		s390_sie_intercept(env, PV_SIE_ICPT_INST, text, executed,
				   GETPC());
	if (rule->recheck)
		s390_sie_recheck(env);
}

void HELPER(sie_operation)(CPUS390XState *env, uint64_t text, uint32_t executed)
{
	uintptr_t ra = GETPC();

	if (!s390_sie_protected(env) &&
	    s390_sie_ld(env, 4, ictl) & PV_SIE_ICTL_OPEREXC)
		s390_sie_intercept(env, PV_SIE_ICPT_OPEREXC, text, executed,
				   ra);
	tcg_s390_program_interrupt(env, PGM_OPERATION, ra);
}

int s390_sie_facilities(CPUS390XState *env, uint8_t list[S390_SIE_FACILITIES],
			uintptr_t ra)
{
	/* Its lowest bits are flags. */
	uint64_t addr = s390_sie_ld(env, 4, fac) & 0x7ffffff8;
	int len = S390_SIE_FACILITIES;

	if (addr)
		addr = s390_sie_host_absolute(env, addr);
	if (!addr || !s390_uv_host_may_access(addr, len))
		tcg_s390_program_interrupt(env, PGM_OPERATION, ra);
	address_space_read(env_cpu(env)->as, addr, MEMTXATTRS_UNSPECIFIED,
			   list, len);
	if (s390_sie_protected(env))
		s390_sie_pv_facilities(list, len);
	while (len > 8 && !list[len - 1])
		len--;
	return ROUND_UP(len, 8);
}
