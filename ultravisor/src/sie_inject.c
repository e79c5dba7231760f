// SPDX-License-Identifier: MIT
/* Interruptions that a host gives its protected guest. */
#include <string.h>

#include "array.h"
#include "bytes.h"
#include "sie.h"

/* External interruptions. */
#define CLOCK_COMPARATOR	0x1004
#define CPU_TIMER		0x1005
#define EMERGENCY_SIGNAL	0x1201
#define EXTERNAL_CALL		0x1202
#define SERVICE_SIGNAL		0x2401

#define SERVICE_SIGNAL_ADDR	UINT32_C(0xfffffff8)

/* Places in a prefix area where an interruption has its old and new PSW. */
struct psw_pair {
	uint16_t old;
	uint16_t new;
};

static const struct psw_pair restart_psw = { UV_RESTART_OLD_PSW, 0x1a0 };
static const struct psw_pair external_psw = { 0x130, 0x1b0 };
static const struct psw_pair program_psw = { 0x150, 0x1d0 };
static const struct psw_pair machine_check_psw = { 0x160, 0x1e0 };
static const struct psw_pair io_psw = { 0x170, 0x1f0 };

/* Other places there. */
#define AT_EXTERNAL		0x80
#define AT_PROGRAM		0x8c
#define AT_IO			0xb8
#define AT_MACHINE_CHECK	0xe8
#define AT_DAMAGE		0xf4
#define AT_BREAKING_EVENT	0x110
#define AT_EXTENDED_SAVE	0x11b0
#define AT_SAVE			0x1200

#define EXTENDED_SAVE_ADDR	(~UINT64_C(0x3ff))
#define MCIC_VECTORS_VALID	PV_BIT64(25)

/* Which bit of CR0 enables which external interruption. */
static const struct {
	uint16_t code;
	uint64_t mask;
} externals[] = {
	{ CLOCK_COMPARATOR, 0x0800 },
	{ CPU_TIMER, 0x0400 },
	{ EMERGENCY_SIGNAL, 0x4000 },
	{ EXTERNAL_CALL, 0x2000 },
	{ SERVICE_SIGNAL, 0x0200 },
};

/* Which bit of CR14 enables which repressible machine check condition. */
static const struct {
	unsigned int condition;
	uint64_t mask;
} machine_checks[] = {
	{ 2, 0x08000000 },	/* system recovery */
	{ 5, 0x02000000 },	/* external damage */
	{ 7, 0x04000000 },	/* degradation */
	{ 8, 0x01000000 },	/* warning */
	{ 9, 0x10000000 },	/* channel report pending */
};

/* Those that nothing but the PSW can mask: damage of CPU or work. */
#define EXIGENT			(PV_BIT64(0) | PV_BIT64(1))

static uint64_t mcic_of(const struct pv_sie_block *block)
{
	pv_be64 field;

	memcpy(&field, &block->eiparams, sizeof(field));
	return get64(field);
}

static bool external_enabled(const struct uv_vcpu *vcpu,
			     const struct pv_sie_block *block)
{
	uint16_t code = get16(block->eic);

	if (!(vcpu->state.psw.mask & PSW_EXTERNAL))
		return false;
	/* A service signal for a call must answer one. */
	if (code == SERVICE_SIGNAL && !vcpu->config->sccb &&
	    get32(block->eiparams) & SERVICE_SIGNAL_ADDR)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(externals); i++) {
		if (externals[i].code == code)
			return vcpu->state.cr[0] & externals[i].mask;
	}
	return false;
}

static bool io_enabled(const struct uv_vcpu *vcpu,
		       const struct pv_sie_block *block)
{
	unsigned int isc = (get32(block->io_int_word) >> 27) & 7;

	return vcpu->state.psw.mask & PSW_IO &&
	       vcpu->state.cr[6] & (UINT64_C(0x80000000) >> isc);
}

