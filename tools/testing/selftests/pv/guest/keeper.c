// SPDX-License-Identifier: GPL-2.0
/*
 * Secrets on their way to the store, and what is in there.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <openssl/evp.h>

#include "attester.h"
#include "keeper.h"
#include "kselftest.h"

#define PATTERN_SIZE	32	/* behind every key that is retrieved */

static_assert(sizeof(struct uv_list) == 0x10, "layout of a list");
static_assert(sizeof(struct uv_list_entry) == 0x30, "layout of an entry");

struct ledger *ledger;

static void __attribute__((constructor)) open_ledger(void)
{
	ledger = mmap(NULL, sizeof(*ledger), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (ledger == MAP_FAILED)
		abort();
}

/** uv_request() - Make a request with a new control block: 0 or -errno */
int uv_request(int fd, unsigned long cmd, void *argument, uint32_t len,
	       struct uvio_ioctl_cb *cb)
{
	*cb = (struct uvio_ioctl_cb) {
		.argument_addr = (uintptr_t)argument,
		.argument_len = len,
	};
	return ioctl(fd, cmd, cb) ? -errno : 0;
}

/* Bytes of the secret in a request, by type; plaintext has any size. */
static const uint32_t key_sizes[] = {
	[ASRCB_ASSOCIATION] = 32,
	[ASRCB_AES_128] = 16,
	[ASRCB_AES_192] = 24,
	[ASRCB_AES_256] = 32,
	[ASRCB_XTS_128] = 32,
	[ASRCB_XTS_256] = 64,
	[ASRCB_HMAC_256] = 64,
	[ASRCB_HMAC_512] = 128,
	[ASRCB_P256] = 32,
	[ASRCB_P384] = 48,
	[ASRCB_P521] = 80,
	[ASRCB_ED25519] = 32,
	[ASRCB_ED448] = 64,
	[ASRCB_UPDATE_CCK] = 32,
};

/** keeper_key_size() - Bytes of a secret of fixed size, or 0 */
uint32_t keeper_key_size(uint16_t type)
{
	return type < ARRAY_SIZE(key_sizes) ?
	       key_sizes[type] : 0;
}

/** keeper_is_listed() - Secrets of this type go into the store */
bool keeper_is_listed(uint16_t type)
{
	return type != ASRCB_NULL && type != ASRCB_UPDATE_CCK;
}

static uint32_t object_size(uint16_t type, uint32_t size)
{
	bool as_it_is = type == ASRCB_PLAINTEXT || type == ASRCB_ASSOCIATION;

	return as_it_is ? size : size + PATTERN_SIZE;
}

static EVP_PKEY *owner_of_run(void)
{
	static EVP_PKEY *owner;
	uint8_t scalar[64];

	if (!owner) {
		attester_bytes(attester_seed(), 'O', scalar, sizeof(scalar));
		owner = arcb_private_key(scalar, sizeof(scalar));
	}
	return owner && EVP_PKEY_up_ref(owner) ? owner : NULL;
}

/* Requests of a run differ in IV and content; keys and slot stay the same. */
static const uint8_t *slot_of_run(const struct asrcb_request *req)
{
	static uint8_t slot[REQUEST_SLOT_SIZE];
	static bool made;
	struct request_slots slots = {
		.customer = req->customer,
		.key = req->key,
		.hosts = req->hosts,
		.nr_hosts = 1,
	};

	if (!made && request_put_slots(&slots, slot))
		return NULL;
	made = true;
	return slot;
}

/**
 * keeper_new() - Prepare a request for the guest under test
 * @target: the guest
 * @seed: of initialisation vector, id and value
 *
 * Return: a request for a null secret, not yet sealed; or NULL
 */
struct keeper *keeper_new(const struct target *target, uint64_t seed)
{
	struct keeper *keeper = calloc(1, sizeof(*keeper));
	struct asrcb_request *req;

	if (!keeper)
		return NULL;
	req = &keeper->req;
	attester_bytes(attester_seed(), 'K', req->key, sizeof(req->key));
	attester_bytes(seed, 'I', req->iv, sizeof(req->iv));
	req->customer = owner_of_run();
	req->hosts[req->nr_hosts++] = target->host;
	memcpy(req->boot_tags, target->boot_tags, sizeof(req->boot_tags));
	req->type = ASRCB_NULL;
	req->slots = req->customer ? slot_of_run(req) : NULL;
	keeper->seed = seed;
	return keeper;
}

/** keeper_free() - Release a request; NULL is allowed */
void keeper_free(struct keeper *keeper)
{
	if (!keeper)
		return;
	EVP_PKEY_free(keeper->req.customer);
	free(keeper);
}

/* Private keys are smaller than their field. */
static size_t padding_size(uint16_t type)
{
	if (type == ASRCB_P521)
		return 15;
	return type == ASRCB_ED448 ? 7 : 0;
}

/* The value is made of the seed and nothing else. */
static int set_value(struct asrcb_request *req, uint64_t seed, uint32_t size)
{
	uint8_t payload[ASRCB_PLAINTEXT_MAX];

	if (req->type == ASRCB_PLAINTEXT && size <= sizeof(payload)) {
		attester_bytes(seed, 'V', payload, size);
		return asrcb_set_plaintext(req, payload, size);
	}
	if (size > sizeof(req->secret))
		return -1;
	attester_bytes(seed, 'V', req->secret, size);
	memset(req->secret, 0, padding_size(req->type));
	req->secret_size = size;
	return 0;
}

/**
 * keeper_choose() - What the secret is
 * @keeper: request
 * @type: of the secret
 * @size: of the payload of a plaintext, else of the secret
 *
 * Return: 0 or -1
 */
int keeper_choose(struct keeper *keeper, uint16_t type, uint32_t size)
{
	struct asrcb_request *req = &keeper->req;

	req->type = type;
	if (keeper_is_listed(type))
		attester_bytes(keeper->seed, 'D', req->id, sizeof(req->id));
	return set_value(req, keeper->seed, size);
}

/** keeper_seal() - Seal what was chosen; 0 or -1 */
int keeper_seal(struct keeper *keeper)
{
	if (!keeper->req.customer ||
	    asrcb_size(&keeper->req) > sizeof(keeper->asrcb))
		return -1;
	keeper->size = (uint32_t)asrcb_size(&keeper->req);
	return asrcb_seal(&keeper->req, keeper->asrcb);
}

/** keeper_describe() - What has to be in the ledger for a sealed request */
void keeper_describe(const struct keeper *keeper, struct deposit *deposit)
{
	const struct asrcb_request *req = &keeper->req;

	deposit->type = req->type;
	deposit->seed = keeper->seed;
	deposit->plain_size = req->secret_size;
	deposit->size = object_size(req->type, req->secret_size);
	memcpy(deposit->id, req->id, sizeof(deposit->id));
	memcpy(deposit->tag, keeper->asrcb + keeper->size - sizeof(deposit->tag),
	       sizeof(deposit->tag));
}

/** keeper_send() - Send a sealed request and forget it: 0 or -errno */
int keeper_send(struct keeper *keeper, int fd)
{
	return uv_request(fd, UVIO_IOCTL_ADD_SECRET, keeper->asrcb,
			  keeper->size, &keeper->cb);
}

/**
 * keeper_add() - Send a sealed request and enter it if it is accepted
 *
 * The entry is there before others can see the secret in the store.
 *
 * Return: 0 or -errno
 */
int keeper_add(struct keeper *keeper, int fd)
{
	struct deposit deposit;
	int ret;

	keeper_describe(keeper, &deposit);
	ledger->deposits[ledger->nr] = deposit;
	ret = keeper_send(keeper, fd);
	if (!ret && keeper->cb.uv_rc == UV_RC_EXECUTED)
		ledger_append(&deposit);
	return ret;
}

/** keeper_add_new() - All of it for a new secret: 0, -1 or -errno */
int keeper_add_new(const struct target *target, int fd, uint16_t type,
		   uint32_t size, uint64_t seed, uint16_t *rc)
{
	struct keeper *keeper = keeper_new(target, seed);
	int ret = -1;

	if (keeper && !keeper_choose(keeper, type, size) &&
	    !keeper_seal(keeper))
		ret = keeper_add(keeper, fd);
	if (!ret)
		*rc = keeper->cb.uv_rc;
	keeper_free(keeper);
	return ret;
}

/** ledger_append() - A request was accepted */
void ledger_append(const struct deposit *deposit)
{
	memcpy(ledger->tags[ledger->nr_requests++], deposit->tag,
	       sizeof(deposit->tag));
	if (!keeper_is_listed(deposit->type))
		return;
	ledger->deposits[ledger->nr] = *deposit;
	ledger->nr++;
}

/** ledger_hash() - What attestation should say of the store; 0 or -1 */
int ledger_hash(uint8_t *hash)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int ok;

	ok = ctx && EVP_DigestInit_ex(ctx, EVP_sha512(), NULL) &&
	     EVP_DigestUpdate(ctx, ledger->tags,
			      ledger->nr_requests * sizeof(ledger->tags[0])) &&
	     EVP_DigestUpdate(ctx, &ledger->locked, 1) &&
	     EVP_DigestFinal_ex(ctx, hash, NULL);
	EVP_MD_CTX_free(ctx);
	return ok ? 0 : -1;
}

