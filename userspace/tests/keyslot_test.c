// SPDX-License-Identifier: MIT
/* AES-GCM, coordinates, exchange keys and key slots against known answers. */
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "array.h"
#include "gcm.h"
#include "keyslot.h"
#include "tap.h"
#include "vectors.h"

static void unhex(uint8_t *out, size_t size, const char *hex)
{
	size_t len = 0;

	if (OPENSSL_hexstr2buf_ex(out, size, &len, hex, '\0') != 1 ||
	    len != size)
		tap_ok(false, "test data is well-formed hex: %s", hex);
}

static void test_gcm(void)
{
	uint8_t key[32], iv[12], aad[16], text[16], tag[16];
	struct pv_error err = { 0 };

	unhex(key, sizeof(key),
	      "eebc1f57487f51921c0465665f8ae6d1658bb26de6f8a069a3520293a572078f");
	unhex(iv, sizeof(iv), "99aa3e68ed8173a0eed06684");
	unhex(aad, sizeof(aad), "4d23c3cec334b49bdb370c437fec78de");
	unhex(text, sizeof(text), "f56e87055bc32d0eeb31b2eacc2bf2a5");

	tap_ok(pv_gcm_seal(key, iv, aad, 16, text, 16, text, tag, &err) == 0,
	       "AES-GCM encrypts in place");
	tap_bytes(text, 16, "f7264413a84c0e7cd536867eb9f21736",
		  "AES-GCM gives the published ciphertext");
	tap_bytes(tag, 16, "67ba0510262ae487d737ee6298f77e0c",
		  "AES-GCM gives the published tag");
	tap_ok(pv_gcm_open(key, iv, aad, 16, text, 16, text, tag, &err) == 0,
	       "AES-GCM decrypts in place");
	tap_bytes(text, 16, "f56e87055bc32d0eeb31b2eacc2bf2a5",
		  "AES-GCM gives the plaintext back");
}

static void test_gcm_refusals(void)
{
	uint8_t key[32] = { 1 }, iv[12] = { 2 }, aad[4] = { 3 };
	uint8_t text[16] = { 4 }, sealed[16], out[16], tag[16];
	struct pv_error err = { 0 };

	pv_gcm_seal(key, iv, aad, 4, text, 16, sealed, tag, &err);
	aad[3] ^= 1;
	memset(out, 0xee, sizeof(out));
	tap_ok(pv_gcm_open(key, iv, aad, 4, sealed, 16, out, tag, &err) < 0 &&
	       err.code == PV_ERR_UNSEAL,
	       "AES-GCM refuses altered additional data");
	tap_bytes(out, 16, "00000000000000000000000000000000",
		  "a refused plaintext is wiped");
	aad[3] ^= 1;
	tag[15] ^= 1;
	err.code = PV_OK;
	tap_ok(pv_gcm_open(key, iv, aad, 4, sealed, 16, out, tag, &err) < 0 &&
	       err.code == PV_ERR_UNSEAL, "AES-GCM refuses an altered tag");
	tag[15] ^= 1;
	key[0] ^= 0x80;
	err.code = PV_OK;
	tap_ok(pv_gcm_open(key, iv, aad, 4, sealed, 16, out, tag, &err) < 0 &&
	       err.code == PV_ERR_UNSEAL, "AES-GCM refuses a wrong key");
}

struct slot_vector {
	EVP_PKEY *(*host)(void);
	const char *name;
	uint8_t fill;
	const char *phkh, *exchange_key, *wrapped_key, *tag;
};

static const struct slot_vector vectors[] = {
	{ vector_host_key, "published host key", 0x17,
	  "415c25a5d19c381e619733e1c1b7fbd88bdd1c31d882d5ade04b97043c5010f0",
	  "753277558f3b6003419ef249ae3c4b55aad77d09d97fdd1fc88fd8f0cf22f149",
	  "c07743c154ac20653815af37b196ad1ef8e847690c5c1ef985291df18e6870d8",
	  "a038978d7ccb85b5b32bd40c15c6353f" },
	{ vector_host_key, "published host key, SE header", 0x32,
	  "415c25a5d19c381e619733e1c1b7fbd88bdd1c31d882d5ade04b97043c5010f0",
	  "753277558f3b6003419ef249ae3c4b55aad77d09d97fdd1fc88fd8f0cf22f149",
	  "e55266e4718905401d308a1294b3883bddcd624c29793bdca00c38d4ab4d55fd",
	  "26c4eb7031b75eabdd7860419566373b" },
	{ vector_synthetic_key, "synthetic host key 64 x 21", 0x17,
	  "9cc24828c44d21690d76c3b158e07042d8dc8f2e136106059ba34ce893130605",
	  "37356427ad5c97e5e185a31ff0be8088abd09b48de6b38e34d2970cb304744e7",
	  "d8e7b7c9bf217366310325d0ad937aafa95272e6419d5f8b40ac7f019ac5fde0",
	  "006bb96d7c2b005cbc367efc34e90700" },
	{ vector_synthetic_key_77, "synthetic host key 64 x 77", 0x32,
	  "1cad0d72bffc4622d1043fe30a3465dc5a4f9ec84b43751ff3cf830b4c8aee8b",
	  "58fe50c3c4c2b1313f9f3d7c33e0256b21eccec1e60910abebbb62cd1d49c615",
	  "3b926eff4792ec4da45a7cbb36dbd97da0a1b2215fbd4aaeb6237d16e3274163",
	  "7dcb848fe8650e8c06f9f6263b606b0e" },
};

