/* SPDX-License-Identifier: MIT */
/* The machine: everything the Ultravisor knows. */
#ifndef UV_MACHINE_H
#define UV_MACHINE_H

#include "crypto.h"
#include "donation.h"
#include "faults.h"
#include "hostkey.h"
#include "profile.h"
#include "pv/attest.h"
#include "random.h"
#include "storage.h"
#include "ultravisor.h"

/*
 * Our own failure, e.g. libcrypto without memory.  From the range that the
 * emulated Ultravisor keeps for what no real machine is known to say.
 */
#define UV_RC_INTERNAL		0x01f0

/**
 * struct uv_machine - the machine
 * @profile: its generation
 * @low_base_storage: base storage may lie below 2 GiB
 * @ops: the embedder's callbacks, for them @opaque
 * @random: source of unique ids, if the embedder has none
 * @storage: state of every page
 * @host_keys: private keys
 * @firmware_state: opaque bytes that attestation can report
 * @faults: policy and counters
 * @configs: list of configurations
 * @last_id: newest configuration id handed out
 * @handles: how many handles were handed out
 * @initialized: base storage was donated
 * @owner: of what was
 * @base: what that was
 */
struct uv_machine {
	const struct uv_profile *profile;
	bool low_base_storage;
	struct uv_ops ops;
	void *opaque;
	struct uv_random random;
	struct uv_storage storage;
	struct uv_host_key_pair host_keys[UV_HOST_KEYS];
	uint8_t firmware_state[PV_FIRMWARE_STATE_SIZE];
	struct uv_faults faults;
	struct uv_config *configs;
	uint32_t last_id;
	uint64_t handles;
	bool initialized;
	struct uv_owner owner;
	struct uv_donation base;
};

/** uv_machine_random() - @len random bytes; false if their source failed */
bool uv_machine_random(struct uv_machine *machine, void *out, size_t len);

/** uv_machine_random_xts_key() - the same, of two halves that differ */
bool uv_machine_random_xts_key(struct uv_machine *machine,
			       uint8_t key[UV_XTS_KEY_SIZE]);

/** uv_machine_is_prefix() - does the range touch the prefix area of a CPU? */
bool uv_machine_is_prefix(const struct uv_machine *machine, uint64_t addr,
			  uint64_t len);

/** uv_machine_rights_reduced() - tell the embedder, as rights_reduced() says */
void uv_machine_rights_reduced(const struct uv_machine *machine,
			       uint64_t page);

#endif /* UV_MACHINE_H */
