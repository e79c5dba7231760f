// SPDX-License-Identifier: MIT
/* Secure CPUs: create, destroy, reset, set state. */
#include <openssl/crypto.h>

#include "array.h"
#include "bytes.h"
#include "guest_memory.h"
#include "handle.h"
#include "pv/sie.h"
#include "report.h"
#include "vcpu.h"

/* What an initial CPU reset leaves behind. */
#define INITIAL_CR0	UINT64_C(0xe0)
#define INITIAL_CR14	UINT64_C(0xc2000000)
#define INITIAL_GBEA	1

/* A short PSW, as it stands at absolute 0: bit 12 is one, bit 32 the mode. */
#define SHORT_PSW_MASK	UINT64_C(0xffffffff80000000)
#define SHORT_PSW_ADDR	UINT64_C(0x7fffffff)
#define SHORT_PSW_BIT	PV_BIT64(12)

#define BLOCK_ALIGN	0x200

/* ---- create and destroy ---- */

/**
 * struct creation - a CPU that is to be
 * @storage: absolute address of what is donated for it
 * @block: absolute address of its state description
 */
struct creation {
	struct uv_call *call;
	struct uv_config *config;
	const struct uv_host_limits *limits;
	uint16_t number;
	uint64_t storage;
	uint64_t block;
};

static uint16_t check_config(const struct creation *c)
{
	return c->config ? PV_RC_EXECUTED : PV_RC_INV_GHANDLE;
}

static uint16_t check_number(const struct creation *c)
{
	return c->number > c->limits->max_cpu_id ? PV_RC_CPU_NUMBER :
						   PV_RC_EXECUTED;
}

static uint16_t check_defined(const struct creation *c)
{
	for (const struct uv_vcpu *vcpu = c->config->vcpus; vcpu;
	     vcpu = vcpu->next) {
		if (vcpu->number == c->number)
			return PV_RC_CPU_DEFINED;
	}
	return PV_RC_EXECUTED;
}

static uint16_t check_storage(const struct creation *c)
{
	return c->storage % PV_PAGE_SIZE ||
	       !uv_storage_normal(&c->call->machine->storage, c->storage,
				  c->limits->cpu_len) ||
	       uv_call_block_in(c->call, c->storage, c->limits->cpu_len) ?
	       PV_RC_CPU_STORAGE : PV_RC_EXECUTED;
}

static uint16_t check_prefix(const struct creation *c)
{
	return uv_machine_is_prefix(c->call->machine, c->storage,
				    c->limits->cpu_len) ?
	       PV_RC_CPU_STORAGE_PREFIX : PV_RC_EXECUTED;
}

/* All of it lies in one page, which must stay the host's. */
static uint16_t check_block(const struct creation *c)
{
	const uint64_t len = sizeof(struct pv_sie_block);
	bool donated = c->block >= c->storage &&
		       c->block - c->storage < c->limits->cpu_len;

	if (!c->block || c->block % BLOCK_ALIGN || donated ||
	    c->block % PV_PAGE_SIZE > PV_PAGE_SIZE - len ||
	    !uv_storage_normal(&c->call->machine->storage, c->block, len))
		return PV_RC_CPU_STATE_BLOCK;
	return PV_RC_EXECUTED;
}

static uint16_t (*const checks[])(const struct creation *c) = {
	check_config,
	check_number,
	check_defined,
	check_storage,
	check_prefix,
	check_block,
};

static void initial_state(struct uv_cpu_state *state)
{
	state->psw = (struct uv_psw){ 0 };
	for (size_t i = 0; i < ARRAY_SIZE(state->cr); i++)
		state->cr[i] = 0;
	state->cr[0] = INITIAL_CR0;
	state->cr[14] = INITIAL_CR14;
	state->fpc = 0;
	state->prefix = 0;
	state->todpr = 0;
	state->cpu_timer = 0;
	state->ckc = 0;
	state->gbea = INITIAL_GBEA;
	state->pp = 0;
}

