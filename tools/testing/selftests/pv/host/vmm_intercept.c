// SPDX-License-Identifier: GPL-2.0
/*
 * A small VMM: what KVM leaves to user space.
 */
#include <string.h>

#include "vmm.h"

/* SIGNAL PROCESSOR: orders that KVM does not perform, and condition codes */
#define SIGP_START		0x04
#define SIGP_RESTART		0x06
#define SIGP_INITIAL_RESET	0x0b
#define SIGP_RESET		0x0c
#define SIGP_CC_ACCEPTED	0
#define SIGP_CC_STATUS		1
#define SIGP_CC_NOT_THERE	3
#define SIGP_INVALID_ORDER	0x02

/* What stands for the control block's address if the guest is protected. */
#define SIDA_SCCB		0x4000
#define SCCB_LIMIT		0x80000000

uint64_t vmm_base(const struct vmm_cpu *cpu)
{
	uint32_t ipb = cpu->cpu->run->s390_sieic.ipb;
	unsigned int base = ipb >> 28;

	return (ipb >> 16 & 0xfff) + (base ? vm_cpu_gpr(cpu->cpu, base) : 0);
}

/* A protected guest takes few of them, and none after a notification. */
void vmm_program_check(struct vmm_cpu *cpu, unsigned int code)
{
	if (cpu->vmm->protected &&
	    (code != PGM_SPECIFICATION ||
	     vm_cpu_intercepted(cpu->cpu, ICPT_PV_NOTIFICATION)))
		return;
	if (vm_cpu_signal(cpu->cpu, KVM_S390_PROGRAM_INT, code)) {
		complain("CPU %u does not take a program interruption",
			 cpu->cpu->id);
		vmm_finish(cpu->vmm, VMM_BROKEN);
	}
}

static void service_signal(struct vmm *vmm, uint32_t sccb)
{
	if (sclp_pending(&vmm->sclp))
		sccb |= SCLP_EVENT_PENDING;
	if (vm_signal(&vmm->vm, KVM_S390_INT_SERVICE, sccb)) {
		complain("the guest does not take a service signal");
		vmm_finish(vmm, VMM_BROKEN);
	}
}

/* The Ultravisor has copied the control block, and copies it back. */
static void service_protected(struct vmm_cpu *cpu, uint32_t command)
{
	uint8_t sccb[SCLP_SCCB_MAX];

	if (vm_cpu_sida_read(cpu->cpu, 0, sccb, sizeof(sccb))) {
		complain("the guest's control block cannot be read");
		vmm_finish(cpu->vmm, VMM_BROKEN);
		return;
	}
	if (sclp_length(sccb) < SCLP_SCCB_MIN) {
		vmm_program_check(cpu, PGM_SPECIFICATION);
		return;
	}
	if (sclp_length(sccb) > sizeof(sccb))
		sclp_respond(sccb, SCLP_RC_CROSSES_PAGE);
	else
		sclp_execute(&cpu->vmm->sclp, command, sccb);
	if (vm_cpu_sida_write(cpu->cpu, 0, sccb, sizeof(sccb))) {
		complain("the guest's control block cannot be written");
		vmm_finish(cpu->vmm, VMM_BROKEN);
		return;
	}
	vm_cpu_set_cc(cpu->cpu, 0);
	service_signal(cpu->vmm, SIDA_SCCB);
}

/* Works on a copy: another CPU must not change what has been checked. */
static void service_plain(struct vmm_cpu *cpu, uint32_t command, uint64_t addr)
{
	uint8_t *place = vm_range(&cpu->vmm->vm, addr, SCLP_SCCB_MIN);
	uint8_t sccb[SCLP_SCCB_MAX];
	size_t size;

	if (addr % 8 || addr >= SCCB_LIMIT || addr < 2 * VM_PAGE_SIZE) {
		vmm_program_check(cpu, PGM_SPECIFICATION);
		return;
	}
	if (!place) {
		vmm_program_check(cpu, PGM_ADDRESSING);
		return;
	}
	memcpy(sccb, place, SCLP_SCCB_MIN);
	size = sclp_length(sccb);
	if (size < SCLP_SCCB_MIN) {
		vmm_program_check(cpu, PGM_SPECIFICATION);
		return;
	}
	if (size > VM_PAGE_SIZE - addr % VM_PAGE_SIZE) {
		sclp_respond(place, SCLP_RC_CROSSES_PAGE);
	} else {
		memcpy(sccb + SCLP_SCCB_MIN, place + SCLP_SCCB_MIN,
		       size - SCLP_SCCB_MIN);
		sclp_execute(&cpu->vmm->sclp, command, sccb);
		memcpy(place, sccb, size);
	}
	vm_cpu_set_cc(cpu->cpu, 0);
	service_signal(cpu->vmm, (uint32_t)addr);
}

static void service_call(struct vmm_cpu *cpu)
{
	uint32_t ipb = cpu->cpu->run->s390_sieic.ipb;
	uint32_t command = (uint32_t)vm_cpu_gpr(cpu->cpu, ipb >> 20 & 15);
	uint64_t addr = vm_cpu_gpr(cpu->cpu, ipb >> 16 & 15);

	if (vm_cpu_intercepted(cpu->cpu, ICPT_PV_INSTRUCTION))
		service_protected(cpu, command);
	else if (vm_cpu_intercepted(cpu->cpu, ICPT_INSTRUCTION))
		service_plain(cpu, command, addr);
}

/*
 * A protected CPU has loaded its restart PSW when the host hears of it; KVM
 * refuses CPUs that user space has not let go.
 */
static int restart(struct vmm_cpu *cpu)
{
	int ret = 0;

	if (!cpu->vmm->protected)
		ret = vm_cpu_signal(cpu->cpu, KVM_S390_RESTART, 0);
	return ret || cpu->operating ? ret : vmm_operate(cpu);
}

