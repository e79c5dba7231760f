// SPDX-License-Identifier: MIT
/* Measurements, additional data and the secret store against known answers. */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "array.h"
#include "measurement.h"
#include "tap.h"
#include "vectors.h"

#define USER		0x1
#define NONCE		0x2
#define ADDITIONAL	0x4

static const struct {
	const char *name;
	unsigned int parts;
	const char *hmac;
} known[] = {
	{ "user data, nonce and additional data", USER | NONCE | ADDITIONAL,
	  "88794c62cce7bcf26216deb3f48f13fea6374b6d7e35bcc5c2ce68121db6f45d"
	  "fc8c171856463549408bf8e7d1aca11efad0a878af97dc9e21a1fc2a32f3a675" },
	{ "user data and additional data", USER | ADDITIONAL,
	  "fbd4f738a390edd947cd4f11af3a2f3bab2fdf8bf89bf81beb495117f4382cf4"
	  "2f0730c8c7d9e3ca27fb25adfceb21224f57fdb398dcf41a83c146e6a23db760" },
	{ "additional data", ADDITIONAL,
	  "63671fbf295036eb1023ea71f7182e7d6343dc7b2da584e824d0a7d198ab9cde"
	  "d756c93b39050ffb764555b01f88cb82017a6a15c7e0bafc6005f1e4f78aa124" },
	{ "nothing more", 0,
	  "c5c34c93835d1ec23f5c2d778dfa20129b11b305601742cb2f38e0ed9894dcdb"
	  "73fc8695ab6a8dbad0744073ddc81a5eaafa52e4a15af8deb8d761091922847f" },
};

static void test_known(void)
{
	uint8_t key[64], uid[16], user[256], nonce[16], additional[128];
	struct pv_boot_tags tags;

	memset(key, 0x41, sizeof(key));
	memset(uid, 5, sizeof(uid));
	memset(user, 7, sizeof(user));
	memset(nonce, 8, sizeof(nonce));
	memset(additional, 9, sizeof(additional));
	vector_boot_tags(&tags);
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		unsigned int parts = known[i].parts;
		const struct pv_measured measured = {
			.boot_tags = &tags,
			.config_uid = uid,
			.user_data = user,
			.user_data_len = parts & USER ? sizeof(user) : 0,
			.nonce = parts & NONCE ? nonce : NULL,
			.additional = additional,
			.additional_len = parts & ADDITIONAL ?
					  sizeof(additional) : 0,
		};
		struct pv_error err = { 0 };
		uint8_t out[64] = { 0 };

		pv_measure(out, key, &measured, &err);
		tap_bytes(out, 64, known[i].hmac, "measurement of %s",
			  known[i].name);
	}
}

static const char phkh[] =
	"9cc24828c44d21690d76c3b158e07042d8dc8f2e136106059ba34ce893130605";
static const char locked_store[] =
	"175307bb6b205b8abb0924c32c14ad14b391ab616d342b4b832da78e19762449"
	"929db2cd084f439f844fc8f8bdaabeb82c00c6748dfeed38b4346055ffd5c8db";

/* All four kinds, 448 bytes. */
static void fill_additional(uint8_t out[448])
{
	size_t len;

	OPENSSL_hexstr2buf_ex(out, 32, &len, phkh, '\0');
	memcpy(out + 32, out, 32);
	OPENSSL_hexstr2buf_ex(out + 64, 64, &len, locked_store, '\0');
	memset(out + 128, 0x5a, 320);
}

static void test_complete_runs(void)
{
	uint8_t key[64], uid[16], nonce[16], additional[448], out[64] = { 0 };
	struct pv_boot_tags tags;
	struct pv_measured measured = {
		.boot_tags = &tags, .config_uid = uid,
	};
	struct pv_error err = { 0 };

	memset(key, 0x77, sizeof(key));
	memset(uid, 0x42, sizeof(uid));
	memset(nonce, 0xab, sizeof(nonce));
	vector_boot_tags(&tags);
	pv_measure(out, key, &measured, &err);
	tap_bytes(out, 64,
		  "f74febe97f97a02c8f9145d9ae080ea9f1f0001ec2429b15662d10d5dcd6b68c"
		  "082aa9f5a01883cb0a013a9403095df16768bf3ad9352b2643ddfd9b8d9bbe66",
		  "complete run without user and additional data");
	fill_additional(additional);
	measured.user_data = (const uint8_t *)"hello";
	measured.user_data_len = 5;
	measured.nonce = nonce;
	measured.additional = additional;
	measured.additional_len = sizeof(additional);
	pv_measure(out, key, &measured, &err);
	tap_bytes(out, 64,
		  "6e4fe8d0b1d426e2da77945658340b91bf111492d368f7f3f0dcd8c86c27d191"
		  "0e8d465d0efde89b98651e581b64b5fc0b6475a32c9807591ef9c79fa8ec3073",
		  "complete run with everything");
}

