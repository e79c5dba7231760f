// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The machine properties of the emulated Ultravisor.
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/qapi-visit-common.h"
#include "qapi/visitor.h"
#include "hw/s390x/uv-compat.h"
#include "hw/s390x/ultravisor.h"
#include "hw/s390x/uv-options.h"
#include "hw/s390x/uv-view.h"

/* Larger than any file an option can name has a reason to be. */
#define MAX_FILE_SIZE	(64 * 1024)

struct uv_options uv_options = {
	.log = UV_LOG_INFO,
};

/* The Ultravisor has been built: too late for what it was built from. */
static bool options_used;

static const char *const role_names[] = {
	[UV_ROLE_OFF] = "off",
	[UV_ROLE_GUEST] = "guest",
	[UV_ROLE_BOOT] = "boot",
	[UV_ROLE_HOST] = "host",
};

static const char *const log_names[] = {
	[UV_LOG_NONE] = "none",
	[UV_LOG_INFO] = "info",
	[UV_LOG_CALL] = "call",
};

static const char *const profile_names[] = { "z15", "z16", "z17" };

const char *s390_uv_role_name(void)
{
	return role_names[uv_options.role];
}

static bool refuse_late(const char *name, Error **errp)
{
	if (options_used)
		error_setg(errp, "%s: can only be set when QEMU is started",
			   name);
	return options_used;
}

static int find_name(const char *const *names, int count, const char *value)
{
	int i;

	for (i = 0; i < count; i++) {
		if (!strcmp(names[i], value))
			return i;
	}
	return -1;
}

static char *get_role(Object *obj, Error **errp)
{
	return g_strdup(s390_uv_role_name());
}

static void set_role(Object *obj, const char *value, Error **errp)
{
	int role = find_name(role_names, ARRAY_SIZE(role_names), value);

	if (refuse_late("ultravisor", errp))
		return;
	if (role < 0)
		error_setg(errp, "ultravisor: unknown role '%s', choose off, guest, boot or host",
			   value);
	else
		uv_options.role = role;
}

static char *get_log(Object *obj, Error **errp)
{
	return g_strdup(log_names[uv_options.log]);
}

static void set_log(Object *obj, const char *value, Error **errp)
{
	int level = find_name(log_names, ARRAY_SIZE(log_names), value);

	if (!s390_uv_active() && refuse_late("uv-log", errp))
		return;
	if (level < 0) {
		error_setg(errp, "uv-log: unknown level '%s', choose none, info or call",
			   value);
		return;
	}
	uv_options.log = level;
	uv_options.have_log = true;
}

static void get_seed(Object *obj, Visitor *v, const char *name, void *opaque,
		     Error **errp)
{
	visit_type_uint64(v, name, &uv_options.seed, errp);
}

static void set_seed(Object *obj, Visitor *v, const char *name, void *opaque,
		     Error **errp)
{
	uint64_t seed;

	if (refuse_late(name, errp) || !visit_type_uint64(v, name, &seed, errp))
		return;
	uv_options.seed = seed;
	uv_options.have_seed = true;
}

static void get_low_base_storage(Object *obj, Visitor *v, const char *name,
				 void *opaque, Error **errp)
{
	visit_type_OnOffAuto(v, name, &uv_options.low_base_storage, errp);
}

static void set_low_base_storage(Object *obj, Visitor *v, const char *name,
				 void *opaque, Error **errp)
{
	OnOffAuto value;

	if (!refuse_late(name, errp) && visit_type_OnOffAuto(v, name, &value, errp))
		uv_options.low_base_storage = value;
}

static char *get_account(Object *obj, Error **errp)
{
	return s390_uv_account();
}

/**
 * struct text_option - a property that is a string
 * @name: of the property
 * @description: for -machine help
 * @value: where it is kept
 * @apply: also settable later, by this; NULL if not
 */
struct text_option {
	const char *name;
	const char *description;
	char **value;
	bool (*apply)(const char *value, Error **errp);
};

static struct text_option text_options[] = {
	{ "uv-host-key", "file with the private host key (PEM, P-521)",
	  &uv_options.host_key },
	{ "uv-backup-host-key", "file with the private backup host key (PEM, P-521)",
	  &uv_options.backup_host_key },
	{ "uv-header", "file with the SE header of the protected guest",
	  &uv_options.header },
	{ "uv-profile", "z15, z16 or z17 (default): calls and secret types that exist",
	  &uv_options.profile },
	{ "uv-firmware-state", "file of 320 bytes that attestation can report",
	  &uv_options.firmware_state },
	{ "uv-host-view", "file for storage as the untrusted side sees it, at the end or at once",
	  &uv_options.host_view, s390_uv_write_view },
	{ "uv-faults", "rules that make Ultravisor calls fail; can be changed at any time",
	  &uv_options.faults, s390_uv_set_faults },
};

static void get_text(Object *obj, Visitor *v, const char *name, void *opaque,
		     Error **errp)
{
	struct text_option *option = opaque;
	char *value = *option->value ?: (char *)"";

	visit_type_str(v, name, &value, errp);
}

