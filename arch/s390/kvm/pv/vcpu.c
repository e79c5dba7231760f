// SPDX-License-Identifier: GPL-2.0
/*
 * Secure CPUs.
 *
 * Two fields of the SIE block are overlaid: where a secure CPU has the address
 * of its exchange area (sidad), an ordinary one has the breaking event address
 * (gbea), which user space can read. Who takes the area away puts the reset
 * value of gbea in its place.
 */
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>

#include "vm.h"

#define GBEA_RESET	1

/**
 * kvm_s390_pv_cpu_is_protected() - Is a CPU secure?
 * @vcpu: CPU.
 *
 * Context: vcpu->mutex is held.
 *
 * Return: Whether it is.
 */
bool kvm_s390_pv_cpu_is_protected(struct kvm_vcpu *vcpu)
{
	lockdep_assert_held(&vcpu->mutex);
	return kvm_s390_pv_cpu_get_handle(vcpu);
}
EXPORT_SYMBOL_GPL(kvm_s390_pv_cpu_is_protected);

/* What SIE sees of a CPU that is secure, or with handle 0 is not */
static void set_handle(struct kvm_vcpu *vcpu, u64 handle)
{
	struct kvm_s390_sie_block *sie_block = vcpu->arch.sie_block;
	bool secure = handle;

	vcpu->arch.pv.handle = handle;
	sie_block->pv_handle_cpu = handle;
	sie_block->pv_handle_config =
		secure ? kvm_s390_pv_get_handle(vcpu->kvm) : 0;
	sie_block->sdf = secure ? 2 : 0;
	kvm_make_request(KVM_REQ_TLB_FLUSH, vcpu);
}

static unsigned int storage_order(void)
{
	return pv_storage_order(uv_info.guest_cpu_stor_len);
}

/* Storage and exchange area: both, or none of them. */
static int get_storage(struct kvm_vcpu *vcpu)
{
	unsigned long sida;

	vcpu->arch.pv.stor_base = __get_free_pages(PV_STORAGE_GFP,
						   storage_order());
	if (!vcpu->arch.pv.stor_base)
		return -ENOMEM;
	sida = get_zeroed_page(GFP_KERNEL_ACCOUNT);
	if (!sida) {
		free_pages(vcpu->arch.pv.stor_base, storage_order());
		vcpu->arch.pv.stor_base = 0;
		return -ENOMEM;
	}
	vcpu->arch.sie_block->sidad = virt_to_phys((void *)sida);
	return 0;
}

/* The exchange area was never given away. */
static void put_storage(struct kvm_vcpu *vcpu, bool is_ours)
{
	if (is_ours)
		free_pages(vcpu->arch.pv.stor_base, storage_order());
	else
		pv_leak(PV_LEAK_CPU, PAGE_SIZE << storage_order());
	vcpu->arch.pv.stor_base = 0;
	free_page((unsigned long)sida_addr(vcpu->arch.sie_block));
	vcpu->arch.sie_block->gbea = GBEA_RESET;
}

static enum pv_outcome create(struct kvm_vcpu *vcpu, struct uv_cb_csc *uvcb)
{
	enum pv_outcome outcome;

	uvcb->header.cmd = UVC_CMD_CREATE_SEC_CPU;
	uvcb->header.len = sizeof(*uvcb);
	uvcb->guest_handle = kvm_s390_pv_get_handle(vcpu->kvm);
	uvcb->num = vcpu->arch.sie_block->icpua;
	uvcb->state_origin = virt_to_phys(vcpu->arch.sie_block);
	uvcb->stor_origin = virt_to_phys((void *)vcpu->arch.pv.stor_base);
	outcome = pv_call_donating(uvcb);
	KVM_UV_EVENT(vcpu->kvm, 3,
		     "PROTVIRT CREATE VCPU: cpu %d handle %llx rc %x rrc %x",
		     vcpu->vcpu_id, uvcb->cpu_handle, uvcb->header.rc,
		     uvcb->header.rrc);
	return outcome;
}

static bool destroy(struct kvm_vcpu *vcpu, u64 handle, u16 *rc, u16 *rrc)
{
	enum pv_outcome outcome = pv_call_handle(handle,
						 UVC_CMD_DESTROY_SEC_CPU,
						 PV_WAIT, rc, rrc);

	KVM_UV_EVENT(vcpu->kvm, 3, "PROTVIRT DESTROY VCPU %d: rc %x rrc %x",
		     vcpu->vcpu_id, *rc, *rrc);
	if (outcome != PV_OK)
		pv_complain("CPU %d is not destroyed: rc %x rrc %x\n",
			    vcpu->vcpu_id, *rc, *rrc);
	return outcome == PV_OK;
}