static void test_limits(void)
{
	static const uint8_t user[257], key[64], uid[16];
	struct pv_boot_tags tags = { 0 };
	const struct pv_measured measured = {
		.boot_tags = &tags, .config_uid = uid, .user_data = user,
		.user_data_len = sizeof(user),
	};
	struct pv_error err = { 0 };
	uint8_t out[64];

	tap_ok(pv_measure(out, key, &measured, &err) < 0 &&
	       err.code == PV_ERR_LIMIT, "257 bytes of user data are refused");
}

static const uint64_t all_flags[] = {
	PV_ATTEST_FLAG_IMAGE_PHKH, PV_ATTEST_FLAG_ATTEST_PHKH,
	PV_ATTEST_FLAG_SECRET_STORE, PV_ATTEST_FLAG_FIRMWARE_STATE,
};

static const size_t all_sizes[] = { 32, 32, 64, 320 };

/* Every combination of flags, against a plain sum. */
static void test_additional(void)
{
	uint8_t data[449] = { 0 };
	unsigned int wrong = 0, short_accepted = 0;

	for (unsigned int set = 0; set < 16; set++) {
		uint64_t flags = PV_ATTEST_FLAG_NONCE;
		struct pv_additional out;
		struct pv_error err = { 0 };
		size_t size = 0;

		for (int i = 0; i < 4; i++)
			flags |= set & 1u << i ? all_flags[i] : 0;
		for (int i = 0; i < 4; i++)
			size += set & 1u << i ? all_sizes[i] : 0;
		wrong += pv_additional_size(flags) != size;
		wrong += pv_additional_parse(&out, flags, data, size,
					     &err) != 0;
		size = 0;
		for (int i = 0; i < 4; i++) {
			bool want = set & 1u << i;

			wrong += want == !out.field[i].data;
			if (!want)
				continue;
			wrong += out.field[i].data != data + size;
			size += all_sizes[i];
		}
		wrong += !!out.field[PV_ADDITIONAL_UNRECOGNIZED].data;
		pv_additional_parse(&out, flags, data, size + 1, &err);
		wrong += out.field[PV_ADDITIONAL_UNRECOGNIZED].size != 1;
		short_accepted += size && pv_additional_parse(&out, flags,
							      data, size - 1,
							      &err) == 0;
	}
	tap_ok(wrong == 0, "additional data of all flags is taken apart");
	tap_ok(short_accepted == 0, "additional data must not be too short");
}

static void test_secret_store(void)
{
	/* Tags of the null, "assoc1" and "plain1" requests. */
	static const char tag_hex[] =
		"4dfceaa30fa18e235f39e01071ebfb2829ce4ef9e9042d659f6afd197201c042"
		"a5bbfaccafb4158654d02e5aeef232cf";
	uint8_t tags[3 * 16], out[64] = { 0 };
	struct pv_error err = { 0 };
	size_t len;

	OPENSSL_hexstr2buf_ex(tags, sizeof(tags), &len, tag_hex, '\0');
	pv_secret_store_hash(out, tags, 3, false, &err);
	tap_bytes(out, 64,
		  "417ad5492ae5a14a8ad27caced8ad8cb1e389a7f578c7d94cee82c20c161e12c"
		  "9807eb7fc3113b1fb34b597b04b754dfb2c85f02de9eebb16e687da90f964a20",
		  "secret store with three secrets");
	pv_secret_store_hash(out, tags, 3, true, &err);
	tap_bytes(out, 64, locked_store, "the same, locked");
	pv_secret_store_hash(out, NULL, 0, true, &err);
	tap_bytes(out, 64,
		  "7b54b66836c1fbdd13d2441d9e1434dc62ca677fb68f5fe66a464baadecdbd00"
		  "576f8d6b5ac3bcc80844b7d50b1cc6603444bbe7cfcf8fc0aa1ee3c636d9e339",
		  "empty secret store, locked");
	pv_secret_store_hash(out, NULL, 0, false, &err);
	tap_bytes(out, 64,
		  "b8244d028981d693af7b456af8efa4cad63d282e19ff14942c246e50d9351d22"
		  "704a802a71c3580b6370de4ceb293c324a8423342557d4e5c38438f0e36910ee",
		  "empty secret store");
}

int main(void)
{
	tap_start();
	test_known();
	test_complete_runs();
	test_limits();
	test_additional();
	test_secret_store();
	return tap_done();
}