static void set_text(Object *obj, Visitor *v, const char *name, void *opaque,
		     Error **errp)
{
	struct text_option *option = opaque;
	bool any_time = option->apply && s390_uv_active();
	char *value;

	if (!any_time && refuse_late(name, errp))
		return;
	if (!visit_type_str(v, name, &value, errp))
		return;
	if (option->apply && !option->apply(value, errp)) {
		g_free(value);
		return;
	}
	g_free(*option->value);
	*option->value = value;
}

static void describe(ObjectClass *oc, const char *name, const char *text)
{
	object_class_property_set_description(oc, name, text);
}

void s390_uv_add_properties(ObjectClass *oc)
{
	struct text_option *option = text_options;
	int i;

	object_class_property_add_str(oc, "ultravisor", get_role, set_role);
	describe(oc, "ultravisor",
		 "off (default), guest (protected from reset on), boot (protected by DIAGNOSE 308) or host (runs protected guests)");
	object_class_property_add_str(oc, "uv-log", get_log, set_log);
	describe(oc, "uv-log",
		 "none, info (default) or call: what the Ultravisor reports");
	object_class_property_add_str(oc, "uv-account", get_account, NULL);
	describe(oc, "uv-account",
		 "to be read: what the Ultravisor has, what it was asked for");
	object_class_property_add(oc, "uv-seed", "uint64", get_seed, set_seed,
				  NULL, NULL);
	describe(oc, "uv-seed",
		 "start of the Ultravisor's random numbers, to repeat a run");
	object_class_property_add(oc, "uv-low-base-storage", "OnOffAuto",
				  get_low_base_storage, set_low_base_storage,
				  NULL, NULL);
	describe(oc, "uv-low-base-storage",
		 "on, off or auto (default): may a host give the Ultravisor storage below 2 GiB?");
	for (i = 0; i < ARRAY_SIZE(text_options); i++, option++) {
		object_class_property_add(oc, option->name, "str", get_text,
					  set_text, NULL, option);
		describe(oc, option->name, option->description);
	}
}

/* Without an Ultravisor no option may seem to have an effect. */
static bool check_unused(Error **errp)
{
	const char *given = NULL;
	int i;

	if (uv_options.have_seed)
		given = "uv-seed";
	if (uv_options.have_log)
		given = "uv-log";
	if (uv_options.low_base_storage != ON_OFF_AUTO_AUTO)
		given = "uv-low-base-storage";
	for (i = 0; i < ARRAY_SIZE(text_options); i++) {
		if (*text_options[i].value)
			given = text_options[i].name;
	}
	if (given)
		error_setg(errp, "%s has no effect with ultravisor=off, choose guest, boot or host",
			   given);
	return !given;
}

static bool check_profile(Error **errp)
{
	const char *value = uv_options.profile;

	if (!value || find_name(profile_names, ARRAY_SIZE(profile_names),
				value) >= 0)
		return true;
	error_setg(errp, "uv-profile: unknown profile '%s', choose z15, z16 or z17",
		   value);
	return false;
}

/* Only a host gives storage to the Ultravisor. */
static bool check_low_base_storage(Error **errp)
{
	bool given = uv_options.low_base_storage != ON_OFF_AUTO_AUTO;

	if (!given || uv_options.role == UV_ROLE_HOST)
		return true;
	error_setg(errp, "uv-low-base-storage has no effect with ultravisor=%s, choose host",
		   s390_uv_role_name());
	return false;
}

/* Images that are booted, here or in a guest, bring headers of their own. */
static bool check_header(Error **errp)
{
	bool needed = uv_options.role == UV_ROLE_GUEST;

	if (needed && !uv_options.header)
		error_setg(errp, "ultravisor=%s needs uv-header=FILE",
			   s390_uv_role_name());
	if (!needed && uv_options.header)
		error_setg(errp, "uv-header has no effect with ultravisor=%s: an image has one",
			   s390_uv_role_name());
	return needed == !!uv_options.header;
}

static bool check_host_key(Error **errp)
{
	if (!uv_options.host_key)
		error_setg(errp, "ultravisor=%s needs uv-host-key=FILE",
			   s390_uv_role_name());
	return uv_options.host_key;
}

bool s390_uv_check_options(Error **errp)
{
	options_used = true;
	if (uv_options.role == UV_ROLE_OFF)
		return check_unused(errp);
	return check_header(errp) && check_host_key(errp) &&
	       check_profile(errp) && check_low_base_storage(errp);
}

char *s390_uv_read_file(const char *option, const char *path, gsize *len,
			Error **errp)
{
	GError *err = NULL;
	char *text;

	if (!g_file_get_contents(path, &text, len, &err)) {
		error_setg(errp, "%s: %s", option, err->message);
		g_error_free(err);
		return NULL;
	}
	if (!*len || *len > MAX_FILE_SIZE) {
		error_setg(errp, "%s: '%s' has %zu bytes, expected 1 to %d",
			   option, path, *len, MAX_FILE_SIZE);
		s390_uv_wipe(text, *len);
		return NULL;
	}
	return text;
}

void s390_uv_wipe(char *secret, gsize len)
{
	explicit_bzero(secret, len);
	g_free(secret);
}
