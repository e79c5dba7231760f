/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A virtual machine as KVM's ioctls give it, with as little between as can be.
 *
 * Functions return 0 (or what they describe) and -errno; the words for a
 * failure are in vm->problem.
 */
#ifndef PV_SELFTEST_VM_H
#define PV_SELFTEST_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kvm_pv.h"

#define VM_MAX_CPUS	8
#define VM_MIB		(1024ULL * 1024)
#define VM_PAGE_SIZE	4096
#define VM_SIDA_SIZE	4096
/* A pointer or a size in this measure is fit for a memory slot. */
#define VM_SLOT_ALIGN	VM_MIB

/* Facility of the guest's own list: DIAGNOSE 308, subcodes 8 to 10 */
#define VM_FACILITY_UNPACK	161

/* PSW masks */
#define VM_PSW_64BIT		0x0000000180000000ULL
#define VM_PSW_WAIT		0x0002000000000000ULL
#define VM_PSW_CC		0x0000300000000000ULL

struct vm;

/**
 * struct vm_cpu - a virtual CPU
 * @run: what KVM and user space share
 * @fd: for ioctls that have no function here
 * @id: its address
 */
struct vm_cpu {
	struct vm *vm;
	struct kvm_run *run;
	int fd;
	unsigned int id;
};

/**
 * struct vm - a virtual machine
 * @fd: for ioctls that have no function here
 * @memory: guest absolute 0 as this process sees it
 * @memory_size: in bytes
 * @cpus: the first @nr_cpus exist
 * @problem: one sentence on the last failure of opening or adding something
 */
struct vm {
	int kvm, fd;
	uint8_t *memory;
	size_t memory_size;
	void *map;
	size_t map_size, run_size;
	struct vm_cpu cpus[VM_MAX_CPUS];
	unsigned int nr_cpus;
	char problem[160];
};

/**
 * struct pv_result - how a KVM_S390_PV_COMMAND ended
 * @error: 0 or errno
 * @rc, @rrc: of the last Ultravisor call, 0 if there was none
 */
struct pv_result {
	int error;
	uint16_t rc, rrc;
};

/**
 * vm_open - an empty machine: no memory, no CPU
 *
 * Facilities of the guest are those of KVM's default, and VM_FACILITY_UNPACK
 * if KVM can make protected guests.  -ENOENT or -EACCES: no /dev/kvm; -EINVAL:
 * the page tables of this process are none for KVM (link with --s390-pgste or
 * set the sysctl vm.allocate_pgste).
 */
int vm_open(struct vm *vm);

/* vm_close - end it, with all that was added to it */
void vm_close(struct vm *vm);

/* vm_add_memory - memory from absolute 0 on; @size is whole mebibytes */
int vm_add_memory(struct vm *vm, size_t size);

/* vm_add_cpu - the next CPU, reset and stopped; NULL with errno set */
struct vm_cpu *vm_add_cpu(struct vm *vm);

/**
 * vm_new - machine, memory and CPUs in one step; all or nothing
 */
int vm_new(struct vm *vm, size_t memory, unsigned int cpus);

/* vm_capability - value of a KVM_CAP_*, 0 if it is unknown */
int vm_capability(const struct vm *vm, unsigned int cap);

/* vm_set_facility - before the first CPU: what STFLE tells the guest */
int vm_set_facility(struct vm *vm, unsigned int nr, bool on);

/* vm_has_facility - does STFLE tell the guest so? */
bool vm_has_facility(const struct vm *vm, unsigned int nr);

/* vm_range - where guest memory lies here; NULL if it is not all memory */
void *vm_range(const struct vm *vm, uint64_t addr, uint64_t size);

/* vm_signal - KVM_S390_INTERRUPT of all, such as KVM_S390_INT_SERVICE */
int vm_signal(struct vm *vm, uint32_t type, uint32_t parm);

/* vm_cpu_signal - the same of one CPU, such as KVM_S390_PROGRAM_INT */
int vm_cpu_signal(struct vm_cpu *cpu, uint32_t type, uint32_t parm);

/* vm_cpu_reset - KVM_S390_{NORMAL,INITIAL,CLEAR}_RESET */
int vm_cpu_reset(struct vm_cpu *cpu, unsigned long reset);

/* vm_cpu_set_state - KVM_MP_STATE_{STOPPED,OPERATING,LOAD} */
int vm_cpu_set_state(struct vm_cpu *cpu, uint32_t state);

/* vm_cpu_set_psw - of a CPU that is not protected */
void vm_cpu_set_psw(struct vm_cpu *cpu, uint64_t mask, uint64_t addr);

/* vm_cpu_set_cc - condition code of the intercepted instruction */
void vm_cpu_set_cc(struct vm_cpu *cpu, unsigned int cc);

/* vm_cpu_gpr - a general register, to read */
uint64_t vm_cpu_gpr(const struct vm_cpu *cpu, unsigned int nr);

/* vm_cpu_set_gpr - a general register; KVM takes it over at the next run */
void vm_cpu_set_gpr(struct vm_cpu *cpu, unsigned int nr, uint64_t value);

/* vm_cpu_run - KVM_RUN once: 0, see cpu->run->exit_reason, or -errno */
int vm_cpu_run(struct vm_cpu *cpu);

/* vm_cpu_intercepted - did the last run end with such an interception? */
bool vm_cpu_intercepted(const struct vm_cpu *cpu, unsigned int code);

/* vm_cpu_sida_read, vm_cpu_sida_write - the area a protected CPU shares */
int vm_cpu_sida_read(struct vm_cpu *cpu, uint32_t offset, void *to,
		     uint32_t size);
int vm_cpu_sida_write(struct vm_cpu *cpu, uint32_t offset, const void *from,
		      uint32_t size);

/* vm_pv - a command for the machine; @data is what it wants, or NULL */
struct pv_result vm_pv(struct vm *vm, uint32_t cmd, const void *data);

/* vm_pv_parameters, vm_pv_unpack - commands that have operands */
struct pv_result vm_pv_parameters(struct vm *vm, const void *header,
				  size_t size);
struct pv_result vm_pv_unpack(struct vm *vm, uint64_t addr, uint64_t size,
			      uint64_t tweak);

/**
 * vm_pv_dump - a step of a dump: KVM_PV_DUMP_{INIT,CONFIG_STOR_STATE,COMPLETE}
 * @buf, @size: the buffer that gets something
 * @gaddr: guest absolute address of the first MiB
 */
struct pv_result vm_pv_dump(struct vm *vm, uint64_t step, void *buf,
			    uint64_t size, uint64_t gaddr);

/* vm_cpu_pv_dump - the step of a CPU, wherever the kernel puts the codes */
struct pv_result vm_cpu_pv_dump(struct vm_cpu *cpu, void *buf, uint64_t size);

/* vm_pv_dump_info - lengths of what a dump stores; 0 or -errno */
int vm_pv_dump_info(struct vm *vm, struct kvm_s390_pv_info_dump *info);

#endif /* PV_SELFTEST_VM_H */
