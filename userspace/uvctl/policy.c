// SPDX-License-Identifier: MIT
/* Policies that "uvctl attest check" holds a response against. */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "hostkey_options.h"
#include "policy.h"

#define ADD_SECRET_MAX		0x100000
#define ADD_SECRET_MAGIC	"asrcbM"

__attribute__((format(printf, 2, 3)))
static void add_issue(struct policy_result *result, const char *fmt, ...)
{
	va_list args;
	char *text;

	if (result->n_issues == POLICY_MAX_ISSUES)
		return;
	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		abort();	/* a lost issue would look like success */
	va_end(args);
	result->issues[result->n_issues++] = text;
}

void policy_result_free(struct policy_result *result)
{
	for (size_t i = 0; i < result->n_issues; i++)
		free(result->issues[i]);
	result->n_issues = 0;
}

/* @keys: of @documents, in the same order; @document: out, the last match */
static size_t count_matches(const struct hostkey_set *keys,
			    const struct string_list *documents,
			    const uint8_t *phkh, const char **document)
{
	uint8_t hash[32];
	size_t n = 0;

	for (size_t i = 0; i < keys->n; i++) {
		pv_hostkey_hash(keys->keys[i], hash);
		if (memcmp(hash, phkh, sizeof(hash)) != 0)
			continue;
		*document = documents->items[i];
		n++;
	}
	return n;
}

/* @which: for messages; Return: the one document that fits, or NULL */
static const char *check_host_key(struct policy_result *result,
				  const struct response *response,
				  enum pv_additional_field field,
				  const char *which, bool enforce,
				  const struct hostkey_set *keys,
				  const struct string_list *documents)
{
	const uint8_t *phkh = response->fields.field[field].data;
	const char *document = NULL;
	size_t n;

	if (!phkh) {
		if (enforce)
			add_issue(result,
				  "The response holds no hash of the %s host key, but its check is enforced",
				  which);
		return NULL;
	}
	n = count_matches(keys, documents, phkh, &document);
	if (n == 1)
		return document;
	if (n == 0)
		add_issue(result,
			  "The hash of the %s host key belongs to none of the given host key documents",
			  which);
	else
		add_issue(result,
			  "The hash of the %s host key belongs to %zu of the given host key documents, it should be one",
			  which, n);
	return NULL;
}

static int check_host_keys(struct policy_result *result,
			   const struct response *response,
			   const struct policy_options *options,
			   struct pv_error *err)
{
	const struct string_list *documents = &options->documents;
	struct hostkey_set keys = { 0 };
	int ret;

	if (documents->n == 0)
		return 0;
	ret = hostkey_set_load(&keys, documents, err);
	if (ret == 0) {
		result->image_document =
			check_host_key(result, response,
				       PV_ADDITIONAL_IMAGE_PHKH, "image",
				       options->enforce_image, &keys,
				       documents);
		result->attest_document =
			check_host_key(result, response,
				       PV_ADDITIONAL_ATTEST_PHKH,
				       "attestation", options->enforce_attest,
				       &keys, documents);
	}
	hostkey_set_free(&keys);
	return ret;
}

static int check_user_data(struct policy_result *result,
			   const struct response *response,
			   const struct policy_options *options,
			   struct pv_error *err)
{
	const struct pv_exchange_entry *item =
		&response->exchange.item[PV_EXCHANGE_USER_DATA];
	struct pv_buffer want;

	if (!options->user_data)
		return 0;
	/* A file that is too large for user data is just another one. */
	if (pv_file_read(&want, options->user_data, PV_EXCHANGE_MAX_SIZE,
			 err) < 0)
		return -1;
	result->user_data_equal = item->size > 0 && want.size == item->size &&
				  memcmp(want.data, item->data,
					 item->size) == 0;
	pv_buffer_free(&want);
	if (!result->user_data_equal)
		add_issue(result,
			  "The user data of the response is not that of %s",
			  options->user_data);
	return 0;
}

/* Last 16 bytes of an add-secret request. */
static int read_secret_tag(uint8_t *tag, const char *path,
			   struct pv_error *err)
{
	const struct pv_request_header *header;
	struct pv_buffer file;
	int ret = -1;

	if (pv_file_read(&file, path, ADD_SECRET_MAX, err) < 0)
		return -1;
	header = (const struct pv_request_header *)file.data;
	if (file.size < sizeof(*header) + PV_GCM_TAG_SIZE ||
	    memcmp(header->magic, ADD_SECRET_MAGIC, 6) != 0)
		pv_fail(err, PV_ERR_FORMAT, "%s is no add-secret request",
			path);
	else if (pv_get_be32(header->version) != PV_REQUEST_VERSION_1)
		pv_fail(err, PV_ERR_UNSUPPORTED,
			"%s: version 0x%x of add-secret requests is unknown",
			path, pv_get_be32(header->version));
	else if (pv_get_be32(header->size) != file.size)
		pv_fail(err, PV_ERR_FORMAT,
			"%s says it has %u bytes, but there are %zu", path,
			pv_get_be32(header->size), file.size);
	else
		ret = 0;
	if (ret == 0)
		memcpy(tag, file.data + file.size - PV_GCM_TAG_SIZE,
		       PV_GCM_TAG_SIZE);
	pv_buffer_free(&file);
	return ret;
}

static int expected_store_hash(uint8_t *hash,
			       const struct policy_options *options,
			       struct pv_error *err)
{
	size_t n = options->secrets.n;
	uint8_t *tags = calloc(n + 1, PV_GCM_TAG_SIZE);
	int ret = 0;

	if (!tags)
		return pv_fail(err, PV_ERR_MEMORY, "No memory for secrets");
	for (size_t i = 0; i < n && ret == 0; i++)
		ret = read_secret_tag(tags + i * PV_GCM_TAG_SIZE,
				      options->secrets.items[i], err);
	if (ret == 0)
		ret = pv_secret_store_hash(hash, tags, n, options->locked,
					   err);
	free(tags);
	return ret;
}

static int check_secret_store(struct policy_result *result,
			      const struct response *response,
			      const struct policy_options *options,
			      struct pv_error *err)
{
	const uint8_t *hash =
		response->fields.field[PV_ADDITIONAL_SECRET_STORE].data;
	uint8_t want[PV_SECRET_STORE_HASH_SIZE];

	if (!options->check_store)
		return 0;
	if (expected_store_hash(want, options, err) < 0)
		return -1;
	if (!hash) {
		add_issue(result,
			  "The response holds no hash of the secret store");
		return 0;
	}
	result->store_equal = memcmp(hash, want, sizeof(want)) == 0;
	if (!result->store_equal)
		add_issue(result,
			  "The secret store is not in the expected state (other requests, another order, or not %slocked)",
			  options->locked ? "" : "un");
	return 0;
}

int policy_check(struct policy_result *result, const struct response *response,
		 const struct policy_options *options, struct pv_error *err)
{
	memset(result, 0, sizeof(*result));
	if (check_host_keys(result, response, options, err) < 0 ||
	    check_user_data(result, response, options, err) < 0)
		return -1;
	return check_secret_store(result, response, options, err);
}
