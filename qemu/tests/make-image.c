// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Make a TEST image for role boot: an IPL parameter block, an SE header and two
 * components, as image.h lays them out.
 *
 *	make-image HOST.crt PROGRAM IMAGE [plain]
 *
 * PROGRAM is flat, to run at IMAGE_PROGRAM; "plain" leaves the components
 * unencrypted.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pv/se_image.h>

#include "bytes.h"
#include "file.h"
#include "hostkey.h"
#include "image.h"
#include "se_digests.h"
#include "se_header.h"
#include "se_xts.h"

#define COMPONENTS	2

/* Neither secret nor random: the same run makes the same image. */
static const struct pv_se_header_secret keys = {
	.cck = "customer communication key, TEST",
	.xts_key = "key of the data for a TEST image key of the tweaks, TEST as well",
	.psw_mask = { { 0, 0, 0, 1, 0x80, 0, 0, 0 } },
	.psw_addr = { { 0, 0, 0, 0, 0, IMAGE_PROGRAM >> 16, 0, 0 } },
};

static const uint8_t header_key[32] = "header key of a TEST image, 32 B";

struct image {
	uint8_t *bytes;		/* IMAGE_END - IMAGE_START of them */
	bool plain;
	struct pv_ipib_component components[COMPONENTS];
	struct pv_se_header head;
};

static uint8_t *at(struct image *image, uint64_t addr)
{
	return image->bytes + (addr - IMAGE_START);
}

static void place(struct image *image, unsigned int index, uint64_t addr,
		  size_t size)
{
	image->components[index] = (struct pv_ipib_component){
		.tweak_prefix = pv_put_be64((uint64_t)(index + 1) <<
					    PV_SE_TWEAK_INDEX_SHIFT | 0x7e57),
		.addr = pv_put_be64(addr),
		.size = pv_put_be64((size + PV_PAGE_SIZE - 1) &
				    ~(PV_PAGE_SIZE - 1)),
	};
}

static int load_program(struct image *image, const char *path,
			struct pv_error *err)
{
	struct pv_buffer program;

	if (pv_file_read(&program, path, IMAGE_TEXT - IMAGE_PROGRAM, err))
		return -1;
	memcpy(at(image, IMAGE_PROGRAM), program.data, program.size);
	place(image, 0, IMAGE_PROGRAM, program.size);
	pv_buffer_free(&program);
	return 0;
}

static void write_text(struct image *image)
{
	memcpy(at(image, IMAGE_TEXT), IMAGE_MARKER, sizeof(IMAGE_MARKER));
	place(image, 1, IMAGE_TEXT, PV_PAGE_SIZE);
}

static int secure_component(struct image *image, unsigned int index,
			    EVP_CIPHER_CTX *xts, struct pv_se_digests *digests,
			    struct pv_error *err)
{
	const struct pv_ipib_component *c = &image->components[index];
	const struct pv_se_place first = {
		.addr = pv_get_be64(c->addr),
		.tweak_prefix = pv_get_be64(c->tweak_prefix),
	};
	size_t pages = pv_get_be64(c->size) / PV_PAGE_SIZE;
	uint8_t *data = at(image, first.addr);

	if (!image->plain && pv_se_xts_encrypt(xts, data, pages, &first, err))
		return -1;
	return pv_se_digests_pages(digests, data, pages, &first, err);
}

static int secure(struct image *image, struct pv_error *err)
{
	struct pv_se_digests *digests = pv_se_digests_new(err);
	EVP_CIPHER_CTX *xts = pv_se_xts_new(keys.xts_key, err);
	int ret = digests && xts ? 0 : -1;

	for (unsigned int i = 0; !ret && i < COMPONENTS; i++)
		ret = secure_component(image, i, xts, digests, err);
	if (!ret)
		ret = pv_se_digests_final(digests, &image->head, err);
	EVP_CIPHER_CTX_free(xts);
	pv_se_digests_free(digests);
	return ret;
}

static int seal(struct image *image, const char *document, size_t *len,
		struct pv_error *err)
{
	struct pv_se_seal_params params = {
		.n_hosts = 1,
		.head = &image->head,
		.secret = &keys,
		.header_key = header_key,
	};
	struct pv_hostkey *host;
	uint8_t *header;
	EVP_PKEY *key;

	if (pv_hostkey_load(&host, document, err))
		return -1;
	key = pv_hostkey_public(host);
	params.hosts = &key;
	image->head.pcf = pv_put_be64(image->plain ?
				      PV_PCF_NO_COMPONENT_ENCRYPTION : 0);
	if (!pv_se_header_seal(&header, len, &params, err))
		memcpy(at(image, IMAGE_HEADER), header, *len);
	free(header);
	pv_hostkey_free(host);
	return err->code ? -1 : 0;
}

static void write_ipib(struct image *image, size_t header_len)
{
	const struct pv_ipib ipib = {
		.len = pv_put_be32(sizeof(ipib) + sizeof(image->components)),
		.header_version = 1,
		.block_len = pv_put_be32(sizeof(ipib) - PV_IPIB_BLOCK_START +
					 sizeof(image->components)),
		.type = PV_IPIB_TYPE,
		.version = 1,
		.num_components = pv_put_be32(COMPONENTS),
		.se_header_addr = pv_put_be64(IMAGE_HEADER),
		.se_header_len = pv_put_be64(header_len),
	};

	memcpy(at(image, IMAGE_IPIB), &ipib, sizeof(ipib));
	memcpy(at(image, IMAGE_IPIB) + sizeof(ipib), image->components,
	       sizeof(image->components));
}

static int make(struct image *image, char **argv, struct pv_error *err)
{
	const struct pv_file_spec file = {
		argv[3], image->bytes, IMAGE_END - IMAGE_START,
		PV_OUTPUT_FORCE
	};
	size_t header_len;

	if (load_program(image, argv[2], err))
		return -1;
	write_text(image);
	if (secure(image, err) || seal(image, argv[1], &header_len, err))
		return -1;
	write_ipib(image, header_len);
	return pv_files_write(&file, 1, err);
}

int main(int argc, char **argv)
{
	struct image image = {
		.plain = argc == 5 && !strcmp(argv[4], "plain"),
		.bytes = calloc(1, IMAGE_END - IMAGE_START),
	};
	struct pv_error err = { 0 };
	int ret;

	if (argc != 4 && !image.plain) {
		fprintf(stderr,
			"usage: make-image HOST.crt PROGRAM IMAGE [plain]\n");
		return 2;
	}
	if (!image.bytes) {
		fprintf(stderr, "make-image: no memory\n");
		return 1;
	}
	ret = make(&image, argv, &err);
	if (ret)
		fprintf(stderr, "make-image: %s\n", err.text);
	free(image.bytes);
	return ret ? 1 : 0;
}
