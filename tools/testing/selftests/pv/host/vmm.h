/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A small VMM: what its parts offer each other.
 *
 * Each CPU has a thread.  All of them, and the main thread, share one lock; a
 * thread gives it away only while it is in KVM_RUN or waits.
 */
#ifndef PV_SELFTEST_VMM_H
#define PV_SELFTEST_VMM_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "kselftest_macros.h"
#include "vm.h"
#include "vmm_console.h"
#include "vmm_sclp.h"

#define IPL_BLOCK_MAX	4096

/**
 * struct vmm_task - what was asked for on the command line
 * @image: an SE image, or NULL
 * @kernel: a kernel, or NULL
 * @initrd, @append: for the kernel, or NULL
 * @protect: give the protection that an SE image asks for
 * @memory: of the guest, in bytes
 * @log: where the console goes before the command begins, or NULL for stdout
 * @view: where the memory is written in the end, or NULL
 * @dump: where a dump is written when one is asked for, or NULL
 * @dump_on_crash, @dump_on_end: the end of the guest asks for one
 * @force: replace a file that has that name
 * @nr_cpus: 1 or 2
 * @seconds: to end after, 0 for never
 */
struct vmm_task {
	const char *image, *kernel, *initrd, *append, *log, *view, *dump;
	bool protect, dump_on_crash, dump_on_end, force;
	size_t memory;
	unsigned int nr_cpus, seconds;
};

/**
 * enum vmm_end - why the machine has stopped
 */
enum vmm_end {
	VMM_RUNS,
	VMM_STOPPED,	/* all CPUs are: it was powered off */
	VMM_PANIC,	/* a CPU waits and nothing can wake it */
	VMM_BROKEN,	/* KVM or we failed */
};

struct vmm;

/**
 * struct vmm_cpu - a CPU and its thread
 * @operating: the thread is to run it
 * @inside: the thread is in KVM_RUN, or about to be
 */
struct vmm_cpu {
	struct vmm *vmm;
	struct vm_cpu *cpu;
	pthread_t thread;
	bool operating, inside;
};

/**
 * struct vmm - the machine
 * @lock: over all that follows
 * @changed: a flag of a CPU has changed, or @end
 * @done: an eventfd that is written when @end is set
 * @asked: a signalfd for the signal that asks for a dump, -1 without one
 * @paused: no CPU enters KVM_RUN
 * @undumped: a dump could not be written
 * @view: where the memory goes in the end, if the task says so
 * @in_line: the last byte of the input was no line end
 * @protected: there is a secure configuration
 * @refused: an image did not get the protection that it asked for
 * @ipl_block: of DIAGNOSE 308, subcode 8; its length is 0 if there is none
 */
struct vmm {
	struct vm vm;
	const struct vmm_task *task;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int done, view, asked;
	enum vmm_end end;
	struct vmm_cpu cpus[VM_MAX_CPUS];
	struct sclp sclp;
	struct console console;
	bool in_line, protected, refused, paused, undumped;
	uint8_t ipl_block[IPL_BLOCK_MAX];
	size_t ipl_block_size;
};

/* vmm.c */

/* complain - one sentence on stderr */
void __printf(1, 2) complain(const char *format, ...);

/* vmm_machine.c; the lock is held */

/* vmm_start - threads of all CPUs; 0 or -1 with the reason said */
int vmm_start(struct vmm *vmm);

/* vmm_join - after the end: wait for all threads, without the lock */
void vmm_join(struct vmm *vmm);

/* vmm_finish - the machine is to end, unless it has ended already */
void vmm_finish(struct vmm *vmm, enum vmm_end end);

/* vmm_stop_cpu - stop a CPU and wait until it is; 0 or -errno */
int vmm_stop_cpu(struct vmm_cpu *cpu);

/* vmm_stop_all - the same for every CPU */
int vmm_stop_all(struct vmm *vmm);

/*
 * vmm_pause, vmm_resume - no CPU is in KVM in between, and none has lost what
 *	it was doing
 */
void vmm_pause(struct vmm *vmm);
void vmm_resume(struct vmm *vmm);

/* vmm_operate - let a CPU run; 0 or -errno */
int vmm_operate(struct vmm_cpu *cpu);

/* vmm_boot.c */

/* vmm_check_files - 0, or -1 with the reason said */
int vmm_check_files(const struct vmm_task *task);

/* vmm_load - as at power-on: files in memory, CPU 0 to start; 0 or -1 */
int vmm_load(struct vmm *vmm);

/* vmm_protect.c */

/**
 * vmm_protect - make the machine a protected guest, as its IPL block says
 * @initiator: the CPU that asks; on success it begins at the image's PSW
 *
 * Return: 0, or the long failure code of DIAGNOSE 308, with the reason said
 */
uint64_t vmm_protect(struct vmm_cpu *initiator);

/* vmm_unprotect - give the secure configuration back; 0 or -1 */
int vmm_unprotect(struct vmm *vmm);

/**
 * vmm_reset - subcodes 0 and 1 of DIAGNOSE 308
 * @clear: reset all of the state of all CPUs
 *
 * Return: 0, or -1 with the reason said
 */
int vmm_reset(struct vmm_cpu *initiator, bool clear);

/* vmm_dump.c */

/* vmm_check_dump - can the file be made?  0, or -1 with the reason said */
int vmm_check_dump(const struct vmm_task *task);

/**
 * vmm_dump - write a dump of the guest, whose CPUs are out of KVM
 *
 * The guest can go on afterwards, whether there is a dump or not.
 *
 * Return: 0, or -1 with the reason said and no file
 */
int vmm_dump(struct vmm *vmm);

/* vmm_diag.c */

/* vmm_diagnose - interpret an intercepted DIAGNOSE */
void vmm_diagnose(struct vmm_cpu *cpu);

/* vmm_reipl - start once more as at power-on, unprotected */
void vmm_reipl(struct vmm *vmm);

/* vmm_intercept.c */

/* vmm_intercepted - what KVM_RUN came back for */
void vmm_intercepted(struct vmm_cpu *cpu);

/* vmm_program_check - inject one, as far as the kind of guest lets us */
void vmm_program_check(struct vmm_cpu *cpu, unsigned int code);

/* vmm_base - second operand address of the intercepted instruction */
uint64_t vmm_base(const struct vmm_cpu *cpu);

/* Program interruption codes */
#define PGM_OPERATION		0x01
#define PGM_ADDRESSING		0x05
#define PGM_SPECIFICATION	0x06

#endif /* PV_SELFTEST_VMM_H */
