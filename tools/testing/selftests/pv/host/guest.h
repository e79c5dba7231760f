/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A virtual machine with the agent in it, plain or protected.
 */
#ifndef PV_SELFTEST_GUEST_H
#define PV_SELFTEST_GUEST_H

#include <pthread.h>
#include "agent.h"
#include "image.h"
#include "vm.h"

#define GUEST_SIZE	(4 * VM_MIB)
/* Pages that nobody but a test uses */
#define GUEST_DATA	0x100000ULL
#define GUEST_HCALL	0x500

/* Orders to CPUs */
#define SIGP_RESTART	6

/**
 * struct guest - the machine, and the image that it is protected with
 * @problem: one sentence on why guest_new() failed
 */
struct guest {
	struct vm vm;
	struct image image;
	char problem[192];
};

/* Why a CPU came back from KVM_RUN */
enum stop {
	STOP_ORDER,		/* the agent wants to know what to do */
	STOP_NUMBER,		/* ... a number for the order it has */
	STOP_RESET,		/* KVM_EXIT_S390_RESET */
	STOP_OTHER,		/* see its struct kvm_run */
	STOP_ERROR,		/* KVM_RUN failed */
};

/**
 * struct answer - what came of an order
 * @stop: STOP_ORDER if the agent is back
 * @how: AGENT_DONE, ...
 * @error: with STOP_ERROR: errno
 */
struct answer {
	enum stop stop;
	unsigned int how;
	uint64_t result;
	int error;
};

/*
 * Held while a machine is enabled, so that whoever else holds it knows that no
 * one is; NULL: nobody wants to know.
 */
extern pthread_mutex_t *guest_enabling;

int guest_new(struct guest *guest, unsigned int cpus);
int guest_new_with(struct guest *guest, unsigned int cpus, size_t memory,
		   uint64_t flags);
void guest_free(struct guest *guest);
void guest_load(struct guest *guest);
struct pv_result guest_unpack(struct guest *guest);
struct pv_result guest_protect(struct guest *guest);
int guest_start(struct vm_cpu *cpu);
int guest_start_second(struct guest *guest);
void guest_start_plain(struct guest *guest);

struct answer guest_await(struct vm_cpu *cpu);
struct answer guest_give(struct vm_cpu *cpu, unsigned int order, uint64_t addr);
struct answer guest_order(struct vm_cpu *cpu, unsigned int order,
			  uint64_t addr, uint64_t number);

/* The doubleword at @addr, as this process sees it */
static inline uint64_t *guest_word(struct guest *guest, uint64_t addr)
{
	return (uint64_t *)(guest->vm.memory + addr);
}

#endif /* PV_SELFTEST_GUEST_H */
