// SPDX-License-Identifier: MIT
/* Query Ultravisor information, query Ultravisor keys. */
#include <string.h>

#include "array.h"
#include "bytes.h"
#include "call.h"

/**
 * struct field - a field of the response that a profile decides
 * @offset: in the response
 * @size: 2, 4 or 8 bytes
 * @call: the call it describes; zero for a caller who does not have it
 * @value: offset in struct uv_profile, of a number of that size
 */
struct field {
	uint16_t offset;
	uint8_t size;
	uint8_t call;
	size_t value;
};

/* Fields and profile call the same thing by different names. */
#define FIELD64(field, from, call) { \
	offsetof(struct pv_uvcb_qui, field), sizeof(pv_be64), call, \
	offsetof(struct uv_profile, from) }
#define FIELD32(field, from, call) { \
	offsetof(struct pv_uvcb_qui, field), sizeof(pv_be32), call, \
	offsetof(struct uv_profile, from) }
#define FIELD16(field, from, call) { \
	offsetof(struct pv_uvcb_qui, field), sizeof(pv_be16), call, \
	offsetof(struct uv_profile, from) }

static const struct field fields[] = {
	FIELD64(uv_base_stor_len, host.base_len, PV_CALL_INIT_UV),
	FIELD64(conf_base_phys_stor_len, host.conf_base_len, PV_CALL_INIT_UV),
	FIELD64(conf_base_virt_stor_len, host.conf_virt_len, PV_CALL_INIT_UV),
	FIELD64(conf_virt_var_stor_len, host.conf_var_len, PV_CALL_INIT_UV),
	FIELD64(cpu_stor_len, host.cpu_len, PV_CALL_INIT_UV),
	FIELD32(max_num_sec_conf, host.max_configs, PV_CALL_INIT_UV),
	FIELD64(max_guest_stor_addr, host.max_guest_addr, PV_CALL_INIT_UV),
	FIELD16(max_guest_cpu_id, host.max_cpu_id, PV_CALL_INIT_UV),
	FIELD64(uv_feature_indications, host.features, PV_CALL_INIT_UV),
	FIELD64(supp_se_hdr_versions, header_versions, PV_CALL_INIT_UV),
	FIELD64(supp_se_hdr_pcf, header_pcf, PV_CALL_INIT_UV),
	FIELD64(conf_dump_storage_state_len, host.dump_state_len,
		PV_CALL_DUMP_CONF_STOR_STATE),
	FIELD64(conf_dump_finalize_len, host.dump_finalize_len,
		PV_CALL_DUMP_COMPLETE),
	FIELD64(supp_att_req_hdr_ver, attest_versions, PV_CALL_RETR_ATTEST),
	FIELD64(supp_att_pflags, attest_flags, PV_CALL_RETR_ATTEST),
	FIELD64(supp_add_secret_req_ver, secret_versions, PV_CALL_ADD_SECRET),
	FIELD64(supp_add_secret_pcf, secret_flags, PV_CALL_ADD_SECRET),
	FIELD64(supp_secret_types, secret_types, PV_CALL_ADD_SECRET),
	FIELD16(max_assoc_secrets, max_assoc_secrets, PV_CALL_ADD_SECRET),
	FIELD16(max_retr_secrets, max_retr_secrets, PV_CALL_ADD_SECRET),
};

static void fill_field(struct uv_call *call, const struct field *field)
{
	const char *from = (const char *)call->machine->profile + field->value;
	uint8_t *to = call->block + field->offset;

	if (field->size == sizeof(pv_be16)) {
		const pv_be16 value = put16(*(const uint16_t *)from);

		memcpy(to, &value, sizeof(value));
	} else if (field->size == sizeof(pv_be32)) {
		const pv_be32 value = put32(*(const uint32_t *)from);

		memcpy(to, &value, sizeof(value));
	} else {
		const pv_be64 value = put64(*(const uint64_t *)from);

		memcpy(to, &value, sizeof(value));
	}
}

uint16_t uv_query(struct uv_call *call)
{
	uint64_t calls = uv_installed_calls(call->machine,
					    uv_cpu_side(call->cpu));
	bool all = call->len >= sizeof(call->qui);

	memset(call->block + sizeof(call->header), 0,
	       sizeof(call->qui) - sizeof(call->header));
	call->qui.inst_calls_list[0] = put64(calls);
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (calls & PV_BIT64(fields[i].call))
			fill_field(call, &fields[i]);
	}
	call->stored = all ? sizeof(call->qui) : call->len;
	return all ? PV_RC_EXECUTED : PV_RC_MORE_DATA;
}

uint16_t uv_query_keys(struct uv_call *call)
{
	const struct uv_host_key_pair *keys = call->machine->host_keys;
	struct pv_uvcb_query_keys *keys_block = &call->query_keys;

	memset(keys_block->key_hashes, 0, sizeof(keys_block->key_hashes));
	for (int i = 0; i < UV_HOST_KEYS; i++)
		memcpy(keys_block->key_hashes[i], keys[i].phkh, PV_PHKH_SIZE);
	call->stored = sizeof(*keys_block);
	return PV_RC_EXECUTED;
}
