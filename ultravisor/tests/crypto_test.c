// SPDX-License-Identifier: MIT
/* Known answers for everything below the level of a call. */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "array.h"
#include "ec.h"
#include "hostkey.h"
#include "measure.h"
#include "random.h"
#include "seal.h"
#include "secret_store.h"
#include "tap.h"

#define PUBLISHED_HOST_PHKH \
	"415c25a5d19c381e619733e1c1b7fbd88bdd1c31d882d5ade04b97043c5010f0"
#define HOST_PHKH \
	"1cad0d72bffc4622d1043fe30a3465dc5a4f9ec84b43751ff3cf830b4c8aee8b"
#define BACKUP_PHKH \
	"9cc24828c44d21690d76c3b158e07042d8dc8f2e136106059ba34ce893130605"

static EVP_PKEY *customer, *published, *host, *backup;

static void test_gcm(void)
{
	uint8_t key[32], iv[12], aad[16], data[16], tag[16], plain[16];
	struct uv_sealed sealed = {
		.iv = iv, .aad = aad, .aad_len = sizeof(aad),
		.data = data, .len = sizeof(data), .tag = tag,
	};

	seal_hex("eebc1f57487f51921c0465665f8ae6d1"
		 "658bb26de6f8a069a3520293a572078f", key, 32);
	seal_hex("99aa3e68ed8173a0eed06684", iv, 12);
	seal_hex("4d23c3cec334b49bdb370c437fec78de", aad, 16);
	seal_hex("f7264413a84c0e7cd536867eb9f21736", data, 16);
	seal_hex("67ba0510262ae487d737ee6298f77e0c", tag, 16);
	tap_equal(uv_gcm_open(key, &sealed, plain), UV_CRYPTO_OK,
		  "GCM opens the published message");
	tap_bytes(plain, sizeof(plain), "f56e87055bc32d0eeb31b2eacc2bf2a5",
		  "GCM gives the published plaintext");

	tag[15] ^= 1;
	tap_equal(uv_gcm_open(key, &sealed, plain), UV_CRYPTO_REFUSED,
		  "GCM refuses a wrong tag");
	tap_bytes(plain, sizeof(plain), "00000000000000000000000000000000",
		  "GCM leaves no plaintext behind after a refusal");
	tag[15] ^= 1;
	aad[0] ^= 1;
	tap_equal(uv_gcm_open(key, &sealed, plain), UV_CRYPTO_REFUSED,
		  "GCM refuses altered additional data");
}

static void test_hmac(void)
{
	const struct uv_chunk chunks[] = {
		{ "Hi", 2 }, { NULL, 0 }, { " There", 6 },
	};
	uint8_t key[64], mac[64];

	memset(key, 0x0b, sizeof(key));
	tap_ok(uv_hmac_sha512(key, sizeof(key), chunks, 3, mac),
	       "HMAC-SHA-512 over chunks is computed");
	tap_bytes(mac, sizeof(mac),
		  "637edc6e01dce7e6742a99451aae82df23da3e92439e590e43e761b33e910fb8"
		  "ac2878ebd5803f6f0b61dbce5e251ff8789a4722c1be65aea45fd464e89f8f5b",
		  "HMAC-SHA-512 of RFC 4868");
}

/* CCK, tag of the SE header, extension secret derived from them. */
static const struct hkdf_case {
	uint8_t cck;
	uint8_t tag;
	const char *extension;
} hkdf_cases[] = {
	{ 0x00, 0x04,
	  "b7e28c1ed1ecd063afe5eb9b54c6685aca5c193163e82e2071c3150ed6ff6473" },
	{ 0x0b, 0x04,
	  "96d67be7870c58e3c647b5535b43b31e2a92db337576b84966d4a60e511439fe" },
};

static void test_hkdf(const struct hkdf_case *test)
{
	uint8_t cck[32], tag[16], out[32] = { 0 };
	const char *info = PV_EXTENSION_SECRET_INFO;

	memset(cck, test->cck, sizeof(cck));
	memset(tag, test->tag, sizeof(tag));
	tap_ok(uv_hkdf_sha512(cck, sizeof(cck), tag, sizeof(tag), info,
			      strlen(info), out, sizeof(out)),
	       "HKDF-SHA-512 works");
	tap_bytes(out, sizeof(out), test->extension,
		  "extension secret of the CCK 32 x %02x", test->cck);
}

