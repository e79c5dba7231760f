/* SPDX-License-Identifier: MIT */
/* What a machine of a given generation offers. */
#ifndef UV_PROFILE_H
#define UV_PROFILE_H

#include <stdint.h>

/**
 * struct uv_host_limits - what a host has to donate, and may ask for
 * @base_len: bytes for the Ultravisor as a whole
 * @conf_base_len: contiguous bytes for a configuration
 * @conf_virt_len: further bytes, contiguous for the host only, ...
 * @conf_var_len: ... and as many for each MiB of guest storage
 * @cpu_len: bytes for a secure CPU; also what a dump of one takes
 * @max_configs: how many configurations there can be
 * @max_guest_addr: last byte of the largest guest
 * @max_cpu_id: largest CPU number
 * @features: PV_BIT64
 * @dump_state_len: bytes that the dump of a MiB's page states takes
 * @dump_finalize_len: bytes that completes a dump
 */
struct uv_host_limits {
	uint64_t base_len;
	uint64_t conf_base_len;
	uint64_t conf_virt_len;
	uint64_t conf_var_len;
	uint64_t cpu_len;
	uint32_t max_configs;
	uint64_t max_guest_addr;
	uint16_t max_cpu_id;
	uint64_t features;
	uint64_t dump_state_len;
	uint64_t dump_finalize_len;
};

/**
 * struct uv_profile - one generation
 * @machine_type: as STORE CPU ID tells it
 * @calls: installed-calls bits (PV_BIT64), those of hosts and of guests.  What
 *	a caller is told is this, as far as the command table implements it and
 *	it is for this caller.
 * @host: what it demands of hosts
 * @header_versions: SE header versions, bit n for (n + 1) * 0x100
 * @header_pcf: plaintext control flags accepted in SE headers
 * @header_scf: secret control flags accepted there
 * @attest_versions: attestation request versions, bit n for (n + 1) * 0x100
 * @attest_flags: accepted plaintext attestation flags
 * @secret_versions: add-secret request versions, numbered likewise
 * @secret_flags: accepted plaintext add-secret flags
 * @secret_types: bit n for type n
 * @max_assoc_secrets: association secrets that a configuration can hold
 * @max_retr_secrets: retrievable secrets that it can hold
 */
struct uv_profile {
	const char *name;
	uint16_t machine_type;
	uint64_t calls;
	struct uv_host_limits host;
	uint64_t header_versions;
	uint64_t header_pcf;
	uint64_t header_scf;
	uint64_t attest_versions;
	uint64_t attest_flags;
	uint64_t secret_versions;
	uint64_t secret_flags;
	uint64_t secret_types;
	uint16_t max_assoc_secrets;
	uint16_t max_retr_secrets;
};

/** uv_profile_find() - the profile called @name, NULL if there is none */
const struct uv_profile *uv_profile_find(const char *name);

/** uv_profile_at() - the @index-th profile, NULL behind the last */
const struct uv_profile *uv_profile_at(unsigned int index);

#endif /* UV_PROFILE_H */
