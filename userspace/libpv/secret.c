// SPDX-License-Identifier: MIT
/* Secrets: types, ids, and values on their way into and out of a guest. */
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>

#include "array.h"
#include "bytes.h"
#include "secret.h"

#define WRAPPED(size)	((size) + PV_PROTECTED_KEY_OVERHEAD)

static const struct pv_secret_kind kinds[] = {
	{ PV_SECRET_NULL, "NULL", 0, 0, false },
	{ PV_SECRET_ASSOCIATION, "Association", 32, 0, false },
	{ PV_SECRET_PLAINTEXT, "PLAINTEXT", 0, 0, true },
	{ PV_SECRET_AES_128, "AES-128-KEY", 16, WRAPPED(16), true },
	{ PV_SECRET_AES_192, "AES-192-KEY", 24, WRAPPED(24), true },
	{ PV_SECRET_AES_256, "AES-256-KEY", 32, WRAPPED(32), true },
	{ PV_SECRET_AES_XTS_128, "AES-XTS-128-KEY", 32, WRAPPED(32), true },
	{ PV_SECRET_AES_XTS_256, "AES-XTS-256-KEY", 64, WRAPPED(64), true },
	{ PV_SECRET_HMAC_SHA_256, "HMAC-SHA-256-KEY", 64, WRAPPED(64), true },
	{ PV_SECRET_HMAC_SHA_512, "HMAC-SHA-512-KEY", 128, WRAPPED(128), true },
	{ PV_SECRET_EC_P256, "EC-SECP256R1-PRIVATE-KEY", 32, WRAPPED(32),
	  true },
	{ PV_SECRET_EC_P384, "EC-SECP384R1-PRIVATE-KEY", 48, WRAPPED(48),
	  true },
	{ PV_SECRET_EC_P521, "EC-SECP521R1-PRIVATE-KEY", 80, WRAPPED(80),
	  true },
	{ PV_SECRET_EC_ED25519, "EC-ED25519-PRIVATE-KEY", 32, WRAPPED(32),
	  true },
	{ PV_SECRET_EC_ED448, "EC-ED448-PRIVATE-KEY", 64, WRAPPED(64), true },
	{ PV_SECRET_UPDATE_CCK, "UPDATE-CCK", PV_CCK_SIZE, 0, false },
};

const struct pv_secret_kind *pv_secret_kind(unsigned int type)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].type == type)
			return &kinds[i];
	return NULL;
}

bool pv_secret_size_fits(const struct pv_secret_kind *kind, size_t size)
{
	if (kind->type == PV_SECRET_PLAINTEXT)
		return size > 0 && size <= PV_PLAINTEXT_BLOB_MAX &&
		       size % PV_PLAINTEXT_BLOB_UNIT == 0;
	return size == kind->size;
}

int pv_secret_id_from_name(uint8_t *id, const char *name, struct pv_error *err)
{
	if (EVP_Digest(name, strlen(name), id, NULL, EVP_sha256(), NULL) != 1)
		return pv_fail_openssl(err, PV_ERR_CRYPTO,
				       "Cannot hash the name of the secret");
	return 0;
}

void pv_secret_id_use_name(uint8_t *id, const char *name)
{
	size_t length = strnlen(name, PV_SECRET_ID_SIZE - 1);

	memset(id, 0, PV_SECRET_ID_SIZE);
	memcpy(id, name, length);
}

/* Not isprint(): what is text must not depend on the locale. */
static bool is_printable(uint8_t c)
{
	return c >= 0x20 && c < 0x7f;
}

bool pv_secret_id_text(char *text, const uint8_t *id)
{
	size_t length = strnlen((const char *)id, PV_SECRET_ID_SIZE);

	if (length == 0 || length == PV_SECRET_ID_SIZE)
		return false;
	for (size_t i = 0; i < length; i++)
		if (!is_printable(id[i]))
			return false;
	for (size_t i = length; i < PV_SECRET_ID_SIZE; i++)
		if (id[i] != 0)
			return false;
	memcpy(text, id, PV_SECRET_ID_SIZE);
	return true;
}