static void test_phkh(void)
{
	static const char customer_hash[] =
		"5ee905a9be70366815a45641afae00973b1f45292f43bcd7638ee2a73fd7c45e";
	uint8_t hash[32];

	uv_ec_hash(customer, hash);
	tap_bytes(hash, 32, customer_hash, "hash of the customer coordinates");
	uv_ec_hash(published, hash);
	tap_bytes(hash, 32, PUBLISHED_HOST_PHKH, "hash of the published host");
	uv_ec_hash(host, hash);
	tap_bytes(hash, 32, HOST_PHKH, "hash of the TEST host");
	uv_ec_hash(backup, hash);
	tap_bytes(hash, 32, BACKUP_PHKH,
		  "hash of the host whose scalar starts with zeros");
}

static void test_exchange(void)
{
	uint8_t key[32];

	tap_equal(uv_ec_exchange_key(customer, published, key), UV_CRYPTO_OK,
		  "keys are exchanged with the published host");
	tap_bytes(key, 32,
		  "753277558f3b6003419ef249ae3c4b55aad77d09d97fdd1fc88fd8f0cf22f149",
		  "exchange key whose Z starts with a zero byte");
	uv_ec_exchange_key(host, customer, key);
	tap_bytes(key, 32,
		  "58fe50c3c4c2b1313f9f3d7c33e0256b21eccec1e60910abebbb62cd1d49c615",
		  "exchange key of the TEST host");
	uv_ec_exchange_key(backup, customer, key);
	tap_bytes(key, 32,
		  "37356427ad5c97e5e185a31ff0be8088abd09b48de6b38e34d2970cb304744e7",
		  "exchange key of the host whose scalar starts with zeros");
}

static void test_point(void)
{
	struct pv_ec_point point;
	EVP_PKEY *key;

	seal_point(customer, (uint8_t *)&point);
	tap_equal(uv_ec_read_public(&point, &key), UV_CRYPTO_OK,
		  "a customer public key is read");
	tap_equal(EVP_PKEY_eq(key, customer), 1, "and is the same key");
	EVP_PKEY_free(key);
	point.y[79] ^= 1;
	tap_equal(uv_ec_read_public(&point, &key), UV_CRYPTO_REFUSED,
		  "a point beside the curve is refused");
	point.y[79] ^= 1;
	point.x[0] = 1;
	tap_equal(uv_ec_read_public(&point, &key), UV_CRYPTO_REFUSED,
		  "a coordinate of more than 66 bytes is refused");
	memset(&point, 0, sizeof(point));
	tap_equal(uv_ec_read_public(&point, &key), UV_CRYPTO_REFUSED,
		  "the point 0, 0 is refused");
}

struct slot_case {
	const char *name;
	EVP_PKEY **own;
	EVP_PKEY **peer;
	const char *slot;
	uint8_t key;	/* every byte of it */
};

static const struct slot_case slot_cases[] = {
	{ "published", &customer, &published, PUBLISHED_HOST_PHKH
	  "c07743c154ac20653815af37b196ad1ef8e847690c5c1ef985291df18e6870d8"
	  "a038978d7ccb85b5b32bd40c15c6353f", 0x17 },
	{ "published header", &customer, &published, PUBLISHED_HOST_PHKH
	  "e55266e4718905401d308a1294b3883bddcd624c29793bdca00c38d4ab4d55fd"
	  "26c4eb7031b75eabdd7860419566373b", 0x32 },
	{ "TEST host", &host, &customer, HOST_PHKH
	  "3b926eff4792ec4da45a7cbb36dbd97da0a1b2215fbd4aaeb6237d16e3274163"
	  "7dcb848fe8650e8c06f9f6263b606b0e", 0x32 },
	{ "host with leading zeros", &backup, &customer, BACKUP_PHKH
	  "d8e7b7c9bf217366310325d0ad937aafa95272e6419d5f8b40ac7f019ac5fde0"
	  "006bb96d7c2b005cbc367efc34e90700", 0x17 },
};

