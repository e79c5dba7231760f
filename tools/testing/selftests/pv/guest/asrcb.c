// SPDX-License-Identifier: GPL-2.0
/*
 * Add-secret request control block, version 1.
 */
#include <assert.h>
#include <endian.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/kdf.h>
#include <openssl/sha.h>

#include "asrcb.h"

struct asrcb_head {
	struct request_head head;
	uint64_t flags;				/* 0x30 */
	uint8_t boot_tags[ASRCB_BOOT_TAGS_SIZE];
	uint8_t config_uid[ASRCB_UID_SIZE];	/* 0x108 */
	uint8_t reserved118[0x100];
	uint8_t user_data[ASRCB_USER_DATA_SIZE];	/* 0x218 */
	uint8_t customer[REQUEST_POINT_SIZE];
};

static_assert(sizeof(struct asrcb_head) == ASRCB_SLOT_AT,
	      "layout of the ASRCB");

struct secret_head {
	uint8_t reserved00[2];
	uint16_t type;
	uint32_t size;
	uint8_t reserved08[8];
	uint8_t id[ASRCB_ID_SIZE];
};

static_assert(sizeof(struct secret_head) == 0x30, "layout of the secret");

/* A null secret has no id. */
static size_t secret_head_size(const struct asrcb_request *req)
{
	return req->type == ASRCB_NULL ? offsetof(struct secret_head, id) :
					 sizeof(struct secret_head);
}

static size_t slots_size(const struct asrcb_request *req)
{
	return (req->nr_decoys + req->nr_hosts) * (size_t)REQUEST_SLOT_SIZE;
}

static size_t aad_size(const struct asrcb_request *req)
{
	return sizeof(struct asrcb_head) + slots_size(req) +
	       secret_head_size(req);
}

static size_t enc_size(const struct asrcb_request *req)
{
	return req->secret_size + sizeof(req->extension);
}

/** asrcb_size() - Size of the whole request in bytes */
size_t asrcb_size(const struct asrcb_request *req)
{
	return aad_size(req) + enc_size(req) + REQUEST_TAG_SIZE;
}

static int put_head(const struct asrcb_request *req, struct asrcb_head *asrcb)
{
	memset(asrcb, 0, sizeof(*asrcb));
	memcpy(asrcb->head.magic, "asrcbM", 6);
	asrcb->head.magic[6] = (uint8_t)(req->kind >> 8);
	asrcb->head.magic[7] = (uint8_t)req->kind;
	asrcb->head.version = htobe32(REQUEST_VERSION);
	asrcb->head.size = htobe32((uint32_t)asrcb_size(req));
	memcpy(asrcb->head.iv, req->iv, sizeof(asrcb->head.iv));
	asrcb->head.nr_slots = (uint8_t)(req->nr_decoys + req->nr_hosts);
	asrcb->head.enc_size = htobe32((uint32_t)enc_size(req));
	asrcb->flags = htobe64(req->flags);
	memcpy(asrcb->boot_tags, req->boot_tags, sizeof(asrcb->boot_tags));
	memcpy(asrcb->config_uid, req->config_uid, sizeof(asrcb->config_uid));
	memcpy(asrcb->user_data, req->user_data, sizeof(asrcb->user_data));
	return request_put_point(req->customer, asrcb->customer);
}

static int put_slots(const struct asrcb_request *req, uint8_t *out)
{
	struct request_slots slots = {
		.customer = req->customer,
		.key = req->key,
		.hosts = req->hosts,
		.nr_hosts = req->nr_hosts,
		.nr_decoys = req->nr_decoys,
	};

	if (!req->slots)
		return request_put_slots(&slots, out);
	memcpy(out, req->slots, slots_size(req));
	return 0;
}

static void put_secret_head(const struct asrcb_request *req, uint8_t *out)
{
	struct secret_head head = {
		.type = htobe16(req->type),
		.size = htobe32(req->secret_size),
	};

	memcpy(head.id, req->id, sizeof(head.id));
	memcpy(out, &head, secret_head_size(req));
}

/**
 * asrcb_seal() - Seal a request
 * @req: what it is made of
 * @out: asrcb_size() bytes
 *
 * Return: 0, or -1 if the library refuses
 */
int asrcb_seal(const struct asrcb_request *req, uint8_t *out)
{
	uint8_t area[ASRCB_SECRET_MAX + ASRCB_EXTENSION_SIZE];
	size_t aad_len = aad_size(req);
	int ret;

	if (put_head(req, (struct asrcb_head *)out) ||
	    put_slots(req, out + sizeof(struct asrcb_head)))
		return -1;
	put_secret_head(req, out + aad_len - secret_head_size(req));
	memcpy(area, req->secret, req->secret_size);
	memcpy(area + req->secret_size, req->extension, sizeof(req->extension));
	ret = request_seal(req->key, req->iv, out, aad_len, area,
			   enc_size(req));
	OPENSSL_cleanse(area, sizeof(area));
	return ret;
}

/** asrcb_set_plaintext() - Length, payload, zeros up to 16 bytes; 0 or -1 */
int asrcb_set_plaintext(struct asrcb_request *req, const void *payload,
			size_t len)
{
	if (len > ASRCB_PLAINTEXT_MAX)
		return -1;
	memset(req->secret, 0, sizeof(req->secret));
	req->secret[0] = (uint8_t)(len >> 8);
	req->secret[1] = (uint8_t)len;
	memcpy(req->secret + 2, payload, len);
	req->secret_size = (uint32_t)((len + 2 + 15) / 16 * 16);
	return 0;
}

/** asrcb_set_name() - The id is a hash of the name; 0 or -1 */
int asrcb_set_name(struct asrcb_request *req, const char *name)
{
	return SHA256((const uint8_t *)name, strlen(name), req->id) ? 0 : -1;
}

/**
 * asrcb_derive_extension() - Extension secret of the holder of a CCK
 * @req: boot_tags are set, extension is set here
 * @cck: ASRCB_CCK_SIZE bytes
 *
 * Return: 0, or -1 if the library refuses
 */
int asrcb_derive_extension(struct asrcb_request *req, const uint8_t *cck)
{
	uint8_t *salt = req->boot_tags + ASRCB_BOOT_TAGS_SIZE - 16;
	char digest[] = "SHA512", info[] = "IBM Z Ultravisor Add-Secret";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY,
						  (void *)cck, ASRCB_CCK_SIZE),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt, 16),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info,
						  sizeof(info) - 1),
		OSSL_PARAM_construct_end(),
	};
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
	int ok;

	ok = ctx && EVP_KDF_derive(ctx, req->extension, sizeof(req->extension),
				   params) > 0;
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return ok ? 0 : -1;
}
