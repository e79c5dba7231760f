/* SPDX-License-Identifier: MIT */
/* Secure configurations: the guests that a machine protects. */
#ifndef UV_CONFIG_H
#define UV_CONFIG_H

#include "donation.h"
#include "dump.h"
#include "export.h"
#include "guest_page.h"
#include "header.h"
#include "image.h"
#include "protected_key.h"
#include "secret_store.h"

/**
 * struct uv_config_reset - a reset of the guest, which its host has to perform
 * @asked: by the guest, which cannot go on before it is done
 * @unshared: everything was unshared while all CPUs were stopped
 * @prepared: CPUs are to be reset now, and then one is to be started
 */
struct uv_config_reset {
	bool asked;
	bool unshared;
	bool prepared;
};

/**
 * struct uv_config - one configuration
 * @next: the machine's next one
 * @owner: as which it has pages
 * @uid: unique id that attestation reports, drawn when it is made
 * @export: keys for pages that leave it
 * @state: how far its image has come
 * @image: the image, from the state "parameters set" on
 * @unpack: of use from then on until it is verified
 * @store: its secrets
 * @wrapping: for those of them that are keys
 * @dump_disabled: its owner wants nobody to read a dump of it, for good
 * @dump: a dump of it under way
 * @handle: how its host names it; 0: it has no host, but owns the machine, and
 *	what follows is not used
 * @asce: its guest space, which leads to the frames that the host gives it
 * @sca: absolute address of the system control area of its CPUs
 * @space: its pages
 * @base: base storage, donated for it
 * @variable: variable storage, donated for it
 * @vcpus: its secure CPUs
 * @loaded: the PSW of the SE header was used, which happens once
 * @reset: a reset under way
 * @sccb: real address of the block of the last service call, until its service
 *	signal, which any of the CPUs may get; 0: none
 */
struct uv_config {
	struct uv_config *next;
	struct uv_owner owner;
	uint8_t uid[PV_CONFIG_UID_SIZE];
	struct uv_export export;
	enum uv_config_state state;
	struct uv_image image;
	struct uv_unpack unpack;
	struct uv_secret_store store;
	struct uv_wrapping_key wrapping;
	bool dump_disabled;
	struct uv_dump dump;
	uint64_t handle;
	uint64_t asce;
	uint64_t sca;
	struct uv_guest_space space;
	struct uv_donation base;
	struct uv_donation variable;
	struct uv_vcpu *vcpus;
	bool loaded;
	struct uv_config_reset reset;
	uint32_t sccb;
};

/**
 * uv_config_new() - add a configuration that has neither storage nor image
 *
 * Return: NULL with @err set on failure
 */
struct uv_config *uv_config_new(struct uv_machine *machine,
				struct uv_error *err);

/** uv_config_find() - the configuration with this id, NULL if there is none */
struct uv_config *uv_config_find(const struct uv_machine *machine, uint32_t id);

/**
 * uv_config_destroy() - clear and release its pages, wipe and free it
 *
 * With its CPUs, and all that was donated for it and them.
 */
void uv_config_destroy(struct uv_machine *machine, struct uv_config *config);

/**
 * uv_config_abandon() - the same, but what it has of guest storage stays as it
 *	is: its host destroys that page by page
 */
void uv_config_abandon(struct uv_machine *machine, struct uv_config *config);

/** uv_config_may_run() - may its CPUs execute instructions? */
bool uv_config_may_run(const struct uv_config *config);

/**
 * uv_config_ask_reset() - the guest executed DIAGNOSE 308, subcode 0 or 1
 *
 * It may run again when its host has performed the reset.
 */
void uv_config_ask_reset(struct uv_config *config);

#endif /* UV_CONFIG_H */
