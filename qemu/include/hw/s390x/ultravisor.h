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
#include "qom/object.h"

struct SubchDev;

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
 * s390_uv_reset() - forget all configurations and make that of the role anew
 *
 * CPUs must be paused, devices already reset.
 */
void s390_uv_reset(void);

/**
 * s390_uv_call() - hand one Ultravisor call to the library
 * @cpu_opaque: CPUS390XState of the calling CPU
 * @r1: content of the first operand register
 * @addr: logical address of the control block
 *
 * Takes and drops the Ultravisor's lock and never jumps out.
 *
 * Return: condition code or UV_CALL_*
 */
int s390_uv_call(void *cpu_opaque, uint64_t r1, uint64_t addr);

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
 * Return: one that refuses pages the guest did not share, owned by the machine
 */
AddressSpace *s390_uv_virtio_dma_as(DeviceState *dev);

/**
 * s390_uv_check_virtio() - refuse a virtio device that would bypass the above
 * @dev: the VirtioCcwDevice
 * @errp: set when refused
 */
bool s390_uv_check_virtio(DeviceState *dev, Error **errp);

#endif /* HW_S390X_ULTRAVISOR_H */
