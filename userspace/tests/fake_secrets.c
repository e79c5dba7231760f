// SPDX-License-Identifier: MIT
/*
 * Secrets of the Ultravisor for tests.
 *
 * The store is what its requests make of it.  So a file keeps a store by the
 * requests that were added: one byte, is it locked, then they as they came.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/hmac.h>

#include "fake_secrets.h"

#define FIXED		0x4b8
#define LIMIT		0x100000
#define PAGE		4096
#define PAGE_ENTRIES	85

struct secret {
	uint16_t type;
	uint32_t size;
	uint8_t id[32];
	uint8_t value[8192];
};

struct fake_store {
	bool locked;
	bool has_extension;
	uint8_t extension[32];
	size_t n;
	struct secret *secrets;
	size_t log_size;
	uint8_t *log;
};

/* What a request turned out to be. */
struct opened {
	uint64_t type_at, area_at;
	uint32_t size, encrypted;
	uint16_t type;
	uint8_t *plain;
};

static uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

static void put16(uint8_t *p, size_t value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

/* Bytes of a secret by type; 1: a multiple of 16, 0xff: no such type. */
static uint8_t size_of_type(uint16_t type)
{
	static const uint8_t low[] = {
		0xff, 0, 32, 1, 16, 24, 32, 32, 64, 64, 128
	};
	static const uint8_t high[] = { 32, 48, 80, 32, 64, 32 };

	if (type < sizeof(low))
		return low[type];
	return type >= 0x11 && type <= 0x16 ? high[type - 0x11] : 0xff;
}

static bool is_key(uint16_t type)
{
	return type >= 4 && type <= 0x15;
}

/* Steps that need no key.  Return: response code, 0 to go on */
static uint16_t check_layout(const uint8_t *request, size_t length,
			     struct opened *out)
{
	uint64_t rest, slots = request[0x27];

	out->encrypted = get32(request + 0x2c);
	rest = out->encrypted + FIXED + 80 * slots + 16;
	if (get32(request + 8) != 0x100)
		return 0x104;
	if (slots == 0)
		return 0x106;
	if (get32(request + 12) != length || out->encrypted < 32 ||
	    (rest + 0x10 != length && rest + 0x30 != length))
		return 0x105;
	if (request[0x30] & 0x7f || memcmp(request + 0x31, "\0\0\0\0\0\0", 7))
		return 0x107;
	out->type_at = FIXED + 80 * slots;
	out->area_at = length - 16 - out->encrypted;
	out->type = get16(request + out->type_at + 2);
	out->size = get32(request + out->type_at + 4);
	return 0;
}

static uint16_t check_type(const struct opened *in)
{
	bool short_header = in->area_at - in->type_at == 0x10;
	bool null = in->type == 1;
	uint8_t size = size_of_type(in->type);

	if (size == 0xff || short_header != null)
		return 0x109;
	if (size == 1 ? in->size < 16 || in->size > 8192 || in->size % 16 :
	    in->size != size)
		return 0x10a;
	return in->encrypted == in->size + 32 ? 0 : 0x10a;
}

/* HKDF by hand: extract, then the first block of expand. */
static void derive(uint8_t out[32], const uint8_t cck[32],
		   const uint8_t salt[16])
{
	static const char info[] = "IBM Z Ultravisor Add-Secret\1";
	uint8_t prk[64], block[64];
	unsigned int length;

	HMAC(EVP_sha512(), salt, 16, cck, 32, prk, &length);
	HMAC(EVP_sha512(), prk, 64, (const uint8_t *)info, sizeof(info) - 1,
	     block, &length);
	memcpy(out, block, 32);
}

static uint16_t check_guest(const struct fake_uv *uv, const uint8_t *request,
			    const struct opened *in)
{
	static const uint8_t any[16];
	const uint8_t *extension = in->plain + in->size;
	const struct fake_store *store = uv->store;
	uint8_t want[32];

	if (memcmp(request + 0x38, uv->boot_tags, 0xd0) != 0 ||
	    (memcmp(request + 0x108, any, 16) != 0 &&
	     memcmp(request + 0x108, uv->config_uid, 16) != 0))
		return 0x10c;
	derive(want, uv->cck, uv->boot_tags + 0xc0);
	if (uv->cck_enforced && memcmp(extension, want, 32) != 0)
		return 0x10c;
	if (!uv->cck_enforced && store->has_extension &&
	    memcmp(extension, store->extension, 32) != 0)
		return 0x10c;
	return in->type == 0x16 && !uv->cck_update ? 0x10c : 0;
}

/* A key comes back wrapped: here, inverted and with a fixed pattern behind. */
static void store_value(struct secret *secret, const struct opened *in)
{
	memcpy(secret->value, in->plain, in->size);
	secret->size = in->size;
	if (!is_key(in->type))
		return;
	for (uint32_t i = 0; i < in->size; i++)
		secret->value[i] ^= 0xff;
	memset(secret->value + in->size, 0x77, 32);
	secret->size += 32;
}

static void *grow(void *memory, size_t size)
{
	memory = realloc(memory, size);
	if (!memory)
		abort();
	return memory;
}

static void commit(struct fake_uv *uv, const uint8_t *request, size_t length,
		   const struct opened *in)
{
	struct fake_store *store = uv->store;
	struct secret *secret;

	memcpy(store->extension, in->plain + in->size, 32);
	store->has_extension = true;
	store->log = grow(store->log, store->log_size + length);
	memcpy(store->log + store->log_size, request, length);
	store->log_size += length;
	if (in->type == 0x16)
		memcpy(uv->cck, in->plain, 32);
	if (in->type == 1 || in->type == 0x16)
		return;
	store->secrets = grow(store->secrets,
			      (store->n + 1) * sizeof(*store->secrets));
	secret = &store->secrets[store->n++];
	memset(secret, 0, sizeof(*secret));
	secret->type = in->type;
	memcpy(secret->id, request + in->type_at + 16, 32);
	store_value(secret, in);
}

static uint16_t add(struct fake_uv *uv, const uint8_t *request, size_t length)
{
	struct opened opened = { 0 };
	uint16_t rc;

	if (uv->store->locked)
		return 0x102;
	if (length < FIXED + 80 + 16 + 32 + 16)
		return 0x105;
	rc = check_layout(request, length, &opened);
	if (rc)
		return rc;
	opened.plain = grow(NULL, opened.encrypted);
	rc = 0x108;
	if (fake_open_request(uv, opened.plain, request, FIXED, opened.area_at))
		rc = check_type(&opened);
	if (!rc)
		rc = check_guest(uv, request, &opened);
	if (!rc && opened.type != 1 && opened.type != 0x16 &&
	    uv->store->n >= uv->max_secrets)
		rc = 0x10b;
	if (!rc) {
		commit(uv, request, length, &opened);
		rc = 1;
	}
	free(opened.plain);
	return rc;
}

static uint16_t list_page(const struct fake_uv *uv, uint8_t *page,
			  size_t start)
{
	const struct fake_store *store = uv->store;
	size_t n = store->n > start ? store->n - start : 0;
	bool more = n > PAGE_ENTRIES;

	n = more ? PAGE_ENTRIES : n;
	memset(page, 0, PAGE);
	put16(page, n);
	put16(page + 2, store->n);
	put16(page + 4, more ? start + n : 0);
	for (size_t i = 0; i < n; i++) {
		const struct secret *secret = &store->secrets[start + i];
		uint8_t *entry = page + 16 + 48 * i;

		put16(entry, start + i);
		put16(entry + 2, secret->type);
		put16(entry + 6, secret->size);
		memcpy(entry + 16, secret->id, 32);
	}
	return more ? 0x100 : 1;
}

/* As the driver does it: pages behind each other, the header of the last. */
static uint16_t list(struct fake_uv *uv, uint8_t *out, size_t length)
{
	size_t used = 16, next = 0;
	uint8_t page[PAGE];
	uint16_t rc;

	memset(out, 0, length);
	do {
		rc = uv->fail_rc ? uv->fail_rc : list_page(uv, page, next);
		if (rc != 1 && rc != 0x100)
			return rc;
		uv->calls++;
		next = get16(page + 4);
		memcpy(out + used, page + 16, 48 * get16(page));
		used += 48 * get16(page);
	} while (rc == 0x100 && used + PAGE <= length);
	memcpy(out, page, 16);
	put16(out, (used - 16) / 48);
	return rc;
}

static uint16_t retrieve(const struct fake_uv *uv, uint8_t *out, size_t length)
{
	const struct fake_store *store = uv->store;
	const struct secret *secret;
	uint16_t index;

	memcpy(&index, out, sizeof(index));
	memset(out, 0, length);
	if (store->n == 0)
		return 0x10f;
	if (index >= store->n)
		return 0x110;
	secret = &store->secrets[index];
	if (secret->type == 2)
		return 0x111;
	if (length < secret->size)
		return 0x109;
	memcpy(out, secret->value, secret->size);
	return 1;
}

static uint16_t lock(struct fake_uv *uv)
{
	if (uv->store->locked)
		return 0x102;
	uv->store->locked = true;
	return 1;
}

static void load(struct fake_uv *uv)
{
	FILE *file = uv->store_path ? fopen(uv->store_path, "rb") : NULL;
	uint8_t *request = grow(NULL, LIMIT);
	int locked = file ? fgetc(file) : EOF;

	uv->store = calloc(1, sizeof(*uv->store));
	if (!uv->store)
		abort();
	while (locked != EOF && fread(request, 1, 16, file) == 16) {
		size_t length = get32(request + 12);

		if (length < 16 || length > LIMIT ||
		    fread(request + 16, 1, length - 16, file) != length - 16 ||
		    add(uv, request, length) != 1)
			abort();
	}
	uv->store->locked = locked == 1;
	if (file)
		fclose(file);
	free(request);
}

static void save(const struct fake_uv *uv)
{
	const struct fake_store *store = uv->store;
	FILE *file;

	if (!uv->store_path)
		return;
	file = fopen(uv->store_path, "wb");
	if (!file || fputc(store->locked, file) == EOF ||
	    fwrite(store->log, 1, store->log_size, file) != store->log_size ||
	    fclose(file))
		abort();
}

/* What the driver refuses on its own.  Return: -errno, 0 if nothing */
static int check_ioctl(const struct fake_uv *uv, unsigned long request,
		       const struct pv_uvio_cb *cb)
{
	uint32_t length = cb->argument_len;
	bool bad;

	if (uv->no_secrets || request < PV_UVIO_ADD_SECRET ||
	    request > PV_UVIO_RETR_SECRET ||
	    (request == PV_UVIO_RETR_SECRET && uv->no_retrieve))
		return -ENOTTY;
	if (request == PV_UVIO_ADD_SECRET)
		bad = length == 0 || length > LIMIT;
	else if (request == PV_UVIO_LIST_SECRETS)
		bad = length == 0 || length % PAGE ||
		      (uv->one_page && length != PAGE);
	else if (request == PV_UVIO_LOCK_SECRETS)
		bad = cb->argument_addr || length;
	else
		bad = length < 2 || length > 0x2000;
	return bad ? -EINVAL : 0;
}

int fake_secrets_ioctl(struct fake_uv *uv, unsigned long request,
		       struct pv_uvio_cb *cb)
{
	uint8_t *argument = (void *)(uintptr_t)cb->argument_addr;

	errno = -check_ioctl(uv, request, cb);
	if (errno)
		return -1;
	if (!uv->store)
		load(uv);
	if (request == PV_UVIO_LIST_SECRETS) {
		cb->uv_rc = list(uv, argument, cb->argument_len);
		return 0;
	}
	uv->calls++;
	if (uv->fail_rc)
		cb->uv_rc = uv->fail_rc;
	else if (request == PV_UVIO_ADD_SECRET)
		cb->uv_rc = add(uv, argument, cb->argument_len);
	else if (request == PV_UVIO_LOCK_SECRETS)
		cb->uv_rc = lock(uv);
	else
		cb->uv_rc = retrieve(uv, argument, cb->argument_len);
	if (cb->uv_rc == 1 && request != PV_UVIO_RETR_SECRET)
		save(uv);
	return 0;
}

void fake_uv_free(struct fake_uv *uv)
{
	if (!uv->store)
		return;
	free(uv->store->secrets);
	free(uv->store->log);
	free(uv->store);
	uv->store = NULL;
}
