// SPDX-License-Identifier: MIT
/* Entering and leaving SIE with a secure CPU, and its instructions. */
#include <string.h>

#include <openssl/crypto.h>

#include "array.h"
#include "bytes.h"
#include "handle.h"
#include "report.h"
#include "sie.h"

struct uv_cpu_state *uv_vcpu_state(struct uv_vcpu *vcpu)
{
	return &vcpu->state;
}

struct uv_config *uv_vcpu_config(struct uv_vcpu *vcpu)
{
	return vcpu->config;
}

static const struct uv_sie_result runs = { .action = UV_SIE_RUN };
static const struct uv_sie_result exits = { .action = UV_SIE_EXIT };

struct uv_sie_result uv_sie_validity(const struct uv_machine *machine,
				     uint64_t block,
				     enum uv_sie_validity reason)
{
	uint8_t code = PV_SIE_ICPT_VALIDITY;
	pv_be32 ipb = put32((uint32_t)(PV_SIE_VALIDITY + reason) << 16);

	/* What was the host's at entry may be a page of a guest by now. */
	if (!uv_host_range(machine, block, sizeof(struct pv_sie_block)))
		return exits;
	machine->ops.write_abs(machine->opaque, block +
			       UV_BLOCK(ipb), &ipb,
			       sizeof(ipb));
	machine->ops.write_abs(machine->opaque, block +
			       UV_BLOCK(icptcode), &code,
			       sizeof(code));
	uv_log(machine, UV_LOG_INFO,
	       "a secure CPU does not run: validity 0x%04x",
	       PV_SIE_VALIDITY + reason);
	return exits;
}

/* Which of the two handles is the wrong one is told by whose the block is. */
static enum uv_sie_validity check_handles(const struct uv_machine *machine,
					  const struct uv_vcpu *vcpu,
					  uint64_t config, uint64_t block)
{
	if (!vcpu || !uv_config_by_handle(machine, config))
		return UV_INVALID_HANDLE;
	if (vcpu->block != block)
		return UV_INVALID_CPU;
	return vcpu->config->handle == config ? UV_VALID : UV_INVALID_CONFIG;
}

/* The host may charge the guest for the time that it was away, not more. */
static bool timer_plausible(const struct uv_vcpu *vcpu, uint64_t timer,
			    uint64_t now)
{
	uint64_t lowered = vcpu->state.cpu_timer - timer;
	uint64_t stopped = vcpu->timer_stopped;

	/* Hosts can set their clock back. */
	return !stopped || lowered <= (now > stopped ? now - stopped : 0);
}

static enum uv_sie_validity check(const struct uv_machine *machine,
				  const struct uv_sie_entry *entry,
				  const struct uv_vcpu *vcpu,
				  const struct pv_sie_block *block)
{
	enum uv_sie_validity reason =
		check_handles(machine, vcpu, get64(block->pv_handle_config),
			      entry->block);

	if (reason)
		return reason;
	if (vcpu->in_sie)
		return UV_INVALID_RUNNING;
	if (entry->asce != vcpu->config->asce)
		return UV_INVALID_ASCE;
	if (!timer_plausible(vcpu, get64(block->cputm), entry->time))
		return UV_INVALID_TIMER;
	if (vcpu->run != UV_VCPU_OPERATING ||
	    !uv_config_may_run(vcpu->config))
		return UV_INVALID_STATE;
	reason = uv_sie_may_inject(vcpu, block);
	if (reason)
		return reason;
	return vcpu->config->dump.active ? UV_INVALID_DUMPING : UV_VALID;
}

static uint64_t prefix_gaddr(const struct uv_vcpu *vcpu)
{
	return vcpu->config->space.origin + vcpu->state.prefix;
}

/* Interruptions go there, and the host may have taken it away. */
static bool prefix_reachable(const struct uv_machine *machine,
			     const struct uv_vcpu *vcpu,
			     struct uv_guest_fault *fault)
{
	uint64_t frame;

	for (uint64_t offset = 0; offset < LOWCORE_SIZE;
	     offset += PV_PAGE_SIZE) {
		if (uv_guest_frame(machine, vcpu->config,
				   prefix_gaddr(vcpu) + offset, true, &frame,
				   fault))
			return false;
	}
	return true;
}

/*
 * The host continues, and the CPU did not run.  What the host has put into the
 * block, its answer to an instruction in particular, stays there.
 */
