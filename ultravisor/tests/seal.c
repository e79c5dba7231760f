// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include "seal.h"

#define COORD	66
#define PADDED	80

static void need(bool ok)
{
	if (ok)
		return;
	ERR_print_errors_fp(stderr);
	abort();
}

size_t seal_hex(const char *hex, uint8_t *out, size_t max)
{
	size_t len;

	need(OPENSSL_hexstr2buf_ex(out, max, &len, hex, '\0') == 1);
	return len;
}

static EVP_PKEY *from_params(OSSL_PARAM_BLD *bld, int selection)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
	EVP_PKEY *key = NULL;

	need(ctx && params && EVP_PKEY_fromdata_init(ctx) > 0 &&
	     EVP_PKEY_fromdata(ctx, &key, selection, params) > 0);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static OSSL_PARAM_BLD *p521(void)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();

	need(bld);
	need(OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME,
					     "P-521", 0));
	return bld;
}

EVP_PKEY *seal_scalar(const char *hex)
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_secp521r1);
	EC_POINT *point = EC_POINT_new(group);
	OSSL_PARAM_BLD *bld = p521();
	uint8_t public[1 + 2 * COORD];
	BIGNUM *scalar = NULL;
	EVP_PKEY *key;

	need(BN_hex2bn(&scalar, hex) &&
	     EC_POINT_mul(group, point, scalar, NULL, NULL, NULL) &&
	     EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED,
				public, sizeof(public), NULL) &&
	     OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PRIV_KEY, scalar) &&
	     OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY,
					      public, sizeof(public)));
	key = from_params(bld, EVP_PKEY_KEYPAIR);
	BN_clear_free(scalar);
	EC_POINT_free(point);
	EC_GROUP_free(group);
	return key;
}

EVP_PKEY *seal_public(const char *x, const char *y)
{
	uint8_t public[1 + 2 * COORD] = { 0x04 };
	OSSL_PARAM_BLD *bld = p521();

	need(seal_hex(x, public + 1, COORD) == COORD &&
	     seal_hex(y, public + 1 + COORD, COORD) == COORD &&
	     OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY,
					      public, sizeof(public)));
	return from_params(bld, EVP_PKEY_PUBLIC_KEY);
}

char *seal_pem(EVP_PKEY *key)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *data, *pem;
	long len;

	need(bio && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL,
					     NULL));
	len = BIO_get_mem_data(bio, &data);
	pem = malloc((size_t)len + 1);
	need(pem);
	memcpy(pem, data, (size_t)len);
	pem[len] = '\0';
	BIO_free(bio);
	return pem;
}

void seal_point(EVP_PKEY *key, uint8_t out[160])
{
	uint8_t public[1 + 2 * COORD];
	size_t len;

	need(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY,
					     public, sizeof(public), &len) &&
	     len == sizeof(public) && public[0] == 0x04);
	memset(out, 0, 160);
	memcpy(out + PADDED - COORD, public + 1, COORD);
	memcpy(out + 2 * PADDED - COORD, public + 1 + COORD, COORD);
}

void seal_phkh(EVP_PKEY *key, uint8_t out[32])
{
	uint8_t point[160];

	seal_point(key, point);
	need(EVP_Digest(point, sizeof(point), out, NULL, EVP_sha256(), NULL));
}

void seal_exchange(EVP_PKEY *own, EVP_PKEY *peer, uint8_t out[32])
{
	uint8_t input[COORD + 4] = { 0 };
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(own, NULL);
	size_t len = COORD;

	need(EVP_PKEY_derive_init(ctx) > 0 &&
	     EVP_PKEY_derive_set_peer(ctx, peer) > 0 &&
	     EVP_PKEY_derive(ctx, input, &len) > 0 && len == COORD);
	input[sizeof(input) - 1] = 1;
	need(EVP_Digest(input, sizeof(input), out, NULL, EVP_sha256(), NULL));
	EVP_PKEY_CTX_free(ctx);
}

void seal_gcm(const uint8_t key[32], const uint8_t iv[12], const uint8_t *aad,
	      size_t aad_len, const uint8_t *plain, size_t len, uint8_t *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n;

	need(EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, iv));
	if (aad_len)
		need(EVP_EncryptUpdate(ctx, NULL, &n, aad, (int)aad_len));
	need(EVP_EncryptUpdate(ctx, out, &n, plain, (int)len) &&
	     EVP_EncryptFinal_ex(ctx, out + n, &n) &&
	     EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, 16, out + len));
	EVP_CIPHER_CTX_free(ctx);
}

void seal_slot(EVP_PKEY *customer, EVP_PKEY *host, const uint8_t key[32],
	       uint8_t out[80])
{
	static const uint8_t iv[12];
	uint8_t exchange[32];

	seal_phkh(host, out);
	seal_exchange(customer, host, exchange);
	seal_gcm(exchange, iv, NULL, 0, key, 32, out + 32);
}

/* Fields are written one after the other, most significant byte first. */
struct cursor {
	uint8_t *at;
};

static void number(struct cursor *out, uint64_t value, int bytes)
{
	while (bytes--)
		*out->at++ = (uint8_t)(value >> 8 * bytes);
}

