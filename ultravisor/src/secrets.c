// SPDX-License-Identifier: MIT
/* Add, list, lock and retrieve secrets. */
#include <string.h>

#include <openssl/crypto.h>

#include "array.h"
#include "asrcb.h"
#include "bytes.h"
#include "call.h"
#include "config.h"
#include "operand.h"
#include "report.h"

/* ---- add ---- */

/**
 * struct addition - a secret on its way into the store
 * @config: the caller's configuration
 * @store: its store
 * @asrcb: the request
 */
struct addition {
	struct uv_call *call;
	struct uv_config *config;
	struct uv_secret_store *store;
	struct uv_asrcb asrcb;
};

/* One code for many reasons: the log tells them apart. */
static uint16_t not_for_guest(const struct addition *a, const char *why)
{
	uv_log(a->call->machine, UV_LOG_INFO,
	       "add-secret request refused by configuration %u: %s",
	       a->config->owner.id, why);
	return PV_RC_SECRET_NOT_FOR_GUEST;
}

static uint16_t check_lock(struct addition *a)
{
	return a->store->locked ? PV_RC_SECRET_LOCKED : PV_RC_EXECUTED;
}

static uint16_t open_request(struct addition *a)
{
	return uv_asrcb_open(a->call, &a->asrcb);
}

/* Neither the keys of a dump nor the leave for it change while it is taken. */
static uint16_t check_dump(struct addition *a)
{
	return a->config->dump.active ? PV_RC_SECRET_DUMPING : PV_RC_EXECUTED;
}

static uint16_t check_tags(struct addition *a)
{
	if (!memcmp(&a->asrcb.fixed->boot_tags, &a->config->image.tags,
		    sizeof(struct pv_boot_tags)))
		return PV_RC_EXECUTED;
	return not_for_guest(a, "it is for another image: its boot tags differ");
}

static uint16_t check_uid(struct addition *a)
{
	static const uint8_t any[PV_CONFIG_UID_SIZE];
	const uint8_t *uid = a->asrcb.fixed->config_uid;

	if (!memcmp(uid, any, sizeof(any)) ||
	    !memcmp(uid, a->config->uid, sizeof(any)))
		return PV_RC_EXECUTED;
	return not_for_guest(a,
			     "it is for another instance: its configuration unique id differs");
}

static uint16_t check_derived(struct addition *a)
{
	const struct uv_image *image = &a->config->image;
	const char *info = PV_EXTENSION_SECRET_INFO;
	uint8_t want[PV_EXTENSION_SECRET_SIZE];
	uint16_t rc = PV_RC_EXECUTED;

	if (!uv_hkdf_sha512(image->secret.cck, sizeof(image->secret.cck),
			    image->tags.tag, sizeof(image->tags.tag), info,
			    strlen(info), want, sizeof(want)))
		return UV_RC_INTERNAL;
	if (CRYPTO_memcmp(uv_asrcb_extension(&a->asrcb), want, sizeof(want)))
		rc = not_for_guest(a,
				   "its extension secret is not derived from the CCK, as the SE header demands");
	OPENSSL_cleanse(want, sizeof(want));
	return rc;
}

/*
 * What the first request has fixed stays, even if the CCK that it was derived
 * from does not.
 */
static uint16_t check_extension(struct addition *a)
{
	uint64_t scf = get64(a->config->image.secret.scf);

	if (!a->store->has_extension)
		return scf & PV_SCF_CCK_EXTENSION_SECRET ? check_derived(a) :
							   PV_RC_EXECUTED;
	if (!CRYPTO_memcmp(uv_asrcb_extension(&a->asrcb), a->store->extension,
			   sizeof(a->store->extension)))
		return PV_RC_EXECUTED;
	return not_for_guest(a,
			     "its extension secret is not that of the first request");
}

static bool updates_cck(const struct addition *a)
{
	return a->asrcb.type->number == PV_SECRET_UPDATE_CCK;
}

static uint16_t check_update(struct addition *a)
{
	uint64_t scf = get64(a->config->image.secret.scf);

	if (!updates_cck(a) || scf & PV_SCF_CCK_UPDATE)
		return PV_RC_EXECUTED;
	return not_for_guest(a, "the SE header does not allow to update the CCK");
}

static bool kept(const struct addition *a)
{
	return a->asrcb.type->kind != UV_SECRET_NOT_KEPT;
}

static uint16_t check_room(struct addition *a)
{
	enum uv_secret_kind kind = a->asrcb.type->kind;
	size_t has = uv_secret_store_has(a->store, UV_SECRET_ASSOCIATION);

	if (!kept(a))
		return PV_RC_EXECUTED;
	if (kind != UV_SECRET_ASSOCIATION)
		has = a->store->count - has;
	return has < uv_secret_limit(a->call->machine->profile, kind) ?
	       PV_RC_EXECUTED : PV_RC_SECRET_STORE_FULL;
}

static uint16_t store_secret(struct addition *a)
{
	struct uv_secret secret = {
		.type = a->asrcb.type,
		.size = a->asrcb.size,
		.value = a->asrcb.plain,
	};

	/* The header of a secret that is not kept may end before the id. */
	if (kept(a))
		memcpy(secret.id, a->asrcb.header->id, sizeof(secret.id));
	return uv_secret_store_add(a->store, kept(a) ? &secret : NULL,
				   uv_request_tag(&a->asrcb.request)) ?
	       PV_RC_EXECUTED : UV_RC_INTERNAL;
}