static struct uv_sie_result stay_out(struct uv_machine *machine,
				     struct uv_vcpu *vcpu,
				     const struct uv_guest_fault *fault)
{
	bool prefix = fault->code == PV_PGM_NON_SECURE_ACCESS &&
		      fault->gaddr - prefix_gaddr(vcpu) < LOWCORE_SIZE;

	uv_block_put8(machine, vcpu, UV_BLOCK(icptcode),
		      prefix ? PV_SIE_ICPT_PV_PREFIX : PV_SIE_ICPT_NONE);
	return prefix ? exits : uv_sie_fault(fault);
}

static bool is_program(const struct pv_sie_block *block)
{
	return block->iictl == PV_SIE_INJECT_SPECIFICATION ||
	       block->iictl == PV_SIE_INJECT_OPERAND;
}

/*
 * A service call is intercepted twice: the host learns when its answer is in
 * the guest's storage, and a service signal is welcome.
 */
static bool is_service_call(const struct uv_sie_insn *insn)
{
	return insn->storage.length == UV_LEN_SCCB;
}

static struct uv_sie_result notify_service_call(struct uv_machine *machine,
						struct uv_vcpu *vcpu)
{
	pv_be64 zeros[16] = { 0 };

	uv_sie_set_cc(vcpu, 0);
	uv_block_put(machine, vcpu, UV_BLOCK(pv_grregs),
		     zeros, sizeof(zeros));
	uv_sie_expose(machine, vcpu, PV_SIE_ICPT_PV_NOTIFY);
	return exits;
}

/* What waited is complete, what is injected has been delivered. */
static struct uv_sie_result go_on(struct uv_machine *machine,
				  struct uv_vcpu *vcpu,
				  const struct pv_sie_block *block)
{
	const struct uv_sie_insn *insn = vcpu->pending.insn;
	struct uv_guest_fault fault;

	if (insn && !is_program(block)) {
		if (!uv_sie_take_back(machine, vcpu, block, &fault))
			return stay_out(machine, vcpu, &fault);
		vcpu->pending = (struct uv_sie_pending){ 0 };
		if (is_service_call(insn))
			return notify_service_call(machine, vcpu);
	}
	if (!uv_sie_inject(machine, vcpu, block, &fault))
		return stay_out(machine, vcpu, &fault);
	vcpu->pending = (struct uv_sie_pending){ 0 };
	if (get32(block->cpuflags) & PV_SIE_CPUFLAG_STOP_INT) {
		uv_sie_expose(machine, vcpu, PV_SIE_ICPT_STOP);
		return exits;
	}
	vcpu->in_sie = true;
	return runs;
}

struct uv_sie_result uv_sie_enter(struct uv_machine *machine,
				  const struct uv_sie_entry *entry,
				  struct uv_vcpu **vcpu)
{
	struct uv_guest_fault fault = { .code = PGM_ADDRESSING, .store = true };
	struct uv_sie_result result;
	enum uv_sie_validity reason;
	struct pv_sie_block block;
	struct uv_vcpu *found;

	*vcpu = NULL;
	if (!uv_host_range(machine, entry->block, sizeof(block)) ||
	    machine->ops.read_abs(machine->opaque, entry->block, &block,
				  sizeof(block)) != UV_ACCESS_OK)
		return uv_sie_fault(&fault);
	found = uv_vcpu_find(machine, get64(block.pv_handle_cpu));
	reason = check(machine, entry, found, &block);
	if (reason)
		return uv_sie_validity(machine, entry->block, reason);
	found->state.cpu_timer = get64(block.cputm);
	found->timer_stopped = entry->time;
	if (!prefix_reachable(machine, found, &fault))
		return stay_out(machine, found, &fault);
	result = go_on(machine, found, &block);
	OPENSSL_cleanse(&block, sizeof(block));
	if (result.action == UV_SIE_RUN)
		*vcpu = found;
	return result;
}

void uv_sie_leave(struct uv_machine *machine, struct uv_vcpu *vcpu,
		  enum uv_sie_reason reason)
{
	static const uint8_t codes[UV_SIE_REASONS] = {
		[UV_SIE_HOST] = PV_SIE_ICPT_NONE,
		[UV_SIE_WAIT] = PV_SIE_ICPT_WAIT,
		[UV_SIE_STOP] = PV_SIE_ICPT_STOP,
		[UV_SIE_INT_ENABLE] = PV_SIE_ICPT_INT_ENABLE,
		[UV_SIE_SPECIFICATION_LOOP] = PV_SIE_ICPT_PROGI,
		[UV_SIE_EXTERNAL_LOOP] = PV_SIE_ICPT_EXTINT,
	};