static void bytes(struct cursor *out, const void *data, size_t len)
{
	memcpy(out->at, data, len);
	out->at += len;
}

static void point(struct cursor *out, EVP_PKEY *key)
{
	seal_point(key, out->at);
	out->at += 160;
}

static void slots(struct cursor *out, EVP_PKEY *customer,
		  EVP_PKEY *const *hosts, size_t count, const uint8_t key[32])
{
	for (size_t i = 0; i < count; i++) {
		seal_slot(customer, hosts[i], key, out->at);
		out->at += 80;
	}
}

void seal_request_init(struct seal_request *request, EVP_PKEY *customer,
		       EVP_PKEY *host)
{
	*request = (struct seal_request){
		.version = 0x100,
		.flags = UINT64_C(0x7c00000000000000),
		.algorithm = 1,
		.customer = customer,
		.hosts = { host },
		.nks = 1,
	};
	memset(request->iv, 0x55, sizeof(request->iv));
	memset(request->key, 0x17, sizeof(request->key));
	memset(request->meas_key, 0x77, sizeof(request->meas_key));
	memset(request->nonce, 0xab, sizeof(request->nonce));
}

static size_t request_area(const struct seal_request *request,
			   uint8_t plain[80])
{
	memcpy(plain, request->meas_key, 64);
	memcpy(plain + 64, request->nonce, 16);
	return request->flags >> 62 & 1 ? 80 : 64;
}

size_t seal_request(const struct seal_request *request,
		    uint8_t out[SEAL_MAX_REQUEST])
{
	struct cursor at = { out };
	uint8_t plain[80];
	size_t sea = request_area(request, plain);
	size_t size = 0xe0 + request->nks * 80 + sea + 16;

	bytes(&at, request->magic, 8);
	number(&at, request->version, 4);
	number(&at, size, 4);
	bytes(&at, request->iv, 12);
	number(&at, 0, 8);
	number(&at, 0, 3);
	number(&at, request->nks, 1);
	number(&at, 0, 4);
	number(&at, sea, 4);
	number(&at, request->flags, 8);
	number(&at, request->algorithm, 4);
	number(&at, 0, 4);
	point(&at, request->customer);
	slots(&at, request->customer, request->hosts, request->nks,
	      request->key);
	seal_gcm(request->key, request->iv, out, (size_t)(at.at - out), plain,
		 sea, at.at);
	return size;
}

void seal_request_again(const struct seal_request *request, uint8_t *request_bytes,
			size_t len)
{
	uint8_t plain[80];
	size_t sea = request_area(request, plain);

	if (len < 0xe0 + sea + 16)
		return;
	seal_gcm(request->key, request_bytes + 0x10, request_bytes,
		 len - sea - 16, plain, sea, request_bytes + len - sea - 16);
}

void seal_header_init(struct seal_header *header, EVP_PKEY *customer,
		      EVP_PKEY *host)
{
	*header = (struct seal_header){
		.version = 0x100,
		.nep = 1,
		.customer = customer,
		.hosts = { host },
		.nks = 1,
		.psw_mask = 5678,
		.psw_addr = 1234,
	};
	memset(header->iv, 0x33, sizeof(header->iv));
	memset(header->key, 0x32, sizeof(header->key));
	memset(header->pld, 0x02, sizeof(header->pld));
	memset(header->ald, 0x01, sizeof(header->ald));
	memset(header->tld, 0x03, sizeof(header->tld));
	memset(header->cck, 0x31, sizeof(header->cck));
	memset(header->xts, 0x03, sizeof(header->xts));
}

static void header_area(const struct seal_header *header, uint8_t plain[128])
{
	struct cursor at = { plain };

	bytes(&at, header->cck, 32);
	bytes(&at, header->xts, 64);
	number(&at, header->psw_mask, 8);
	number(&at, header->psw_addr, 8);
	number(&at, header->scf, 8);
	number(&at, header->noi, 4);
	number(&at, 0, 4);
}

size_t seal_header(const struct seal_header *header, uint8_t out[8192])
{
	struct cursor at = { out };
	size_t size = 0x1a0 + header->nks * 80 + 128 + 16;
	uint8_t plain[128];

	bytes(&at, "IBMSecEx", 8);
	number(&at, header->version, 4);
	number(&at, size, 4);
	bytes(&at, header->iv, 12);
	number(&at, 0, 4);
	number(&at, header->nks, 8);
	number(&at, 128, 8);
	number(&at, header->nep, 8);
	number(&at, header->pcf, 8);
	point(&at, header->customer);
	bytes(&at, header->pld, 64);
	bytes(&at, header->ald, 64);
	bytes(&at, header->tld, 64);
	slots(&at, header->customer, header->hosts, header->nks, header->key);
	header_area(header, plain);
	seal_gcm(header->key, header->iv, out, (size_t)(at.at - out), plain,
		 128, at.at);
	return size;
}

void seal_header_again(const struct seal_header *header, uint8_t *header_bytes,
		       size_t len)
{
	uint8_t plain[128];

	if (len < 0x1a0 + sizeof(plain) + 16)
		return;
	header_area(header, plain);
	len -= sizeof(plain) + 16;
	seal_gcm(header->key, header_bytes + 0x10, header_bytes, len, plain,
		 sizeof(plain), header_bytes + len);
}
