// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/firmware/uv: what this system is, what the Ultravisor has for it, and
 * what it did not give back.
 */
#include <linux/init.h>
#include <linux/kobject.h>
#include <linux/sysfs.h>
#include <asm/facility.h>
#include <asm/uv.h>

#include "leak.h"

#define ULTRAVISOR_CALL_FACILITY	158

static ssize_t emit_word(char *buf, unsigned long value)
{
	return sysfs_emit(buf, "%lx\n", value);
}

static ssize_t emit_number(char *buf, int value)
{
	return sysfs_emit(buf, "%d\n", value);
}

static ssize_t emit_pages(char *buf, unsigned long value)
{
	return sysfs_emit(buf, "%lu\n", value);
}

/* A file NAME that shows VALUE, as emit_HOW() writes it. */
#define UV_FILE(_name, _how, _value)					\
static ssize_t show_##_name(struct kobject *kobj,			\
			    struct kobj_attribute *attr, char *buf)	\
{									\
	return emit_##_how(buf, _value);				\
}									\
static struct kobj_attribute file_##_name =				\
	__ATTR(_name, 0444, show_##_name, NULL)

UV_FILE(prot_virt_guest, number, prot_virt_guest);
UV_FILE(prot_virt_host, number, prot_virt_host);

static struct attribute *uv_files[] = {
	&file_prot_virt_guest.attr,
	&file_prot_virt_host.attr,
	NULL,
};

static const struct attribute_group uv_group = {
	.attrs = uv_files,
};

static ssize_t show_facilities(struct kobject *kobj,
			       struct kobj_attribute *attr, char *buf)
{
	const unsigned long *calls = uv_info.inst_calls_list;

	return sysfs_emit(buf, "%lx\n%lx\n%lx\n%lx\n", calls[0], calls[1],
			  calls[2], calls[3]);
}

static struct kobj_attribute file_facilities =
	__ATTR(facilities, 0444, show_facilities, NULL);

UV_FILE(feature_indications, word, uv_info.uv_feature_indications);
UV_FILE(max_cpus, number, uv_info.max_guest_cpu_id + 1);
UV_FILE(max_guests, number, uv_info.max_num_sec_conf);
UV_FILE(max_address, word, uv_info.max_sec_stor_addr);
UV_FILE(supp_se_hdr_ver, word, uv_info.supp_se_hdr_ver);
UV_FILE(supp_se_hdr_pcf, word, uv_info.supp_se_hdr_pcf);
UV_FILE(dump_storage_state_len, word, uv_info.conf_dump_storage_state_len);
UV_FILE(dump_finalize_len, word, uv_info.conf_dump_finalize_len);
UV_FILE(uv_query_dump_cpu_len, word, uv_info.guest_cpu_stor_len);
UV_FILE(supp_att_req_hdr_ver, word, uv_info.supp_att_req_hdr_ver);
UV_FILE(supp_att_pflags, word, uv_info.supp_att_pflags);
UV_FILE(supp_add_secret_req_ver, word, uv_info.supp_add_secret_req_ver);
UV_FILE(supp_add_secret_pcf, word, uv_info.supp_add_secret_pcf);
UV_FILE(supp_secret_types, word, uv_info.supp_secret_types);
UV_FILE(max_secrets, number, uv_info.max_secrets);

static struct attribute *query_files[] = {
	&file_facilities.attr,
	&file_feature_indications.attr,
	&file_max_cpus.attr,
	&file_max_guests.attr,
	&file_max_address.attr,
	&file_supp_se_hdr_ver.attr,
	&file_supp_se_hdr_pcf.attr,
	&file_dump_storage_state_len.attr,
	&file_dump_finalize_len.attr,
	&file_uv_query_dump_cpu_len.attr,
	&file_supp_att_req_hdr_ver.attr,
	&file_supp_att_pflags.attr,
	&file_supp_add_secret_req_ver.attr,
	&file_supp_add_secret_pcf.attr,
	&file_supp_secret_types.attr,
	&file_max_secrets.attr,
	NULL,
};

static const struct attribute_group query_group = {
	.attrs = query_files,
};

UV_FILE(base, pages, pv_leaked(PV_LEAK_BASE));
UV_FILE(configuration, pages, pv_leaked(PV_LEAK_CONFIGURATION));
UV_FILE(cpu, pages, pv_leaked(PV_LEAK_CPU));
UV_FILE(table, pages, pv_leaked(PV_LEAK_TABLE));
UV_FILE(guest, pages, pv_leaked(PV_LEAK_GUEST));

static struct attribute *leaked_files[] = {
	&file_base.attr,
	&file_configuration.attr,
	&file_cpu.attr,
	&file_table.attr,
	&file_guest.attr,
	NULL,
};

static_assert(ARRAY_SIZE(leaked_files) == PV_LEAK_KINDS + 1);

static const struct attribute_group leaked_group = {
	.attrs = leaked_files,
};

/* A folder below @parent and what is in it; on failure there is nothing. */
static struct kobject *__init add_folder(const char *name,
					 struct kobject *parent,
					 const struct attribute_group *group)
{
	struct kobject *folder = kobject_create_and_add(name, parent);

	if (folder && sysfs_create_group(folder, group)) {
		kobject_put(folder);
		return NULL;
	}
	return folder;
}

static int __init uv_sysfs_init(void)
{
	struct kobject *uv, *query = NULL, *leaked = NULL;

	if (!test_facility(ULTRAVISOR_CALL_FACILITY))
		return 0;
	uv = add_folder("uv", firmware_kobj, &uv_group);
	if (uv)
		query = add_folder("query", uv, &query_group);
	if (query)
		leaked = add_folder("leaked", uv, &leaked_group);
	if (leaked)
		return 0;
	kobject_put(query);
	kobject_put(uv);
	return -ENOMEM;
}
device_initcall(uv_sysfs_init);
