// SPDX-License-Identifier: MIT
/* An Ultravisor for tests of libpv: answers the requests of /dev/uv. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/sha.h>

#include "fake_secrets.h"
#include "fake_uv.h"

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

/* 160 bytes of coordinates of a public key */
static void coordinates(uint8_t out[160], EVP_PKEY *key)
{
	uint8_t point[133];
	size_t len;

	if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY,
					    point, sizeof(point), &len) != 1 ||
	    len != sizeof(point) || point[0] != 4)
		abort();
	memset(out, 0, 160);
	memcpy(out + 14, point + 1, 66);
	memcpy(out + 94, point + 67, 66);
}

static void key_hash(uint8_t out[32], EVP_PKEY *key)
{
	uint8_t xy[160];

	coordinates(xy, key);
	SHA256(xy, sizeof(xy), out);
}

/* @xy: 160 bytes of coordinates */
static EVP_PKEY *customer_key(const uint8_t *xy)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY *key = NULL;
	OSSL_PARAM *params;
	uint8_t point[133];

	point[0] = 4;
	memcpy(point + 1, xy + 14, 66);
	memcpy(point + 67, xy + 94, 66);
	OSSL_PARAM_BLD_push_utf8_string(build, "group", "secp521r1", 0);
	OSSL_PARAM_BLD_push_octet_string(build, "pub", point, sizeof(point));
	params = OSSL_PARAM_BLD_to_param(build);
	EVP_PKEY_fromdata_init(ctx);
	EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static bool gcm_open(uint8_t *out, const uint8_t *key, const uint8_t *iv,
		     const uint8_t *aad, int aad_len, const uint8_t *in,
		     int len)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n;
	bool good = EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, iv) &&
		    (!aad_len ||
		     EVP_DecryptUpdate(ctx, NULL, &n, aad, aad_len)) &&
		    EVP_DecryptUpdate(ctx, out, &n, in, len) &&
		    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, 16,
					(void *)(in + len)) &&
		    EVP_DecryptFinal_ex(ctx, out, &n);

	EVP_CIPHER_CTX_free(ctx);
	return good;
}

static bool exchange_key(uint8_t out[32], EVP_PKEY *host, const uint8_t *xy)
{
	EVP_PKEY *customer = customer_key(xy);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(host, NULL);
	uint8_t z[70] = { [69] = 1 };
	size_t len = 66;
	bool good = customer && EVP_PKEY_derive_init(ctx) == 1 &&
		    EVP_PKEY_derive_set_peer(ctx, customer) == 1 &&
		    EVP_PKEY_derive(ctx, z, &len) == 1 && len == 66;

	SHA256(z, sizeof(z), out);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(customer);
	return good;
}

bool fake_open_request(const struct fake_uv *uv, uint8_t *plain,
		       const uint8_t *request, size_t slots_at, size_t area_at)
{
	uint8_t phkh[32], key[32], request_key[32];
	static const uint8_t zero_iv[12];
	const uint8_t *slots = request + slots_at;
	const uint8_t *area = request + area_at;

	key_hash(phkh, uv->host);
	if (!exchange_key(key, uv->host, slots - 160))
		return false;
	for (uint32_t i = 0; i < request[0x27]; i++) {
		const uint8_t *slot = slots + 80 * i;

		if (memcmp(slot, phkh, 32) == 0 &&
		    gcm_open(request_key, key, zero_iv, NULL, 0, slot + 32, 32))
			return gcm_open(plain, request_key, request + 0x10,
					request, (int)area_at, area,
					(int)be32(request + 0x2c));
	}
	return false;
}

/* Return: its length */
static size_t additional_data(const struct fake_uv *uv, uint8_t *out,
			      uint8_t flags)
{
	uint8_t *next = out;

	if (flags & 0x20) {
		key_hash(next, uv->host);
		next += 32;
	}
	if (flags & 0x10) {
		key_hash(next, uv->host);
		next += 32;
	}
	if (flags & 0x08) {
		memcpy(next, uv->store_hash, 64);
		next += 64;
	}
	if (flags & 0x04) {
		memcpy(next, uv->firmware, 320);
		next += 320;
	}
	return (size_t)(next - out);
}

