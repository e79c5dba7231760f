// SPDX-License-Identifier: GPL-2.0
/*
 * Sealing of images.
 *
 * PV_TEST_HOST_KEY	certificate or public key of the machine, PEM
 *			(default: /etc/pv-test/host.crt)
 */
#include <assert.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include "../guest/request.h"
#include "image.h"

#define HEADER_VERSION		0x100
#define XTS_KEY_SIZE		64
/* 64-bit addressing, every interruption disabled, no translation */
#define PSW_MASK		0x180000000ULL
#define TWEAK_INDEX_SHIFT	48

struct header_head {
	char magic[8];
	uint32_t version;
	uint32_t size;
	uint8_t iv[12];
	uint8_t reserved1c[4];
	uint64_t nr_slots;			/* 0x20 */
	uint64_t area_size;
	uint64_t nr_pages;
	uint64_t flags;
	uint8_t customer[REQUEST_POINT_SIZE];	/* 0x40 */
	uint8_t digests[3][SHA512_DIGEST_LENGTH];
};

static_assert(sizeof(struct header_head) == 0x1a0, "layout of the head");

struct header_area {
	uint8_t cck[32];
	uint8_t xts_key[XTS_KEY_SIZE];
	uint64_t psw_mask;			/* 0x60 */
	uint64_t psw_addr;
	uint64_t flags;
	uint32_t nr_items;
	uint32_t reserved7c;
};

static_assert(sizeof(struct header_area) == 0x80, "layout of the area");
static_assert(sizeof(struct header_head) + REQUEST_SLOT_SIZE +
	      sizeof(struct header_area) + REQUEST_TAG_SIZE ==
	      IMAGE_HEADER_SIZE, "size of the header");

/* In the order of the header */
enum digest { PAGES, ADDRESSES, TWEAKS, NR_DIGESTS };

struct sealing {
	uint8_t xts_key[XTS_KEY_SIZE];
	EVP_MD_CTX *digests[NR_DIGESTS];
	uint64_t nr_pages;
};

/**
 * image_add() - Append pages; those of a rest are filled up with zeros
 *
 * Return: 0, or -1 if there is no room
 */
int image_add(struct image *image, uint64_t addr, const void *data,
	      size_t size)
{
	struct image_part *part = &image->parts[image->nr_parts];
	uint64_t index = image->nr_parts + 1;

	if (image->nr_parts == IMAGE_MAX_PARTS)
		return -1;
	part->addr = addr;
	part->tweak = index << TWEAK_INDEX_SHIFT;
	part->size = (size + IMAGE_PAGE_SIZE - 1) & -IMAGE_PAGE_SIZE;
	part->data = calloc(1, part->size);
	if (!part->data)
		return -1;
	memcpy(part->data, data, size);
	image->nr_parts++;
	return 0;
}

/** image_free() - Release the pages */
void image_free(struct image *image)
{
	for (unsigned int i = 0; i < image->nr_parts; i++)
		free(image->parts[i].data);
	image->nr_parts = 0;
}

static int encrypt_page(const uint8_t *key, const uint64_t *tweak,
			uint8_t *page)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n, ok;

	ok = ctx && EVP_EncryptInit_ex(ctx, EVP_aes_256_xts(), NULL, key,
				       (const uint8_t *)tweak) &&
	     EVP_EncryptUpdate(ctx, page, &n, page, IMAGE_PAGE_SIZE) &&
	     n == IMAGE_PAGE_SIZE;
	EVP_CIPHER_CTX_free(ctx);
	return ok ? 0 : -1;
}

static int seal_page(struct sealing *s, const struct image_part *part,
		     size_t offset)
{
	uint64_t tweak[2] = { htobe64(part->tweak), htobe64(offset) };
	uint64_t addr = htobe64(part->addr + offset);
	uint8_t *page = part->data + offset;
	int ok;

	if (encrypt_page(s->xts_key, tweak, page))
		return -1;
	ok = EVP_DigestUpdate(s->digests[PAGES], page, IMAGE_PAGE_SIZE) &&
	     EVP_DigestUpdate(s->digests[ADDRESSES], &addr, sizeof(addr)) &&
	     EVP_DigestUpdate(s->digests[TWEAKS], tweak, sizeof(tweak));
	s->nr_pages++;
	return ok ? 0 : -1;
}

static int seal_parts(struct sealing *s, const struct image *image)
{
	const struct image_part *part;

	for (part = image->parts; part < image->parts + image->nr_parts; part++)
		for (size_t at = 0; at < part->size; at += IMAGE_PAGE_SIZE)
			if (seal_page(s, part, at))
				return -1;
	return 0;
}

