// SPDX-License-Identifier: GPL-2.0
/*
 * P-521 keys out of plain numbers.
 */
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>

#include "arcb.h"

#define FIELD_SIZE	66
#define POINT_SIZE	(1 + 2 * FIELD_SIZE)

/* @priv may be NULL: a public key. */
static EVP_PKEY *make_key(const uint8_t *point, const BIGNUM *priv)
{
	int selection = priv ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	EVP_PKEY *key = NULL;

	if (bld &&
	    OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME,
					    SN_secp521r1, 0) &&
	    OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY,
					     point, POINT_SIZE) &&
	    (!priv || OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PRIV_KEY,
					     priv)))
		params = OSSL_PARAM_BLD_to_param(bld);
	if (params && ctx && EVP_PKEY_fromdata_init(ctx) > 0 &&
	    EVP_PKEY_fromdata(ctx, &key, selection, params) <= 0)
		key = NULL;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static int put_public_point(const BIGNUM *priv, uint8_t *out)
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_secp521r1);
	EC_POINT *point = group ? EC_POINT_new(group) : NULL;
	int ok;

	ok = point && EC_POINT_mul(group, point, priv, NULL, NULL, NULL) &&
	     EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED,
				out, POINT_SIZE, NULL) == POINT_SIZE;
	EC_POINT_free(point);
	EC_GROUP_free(group);
	return ok ? 0 : -1;
}

/**
 * arcb_private_key() - Key pair of a private number
 * @scalar: big-endian, above 0 and below the order of the curve
 * @len: its size in bytes
 *
 * Return: the key, which the caller frees, or NULL
 */
EVP_PKEY *arcb_private_key(const uint8_t *scalar, size_t len)
{
	BIGNUM *priv = BN_bin2bn(scalar, (int)len, NULL);
	uint8_t point[POINT_SIZE];
	EVP_PKEY *key = NULL;

	if (priv && !put_public_point(priv, point))
		key = make_key(point, priv);
	BN_clear_free(priv);
	return key;
}

/**
 * arcb_public_key() - Public key of two coordinates
 * @x: big-endian
 * @y: big-endian
 * @len: size of each in bytes, 66 at most
 *
 * Return: the key, which the caller frees, or NULL
 */
EVP_PKEY *arcb_public_key(const uint8_t *x, const uint8_t *y, size_t len)
{
	uint8_t point[POINT_SIZE] = { POINT_CONVERSION_UNCOMPRESSED };

	if (len > FIELD_SIZE)
		return NULL;
	memcpy(point + 1 + FIELD_SIZE - len, x, len);
	memcpy(point + 1 + 2 * FIELD_SIZE - len, y, len);
	return make_key(point, NULL);
}
