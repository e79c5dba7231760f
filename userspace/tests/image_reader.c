// SPDX-License-Identifier: MIT
/* Reads SE images back for the tests. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "image_reader.h"

#define PAGE	4096

uint64_t image_be(const uint8_t *at, int n)
{
	uint64_t value = 0;

	for (int i = 0; i < n; i++)
		value = value * 256 + at[i];
	return value;
}

static void put_be64(uint8_t *at, uint64_t value)
{
	for (int i = 7; i >= 0; i--, value /= 256)
		at[i] = (uint8_t)value;
}

static bool load(struct image_reader *reader, const char *path)
{
	FILE *file = fopen(path, "r");
	bool good;
	long size;

	if (!file)
		return false;
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	rewind(file);
	reader->size = (size_t)size;
	/* Some room behind, so that wrong offsets are noticed and not fatal. */
	reader->data = calloc(1, reader->size + 2 * PAGE);
	good = reader->data &&
	       fread(reader->data, 1, reader->size, file) == reader->size;
	fclose(file);
	return good;
}

static const char *read_stage3a(struct image_reader *reader, size_t size)
{
	const uint64_t args = 0x10000 + size - 24;
	const uint8_t *at = reader->data + args;

	if (reader->size < args + 24)
		return "image is too short for stage3a";
	if (image_be(reader->data, 8) != 0x0008000180011000)
		return "short PSW";
	reader->header = args + image_be(at, 8);
	reader->header_size = image_be(at + 8, 8);
	reader->ipib = args + image_be(at + 16, 8);
	if (reader->header % PAGE || reader->ipib % PAGE)
		return "header or IPIB is not at a page start";
	if (reader->header_size > 8192 ||
	    reader->header + reader->header_size > reader->size ||
	    reader->ipib + 136 > reader->size)
		return "header or IPIB lies beyond the image";
	return NULL;
}

static const char *read_ipib(struct image_reader *reader)
{
	const uint8_t *ipib = reader->data + reader->ipib;
	uint64_t last_end = reader->header + reader->header_size;
	uint64_t last_prefix = 0;

	reader->n = image_be(ipib + 0x74, 4);
	if (reader->n < 1 || reader->n > READER_MAX)
		return "number of components";
	if (image_be(ipib + 8, 4) != 128 + 24 * reader->n || ipib[12] != 5 ||
	    ipib[7] != 1)
		return "kind or length of the IPIB";
	if (image_be(ipib + 0x80, 8) != reader->header_size)
		return "header size in the IPIB";
	for (size_t i = 0; i < reader->n; i++) {
		struct image_part *part = &reader->parts[i];
		const uint8_t *at = ipib + 0x88 + 24 * i;

		part->prefix = image_be(at, 8);
		part->addr = image_be(at + 8, 8);
		part->size = image_be(at + 16, 8);
		if (i && part->prefix <= last_prefix)
			return "tweaks do not increase";
		if (part->addr % PAGE || part->size % PAGE || !part->size ||
		    part->addr < last_end ||
		    part->addr + part->size > reader->size)
			return "place of a component";
		last_prefix = part->prefix;
		last_end = part->addr + part->size;
	}
	return NULL;
}

static const char *open_header(struct image_reader *reader, const uint8_t *key)
{
	uint8_t *header = reader->data + reader->header;
	const size_t aad = reader->header_size - 128 - 16;
	EVP_CIPHER_CTX *gcm = EVP_CIPHER_CTX_new();
	bool good;
	int n;

	good = gcm && !memcmp(header, "IBMSecEx", 8) &&
	       image_be(header + 8, 4) == 0x100 &&
	       image_be(header + 12, 4) == reader->header_size &&
	       0x1a0 + 80 * image_be(header + 0x20, 8) == aad &&
	       EVP_DecryptInit(gcm, EVP_aes_256_gcm(), key, header + 0x10) &&
	       EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_SET_TAG, 16,
				   header + aad + 128) &&
	       EVP_DecryptUpdate(gcm, NULL, &n, header, (int)aad) &&
	       EVP_DecryptUpdate(gcm, reader->secret, &n, header + aad, 128) &&
	       EVP_DecryptFinal(gcm, reader->secret + 128, &n) == 1;
	EVP_CIPHER_CTX_free(gcm);
	return good ? NULL : "SE header does not open";
}

static bool decrypt_page(uint8_t *page, const uint8_t *key,
			 const uint8_t *tweak)
{
	EVP_CIPHER_CTX *xts = EVP_CIPHER_CTX_new();
	bool good;
	int n = 0;

	good = xts && EVP_DecryptInit(xts, EVP_aes_256_xts(), key, tweak) &&
	       EVP_DecryptUpdate(xts, page, &n, page, PAGE) && n == PAGE;
	EVP_CIPHER_CTX_free(xts);
	return good;
}

static bool read_part(struct image_reader *reader, struct image_part *part,
		      bool encrypted, EVP_MD_CTX *const *digests)
{
	uint8_t address[8], tweak[16];
	bool good = true;

	part->plain = malloc(part->size);
	memcpy(part->plain, reader->data + part->addr, part->size);
	put_be64(tweak, part->prefix);
	for (uint64_t at = 0; at < part->size && good; at += PAGE) {
		put_be64(address, part->addr + at);
		put_be64(tweak + 8, at);
		good = EVP_DigestUpdate(digests[0], part->plain + at, PAGE) &&
		       EVP_DigestUpdate(digests[1], address, 8) &&
		       EVP_DigestUpdate(digests[2], tweak, 16) &&
		       (!encrypted ||
			decrypt_page(part->plain + at, reader->secret + 32,
				     tweak));
	}
	return good;
}

static const char *read_parts(struct image_reader *reader)
{
	const uint8_t *header = reader->data + reader->header;
	const bool encrypted = !(image_be(header + 0x38, 8) & 0x10000000);
	EVP_MD_CTX *digests[3];
	uint8_t digest[64];
	uint64_t pages = 0;
	bool good = true;

	for (int i = 0; i < 3; i++) {
		digests[i] = EVP_MD_CTX_new();
		EVP_DigestInit(digests[i], EVP_sha512());
	}
	for (size_t i = 0; i < reader->n && good; i++) {
		good = read_part(reader, &reader->parts[i], encrypted, digests);
		pages += reader->parts[i].size / PAGE;
	}
	for (int i = 0; i < 3; i++) {
		EVP_DigestFinal(digests[i], digest, NULL);
		good = good && !memcmp(digest, header + 0xe0 + 64 * i, 64);
		EVP_MD_CTX_free(digests[i]);
	}
	if (pages != image_be(header + 0x30, 8))
		return "number of pages";
	return good ? NULL : "digests";
}

const char *image_read(struct image_reader *reader, const char *path,
		       size_t stage3a_size, const uint8_t *header_key)
{
	const char *wrong;

	memset(reader, 0, sizeof(*reader));
	if (!load(reader, path))
		return "image cannot be read";
	wrong = read_stage3a(reader, stage3a_size);
	if (!wrong)
		wrong = read_ipib(reader);
	if (!wrong)
		wrong = open_header(reader, header_key);
	return wrong ? wrong : read_parts(reader);
}

void image_reader_free(struct image_reader *reader)
{
	free(reader->data);
	for (size_t i = 0; i < READER_MAX; i++)
		free(reader->parts[i].plain);
	memset(reader, 0, sizeof(*reader));
}
