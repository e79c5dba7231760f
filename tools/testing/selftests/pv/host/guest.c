// SPDX-License-Identifier: GPL-2.0
/*
 * A virtual machine with the agent in it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "guest.h"

static int fail(struct guest *guest, const char *what, const char *advice)
{
	snprintf(guest->problem, sizeof(guest->problem), "%s: %s", what,
		 advice);
	return -1;
}

static int make_image(struct guest *guest)
{
	const char *path;
	EVP_PKEY *host = image_host_key(&path);
	int ret;

	if (!host)
		return fail(guest, path,
			    "neither a certificate nor a public key (PV_TEST_HOST_KEY)");
	ret = image_add(&guest->image, AGENT_ADDR, agent_begin,
			(size_t)(agent_end - agent_begin));
	if (!ret)
		ret = image_seal(&guest->image, host, AGENT_ADDR);
	EVP_PKEY_free(host);
	return ret ? fail(guest, "the guest's image", "cannot be sealed") : 0;
}

/**
 * guest_new_with() - A machine that is not protected yet, and an image for it
 * @guest: out; guest_free() is for one that could be made only
 * @cpus: their number
 * @memory: its size, whole mebibytes
 * @flags: of the image: IMAGE_ALLOW_DUMPING, or none
 *
 * Return: 0, or -1 with the reason in @guest
 */
int guest_new_with(struct guest *guest, unsigned int cpus, size_t memory,
		   uint64_t flags)
{
	memset(guest, 0, sizeof(*guest));
	guest->image.flags = flags;
	if (vm_new(&guest->vm, memory, cpus))
		return fail(guest, "KVM", guest->vm.problem);
	if (!make_image(guest))
		return 0;
	guest_free(guest);
	return -1;
}

/** guest_new() - One of GUEST_SIZE, with an image that allows nothing */
int guest_new(struct guest *guest, unsigned int cpus)
{
	return guest_new_with(guest, cpus, GUEST_SIZE, 0);
}

/** guest_free() - End the machine, whatever it is doing */
void guest_free(struct guest *guest)
{
	image_free(&guest->image);
	vm_close(&guest->vm);
}

/** guest_load() - Lay the image's pages into memory, as they are in it */
void guest_load(struct guest *guest)
{
	const struct image_part *part = guest->image.parts;

	for (unsigned int i = 0; i < guest->image.nr_parts; i++, part++)
		memcpy(guest->vm.memory + part->addr, part->data, part->size);
}

/** guest_unpack() - Load and unpack all there is, up to the first failure */
struct pv_result guest_unpack(struct guest *guest)
{
	const struct image_part *part = guest->image.parts;
	struct pv_result result = {};

	guest_load(guest);
	for (unsigned int i = 0; i < guest->image.nr_parts; i++, part++) {
		result = vm_pv_unpack(&guest->vm, part->addr, part->size,
				      part->tweak);
		if (result.error)
			break;
	}
	return result;
}

pthread_mutex_t *guest_enabling;

static struct pv_result enable(struct vm *vm)
{
	struct pv_result result;

	if (guest_enabling)
		pthread_mutex_lock(guest_enabling);
	result = vm_pv(vm, KVM_PV_ENABLE, NULL);
	if (guest_enabling)
		pthread_mutex_unlock(guest_enabling);
	return result;
}

/** guest_protect() - From an ordinary machine to a verified image */
struct pv_result guest_protect(struct guest *guest)
{
	struct vm *vm = &guest->vm;
	struct pv_result result = enable(vm);

	if (!result.error)
		result = vm_pv_parameters(vm, guest->image.header,
					  sizeof(guest->image.header));
	if (!result.error)
		result = guest_unpack(guest);
	if (!result.error)
		result = vm_pv(vm, KVM_PV_VERIFY, NULL);
	return result;
}

/** guest_start() - Let a protected CPU begin at the image's PSW; 0 or -errno */
int guest_start(struct vm_cpu *cpu)
{
	int ret = vm_cpu_set_state(cpu, KVM_MP_STATE_LOAD);

	return ret ? ret : vm_cpu_set_state(cpu, KVM_MP_STATE_OPERATING);
}

