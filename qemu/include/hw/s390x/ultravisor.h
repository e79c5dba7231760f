/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The emulated Ultravisor of a s390-ccw-virtio machine.
 *
 * Everything that existing QEMU files call is declared here.  With
 * "ultravisor=off", the default, each of these functions does nothing and
 * permits everything.
 */
#ifndef HW_S390X_ULTRAVISOR_H
#define HW_S390X_ULTRAVISOR_H

#include "exec/hwaddr.h"
#include "exec/vaddr.h"
#include "qemu/atomic.h"
#include "qemu/typedefs.h"
#include "qom/object.h"

struct SubchDev;
struct uv_config;

/* Use s390_uv_cpu_access(): role "host", and some page is hidden from it. */
extern bool s390_uv_pages_hidden;

/**
 * s390_uv_add_properties() - register the machine properties
 * @oc: class of the machine
 */
void s390_uv_add_properties(ObjectClass *oc);

/**
 * s390_uv_active() - does the machine have an Ultravisor?
 *
 * Meaningful once the command line has been read.
 */
bool s390_uv_active(void);

/**
 * s390_uv_protected() - is the machine a protected guest now?
 *
 * Changes only within a reset, when translated code is dropped as well.
 */
bool s390_uv_protected(void);

/**
 * s390_uv_host() - may the machine be the host of protected guests?
 *
 * Never changes once the command line has been read.
 */
bool s390_uv_host(void);

/**
 * s390_uv_callable() - is there the instruction UV CALL now?
 *
 * Changes as s390_uv_protected() does.
 */
bool s390_uv_callable(void);

/**
 * s390_uv_facilities() - let a facility list tell what the machine is now
 * @list: as STFLE stores it, from the CPU model
 */
void s390_uv_facilities(uint8_t *list);

/**
 * s390_uv_cpu_features() - add the facilities of the role to the largest model
 * @features: bitmap of S390_FEAT_*
 */
void s390_uv_cpu_features(unsigned long *features);

/**
 * s390_uv_init() - build the Ultravisor
 * @machine: machine with storage and CPUs, still without devices
 *
 * Ends QEMU with a message when an option is wrong.
 */
void s390_uv_init(MachineState *machine);

/**
 * s390_uv_end_guest() - external reset, re-IPL: the machine leaves protection
 *
 * Storage of a guest, or of a host's guests, is cleared, the IPL parameter block
 * for a protected guest is forgotten.  CPUs must be paused and the subsystem
 * already reset, so that no device stores into what is cleared; -kernel and
 * -initrd must not be loaded yet.
 */
void s390_uv_end_guest(void);

/**
 * s390_uv_start_guest() - external reset, re-IPL: role "guest" begins anew
 *
 * CPUs must be paused, storage as the guest is to find it.
 */
void s390_uv_start_guest(void);

/**
 * s390_uv_prepare_reset() - DIAGNOSE 308 subcodes 0 and 1
 *
 * A guest stays the one it is, but shares nothing.  The guests of a host end,
 * and it gets back what it donated.  CPUs must be paused, the subsystem already
 * reset.
 */
void s390_uv_prepare_reset(void);

/**
 * s390_uv_may_diag308() - is there such a subcode now, with such a register?
 * @subcode: of DIAGNOSE 308
 * @r1: number of the first register
 *
 * Return: false if it is a specification exception, because of protection
 */
bool s390_uv_may_diag308(uint64_t subcode, uint64_t r1);

/**
 * s390_uv_await_reset() - DIAGNOSE 308 while a reset is on its way
 * @cs: the CPU
 * @ra: where the translated code called the helper
 *
 * Does not return then: the instruction is executed after the reset, or not at
 * all.
 */
void s390_uv_await_reset(CPUState *cs, uintptr_t ra);

/**
 * s390_uv_set_ipl_block() - DIAGNOSE 308 subcode 8
 * @addr: absolute address of 4096 bytes of storage
 *
 * Return: code for the second register
 */
uint64_t s390_uv_set_ipl_block(hwaddr addr);

/**
 * s390_uv_prepare_start() - DIAGNOSE 308 subcode 10, before it asks for a reset
 * @cs: the CPU
 * @r1: number of the first register
 * @ra: where the translated code called the helper
 *
 * Completes the instruction: if the guest cannot be started, the program goes
 * on behind it.
 */
