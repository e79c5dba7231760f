// SPDX-License-Identifier: MIT
/* What crosses the border between a secure CPU and its host, and how. */
#include <string.h>

#include <openssl/crypto.h>

#include "array.h"
#include "bytes.h"
#include "sie.h"

/*
 * What the host sees of the PSW and of control registers: the masks of
 * interruptions, which it needs to decide what it may inject, with the bit that
 * makes comparisons with the clock signed; and the condition code.
 */
#define PSW_SHOWN	(PSW_IO | PSW_EXTERNAL | PSW_MACHINE_CHECK | \
			 PSW_WAIT | PSW_PROBLEM | PSW_CC)
#define CR0_SHOWN	UINT64_C(0x002000000000fff0)
#define CR6_SHOWN	UINT64_C(0x00000000ff000000)
#define CR14_SHOWN	UINT64_C(0x000000001f000000)

#define CHSC_HEADER_SIZE	16
#define UVC_LEN			4

/* Answer of DIAGNOSE 308: there is a block. */
#define IPL_BLOCK_STORED	1

uint16_t uv_abs_read(const struct uv_machine *machine,
		     const struct uv_vcpu *vcpu, uint64_t addr, void *buf,
		     size_t len, struct uv_guest_fault *fault)
{
	const struct uv_config *config = vcpu->config;

	return uv_guest_read(machine, config, config->space.origin + addr, buf,
			     len, fault);
}

uint16_t uv_abs_write(const struct uv_machine *machine,
		      const struct uv_vcpu *vcpu, uint64_t addr,
		      const void *data, size_t len,
		      struct uv_guest_fault *fault)
{
	const struct uv_config *config = vcpu->config;

	return uv_guest_write(machine, config, config->space.origin + addr,
			      data, len, fault);
}

bool uv_host_range(const struct uv_machine *machine, uint64_t addr,
		   uint64_t len)
{
	if (addr + len < addr)
		return false;
	for (uint64_t page = addr & ~(PV_PAGE_SIZE - 1); page < addr + len;
	     page += PV_PAGE_SIZE) {
		if (!uv_storage_page(&machine->storage, page) ||
		    uv_cpu_may_access(machine, NULL, page, 0))
			return false;
	}
	return true;
}

void uv_block_put(const struct uv_machine *machine, const struct uv_vcpu *vcpu,
		  size_t offset, const void *data, size_t len)
{
	/* Its host may have given it to a guest while the CPU was running. */
	if (!uv_host_range(machine, vcpu->block + offset, len))
		return;
	machine->ops.write_abs(machine->opaque, vcpu->block + offset, data,
			       len);
}

bool uv_block_get(const struct uv_machine *machine, const struct uv_vcpu *vcpu,
		  size_t offset, void *data, size_t len)
{
	return uv_host_range(machine, vcpu->block + offset, len) &&
	       machine->ops.read_abs(machine->opaque, vcpu->block + offset,
				     data, len) == UV_ACCESS_OK;
}

void uv_block_put8(const struct uv_machine *machine,
		   const struct uv_vcpu *vcpu, size_t offset, uint8_t value)
{
	uv_block_put(machine, vcpu, offset, &value, sizeof(value));
}

void uv_block_put64(const struct uv_machine *machine,
		    const struct uv_vcpu *vcpu, size_t offset, uint64_t value)
{
	pv_be64 field = put64(value);

	uv_block_put(machine, vcpu, offset, &field, sizeof(field));
}

