// SPDX-License-Identifier: MIT
/*
 * Privileged instructions that need no host, and what is checked of others
 * before their host sees them.
 */
#include <string.h>

#include "bytes.h"
#include "sie.h"

/* Real address of the word that STORE FACILITY LIST stores. */
#define LOWCORE_FACILITIES	200

#define FACILITY_STHYI		74

/* Version in a CPU id: a guest. */
#define CPU_ID_VERSION		0xff

/* STORE SYSTEM INFORMATION: function code of level 3, and of topology. */
#define STSI_CURRENT_LEVEL	3
#define STSI_TOPOLOGY		15

#define SCCB_HEADER_SIZE	8
#define SCCB_BAD_BITS		0x80000007

void uv_sie_set_cc(struct uv_vcpu *vcpu, unsigned int cc)
{
	vcpu->state.psw.mask &= ~PSW_CC;
	vcpu->state.psw.mask |= (uint64_t)cc << PSW_CC_SHIFT;
}

void uv_sie_rewind(struct uv_vcpu *vcpu, unsigned int len)
{
	struct uv_psw *psw = &vcpu->state.psw;

	psw->addr -= len;
	if (!(psw->mask & PSW_MODE_64))
		psw->addr &= psw->mask & PSW_MODE_31 ? 0x7fffffff : 0xffffff;
}

/* The operand's part in the first page, and the rest of it in the next. */
static size_t in_first_page(const struct uv_sie_work *work, unsigned int offset,
			    size_t len)
{
	size_t room = PV_PAGE_SIZE - work->operand[0] % PV_PAGE_SIZE;

	if (offset >= room)
		return 0;
	return len < room - offset ? len : room - offset;
}

static uint64_t operand_at(const struct uv_sie_work *work, uint64_t offset)
{
	size_t room = PV_PAGE_SIZE - work->operand[0] % PV_PAGE_SIZE;

	return offset < room ? work->operand[0] + offset :
			       work->operand[1] + (offset - room);
}

bool uv_operand_get(struct uv_sie_work *work, unsigned int offset, void *buf,
		    size_t len)
{
	size_t first = in_first_page(work, offset, len);
	uint8_t *to = buf;

	work->faulted =
		uv_abs_read(work->machine, work->vcpu,
			    operand_at(work, offset), to, first,
			    &work->fault) ||
		uv_abs_read(work->machine, work->vcpu,
			    operand_at(work, offset + first), to + first,
			    len - first, &work->fault);
	return !work->faulted;
}

bool uv_operand_put(struct uv_sie_work *work, unsigned int offset,
		    const void *data, size_t len)
{
	const struct uv_config *config = work->vcpu->config;
	size_t first = in_first_page(work, offset, len);
	const uint8_t *from = data;
	uint64_t frame;

	/* Both pages must be there before anything changes. */
	work->faulted =
		(first && uv_guest_frame(work->machine, config,
					 config->space.origin +
					 operand_at(work, offset), true,
					 &frame, &work->fault)) ||
		uv_abs_write(work->machine, work->vcpu,
			     operand_at(work, offset + first), from + first,
			     len - first, &work->fault) ||
		uv_abs_write(work->machine, work->vcpu,
			     operand_at(work, offset), from, first,
			     &work->fault);
	return !work->faulted;
}

static void put(struct uv_sie_work *work, const void *data, size_t len)
{
	uv_operand_put(work, 0, data, len);
}

uint16_t uv_exec_nothing(struct uv_sie_work *work)
{
	(void)work;
	return 0;
}

uint16_t uv_exec_stap(struct uv_sie_work *work)
{
	pv_be16 number = put16(work->vcpu->number);

	put(work, &number, sizeof(number));
	return 0;
}

uint16_t uv_exec_stidp(struct uv_sie_work *work)
{
	uint64_t type = work->machine->profile->machine_type;
	pv_be64 id = put64((uint64_t)CPU_ID_VERSION << 56 |
			   (uint64_t)work->vcpu->number << 32 | type << 16);

	put(work, &id, sizeof(id));
	return 0;
}

uint16_t uv_exec_stpx(struct uv_sie_work *work)
{
	pv_be32 prefix = put32(work->vcpu->state.prefix);

	put(work, &prefix, sizeof(prefix));
	return 0;
}

uint16_t uv_exec_spx(struct uv_sie_work *work)
{
	pv_be32 prefix;

	if (!uv_operand_get(work, 0, &prefix, sizeof(prefix)))
		return 0;
	work->vcpu->state.prefix = get32(prefix) & PV_SIE_PREFIX_MASK;
	return 0;
}

/* The clock is the host's: "value secure". */
uint16_t uv_exec_sck(struct uv_sie_work *work)
{
	uv_sie_set_cc(work->vcpu, 1);
	return 0;
}

uint16_t uv_exec_sckpf(struct uv_sie_work *work)
{
	uint64_t gr0 = work->vcpu->state.gr[0];

	if (gr0 & 0xffff0000)
		return PGM_SPECIFICATION;
	work->vcpu->state.todpr = gr0 & 0xffff;
	return 0;
}

