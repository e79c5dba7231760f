// SPDX-License-Identifier: MIT
/* Add-secret requests: read within bounds, never verified without a signature. */
#include <stdlib.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "asrcb.h"
#include "fuzzer.h"

/* For the kinds of user data that are signed; made once. */
static EVP_PKEY *keys[PV_USER_DATA_KINDS];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	keys[PV_USER_DATA_EC_P521] = EVP_EC_gen("P-521");
	keys[PV_USER_DATA_RSA_2048] = EVP_RSA_gen(2048);
	keys[PV_USER_DATA_RSA_3072] = EVP_RSA_gen(3072);
	return 0;
}

/* What is reported must lie within the request. */
static void check_bounds(const struct pv_asrcb_info *info, const uint8_t *data,
			 size_t size)
{
	const uint8_t *end = (const uint8_t *)(info->slots + info->n_slots);
	size_t header = info->type == PV_SECRET_NULL ? 0x10 : 0x30;

	if (end + header + info->size + 48 != data + size ||
	    info->data_size > PV_ASRCB_USER_DATA_SIZE ||
	    (info->id && info->id != end + 0x10))
		abort();
}

static void try_request(const uint8_t *data, size_t size)
{
	struct pv_error err = { 0 };
	struct pv_asrcb_info info;
	EVP_PKEY *key;

	if (pv_asrcb_parse(&info, data, size, &err) < 0) {
		if (err.code == PV_OK || !err.text[0])
			abort();
		return;
	}
	check_bounds(&info, data, size);
	key = keys[info.kind];
	if ((pv_asrcb_verify(&info, data, size, NULL, &err) == 0) == !!key)
		abort();
	err.code = PV_OK;
	if (key && pv_asrcb_verify(&info, data, size, key, &err) == 0)
		abort();
}

/*
 * As it is, and as a request of the shape that its first bytes ask for: slots,
 * kind of user data and type; the rest is the input's.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t sizes[] = {
		0, 0, 32, 48, 16, 24, 32, 32, 64, 64, 128
	};
	size_t slots, type, value, sea, total, used;
	uint8_t *request;

	try_request(data, size);
	if (size < 4)
		return 0;
	slots = 1 + data[0] % 4;
	type = 1 + data[1] % (sizeof(sizes) - 1);
	value = sizes[type];
	sea = value + 32;
	used = 0x4b8 + 80 * slots;
	total = used + (type == 1 ? 0x10 : 0x30) + sea + 16;
	request = calloc(1, total);
	if (!request)
		return 0;
	for (size_t i = 0; i < total; i++)
		request[i] = data[i % size];
	memcpy(request, "asrcbM\0", 7);
	request[7] = data[2] % 6;
	memcpy(request + 8, "\0\0\1\0\0\0", 6);
	request[14] = (uint8_t)(total >> 8);
	request[15] = (uint8_t)total;
	request[0x27] = (uint8_t)(slots + !data[3]);
	memcpy(request + 0x2c, "\0\0\0", 3);
	request[0x2f] = (uint8_t)sea;
	request[used + 2] = 0;
	request[used + 3] = (uint8_t)type;
	memset(request + used + 4, 0, 3);
	request[used + 7] = (uint8_t)value;
	try_request(request, total);
	free(request);
	return 0;
}
