// SPDX-License-Identifier: MIT
/* Keys of a dump, and what is sealed with them. */
#include <string.h>

#include <openssl/crypto.h>

#include "bytes.h"
#include "config.h"
#include "machine.h"
#include "vcpu.h"

/* Of the IVs; CPUs have the others. */
#define IV_OF_COMPLETION	0

bool uv_dump_begin(struct uv_machine *machine, struct uv_config *config)
{
	struct uv_dump *dump = &config->dump;
	const uint8_t *cck = config->image.secret.cck;

	if (!uv_machine_random(machine, dump->seed, sizeof(dump->seed)) ||
	    !uv_hkdf_sha512(cck, PV_CCK_SIZE, dump->seed, sizeof(dump->seed),
			    PV_DUMP_INFO, strlen(PV_DUMP_INFO), dump->key,
			    sizeof(dump->key))) {
		uv_dump_end(config);
		return false;
	}
	dump->areas = 0;
	dump->active = true;
	return true;
}

void uv_dump_end(struct uv_config *config)
{
	OPENSSL_cleanse(&config->dump, sizeof(config->dump));
}

/* A counter of 96 bits, which never gets that far. */
static void make_iv(uint64_t count, uint8_t iv[PV_GCM_IV_SIZE])
{
	const pv_be64 low = put64(count);
	const size_t high = PV_GCM_IV_SIZE - sizeof(low);

	memset(iv, 0, high);
	memcpy(iv + high, &low, sizeof(low));
}

static void fill_regs(const struct uv_vcpu *vcpu, struct pv_dump_regs *regs)
{
	const struct uv_cpu_state *state = &vcpu->state;

	for (unsigned int i = 0; i < 16; i++) {
		regs->gr[i] = put64(state->gr[i]);
		regs->ar[i] = put32(state->ar[i]);
		regs->cr[i] = put64(state->cr[i]);
	}
	for (unsigned int i = 0; i < 32; i++) {
		regs->vr[i][0] = put64(state->vr[i][0]);
		regs->vr[i][1] = put64(state->vr[i][1]);
	}
	regs->psw_mask = put64(state->psw.mask);
	regs->psw_addr = put64(state->psw.addr);
	regs->prefix = put32(state->prefix);
	regs->fpc = put32(state->fpc);
	regs->todpr = put32(state->todpr);
	regs->cpu_timer = put64(state->cpu_timer);
	regs->ckc = put64(state->ckc);
	if (vcpu->pending.insn)
		regs->flags = put16(PV_DUMP_CPU_PENDING);
}

bool uv_dump_seal_cpu(struct uv_vcpu *vcpu, struct pv_dump_cpu *area)
{
	struct uv_dump *dump = &vcpu->config->dump;
	const struct uv_sealing sealing = {
		.iv = area->iv,
		.aad = area,
		.aad_len = offsetof(struct pv_dump_cpu, regs),
		.data = &area->regs,
		.len = sizeof(area->regs),
		.tag = area->tag,
	};

	memset(area, 0, sizeof(*area));
	area->version = put32(PV_DUMP_VERSION_1);
	area->len = put32(sizeof(*area));
	make_iv(++dump->areas, area->iv);
	fill_regs(vcpu, &area->regs);
	return uv_gcm_seal(dump->key, &sealing);
}

bool uv_dump_seal_completion(const struct uv_config *config,
			     struct pv_dump_complete *area)
{
	const struct uv_dump *dump = &config->dump;
	const struct uv_export *export = &config->export;
	const size_t plain = offsetof(struct pv_dump_complete, nonce);
	const struct uv_sealing sealing = {
		.iv = area->iv,
		.aad = area,
		.aad_len = plain,
		.data = area->nonce,
		.len = offsetof(struct pv_dump_complete, tag) - plain,
		.tag = area->tag,
	};

	memset(area, 0, sizeof(*area));
	area->version = put32(PV_DUMP_VERSION_1);
	area->len = put32(sizeof(*area));
	memcpy(area->seed, dump->seed, sizeof(area->seed));
	make_iv(IV_OF_COMPLETION, area->iv);
	/* The low half of the tweaks, the component is the high one. */
	memcpy(area->nonce + sizeof(area->nonce) - sizeof(export->nonce),
	       export->nonce, sizeof(export->nonce));
	memcpy(area->xts_key, export->key, sizeof(area->xts_key));
	return uv_gcm_seal(dump->key, &sealing);
}