void uv_sie_expose(const struct uv_machine *machine, struct uv_vcpu *vcpu,
		   uint8_t icptcode)
{
	const struct uv_cpu_state *state = &vcpu->state;

	uv_block_put64(machine, vcpu, UV_BLOCK(cputm), state->cpu_timer);
	uv_block_put64(machine, vcpu, UV_BLOCK(ckc), state->ckc);
	uv_block_put8(machine, vcpu, UV_BLOCK(icptcode), icptcode);
	uv_block_put64(machine, vcpu, UV_BLOCK(gpsw.mask),
		       state->psw.mask & PSW_SHOWN);
	uv_block_put64(machine, vcpu, UV_BLOCK(gpsw.addr), 0);
	uv_block_put64(machine, vcpu, UV_BLOCK(gcr[0]),
		       state->cr[0] & CR0_SHOWN);
	uv_block_put64(machine, vcpu, UV_BLOCK(gcr[6]),
		       state->cr[6] & CR6_SHOWN);
	uv_block_put64(machine, vcpu, UV_BLOCK(gcr[14]),
		       state->cr[14] & CR14_SHOWN);
	if (state->time > vcpu->timer_stopped)
		vcpu->timer_stopped = state->time;
	vcpu->in_sie = false;
}

struct uv_sie_result uv_sie_fault(const struct uv_guest_fault *fault)
{
	return (struct uv_sie_result){
		.action = UV_SIE_FAULT,
		.code = fault->code,
		.gaddr = fault->gaddr,
		.store = fault->store,
	};
}

struct uv_sie_result uv_sie_not_yet(struct uv_sie_work *work)
{
	uv_sie_rewind(work->vcpu, work->len);
	uv_sie_expose(work->machine, work->vcpu, PV_SIE_ICPT_NONE);
	return uv_sie_fault(&work->fault);
}

static uint64_t rightmost(uint64_t value, unsigned int bytes)
{
	return bytes < 8 ? value & ((UINT64_C(1) << 8 * bytes) - 1) : value;
}

static void put_registers(const struct uv_sie_work *work)
{
	const struct uv_sie_insn *insn = work->insn;
	pv_be64 registers[16] = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(insn->out) && insn->out[i].bytes;
	     i++) {
		const struct uv_sie_register *out = &insn->out[i];
		uint64_t value = uv_sie_value(&work->vcpu->state, work->text,
					      out->source);

		registers[out->number] = put64(rightmost(value, out->bytes));
	}
	uv_block_put(work->machine, work->vcpu,
		     UV_BLOCK(pv_grregs), registers,
		     sizeof(registers));
	/* KVM takes the last two from here.  No instruction uses them. */
	uv_block_put(work->machine, work->vcpu,
		     UV_BLOCK(gg14), &registers[14],
		     2 * sizeof(registers[0]));
}

/* Where the area is, if it can take @len bytes and is the host's. */
static bool find_sida(const struct uv_machine *machine,
		      const struct uv_vcpu *vcpu, size_t len, uint64_t *addr)
{
	uint64_t designation;
	pv_be64 field;

	if (!uv_block_get(machine, vcpu, UV_BLOCK(sidad), &field,
			  sizeof(field)))
		return false;
	designation = get64(field);
	*addr = designation & PV_SIE_SIDA_ADDR_MASK;
	return len <= ((designation & PV_SIE_SIDA_SIZE_MASK) + 1) *
		      PV_PAGE_SIZE &&
	       *addr && uv_host_range(machine, *addr, len);
}

static uint64_t get_number(const uint8_t *at, int bytes)
{
	uint64_t value = 0;

	while (bytes--)
		value = value << 8 | *at++;
	return value;
}

/* Bytes of the operand that its first field claims. */
static size_t claimed(const struct uv_sie_storage *storage, const uint8_t *data)
{
	switch (storage->length) {
	case UV_LEN_SCCB:
	case UV_LEN_CHSC:
		return get_number(data, 2);
	case UV_LEN_IPL_BLOCK:
		return get_number(data, 4);
	default:
		return SIZE_MAX;
	}
}

static size_t length_field(const struct uv_sie_storage *storage)
{
	return storage->length == UV_LEN_FIXED	   ? 0 :
	       storage->length == UV_LEN_IPL_BLOCK ? 4 : 2;
}

static size_t most(const struct uv_sie_work *work)
{
	const struct uv_sie_storage *storage = &work->insn->storage;

	return storage->len ? storage->len :
	       PV_PAGE_SIZE - work->operand[0] % PV_PAGE_SIZE;
}