static bool machine_check_enabled(const struct uv_vcpu *vcpu,
				  const struct pv_sie_block *block)
{
	uint64_t mcic = mcic_of(block);

	if (!(vcpu->state.psw.mask & PSW_MACHINE_CHECK))
		return false;
	if (mcic & EXIGENT)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(machine_checks); i++) {
		if (mcic & PV_BIT64(machine_checks[i].condition) &&
		    vcpu->state.cr[14] & machine_checks[i].mask)
			return true;
	}
	return false;
}

/* Between an instruction and its completion nothing else may happen. */
static bool in_between(const struct uv_vcpu *vcpu)
{
	return vcpu->pending.insn &&
	       vcpu->pending.insn->way == UV_WAY_INTERCEPT;
}

static bool enabled(const struct uv_vcpu *vcpu,
		    const struct pv_sie_block *block)
{
	if (in_between(vcpu))
		return false;
	switch (block->iictl) {
	case PV_SIE_INJECT_MCHK:
		return machine_check_enabled(vcpu, block);
	case PV_SIE_INJECT_EXT:
		return external_enabled(vcpu, block);
	case PV_SIE_INJECT_IO:
		return io_enabled(vcpu, block);
	default:
		return block->iictl == PV_SIE_INJECT_RESTART;
	}
}

enum uv_sie_validity uv_sie_may_inject(const struct uv_vcpu *vcpu,
				       const struct pv_sie_block *block)
{
	const struct uv_sie_insn *insn = vcpu->pending.insn;

	switch (block->iictl) {
	case PV_SIE_INJECT_NONE:
		return UV_VALID;
	case PV_SIE_INJECT_SPECIFICATION:
		return in_between(vcpu) && insn->specification ?
		       UV_VALID : UV_INVALID_PROGRAM;
	case PV_SIE_INJECT_OPERAND:
		return in_between(vcpu) && insn->operand ?
		       UV_VALID : UV_INVALID_PROGRAM;
	default:
		return enabled(vcpu, block) ? UV_VALID :
					      UV_INVALID_INTERRUPTION;
	}
}

/**
 * struct delivery - an interruption on its way
 * @failed: something could not be stored, see @fault
 *
 * Single fields of the prefix area are stored: other CPUs of the guest may be
 * storing into the rest of it.  If one of them fails all is done again later;
 * until the PSW is exchanged no guest may rely on these fields.
 */
struct delivery {
	struct uv_machine *machine;
	struct uv_vcpu *vcpu;
	struct uv_guest_fault *fault;
	bool failed;
};

static void put_at(struct delivery *d, unsigned int offset, const void *field,
		   size_t len)
{
	d->failed = d->failed ||
		    uv_abs_write(d->machine, d->vcpu,
				 d->vcpu->state.prefix + offset, field, len,
				 d->fault);
}

static void get_at(struct delivery *d, unsigned int offset, void *field,
		   size_t len)
{
	d->failed = d->failed ||
		    uv_abs_read(d->machine, d->vcpu,
				d->vcpu->state.prefix + offset, field, len,
				d->fault);
}

#define PUT(d, offset, value) do {					\
	__typeof__(value) be_ = (value);				\
	put_at(d, offset, &be_, sizeof(be_));				\
} while (0)

static bool finish(struct delivery *d, const struct psw_pair *pair)
{
	struct uv_psw *psw = &d->vcpu->state.psw;
	struct pv_sie_psw old = { put64(psw->mask), put64(psw->addr) };
	struct pv_sie_psw loaded;

	get_at(d, pair->new, &loaded, sizeof(loaded));
	put_at(d, pair->old, &old, sizeof(old));
	if (d->failed)
		return false;
	psw->mask = get64(loaded.mask);
	psw->addr = get64(loaded.addr);
	return true;
}

static bool deliver_external(struct delivery *d,
			     const struct pv_sie_block *block)
{
	uint16_t code = get16(block->eic);
	uint32_t parameter = get32(block->eiparams);
	bool from_cpu = code == EMERGENCY_SIGNAL || code == EXTERNAL_CALL;
	bool answers = code == SERVICE_SIGNAL &&
		       parameter & SERVICE_SIGNAL_ADDR;

	/* The host does not know where the block is. */
	if (answers)
		parameter = (parameter & ~SERVICE_SIGNAL_ADDR) |
			    d->vcpu->config->sccb;
	if (code == SERVICE_SIGNAL)
		PUT(d, AT_EXTERNAL, put32(parameter));
	PUT(d, AT_EXTERNAL + 4, from_cpu ? block->extcpuaddr : put16(0));
	PUT(d, AT_EXTERNAL + 6, put16(code));
	if (!finish(d, &external_psw))
		return false;
	if (answers)
		d->vcpu->config->sccb = 0;
	return true;
}