static void test_slot(const struct slot_case *test)
{
	struct uv_host_key_pair pair = { .key = *test->own };
	const struct pv_keyslot *found;
	struct pv_keyslot slots[2];
	struct pv_ec_point point;
	uint8_t key[32];

	memset(slots, 0, sizeof(slots));
	seal_hex(test->slot, (uint8_t *)&slots[1], sizeof(slots[1]));
	memcpy(pair.phkh, slots[1].phkh, sizeof(pair.phkh));
	seal_point(*test->peer, (uint8_t *)&point);
	found = uv_host_key_find_slot(&pair, slots, 2);
	if (!tap_ok(found == &slots[1], "slot, %s: found by its hash",
		    test->name))
		return;
	tap_equal(uv_host_key_unwrap(&pair, &point, found, key),
		  UV_UNWRAP_DONE, "slot, %s: opens", test->name);
	tap_filled(key, 32, test->key, "slot, %s: holds the key", test->name);
	slots[1].wrapped_key[31] ^= 0x80;
	tap_equal(uv_host_key_unwrap(&pair, &point, found, key),
		  UV_UNWRAP_BAD_TAG, "slot, %s: refused when altered",
		  test->name);
	pair.key = NULL;
	tap_ok(!uv_host_key_find_slot(&pair, slots, 2),
	       "slot, %s: nobody finds it without a host key", test->name);
}

static const char *const nine_tags[] = {
	"40b8cb4ecd5090c3e68b81e62cd5c5d0", "b66e9b837739e3e1c4ab4ecdcc536820",
	"04e2c301200abaf71117ac30b972a70c", "7c5f4a3ddfab6e2e9c45575515508ee0",
	"497926d1c60026ebbc40c2e12dbf85ce", "fbf57e5391337ffd69fc201c589e4ae2",
	"bfaf761c7c6955c99e600dcacd39283e", "5ea37a9e1120360598dee2ad3ec232ab",
	"af18671392f569ca610176e2c1606889",
};

static const char *const three_tags[] = {
	"4dfceaa30fa18e235f39e01071ebfb28", "29ce4ef9e9042d659f6afd197201c042",
	"a5bbfaccafb4158654d02e5aeef232cf",
};

static const struct store_case {
	const char *name;
	const char *const *tags;
	size_t count;
	const char *unlocked;
	const char *locked;
} store_cases[] = {
	{ "empty", NULL, 0,
	  "b8244d028981d693af7b456af8efa4cad63d282e19ff14942c246e50d9351d22"
	  "704a802a71c3580b6370de4ceb293c324a8423342557d4e5c38438f0e36910ee",
	  "7b54b66836c1fbdd13d2441d9e1434dc62ca677fb68f5fe66a464baadecdbd00"
	  "576f8d6b5ac3bcc80844b7d50b1cc6603444bbe7cfcf8fc0aa1ee3c636d9e339" },
	{ "three secrets", three_tags, 3,
	  "417ad5492ae5a14a8ad27caced8ad8cb1e389a7f578c7d94cee82c20c161e12c"
	  "9807eb7fc3113b1fb34b597b04b754dfb2c85f02de9eebb16e687da90f964a20",
	  "175307bb6b205b8abb0924c32c14ad14b391ab616d342b4b832da78e19762449"
	  "929db2cd084f439f844fc8f8bdaabeb82c00c6748dfeed38b4346055ffd5c8db" },
	{ "nine requests", nine_tags, 9,
	  "51ce62af1f67b9e3254b184e33b2aad31007581a39e99cdeb02998a3b67ff456"
	  "c44a05ee7d68e24dfd436f2be4c1e9f5c1016468da64015e9f9fa3156e110d6c",
	  "d048702b4a79478b985e92e7edff453f63f2044e7d72faf12efd2eaea0cd0505"
	  "559ed6665a06f6b4f9c6fcf9f2960e6cd3c3cc8cafe57ac8406e616bf9529517" },
};

static void test_store(const struct store_case *test)
{
	struct uv_secret_store store;
	uint8_t tag[16], hash[64];

	uv_secret_store_init(&store);
	for (size_t i = 0; i < test->count; i++) {
		seal_hex(test->tags[i], tag, sizeof(tag));
		uv_secret_store_add(&store, NULL, tag);
	}
	uv_secret_store_hash(&store, hash);
	tap_bytes(hash, 64, test->unlocked, "secret store hash: %s, unlocked",
		  test->name);
	store.locked = true;
	uv_secret_store_hash(&store, hash);
	tap_bytes(hash, 64, test->locked, "secret store hash: %s, locked",
		  test->name);
	uv_secret_store_free(&store);
}