static void vcpu_free(struct uv_vcpu *vcpu)
{
	OPENSSL_clear_free(vcpu, sizeof(*vcpu));
}

static bool set_up(const struct creation *c, struct uv_vcpu *vcpu)
{
	struct uv_machine *machine = c->call->machine;

	vcpu->config = c->config;
	vcpu->number = c->number;
	vcpu->block = c->block;
	vcpu->handle = uv_handle_new(machine);
	initial_state(&vcpu->state);
	return vcpu->handle &&
	       uv_donation_range(&vcpu->storage, c->storage,
				 c->limits->cpu_len);
}

static uint16_t make(const struct creation *c)
{
	struct uv_call *call = c->call;
	struct uv_vcpu *vcpu = OPENSSL_zalloc(sizeof(*vcpu));

	if (!vcpu)
		return UV_RC_INTERNAL;
	if (!set_up(c, vcpu)) {
		vcpu_free(vcpu);
		return UV_RC_INTERNAL;
	}
	uv_call_reduced(call, UV_ALL_PAGES);
	uv_donation_take(call->machine, &c->config->owner, &vcpu->storage);
	vcpu->next = c->config->vcpus;
	c->config->vcpus = vcpu;
	call->vcpu = vcpu;
	call->create_cpu.cpu_handle = put64(vcpu->handle);
	call->stored = offsetof(struct pv_uvcb_create_cpu, guest_handle);
	return PV_RC_EXECUTED;
}

uint16_t uv_create_cpu(struct uv_call *call)
{
	const struct pv_uvcb_create_cpu *block = &call->create_cpu;
	const struct creation c = {
		.call = call,
		.config = uv_config_by_handle(call->machine,
					      get64(block->guest_handle)),
		.limits = &call->machine->profile->host,
		.number = get16(block->num),
		.storage = get64(block->stor_origin),
		.block = get64(block->state_origin),
	};

	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		uint16_t rc = checks[i](&c);

		if (rc != PV_RC_EXECUTED)
			return rc;
	}
	return make(&c);
}

void uv_vcpu_destroy(struct uv_machine *machine, struct uv_vcpu *vcpu)
{
	struct uv_config *config = vcpu->config;
	struct uv_vcpu **link = &config->vcpus;

	while (*link != vcpu)
		link = &(*link)->next;
	*link = vcpu->next;
	uv_donation_return(machine, &config->owner, &vcpu->storage);
	vcpu_free(vcpu);
}

/*
 * The CPU of a block that starts with a handle, if something can be done with
 * it: while it is in SIE it cannot.
 */
static uint16_t find_idle(const struct uv_call *call, struct uv_vcpu **vcpu)
{
	*vcpu = uv_vcpu_find(call->machine, get64(call->handle.handle));
	if (!*vcpu)
		return PV_RC_INV_CHANDLE;
	return (*vcpu)->in_sie ? PV_RC_INV_STATE : PV_RC_EXECUTED;
}

uint16_t uv_destroy_cpu(struct uv_call *call)
{
	struct uv_vcpu *vcpu;
	uint16_t rc = find_idle(call, &vcpu);

	if (rc == PV_RC_EXECUTED)
		uv_vcpu_destroy(call->machine, vcpu);
	return rc;
}

/* ---- reset ---- */

/* The three resets, each of which does what the one before does, and more. */
static void reset(struct uv_vcpu *vcpu, uint16_t cmd)
{
	vcpu->run = UV_VCPU_STOPPED;
	vcpu->pending = (struct uv_sie_pending){ 0 };
	vcpu->restart = false;
	vcpu->timer_stopped = 0;
	vcpu->to_reset = false;
	if (cmd == PV_CMD_CPU_RESET_CLEAR)
		OPENSSL_cleanse(&vcpu->state, sizeof(vcpu->state));
	if (cmd != PV_CMD_CPU_RESET)
		initial_state(&vcpu->state);
}

uint16_t uv_reset_cpu(struct uv_call *call)
{
	struct uv_vcpu *vcpu;
	uint16_t rc = find_idle(call, &vcpu);

	if (rc == PV_RC_EXECUTED)
		reset(vcpu, call->cmd);
	return rc;
}

