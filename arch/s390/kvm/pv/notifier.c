// SPDX-License-Identifier: GPL-2.0
/*
 * A process ends before its VMs do: their secure pages should be nobody's when
 * they are unmapped, because destroying a page costs less than encrypting it.
 */
#include <linux/mmu_notifier.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "vm.h"

struct late_put {
	struct work_struct work;
	struct kvm *kvm;
};

static void put_late(struct work_struct *work)
{
	struct late_put *late = container_of(work, struct late_put, work);

	kvm_put_kvm(late->kvm);
	kfree(late);
}

/*
 * The end of a VM waits for its notifier. Who finds to hold the last reference
 * from there, because all files were closed meanwhile, has to be another.
 */
static void put_vm(struct kvm *kvm)
{
	struct late_put *late;

	if (refcount_dec_not_one(&kvm->users_count))
		return;
	late = kmalloc(sizeof(*late), GFP_KERNEL | __GFP_NOFAIL);
	INIT_WORK(&late->work, put_late);
	late->kvm = kvm;
	schedule_work(&late->work);
}

/*
 * Pages that belong to nobody are still to be destroyed: one count more than
 * there are configurations says so for as long as there is an address space.
 */
static void forget(struct kvm *kvm)
{
	struct pv_config *config = pv_config_find(kvm, PV_CONFIG_ACTIVE);
	u16 rc, rrc;

	if (!config || !pv_can_destroy_fast())
		return;
	if (pv_config_destroy_fast(kvm, config, &rc, &rrc))
		return;
	atomic_inc(&kvm->mm->context.protected_count);
	pv_config_set(kvm, config, PV_CONFIG_GONE);
}

/*
 * Nobody uses the address space any more, but the VM can end at the same time:
 * files may be closed before the last user of the address space is gone. A VM
 * that already ends does what is needed by itself.
 */
static void release(struct mmu_notifier *notifier, struct mm_struct *mm)
{
	struct kvm *kvm = container_of(notifier, struct kvm,
				       arch.pv.mmu_notifier);
	u16 rc, rrc;

	if (!kvm_get_kvm_safe(kvm))
		return;
	mutex_lock(&kvm->lock);
	pv_dump_abandon(kvm);
	if (!kvm_s390_cpus_from_pv(kvm, &rc, &rrc))
		forget(kvm);
	mutex_unlock(&kvm->lock);
	put_vm(kvm);
}

static const struct mmu_notifier_ops notifier_ops = {
	.release = release,
};

/**
 * pv_notifier_register() - Have it known when the process of a VM ends
 * @kvm: VM.
 *
 * Once for a VM: it is unregistered when the VM ends and it has operations.
 *
 * Context: kvm->lock is held, in the process of the VM.
 *
 * Return: 0, -EINTR if a signal is pending, -ENOMEM.
 */
int pv_notifier_register(struct kvm *kvm)
{
	struct mmu_notifier *notifier = &kvm->arch.pv.mmu_notifier;
	int ret;

	lockdep_assert_held(&kvm->lock);
	if (notifier->ops)
		return 0;
	notifier->ops = &notifier_ops;
	ret = mmu_notifier_register(notifier, kvm->mm);
	if (ret)
		notifier->ops = NULL;
	return ret;
}
