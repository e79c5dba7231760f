// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "seal_image.h"

static void need(bool ok)
{
	if (ok)
		return;
	ERR_print_errors_fp(stderr);
	abort();
}

static void put(uint8_t *at, uint64_t value, int bytes)
{
	while (bytes--)
		*at++ = (uint8_t)(value >> 8 * bytes);
}

void seal_xts(const uint8_t key[64], uint64_t prefix, uint64_t offset,
	      const uint8_t *in, uint8_t *out, bool encrypt)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t tweak[16];
	int len;

	put(tweak, prefix, 8);
	put(tweak + 8, offset, 8);
	need(EVP_CipherInit_ex(ctx, EVP_aes_256_xts(), NULL, key, tweak,
			       encrypt) &&
	     EVP_CipherUpdate(ctx, out, &len, in, SEAL_PAGE) &&
	     len == SEAL_PAGE);
	EVP_CIPHER_CTX_free(ctx);
}

/* The three digests on their way from the first page to the last. */
struct digests {
	EVP_MD_CTX *pld;
	EVP_MD_CTX *ald;
	EVP_MD_CTX *tld;
};

static void begin(EVP_MD_CTX **ctx)
{
	*ctx = EVP_MD_CTX_new();
	need(*ctx && EVP_DigestInit(*ctx, EVP_sha512()));
}

static void add(EVP_MD_CTX *ctx, const uint8_t *data, size_t len)
{
	need(EVP_DigestUpdate(ctx, data, len));
}

static void end(EVP_MD_CTX *ctx, uint8_t value[64])
{
	need(EVP_DigestFinal(ctx, value, NULL));
	EVP_MD_CTX_free(ctx);
}

static void seal_page(struct seal_image *image, struct digests *digests,
		      const struct seal_component *component, size_t offset,
		      uint8_t *memory)
{
	size_t left = component->len - offset;
	uint8_t page[SEAL_PAGE] = { 0 }, number[16];

	memcpy(page, component->data + offset,
	       left < SEAL_PAGE ? left : SEAL_PAGE);
	if (!(image->header.pcf >> (63 - 35) & 1))
		seal_xts(image->header.xts, component->prefix, offset, page,
			 page, true);
	memcpy(memory + component->addr + offset, page, SEAL_PAGE);
	add(digests->pld, page, SEAL_PAGE);
	put(number, component->addr + offset, 8);
	add(digests->ald, number, 8);
	put(number, component->prefix, 8);
	put(number + 8, offset, 8);
	add(digests->tld, number, 16);
	image->header.nep++;
}

void seal_image(struct seal_image *image, uint8_t *memory)
{
	struct digests digests;
	uint8_t header[8192];

	begin(&digests.pld);
	begin(&digests.ald);
	begin(&digests.tld);
	image->header.nep = 0;
	for (size_t i = 0; i < image->count; i++) {
		const struct seal_component *component = &image->components[i];

		for (size_t at = 0; at < component->len; at += SEAL_PAGE)
			seal_page(image, &digests, component, at, memory);
	}
	end(digests.pld, image->header.pld);
	end(digests.ald, image->header.ald);
	end(digests.tld, image->header.tld);
	image->header_len = seal_header(&image->header, header);
	memcpy(memory + image->header_addr, header, image->header_len);
}

void seal_ipib(const struct seal_image *image, uint8_t block[4096])
{
	uint8_t *at = block + 0x88;

	memset(block, 0, 4096);
	put(block, 136 + 24 * image->count, 4);
	block[7] = 1;
	put(block + 8, 128 + 24 * image->count, 4);
	block[0x0c] = 5;
	block[0x6f] = 1;
	put(block + 0x74, image->count, 4);
	put(block + 0x78, image->header_addr, 8);
	put(block + 0x80, image->header_len, 8);
	for (size_t i = 0; i < image->count; i++, at += 24) {
		size_t len = image->components[i].len;

		put(at, image->components[i].prefix, 8);
		put(at + 8, image->components[i].addr, 8);
		put(at + 16, (len + SEAL_PAGE - 1) / SEAL_PAGE * SEAL_PAGE, 8);
	}
}