/* ---- set state ---- */

static uint16_t start(struct uv_machine *machine, struct uv_vcpu *vcpu)
{
	(void)machine;
	if (vcpu->run == UV_VCPU_OPERATING)
		return PV_RC_EXECUTED;
	if (!uv_config_may_run(vcpu->config))
		return PV_RC_INV_STATE;
	vcpu->config->reset.unshared = false;
	vcpu->run = UV_VCPU_OPERATING;
	return PV_RC_EXECUTED;
}

static uint16_t stop(struct uv_machine *machine, struct uv_vcpu *vcpu)
{
	(void)machine;
	vcpu->run = UV_VCPU_STOPPED;
	return PV_RC_EXECUTED;
}

static uint16_t check_stop(struct uv_machine *machine, struct uv_vcpu *vcpu)
{
	(void)machine;
	vcpu->run = UV_VCPU_CHECK_STOP;
	return PV_RC_EXECUTED;
}

static bool all_reset(const struct uv_config *config)
{
	for (const struct uv_vcpu *vcpu = config->vcpus; vcpu;
	     vcpu = vcpu->next) {
		if (vcpu->to_reset)
			return false;
	}
	return true;
}

/*
 * The SE header's PSW starts the guest once.  After that only a complete reset
 * leads to a new start, at the place that the guest itself has left.
 */
static bool may_load(const struct uv_config *config)
{
	if (config->reset.prepared)
		return all_reset(config);
	return uv_config_may_run(config) && !config->loaded;
}

static struct uv_psw header_psw(const struct uv_config *config)
{
	return (struct uv_psw){
		.mask = get64(config->image.secret.psw_mask),
		.addr = get64(config->image.secret.psw_addr),
	};
}

/* A short PSW without its bit is an invalid one: the inversion keeps that. */
static uint16_t reset_psw(const struct uv_machine *machine,
			  const struct uv_config *config, struct uv_psw *psw)
{
	pv_be64 field;
	uint64_t value;

	if (uv_guest_read(machine, config, config->space.origin, &field,
			  sizeof(field), NULL))
		return PV_RC_PAGE_NOT_MAPPED;
	value = get64(field);
	psw->mask = (value & SHORT_PSW_MASK) ^ SHORT_PSW_BIT;
	psw->addr = value & SHORT_PSW_ADDR;
	return PV_RC_EXECUTED;
}

static uint16_t load(struct uv_machine *machine, struct uv_vcpu *vcpu)
{
	struct uv_config *config = vcpu->config;
	struct uv_psw psw = header_psw(config);
	uint16_t rc = PV_RC_EXECUTED;

	if (!may_load(config))
		return PV_RC_INV_STATE;
	if (config->reset.prepared)
		rc = reset_psw(machine, config, &psw);
	if (rc != PV_RC_EXECUTED)
		return rc;
	vcpu->state.psw = psw;
	vcpu->restart = false;
	vcpu->run = UV_VCPU_OPERATING;
	config->loaded = true;
	config->reset = (struct uv_config_reset){ 0 };
	return PV_RC_EXECUTED;
}

static uint16_t (*const states[])(struct uv_machine *machine,
				  struct uv_vcpu *vcpu) = {
	[PV_CPU_STATE_OPERATING]  = start,
	[PV_CPU_STATE_STOPPED]	  = stop,
	[PV_CPU_STATE_CHECK_STOP] = check_stop,
	[PV_CPU_STATE_LOAD]	  = load,
};

uint16_t uv_set_cpu_state(struct uv_call *call)
{
	uint8_t state = call->cpu_set_state.state;
	struct uv_vcpu *vcpu;
	uint16_t rc = find_idle(call, &vcpu);

	if (rc != PV_RC_EXECUTED)
		return rc;
	if (state >= ARRAY_SIZE(states) || !states[state])
		return PV_RC_CPU_STATE;
	return states[state](call->machine, vcpu);
}
