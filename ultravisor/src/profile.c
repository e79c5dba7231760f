// SPDX-License-Identifier: MIT
#include <stddef.h>
#include <string.h>

#include "array.h"
#include "profile.h"
#include "pv/dump.h"
#include "pv/se_header.h"

#define PCKMO_CLASSIC	(PV_PCF_PCKMO_DEA_TDEA | PV_PCF_PCKMO_AES | \
			 PV_PCF_PCKMO_ECC)

/*
 * Small, where the size is free: 32 bytes for each page of a guest.  CPU
 * storage is as long as the largest dump of a CPU can be.
 */
#define HOST_LIMITS							\
	.host = {							\
		.base_len = 0x100000,					\
		.conf_base_len = 0x4000,				\
		.conf_virt_len = 0x1000,				\
		.conf_var_len = 0x2000,					\
		.cpu_len = PV_DUMP_AREA_MAX,				\
		.max_configs = 0x7fffff,				\
		.max_guest_addr = UINT64_C(0x7fffffffffff),		\
		.max_cpu_id = 247,					\
		.features = PV_BIT64(0) | PV_BIT64(1),			\
		.dump_state_len = PV_DUMP_BLOCK_STATE,			\
		.dump_finalize_len = PV_DUMP_AREA_MAX,			\
	},								\
	.header_versions = PV_BIT64(0)

/*
 * The call lists are what machines of each generation offer with current
 * firmware to hosts and guests; the command table knows which is for whom, and
 * what it does not implement (yet) is not reported.
 */
static const struct uv_profile profiles[] = {
	{
		.name = "z15",
		.machine_type = 0x8561,
		.calls = UINT64_C(0xffdffe0000000000),
		HOST_LIMITS,
		.header_pcf = PV_PCF_NO_COMPONENT_ENCRYPTION | PCKMO_CLASSIC,
	}, {
		.name = "z16",
		.machine_type = 0x3931,
		.calls = UINT64_C(0xffdfffff00000000),
		HOST_LIMITS,
		.header_pcf = PV_PCF_ALLOW_DUMPING | PCKMO_CLASSIC |
			PV_PCF_NO_COMPONENT_ENCRYPTION |
			PV_PCF_BACKUP_TARGET_KEYS,
		.header_scf = PV_SCF_CCK_EXTENSION_SECRET,
		.attest_versions = PV_BIT64(0),
		.attest_flags = UINT64_C(0x7000000000000000),
		.secret_versions = PV_BIT64(0),
		.secret_flags = PV_BIT64(0),
		.secret_types = UINT64_C(0x6000000000000000),
		.max_assoc_secrets = 64,
	}, {
		.name = "z17",
		.machine_type = 0x9175,
		.calls = UINT64_C(0xffdfffff60000000),
		HOST_LIMITS,
		.header_pcf = PV_PCF_ALLOW_DUMPING | PCKMO_CLASSIC |
			PV_PCF_NO_COMPONENT_ENCRYPTION | PV_PCF_PCKMO_HMAC |
			PV_PCF_BACKUP_TARGET_KEYS,
		.header_scf = PV_SCF_CCK_EXTENSION_SECRET |
			PV_SCF_CCK_UPDATE,
		.attest_versions = PV_BIT64(0),
		.attest_flags = UINT64_C(0x7c00000000000000),
		.secret_versions = PV_BIT64(0),
		.secret_flags = PV_BIT64(0),
		.secret_types = UINT64_C(0x7fe07e0000000000),
		.max_assoc_secrets = 64,
		.max_retr_secrets = 128,
	},
};

const struct uv_profile *uv_profile_at(unsigned int index)
{
	if (index >= ARRAY_SIZE(profiles))
		return NULL;
	return &profiles[index];
}

const struct uv_profile *uv_profile_find(const char *name)
{
	const struct uv_profile *profile;

	for (unsigned int i = 0; (profile = uv_profile_at(i)); i++) {
		if (strcmp(profile->name, name) == 0)
			return profile;
	}
	return NULL;
}
