// SPDX-License-Identifier: MIT
/* Which secret of a guest the user means. */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "encode.h"
#include "log.h"
#include "secret_find.h"
#include "secret_identity.h"

/* Return: index in the list, or -1 */
static ssize_t search_id(const struct pv_secrets *secrets, const uint8_t *id)
{
	for (size_t i = 0; i < secrets->n; i++)
		if (memcmp(secrets->entries[i].id, id, PV_SECRET_ID_SIZE) == 0)
			return (ssize_t)i;
	return -1;
}

static void warn_others(const struct pv_secrets *secrets, size_t first)
{
	const struct pv_secret_info *entries = secrets->entries;

	for (size_t i = first + 1; i < secrets->n; i++)
		if (memcmp(entries[i].id, entries[first].id,
			   PV_SECRET_ID_SIZE) == 0)
			log_warning("The secret with index %u has the same id, the one with index %u is taken",
				    entries[i].index, entries[first].index);
}

static int fail_missing(const char *input, struct pv_error *err)
{
	return pv_fail(err, PV_ERR_USAGE,
		       "This guest has no such secret: %s ('secret list' shows those it has)",
		       input);
}

static int take_id(ssize_t *at, const struct pv_secrets *secrets,
		   const uint8_t *id, const char *input, struct pv_error *err)
{
	*at = search_id(secrets, id);
	if (*at < 0)
		return fail_missing(input, err);
	warn_others(secrets, (size_t)*at);
	return 0;
}

static int by_yaml(ssize_t *at, const struct pv_secrets *secrets,
		   const char *input, struct pv_error *err)
{
	uint8_t id[PV_SECRET_ID_SIZE];

	if (secret_identity_read(id, input, err) < 0)
		return -1;
	return take_id(at, secrets, id, input, err);
}

static int by_hex(ssize_t *at, const struct pv_secrets *secrets,
		  const char *input, struct pv_error *err)
{
	uint8_t id[PV_SECRET_ID_SIZE];

	if (!get_hex(id, sizeof(id), input))
		return pv_fail(err, PV_ERR_FORMAT,
			       "An id has %d hexadecimal digits, unlike %s",
			       2 * PV_SECRET_ID_SIZE, input);
	return take_id(at, secrets, id, input, err);
}

/* Both kinds of id that a name can have. */
static int by_name(ssize_t *at, const struct pv_secrets *secrets,
		   const char *input, struct pv_error *err)
{
	uint8_t id[PV_SECRET_ID_SIZE];

	pv_secret_id_use_name(id, input);
	if (search_id(secrets, id) < 0 &&
	    pv_secret_id_from_name(id, input, err) < 0)
		return -1;
	return take_id(at, secrets, id, input, err);
}

static int by_index(ssize_t *at, const struct pv_secrets *secrets,
		    const char *input, struct pv_error *err)
{
	unsigned long index = strtoul(input, NULL, 10);

	if (!*input || strspn(input, "0123456789") != strlen(input))
		return pv_fail(err, PV_ERR_FORMAT,
			       "An index is a decimal number, unlike %s",
			       input);
	for (size_t i = 0; i < secrets->n; i++) {
		if (secrets->entries[i].index != index)
			continue;
		*at = (ssize_t)i;
		return 0;
	}
	return fail_missing(input, err);
}

static const struct {
	const char *name;
	int (*find)(ssize_t *at, const struct pv_secrets *secrets,
		    const char *input, struct pv_error *err);
} informs[] = {
	{ "yaml", by_yaml },
	{ "hex", by_hex },
	{ "name", by_name },
	{ "idx", by_index },
};

bool secret_inform_known(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(informs); i++)
		if (strcmp(name, informs[i].name) == 0)
			return true;
	return false;
}

int secret_find(struct pv_secret_info *found, const struct pv_secrets *secrets,
		const struct secret_wanted *wanted, struct pv_error *err)
{
	const struct pv_secret_kind *kind;
	ssize_t at = -1;

	for (size_t i = 0; i < ARRAY_SIZE(informs); i++)
		if (strcmp(wanted->inform, informs[i].name) == 0 &&
		    informs[i].find(&at, secrets, wanted->input, err) < 0)
			return -1;
	if (at < 0)
		return fail_missing(wanted->input, err);
	*found = secrets->entries[at];
	kind = pv_secret_kind(found->type);
	if (!kind || kind->retrievable)
		return 0;
	return pv_fail(err, PV_ERR_USAGE,
		       "The secret with index %u is of type %s and cannot be retrieved",
		       found->index, kind->name);
}
