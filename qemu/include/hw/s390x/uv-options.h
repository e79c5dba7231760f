/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine properties of the emulated Ultravisor.
 */
#ifndef HW_S390X_UV_OPTIONS_H
#define HW_S390X_UV_OPTIONS_H

#include <ultravisor.h>
#include "qapi/qapi-types-common.h"

enum uv_role {
	UV_ROLE_OFF,
	UV_ROLE_GUEST,
	UV_ROLE_BOOT,
	UV_ROLE_HOST,
};

/* uv_options.log when nothing but errors is wanted */
#define UV_LOG_NONE	UV_LOG_ERROR

/**
 * struct uv_options - the properties as given, NULL or 0 when not given
 * @role: ultravisor=
 * @host_key: uv-host-key=, file with a private key (PEM)
 * @backup_host_key: uv-backup-host-key=, likewise
 * @header: uv-header=, file with an SE header
 * @profile: uv-profile=
 * @firmware_state: uv-firmware-state=, file of 320 bytes
 * @host_view: uv-host-view=, file to be written; also while the machine runs
 * @faults: uv-faults=, also while the machine runs
 * @log: uv-log=, most detailed level that is shown; also while it runs
 * @have_log: @log was given
 * @seed: uv-seed=
 * @have_seed: @seed was given
 * @low_base_storage: uv-low-base-storage=
 */
struct uv_options {
	enum uv_role role;
	char *host_key;
	char *backup_host_key;
	char *header;
	char *profile;
	char *firmware_state;
	char *host_view;
	char *faults;
	enum uv_log_level log;
	bool have_log;
	uint64_t seed;
	bool have_seed;
	OnOffAuto low_base_storage;
};

extern struct uv_options uv_options;

const char *s390_uv_role_name(void);

/**
 * s390_uv_check_options() - do the options fit together?
 * @errp: set if not, naming the option
 *
 * Afterwards only uv-faults, uv-host-view and uv-log can be set, and only if
 * there is an Ultravisor.
 */
bool s390_uv_check_options(Error **errp);

/**
 * s390_uv_read_file() - read a small file named by an option
 * @option: name of the option, for messages
 * @path: the file
 * @len: out, bytes of it
 *
 * Return: contents to be freed with g_free(), or NULL with @errp set
 */
char *s390_uv_read_file(const char *option, const char *path, gsize *len,
			Error **errp);

/** s390_uv_wipe() - overwrite and free a secret */
void s390_uv_wipe(char *secret, gsize len);

/** s390_uv_set_faults() - hand a new policy to the library, if it runs */
bool s390_uv_set_faults(const char *policy, Error **errp);

/** s390_uv_account() - what the library tells of itself; g_free() */
char *s390_uv_account(void);

#endif /* HW_S390X_UV_OPTIONS_H */