/** guest_start_plain() - Let the first CPU run the agent without protection */
void guest_start_plain(struct guest *guest)
{
	struct vm_cpu *cpu = guest->vm.cpus;

	memcpy(guest->vm.memory + AGENT_ADDR, agent_begin,
	       (size_t)(agent_end - agent_begin));
	vm_cpu_set_psw(cpu, VM_PSW_64BIT, AGENT_ADDR);
	vm_cpu_set_state(cpu, KVM_MP_STATE_OPERATING);
}

/* The agent's DIAGNOSE, in either kind of guest */
static bool asks(const struct vm_cpu *cpu)
{
	const struct kvm_run *run = cpu->run;
	unsigned int base;

	if (run->exit_reason != KVM_EXIT_S390_SIEIC ||
	    run->s390_sieic.ipa >> 8 != 0x83)
		return false;
	if (run->s390_sieic.icptcode == ICPT_INSTRUCTION)
		return run->s390_sieic.ipb >> 16 == GUEST_HCALL;
	base = run->s390_sieic.ipb >> 28;
	return run->s390_sieic.icptcode == ICPT_PV_INSTRUCTION &&
	       base && vm_cpu_gpr(cpu, base) == GUEST_HCALL;
}

static enum stop why(const struct vm_cpu *cpu)
{
	if (cpu->run->exit_reason == KVM_EXIT_S390_RESET)
		return STOP_RESET;
	if (!asks(cpu))
		return STOP_OTHER;
	if (vm_cpu_gpr(cpu, 1) == AGENT_ASKS_ORDER)
		return STOP_ORDER;
	return vm_cpu_gpr(cpu, 1) == AGENT_ASKS_NUMBER ? STOP_NUMBER :
							 STOP_OTHER;
}

/** guest_await() - Run a CPU until it comes back with something to say */
struct answer guest_await(struct vm_cpu *cpu)
{
	struct answer answer = { .stop = STOP_ERROR };

	do {
		answer.error = -vm_cpu_run(cpu);
		if (answer.error)
			return answer;
	} while (cpu->run->exit_reason == KVM_EXIT_INTR);
	answer.stop = why(cpu);
	answer.result = vm_cpu_gpr(cpu, 3);
	answer.how = (unsigned int)vm_cpu_gpr(cpu, 4);
	return answer;
}

/** guest_give() - Answer the agent's question, and run it to what comes next */
struct answer guest_give(struct vm_cpu *cpu, unsigned int order, uint64_t addr)
{
	vm_cpu_set_gpr(cpu, 2, (uint64_t)order << AGENT_ORDER_SHIFT | addr);
	return guest_await(cpu);
}

/**
 * guest_start_second() - Let the first CPU, which awaits an order, start another
 *
 * Return: 0, when both await orders; or -1
 */
int guest_start_second(struct guest *guest)
{
	struct vm_cpu *cpus = guest->vm.cpus;

	if (guest_give(&cpus[0], AGENT_SIGP, 1 << 8 | SIGP_RESTART).stop !=
	    STOP_OTHER ||
	    vm_cpu_signal(&cpus[1], KVM_S390_RESTART, 0) ||
	    vm_cpu_set_state(&cpus[1], KVM_MP_STATE_OPERATING) ||
	    guest_await(&cpus[1]).stop != STOP_ORDER)
		return -1;
	return guest_await(&cpus[0]).stop == STOP_ORDER ? 0 : -1;
}

/** guest_order() - An order from the question for it to the next such question */
struct answer guest_order(struct vm_cpu *cpu, unsigned int order,
			  uint64_t addr, uint64_t number)
{
	struct answer answer = guest_give(cpu, order, addr);

	if (answer.stop != STOP_NUMBER)
		return answer;
	vm_cpu_set_gpr(cpu, 2, number);
	return guest_await(cpu);
}
