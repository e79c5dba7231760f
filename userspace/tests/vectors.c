// SPDX-License-Identifier: MIT
/* Inputs that the known answers share. */
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/param_build.h>

#include "vectors.h"

#define CUSTOMER_X \
	"00c75d34f91652db457b0b209c46a491a44ee2b16e23c2d8daf116678a62f24ce332c5995f08456b66b16dd55a92c507f1e31af78c64a82e7a541b15135015f20286"
#define CUSTOMER_Y \
	"01408058a7f1a5c35097533a02a93879e7de67ba280bce8365ec94b2b908f589c3a998d8be1e6307d74ae01adc46825ff6bb6fa05c1147cfe2ccf4a24f3d833dda70"
#define HOST_X \
	"0176881cd84b8b6de7123c7e900edf78e7f7b684999146b1263ba8b86c8447f08ab6d469c2b128ed9e1c35015805acd3d30233d39122f7e2f8aa1c2b147b7883b406"
#define HOST_Y \
	"00c34556c25cf92f29ce66bd44114d6b7b3c78e13a3f90bdb90040f6876e5262f778a61a937d1b34802eb257e34e0672dd5f2a347addaa282035092a70c35c2e7973"
#define SYNTHETIC_X \
	"001600cbd39bf4a8803e20877febc22fcff6cf65a9dfa15ee1e38fc6a3f6eaaeff190d30a0cbb0272dd697d33d444f5d7b6758bd843f55317ef4424241200ed4a0f4"
#define SYNTHETIC_Y \
	"00d7b0d0a7ec2e5d292b9ce172661c58dc4a8b1bf094822c57bd5a157dad5e443d087cd05e709268b8734aae387e40fa84d3e147a29e17d818286fe7da5c6bc4cedf"
#define SYNTHETIC_77_X \
	"010fc4eb9e1545f23c0c53d552bdc62b5823d0fe02a315613c5a044ee02ca76e88727e5e8bcd882a4a90a3fdfc9f710ee186ffeab88529f4f8150130a4f8c0c8491a"
#define SYNTHETIC_77_Y \
	"01eb416f8cc89120dbb1cf867318328d9863e9282465224603b42a92616a96c4c5e7fcac22422d8d56d5f83698f65adac15a7dcf0863c5ce9b8fbc51e88cee6045c9"

/* Vectors are constants: if one cannot be made, no test means anything. */
static void need(int ok)
{
	if (!ok)
		abort();
}

/* @scalar: NULL for a public key; @x, @y: 66 bytes in hex */
static EVP_PKEY *make_key(const BIGNUM *scalar, const char *x, const char *y)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *key = NULL;
	OSSL_PARAM *params;
	uint8_t point[133];

	need(build && ctx);
	point[0] = 4;
	need(OPENSSL_hexstr2buf_ex(point + 1, 66, NULL, x, '\0') &&
	     OPENSSL_hexstr2buf_ex(point + 67, 66, NULL, y, '\0'));
	need(OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME,
					     "P-521", 0) &&
	     OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY,
					      point, sizeof(point)));
	if (scalar)
		need(OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY,
					    scalar));
	params = OSSL_PARAM_BLD_to_param(build);
	need(params && EVP_PKEY_fromdata_init(ctx) == 1 &&
	     EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params) == 1);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static EVP_PKEY *make_pair(uint8_t first, uint8_t fill, const char *x,
			   const char *y)
{
	uint8_t bytes[65];
	EVP_PKEY *key;
	BIGNUM *scalar;

	memset(bytes, fill, sizeof(bytes));
	bytes[0] = first;
	scalar = BN_bin2bn(bytes, sizeof(bytes), NULL);
	need(!!scalar);
	key = make_key(scalar, x, y);
	BN_free(scalar);
	return key;
}

EVP_PKEY *vector_customer_key(void)
{
	return make_pair(1, 0x88, CUSTOMER_X, CUSTOMER_Y);
}

EVP_PKEY *vector_host_key(void)
{
	return make_key(NULL, HOST_X, HOST_Y);
}

EVP_PKEY *vector_synthetic_key(void)
{
	return make_pair(0, 0x21, SYNTHETIC_X, SYNTHETIC_Y);
}

EVP_PKEY *vector_synthetic_key_77(void)
{
	return make_pair(1, 0x77, SYNTHETIC_77_X, SYNTHETIC_77_Y);
}

void vector_boot_tags(struct pv_boot_tags *tags)
{
	memset(tags->pld, 1, sizeof(tags->pld));
	memset(tags->ald, 2, sizeof(tags->ald));
	memset(tags->tld, 3, sizeof(tags->tld));
	memset(tags->tag, 4, sizeof(tags->tag));
}

void vector_asrcb_spec(struct pv_asrcb_spec *spec, EVP_PKEY **host)
{
	memset(spec, 0, sizeof(*spec));
	spec->hosts = host;
	spec->n_hosts = 1;
	spec->customer = vector_customer_key();
	spec->type = PV_SECRET_NULL;
	vector_boot_tags(&spec->boot_tags);
	memset(spec->key, 0x17, sizeof(spec->key));
	memset(spec->iv, 0x55, sizeof(spec->iv));
}
