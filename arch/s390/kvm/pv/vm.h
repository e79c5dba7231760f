/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Host side of protected virtualization: what its files in kvm.ko share.
 *
 * Locks, outermost first:
 *
 *	kvm->lock		life cycle of configurations, dumps
 *	vcpu->mutex		life cycle of a secure CPU
 *	start_stop_lock		states of CPUs; spins
 *	kvm->slots_lock		memory while a configuration of it is made
 *	mmap lock		pages, and below it the guest's tables
 *
 * vcpu->mutex and slots_lock are never held together. A VM that ends has nobody
 * left who could contend: no lock is held then, and none is needed.
 */
#ifndef ARCH_S390_KVM_PV_VM_H
#define ARCH_S390_KVM_PV_VM_H

#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/kvm_host.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/refcount.h>
#include <linux/sched/signal.h>
#include <asm/page.h>
#include "../kvm-s390.h"
#include "pv.h"

/* For messages about what an Ultravisor did that it should not do. */
#define pv_complain(fmt, ...) \
	pr_warn_ratelimited("prot_virt: " fmt, ##__VA_ARGS__)

/* The last reference is gone: kvm_arch_destroy_vm() is what runs. */
static inline bool pv_vm_ends(struct kvm *kvm)
{
	return !refcount_read(&kvm->users_count);
}

static inline void pv_assert_locked(struct kvm *kvm)
{
	if (!pv_vm_ends(kvm))
		lockdep_assert_held(&kvm->lock);
}

/* @refused is the caller's word for what the Ultravisor does not want. */
static inline int pv_errno(enum pv_outcome outcome, int refused)
{
	if (outcome == PV_OK)
		return 0;
	if (outcome == PV_REFUSED)
		return refused;
	return fatal_signal_pending(current) ? -EINTR : -EBUSY;
}

/* storage.c */

/*
 * Lengths are those the Ultravisor asks for, so they may be anything: too much
 * is no reason for a warning, and nothing is no length.
 */
#define PV_STORAGE_GFP	(GFP_KERNEL_ACCOUNT | __GFP_NOWARN)

static inline unsigned int pv_storage_order(unsigned long len)
{
	return get_order(max(len, 1UL));
}

/**
 * enum pv_made - What there is after a call that was to make something
 * @PV_MADE: What was asked for.
 * @PV_MADE_NOTHING: Nothing: storage offered to the Ultravisor is the host's.
 * @PV_MADE_HALF: Something of no use, which has to be destroyed by its handle.
 * @PV_MADE_UNKNOWN: Nobody knows, and there is no handle to ask with.
 */
enum pv_made {
	PV_MADE,
	PV_MADE_NOTHING,
	PV_MADE_HALF,
	PV_MADE_UNKNOWN,
};

/**
 * pv_made() - Who owns the storage that was offered for something
 * @outcome: Outcome of the call that was to make it.
 * @rc: Its response code.
 * @handle: What it gave as the handle.
 *
 * Return: What there is now.
 */
static inline enum pv_made pv_made(enum pv_outcome outcome, u16 rc, u64 handle)
{
	switch (outcome) {
	case PV_OK:
		return handle ? PV_MADE : PV_MADE_UNKNOWN;
	case PV_REFUSED:
		if (!(rc & UVC_RC_NEED_DESTROY))
			return PV_MADE_NOTHING;
		return handle ? PV_MADE_HALF : PV_MADE_UNKNOWN;
	case PV_BUSY:
		return PV_MADE_NOTHING;
	default:
		return PV_MADE_UNKNOWN;
	}
}

enum pv_outcome pv_finish_donating(void *uvcb);

/**
 * pv_call_donating() - Call that makes something of storage offered with it
 * @uvcb: Control block of the call.
 *
 * Waiting for the beginning ends with a fatal signal.
 *
 * Return: As pv_call().
 */
static inline enum pv_outcome pv_call_donating(void *uvcb)
{
	enum pv_outcome outcome = pv_call(uvcb, PV_KILLABLE);

	return outcome == PV_PARTIAL ? pv_finish_donating(uvcb) : outcome;
}

/**
 * struct pv_storage - Storage that the Ultravisor gets for a configuration
 * @base: Base storage, aligned to its size.
 * @variable: Variable storage, for each MiB of the guest.
 * @variable_len: Length of @variable.
 */
struct pv_storage {
	unsigned long base;
	void *variable;
	unsigned long variable_len;
};

void *pv_buffer_alloc(unsigned long len);
int pv_storage_alloc(struct pv_storage *storage, u64 guest_len);
void pv_storage_free(struct pv_storage *storage);
void pv_storage_lose(struct pv_storage *storage);

/* config.c */

/**
 * enum pv_config_state - Where a configuration is in its life
 * @PV_CONFIG_NEW: Being made: not known to anybody yet.
 * @PV_CONFIG_ACTIVE: What the VM is: kvm->arch.pv.handle. At most one.
 * @PV_CONFIG_ASIDE: What the VM was, with secure pages left; one at most.
 * @PV_CONFIG_LEAVING: Its pages are being destroyed by a thread that alone
 *	knows it.
 * @PV_CONFIG_LEFT: To be destroyed by the next who cleans up.
 * @PV_CONFIG_GONE: Does not exist; all it had is the host's.
 * @PV_CONFIG_LOST: Exists perhaps; all it had is lost.
 * @PV_CONFIG_STATES: How many states there are.
 *
 * docs/host-life-cycle.md has who does what in each of them.
 */
enum pv_config_state {
	PV_CONFIG_NEW,
	PV_CONFIG_ACTIVE,
	PV_CONFIG_ASIDE,
	PV_CONFIG_LEAVING,
	PV_CONFIG_LEFT,
	PV_CONFIG_GONE,
	PV_CONFIG_LOST,
	PV_CONFIG_STATES,
};

/**
 * struct pv_config - A configuration of the Ultravisor
 * @list: In kvm->arch.pv.need_cleanup, whatever its state, unless it is new or
 *	leaving.
 * @state: Changed by pv_config_set() only.
 * @handle: 0 if the Ultravisor does not know it any more and only secure pages
 *	are left of it.
 * @storage: What the Ultravisor was given for it.
 * @table: Top table of the address space it was made for, if that has got
 *	another one since.
 *
 * Each owns one count of mm->context.protected_count: as long as it is not
 * zero the memory management expects secure pages in the address space.
 */
struct pv_config {
	struct list_head list;
	enum pv_config_state state;
	u64 handle;
	struct pv_storage storage;
	struct page *table;
};

struct pv_config *pv_config_new(struct kvm *kvm);
struct pv_config *pv_config_find(struct kvm *kvm, enum pv_config_state state);
void pv_config_set(struct kvm *kvm, struct pv_config *config,
		   enum pv_config_state state);
int pv_config_destroy(struct kvm *kvm, struct pv_config *config, u16 *rc,
		      u16 *rrc);
int pv_config_destroy_fast(struct kvm *kvm, struct pv_config *config, u16 *rc,
			   u16 *rrc);
bool pv_can_destroy_fast(void);

/* aside.c */
struct page *pv_exchange_table(struct kvm *kvm, struct page *table);

/* notifier.c */
int pv_notifier_register(struct kvm *kvm);

/* dump.c */
void pv_dump_abandon(struct kvm *kvm);

#endif /* ARCH_S390_KVM_PV_VM_H */
