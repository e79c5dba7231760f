// SPDX-License-Identifier: MIT
/* Lists of secrets: as the driver stores them and pvsecret writes them. */
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "secret.h"

void pv_secrets_free(struct pv_secrets *secrets)
{
	free(secrets->entries);
	memset(secrets, 0, sizeof(*secrets));
}

static void parse_entry(struct pv_secret_info *out,
			const struct pv_secret_entry *entry)
{
	out->index = pv_get_be16(entry->index);
	out->type = pv_get_be16(entry->type);
	out->size = pv_get_be32(entry->size);
	memcpy(out->id, entry->id, sizeof(out->id));
}

int pv_secrets_parse(struct pv_secrets *out, const void *data, size_t size,
		     struct pv_error *err)
{
	const struct pv_secret_list *list = data;
	const struct pv_secret_entry *entries = (const void *)(list + 1);
	size_t n, total;

	memset(out, 0, sizeof(*out));
	if (size < sizeof(*list))
		return pv_fail(err, PV_ERR_FORMAT,
			       "%zu bytes are no list of secrets", size);
	n = pv_get_be16(list->stored);
	total = pv_get_be16(list->total);
	if (n > (size - sizeof(*list)) / sizeof(*entries))
		return pv_fail(err, PV_ERR_FORMAT,
			       "A list of %zu secrets cannot have %zu bytes",
			       n, size);
	if (n > total)
		return pv_fail(err, PV_ERR_FORMAT,
			       "A store of %zu secrets cannot list %zu",
			       total, n);
	/* One more, so that an empty list is no failed allocation. */
	out->entries = calloc(n + 1, sizeof(*out->entries));
	if (!out->entries)
		return pv_fail(err, PV_ERR_MEMORY,
			       "No memory for a list of %zu secrets", n);
	out->n = n;
	out->total = total;
	out->next = pv_get_be16(list->next);
	for (size_t i = 0; i < n; i++)
		parse_entry(&out->entries[i], &entries[i]);
	return 0;
}

static void build_entry(struct pv_secret_entry *out,
			const struct pv_secret_info *info)
{
	out->index = pv_put_be16(info->index);
	out->type = pv_put_be16(info->type);
	out->size = pv_put_be32(info->size);
	memcpy(out->id, info->id, sizeof(out->id));
}

int pv_secrets_build(struct pv_buffer *out, const struct pv_secrets *secrets,
		     struct pv_error *err)
{
	struct pv_secret_list *list;
	struct pv_secret_entry *entries;

	out->data = NULL;
	out->size = 0;
	if (secrets->total > UINT16_MAX || secrets->n > secrets->total)
		return pv_fail(err, PV_ERR_LIMIT,
			       "A list cannot hold %zu of %zu secrets",
			       secrets->n, secrets->total);
	if (pv_buffer_alloc(out, sizeof(*list) +
			    secrets->n * sizeof(*entries), err) < 0)
		return -1;
	list = (struct pv_secret_list *)out->data;
	entries = (struct pv_secret_entry *)(list + 1);
	list->stored = pv_put_be16((uint16_t)secrets->n);
	list->total = pv_put_be16((uint16_t)secrets->total);
	list->next = pv_put_be16(secrets->next);
	for (size_t i = 0; i < secrets->n; i++)
		build_entry(&entries[i], &secrets->entries[i]);
	return 0;
}
