// SPDX-License-Identifier: GPL-2.0
/*
 * All configurations of a VM are destroyed, and its pages become ordinary ones.
 */
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>

#include "vm.h"

/* Codes of the first that fails are those that user space gets to see. */
static int destroy_one(struct kvm *kvm, struct pv_config *config, u16 *rc,
		       u16 *rrc)
{
	u16 this_rc, this_rrc;
	int ret;

	ret = pv_config_destroy(kvm, config, &this_rc, &this_rrc);
	if (*rc == UVC_RC_EXECUTED) {
		*rc = this_rc;
		*rrc = this_rrc;
	}
	if (config->state == PV_CONFIG_ASIDE)
		pv_config_set(kvm, config, PV_CONFIG_LEFT);
	if (!ret)
		pv_config_set(kvm, config, PV_CONFIG_GONE);
	else if (pv_vm_ends(kvm))
		pv_config_set(kvm, config, PV_CONFIG_LOST);
	return ret;
}

static int destroy_all(struct kvm *kvm, u16 *rc, u16 *rrc)
{
	struct pv_config *config, *next;
	int ret = 0;

	list_for_each_entry_safe(config, next, &kvm->arch.pv.need_cleanup, list)
		if (destroy_one(kvm, config, rc, rrc))
			ret = -EIO;
	return ret;
}

/*
 * False if the pages are left to others: to the exit of the process if that
 * has begun, or is about to.
 */
static bool clean_memory(struct mm_struct *mm)
{
	bool clean;

	if (!mmget_not_zero(mm))
		return false;
	clean = !pv_destroy_range(mm, 0, TASK_SIZE_MAX, true);
	mmput(mm);
	return clean;
}

/**
 * kvm_s390_pv_deinit_cleanup_all() - Destroy all configurations of a VM
 * @kvm: VM without secure CPUs.
 * @rc: Response code of the first that is not destroyed.
 * @rrc: Reason code of it.
 *
 * The count of the address space must not become zero before its pages are
 * clean, because they are no longer exported when they are unmapped then. It
 * does not become zero at all if somebody else has to clean them.
 *
 * Context: kvm->lock is held, or the VM ends.
 *
 * Return: 0 or -EIO. Configurations of a VM that ends are gone or lost.
 */
int kvm_s390_pv_deinit_cleanup_all(struct kvm *kvm, u16 *rc, u16 *rrc)
{
	atomic_t *count = &kvm->mm->context.protected_count;
	int ret;

	if (list_empty(&kvm->arch.pv.need_cleanup))
		return 0;
	pv_assert_locked(kvm);
	atomic_inc(count);
	*rc = UVC_RC_EXECUTED;
	*rrc = 0;
	ret = destroy_all(kvm, rc, rrc);
	if (clean_memory(kvm->mm))
		atomic_dec(count);
	pv_retry_pages();
	return ret;
}
