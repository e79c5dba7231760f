// SPDX-License-Identifier: GPL-2.0
/*
 * A protected VM becomes an ordinary one at once, and its secure pages are
 * destroyed later: by another thread, while the VM may be protected again.
 */
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/mutex.h>
#include <linux/sizes.h>

#include "vm.h"

/* What KVM says when the end of a configuration is still to come */
#define RRC_LATER	42

static void say_later(u16 *rc, u16 *rrc)
{
	*rc = UVC_RC_EXECUTED;
	*rrc = RRC_LATER;
}

/**
 * pv_exchange_table() - Give the address space of a guest another top table
 * @kvm: VM.
 * @table: Top table, which gets the content of the present one.
 *
 * No CPU is in SIE meanwhile. Those that were about to go there have the old
 * table in their hands: the request sends them back to look again. Whoever
 * resolves a fault of the guest puts entries into it: the mmap lock keeps them
 * out, since they would be missing in the copy, or be stored where nothing is.
 *
 * Context: kvm->lock is held.
 *
 * Return: The table that was the top one, if it was still to be freed with the
 * address space; then it is the caller's.
 */
struct page *pv_exchange_table(struct kvm *kvm, struct page *table)
{
	struct kvm_vcpu *vcpu;
	struct page *old;
	unsigned long i;

	lockdep_assert_held(&kvm->lock);
	kvm_s390_vcpu_block_all(kvm);
	mmap_write_lock(kvm->mm);
	old = pv_table_replace(kvm->arch.gmap, table);
	mmap_write_unlock(kvm->mm);
	kvm_for_each_vcpu(i, vcpu, kvm)
		kvm_s390_sync_request(KVM_REQ_TLB_FLUSH, vcpu);
	kvm_s390_vcpu_unblock_all(kvm);
	return old;
}

/*
 * Pages that are needed first when the VM starts again, prefix pages among
 * them. A process that is being killed does not start again.
 */
static void destroy_low_pages(struct kvm *kvm)
{
	const gfn_t end = SZ_2G >> PAGE_SHIFT;
	struct kvm_memslot_iter iter;
	struct kvm_memory_slot *slot;
	unsigned long len;
	int idx;

	idx = srcu_read_lock(&kvm->srcu);
	kvm_for_each_memslot_in_gfn_range(&iter, kvm_memslots(kvm), 0, end) {
		slot = iter.slot;
		len = min_t(u64, slot->npages, end - slot->base_gfn) <<
		      PAGE_SHIFT;
		if (pv_destroy_range(kvm->mm, slot->userspace_addr,
				     slot->userspace_addr + len, true))
			break;
	}
	srcu_read_unlock(&kvm->srcu, idx);
}

/* Everything that can fail comes first: then the VM is still what it was. */
static int put_aside(struct kvm *kvm, struct pv_config *config, u16 *rc,
		     u16 *rrc)
{
	struct page *table;

	if (pv_can_destroy_fast())
		return pv_config_destroy_fast(kvm, config, rc, rrc);
	table = pv_table_alloc();
	if (!table)
		return -ENOMEM;
	config->table = pv_exchange_table(kvm, table);
	return 0;
}

/**
 * kvm_s390_pv_set_aside() - Put the configuration of a VM aside
 * @kvm: Protected VM without secure CPUs.
 * @rc: Response code.
 * @rrc: Reason code.
 *
 * Context: kvm->lock is held.
 *
 * Return: 0; -EINVAL if there is one aside, or the VM is too small to be put
 * aside: it has to be disabled; -ENOMEM; -EIO if the Ultravisor refused. After
 * an error the VM is protected as it was.
 */
int kvm_s390_pv_set_aside(struct kvm *kvm, u16 *rc, u16 *rrc)
{
	struct pv_config *config = pv_config_find(kvm, PV_CONFIG_ACTIVE);
	int ret;

	lockdep_assert_held(&kvm->lock);
	if (pv_config_find(kvm, PV_CONFIG_ASIDE) ||
	    !pv_table_is_replaceable(kvm->arch.gmap))
		return -EINVAL;
	ret = put_aside(kvm, config, rc, rrc);
	if (ret)
		return ret;
	pv_config_set(kvm, config, PV_CONFIG_ASIDE);
	destroy_low_pages(kvm);
	say_later(rc, rrc);
	return 0;
}

/* Take what is aside, for this thread alone. */
static struct pv_config *take(struct kvm *kvm)
{
	struct pv_config *config;

	mutex_lock(&kvm->lock);
	config = pv_config_find(kvm, PV_CONFIG_ASIDE);
	if (config)
		pv_config_set(kvm, config, PV_CONFIG_LEAVING);
	mutex_unlock(&kvm->lock);
	return config;
}

static void put(struct kvm *kvm, struct pv_config *config,
		enum pv_config_state state)
{
	mutex_lock(&kvm->lock);
	pv_config_set(kvm, config, state);
	mutex_unlock(&kvm->lock);
}

/**
 * kvm_s390_pv_deinit_aside_vm() - Destroy what was put aside
 * @kvm: VM, which may be protected again.
 * @rc: Response code.
 * @rrc: Reason code.
 *
 * After a fatal signal the rest is done when the VM ends.
 *
 * Context: kvm->lock is not held.
 *
 * Return: 0; -EINVAL if there is none; -EIO if the configuration is not
 * destroyed: then it is tried again when the VM is disabled or ends.
 */
int kvm_s390_pv_deinit_aside_vm(struct kvm *kvm, u16 *rc, u16 *rrc)
{
	struct pv_config *config;
	int ret;

	lockdep_assert_not_held(&kvm->lock);
	config = take(kvm);
	if (!config)
		return -EINVAL;
	if (pv_destroy_range(kvm->mm, 0, TASK_SIZE_MAX, true)) {
		put(kvm, config, PV_CONFIG_LEFT);
		say_later(rc, rrc);
		return 0;
	}
	ret = pv_config_destroy(kvm, config, rc, rrc);
	put(kvm, config, ret ? PV_CONFIG_LEFT : PV_CONFIG_GONE);
	return ret;
}