/*
 * The operand as the host gets it.  It may change under our hands, by another
 * CPU of the guest: its length is looked at once.
 */
static bool fetch_operand(struct uv_sie_work *work, uint8_t data[PV_PAGE_SIZE],
			  size_t *len)
{
	const struct uv_sie_storage *storage = &work->insn->storage;
	size_t known = length_field(storage);

	*len = most(work);
	if (!storage->fetched)
		return true;
	if (known && !uv_operand_get(work, 0, data, known))
		return false;
	if (known && claimed(storage, data) < *len)
		*len = claimed(storage, data);
	if (storage->length == UV_LEN_CHSC && *len < CHSC_HEADER_SIZE)
		*len = CHSC_HEADER_SIZE;
	if (*len < known)
		*len = known;
	return uv_operand_get(work, (unsigned int)known, data + known,
			      *len - known);
}

static void put_text(const struct uv_sie_work *work)
{
	const struct uv_sie_insn *insn = work->insn;
	pv_be16 ipa = put16(insn->ipa ? insn->ipa : insn->opcode);
	pv_be32 ipb = put32(insn->ipb);

	uv_block_put(work->machine, work->vcpu, UV_BLOCK(ipa), &ipa,
		     sizeof(ipa));
	uv_block_put(work->machine, work->vcpu, UV_BLOCK(ipb), &ipb,
		     sizeof(ipb));
}

static void remember(struct uv_sie_work *work, size_t len)
{
	work->vcpu->pending = (struct uv_sie_pending){
		.insn = work->insn,
		.text = work->text,
		.operand = { work->operand[0], work->operand[1] },
		.operand_len = (uint16_t)len,
	};
}

struct uv_sie_result uv_sie_present(struct uv_sie_work *work)
{
	const struct uv_sie_insn *insn = work->insn;
	bool has_operand = insn->storage.fetched || insn->storage.stored;
	uint8_t data[PV_PAGE_SIZE];
	uint64_t sida = 0;
	size_t len = 0;

	if (has_operand && !fetch_operand(work, data, &len))
		return uv_sie_not_yet(work);
	if (has_operand && !find_sida(work->machine, work->vcpu, len, &sida)) {
		uv_sie_rewind(work->vcpu, work->len);
		uv_sie_expose(work->machine, work->vcpu, PV_SIE_ICPT_NONE);
		return uv_sie_validity(work->machine, work->vcpu->block,
				       UV_INVALID_SIDA);
	}
	if (insn->storage.fetched)
		work->machine->ops.write_abs(work->machine->opaque, sida, data,
					     len);
	put_registers(work);
	put_text(work);
	remember(work, len);
	uv_sie_expose(work->machine, work->vcpu,
		      insn->way == UV_WAY_NOTIFY ? PV_SIE_ICPT_PV_NOTIFY :
						   PV_SIE_ICPT_PV_INSTR);
	return (struct uv_sie_result){ .action = UV_SIE_EXIT };
}

struct uv_sie_result uv_sie_fault_uvc(struct uv_machine *machine,
				      struct uv_vcpu *vcpu,
				      const struct uv_guest_fault *fault)
{
	struct uv_sie_work work = {
		.machine = machine, .vcpu = vcpu, .len = UVC_LEN,
		.fault = *fault,
	};

	return uv_sie_not_yet(&work);
}

struct uv_sie_result uv_sie_notify_uvc(struct uv_machine *machine,
				       struct uv_vcpu *vcpu,
				       const struct pv_uvcb_share *block)
{
	static const struct uv_sie_insn uvc = {
		.way = UV_WAY_NOTIFY,
		.ipa = PV_UVC_OPCODE,
	};
	struct uv_sie_work work = {
		.machine = machine, .vcpu = vcpu, .insn = &uvc,
	};
	uint64_t sida;

	/* The guest repeats the call. */
	uv_sie_rewind(vcpu, UVC_LEN);
	uv_sie_expose(machine, vcpu, PV_SIE_ICPT_PV_NOTIFY);
	if (!find_sida(machine, vcpu, sizeof(*block), &sida))
		return uv_sie_validity(machine, vcpu->block, UV_INVALID_SIDA);
	machine->ops.write_abs(machine->opaque, sida, block, sizeof(*block));
	put_registers(&work);
	put_text(&work);
	return (struct uv_sie_result){ .action = UV_SIE_EXIT };
}

