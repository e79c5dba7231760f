// SPDX-License-Identifier: MIT
/* Additional data of a response: fields in ascending order of their flags. */
#include <string.h>

#include <openssl/evp.h>

#include "measurement.h"

static const struct {
	uint64_t flag;
	size_t size;
	const char *name;
} fields[PV_ADDITIONAL_UNRECOGNIZED] = {
	[PV_ADDITIONAL_IMAGE_PHKH] = {
		PV_ATTEST_FLAG_IMAGE_PHKH, PV_PHKH_SIZE,
		"the hash of the image's host key" },
	[PV_ADDITIONAL_ATTEST_PHKH] = {
		PV_ATTEST_FLAG_ATTEST_PHKH, PV_PHKH_SIZE,
		"the hash of the request's host key" },
	[PV_ADDITIONAL_SECRET_STORE] = {
		PV_ATTEST_FLAG_SECRET_STORE, PV_SECRET_STORE_HASH_SIZE,
		"the hash of the secret store" },
	[PV_ADDITIONAL_FIRMWARE_STATE] = {
		PV_ATTEST_FLAG_FIRMWARE_STATE, PV_FIRMWARE_STATE_SIZE,
		"the firmware state" },
};

size_t pv_additional_size(uint64_t flags)
{
	size_t size = 0;

	for (int i = 0; i < PV_ADDITIONAL_UNRECOGNIZED; i++)
		if (flags & fields[i].flag)
			size += fields[i].size;
	return size;
}

int pv_additional_parse(struct pv_additional *out, uint64_t flags,
			const uint8_t *data, size_t size, struct pv_error *err)
{
	memset(out, 0, sizeof(*out));
	for (int i = 0; i < PV_ADDITIONAL_UNRECOGNIZED; i++) {
		if (!(flags & fields[i].flag))
			continue;
		if (size < fields[i].size)
			return pv_fail(err, PV_ERR_FORMAT,
				       "The request asks for %s, but the response holds none",
				       fields[i].name);
		out->field[i].data = data;
		out->field[i].size = fields[i].size;
		data += fields[i].size;
		size -= fields[i].size;
	}
	if (size > 0) {
		out->field[PV_ADDITIONAL_UNRECOGNIZED].data = data;
		out->field[PV_ADDITIONAL_UNRECOGNIZED].size = size;
	}
	return 0;
}

int pv_secret_store_hash(uint8_t *out, const uint8_t *tags, size_t n,
			 bool locked, struct pv_error *err)
{
	const uint8_t lock = locked ? 1 : 0;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int ret = 0;

	if (!ctx || EVP_DigestInit_ex(ctx, EVP_sha512(), NULL) != 1 ||
	    (n > 0 && EVP_DigestUpdate(ctx, tags, n * PV_GCM_TAG_SIZE) != 1) ||
	    EVP_DigestUpdate(ctx, &lock, 1) != 1 ||
	    EVP_DigestFinal_ex(ctx, out, NULL) != 1)
		ret = pv_fail_openssl(err, PV_ERR_CRYPTO,
				      "Cannot hash the secret store");
	EVP_MD_CTX_free(ctx);
	return ret;
}
