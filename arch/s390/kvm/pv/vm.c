// SPDX-License-Identifier: GPL-2.0
/*
 * A VM becomes protected, and ends to be it.
 */
#include <linux/export.h>
#include <linux/io.h>
#include <linux/math.h>
#include <linux/mm.h>
#include <linux/mutex.h>

#include "vm.h"

/**
 * kvm_s390_pv_is_protected() - Is a VM protected?
 * @kvm: VM.
 *
 * Context: kvm->lock is held.
 *
 * Return: Whether it has an active configuration.
 */
bool kvm_s390_pv_is_protected(struct kvm *kvm)
{
	lockdep_assert_held(&kvm->lock);
	return kvm_s390_pv_get_handle(kvm);
}
EXPORT_SYMBOL_GPL(kvm_s390_pv_is_protected);

/* A VM without memory is the Ultravisor's to judge. */
static u64 guest_len(struct kvm *kvm)
{
	struct kvm_memslots *slots = kvm_memslots(kvm);

	if (kvm_memslots_empty(slots))
		return 0;
	return kvm_s390_get_gfn_end(slots) * PAGE_SIZE;
}

static enum pv_outcome create(struct kvm *kvm, const struct pv_storage *storage,
			      struct uv_cb_cgc *uvcb)
{
	enum pv_outcome outcome;

	uvcb->header.cmd = UVC_CMD_CREATE_SEC_CONF;
	uvcb->header.len = sizeof(*uvcb);
	uvcb->guest_asce = kvm->arch.gmap->asce;
	uvcb->guest_sca = virt_to_phys(kvm->arch.sca);
	uvcb->conf_base_stor_origin = virt_to_phys((void *)storage->base);
	uvcb->conf_virt_stor_origin = (u64)storage->variable;
	uvcb->flags.ap_allow_instr = kvm->arch.model.uv_feat_guest.ap;
	uvcb->flags.ap_instr_intr = kvm->arch.model.uv_feat_guest.ap_intr;
	outcome = pv_call_donating(uvcb);
	KVM_UV_EVENT(kvm, 3,
		     "PROTVIRT CREATE VM: handle %llx len %llx rc %x rrc %x flags %04x",
		     uvcb->guest_handle, uvcb->guest_stor_len, uvcb->header.rc,
		     uvcb->header.rrc, uvcb->flags.raw);
	return outcome;
}

static void destroy_half(struct kvm *kvm)
{
	u16 rc, rrc;

	kvm_s390_pv_deinit_vm(kvm, &rc, &rrc);
}

/*
 * An SCA that a configuration nobody can ask for was made with: its pages stay
 * when the VM ends.
 */
static void keep_sca(struct kvm *kvm)
{
	struct page *page = virt_to_page(kvm->arch.sca);

	for (int i = 0; i < DIV_ROUND_UP(sizeof(struct esca_block), PAGE_SIZE);
	     i++)
		get_page(page + i);
}

static int protect(struct kvm *kvm, struct pv_config *config, u16 *rc, u16 *rrc)
{
	struct uv_cb_cgc uvcb = { .guest_stor_len = guest_len(kvm) };
	enum pv_outcome outcome;

	if (pv_storage_alloc(&config->storage, uvcb.guest_stor_len)) {
		pv_config_set(kvm, config, PV_CONFIG_GONE);
		return -ENOMEM;
	}
	outcome = create(kvm, &config->storage, &uvcb);
	*rc = uvcb.header.rc;
	*rrc = uvcb.header.rrc;
	config->handle = uvcb.guest_handle;
	switch (pv_made(outcome, uvcb.header.rc, uvcb.guest_handle)) {
	case PV_MADE:
		pv_config_set(kvm, config, PV_CONFIG_ACTIVE);
		return 0;
	case PV_MADE_HALF:
		pv_config_set(kvm, config, PV_CONFIG_ACTIVE);
		destroy_half(kvm);
		break;
	case PV_MADE_NOTHING:
		pv_config_set(kvm, config, PV_CONFIG_GONE);
		break;
	case PV_MADE_UNKNOWN:
		keep_sca(kvm);
		pv_config_set(kvm, config, PV_CONFIG_LOST);
		break;
	}
	return outcome == PV_OK ? -EIO : pv_errno(outcome, -EIO);
}

/**
 * kvm_s390_pv_init_vm() - Make a VM a protected one
 * @kvm: VM without secure CPUs.
 * @rc: Response code, if the Ultravisor was asked.
 * @rrc: Reason code.
 *
 * The notifier comes first: nothing is to be undone if there is none, as in a
 * process that is being killed. slots_lock is held until the VM has its handle,
 * with which memory neither comes nor goes: the Ultravisor knows all of it.
 *
 * Context: kvm->lock is held.
 *
 * Return: 0; -EINVAL if user space keeps the guest's tables itself; -EINTR,
 * -ENOMEM; -EIO if the Ultravisor refused.
 */
int kvm_s390_pv_init_vm(struct kvm *kvm, u16 *rc, u16 *rrc)
{
	struct pv_config *config;
	int ret;

	lockdep_assert_held(&kvm->lock);
	if (kvm_is_ucontrol(kvm))
		return -EINVAL;
	ret = pv_notifier_register(kvm);
	if (ret)
		return ret;
	config = pv_config_new(kvm);
	if (!config)
		return -ENOMEM;
	mutex_lock(&kvm->slots_lock);
	ret = protect(kvm, config, rc, rrc);
	mutex_unlock(&kvm->slots_lock);
	return ret;
}

/**
 * kvm_s390_pv_deinit_vm() - Make a protected VM an ordinary one
 * @kvm: VM with an active configuration and without secure CPUs.
 * @rc: Response code.
 * @rrc: Reason code.
 *
 * Secure pages are the caller's business. A VM whose configuration is not
 * destroyed stays a protected one, without CPUs, and user space can try again.
 *
 * Context: kvm->lock is held, or the VM ends.
 *
 * Return: 0 or -EIO.
 */
int kvm_s390_pv_deinit_vm(struct kvm *kvm, u16 *rc, u16 *rrc)
{
	struct pv_config *config = pv_config_find(kvm, PV_CONFIG_ACTIVE);
	int ret = pv_config_destroy(kvm, config, rc, rrc);

	if (!ret)
		pv_config_set(kvm, config, PV_CONFIG_GONE);
	return ret;
}
