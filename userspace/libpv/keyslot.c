// SPDX-License-Identifier: MIT
/* Key slots, version 1: how a 32-byte key is handed to one host. */
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/objects.h>

#include "gcm.h"
#include "keyslot.h"

EVP_PKEY *pv_customer_key_generate(struct pv_error *err)
{
	EVP_PKEY *key = EVP_EC_gen("P-521");

	if (!key)
		pv_fail_openssl(err, PV_ERR_CRYPTO,
				"Cannot generate a P-521 key pair");
	return key;
}

static int is_p521(const EVP_PKEY *key)
{
	char group[64];

	return EVP_PKEY_is_a(key, "EC") &&
	       EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) == 1 &&
	       OBJ_txt2nid(group) == NID_secp521r1;
}

static int get_coordinate(uint8_t *out, const EVP_PKEY *key, const char *name)
{
	BIGNUM *number = NULL;
	int ret = -1;

	if (EVP_PKEY_get_bn_param(key, name, &number) == 1 &&
	    BN_bn2binpad(number, out, PV_EC_COORD_SIZE) == PV_EC_COORD_SIZE)
		ret = 0;
	BN_free(number);
	return ret;
}

int pv_point_from_key(struct pv_ec_point *point, const EVP_PKEY *key,
		      struct pv_error *err)
{
	if (!is_p521(key))
		return pv_fail(err, PV_ERR_HOSTKEY,
			       "The key is not an EC key on curve P-521 (secp521r1)");
	if (get_coordinate(point->x, key, OSSL_PKEY_PARAM_EC_PUB_X) < 0 ||
	    get_coordinate(point->y, key, OSSL_PKEY_PARAM_EC_PUB_Y) < 0)
		return pv_fail_openssl(err, PV_ERR_CRYPTO,
				       "Cannot read the coordinates of an EC key");
	return 0;
}

int pv_point_hash(uint8_t *phkh, const struct pv_ec_point *point,
		  struct pv_error *err)
{
	if (EVP_Digest(point, sizeof(*point), phkh, NULL, EVP_sha256(),
		       NULL) != 1)
		return pv_fail_openssl(err, PV_ERR_CRYPTO,
				       "Cannot hash a host key");
	return 0;
}

/* X coordinate of the shared point, all 66 bytes of it. */
static int shared_secret(uint8_t *z, EVP_PKEY *own, EVP_PKEY *peer,
			 struct pv_error *err)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(own, NULL);
	size_t len = PV_P521_BYTES;
	int ret = 0;

	if (!ctx || EVP_PKEY_derive_init(ctx) != 1 ||
	    EVP_PKEY_derive_set_peer(ctx, peer) != 1 ||
	    EVP_PKEY_derive(ctx, z, &len) != 1 || len != PV_P521_BYTES)
		ret = pv_fail_openssl(err, PV_ERR_HOSTKEY,
				      "No key agreement is possible with this host key");
	EVP_PKEY_CTX_free(ctx);
	return ret;
}

int pv_exchange_key(uint8_t *exchange_key, EVP_PKEY *own, EVP_PKEY *peer,
		    struct pv_error *err)
{
	/* One block of the ANSI X9.63 KDF: the counter follows the secret. */
	uint8_t block[PV_P521_BYTES + 4] = { [PV_P521_BYTES + 3] = 1 };
	int ret = -1;

	if (!is_p521(own) || !is_p521(peer))
		return pv_fail(err, PV_ERR_HOSTKEY,
			       "Key slots need EC keys on curve P-521 (secp521r1)");
	if (shared_secret(block, own, peer, err) < 0)
		goto out;
	if (EVP_Digest(block, sizeof(block), exchange_key, NULL, EVP_sha256(),
		       NULL) != 1) {
		pv_fail_openssl(err, PV_ERR_CRYPTO,
				"Cannot derive an exchange key");
		goto out;
	}
	ret = 0;
out:
	OPENSSL_cleanse(block, sizeof(block));
	return ret;
}

int pv_keyslot_seal(struct pv_keyslot *slot, EVP_PKEY *customer,
		    EVP_PKEY *host, const uint8_t *request_key,
		    struct pv_error *err)
{
	static const uint8_t zero_iv[PV_GCM_IV_SIZE];
	uint8_t exchange_key[PV_EXCHANGE_KEY_SIZE];
	struct pv_ec_point point;
	int ret = -1;

	if (pv_point_from_key(&point, host, err) < 0 ||
	    pv_point_hash(slot->phkh, &point, err) < 0 ||
	    pv_exchange_key(exchange_key, customer, host, err) < 0)
		goto out;
	ret = pv_gcm_seal(exchange_key, zero_iv, NULL, 0, request_key,
			  PV_REQUEST_KEY_SIZE, slot->wrapped_key, slot->tag,
			  err);
out:
	OPENSSL_cleanse(exchange_key, sizeof(exchange_key));
	return ret;
}