void s390_uv_prepare_start(CPUState *cs, uint64_t r1, uintptr_t ra);

/**
 * s390_uv_protect() - DIAGNOSE 308 subcode 10, within the reset
 * @cs: CPU that executed it, normally reset; the others are fully reset
 *
 * Either @cs starts in the protected guest, or it goes on with a code in its
 * second register.
 */
void s390_uv_protect(CPUState *cs);

struct uv_sie_result;
struct uv_vcpu;

/**
 * struct s390_uv_caller - a CPU that executes UV CALL
 * @env: its CPUS390XState
 * @vcpu: protected guest that it is in SIE, or NULL
 * @sie: with @vcpu: out, when the result is UV_CALL_SIE
 */
struct s390_uv_caller {
	void *env;
	struct uv_vcpu *vcpu;
	struct uv_sie_result *sie;
};

/**
 * s390_uv_call() - hand one Ultravisor call to the library
 * @r1: content of the first operand register
 * @addr: logical address of the control block
 *
 * Takes and drops the Ultravisor's lock and never jumps out.
 *
 * Return: condition code or UV_CALL_*
 */
int s390_uv_call(const struct s390_uv_caller *caller, uint64_t r1,
		 uint64_t addr);

/**
 * s390_uv_guest_access() - may a CPU in SIE touch a page?
 * @config: protected guest that it runs, NULL if the guest is not protected
 * @addr: absolute address
 * @gaddr: guest absolute address that led there
 *
 * For CPUs while they execute instructions, and in threads of other kinds
 * always true: the debugger's.
 *
 * Return: 0, or the program interruption that the host gets
 */
int s390_uv_guest_access(const struct uv_config *config, hwaddr addr,
			 uint64_t gaddr);

/**
 * s390_uv_cpu_access() - may a CPU touch a page, outside of protected guests?
 * @addr: absolute address
 *
 * Return: 0, or the program interruption that it gets
 */
static inline int s390_uv_cpu_access(hwaddr addr)
{
	if (!qatomic_read(&s390_uv_pages_hidden))
		return 0;
	return s390_uv_guest_access(NULL, addr, 0);
}

/* Out of line half of the next. */
void s390_uv_keep_translation(CPUState *cs, vaddr page, hwaddr addr,
			      int mmu_idx);

/**
 * s390_uv_translated() - a translation enters the TLB of a CPU
 * @page: logical address, as the TLB has it
 * @addr: absolute address
 * @mmu_idx: index of the TLB
 */
static inline void s390_uv_translated(CPUState *cs, vaddr page, hwaddr addr,
				      int mmu_idx)
{
	if (qatomic_read(&s390_uv_pages_hidden))
		s390_uv_keep_translation(cs, page, addr, mmu_idx);
}

/**
 * s390_uv_host_may_access() - may the machine touch storage for its program?
 * @addr: absolute address
 * @len: bytes
 *
 * For what bypasses the CPU's translation.  True unless the machine is a host
 * and the storage hidden from it.
 */
bool s390_uv_host_may_access(hwaddr addr, hwaddr len);

/**
 * s390_uv_page_open() - may an untrusted device touch the storage?
 * @addr: absolute address
 * @len: bytes
 */
bool s390_uv_page_open(hwaddr addr, hwaddr len);

/**
 * s390_uv_report_denied() - say that a device was refused, not too often
 * @device: name of the device
 * @addr: absolute address it wanted
 */
void s390_uv_report_denied(const char *device, hwaddr addr);

/**
 * s390_uv_channel_may_access() - may a channel program touch the storage?
 * @sch: its subchannel
 * @addr: absolute address
 * @len: bytes
 *
 * A refusal is reported; the caller turns it into a program check.
 */
bool s390_uv_channel_may_access(struct SubchDev *sch, hwaddr addr, hwaddr len);

/**
 * s390_uv_virtio_dma_as() - address space of a virtio-ccw device
 * @dev: the VirtioCcwDevice
 *
 * Return: one that refuses hidden pages, owned by the machine
 */
AddressSpace *s390_uv_virtio_dma_as(DeviceState *dev);

/**
 * s390_uv_check_virtio() - refuse a virtio device that would bypass the above
 * @dev: the VirtioCcwDevice
 * @errp: set when refused
 */
bool s390_uv_check_virtio(DeviceState *dev, Error **errp);

#endif /* HW_S390X_ULTRAVISOR_H */
