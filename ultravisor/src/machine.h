/* SPDX-License-Identifier: MIT */
/* The machine: everything the Ultravisor knows. */
#ifndef UV_MACHINE_H
#define UV_MACHINE_H

#include "crypto.h"
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
 * @ops: the embedder's callbacks, for them @opaque
 * @random: source of unique ids, if the embedder has none
 * @storage: state of every page
 * @host_keys: private keys
 * @firmware_state: opaque bytes that attestation can report
 * @faults: policy and counters
 * @configs: list of configurations
 * @last_id: newest configuration id handed out
 */
struct uv_machine {
	const struct uv_profile *profile;
	struct uv_ops ops;
	void *opaque;
	struct uv_random random;
	struct uv_storage storage;
	struct uv_host_key_pair host_keys[UV_HOST_KEYS];
	uint8_t firmware_state[PV_FIRMWARE_STATE_SIZE];
	struct uv_faults faults;
	struct uv_config *configs;
	uint16_t last_id;
};

/** uv_machine_random() - @len random bytes; false if their source failed */
bool uv_machine_random(struct uv_machine *machine, void *out, size_t len);

/** uv_machine_random_xts_key() - the same, of two halves that differ */
bool uv_machine_random_xts_key(struct uv_machine *machine,
			       uint8_t key[UV_XTS_KEY_SIZE]);

/** uv_machine_rights_reduced() - tell the embedder that access was lost */
void uv_machine_rights_reduced(const struct uv_machine *machine);

#endif /* UV_MACHINE_H */
