// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "sie_try.h"

struct sie_try sie_try_new(void)
{
	struct fake_guest *guest = fake_guest_new();
	struct uv_vcpu *vcpu = fake_guest_vcpu(guest, 0);
	struct sie_try t = {
		.guest = guest,
		.uv = guest->fake->uv,
		.vcpu = vcpu,
		.state = uv_vcpu_state(vcpu),
		.block = fake_guest_block(guest, vcpu),
		.sida = fake_guest_sida(guest, vcpu),
		.entry = {
			.block = vcpu->block,
			.asce = guest->config->asce,
			.time = SIE_TRY_TIME,
		},
	};

	fake_guest_map(guest, 0, SIE_TRY_LOWCORE);
	fake_guest_map(guest, 0x1000, SIE_TRY_LOWCORE + 1);
	fake_guest_map(guest, SIE_TRY_OPERAND, SIE_TRY_FRAME);
	fake_guest_map(guest, SIE_TRY_OPERAND + 0x1000, SIE_TRY_NEXT_FRAME);
	t.state->psw = (struct uv_psw){ SIE_TRY_PSW, SIE_TRY_ADDR };
	fake_put64(t.block->cputm.byte, SIE_TRY_TIMER);
	return t;
}

void sie_try_free(struct sie_try *t)
{
	fake_guest_free(t->guest);
}

struct uv_sie_result sie_try_enter(struct sie_try *t)
{
	struct uv_vcpu *vcpu;
	struct uv_sie_result result = uv_sie_enter(t->uv, &t->entry, &vcpu);

	if (vcpu != (result.action == UV_SIE_RUN ? t->vcpu : NULL) ||
	    (vcpu && !vcpu->in_sie))
		abort();
	return result;
}

uint64_t sie_try_secret(unsigned int n)
{
	return UINT64_C(0x5ec2e75ec2e700a1) + n * UINT64_C(0x0101010101010100);
}

void sie_try_run(struct sie_try *t)
{
	if (sie_try_enter(t).action != UV_SIE_RUN)
		abort();
	for (unsigned int i = 0; i < 16; i++) {
		t->state->gr[i] = sie_try_secret(i);
		t->state->ar[i] = (uint32_t)sie_try_secret(i);
	}
	for (unsigned int i = 0; i < 64; i++)
		t->state->vr[i / 2][i % 2] = sie_try_secret(i);
}

uint8_t sie_try_secret_byte(uint64_t gaddr)
{
	return (uint8_t)(gaddr * 7 + (gaddr >> 8) * 3 + 1);
}

void sie_try_fill(struct sie_try *t)
{
	for (uint64_t i = SIE_TRY_OPERAND; i < SIE_TRY_OPERAND + 0x2000; i++)
		*fake_guest_at(t->guest, i) = sie_try_secret_byte(i);
}

struct uv_sie_result sie_try_instruction(struct sie_try *t, uint64_t text)
{
	struct uv_sie_operand operand = uv_sie_operand(t->state, text);
	uint64_t addr[2] = { operand.addr, (operand.addr | 0xfff) + 1 };

	t->state->psw.addr += 4;
	return uv_sie_instruction(t->uv, t->vcpu, text, 4, addr);
}

unsigned int sie_try_validity(struct sie_try *t)
{
	struct uv_sie_result result = sie_try_enter(t);
	uint32_t ipb = fake_get32(t->block->ipb.byte);

	if (result.action == UV_SIE_RUN) {
		uv_sie_leave(t->uv, t->vcpu, UV_SIE_HOST);
		return 0;
	}
	if (result.action != UV_SIE_EXIT ||
	    t->block->icptcode != PV_SIE_ICPT_VALIDITY ||
	    ipb >> 24 != PV_SIE_VALIDITY >> 8)
		return 0xffff;
	return ipb >> 16 & 0xff;
}