/* Undo what was done for a CPU that was not made as it should be. */
static void dispose(struct kvm_vcpu *vcpu, enum pv_made made, u64 handle)
{
	bool is_ours = made == PV_MADE_NOTHING;
	u16 rc, rrc;

	if (made == PV_MADE_HALF)
		is_ours = destroy(vcpu, handle, &rc, &rrc);
	/* It may store there; the page stays when the CPU is freed. */
	if (!is_ours)
		get_page(virt_to_page(vcpu->arch.sie_block));
	put_storage(vcpu, is_ours);
}

/**
 * kvm_s390_pv_create_cpu() - Make a CPU of a protected VM a secure one
 * @vcpu: CPU, which does not run.
 * @rc: Response code, if the Ultravisor was asked.
 * @rrc: Reason code.
 *
 * Context: kvm->lock is held, and vcpu->mutex if others can know the CPU.
 *
 * Return: 0; -EINVAL if it is one; -ENOMEM, -EINTR; -EIO if the Ultravisor
 * refused.
 */
int kvm_s390_pv_create_cpu(struct kvm_vcpu *vcpu, u16 *rc, u16 *rrc)
{
	struct uv_cb_csc uvcb = {};
	enum pv_outcome outcome;
	enum pv_made made;

	lockdep_assert_held(&vcpu->kvm->lock);
	if (kvm_s390_pv_cpu_get_handle(vcpu))
		return -EINVAL;
	if (get_storage(vcpu))
		return -ENOMEM;
	outcome = create(vcpu, &uvcb);
	*rc = uvcb.header.rc;
	*rrc = uvcb.header.rrc;
	made = pv_made(outcome, uvcb.header.rc, uvcb.cpu_handle);
	if (made == PV_MADE) {
		set_handle(vcpu, uvcb.cpu_handle);
		return 0;
	}
	dispose(vcpu, made, uvcb.cpu_handle);
	return outcome == PV_OK ? -EIO : pv_errno(outcome, -EIO);
}

/**
 * kvm_s390_pv_destroy_cpu() - Make a secure CPU an ordinary one
 * @vcpu: CPU, which does not run.
 * @rc: Response code, if it was a secure one.
 * @rrc: Reason code.
 *
 * It is an ordinary CPU afterwards in any case.
 *
 * Context: vcpu->mutex is held, or nobody else knows the CPU any more or yet.
 *
 * Return: 0, or -EIO if its storage is lost.
 */
int kvm_s390_pv_destroy_cpu(struct kvm_vcpu *vcpu, u16 *rc, u16 *rrc)
{
	u64 handle = kvm_s390_pv_cpu_get_handle(vcpu);
	bool destroyed;

	if (!handle)
		return 0;
	destroyed = destroy(vcpu, handle, rc, rrc);
	put_storage(vcpu, destroyed);
	set_handle(vcpu, 0);
	return destroyed ? 0 : -EIO;
}

/**
 * kvm_s390_pv_set_cpu_state() - Tell the Ultravisor that a CPU starts or stops
 * @vcpu: Secure CPU.
 * @state: PV_CPU_STATE_*.
 *
 * Context: vcpu->mutex is held, start_stop_lock perhaps: does not sleep.
 *
 * Return: 0; -EINVAL if that was refused; -EBUSY if it was not answered.
 */
int kvm_s390_pv_set_cpu_state(struct kvm_vcpu *vcpu, u8 state)
{
	struct uv_cb_cpu_set_state uvcb = {
		.header.cmd = UVC_CMD_CPU_SET_STATE,
		.header.len = sizeof(uvcb),
		.cpu_handle = kvm_s390_pv_cpu_get_handle(vcpu),
		.state = state,
	};
	enum pv_outcome outcome;

	lockdep_assert_held(&vcpu->mutex);
	outcome = pv_call(&uvcb, PV_SPIN);
	KVM_UV_EVENT(vcpu->kvm, 3, "PROTVIRT SET CPU %d STATE %d rc %x rrc %x",
		     vcpu->vcpu_id, state, uvcb.header.rc, uvcb.header.rrc);
	return pv_errno(outcome, -EINVAL);
}
