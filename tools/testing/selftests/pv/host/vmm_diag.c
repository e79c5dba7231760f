// SPDX-License-Identifier: GPL-2.0
/*
 * A small VMM: DIAGNOSE, by which a guest starts, resets and describes itself.
 */
#include <endian.h>
#include <string.h>

#include "vmm.h"
#include "vmm_ipl.h"

#define DIAG_IPL		0x308

/* Return codes of DIAGNOSE 308, in the register behind the first one */
#define CODE_OK			0x0001
#define CODE_NO_BLOCK		0x0102
#define CODE_INVALID_BLOCK	0x0402
#define CODE_NO_PV_BLOCK	0x0902
#define CODE_NOT_PROTECTED	0x0a02

/* One DIAGNOSE 308: what the guest wants, and where the answer goes. */
struct ipl_call {
	struct vmm_cpu *cpu;
	unsigned int r1;
	uint64_t addr, subcode;
};

static void answer(const struct ipl_call *call, uint64_t code)
{
	vm_cpu_set_gpr(call->cpu->cpu, call->r1 + 1, code);
}

/* Guest memory of a block, or NULL after a program interruption. */
static void *block_at(const struct ipl_call *call)
{
	void *place = vm_range(&call->cpu->vmm->vm, call->addr, IPL_SIZE_MAX);

	if (call->addr % VM_PAGE_SIZE)
		vmm_program_check(call->cpu, PGM_SPECIFICATION);
	else if (!place)
		vmm_program_check(call->cpu, PGM_ADDRESSING);
	else
		return place;
	return NULL;
}

static void set_pv(const struct ipl_call *call)
{
	struct vmm *vmm = call->cpu->vmm;
	const void *place = block_at(call);
	struct ipl_block *block = (void *)vmm->ipl_block;

	if (!place)
		return;
	/* Other CPUs could change it behind the check. */
	memcpy(block, place, IPL_SIZE_MAX);
	vmm->ipl_block_size = 0;
	if (!ipl_block_is_valid(block, vmm->vm.memory_size)) {
		answer(call, CODE_INVALID_BLOCK);
		return;
	}
	vmm->ipl_block_size = be32toh(block->size);
	answer(call, CODE_OK);
}

static void store_pv(const struct ipl_call *call)
{
	struct vmm *vmm = call->cpu->vmm;
	void *place = block_at(call);

	if (!place)
		return;
	memcpy(place, vmm->ipl_block, vmm->ipl_block_size);
	answer(call, vmm->ipl_block_size ? CODE_OK : CODE_NO_BLOCK);
}

static void start_pv(const struct ipl_call *call)
{
	struct vmm *vmm = call->cpu->vmm;
	uint64_t code;

	if (!vmm->ipl_block_size) {
		answer(call, CODE_NO_PV_BLOCK);
		return;
	}
	if (!vmm->task->protect) {
		complain("the image asks for protection: start it with --protected");
		code = CODE_NOT_PROTECTED;
	} else {
		code = vmm_protect(call->cpu);
	}
	vmm->refused = code;
	if (code)
		answer(call, code);
}

static void reset_clear(const struct ipl_call *call)
{
	if (vmm_reset(call->cpu, true))
		vmm_finish(call->cpu->vmm, VMM_BROKEN);
}

static void reset_normal(const struct ipl_call *call)
{
	if (vmm_reset(call->cpu, false))
		vmm_finish(call->cpu->vmm, VMM_BROKEN);
}

static void reipl(const struct ipl_call *call)
{
	vmm_reipl(call->cpu->vmm);
}

static void no_block(const struct ipl_call *call)
{
	answer(call, CODE_NO_BLOCK);
}

static const struct {
	uint64_t subcode;
	bool in_protected;
	void (*call)(const struct ipl_call *call);
} subcodes[] = {
	{ 0, true, reset_clear },
	{ 1, true, reset_normal },
	{ 3, true, reipl },
	{ 4, false, reipl },
	{ 5, true, no_block },
	{ 6, true, no_block },
	{ 8, false, set_pv },
	{ 9, false, store_pv },
	{ 10, false, start_pv },
};

static void ipl_functions(struct vmm_cpu *cpu)
{
	unsigned int ipa = cpu->cpu->run->s390_sieic.ipa;
	struct ipl_call call = {
		.cpu = cpu,
		.r1 = ipa >> 4 & 15,
		.subcode = vm_cpu_gpr(cpu->cpu, ipa & 15),
	};

	call.addr = vm_cpu_gpr(cpu->cpu, call.r1);
	for (size_t i = 0; i < ARRAY_SIZE(subcodes); i++) {
		if (subcodes[i].subcode != call.subcode)
			continue;
		if (call.r1 % 2 ||
		    (cpu->vmm->protected && !subcodes[i].in_protected))
			break;
		subcodes[i].call(&call);
		return;
	}
	vmm_program_check(cpu, PGM_SPECIFICATION);
}

void vmm_diagnose(struct vmm_cpu *cpu)
{
	if ((vmm_base(cpu) & 0xffff) == DIAG_IPL)
		ipl_functions(cpu);
	else
		vmm_program_check(cpu, PGM_SPECIFICATION);
}

void vmm_reipl(struct vmm *vmm)
{
	if (vmm_stop_all(vmm) || (vmm->protected && vmm_unprotect(vmm)) ||
	    vmm_load(vmm))
		vmm_finish(vmm, VMM_BROKEN);
}