static bool deliver_io(struct delivery *d, const struct pv_sie_block *block)
{
	put_at(d, AT_IO, &block->subchannel_id, 12);
	return finish(d, &io_psw);
}

/* The vectors, if the guest has an area for them. */
static bool save_vectors(struct delivery *d)
{
	const struct uv_sie_storing to = { d->machine, d->vcpu, NULL };
	pv_be64 field;
	uint64_t area;

	get_at(d, AT_EXTENDED_SAVE, &field, sizeof(field));
	if (d->failed)
		return false;
	area = get64(field) & EXTENDED_SAVE_ADDR;
	return area && !uv_sie_save_vectors(&to, area);
}

static void save_registers(struct delivery *d)
{
	const struct uv_sie_storing to = { d->machine, d->vcpu, d->fault };

	d->failed = d->failed ||
		    uv_sie_save_registers(&to, d->vcpu->state.prefix + AT_SAVE);
}

static bool deliver_machine_check(struct delivery *d,
				  const struct pv_sie_block *block)
{
	uint64_t mcic = mcic_of(block);

	/* What cannot be saved is said to be missing. */
	if (mcic & MCIC_VECTORS_VALID && !save_vectors(d))
		mcic &= ~MCIC_VECTORS_VALID;
	PUT(d, AT_MACHINE_CHECK, put64(mcic));
	PUT(d, AT_DAMAGE, block->edc);
	PUT(d, AT_DAMAGE + 4, block->faddr);
	save_registers(d);
	return finish(d, &machine_check_psw);
}

/* Exceptions of the instruction that the host looked at. */
static bool deliver_program(struct delivery *d, uint16_t code)
{
	uint64_t first = d->vcpu->pending.text >> 46;
	unsigned int len = first == 0 ? 2 : first == 3 ? 6 : 4;

	PUT(d, AT_PROGRAM, put16((uint16_t)len));
	PUT(d, AT_PROGRAM + 2, put16(code));
	PUT(d, AT_BREAKING_EVENT, put64(d->vcpu->state.gbea));
	return finish(d, &program_psw);
}

static bool deliver(struct delivery *d, const struct pv_sie_block *block)
{
	switch (block->iictl) {
	case PV_SIE_INJECT_MCHK:
		return deliver_machine_check(d, block);
	case PV_SIE_INJECT_EXT:
		return deliver_external(d, block);
	case PV_SIE_INJECT_IO:
		return deliver_io(d, block);
	case PV_SIE_INJECT_RESTART:
		return finish(d, &restart_psw);
	case PV_SIE_INJECT_SPECIFICATION:
		return deliver_program(d, PGM_SPECIFICATION);
	default:
		return deliver_program(d, PGM_OPERAND);
	}
}

static bool take_restart(struct delivery *d)
{
	if (!d->vcpu->restart)
		return true;
	if (!finish(d, &restart_psw))
		return false;
	d->vcpu->restart = false;
	return true;
}

bool uv_sie_inject(struct uv_machine *machine, struct uv_vcpu *vcpu,
		   const struct pv_sie_block *block,
		   struct uv_guest_fault *fault)
{
	struct delivery d = { .machine = machine, .vcpu = vcpu,
			      .fault = fault };
	bool restarted = vcpu->restart;

	if (!take_restart(&d))
		return false;
	if (!block->iictl)
		return true;
	/* The host's view of the restart that it was told of. */
	if (!(restarted && block->iictl == PV_SIE_INJECT_RESTART) &&
	    !deliver(&d, block))
		return false;
	uv_block_put8(machine, vcpu, UV_BLOCK(iictl), PV_SIE_INJECT_NONE);
	return true;
}