static int start(struct vmm_cpu *cpu)
{
	return cpu->operating ? 0 : vmm_operate(cpu);
}

static int reset_initial(struct vmm_cpu *cpu)
{
	int ret = vmm_stop_cpu(cpu);

	return ret ? ret : vm_cpu_reset(cpu->cpu, KVM_S390_INITIAL_RESET);
}

static int reset_normal(struct vmm_cpu *cpu)
{
	int ret = vmm_stop_cpu(cpu);

	return ret ? ret : vm_cpu_reset(cpu->cpu, KVM_S390_NORMAL_RESET);
}

static const struct {
	unsigned int order;
	int (*perform)(struct vmm_cpu *cpu);
} orders[] = {
	{ SIGP_START, start },
	{ SIGP_RESTART, restart },
	{ SIGP_INITIAL_RESET, reset_initial },
	{ SIGP_RESET, reset_normal },
};

static unsigned int perform_order(struct vmm_cpu *target, unsigned int order,
				  uint64_t *status)
{
	for (size_t i = 0; i < ARRAY_SIZE(orders); i++) {
		if (orders[i].order != order)
			continue;
		if (!orders[i].perform(target))
			return SIGP_CC_ACCEPTED;
		complain("CPU %u does not obey order 0x%02x", target->cpu->id,
			 order);
		vmm_finish(target->vmm, VMM_BROKEN);
		return SIGP_CC_NOT_THERE;
	}
	*status = (*status & ~0xffffffffULL) | SIGP_INVALID_ORDER;
	return SIGP_CC_STATUS;
}

static void signal_processor(struct vmm_cpu *cpu)
{
	unsigned int ipa = cpu->cpu->run->s390_sieic.ipa;
	unsigned int r1 = ipa >> 4 & 15;
	uint16_t target = (uint16_t)vm_cpu_gpr(cpu->cpu, ipa & 15);
	uint64_t status = vm_cpu_gpr(cpu->cpu, r1);
	unsigned int cc = SIGP_CC_NOT_THERE;

	if (target < cpu->vmm->vm.nr_cpus)
		cc = perform_order(&cpu->vmm->cpus[target],
				   vmm_base(cpu) & 0xff, &status);
	vm_cpu_set_gpr(cpu->cpu, r1, status);
	vm_cpu_set_cc(cpu->cpu, cc);
}

static const struct {
	unsigned int mask, opcode;
	void (*interpret)(struct vmm_cpu *cpu);
} instructions[] = {
	{ 0xff00, 0x8300, vmm_diagnose },
	{ 0xff00, 0xae00, signal_processor },
	{ 0xffff, 0xb220, service_call },
};

static void instruction(struct vmm_cpu *cpu)
{
	unsigned int ipa = cpu->cpu->run->s390_sieic.ipa;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(instructions); i++) {
		if ((ipa & instructions[i].mask) == instructions[i].opcode) {
			instructions[i].interpret(cpu);
			return;
		}
	}
	vmm_program_check(cpu, PGM_OPERATION);
}

static void cpu_ends(struct vmm_cpu *cpu, enum vmm_end last)
{
	struct vmm *vmm = cpu->vmm;

	if (vmm_stop_cpu(cpu)) {
		complain("CPU %u cannot be stopped", cpu->cpu->id);
		vmm_finish(vmm, VMM_BROKEN);
		return;
	}
	for (unsigned int i = 0; i < vmm->vm.nr_cpus; i++)
		if (vmm->cpus[i].operating)
			return;
	vmm_finish(vmm, last);
}

static void stopped(struct vmm_cpu *cpu)
{
	cpu_ends(cpu, VMM_STOPPED);
}

/* A protected guest does not show the address, which often is a reason. */
static void disabled_wait(struct vmm_cpu *cpu)
{
	if (cpu->vmm->protected)
		complain("CPU %u waits and nothing can wake it", cpu->cpu->id);
	else
		complain("CPU %u waits and nothing can wake it, PSW %016llx %016llx",
			 cpu->cpu->id,
			 (unsigned long long)cpu->cpu->run->psw_mask,
			 (unsigned long long)cpu->cpu->run->psw_addr);
	cpu_ends(cpu, VMM_PANIC);
}

static void loops(struct vmm_cpu *cpu)
{
	complain("CPU %u does nothing but take interruptions", cpu->cpu->id);
	cpu_ends(cpu, VMM_PANIC);
}

static const struct {
	unsigned int code;
	void (*handle)(struct vmm_cpu *cpu);
} interceptions[] = {
	{ ICPT_INSTRUCTION, instruction },
	{ ICPT_PV_INSTRUCTION, instruction },
	{ ICPT_PV_NOTIFICATION, instruction },
	{ ICPT_WAIT, disabled_wait },
	{ ICPT_STOP, stopped },
	{ ICPT_PROGRAM_LOOP, loops },
	{ ICPT_EXTERNAL_LOOP, loops },
};

void vmm_intercepted(struct vmm_cpu *cpu)
{
	const struct kvm_run *run = cpu->cpu->run;
	size_t i;

	/* Subcodes 3 and 4 of DIAGNOSE 308, if KVM has looked at them. */
	if (run->exit_reason == KVM_EXIT_S390_RESET) {
		vmm_reipl(cpu->vmm);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(interceptions); i++) {
		if (vm_cpu_intercepted(cpu->cpu, interceptions[i].code)) {
			interceptions[i].handle(cpu);
			return;
		}
	}
	complain("CPU %u: KVM gave up, exit %u interception 0x%02x",
		 cpu->cpu->id, run->exit_reason, run->s390_sieic.icptcode);
	vmm_finish(cpu->vmm, VMM_BROKEN);
}
