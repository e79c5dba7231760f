// SPDX-License-Identifier: MIT
/* Handing a secret to the kernel's keyrings. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <keyutils.h>

#include "array.h"
#include "keyring.h"
#include "options.h"

#define FIND		(KEY_POS_VIEW | KEY_POS_SEARCH | \
			 KEY_USR_VIEW | KEY_USR_SEARCH)
#define FIND_AND_READ	(FIND | KEY_POS_READ | KEY_USR_READ)

/**
 * struct keyring_type - a type of keys
 * @name: for add_key
 * @permissions: of the finished key.  Programs of the user find it, and read
 *	it if the type lets them; nobody changes it or what may be done with it.
 *	Nor does it take possession: services often have a session keyring that
 *	does not lead to the user's.
 * @colon: the description needs a prefix, ended by a colon
 * @reason: why it cannot be used, NULL if it can
 */
struct keyring_type {
	const char *name;
	key_perm_t permissions;
	bool colon;
	const char *reason;
};

static const struct keyring_type types[] = {
	{ "user", FIND_AND_READ, false, NULL },
	{ "logon", FIND, true, NULL },
	{ "big_key", FIND_AND_READ, false, NULL },
	{ "encrypted", 0, false,
	  "takes no secret (make one of type user its master key)" },
	{ "trusted", 0, false,
	  "takes secrets of the kernel's own trust sources only" },
	{ "asymmetric", 0, false, "takes certificates only" },
	{ "keyring", 0, false, "is no key but a place for them" },
};

/* @reason: why it cannot be used */
static const struct {
	const char *name;
	const char *alias;
	key_serial_t serial;
	const char *reason;
} rings[] = {
	{ "user", "@u", KEY_SPEC_USER_KEYRING, NULL },
	{ "session", "@s", KEY_SPEC_SESSION_KEYRING, NULL },
	{ "user-session", "@us", KEY_SPEC_USER_SESSION_KEYRING, NULL },
	/* Has a serial number of its own, which only the kernel knows. */
	{ "persistent", NULL, 0, NULL },
	{ "process", "@p", 0, "ends with uvctl, and the key with it" },
	{ "thread", "@t", 0, "ends with uvctl, and the key with it" },
};

static bool find_type(const char *path, struct keyring_target *target,
		      const char *key)
{
	const char *colon = strchr(key, ':');
	size_t len = colon ? (size_t)(colon - key) : 0;

	if (len == 0 || colon[1] == '\0') {
		options_complain(path,
				 "--keyring takes TYPE:DESCRIPTION, such as user:uv-secret:NAME");
		return false;
	}
	target->description = colon + 1;
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (strlen(types[i].name) != len ||
		    strncmp(types[i].name, key, len) != 0)
			continue;
		target->type = &types[i];
		return true;
	}
	options_complain(path, "Unknown type of key %.*s (user, logon or big_key)",
			 (int)len, key);
	return false;
}

static bool check_type(const char *path, const struct keyring_target *target)
{
	const struct keyring_type *type = target->type;
	const char *colon = strchr(target->description, ':');

	if (type->reason)
		options_complain(path, "A key of type %s %s", type->name,
				 type->reason);
	else if (type->colon && (!colon || colon == target->description))
		options_complain(path,
				 "The description of a key of type %s needs a prefix and a colon, such as uv:%s",
				 type->name, target->description);
	else
		return true;
	return false;
}

static bool find_ring(const char *path, struct keyring_target *target,
		      const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(rings); i++) {
		if (name && strcmp(name, rings[i].name) != 0 &&
		    (!rings[i].alias || strcmp(name, rings[i].alias) != 0))
			continue;
		target->ring = rings[i].serial;
		if (!rings[i].reason)
			return true;
		options_complain(path, "The %s keyring %s", rings[i].name,
				 rings[i].reason);
		return false;
	}
	options_complain(path,
			 "Unknown keyring %s (user, session, user-session or persistent)",
			 name);
	return false;
}

static bool find_timeout(const char *path, struct keyring_target *target,
			 const char *text)
{
	unsigned long seconds = 0;

	if (!text)
		return true;
	if (strspn(text, "0123456789") == strlen(text)) {
		errno = 0;
		seconds = strtoul(text, NULL, 10);
		if (errno == ERANGE || seconds > INT_MAX)
			seconds = 0;
	}
	target->timeout = (unsigned int)seconds;
	if (seconds > 0)
		return true;
	options_complain(path, "--timeout takes 1 to %d seconds, not %s",
			 INT_MAX, text);
	return false;
}

bool keyring_parse(const char *path, struct keyring_target *target,
		   const struct keyring_options *options)
{
	return find_type(path, target, options->key) &&
	       check_type(path, target) &&
	       find_ring(path, target, options->ring) &&
	       find_timeout(path, target, options->timeout);
}

