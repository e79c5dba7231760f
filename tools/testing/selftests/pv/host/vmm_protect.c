// SPDX-License-Identifier: GPL-2.0
/*
 * A small VMM: what a host does to make a protected guest, to reset it, and to
 * take the protection away.
 */
#include <endian.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "vmm.h"
#include "vmm_ipl.h"

/* DIAGNOSE 308: step, rrc and rc above the code for "not protected" */
#define CODE_NOT_PROTECTED	0x0a02

static uint64_t failure_code(uint32_t step, struct pv_result result)
{
	return (uint64_t)step << 48 | (uint64_t)result.rrc << 32 |
	       (uint64_t)result.rc << 16 | CODE_NOT_PROTECTED;
}

static const char *step_name(uint32_t step)
{
	static const char *const names[] = {
		[KVM_PV_ENABLE] = "KVM_PV_ENABLE",
		[KVM_PV_DISABLE] = "KVM_PV_DISABLE",
		[KVM_PV_SET_SEC_PARMS] = "KVM_PV_SET_SEC_PARMS",
		[KVM_PV_UNPACK] = "KVM_PV_UNPACK",
		[KVM_PV_VERIFY] = "KVM_PV_VERIFY",
		[KVM_PV_PREP_RESET] = "KVM_PV_PREP_RESET",
		[KVM_PV_UNSHARE_ALL] = "KVM_PV_UNSHARE_ALL",
	};

	return names[step];
}

static void say_failure(uint32_t step, struct pv_result result)
{
	complain("%s failed (step %u): %s, rc 0x%04x rrc 0x%04x",
		 step_name(step), step, strerror(result.error), result.rc,
		 result.rrc);
}

/* One command without data; 0 or -1 with the reason said. */
static int command(struct vmm *vmm, uint32_t step)
{
	struct pv_result result = vm_pv(&vmm->vm, step, NULL);

	if (result.error)
		say_failure(step, result);
	return result.error ? -1 : 0;
}

static struct pv_result unpack(struct vmm *vmm)
{
	const struct ipl_block *block = (const void *)vmm->ipl_block;
	struct pv_result result = { 0 };
	uint64_t size;

	for (uint32_t i = 0; i < be32toh(block->nr_components); i++) {
		const struct ipl_component *part = &block->components[i];

		size = be64toh(part->size) + VM_PAGE_SIZE - 1;
		size -= size % VM_PAGE_SIZE;
		result = vm_pv_unpack(&vmm->vm, be64toh(part->addr), size,
				      be64toh(part->tweak));
		if (result.error)
			break;
	}
	return result;
}

/* The steps behind ENABLE: the one that failed, and how, or no error. */
static uint32_t put_image(struct vmm *vmm, struct pv_result *result)
{
	const struct ipl_block *block = (const void *)vmm->ipl_block;
	uint64_t size = be64toh(block->header_size);
	const void *header = vm_range(&vmm->vm, be64toh(block->header_addr),
				      size);

	*result = vm_pv_parameters(&vmm->vm, header, size);
	if (result->error)
		return KVM_PV_SET_SEC_PARMS;
	*result = unpack(vmm);
	if (result->error)
		return KVM_PV_UNPACK;
	*result = vm_pv(&vmm->vm, KVM_PV_VERIFY, NULL);
	return KVM_PV_VERIFY;
}

/*
 * A secure CPU loads the PSW of the image, or the one at absolute 0, when it
 * is told to, and operates when user space lets it.
 */
static int load_psw(struct vmm_cpu *cpu)
{
	int ret = vm_cpu_set_state(cpu->cpu, KVM_MP_STATE_LOAD);

	if (!ret)
		ret = vmm_operate(cpu);
	if (ret)
		complain("CPU %u cannot be started: %s", cpu->cpu->id,
			 strerror(-ret));
	return ret ? -1 : 0;
}

