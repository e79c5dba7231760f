// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "seal_secret.h"

#define FIXED		0x4b8
#define SLOT		80
#define TAG		16
#define EXTENSION	32

static void need(bool ok)
{
	if (!ok)
		abort();
}

static void number(uint8_t *at, uint64_t value, int bytes)
{
	while (bytes--)
		*at++ = (uint8_t)(value >> 8 * bytes);
}

void seal_secret_init(struct seal_secret *secret, EVP_PKEY *customer,
		      EVP_PKEY *host)
{
	*secret = (struct seal_secret){
		.magic = "asrcbM",
		.version = 0x100,
		.customer = customer,
		.hosts = { host },
		.nks = 1,
		.type = 1,
	};
	memset(secret->iv, 0x55, sizeof(secret->iv));
	memset(secret->key, 0x17, sizeof(secret->key));
	memset(secret->tags, 0x01, 64);
	memset(secret->tags + 64, 0x02, 64);
	memset(secret->tags + 128, 0x03, 64);
	memset(secret->tags + 192, 0x04, 16);
}

static void set_id(struct seal_secret *secret, const char *name)
{
	memset(secret->id, 0, sizeof(secret->id));
	if (name)
		need(EVP_Digest(name, strlen(name), secret->id, NULL,
				EVP_sha256(), NULL));
}

void seal_secret_fill(struct seal_secret *secret, uint16_t type,
		      const char *name, uint8_t byte, size_t size)
{
	need(size <= sizeof(secret->secret));
	secret->type = type;
	secret->size = size;
	memset(secret->secret, byte, size);
	set_id(secret, name);
}

void seal_secret_text(struct seal_secret *secret, const char *name,
		      const void *payload, size_t size)
{
	seal_secret_fill(secret, 3, name, 0, (size + 2 + 15) / 16 * 16);
	number(secret->secret, size, 2);
	memcpy(secret->secret + 2, payload, size);
}

static size_t header_size(const struct seal_secret *secret)
{
	if (secret->header_size)
		return secret->header_size;
	return secret->type == 1 ? 0x10 : 0x30;
}

static void put_header(const struct seal_secret *secret, size_t size,
		       uint8_t *out)
{
	memcpy(out, secret->magic, 8);
	number(out + 0x08, secret->version, 4);
	number(out + 0x0c, size + secret->total_off, 4);
	memcpy(out + 0x10, secret->iv, 12);
	number(out + 0x27, secret->nks + secret->slots_off, 1);
	number(out + 0x2c, secret->size + EXTENSION, 4);
	number(out + 0x30, secret->flags, 8);
	memcpy(out + 0x38, secret->tags, 208);
	memcpy(out + 0x108, secret->uid, 16);
	memcpy(out + 0x218, secret->user_data, 512);
	seal_point(secret->customer, out + 0x418);
}

size_t seal_secret(const struct seal_secret *secret,
		   uint8_t out[SEAL_MAX_ASRCB])
{
	size_t slots_end = FIXED + secret->nks * SLOT;
	size_t aad = slots_end + header_size(secret);
	size_t size = aad + secret->size + EXTENSION + TAG;
	uint8_t *header = out + slots_end;

	need(size <= SEAL_MAX_ASRCB);
	memset(out, 0, size);
	put_header(secret, size, out);
	for (size_t i = 0; i < secret->nks; i++)
		seal_slot(secret->customer, secret->hosts[i], secret->key,
			  out + FIXED + i * SLOT);
	number(header + 2, secret->type, 2);
	number(header + 4, secret->size + secret->size_off, 4);
	if (aad - slots_end == 0x30)
		memcpy(header + 0x10, secret->id, 32);
	seal_secret_again(secret, out, size);
	return size;
}

void seal_secret_again(const struct seal_secret *secret, uint8_t *bytes,
		       size_t len)
{
	uint8_t plain[SEAL_MAX_SECRET + EXTENSION];
	size_t sea = secret->size + EXTENSION;

	if (len < FIXED + sea + TAG)
		return;
	memcpy(plain, secret->secret, secret->size);
	memcpy(plain + secret->size, secret->extension, EXTENSION);
	seal_gcm(secret->key, bytes + 0x10, bytes, len - sea - TAG, plain, sea,
		 bytes + len - sea - TAG);
}

/* RFC 5869 in its own words: extract, then the first block of expand. */
void seal_extension(const uint8_t cck[32], const uint8_t header_tag[16],
		    uint8_t out[32])
{
	uint8_t info[28] = "IBM Z Ultravisor Add-Secret";
	uint8_t extracted[64], block[64];

	info[27] = 1;
	need(HMAC(EVP_sha512(), header_tag, 16, cck, 32, extracted, NULL) &&
	     HMAC(EVP_sha512(), extracted, 64, info, 28, block, NULL));
	memcpy(out, block, 32);
}