static int digests_start(struct sealing *s)
{
	for (int i = 0; i < NR_DIGESTS; i++) {
		s->digests[i] = EVP_MD_CTX_new();
		if (!s->digests[i] ||
		    !EVP_DigestInit_ex(s->digests[i], EVP_sha512(), NULL))
			return -1;
	}
	return 0;
}

static int digests_end(struct sealing *s, struct header_head *head)
{
	for (int i = 0; i < NR_DIGESTS; i++)
		if (!EVP_DigestFinal_ex(s->digests[i], head->digests[i], NULL))
			return -1;
	return 0;
}

static void sealing_free(struct sealing *s)
{
	for (int i = 0; i < NR_DIGESTS; i++)
		EVP_MD_CTX_free(s->digests[i]);
	OPENSSL_cleanse(s->xts_key, sizeof(s->xts_key));
}

static void fill_head(struct header_head *head, const struct sealing *s)
{
	memcpy(head->magic, "IBMSecEx", sizeof(head->magic));
	head->version = htobe32(HEADER_VERSION);
	head->size = htobe32(IMAGE_HEADER_SIZE);
	head->nr_slots = htobe64(1);
	head->area_size = htobe64(sizeof(struct header_area));
	head->nr_pages = htobe64(s->nr_pages);
}

/* The header once its digests are known */
static int seal_header(struct image *image, const struct sealing *s,
		       EVP_PKEY *host, EVP_PKEY *customer, uint64_t start)
{
	struct header_head *head = (struct header_head *)image->header;
	struct header_area area = {
		.psw_mask = htobe64(PSW_MASK),
		.psw_addr = htobe64(start),
	};
	uint8_t key[32];
	struct request_slots slots = {
		.customer = customer,
		.key = key,
		.hosts = &host,
		.nr_hosts = 1,
	};
	int ret;

	fill_head(head, s);
	head->flags = htobe64(image->flags);
	memcpy(area.xts_key, s->xts_key, sizeof(area.xts_key));
	ret = RAND_bytes(key, sizeof(key)) == 1 &&
	      RAND_bytes(head->iv, sizeof(head->iv)) == 1 &&
	      RAND_bytes(image->cck, sizeof(image->cck)) == 1 ? 0 : -1;
	memcpy(area.cck, image->cck, sizeof(area.cck));
	if (!ret)
		ret = request_put_point(customer, head->customer);
	if (!ret)
		ret = request_put_slots(&slots, (uint8_t *)(head + 1));
	if (!ret)
		ret = request_seal(key, head->iv, image->header,
				   sizeof(*head) + REQUEST_SLOT_SIZE,
				   (uint8_t *)&area, sizeof(area));
	OPENSSL_cleanse(key, sizeof(key));
	OPENSSL_cleanse(&area, sizeof(area));
	return ret;
}

/**
 * image_seal() - Encrypt the pages and write the header
 * @image: with all its parts
 * @host: public key of the machine that is to start it
 * @start: address of the first instruction
 *
 * Return: 0, or -1 if the library refuses
 */
int image_seal(struct image *image, EVP_PKEY *host, uint64_t start)
{
	struct header_head *head = (struct header_head *)image->header;
	EVP_PKEY *customer = EVP_EC_gen("P-521");
	struct sealing s = {};
	int ret = -1;

	memset(image->header, 0, sizeof(image->header));
	if (customer && RAND_bytes(s.xts_key, sizeof(s.xts_key)) == 1 &&
	    !digests_start(&s) && !seal_parts(&s, image) &&
	    !digests_end(&s, head))
		ret = seal_header(image, &s, host, customer, start);
	EVP_PKEY_free(customer);
	sealing_free(&s);
	return ret;
}

/**
 * image_host_key() - Public key of the machine
 * @reason: out, the file that has none
 *
 * Return: the key, which the caller frees, or NULL
 */
EVP_PKEY *image_host_key(const char **reason)
{
	const char *path = getenv("PV_TEST_HOST_KEY");
	EVP_PKEY *key = NULL;
	X509 *cert;
	FILE *f;

	*reason = path = path && *path ? path : "/etc/pv-test/host.crt";
	f = fopen(path, "r");
	if (!f)
		return NULL;
	cert = PEM_read_X509(f, NULL, NULL, NULL);
	if (cert) {
		key = X509_get_pubkey(cert);
		X509_free(cert);
	} else {
		rewind(f);
		key = PEM_read_PUBKEY(f, NULL, NULL, NULL);
	}
	fclose(f);
	return key;
}