	uv_sie_expose(machine, vcpu, codes[reason]);
}

/* ---- instructions ---- */

static bool misaligned(const struct uv_sie_insn *insn, uint64_t addr)
{
	return addr & insn->storage.align;
}

static bool has_operand(const struct uv_sie_insn *insn,
			const struct uv_cpu_state *state)
{
	const struct uv_sie_storage *storage = &insn->storage;

	return storage->place != UV_SIE_OPERAND_NONE &&
	       (!storage->wanted || storage->wanted(state));
}

static uint64_t operand_address(const struct uv_sie_insn *insn,
				const struct uv_cpu_state *state, uint64_t text)
{
	uint64_t addr = uv_sie_value(state, text, insn->storage.source);

	/* Blocks of service calls have addresses of 31 bits. */
	if (insn->storage.length == UV_LEN_SCCB)
		addr &= 0xffffffff;
	return insn->storage.page ? addr & ~(PV_PAGE_SIZE - 1) : addr;
}

struct uv_sie_operand uv_sie_operand(const struct uv_cpu_state *state,
				     uint64_t text)
{
	const struct uv_sie_insn *insn = uv_sie_find(state, text);
	struct uv_sie_operand operand = { 0 };
	const struct uv_sie_storage *storage;

	if (!insn || insn->way == UV_WAY_INTERPRET || !has_operand(insn, state))
		return operand;
	storage = &insn->storage;
	operand.addr = operand_address(insn, state, text);
	if (misaligned(insn, operand.addr) ||
	    !(storage->fetched || storage->stored))
		return (struct uv_sie_operand){ 0 };
	operand.place = storage->place;
	operand.store = storage->stored;
	operand.len = storage->len ? storage->len :
		      (uint16_t)(PV_PAGE_SIZE - operand.addr % PV_PAGE_SIZE);
	return operand;
}

static struct uv_sie_result program(uint16_t code)
{
	return (struct uv_sie_result){ UV_SIE_PROGRAM, .code = code };
}

static struct uv_sie_result carry_out(struct uv_sie_work *work)
{
	uint16_t code = work->insn->run ? work->insn->run(work) : 0;

	if (code)
		return program(code);
	if (work->faulted)
		return uv_sie_not_yet(work);
	if (work->done || work->insn->way == UV_WAY_EXECUTE)
		return runs;
	return uv_sie_present(work);
}

struct uv_sie_result uv_sie_instruction(struct uv_machine *machine,
					struct uv_vcpu *vcpu, uint64_t text,
					unsigned int len,
					const uint64_t operand[2])
{
	struct uv_sie_work work = {
		.machine = machine,
		.vcpu = vcpu,
		.insn = uv_sie_find(&vcpu->state, text),
		.text = text,
		.len = len,
		.operand = { operand[0], operand[1] },
	};

	if (!work.insn)
		return program(PGM_OPERATION);
	if (work.insn->way == UV_WAY_INTERPRET)
		return (struct uv_sie_result){ .action = UV_SIE_INTERPRET };
	if (work.insn->way == UV_WAY_PROGRAM)
		return program(work.insn->code);
	if (has_operand(work.insn, &vcpu->state) &&
	    misaligned(work.insn,
		       operand_address(work.insn, &vcpu->state, text)))
		return program(PGM_SPECIFICATION);
	return carry_out(&work);
}

/* ---- facilities ---- */

/* Service calls with blocks longer than a page: no SIDA carries them. */
#define FACILITY_LONG_SCCB	140
/* The instructions of PCI functions and their interruptions are not carried. */
#define FACILITY_ZPCI		69
#define FACILITY_AEN		71
#define FACILITY_AIS		72

static void set_bit(uint8_t *list, size_t len, unsigned int bit, bool value)
{
	uint8_t mask = (uint8_t)(0x80 >> bit % 8);

	if (bit / 8 >= len)
		return;
	list[bit / 8] = (uint8_t)(value ? list[bit / 8] | mask :
					  list[bit / 8] & ~mask);
}

void uv_sie_facilities(uint8_t *list, size_t len)
{
	static const unsigned int off[] = {
		PV_FACILITY_UNPACK, FACILITY_LONG_SCCB,
		FACILITY_ZPCI, FACILITY_AEN, FACILITY_AIS,
	};

	set_bit(list, len, PV_FACILITY_UVC, true);
	for (unsigned int i = 0; i < ARRAY_SIZE(off); i++)
		set_bit(list, len, off[i], false);
}
