// SPDX-License-Identifier: MIT
/* Registers of secure CPUs in the storage of their guest. */
#include <openssl/crypto.h>

#include "array.h"
#include "bytes.h"
#include "sie.h"

/* A save area as the architecture has it; the fields named @none stay. */
struct area {
	pv_be64 fpr[16];
	pv_be64 gr[16];
	pv_be64 psw[2];
	uint8_t none0[8];
	pv_be32 prefix;
	pv_be32 fpc;
	uint8_t none1[4];
	pv_be32 todpr;
	pv_be64 cpu_timer;
	pv_be64 ckc;
	uint8_t none2[8];
	pv_be32 ar[16];
	pv_be64 cr[16];
};

_Static_assert(sizeof(struct area) == 0x200, "as long as the save area");

static void fill(const struct uv_cpu_state *state, struct area *area)
{
	for (unsigned int i = 0; i < 16; i++) {
		area->fpr[i] = put64(state->vr[i][0]);
		area->gr[i] = put64(state->gr[i]);
		area->ar[i] = put32(state->ar[i]);
		area->cr[i] = put64(state->cr[i]);
	}
	area->psw[0] = put64(state->psw.mask);
	area->psw[1] = put64(state->psw.addr);
	area->prefix = put32(state->prefix);
	area->fpc = put32(state->fpc);
	area->todpr = put32(state->todpr);
	area->cpu_timer = put64(state->cpu_timer);
	area->ckc = put64(state->ckc >> 8);
}

struct piece {
	uint16_t from;
	uint16_t to;
};

#define AT(field)	offsetof(struct area, field)

static const struct piece whole[] = {
	{ AT(fpr), AT(none0) },
	{ AT(prefix), AT(none1) },
	{ AT(todpr), AT(none2) },
	{ AT(ar), sizeof(struct area) },
	{ 0 },
};

/* A machine check has an old PSW, and its prefix is where it saves. */
static const struct piece without_psw[] = {
	{ AT(fpr), AT(psw) },
	{ AT(fpc), AT(none1) },
	{ AT(todpr), AT(none2) },
	{ AT(ar), sizeof(struct area) },
	{ 0 },
};

static uint16_t save(const struct uv_sie_storing *to, uint64_t addr,
		     const struct piece *piece)
{
	struct area area;
	uint16_t code = 0;

	fill(&to->vcpu->state, &area);
	for (; piece->to && !code; piece++)
		code = uv_abs_write(to->machine, to->vcpu, addr + piece->from,
				    (const uint8_t *)&area + piece->from,
				    piece->to - piece->from, to->fault);
	OPENSSL_cleanse(&area, sizeof(area));
	return code;
}

uint16_t uv_sie_save_registers(const struct uv_sie_storing *to, uint64_t addr)
{
	return save(to, addr, without_psw);
}

uint16_t uv_sie_save_status(const struct uv_sie_storing *to, uint64_t addr)
{
	return save(to, addr, whole);
}

uint16_t uv_sie_save_vectors(const struct uv_sie_storing *to, uint64_t addr)
{
	const struct uv_cpu_state *state = &to->vcpu->state;
	pv_be64 vectors[UV_SIE_VECTORS_SIZE / sizeof(pv_be64)];
	uint16_t code;

	for (unsigned int i = 0; i < ARRAY_SIZE(vectors); i++)
		vectors[i] = put64(state->vr[i / 2][i % 2]);
	code = uv_abs_write(to->machine, to->vcpu, addr, vectors,
			    sizeof(vectors), to->fault);
	OPENSSL_cleanse(vectors, sizeof(vectors));
	return code;
}
