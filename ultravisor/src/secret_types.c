// SPDX-License-Identifier: MIT
#include "array.h"
#include "pv/secret.h"
#include "secret_types.h"

#define NOT_KEPT	UV_SECRET_NOT_KEPT
#define KEY		UV_SECRET_KEY

/*
 * EC private keys are scalars, Edwards keys the bytes of RFC 8032, both padded in
 * front where the field is larger; an HMAC key is as long as a block of its hash
 * function.
 */
static const struct uv_secret_type types[] = {
	{ PV_SECRET_NULL, NOT_KEPT, 0, 0, 1 },
	{ PV_SECRET_ASSOCIATION, UV_SECRET_ASSOCIATION, 32, 32, 1 },
	{ PV_SECRET_PLAINTEXT, UV_SECRET_PLAINTEXT, PV_PLAINTEXT_BLOB_UNIT,
	  PV_PLAINTEXT_BLOB_MAX, PV_PLAINTEXT_BLOB_UNIT },
	{ PV_SECRET_AES_128, KEY, 16, 16, 1 },
	{ PV_SECRET_AES_192, KEY, 24, 24, 1 },
	{ PV_SECRET_AES_256, KEY, 32, 32, 1 },
	{ PV_SECRET_AES_XTS_128, KEY, 32, 32, 1 },
	{ PV_SECRET_AES_XTS_256, KEY, 64, 64, 1 },
	{ PV_SECRET_HMAC_SHA_256, KEY, 64, 64, 1 },
	{ PV_SECRET_HMAC_SHA_512, KEY, 128, 128, 1 },
	{ PV_SECRET_EC_P256, KEY, 32, 32, 1 },
	{ PV_SECRET_EC_P384, KEY, 48, 48, 1 },
	{ PV_SECRET_EC_P521, KEY, 80, 80, 1 },
	{ PV_SECRET_EC_ED25519, KEY, 32, 32, 1 },
	{ PV_SECRET_EC_ED448, KEY, 64, 64, 1 },
	{ PV_SECRET_UPDATE_CCK, NOT_KEPT, PV_CCK_SIZE, PV_CCK_SIZE, 1 },
};

const struct uv_secret_type *
uv_secret_type_find(const struct uv_profile *profile, uint16_t number)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (types[i].number == number &&
		    profile->secret_types & PV_BIT64(number))
			return &types[i];
	}
	return NULL;
}

bool uv_secret_size_fits(const struct uv_secret_type *type, size_t size)
{
	return size >= type->min && size <= type->max &&
	       size % type->unit == 0;
}

size_t uv_secret_object_size(const struct uv_secret_type *type, size_t size)
{
	return type->kind == KEY ? size + PV_PROTECTED_KEY_OVERHEAD : size;
}

bool uv_secret_retrievable(const struct uv_secret_type *type)
{
	return type->kind == UV_SECRET_PLAINTEXT || type->kind == KEY;
}

size_t uv_secret_limit(const struct uv_profile *profile,
		       enum uv_secret_kind kind)
{
	return kind == UV_SECRET_ASSOCIATION ? profile->max_assoc_secrets :
					       profile->max_retr_secrets;
}