static int reset_cpus(struct vmm_cpu *initiator, unsigned long own,
		      unsigned long others)
{
	struct vmm *vmm = initiator->vmm;
	int ret = 0;

	for (unsigned int i = 0; i < vmm->vm.nr_cpus && !ret; i++)
		ret = vm_cpu_reset(vmm->cpus[i].cpu,
				   &vmm->cpus[i] == initiator ? own : others);
	if (ret)
		complain("a CPU cannot be reset: %s", strerror(-ret));
	return ret ? -1 : 0;
}

static int quiesce(struct vmm *vmm)
{
	int ret = vmm_stop_all(vmm);

	if (ret)
		complain("a CPU cannot be stopped: %s", strerror(-ret));
	return ret ? -1 : 0;
}

int vmm_unprotect(struct vmm *vmm)
{
	int ret = command(vmm, KVM_PV_DISABLE);

	if (!ret)
		vmm->protected = false;
	return ret;
}

/* Back to the loader, which tells its reader what the code means. */
static uint64_t give_up(struct vmm_cpu *initiator, uint32_t step,
			struct pv_result result)
{
	struct vmm *vmm = initiator->vmm;

	say_failure(step, result);
	if ((vmm->protected && vmm_unprotect(vmm)) || vmm_operate(initiator))
		vmm_finish(vmm, VMM_BROKEN);
	return failure_code(step, result);
}

uint64_t vmm_protect(struct vmm_cpu *initiator)
{
	struct vmm *vmm = initiator->vmm;
	struct pv_result result;
	uint32_t step;

	sclp_reset(&vmm->sclp);
	if (quiesce(vmm) || reset_cpus(initiator, KVM_S390_NORMAL_RESET,
				       KVM_S390_CLEAR_RESET)) {
		vmm_finish(vmm, VMM_BROKEN);
		return CODE_NOT_PROTECTED;
	}
	result = vm_pv(&vmm->vm, KVM_PV_ENABLE, NULL);
	if (result.error)
		return give_up(initiator, KVM_PV_ENABLE, result);
	vmm->protected = true;
	step = put_image(vmm, &result);
	if (result.error)
		return give_up(initiator, step, result);
	if (load_psw(initiator))
		vmm_finish(vmm, VMM_BROKEN);
	return 0;
}

static int reset_protected(struct vmm_cpu *initiator, bool clear)
{
	unsigned long own = clear ? KVM_S390_CLEAR_RESET :
				    KVM_S390_INITIAL_RESET;
	unsigned long others = clear ? KVM_S390_CLEAR_RESET :
				       KVM_S390_NORMAL_RESET;

	/* The Ultravisor wants exactly this order. */
	if (command(initiator->vmm, KVM_PV_UNSHARE_ALL) ||
	    command(initiator->vmm, KVM_PV_PREP_RESET) ||
	    reset_cpus(initiator, own, others))
		return -1;
	return load_psw(initiator);
}

/* Short form: bit 12 is 1 there, and addresses have 31 bits. */
static void load_short_psw(struct vmm_cpu *cpu)
{
	const uint64_t bit12 = 1ULL << 51, addr = 0x7fffffff;
	uint64_t psw;

	memcpy(&psw, cpu->vmm->vm.memory, sizeof(psw));
	psw = be64toh(psw);
	vm_cpu_set_psw(cpu->cpu, (psw ^ bit12) & ~addr, psw & addr);
}

static int reset_plain(struct vmm_cpu *initiator, bool clear)
{
	int ret = reset_cpus(initiator, clear ? KVM_S390_CLEAR_RESET :
						KVM_S390_INITIAL_RESET,
			     clear ? KVM_S390_CLEAR_RESET :
				     KVM_S390_NORMAL_RESET);

	if (ret)
		return ret;
	load_short_psw(initiator);
	ret = vmm_operate(initiator);
	if (ret)
		complain("CPU %u cannot be started: %s", initiator->cpu->id,
			 strerror(-ret));
	return ret ? -1 : 0;
}

int vmm_reset(struct vmm_cpu *initiator, bool clear)
{
	struct vmm *vmm = initiator->vmm;

	if (quiesce(vmm))
		return -1;
	sclp_reset(&vmm->sclp);
	return vmm->protected ? reset_protected(initiator, clear) :
				reset_plain(initiator, clear);
}
