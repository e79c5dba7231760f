// SPDX-License-Identifier: MIT
/* Names of what /sys/firmware/uv and /dev/uv report. */
#include <assert.h>
#include <pv/uvc.h>

#include "array.h"
#include "uvinfo.h"

/* uvc ABI: installed calls */
static const struct pv_bit_name call_names[] = {
	{ 0, "query Ultravisor information" },
	{ 1, "initialize Ultravisor" },
	{ 2, "create secure configuration" },
	{ 3, "destroy secure configuration" },
	{ 4, "create secure CPU" },
	{ 5, "destroy secure CPU" },
	{ 6, "convert to secure storage" },
	{ 7, "convert from secure storage" },
	{ 8, "set shared access" },
	{ 9, "remove shared access" },
	{ 11, "set secure configuration parameters" },
	{ 12, "destroy secure storage" },
	{ 13, "unpack image" },
	{ 14, "verify image" },
	{ 15, "CPU reset" },
	{ 16, "initial CPU reset" },
	{ 17, "set CPU state" },
	{ 18, "prepare for reset" },
	{ 19, "clear CPU reset" },
	{ 20, "unshare all" },
	{ 21, "pin shared page" },
	{ 22, "unpin shared page" },
	{ 23, "destroy secure configuration fast" },
	{ 24, "initiate dump" },
	{ 25, "dump storage state" },
	{ 26, "dump CPU" },
	{ 27, "complete dump" },
	{ 28, "retrieve attestation measurement" },
	{ 29, "add secret" },
	{ 30, "list secrets" },
	{ 31, "lock secrets" },
	{ 32, "verify large frame" },
	{ 33, "retrieve secret" },
	{ 34, "query keys" },
	{ 0 },
};

static const struct pv_bit_name feature_names[] = {
	{ 0, "miscellaneous" },
	{ 1, "adapter interruption virtualization" },
	{ 4, "AP" },
	{ 5, "AP interruptions" },
	{ 6, "large frames" },
	{ 0 },
};

/* Bit n stands for version (n + 1) * 0x100. */
static const struct pv_bit_name version_names[] = {
	{ 0, "version 1" },
	{ 1, "version 2" },
	{ 0 },
};

static const struct pv_bit_name header_flag_names[] = {
	{ 34, "dumping" },
	{ 35, "unencrypted components" },
	{ 56, "PCKMO DEA/TDEA" },
	{ 57, "PCKMO AES" },
	{ 58, "PCKMO ECC" },
	{ 59, "PCKMO HMAC" },
	{ 62, "backup host key" },
	{ 0 },
};

static const struct pv_bit_name attest_flag_names[] = {
	{ 1, "nonce" },
	{ 2, "image host key hash" },
	{ 3, "attestation host key hash" },
	{ 4, "secret store hash" },
	{ 5, "firmware state" },
	{ 0 },
};

static const struct pv_bit_name secret_flag_names[] = {
	{ 0, "disable dumping" },
	{ 0 },
};

static const struct pv_bit_name secret_type_names[] = {
	{ 1, "null" },
	{ 2, "association" },
	{ 3, "plaintext" },
	{ 4, "AES-128" },
	{ 5, "AES-192" },
	{ 6, "AES-256" },
	{ 7, "AES-XTS-128" },
	{ 8, "AES-XTS-256" },
	{ 9, "HMAC-SHA-256" },
	{ 10, "HMAC-SHA-512" },
	{ 17, "EC P-256" },
	{ 18, "EC P-384" },
	{ 19, "EC P-521" },
	{ 20, "Ed25519" },
	{ 21, "Ed448" },
	{ 22, "CCK update" },
	{ 0 },
};

const struct pv_bit_name pv_uvinfo_request_names[] = {
	{ PV_UVIO_NR_INFO, "info" },
	{ PV_UVIO_NR_ATT, "attest" },
	{ PV_UVIO_NR_ADD_SECRET, "add-secret" },
	{ PV_UVIO_NR_LIST_SECRETS, "list-secrets" },
	{ PV_UVIO_NR_LOCK_SECRETS, "lock-secrets" },
	{ PV_UVIO_NR_RETR_SECRET, "retrieve-secret" },
	{ 0 },
};

/* The order is that of the output; "facilities" must stay the first. */
const struct pv_uvinfo_field pv_uvinfo_fields[] = {
	{ "facilities", true, call_names },
	{ "feature_indications", true, feature_names },
	{ "max_cpus", false, NULL },
	{ "max_guests", false, NULL },
	{ "max_address", true, NULL },
	{ "supp_se_hdr_ver", true, version_names },
	{ "supp_se_hdr_pcf", true, header_flag_names },
	{ "supp_att_req_hdr_ver", true, version_names },
	{ "supp_att_pflags", true, attest_flag_names },
	{ "supp_add_secret_req_ver", true, version_names },
	{ "supp_add_secret_pcf", true, secret_flag_names },
	{ "supp_secret_types", true, secret_type_names },
	{ "max_secrets", false, NULL },
	{ "max_assoc_secrets", false, NULL },
	{ "max_retr_secrets", false, NULL },
	{ "dump_storage_state_len", true, NULL },
	{ "dump_finalize_len", true, NULL },
	{ "uv_query_dump_cpu_len", true, NULL },
};

const size_t pv_uvinfo_n_fields =
	ARRAY_SIZE(pv_uvinfo_fields);

static_assert(ARRAY_SIZE(pv_uvinfo_fields) <=
	      PV_UVINFO_MAX_FIELDS, "struct pv_uvinfo has room for every field");