/** ledger_compare() - NULL if the first @nr entries are right, else what not */
const char *ledger_compare(const struct uv_list *list, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		const struct uv_list_entry *entry = &list->entries[i];
		const struct deposit *deposit = &ledger->deposits[i];

		if (entry->index != i)
			return "wrong index";
		if (memcmp(entry->id, deposit->id, sizeof(entry->id)))
			return "wrong id";
		if (entry->type != deposit->type)
			return "wrong type";
		if (entry->size != deposit->size)
			return "wrong size";
		if (entry->reserved08)
			return "a reserved field is not zero";
	}
	return NULL;
}

/**
 * ledger_check() - Is this the list of all secrets?
 * @list: as the driver stored it
 * @size: bytes it had room for
 *
 * Return: NULL, or what is wrong
 */
const char *ledger_check(const struct uv_list *list, size_t size)
{
	const uint8_t *end = (const uint8_t *)&list->entries[ledger->nr];
	const uint8_t *limit = (const uint8_t *)list + size;

	if (list->stored != ledger->nr || list->total != ledger->nr)
		return "wrong number of entries";
	if (list->next)
		return "the list goes on";
	for (; end < limit; end++)
		if (*end)
			return "the rest of the list is not zero";
	return ledger_compare(list, ledger->nr);
}