static int fail(const struct keyring_target *target, const char *what,
		struct pv_error *err)
{
	static const struct {
		int number;
		enum pv_error_code code;
		const char *text;
	} reasons[] = {
		{ ENODEV, PV_ERR_UNSUPPORTED, "this kernel has no such type" },
		{ ENOSYS, PV_ERR_UNSUPPORTED, "this kernel has no keyrings" },
		{ EOPNOTSUPP, PV_ERR_UNSUPPORTED,
		  "this kernel has no keyring of that kind" },
		{ EDQUOT, PV_ERR_LIMIT,
		  "the user's keys use up their quota; remove some with keyctl" },
		{ EACCES, PV_ERR_IO, "the keyring is closed to this user" },
		{ EPERM, PV_ERR_IO, "it is forbidden, perhaps in a container" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
		if (errno == reasons[i].number)
			return pv_fail(err, reasons[i].code,
				       "Cannot %s %s:%s: %s", what,
				       target->type->name, target->description,
				       reasons[i].text);
	return pv_fail_errno(err, PV_ERR_IO, "Cannot %s %s:%s", what,
			     target->type->name, target->description);
}

static int find_serial(struct keyring_target *target, struct pv_error *err)
{
	if (target->ring == 0)
		target->ring = (int32_t)
			keyctl_get_persistent((uid_t)-1,
					      KEY_SPEC_PROCESS_KEYRING);
	else if (target->ring == KEY_SPEC_SESSION_KEYRING)
		/*
		 * For a process without a session of its own, a link to the
		 * special number begins one, which ends with uvctl.  The serial
		 * number is that of the user's session then.
		 */
		target->ring = keyctl_get_keyring_ID(target->ring, 0);
	else
		return 0;
	if (target->ring >= 0)
		return 0;
	return fail(target, "find the keyring for the key", err);
}

/* A search finds keys in keyrings that this one leads to, too. */
static int is_member(const struct keyring_target *target, key_serial_t key,
		     struct pv_error *err)
{
	key_serial_t member;
	void *members;
	int size = keyctl_read_alloc(target->ring, &members);
	int found = 0;

	if (size < 0 && errno == EACCES)
		return 1;
	if (size < 0)
		return fail(target, "look into the keyring for the key", err);
	for (size_t at = 0; at + sizeof(member) <= (size_t)size && !found;
	     at += sizeof(member)) {
		memcpy(&member, (char *)members + at, sizeof(member));
		found = member == key;
	}
	free(members);
	return found;
}

/* Return: 1 if there is such a key or there may be, 0 if not, -1 */
static int key_exists(const struct keyring_target *target, struct pv_error *err)
{
	/* These are in nobody's way; the last one has no payload, ever. */
	static const int absent[] = {
		ENOKEY, EKEYEXPIRED, EKEYREVOKED, EKEYREJECTED
	};
	/* If there are several, that is the one in the keyring itself. */
	long key = keyctl_search(target->ring, target->type->name,
				 target->description, 0);

	if (key >= 0)
		return is_member(target, (key_serial_t)key, err);
	for (size_t i = 0; i < ARRAY_SIZE(absent); i++)
		if (errno == absent[i])
			return 0;
	if (errno == EACCES)
		return 1;
	return fail(target, "look for the key", err);
}

int keyring_prepare(struct keyring_target *target, struct pv_error *err)
{
	int found;

	if (find_serial(target, err) < 0)
		return -1;
	found = key_exists(target, err);
	if (found <= 0 || target->replace)
		return found < 0 ? -1 : 0;
	return pv_fail(err, PV_ERR_EXISTS,
		       "There is a key %s:%s in the keyring already (say --force to replace it)",
		       target->type->name, target->description);
}

/* A key that nobody else can see until it is linked. */
static key_serial_t make_private(const struct keyring_target *target,
				 const void *data, size_t size,
				 struct pv_error *err)
{
	key_serial_t key = add_key(target->type->name, target->description,
				   data, size, KEY_SPEC_THREAD_KEYRING);

	if (key < 0)
		return fail(target, "make the key", err);
	if (target->timeout > 0 &&
	    keyctl_set_timeout(key, target->timeout) < 0)
		return fail(target, "limit the life of the key", err);
	return key;
}

int32_t keyring_store(const struct keyring_target *target, const void *data,
		      size_t size, struct pv_error *err)
{
	key_serial_t key = make_private(target, data, size, err);

	if (key < 0)
		return -1;
	/* This displaces an older key; writing into that may be forbidden. */
	if (keyctl_link(key, target->ring) < 0)
		return fail(target, "put into the keyring the key", err);
	/* Last: it takes away the right to do any of the above. */
	if (keyctl_setperm(key, target->type->permissions) == 0)
		return key;
	fail(target, "set the permissions of the key", err);
	keyctl_unlink(key, target->ring);
	return -1;
}
