// SPDX-License-Identifier: GPL-2.0
/*
 * Dump of a protected VM: encrypted by the Ultravisor, part by part.
 *
 * Between its begin and its completion no CPU may be in SIE. Whatever goes
 * wrong in between, the dump can be continued, completed or abandoned with the
 * configuration; the VM runs again after that.
 */
#include <linux/highmem.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "vm.h"

/* The Ultravisor tells about so much guest memory at a time. */
#define PV_DUMP_BLOCK	SZ_1M
/* Memory for what it tells, unless that needs more for one block */
#define PV_DUMP_BUFFER	SZ_1M

/**
 * pv_dump_abandon() - There is no dump any more
 * @kvm: VM whose configuration is no longer what it was, or that is let go on.
 */
void pv_dump_abandon(struct kvm *kvm)
{
	if (!kvm->arch.pv.dumping)
		return;
	kvm->arch.pv.dumping = false;
	kvm_s390_vcpu_unblock_all(kvm);
}

/**
 * kvm_s390_pv_dump_cpu() - Dump a secure CPU
 * @vcpu: CPU of a VM that is being dumped.
 * @buff: Zeroed memory of as many bytes as the CPU's storage has.
 * @rc: Response code, if the Ultravisor was asked.
 * @rrc: Reason code.
 *
 * Context: vcpu->mutex is held.
 *
 * Return: 0; -EINVAL if the CPU is not secure or this was refused; -EINTR.
 */
int kvm_s390_pv_dump_cpu(struct kvm_vcpu *vcpu, void *buff, u16 *rc, u16 *rrc)
{
	struct uv_cb_dump_cpu uvcb = {
		.header.cmd = UVC_CMD_DUMP_CPU,
		.header.len = sizeof(uvcb),
		.cpu_handle = kvm_s390_pv_cpu_get_handle(vcpu),
		.dump_area_origin = (u64)buff,
	};
	enum pv_outcome outcome;

	lockdep_assert_held(&vcpu->mutex);
	if (!uvcb.cpu_handle)
		return -EINVAL;
	outcome = pv_call(&uvcb, PV_KILLABLE);
	*rc = uvcb.header.rc;
	*rrc = uvcb.header.rrc;
	return pv_errno(outcome, -EINVAL);
}

/**
 * struct state_dump - Storage states on their way to user space
 * @uvcb: Asks for those of the next block.
 * @each: Length of those of one block.
 * @buffer: Where the Ultravisor stores them.
 * @size: Length of @buffer, a multiple of @each.
 * @used: How much of it is not in user space yet.
 * @to: Where that is to go.
 * @done: Guest address of the first block whose states are not in user space.
 */
struct state_dump {
	struct uv_cb_dump_stor_state uvcb;
	u64 each;
	void *buffer;
	u64 size;
	u64 used;
	void __user *to;
	u64 done;
};

static int hand_over(struct state_dump *dump)
{
	if (copy_to_user(dump->to, dump->buffer, dump->used))
		return -EFAULT;
	dump->to += dump->used;
	dump->used = 0;
	dump->done = dump->uvcb.gaddr;
	return 0;
}

static int dump_block(struct state_dump *dump)
{
	u64 gaddr = dump->uvcb.gaddr;
	int ret;

	dump->uvcb.dump_area_origin = (u64)dump->buffer + dump->used;
	ret = pv_errno(pv_call(&dump->uvcb, PV_KILLABLE), -EINVAL);
	dump->uvcb.gaddr = gaddr;
	if (ret)
		return ret;
	dump->used += dump->each;
	dump->uvcb.gaddr += PV_DUMP_BLOCK;
	return 0;
}

/* What came before an error is user space's all the same. */
static int dump_blocks(struct state_dump *dump, u64 nr)
{
	int ret = 0, copied;

	while (!ret && nr) {
		if (dump->used == dump->size)
			ret = hand_over(dump);
		if (!ret && fatal_signal_pending(current))
			ret = -EINTR;
		if (!ret)
			ret = dump_block(dump);
		cond_resched();
		nr--;
	}
	copied = hand_over(dump);
	return ret ? ret : copied;
}

static int dump_states(struct state_dump *dump, u64 len)
{
	u64 each = uv_info.conf_dump_storage_state_len;
	int ret;

	if (!IS_ALIGNED(dump->done, PV_DUMP_BLOCK))
		return -EINVAL;
	if (!each || !len || len % each)
		return -EINVAL;
	dump->each = each;
	dump->size = min(len, max(each, PV_DUMP_BUFFER / each * each));
	dump->buffer = pv_buffer_alloc(dump->size);
	if (!dump->buffer)
		return -ENOMEM;
	ret = dump_blocks(dump, len / each);
	vfree(dump->buffer);
	return ret;
}

/**
 * kvm_s390_pv_dump_stor_state() - Dump what is needed to decrypt memory
 * @kvm: VM that is being dumped.
 * @buff_user: Memory of the process for it.
 * @gaddr: Guest address of the first block; is set to that of the first block
 *	whose states are not in @buff_user.
 * @buff_user_len: Length of @buff_user; says how many blocks are asked for.
 * @rc: Response code of the last block, 0 if there was none.
 * @rrc: Reason code of the last block.
 *
 * Context: kvm->lock is held.
 *
 * Return: 0; -EINVAL if address or length are not that of whole blocks, or the
 * Ultravisor refused; -ENOMEM, -EFAULT; -EINTR on a fatal signal.
 */
