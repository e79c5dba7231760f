// SPDX-License-Identifier: MIT
/*
 * SIGNAL PROCESSOR: its host runs and stops CPUs; what touches their registers
 * or their storage is done here.
 */
#include <string.h>

#include "sie.h"

/* Orders. */
#define RESTART			0x06
#define STOP_AND_STORE_STATUS	0x09
#define SET_PREFIX		0x0d
#define STORE_STATUS		0x0e
#define SET_ARCHITECTURE	0x12
#define STORE_ADDITIONAL_STATUS	0x17

/* Address bits of STORE STATUS; those that must be zero in the other one. */
#define STATUS_ADDR		UINT64_C(0x7ffffe00)
#define ADDITIONAL_STATUS_MASK	UINT64_C(0x3ff)

/* Status. */
#define INCORRECT_STATE		0x00000200
#define INVALID_PARAMETER	0x00000100
#define INVALID_ORDER		0x00000002

#define CC_ACCEPTED		0
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

static uint64_t parameter(const struct uv_sie_work *work)
{
	return uv_sie_value(&work->vcpu->state, work->text, UV_SRC_PARAMETER);
}

static bool in_guest(const struct uv_sie_work *work, uint64_t addr)
{
	const struct uv_guest_space *space = &work->vcpu->config->space;

	return addr < space->len &&
	       uv_guest_space_has(space, space->origin + addr);
}

static uint16_t set_prefix(struct uv_sie_work *work, struct uv_vcpu *target)
{
	uint64_t prefix = parameter(work) & PV_SIE_PREFIX_MASK;

	if (!in_guest(work, prefix))
		return answer(work, INVALID_PARAMETER);
	if (target->run != UV_VCPU_STOPPED)
		return answer(work, INCORRECT_STATE);
	target->state.prefix = (uint32_t)prefix;
	return 0;
}

/* The host must not even try to store what it does not know. */
static uint16_t store(struct uv_sie_work *work, struct uv_vcpu *target,
		      uint64_t addr,
		      uint16_t (*save)(const struct uv_sie_storing *to,
				       uint64_t addr))
{
	const struct uv_sie_storing to = { work->machine, target,
					   &work->fault };

	if (target->run != UV_VCPU_STOPPED)
		return answer(work, INCORRECT_STATE);
	if (!in_guest(work, addr))
		return answer(work, INVALID_PARAMETER);
	work->faulted = save(&to, addr);
	if (work->faulted)
		return 0;
	uv_sie_set_cc(work->vcpu, CC_ACCEPTED);
	work->done = true;
	return 0;
}

static uint16_t store_status(struct uv_sie_work *work, struct uv_vcpu *target)
{
	return store(work, target, parameter(work) & STATUS_ADDR,
		     uv_sie_save_status);
}

/* Vectors only: their area has 1 KiB, and no length. */
static uint16_t store_additional(struct uv_sie_work *work,
				 struct uv_vcpu *target)
{
	if (target->run == UV_VCPU_STOPPED &&
	    parameter(work) & ADDITIONAL_STATUS_MASK)
		return answer(work, INVALID_PARAMETER);
	return store(work, target, parameter(work), uv_sie_save_vectors);
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
	case STORE_STATUS:
		return store_status(work, target);
	case STORE_ADDITIONAL_STATUS:
		return store_additional(work, target);
	case STOP_AND_STORE_STATUS:
		/* When it stops, the pages to store into may not be there. */
		return answer(work, INVALID_ORDER);
	default:
		return 0;
	}
}

/* ---- restart ---- */

/* From when a CPU is stopped until it has taken the restart. */
static bool restartable(const struct uv_vcpu *vcpu)
{
	return vcpu->restart || vcpu->run == UV_VCPU_STOPPED;
}

void uv_vcpu_keep_psw(struct uv_config *config, uint64_t gaddr,
		      const uint8_t bytes[PV_PAGE_SIZE])
{
	for (struct uv_vcpu *vcpu = config->vcpus; vcpu; vcpu = vcpu->next) {
		struct uv_kept_psw *kept = &vcpu->kept;
		bool prefix = gaddr == config->space.origin +
				       vcpu->state.prefix;

		if (prefix && restartable(vcpu)) {
			kept->gaddr = gaddr;
			kept->valid = true;
			memcpy(kept->cipher, bytes + UV_RESTART_OLD_PSW,
			       sizeof(kept->cipher));
		} else if (kept->gaddr == gaddr) {
			kept->valid = false;
		}
	}
}

void uv_vcpu_put_psw_back(const struct uv_config *config, uint64_t gaddr,
			  uint8_t bytes[PV_PAGE_SIZE])
{
	for (const struct uv_vcpu *vcpu = config->vcpus; vcpu;
	     vcpu = vcpu->next) {
		if (vcpu->kept.valid && vcpu->kept.gaddr == gaddr)
			memcpy(bytes + UV_RESTART_OLD_PSW, vcpu->kept.cipher,
			       sizeof(vcpu->kept.cipher));
	}
}