static bool is_wrapped(const uint8_t *object, const uint8_t *key, size_t size)
{
	static const uint8_t zeros[ASRCB_SECRET_MAX];

	return memcmp(object, key, size) && memcmp(object, zeros, size) &&
	       memcmp(object + size, zeros, PATTERN_SIZE);
}

/**
 * ledger_check_object() - Is this what was retrieved?
 * @deposit: the secret
 * @object: buffer given to the driver
 * @size: bytes of it
 *
 * Return: NULL, or what is wrong
 */
const char *ledger_check_object(const struct deposit *deposit,
				const uint8_t *object, size_t size)
{
	struct asrcb_request req = { .type = deposit->type };
	uint32_t plain = deposit->plain_size;

	/* The size of a payload is in front of it. */
	if (deposit->type == ASRCB_PLAINTEXT)
		plain = (uint32_t)(object[0] << 8 | object[1]);
	if (set_value(&req, deposit->seed, plain) ||
	    req.secret_size != deposit->plain_size)
		return "wrong size";
	if (deposit->type == ASRCB_PLAINTEXT) {
		if (memcmp(object, req.secret, req.secret_size))
			return "wrong plaintext";
	} else if (!is_wrapped(object, req.secret, req.secret_size)) {
		return "the key is not wrapped";
	}
	for (size_t i = deposit->size; i < size; i++)
		if (object[i])
			return "the rest of the buffer is not zero";
	return NULL;
}
