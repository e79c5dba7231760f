// SPDX-License-Identifier: GPL-2.0
/*
 * The tests' own requester against published and derived known answers.
 * Needs no Ultravisor and no device: runs on any system.
 */
#include <openssl/sha.h>

#include "kselftest_harness.h"
#include "arcb.h"
#include "known.h"

FIXTURE(known_arcb) {
	struct arcb_request req;
	uint8_t arcb[512];
	uint8_t hash[32];
};

FIXTURE_VARIANT(known_arcb) {
	uint64_t flags;
	int published;
	int synthetic;
	size_t size;
	const char *tag;
	const char *sha256;
};

FIXTURE_VARIANT_ADD(known_arcb, published_file) {
	.flags = ARCB_FLAG_NONCE | ARCB_FLAG_IMAGE_PHKH | ARCB_FLAG_ATTEST_PHKH,
	.published = 1,
	.size = 400,
	.tag = "92cff0ab3e9131bc2984efb24b699cb4",
	.sha256 =
		"8eefb020aea5b26d6da24d601636cb3cf034825f71e81c7b1f29c4dfffcaa8a7",
};

FIXTURE_VARIANT_ADD(known_arcb, every_flag) {
	.flags = 0x7c00000000000000,
	.synthetic = 1,
	.size = 400,
	.tag = "5af421bc532819a7c9a86a226f197174",
	.sha256 =
		"655ddfa0356b8ab03f6e0f78f056b72db79875e7b50db340502e95e6a16ff84e",
};

FIXTURE_VARIANT_ADD(known_arcb, no_flag) {
	.synthetic = 1,
	.size = 384,
	.tag = "fad653aafde3ba5dbb5a1c4b2b2f38f4",
	.sha256 =
		"a50ee1fe6036672ed3ce387fd03cc4b99df26f3893534785935dba21365a6bf8",
};

FIXTURE_VARIANT_ADD(known_arcb, two_slots) {
	.flags = ARCB_FLAG_NONCE,
	.published = 1,
	.synthetic = 1,
	.size = 480,
	.tag = "1613cc8c998febfc70af4cbe383ddfd8",
	.sha256 =
		"52e257a3c1b2d4b663537f26cc73ba4d47677d88066bac5659049210b2b86120",
};

FIXTURE_SETUP(known_arcb)
{
	struct arcb_request *req = &self->req;

	memset(self, 0, sizeof(*self));
	req->flags = variant->flags;
	req->customer = customer_key();
	ASSERT_NE(NULL, req->customer);
	if (variant->published)
		req->hosts[req->nr_hosts++] = published_host();
	if (variant->synthetic)
		req->hosts[req->nr_hosts++] = synthetic_host();
	memset(req->iv, 0x55, sizeof(req->iv));
	memset(req->key, 0x17, sizeof(req->key));
	memset(req->meas_key, 0x77, sizeof(req->meas_key));
	memset(req->nonce, 0xab, sizeof(req->nonce));
}

FIXTURE_TEARDOWN(known_arcb)
{
	for (unsigned int i = 0; i < self->req.nr_hosts; i++)
		EVP_PKEY_free(self->req.hosts[i]);
	EVP_PKEY_free(self->req.customer);
}

TEST_F(known_arcb, is_sealed_byte_by_byte)
{
	ASSERT_EQ(variant->size, arcb_size(&self->req));
	ASSERT_EQ(0, arcb_seal(&self->req, self->arcb));
	EXPECT_TRUE(same_hex(self->arcb + variant->size - 16, 16, variant->tag));
	ASSERT_NE(NULL, SHA256(self->arcb, variant->size, self->hash));
	EXPECT_TRUE(same_hex(self->hash, 32, variant->sha256));
}

