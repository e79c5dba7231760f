// SPDX-License-Identifier: GPL-2.0
/*
 * Protected virtualization before the kernel is unpacked: what the Ultravisor
 * is and has, whether this system is to be a host, and how far its address
 * space may reach then.
 *
 * Part of the decompressor. What is found out here is handed to setup.c by the
 * variables in section .boot.preserved.data, which it defines in the same way.
 */
#include <linux/align.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <asm/boot_data.h>
#include <asm/facility.h>
#include <asm/page.h>
#include <asm/timex.h>
#include <asm/uv.h>

#include "boot.h"
#include "uv.h"

#define ULTRAVISOR_CALL_FACILITY	158

/* More is known than the control block has room for; what is in it is valid. */
#define QUERY_MORE_DATA			0x0100

/* In units of the TOD clock: 10 seconds. */
#define QUERY_PATIENCE			((10UL * 1000 * 1000) << 12)

/* As setup.c defines them. */
int __section(".boot.preserved.data.prot_virt_guest") prot_virt_guest;
int __section(".boot.preserved.data.prot_virt_host") prot_virt_host;
struct uv_info __section(".boot.preserved.data.uv_info") uv_info;

/* A system whose Ultravisor does not answer starts without it. */
static bool query(struct uv_cb_qui *uvcb)
{
	unsigned long start = get_tod_clock_fast();
	int cc;

	do {
		cc = __uv_call(0, (unsigned long)uvcb);
		if (cc == UVC_CC_OK)
			return true;
		if (cc == UVC_CC_ERROR)
			return uvcb->header.rc == QUERY_MORE_DATA;
	} while (get_tod_clock_fast() - start < QUERY_PATIENCE);
	return false;
}

static bool is_installed(const struct uv_cb_qui *uvcb, unsigned int bit)
{
	return test_bit_inv(bit, (const unsigned long *)uvcb->inst_calls_list);
}

/* Only a guest can share pages with its host. */
static bool is_answer_to_guest(const struct uv_cb_qui *uvcb)
{
	return is_installed(uvcb, BIT_UVC_CMD_SET_SHARED_ACCESS) &&
	       is_installed(uvcb, BIT_UVC_CMD_REMOVE_SHARED_ACCESS);
}

static void keep_answer(const struct uv_cb_qui *uvcb)
{
	struct uv_info *info = &uv_info;

	memcpy(info->inst_calls_list, uvcb->inst_calls_list,
	       sizeof(info->inst_calls_list));
	info->uv_feature_indications = uvcb->uv_feature_indications;

	/* storage to donate */
	info->uv_base_stor_len = uvcb->uv_base_stor_len;
	info->guest_base_stor_len = uvcb->conf_base_phys_stor_len;
	info->guest_virt_base_stor_len = uvcb->conf_base_virt_stor_len;
	info->guest_virt_var_stor_len = uvcb->conf_virt_var_stor_len;
	info->guest_cpu_stor_len = uvcb->cpu_stor_len;

	/* limits */
	info->max_sec_stor_addr = ALIGN(uvcb->max_guest_stor_addr, PAGE_SIZE);
	info->max_num_sec_conf = uvcb->max_num_sec_conf;
	info->max_guest_cpu_id = uvcb->max_guest_cpu_id;

	/* images, dumps, attestation, secrets */
	info->supp_se_hdr_ver = uvcb->supp_se_hdr_versions;
	info->supp_se_hdr_pcf = uvcb->supp_se_hdr_pcf;
	info->conf_dump_storage_state_len = uvcb->conf_dump_storage_state_len;
	info->conf_dump_finalize_len = uvcb->conf_dump_finalize_len;
	info->supp_att_req_hdr_ver = uvcb->supp_att_req_hdr_ver;
	info->supp_att_pflags = uvcb->supp_att_pflags;
	info->supp_add_secret_req_ver = uvcb->supp_add_secret_req_ver;
	info->supp_add_secret_pcf = uvcb->supp_add_secret_pcf;
	info->supp_secret_types = uvcb->supp_secret_types;
	info->max_secrets = uvcb->max_secrets;
}

/**
 * uv_query_info() - Ask the Ultravisor what it has for this system
 *
 * Without KVM nothing in the kernel needs the details, and sysfs shows zeros.
 */
void uv_query_info(void)
{
	struct uv_cb_qui uvcb = {
		.header.cmd = UVC_CMD_QUI,
		.header.len = sizeof(uvcb),
	};

	if (!test_facility(ULTRAVISOR_CALL_FACILITY) || !query(&uvcb))
		return;
	if (IS_ENABLED(CONFIG_KVM))
		keep_answer(&uvcb);
	prot_virt_guest = is_answer_to_guest(&uvcb);
}

/*
 * A dump must not be made by a kernel that gives away the storage which it is
 * to save.
 */
static bool is_dumping(void)
{
	return oldmem_data.start || (ipl_block_valid && is_ipl_block_dump());
}

/**
 * sanitize_prot_virt_host() - Let this system be a host only if it can be one
 *
 * To be called when the command line has been evaluated: prot_virt= has left
 * its wish in prot_virt_host, and facilities= may have changed the facilities.
 */
void sanitize_prot_virt_host(void)
{
	prot_virt_host = is_prot_virt_host() && !is_prot_virt_guest() &&
			 test_facility(ULTRAVISOR_CALL_FACILITY) &&
			 !is_dumping();
}

/**
 * adjust_to_uv_max() - Keep the kernel's addresses where the Ultravisor gets
 * @limit: end of the kernel's virtual address space
 *
 * A part of the storage that is donated for a guest is named by its virtual
 * address, and the Ultravisor takes those below a limit only.
 *
 * Return: the end to be used
 */
unsigned long adjust_to_uv_max(unsigned long limit)
{
	if (!is_prot_virt_host() || !uv_info.max_sec_stor_addr)
		return limit;
	return min(limit, uv_info.max_sec_stor_addr);
}
