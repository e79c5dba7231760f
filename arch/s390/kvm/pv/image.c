// SPDX-License-Identifier: GPL-2.0
/*
 * An SE image is made the memory of a protected VM.
 */
#include <linux/sched.h>

#include "vm.h"

/**
 * kvm_s390_pv_set_sec_parms() - Give the Ultravisor the header of an SE image
 * @kvm: Protected VM.
 * @hdr: Header, in the address space of the kernel.
 * @length: Length of the header.
 * @rc: Response code.
 * @rrc: Reason code.
 *
 * Context: kvm->lock is held.
 *
 * Return: 0; -EINVAL if it was refused; -EINTR.
 */
int kvm_s390_pv_set_sec_parms(struct kvm *kvm, void *hdr, u64 length, u16 *rc,
			      u16 *rrc)
{
	struct uv_cb_ssc uvcb = {
		.header.cmd = UVC_CMD_SET_SEC_CONF_PARAMS,
		.header.len = sizeof(uvcb),
		.sec_header_origin = (u64)hdr,
		.sec_header_len = length,
		.guest_handle = kvm_s390_pv_get_handle(kvm),
	};
	enum pv_outcome outcome;

	lockdep_assert_held(&kvm->lock);
	outcome = pv_call(&uvcb, PV_KILLABLE);
	*rc = uvcb.header.rc;
	*rrc = uvcb.header.rrc;
	KVM_UV_EVENT(kvm, 3, "PROTVIRT VM SET PARMS: rc %x rrc %x", *rc, *rrc);
	return pv_errno(outcome, -EINVAL);
}

/* tweak[1] is what has been unpacked so far. */
static int unpack(struct kvm *kvm, struct uv_cb_unp *uvcb, u64 size)
{
	int ret;

	do {
		ret = pv_unpack_range(kvm->arch.gmap, uvcb,
				      size - uvcb->tweak[1]);
		if (ret && fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	} while (ret == -EAGAIN && uvcb->tweak[1] < size);
	return ret;
}

/**
 * kvm_s390_pv_unpack() - Decrypt a component of an SE image in place
 * @kvm: Protected VM.
 * @addr: Guest address of the component.
 * @size: Size of it.
 * @tweak: What its encryption begins with.
 * @rc: Response code of the last page.
 * @rrc: Reason code of the last page.
 *
 * Context: kvm->lock is held.
 *
 * Return: 0; -EINVAL if it is not of whole pages or was refused; -EFAULT if it
 * is not where there is memory; -EINTR on a fatal signal.
 */
int kvm_s390_pv_unpack(struct kvm *kvm, unsigned long addr, unsigned long size,
		       unsigned long tweak, u16 *rc, u16 *rrc)
{
	struct uv_cb_unp uvcb = {
		.header.cmd = UVC_CMD_UNPACK_IMG,
		.header.len = sizeof(uvcb),
		.guest_handle = kvm_s390_pv_get_handle(kvm),
		.gaddr = addr,
		.tweak[0] = tweak,
	};
	int ret;

	lockdep_assert_held(&kvm->lock);
	if (!size || !PAGE_ALIGNED(addr | size))
		return -EINVAL;
	KVM_UV_EVENT(kvm, 3, "PROTVIRT VM UNPACK: start addr %lx size %lx",
		     addr, size);
	ret = unpack(kvm, &uvcb, size);
	*rc = uvcb.header.rc;
	*rrc = uvcb.header.rrc;
	if (ret)
		KVM_UV_EVENT(kvm, 3,
			     "PROTVIRT VM UNPACK: failed addr %llx with rc %x rrc %x",
			     uvcb.gaddr, *rc, *rrc);
	else
		KVM_UV_EVENT(kvm, 3, "%s", "PROTVIRT VM UNPACK: successful");
	return ret;
}
