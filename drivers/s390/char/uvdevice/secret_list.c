// SPDX-License-Identifier: GPL-2.0
/*
 * UVIO_IOCTL_LIST_SECRETS: what is in the secret store of a guest.
 *
 * The Ultravisor lists one page at a time and says with which index to go on.
 * User space gets one list, entry after entry, however many calls it took.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "uvdevice.h"

/**
 * struct secret_list_head - start of a list, the Ultravisor's and user space's
 * @stored: entries in this list
 * @total: entries in the store
 * @next: index to go on with, 0 if there is nothing more
 * @reserved06: zero
 */
struct secret_list_head {
	u16 stored;
	u16 total;
	u16 next;
	u8 reserved06[10];
};

struct secret_list_entry {
	u8 bytes[48];
};

#define PAGE_ENTRIES	85

struct secret_list_page {
	struct secret_list_head head;
	struct secret_list_entry entries[PAGE_ENTRIES];
};

static_assert(sizeof(struct secret_list_page) == UVIO_LIST_SECRETS_LEN);
static_assert(sizeof(struct uvdevice_uvcb_list) == 0x48);

/*
 * As many pages as it takes to list all secrets that 16 bits can count, and so
 * many that the count of entries cannot overflow.
 */
#define MAX_PAGES	(U16_MAX / PAGE_ENTRIES)

/**
 * struct list_call - one request
 * @uvcb: control block of the latest call
 * @page: what it stored
 * @to: the list in user space
 * @stored: entries that are there already
 */
struct list_call {
	struct uvdevice_uvcb_list uvcb;
	struct secret_list_page *page;
	struct secret_list_page __user *to;
	u16 stored;
};

/* What the Ultravisor does not store is zero, reserved fields as well. */
static int ask_for_page(struct list_call *call, u16 start)
{
	memset(call->page, 0, sizeof(*call->page));
	call->uvcb = (struct uvdevice_uvcb_list) {
		.header.len = sizeof(call->uvcb),
		.header.cmd = UVC_CMD_LIST_SECRETS,
		.start_idx = start,
		.list_addr = (u64)call->page,
	};
	return uvdevice_call(&call->uvcb.header);
}

static bool is_listed(const struct list_call *call)
{
	u16 rc = call->uvcb.header.rc;

	return rc == UVC_RC_EXECUTED || rc == UVDEVICE_RC_MORE_DATA;
}

static int put_entries(struct list_call *call)
{
	u16 n = min_t(u16, call->page->head.stored, PAGE_ENTRIES);

	if (copy_to_user(&call->to->entries[call->stored], call->page->entries,
			 n * sizeof(call->page->entries[0])))
		return -EFAULT;
	call->stored += n;
	return 0;
}

/*
 * Append page after page until the list is complete or no further one fits.
 * The index only grows: otherwise entries would come twice.
 */
static int put_pages(struct list_call *call, u32 nr_pages)
{
	u16 start, next = 0;
	int ret;

	do {
		start = next;
		ret = ask_for_page(call, start);
		if (ret)
			return ret;
		if (!is_listed(call))
			return 0;
		ret = put_entries(call);
		if (ret)
			return ret;
		next = call->page->head.next;
	} while (--nr_pages && next > start &&
		 call->uvcb.header.rc == UVDEVICE_RC_MORE_DATA);
	return 0;
}

/*
 * What stands behind the last entry is zero, so that all is defined.  Part of a
 * list is none: nothing is left of it if the Ultravisor has refused the rest,
 * whatever it may have stored with that.
 */
static int finish(struct list_call *call, u32 len)
{
	void __user *end;

	if (!is_listed(call)) {
		call->stored = 0;
		memset(call->page, 0, sizeof(*call->page));
	}
	end = &call->to->entries[call->stored];
	len -= offsetof(struct secret_list_page, entries) +
	       call->stored * sizeof(call->to->entries[0]);
	if (clear_user(end, len))
		return -EFAULT;
	call->page->head.stored = call->stored;
	if (copy_to_user(&call->to->head, &call->page->head,
			 sizeof(call->page->head)))
		return -EFAULT;
	return 0;
}

/**
 * uvdevice_list_secrets() - UVIO_IOCTL_LIST_SECRETS
 * @cb: control block; the argument is room for the list, in pages of
 *	UVIO_LIST_SECRETS_LEN bytes, each for 85 entries
 *
 * The Ultravisor is asked at most once for each page of the argument, and not
 * any more when the list is complete.  uv_rc and uv_rrc are those of the last
 * call: UVDEVICE_RC_MORE_DATA if there was not enough room, then @next in the list
 * is not 0.  The whole argument is written for every answer, zeros behind the
 * list, and nothing but zeros if a call was refused.
 *
 * Secrets that others add meanwhile may or may not be in the list.  It is
 * consistent in any case, because a store only grows, and at its end.
 *
 * Return: in the order of the checks,
 *
 * * -EINVAL: argument_len is 0, no multiple of UVIO_LIST_SECRETS_LEN, or larger
 *   than a list of all secrets that can be counted (771 pages)
 * * -ENOMEM: no memory
 * * -EINTR: a fatal signal ended the wait for a busy Ultravisor
 * * -EFAULT: entries, the rest behind them, or the start of the list cannot be
 *   written, in this order; the Ultravisor has been asked
 * * 0: the Ultravisor has answered
 */
int uvdevice_list_secrets(struct uvio_ioctl_cb *cb)
{
	struct list_call call = { .to = u64_to_user_ptr(cb->argument_addr) };
	u32 len = cb->argument_len;
	int ret;

	if (!len || len % UVIO_LIST_SECRETS_LEN ||
	    len / UVIO_LIST_SECRETS_LEN > MAX_PAGES)
		return -EINVAL;
	call.page = kvmalloc(sizeof(*call.page), GFP_KERNEL_ACCOUNT);
	if (!call.page)
		return -ENOMEM;

	ret = put_pages(&call, len / UVIO_LIST_SECRETS_LEN);
	if (!ret)
		ret = finish(&call, len);
	if (!ret) {
		cb->uv_rc = call.uvcb.header.rc;
		cb->uv_rrc = call.uvcb.header.rrc;
	}
	kvfree_sensitive(call.page, sizeof(*call.page));
	return ret;
}