/* ---- and back ---- */

static unsigned int host_cc(const struct pv_sie_block *block)
{
	return get64(block->gpsw.mask) >> PSW_CC_SHIFT & 3;
}

/*
 * The part of the operand that the host's answer fills: [from, to) of it, and
 * never more than it was.
 */
static size_t answered(const struct uv_sie_pending *pending,
		       const struct pv_sie_block *block, const uint8_t *data,
		       size_t *from)
{
	const struct uv_sie_storage *storage = &pending->insn->storage;
	size_t limit = pending->operand_len;
	size_t len;

	*from = 0;
	switch (storage->length) {
	case UV_LEN_IPL_BLOCK:
		if (get64(block->pv_grregs[1]) != IPL_BLOCK_STORED)
			return 0;
		len = claimed(storage, data);
		return len < limit ? len : limit;
	case UV_LEN_CHSC:
		/* The response stands behind the request and has a length. */
		*from = limit;
		if (PV_PAGE_SIZE - *from < 2)
			return 0;
		len = *from + claimed(storage, data + *from);
		return len < PV_PAGE_SIZE ? len : PV_PAGE_SIZE;
	default:
		return limit;
	}
}

/* Bytes of the area that can matter. */
static size_t answer_room(const struct uv_sie_pending *pending)
{
	return pending->insn->storage.length == UV_LEN_CHSC ?
	       PV_PAGE_SIZE : pending->operand_len;
}

static bool store_answer(struct uv_sie_work *work,
			 const struct uv_sie_pending *pending,
			 const struct pv_sie_block *block)
{
	uint8_t data[PV_PAGE_SIZE];
	uint64_t sida;
	size_t from;
	size_t to;

	if (!find_sida(work->machine, work->vcpu, answer_room(pending),
		       &sida) ||
	    work->machine->ops.read_abs(work->machine->opaque, sida, data,
					answer_room(pending)) != UV_ACCESS_OK)
		return true;
	to = answered(pending, block, data, &from);
	return to <= from || uv_operand_put(work, (unsigned int)from,
					    data + from, to - from);
}

static void take_registers(struct uv_vcpu *vcpu,
			   const struct uv_sie_pending *pending,
			   const struct pv_sie_block *block)
{
	const struct uv_sie_insn *insn = pending->insn;

	for (size_t i = 0; i < ARRAY_SIZE(insn->back) && insn->back[i].bytes;
	     i++) {
		const struct uv_sie_register *back = &insn->back[i];
		uint64_t *gr = &vcpu->state.gr[uv_sie_register(pending->text,
							       back->source)];
		uint64_t value = rightmost(get64(block->pv_grregs[back->number]),
					   back->bytes);

		*gr = (*gr ^ rightmost(*gr, back->bytes)) | value;
	}
}

bool uv_sie_take_back(struct uv_machine *machine, struct uv_vcpu *vcpu,
		      const struct pv_sie_block *block,
		      struct uv_guest_fault *fault)
{
	const struct uv_sie_pending *pending = &vcpu->pending;
	const struct uv_sie_storage *storage = &pending->insn->storage;
	struct uv_sie_work work = {
		.machine = machine,
		.vcpu = vcpu,
		.insn = pending->insn,
		.operand = { pending->operand[0], pending->operand[1] },
	};
	unsigned int cc = host_cc(block);

	if (storage->stored && storage->ccs >> cc & 1 &&
	    !store_answer(&work, pending, block)) {
		*fault = work.fault;
		return false;
	}
	take_registers(vcpu, pending, block);
	if (pending->insn->cc)
		uv_sie_set_cc(vcpu, cc);
	return true;
}
