// SPDX-License-Identifier: MIT
/* SE headers with any content: parsing and opening. */
#include <stdlib.h>
#include <string.h>

#include <openssl/ec.h>

#include "fuzzer.h"
#include "se_header.h"

static uint8_t *header;
static size_t header_len;
static uint8_t header_key[32] = { 0x7e };

static void need(int done)
{
	if (!done)
		abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const struct pv_se_header head;
	static const struct pv_se_header_secret secret;
	EVP_PKEY *host = EVP_EC_gen("P-521");
	const struct pv_se_seal_params params = {
		.head = &head,
		.secret = &secret,
		.hosts = &host,
		.n_hosts = 1,
		.header_key = header_key,
	};

	(void)argc;
	(void)argv;
	need(host && !pv_se_header_seal(&header, &header_len, &params, NULL));
	EVP_PKEY_free(host);
	return 0;
}

/* Begin with a real header; often let the size field tell the truth. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
			       unsigned int seed)
{
	if (size < 16 && header_len <= max) {
		memcpy(data, header, header_len);
		size = header_len;
	}
	size = LLVMFuzzerMutate(data, size, max);
	if (seed & 1 && size >= 16) {
		memset(data + 12, 0, 4);
		data[14] = (uint8_t)(size >> 8);
		data[15] = (uint8_t)size;
	}
	return size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pv_se_header_secret secret;
	struct pv_error err = { 0 };
	struct pv_se_view view;

	if (pv_se_header_parse(&view, data, size, &err)) {
		need(err.code != PV_OK && *err.text);
		return 0;
	}
	need(pv_se_header_size(data, size) == size);
	need(view.slots + view.n_slots * view.slot_size == view.area &&
	     view.area + view.area_len == view.tag &&
	     view.tag + PV_GCM_TAG_SIZE == data + size);
	/* Only the header as it was made can be opened. */
	if (!pv_se_header_open(&secret, &view, header_key, &err))
		need(size == header_len && !memcmp(data, header, size));
	else
		need(err.code != PV_OK);
	return 0;
}
