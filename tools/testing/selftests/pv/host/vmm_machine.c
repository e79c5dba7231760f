// SPDX-License-Identifier: GPL-2.0
/*
 * A small VMM: CPUs, their threads, and how the machine ends.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "vmm.h"

#define KICK	SIGUSR1

static void kicked(int signal)
{
}

void vmm_finish(struct vmm *vmm, enum vmm_end end)
{
	uint64_t one = 1;

	if (vmm->end != VMM_RUNS)
		return;
	vmm->end = end;
	for (unsigned int i = 0; i < vmm->vm.nr_cpus; i++) {
		struct vmm_cpu *cpu = &vmm->cpus[i];

		cpu->operating = false;
		cpu->cpu->run->immediate_exit = 1;
		pthread_kill(cpu->thread, KICK);
	}
	pthread_cond_broadcast(&vmm->changed);
	/* Cannot block: it is written once. */
	(void)!write(vmm->done, &one, sizeof(one));
}

/*
 * immediate_exit catches a thread that has not reached KVM_RUN, the signal one
 * that is in it.  The thread that asks is never inside itself.
 */
static void call_out(struct vmm_cpu *cpu)
{
	struct vmm *vmm = cpu->vmm;

	if (cpu->inside) {
		cpu->cpu->run->immediate_exit = 1;
		pthread_kill(cpu->thread, KICK);
	}
	while (cpu->inside)
		pthread_cond_wait(&vmm->changed, &vmm->lock);
}

int vmm_stop_cpu(struct vmm_cpu *cpu)
{
	cpu->operating = false;
	call_out(cpu);
	return vm_cpu_set_state(cpu->cpu, KVM_MP_STATE_STOPPED);
}

/* A thread that comes out does first what its guest has come out for. */
void vmm_pause(struct vmm *vmm)
{
	vmm->paused = true;
	for (unsigned int i = 0; i < vmm->vm.nr_cpus; i++)
		call_out(&vmm->cpus[i]);
}

void vmm_resume(struct vmm *vmm)
{
	vmm->paused = false;
	pthread_cond_broadcast(&vmm->changed);
}

int vmm_stop_all(struct vmm *vmm)
{
	int ret = 0;

	for (unsigned int i = 0; i < vmm->vm.nr_cpus && !ret; i++)
		ret = vmm_stop_cpu(&vmm->cpus[i]);
	return ret;
}

int vmm_operate(struct vmm_cpu *cpu)
{
	int ret = vm_cpu_set_state(cpu->cpu, KVM_MP_STATE_OPERATING);

	if (ret || cpu->vmm->end != VMM_RUNS)
		return ret;
	cpu->operating = true;
	pthread_cond_broadcast(&cpu->vmm->changed);
	return 0;
}

/* Once in KVM, with the lock given away. */
static int enter(struct vmm_cpu *cpu)
{
	struct vmm *vmm = cpu->vmm;
	int ret;

	cpu->cpu->run->immediate_exit = 0;
	cpu->inside = true;
	pthread_mutex_unlock(&vmm->lock);
	ret = vm_cpu_run(cpu->cpu);
	pthread_mutex_lock(&vmm->lock);
	cpu->inside = false;
	pthread_cond_broadcast(&vmm->changed);
	return ret;
}

static void cannot_run(struct vmm_cpu *cpu, int error)
{
	complain("KVM does not run CPU %u: %s; the kernel log may say why",
		 cpu->cpu->id, strerror(error));
	vmm_finish(cpu->vmm, VMM_BROKEN);
}

/* What a CPU was about to do when another one stopped it is not done. */
static void *run_cpu(void *opaque)
{
	struct vmm_cpu *cpu = opaque;
	struct vmm *vmm = cpu->vmm;
	int ret;

	pthread_mutex_lock(&vmm->lock);
	while (vmm->end == VMM_RUNS) {
		if (!cpu->operating || vmm->paused) {
			pthread_cond_wait(&vmm->changed, &vmm->lock);
			continue;
		}
		ret = enter(cpu);
		if (!cpu->operating || ret == -EINTR || ret == -EAGAIN)
			continue;
		if (ret)
			cannot_run(cpu, -ret);
		else
			vmm_intercepted(cpu);
	}
	pthread_mutex_unlock(&vmm->lock);
	return NULL;
}

int vmm_start(struct vmm *vmm)
{
	struct sigaction action = { .sa_handler = kicked };
	unsigned int i;
	int error = 0;

	sigaction(KICK, &action, NULL);
	for (i = 0; i < vmm->vm.nr_cpus && !error; i++)
		error = pthread_create(&vmm->cpus[i].thread, NULL, run_cpu,
				       &vmm->cpus[i]);
	if (!error)
		return 0;
	complain("no thread for CPU %u: %s", i - 1, strerror(error));
	return -1;
}

void vmm_join(struct vmm *vmm)
{
	for (unsigned int i = 0; i < vmm->vm.nr_cpus; i++)
		pthread_join(vmm->cpus[i].thread, NULL);
}