TEST(host_keys_have_the_known_hashes)
{
	EVP_PKEY *published = published_host(), *synthetic = synthetic_host();
	uint8_t phkh[ARCB_PHKH_SIZE];

	ASSERT_EQ(0, request_phkh(published, phkh));
	EXPECT_TRUE(same_hex(phkh, sizeof(phkh),
			     "415c25a5d19c381e619733e1c1b7fbd88bdd1c31d882d5ade04b97043c5010f0"));
	ASSERT_EQ(0, request_phkh(synthetic, phkh));
	EXPECT_TRUE(same_hex(phkh, sizeof(phkh),
			     "9cc24828c44d21690d76c3b158e07042d8dc8f2e136106059ba34ce893130605"));
	EVP_PKEY_free(published);
	EVP_PKEY_free(synthetic);
}

FIXTURE(known_measurement) {
	uint8_t tags[ARCB_BOOT_TAGS_SIZE];
	uint8_t user[256];
	uint8_t add[128];
	uint8_t uid[ARCB_UID_SIZE];
	uint8_t meas[ARCB_MEAS_SIZE];
};

FIXTURE_VARIANT(known_measurement) {
	uint64_t flags;
	uint16_t user_len;
	uint32_t add_len;
	const char *hmac;
};

FIXTURE_VARIANT_ADD(known_measurement, everything) {
	.flags = ARCB_FLAG_NONCE,
	.user_len = 256,
	.add_len = 128,
	.hmac =
		"88794c62cce7bcf26216deb3f48f13fea6374b6d7e35bcc5c2ce68121db6f45dfc8c171856463549408bf8e7d1aca11efad0a878af97dc9e21a1fc2a32f3a675",
};

FIXTURE_VARIANT_ADD(known_measurement, no_nonce) {
	.user_len = 256,
	.add_len = 128,
	.hmac =
		"fbd4f738a390edd947cd4f11af3a2f3bab2fdf8bf89bf81beb495117f4382cf42f0730c8c7d9e3ca27fb25adfceb21224f57fdb398dcf41a83c146e6a23db760",
};

FIXTURE_VARIANT_ADD(known_measurement, additional_data_only) {
	.add_len = 128,
	.hmac =
		"63671fbf295036eb1023ea71f7182e7d6343dc7b2da584e824d0a7d198ab9cded756c93b39050ffb764555b01f88cb82017a6a15c7e0bafc6005f1e4f78aa124",
};

FIXTURE_VARIANT_ADD(known_measurement, nothing_optional) {
	.hmac =
		"c5c34c93835d1ec23f5c2d778dfa20129b11b305601742cb2f38e0ed9894dcdb73fc8695ab6a8dbad0744073ddc81a5eaafa52e4a15af8deb8d761091922847f",
};

FIXTURE_SETUP(known_measurement)
{
	known_boot_tags(self->tags);
	memset(self->user, 0x07, sizeof(self->user));
	memset(self->add, 0x09, sizeof(self->add));
	memset(self->uid, 0x05, sizeof(self->uid));
}

FIXTURE_TEARDOWN(known_measurement)
{
}

TEST_F(known_measurement, is_computed)
{
	struct arcb_request req = { .flags = variant->flags };
	struct arcb_answer answer = {
		.boot_tags = self->tags,
		.config_uid = self->uid,
		.user_data = self->user,
		.user_data_len = variant->user_len,
		.add_data = self->add,
		.add_data_len = variant->add_len,
	};

	memset(req.meas_key, 0x41, sizeof(req.meas_key));
	memset(req.nonce, 0x08, sizeof(req.nonce));
	ASSERT_EQ(0, arcb_measure(&req, &answer, self->meas));
	EXPECT_TRUE(same_hex(self->meas, sizeof(self->meas), variant->hmac));
}

TEST(additional_data_has_the_size_of_its_parts)
{
	EXPECT_EQ(0, arcb_add_data_size(ARCB_FLAG_NONCE));
	EXPECT_EQ(32, arcb_add_data_size(ARCB_FLAG_ATTEST_PHKH));
	EXPECT_EQ(448, arcb_add_data_size(0x7c00000000000000));
}

TEST_HARNESS_MAIN