int pv_secret_from_plaintext(struct pv_buffer *out, const void *payload,
			     size_t size, struct pv_error *err)
{
	pv_be16 length;
	size_t used = sizeof(length) + size;

	out->data = NULL;
	out->size = 0;
	if (size > PV_PLAINTEXT_MAX)
		return pv_fail(err, PV_ERR_LIMIT,
			       "A plaintext secret has at most %d bytes, not %zu",
			       PV_PLAINTEXT_MAX, size);
	used += PV_PLAINTEXT_BLOB_UNIT - 1;
	if (pv_buffer_alloc(out, used - used % PV_PLAINTEXT_BLOB_UNIT,
			    err) < 0)
		return -1;
	length = pv_put_be16((uint16_t)size);
	memcpy(out->data, &length, sizeof(length));
	if (size > 0)
		memcpy(out->data + sizeof(length), payload, size);
	return 0;
}

static bool all_zero(const uint8_t *data, size_t size)
{
	while (size > 0)
		if (data[--size] != 0)
			return false;
	return true;
}

const uint8_t *pv_secret_to_plaintext(const uint8_t *object, size_t object_size,
				      size_t *size)
{
	size_t length, padding;
	pv_be16 stored;

	*size = object_size;
	if (object_size < sizeof(stored))
		return object;
	memcpy(&stored, object, sizeof(stored));
	length = pv_get_be16(stored);
	if (length > PV_PLAINTEXT_MAX || length > object_size - sizeof(stored))
		return object;
	padding = object_size - sizeof(stored) - length;
	if (padding >= PV_PLAINTEXT_BLOB_UNIT ||
	    !all_zero(object + sizeof(stored) + length, padding))
		return object;
	*size = length;
	return object + sizeof(stored);
}

/* Which type a key is for, and how many bytes its private part has. */
static const struct key_kind {
	const char *algorithm;
	const char *group;	/* NULL for keys that are raw bytes */
	enum pv_secret_type type;
	size_t raw;
} key_kinds[] = {
	{ "EC", SN_X9_62_prime256v1, PV_SECRET_EC_P256, 32 },
	{ "EC", SN_secp384r1, PV_SECRET_EC_P384, 48 },
	{ "EC", SN_secp521r1, PV_SECRET_EC_P521, 80 },
	{ "ED25519", NULL, PV_SECRET_EC_ED25519, 32 },
	{ "ED448", NULL, PV_SECRET_EC_ED448, 57 },
};

static const struct key_kind *find_key_kind(const EVP_PKEY *key)
{
	char group[64] = "";

	/* Keys that are no EC keys have no group. */
	EVP_PKEY_get_group_name(key, group, sizeof(group), NULL);
	for (size_t i = 0; i < ARRAY_SIZE(key_kinds); i++) {
		const struct key_kind *kind = &key_kinds[i];

		if (EVP_PKEY_is_a(key, kind->algorithm) &&
		    (!kind->group || strcmp(kind->group, group) == 0))
			return kind;
	}
	return NULL;
}

/* The private part as @raw bytes. */
static int get_private(uint8_t *out, const struct key_kind *kind,
		       const EVP_PKEY *key)
{
	size_t length = kind->raw;
	BIGNUM *scalar = NULL;
	int ret;

	if (!kind->group)
		return EVP_PKEY_get_raw_private_key(key, out, &length) == 1 &&
		       length == kind->raw ? 0 : -1;
	ret = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY,
				    &scalar) == 1 &&
	      BN_bn2binpad(scalar, out, (int)kind->raw) == (int)kind->raw ?
	      0 : -1;
	BN_clear_free(scalar);
	return ret;
}

int pv_secret_from_key(struct pv_buffer *out, enum pv_secret_type *type,
		       const EVP_PKEY *key, struct pv_error *err)
{
	const struct key_kind *kind = find_key_kind(key);
	size_t size;

	out->data = NULL;
	out->size = 0;
	if (!kind)
		return pv_fail(err, PV_ERR_UNSUPPORTED,
			       "The Ultravisor takes private keys of P-256, P-384, P-521, Ed25519 and Ed448 only");
	size = pv_secret_kind(kind->type)->size;
	if (pv_buffer_alloc(out, size, err) < 0)
		return -1;
	if (get_private(out->data + size - kind->raw, kind, key) < 0) {
		pv_buffer_free(out);
		return pv_fail_openssl(err, PV_ERR_CRYPTO,
				       "Cannot read the private part of the key (is it a public key?)");
	}
	*type = kind->type;
	return 0;
}