static uint16_t take_effect(struct addition *a)
{
	if (!a->store->has_extension)
		memcpy(a->store->extension, uv_asrcb_extension(&a->asrcb),
		       sizeof(a->store->extension));
	a->store->has_extension = true;
	if (get64(a->asrcb.fixed->flags) & PV_ADD_SECRET_FLAG_DISABLE_DUMP)
		a->config->dump_disabled = true;
	if (updates_cck(a))
		memcpy(a->config->image.secret.cck, a->asrcb.plain,
		       PV_CCK_SIZE);
	uv_log(a->call->machine, UV_LOG_INFO,
	       "configuration %u accepted an add-secret request of type 0x%02x and has %zu secrets",
	       a->config->owner.id, a->asrcb.type->number, a->store->count);
	return PV_RC_EXECUTED;
}

/* The order is part of the ABI; what can fail comes before all effects. */
static uint16_t (*const add_steps[])(struct addition *a) = {
	check_lock,
	open_request,
	check_dump,
	check_tags,
	check_uid,
	check_extension,
	check_update,
	check_room,
	store_secret,
	take_effect,
};

uint16_t uv_add_secret(struct uv_call *call)
{
	struct uv_config *config = call->cpu->config;
	struct addition addition = {
		.call = call,
		.config = config,
		.store = &config->store,
	};
	uint16_t rc = PV_RC_EXECUTED;

	for (size_t i = 0; rc == PV_RC_EXECUTED && i < ARRAY_SIZE(add_steps);
	     i++)
		rc = add_steps[i](&addition);
	if (rc == UV_RC_INTERNAL)
		uv_log(call->machine, UV_LOG_ERROR,
		       "a secret could not be added: out of memory or libcrypto unusable");
	uv_asrcb_wipe(&addition.asrcb);
	return rc;
}

/* ---- lock ---- */

uint16_t uv_lock_secrets(struct uv_call *call)
{
	struct uv_config *config = call->cpu->config;

	if (config->store.locked)
		return PV_RC_SECRET_LOCKED;
	config->store.locked = true;
	uv_log(call->machine, UV_LOG_INFO,
	       "configuration %u locked its secret store with %zu secrets",
	       config->owner.id, config->store.count);
	return PV_RC_EXECUTED;
}

/* ---- list ---- */

/* One page, as it is stored. */
struct list_page {
	struct pv_secret_list head;
	struct pv_secret_entry entries[PV_SECRET_LIST_PAGE_ENTRIES];
};

PV_ASSERT_SIZE(struct list_page, 4096);

static void fill_entry(struct pv_secret_entry *entry, size_t index,
		       const struct uv_secret *secret)
{
	size_t size = uv_secret_object_size(secret->type, secret->size);

	entry->index = put16((uint16_t)index);
	entry->type = put16(secret->type->number);
	entry->size = put32((uint32_t)size);
	memcpy(entry->id, secret->id, sizeof(entry->id));
}

/* Return: index of the first secret that had no room, 0 if all had */
static size_t fill_page(struct list_page *page,
			const struct uv_secret_store *store, size_t start)
{
	size_t n = 0, next = start;

	for (; next < store->count && n < ARRAY_SIZE(page->entries); next++)
		fill_entry(&page->entries[n++], next, &store->secrets[next]);
	if (next >= store->count)
		next = 0;
	page->head.stored = put16((uint16_t)n);
	page->head.total = put16((uint16_t)store->count);
	page->head.next = put16((uint16_t)next);
	return next;
}

uint16_t uv_list_secrets(struct uv_call *call)
{
	const struct pv_uvcb_list_secrets *block = &call->list_secrets;
	struct list_page page = { 0 };
	size_t next = fill_page(&page, &call->cpu->config->store,
				get16(block->start_index));
	uint16_t rc = uv_operand_store(call, get64(block->list_addr), &page,
				       sizeof(page), PV_RC_SECRET_ACC_OUTPUT);

	if (rc != PV_RC_EXECUTED)
		return rc;
	return next ? PV_RC_MORE_DATA : PV_RC_EXECUTED;
}

/* ---- retrieve ---- */

static bool make_object(const struct uv_config *config,
			const struct uv_secret *secret, uint8_t *object)
{
	if (secret->type->kind == UV_SECRET_KEY)
		return uv_protect_key(&config->wrapping, secret->type->number,
				      secret->value, secret->size, object);
	memcpy(object, secret->value, secret->size);
	return true;
}

static uint16_t hand_out(struct uv_call *call,
			 const struct uv_secret *secret)
{
	uint64_t addr = get64(call->retr_secret.buf_addr);
	size_t size = uv_secret_object_size(secret->type, secret->size);
	uint8_t object[PV_SECRET_OBJECT_MAX];
	uint16_t rc = UV_RC_INTERNAL;

	if (get32(call->retr_secret.buf_size) < size)
		return PV_RC_SECRET_BUF_SMALL;
	if (make_object(call->cpu->config, secret, object))
		rc = uv_operand_store(call, addr, object, size,
				      PV_RC_SECRET_ACC_OUTPUT);
	else
		uv_log(call->machine, UV_LOG_ERROR,
		       "a key could not be wrapped: out of memory or libcrypto unusable");
	OPENSSL_cleanse(object, sizeof(object));
	return rc;
}

uint16_t uv_retrieve_secret(struct uv_call *call)
{
	const struct uv_secret_store *store = &call->cpu->config->store;
	uint16_t index = get16(call->retr_secret.index);

	if (!store->count)
		return PV_RC_SECRET_STORE_EMPTY;
	if (index >= store->count)
		return PV_RC_SECRET_INDEX;
	if (!uv_secret_retrievable(store->secrets[index].type))
		return PV_RC_SECRET_NOT_RETRIEVABLE;
	return hand_out(call, &store->secrets[index]);
}