static const struct measure_case {
	const char *name;
	size_t user, nonce, add;
	const char *mac;
} measure_cases[] = {
	{ "user data, nonce and additional data", 256, 16, 128,
	  "88794c62cce7bcf26216deb3f48f13fea6374b6d7e35bcc5c2ce68121db6f45d"
	  "fc8c171856463549408bf8e7d1aca11efad0a878af97dc9e21a1fc2a32f3a675" },
	{ "user data and additional data", 256, 0, 128,
	  "fbd4f738a390edd947cd4f11af3a2f3bab2fdf8bf89bf81beb495117f4382cf4"
	  "2f0730c8c7d9e3ca27fb25adfceb21224f57fdb398dcf41a83c146e6a23db760" },
	{ "additional data", 0, 0, 128,
	  "63671fbf295036eb1023ea71f7182e7d6343dc7b2da584e824d0a7d198ab9cde"
	  "d756c93b39050ffb764555b01f88cb82017a6a15c7e0bafc6005f1e4f78aa124" },
	{ "nothing else", 0, 0, 0,
	  "c5c34c93835d1ec23f5c2d778dfa20129b11b305601742cb2f38e0ed9894dcdb"
	  "73fc8695ab6a8dbad0744073ddc81a5eaafa52e4a15af8deb8d761091922847f" },
};

static void test_measure(const struct measure_case *test)
{
	uint8_t key[64], uid[16], user[256], nonce[16], add[128], mac[64];
	struct pv_boot_tags tags;
	const struct uv_evidence evidence = {
		&tags, uid, { user, test->user }, { nonce, test->nonce },
		{ add, test->add },
	};

	memset(tags.pld, 1, sizeof(tags.pld));
	memset(tags.ald, 2, sizeof(tags.ald));
	memset(tags.tld, 3, sizeof(tags.tld));
	memset(tags.tag, 4, sizeof(tags.tag));
	memset(key, 0x41, sizeof(key));
	memset(uid, 5, sizeof(uid));
	memset(user, 7, sizeof(user));
	memset(nonce, 8, sizeof(nonce));
	memset(add, 9, sizeof(add));
	uv_measure(key, &evidence, mac);
	tap_bytes(mac, sizeof(mac), test->mac, "measurement with %s",
		  test->name);
}

static void test_random(void)
{
	struct uv_random a, b, c;
	uint8_t whole[200], pieces[200], other[200];
	size_t done = 0;

	uv_random_init(&a, 7);
	uv_random_init(&b, 7);
	uv_random_init(&c, 8);
	uv_random_bytes(&a, whole, sizeof(whole));
	for (size_t len = 1; done + len <= sizeof(pieces); done += len++)
		uv_random_bytes(&b, pieces + done, len);
	uv_random_bytes(&b, pieces + done, sizeof(pieces) - done);
	uv_random_bytes(&c, other, sizeof(other));
	tap_ok(memcmp(whole, pieces, sizeof(whole)) == 0,
	       "equal seeds give equal bytes, however they are asked for");
	tap_ok(memcmp(whole, other, sizeof(whole)) != 0,
	       "another seed gives other bytes");
	tap_ok(memcmp(whole, whole + 64, 64) != 0,
	       "the sequence does not repeat after a block");
}

/* The sealing side of the tests is held against the same known answers. */
static void test_sealing(void)
{
	uint8_t bytes[8192], hash[32];
	struct seal_header header;
	size_t len;

	seal_header_init(&header, customer, published);
	len = seal_header(&header, bytes);
	tap_equal(len, 640, "sealed header: size");
	uv_sha256(bytes, len, hash);
	tap_bytes(hash, 32,
		  "9aea8b257d5a647a4dba1ba49c27c5a37b3770f02c4a8346202e5626df9b8fb5",
		  "sealed header: all of it");
}

int main(void)
{
	tap_begin();
	customer = seal_scalar(SEAL_CUSTOMER);
	published = seal_public(SEAL_PUBLISHED_X, SEAL_PUBLISHED_Y);
	host = seal_scalar(SEAL_HOST);
	backup = seal_scalar(SEAL_BACKUP);

	test_gcm();
	test_hmac();
	for (size_t i = 0; i < ARRAY_SIZE(hkdf_cases); i++)
		test_hkdf(&hkdf_cases[i]);
	test_phkh();
	test_exchange();
	test_point();
	for (size_t i = 0; i < ARRAY_SIZE(slot_cases); i++)
		test_slot(&slot_cases[i]);
	for (size_t i = 0; i < ARRAY_SIZE(store_cases); i++)
		test_store(&store_cases[i]);
	for (size_t i = 0; i < ARRAY_SIZE(measure_cases); i++)
		test_measure(&measure_cases[i]);
	test_random();
	test_sealing();

	EVP_PKEY_free(customer);
	EVP_PKEY_free(published);
	EVP_PKEY_free(host);
	EVP_PKEY_free(backup);
	return tap_end();
}