static void test_slot(const struct slot_vector *v)
{
	EVP_PKEY *customer = vector_customer_key(), *host = v->host();
	uint8_t exchange_key[32] = { 0 }, request_key[32];
	struct pv_keyslot slot = { 0 };
	struct pv_error err = { 0 };

	memset(request_key, v->fill, sizeof(request_key));
	pv_exchange_key(exchange_key, customer, host, &err);
	tap_bytes(exchange_key, 32, v->exchange_key, "%s: exchange key",
		  v->name);
	tap_ok(pv_keyslot_seal(&slot, customer, host, request_key, &err) == 0,
	       "%s: a slot is sealed", v->name);
	tap_bytes(slot.phkh, 32, v->phkh, "%s: host key hash", v->name);
	tap_bytes(slot.wrapped_key, 32, v->wrapped_key, "%s: wrapped key",
		  v->name);
	tap_bytes(slot.tag, 16, v->tag, "%s: slot tag", v->name);
	EVP_PKEY_free(customer);
	EVP_PKEY_free(host);
}

static void test_customer_point(void)
{
	EVP_PKEY *customer = vector_customer_key();
	struct pv_ec_point point;
	struct pv_error err = { 0 };

	tap_ok(pv_point_from_key(&point, customer, &err) == 0,
	       "coordinates of a P-521 key");
	tap_sha256(&point, sizeof(point),
		   "5ee905a9be70366815a45641afae00973b1f45292f43bcd7638ee2a73fd7c45e",
		   "coordinates are padded to 80 bytes each");
	EVP_PKEY_free(customer);
}

/* Both ends of a slot must come to the same key. */
static void test_agreement(void)
{
	EVP_PKEY *customer = vector_customer_key();
	EVP_PKEY *host = vector_synthetic_key();
	uint8_t ours[32] = { 1 }, theirs[32] = { 2 };
	struct pv_error err = { 0 };

	pv_exchange_key(ours, customer, host, &err);
	pv_exchange_key(theirs, host, customer, &err);
	tap_ok(memcmp(ours, theirs, 32) == 0,
	       "host and customer derive the same key");
	EVP_PKEY_free(customer);
	EVP_PKEY_free(host);
}

static void test_wrong_curve(const char *group)
{
	EVP_PKEY *customer = vector_customer_key();
	EVP_PKEY *host = strcmp(group, "RSA") ? EVP_EC_gen(group) :
			 EVP_RSA_gen(2048);
	uint8_t request_key[32] = { 0 };
	struct pv_error err = { 0 };
	struct pv_keyslot slot;

	tap_ok(host && pv_keyslot_seal(&slot, customer, host, request_key,
				       &err) < 0 &&
	       err.code == PV_ERR_HOSTKEY && strstr(err.text, "P-521"),
	       "a host key of type %s is refused", group);
	EVP_PKEY_free(customer);
	EVP_PKEY_free(host);
}

static void test_fresh_keys(void)
{
	struct pv_error err = { 0 };
	EVP_PKEY *one = pv_customer_key_generate(&err);
	EVP_PKEY *two = pv_customer_key_generate(&err);
	struct pv_ec_point a, b;

	tap_ok(one && two && pv_point_from_key(&a, one, &err) == 0 &&
	       pv_point_from_key(&b, two, &err) == 0 &&
	       memcmp(&a, &b, sizeof(a)) != 0,
	       "every customer key is another one");
	EVP_PKEY_free(one);
	EVP_PKEY_free(two);
}

int main(void)
{
	tap_start();
	test_gcm();
	test_gcm_refusals();
	test_customer_point();
	for (size_t i = 0; i < ARRAY_SIZE(vectors); i++)
		test_slot(&vectors[i]);
	test_agreement();
	test_wrong_curve("P-256");
	test_wrong_curve("P-384");
	test_wrong_curve("RSA");
	test_fresh_keys();
	return tap_done();
}
