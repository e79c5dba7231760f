// SPDX-License-Identifier: MIT
/*
 * SIGNAL PROCESSOR: its host runs and stops CPUs, but what touches their
 * registers or their storage it cannot do.
 */
#include "sie.h"

/* Orders. */
#define RESTART			0x06
#define STOP_AND_STORE_STATUS	0x09
#define SET_PREFIX		0x0d
#define STORE_STATUS		0x0e
#define SET_ARCHITECTURE	0x12
#define STORE_ADDITIONAL_STATUS	0x17

/* Status. */
#define INCORRECT_STATE		0x00000200
#define INVALID_PARAMETER	0x00000100
#define INVALID_ORDER		0x00000002

#define CC_STATUS_STORED	1
#define CC_NOT_OPERATIONAL	3

static struct uv_vcpu *find(const struct uv_config *config, uint16_t number)
{
	struct uv_vcpu *vcpu = config->vcpus;

	while (vcpu && vcpu->number != number)
		vcpu = vcpu->next;
	return vcpu;
}

/* Answer without the host. */
static uint16_t answer(struct uv_sie_work *work, uint32_t status)
{
	unsigned int r1 = uv_sie_register(work->text, UV_SRC_RS_R1);
	uint64_t *gr = &work->vcpu->state.gr[r1];

	*gr = (*gr & ~UINT64_C(0xffffffff)) | status;
	uv_sie_set_cc(work->vcpu, CC_STATUS_STORED);
	work->done = true;
	return 0;
}

static uint16_t set_prefix(struct uv_sie_work *work, struct uv_vcpu *target)
{
	uint64_t parameter = uv_sie_value(&work->vcpu->state, work->text,
					  UV_SRC_PARAMETER);

	if (target->run != UV_VCPU_STOPPED)
		return answer(work, INCORRECT_STATE);
	target->state.prefix = parameter & PV_SIE_PREFIX_MASK;
	return 0;
}

uint16_t uv_check_sigp(struct uv_sie_work *work)
{
	const struct uv_cpu_state *state = &work->vcpu->state;
	uint64_t order = uv_sie_value(state, work->text, UV_SRC_ADDRESS);
	uint64_t number = uv_sie_value(state, work->text, UV_SRC_RS_R3);
	struct uv_vcpu *target = find(work->vcpu->config, (uint16_t)number);

	/* This one order is for all CPUs, and has no meaning any more. */
	if ((order & 0xff) == SET_ARCHITECTURE)
		return answer(work, INVALID_PARAMETER);
	if (!target) {
		uv_sie_set_cc(work->vcpu, CC_NOT_OPERATIONAL);
		work->done = true;
		return 0;
	}
	switch (order & 0xff) {
	case RESTART:
		/* It takes place when the host has made it operating. */
		target->restart |= target->run == UV_VCPU_STOPPED;
		return 0;
	case SET_PREFIX:
		return set_prefix(work, target);
	case STOP_AND_STORE_STATUS:
	case STORE_STATUS:
	case STORE_ADDITIONAL_STATUS:
		return answer(work, INVALID_ORDER);
	default:
		return 0;
	}
}