int kvm_s390_pv_dump_stor_state(struct kvm *kvm, void __user *buff_user,
				u64 *gaddr, u64 buff_user_len, u16 *rc,
				u16 *rrc)
{
	struct state_dump dump = {
		.uvcb.header.cmd = UVC_CMD_DUMP_CONF_STOR_STATE,
		.uvcb.header.len = sizeof(dump.uvcb),
		.uvcb.config_handle = kvm_s390_pv_get_handle(kvm),
		.uvcb.gaddr = *gaddr,
		.to = buff_user,
		.done = *gaddr,
	};
	int ret;

	lockdep_assert_held(&kvm->lock);
	ret = dump_states(&dump, buff_user_len);
	*gaddr = dump.done;
	*rc = dump.uvcb.header.rc;
	*rrc = dump.uvcb.header.rrc;
	if (ret)
		KVM_UV_EVENT(kvm, 3,
			     "PROTVIRT DUMP STORAGE STATE: addr %llx ret %d, uvcb rc %x rrc %x",
			     dump.uvcb.gaddr, ret, *rc, *rrc);
	return ret;
}

/**
 * struct user_buffer - Memory of the process that will not go away
 * @pages: Its pages.
 * @nr: How many they are.
 * @offset: Where it begins in the first one.
 */
struct user_buffer {
	struct page **pages;
	int nr;
	unsigned int offset;
};

static int pin_buffer(struct user_buffer *buffer, void __user *to, size_t len)
{
	unsigned long start = (unsigned long)to;
	int pinned;

	buffer->offset = offset_in_page(start);
	buffer->nr = DIV_ROUND_UP(buffer->offset + len, PAGE_SIZE);
	buffer->pages = kvmalloc_array(buffer->nr, sizeof(*buffer->pages),
				       GFP_KERNEL_ACCOUNT);
	if (!buffer->pages)
		return -ENOMEM;
	pinned = pin_user_pages_fast(start & PAGE_MASK, buffer->nr, FOLL_WRITE,
				     buffer->pages);
	if (pinned == buffer->nr)
		return 0;
	if (pinned > 0)
		unpin_user_pages(buffer->pages, pinned);
	kvfree(buffer->pages);
	return -EFAULT;
}

static void fill_buffer(struct user_buffer *buffer, const void *data,
			size_t len)
{
	size_t offset = buffer->offset;
	size_t done = 0, part;

	for (int i = 0; i < buffer->nr; i++) {
		part = min(len - done, PAGE_SIZE - offset);
		memcpy_to_page(buffer->pages[i], offset, data + done, part);
		done += part;
		offset = 0;
	}
}

static void unpin_buffer(struct user_buffer *buffer, bool dirty)
{
	unpin_user_pages_dirty_lock(buffer->pages, buffer->nr, dirty);
	kvfree(buffer->pages);
}

/*
 * Only success ends a dump: KVM warns of a CPU in SIE that the Ultravisor does
 * not let run, and an Ultravisor that knows of no dump may be lying.
 */
static int complete_dump(struct kvm *kvm, void *data, u16 *rc, u16 *rrc)
{
	struct uv_cb_dump_complete uvcb = {
		.header.cmd = UVC_CMD_DUMP_COMPLETE,
		.header.len = sizeof(uvcb),
		.config_handle = kvm_s390_pv_get_handle(kvm),
		.dump_area_origin = (u64)data,
	};
	enum pv_outcome outcome = pv_call(&uvcb, PV_KILLABLE);

	*rc = uvcb.header.rc;
	*rrc = uvcb.header.rrc;
	KVM_UV_EVENT(kvm, 3, "PROTVIRT DUMP COMPLETE: rc %x rrc %x", *rc, *rrc);
	if (outcome == PV_OK)
		pv_dump_abandon(kvm);
	return pv_errno(outcome, -EINVAL);
}

/**
 * kvm_s390_pv_dump_complete() - Complete a dump
 * @kvm: VM that is being dumped.
 * @buff_user: Memory of the process for the completion data, large enough.
 * @rc: Response code, if the Ultravisor was asked.
 * @rrc: Reason code.
 *
 * The Ultravisor gives the completion data once, and the dump is worth nothing
 * without them. So they have a place in the process before they are asked for.
 *
 * Context: kvm->lock is held.
 *
 * Return: 0, and the VM runs again. -ENOMEM, -EFAULT, -EINTR; -EINVAL if it was
 * refused: the dump goes on, and can be completed later.
 */
int kvm_s390_pv_dump_complete(struct kvm *kvm, void __user *buff_user, u16 *rc,
			      u16 *rrc)
{
	size_t len = uv_info.conf_dump_finalize_len;
	struct user_buffer buffer;
	void *data;
	int ret;

	lockdep_assert_held(&kvm->lock);
	data = pv_buffer_alloc(len);
	if (!data)
		return -ENOMEM;
	ret = pin_buffer(&buffer, buff_user, len);
	if (ret)
		goto out;
	ret = complete_dump(kvm, data, rc, rrc);
	if (!ret)
		fill_buffer(&buffer, data, len);
	unpin_buffer(&buffer, !ret);
out:
	vfree(data);
	return ret;
}