uint16_t uv_exec_tb(struct uv_sie_work *work)
{
	static const uint8_t zeros[PV_PAGE_SIZE];

	put(work, zeros, sizeof(zeros));
	if (work->faulted)
		return 0;
	work->vcpu->state.gr[0] = 0;
	uv_sie_set_cc(work->vcpu, 0);
	return 0;
}

/* Interruptions that the host holds come by its injection only. */
uint16_t uv_exec_tpi(struct uv_sie_work *work)
{
	uv_sie_set_cc(work->vcpu, 0);
	return 0;
}

/* There is no adapter whose queues it could signal. */
uint16_t uv_exec_siga(struct uv_sie_work *work)
{
	uv_sie_set_cc(work->vcpu, 3);
	return 0;
}

/* The list that the host has for its guest, as the guest gets it. */
static uint64_t facilities(const struct uv_sie_work *work, unsigned int word)
{
	const struct uv_machine *machine = work->machine;
	uint8_t list[32] = { 0 };
	pv_be64 field;
	pv_be32 fac;
	uint64_t addr;

	if (!uv_block_get(machine, work->vcpu, UV_BLOCK(fac), &fac,
			  sizeof(fac)))
		return 0;
	addr = get32(fac) & ~7;
	if (!addr || !uv_host_range(machine, addr, sizeof(list)) ||
	    machine->ops.read_abs(machine->opaque, addr, list,
				  sizeof(list)) != UV_ACCESS_OK)
		return 0;
	uv_sie_facilities(list, sizeof(list));
	memcpy(&field, list + 8 * word, sizeof(field));
	return get64(field);
}

uint16_t uv_exec_stfl(struct uv_sie_work *work)
{
	pv_be32 word = put32((uint32_t)(facilities(work, 0) >> 32));

	work->faulted = uv_abs_write(work->machine, work->vcpu,
				     work->vcpu->state.prefix +
				     LOWCORE_FACILITIES, &word, sizeof(word),
				     &work->fault);
	return 0;
}

static unsigned int stsi_function(const struct uv_cpu_state *state)
{
	return state->gr[0] >> 28 & 15;
}

static bool stsi_exists(unsigned int function)
{
	return function <= STSI_CURRENT_LEVEL || function == STSI_TOPOLOGY;
}

bool uv_stsi_has_operand(const struct uv_cpu_state *state)
{
	unsigned int function = stsi_function(state);

	return function && stsi_exists(function);
}

uint16_t uv_check_stsi(struct uv_sie_work *work)
{
	struct uv_cpu_state *state = &work->vcpu->state;
	unsigned int function = stsi_function(state);

	work->done = true;
	if (!stsi_exists(function)) {
		uv_sie_set_cc(work->vcpu, 3);
		return 0;
	}
	if (state->gr[0] & 0x0fffff00 || state->gr[1] & 0xffff0000)
		return PGM_SPECIFICATION;
	if (!function) {
		state->gr[0] &= ~UINT64_C(0xffffffff);
		state->gr[0] |= (uint64_t)STSI_CURRENT_LEVEL << 28;
		uv_sie_set_cc(work->vcpu, 0);
		return 0;
	}
	work->done = false;
	return 0;
}

uint16_t uv_check_sthyi(struct uv_sie_work *work)
{
	unsigned int r1 = uv_sie_register(work->text, UV_SRC_RRE_R1);
	unsigned int r2 = uv_sie_register(work->text, UV_SRC_RRE_R2);

	/* Hosts can present no other exception than specification. */
	if (!(facilities(work, FACILITY_STHYI / 64) &
	      PV_BIT64(FACILITY_STHYI % 64)))
		return PGM_OPERATION;
	return r1 == r2 || r1 & 1 || r2 & 1 ? PGM_SPECIFICATION : 0;
}

uint16_t uv_check_servc(struct uv_sie_work *work)
{
	uint32_t sccb = (uint32_t)uv_sie_value(&work->vcpu->state, work->text,
					       UV_SRC_RRE_R2);
	pv_be16 len;

	if (sccb & SCCB_BAD_BITS)
		return PGM_SPECIFICATION;
	if (!uv_operand_get(work, 0, &len, sizeof(len)))
		return 0;
	if (get16(len) < SCCB_HEADER_SIZE)
		return PGM_SPECIFICATION;
	/* What does not fit into one page cannot be handed over. */
	if (get16(len) > PV_PAGE_SIZE - sccb % PV_PAGE_SIZE) {
		uv_sie_set_cc(work->vcpu, 3);
		work->done = true;
		return 0;
	}
	work->vcpu->config->sccb = sccb;
	return 0;
}

uint16_t uv_check_pair(struct uv_sie_work *work)
{
	return uv_sie_register(work->text, UV_SRC_RS_R1) & 1 ?
	       PGM_SPECIFICATION : 0;
}

uint16_t uv_check_reset(struct uv_sie_work *work)
{
	uv_config_ask_reset(work->vcpu->config);
	return 0;
}