static void measure(const struct fake_uv *uv, const struct pv_uvio_attest *arg,
		    const uint8_t plain[80], const uint8_t *additional,
		    size_t additional_len)
{
	const uint8_t *arcb = (const uint8_t *)(uintptr_t)arg->arcb_addr;
	uint8_t text[2048], *next = text;
	unsigned int len;

	memcpy(next, uv->boot_tags, 0xd0);
	memcpy(next + 0xd0, uv->config_uid, 16);
	memset(next + 0xe0, 0, 8);
	next[0xe0] = (uint8_t)(arg->user_data_len >> 8);
	next[0xe1] = (uint8_t)arg->user_data_len;
	next[0xe6] = (uint8_t)(additional_len >> 8);
	next[0xe7] = (uint8_t)additional_len;
	next += 0xe8;
	memcpy(next, arg->user_data, arg->user_data_len);
	next += arg->user_data_len;
	if (arcb[0x30] & 0x40) {
		memcpy(next, plain + 64, 16);
		next += 16;
	}
	memcpy(next, additional, additional_len);
	next += additional_len;
	HMAC(EVP_sha512(), plain, 64, text, (size_t)(next - text),
	     (uint8_t *)(uintptr_t)arg->meas_addr, &len);
}

static uint16_t attest(struct fake_uv *uv, struct pv_uvio_attest *arg)
{
	const uint8_t *arcb = (const uint8_t *)(uintptr_t)arg->arcb_addr;
	uint8_t additional[448], plain[80];
	size_t len = additional_data(uv, additional, arcb[0x30]);

	uv->calls++;
	if (uv->fail_rc)
		return uv->fail_rc;
	if (arg->user_data_len > 256)
		return 0x102;
	if (arg->arcb_len < 0xe0 || be32(arcb + 12) != arg->arcb_len)
		return 0x107;
	if (arg->meas_len < 64)
		return 0x10d;
	if (arg->add_data_len < len)
		return 0x10e;
	if (be32(arcb + 0x2c) > sizeof(plain) ||
	    !fake_open_request(uv, plain, arcb, 0xe0, 0xe0 + 80 * arcb[0x27]))
		return 0x10c;
	if (len)
		memcpy((void *)(uintptr_t)arg->add_data_addr, additional, len);
	arg->add_data_len = (uint32_t)len + uv->surplus;
	memcpy(arg->config_uid, uv->config_uid, 16);
	measure(uv, arg, plain, additional, len);
	return 1;
}

static int answer(struct pv_uvdevice *dev, unsigned long request,
		  struct pv_uvio_cb *cb)
{
	struct fake_uv *uv = dev->ctx;
	void *argument = (void *)(uintptr_t)cb->argument_addr;

	errno = uv->fail_errno;
	if (uv->fail_errno)
		return -1;
	if (request == 0xc0407500 && !uv->no_info && cb->argument_len == 16) {
		struct pv_uvio_info info = { 0x3f, 0x3e };

		memcpy(argument, &info, sizeof(info));
		cb->uv_rc = 1;
		return 0;
	}
	if (request == 0xc0407501 && cb->argument_len == 0x138) {
		cb->uv_rc = attest(uv, argument);
		return 0;
	}
	return fake_secrets_ioctl(uv, request, cb);
}

void fake_uv_init(struct fake_uv *uv, EVP_PKEY *host)
{
	memset(uv, 0, sizeof(*uv));
	uv->dev.ioctl = answer;
	uv->dev.fd = -1;
	uv->dev.ctx = uv;
	uv->host = host;
	memset(uv->boot_tags, 1, 64);
	memset(uv->boot_tags + 64, 2, 64);
	memset(uv->boot_tags + 128, 3, 64);
	memset(uv->boot_tags + 192, 4, 16);
	memset(uv->config_uid, 0x42, sizeof(uv->config_uid));
	memset(uv->store_hash, 0x51, sizeof(uv->store_hash));
	memset(uv->firmware, 0x5a, sizeof(uv->firmware));
	memset(uv->cck, 0x0b, sizeof(uv->cck));
	uv->max_secrets = 192;
}
