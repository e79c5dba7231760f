// SPDX-License-Identifier: GPL-2.0
/*
 * The tests' own add-secret requests against published and derived known
 * answers.  Needs no Ultravisor and no device: runs on any system.
 */
#include <openssl/sha.h>

#include "kselftest_harness.h"
#include "asrcb.h"
#include "known.h"

/* What all known requests have in common. */
static int common(struct asrcb_request *req, EVP_PKEY *host)
{
	memset(req, 0, sizeof(*req));
	req->customer = customer_key();
	req->hosts[req->nr_hosts++] = host;
	memset(req->iv, 0x55, sizeof(req->iv));
	memset(req->key, 0x17, sizeof(req->key));
	known_boot_tags(req->boot_tags);
	return req->customer && host ? 0 : -1;
}

static void release(struct asrcb_request *req)
{
	EVP_PKEY_free(req->hosts[0]);
	EVP_PKEY_free(req->customer);
}

/* Files in the test data of s390-tools; the first letters of their names. */
FIXTURE(published) {
	struct asrcb_request req;
	uint8_t asrcb[0x800];
};

FIXTURE_VARIANT(published) {
	bool association;
	bool simple;
	bool derived;
	bool no_dump;
	bool any_uid;
	unsigned int nr_slots;
	size_t size;
	const char *tag;
};

FIXTURE_VARIANT_ADD(published, null_none_default_cuid_one) {
	.size = 1352,
	.tag = "04e2c301200abaf71117ac30b972a70c",
};

FIXTURE_VARIANT_ADD(published, assoc_none_default_cuid_one) {
	.association = true,
	.size = 1416,
	.tag = "fbf57e5391337ffd69fc201c589e4ae2",
};

FIXTURE_VARIANT_ADD(published, null_simple_default_cuid_one) {
	.simple = true,
	.size = 1352,
	.tag = "497926d1c60026ebbc40c2e12dbf85ce",
};

FIXTURE_VARIANT_ADD(published, assoc_simple_default_cuid_one) {
	.association = true,
	.simple = true,
	.size = 1416,
	.tag = "b66e9b837739e3e1c4ab4ecdcc536820",
};

FIXTURE_VARIANT_ADD(published, null_derived_default_cuid_one) {
	.derived = true,
	.size = 1352,
	.tag = "bfaf761c7c6955c99e600dcacd39283e",
};

FIXTURE_VARIANT_ADD(published, assoc_derived_default_cuid_one) {
	.association = true,
	.derived = true,
	.size = 1416,
	.tag = "40b8cb4ecd5090c3e68b81e62cd5c5d0",
};

FIXTURE_VARIANT_ADD(published, null_none_dump_cuid_one) {
	.no_dump = true,
	.size = 1352,
	.tag = "af18671392f569ca610176e2c1606889",
};

FIXTURE_VARIANT_ADD(published, null_none_default_ncuid_one) {
	.any_uid = true,
	.size = 1352,
	.tag = "7c5f4a3ddfab6e2e9c45575515508ee0",
};

FIXTURE_VARIANT_ADD(published, null_none_default_cuid_seven) {
	.nr_slots = 7,
	.size = 1832,
	.tag = "5ea37a9e1120360598dee2ad3ec232ab",
};

FIXTURE_SETUP(published)
{
	static const uint8_t cck[ASRCB_CCK_SIZE];
	struct asrcb_request *req = &self->req;

	ASSERT_EQ(0, common(req, published_host()));
	while (req->nr_hosts < variant->nr_slots)
		req->hosts[req->nr_hosts++] = req->hosts[0];
	req->type = variant->association ? ASRCB_ASSOCIATION : ASRCB_NULL;
	if (variant->association)
		req->secret_size = 32;
	memset(req->secret, 0x11, req->secret_size);
	ASSERT_EQ(0, asrcb_set_name(req, "add_secret_request"));
	if (variant->simple)
		memset(req->extension, 0x17, sizeof(req->extension));
	if (variant->derived)
		ASSERT_EQ(0, asrcb_derive_extension(req, cck));
	if (variant->no_dump)
		req->flags = ASRCB_NO_DUMP;
	if (!variant->any_uid)
		memset(req->config_uid, 0x42, sizeof(req->config_uid));
}

FIXTURE_TEARDOWN(published)
{
	release(&self->req);
}

TEST_F(published, file_is_sealed)
{
	ASSERT_EQ(variant->size, asrcb_size(&self->req));
	ASSERT_EQ(0, asrcb_seal(&self->req, self->asrcb));
	EXPECT_TRUE(same_hex(self->asrcb + variant->size - 16, 16,
			     variant->tag));
}

/* One request of each type, for the synthetic host. */
FIXTURE(derived) {
	struct asrcb_request req;
	uint8_t asrcb[0x2800];
	uint8_t hash[32];
};

/* @size bytes of @byte after @zeros zero bytes; plaintext is encoded */
FIXTURE_VARIANT(derived) {
	uint16_t type;
	const char *name;
	uint8_t byte;
	uint32_t zeros;
	uint32_t size;
	const char *text;
	size_t total;
	const char *tag;
	const char *sha256;
};

FIXTURE_VARIANT_ADD(derived, null_secret) {
	.type = ASRCB_NULL,
	.total = 1352,
	.tag = "4dfceaa30fa18e235f39e01071ebfb28",
	.sha256 =
		"824cd6e99fd9ff224d5592ea92b9ad3be019f37597059b69eee9b708b68b9479",
};

FIXTURE_VARIANT_ADD(derived, assoc1) {
	.type = ASRCB_ASSOCIATION,
	.name = "assoc1",
	.byte = 0x11,
	.size = 32,
	.total = 1416,
	.tag = "29ce4ef9e9042d659f6afd197201c042",
	.sha256 =
		"f5d781e696d57dcc49b846737ae2694deef3e00fc730f993d615bc87bcc3bf45",
};

FIXTURE_VARIANT_ADD(derived, plain1) {
	.type = ASRCB_PLAINTEXT,
	.name = "plain1",
	.text = "hello world",
	.total = 1400,
	.tag = "a5bbfaccafb4158654d02e5aeef232cf",
	.sha256 =
		"7ce59a8530dadfe29bf1d6f6e14f8c832d040a15ba56f44aa4b03006a5d95322",
};

FIXTURE_VARIANT_ADD(derived, plain2) {
	.type = ASRCB_PLAINTEXT,
	.name = "plain2",
	.byte = 0x07,
	.size = 14,
	.total = 1400,
	.tag = "c0fbdf7c0753ceab0dbc5e21304b1849",
	.sha256 =
		"85827a0567defae601d9cef1ad29f24429d1e9ae3a302e859091cedd071351fa",
};

FIXTURE_VARIANT_ADD(derived, plain0) {
	.type = ASRCB_PLAINTEXT,
	.name = "plain0",
	.total = 1400,
	.tag = "7056d866368ccc81aab69ea94ad20200",
	.sha256 =
		"1ffce11a6dea6aaa0afa7517c4856a3dedd4668a61ab14f46c48d73b2de9828b",
};

FIXTURE_VARIANT_ADD(derived, plainmax) {
	.type = ASRCB_PLAINTEXT,
	.name = "plainmax",
	.byte = 0x5a,
	.size = 8190,
	.total = 9576,
	.tag = "3c9606a466932eb62d812835c8950299",
	.sha256 =
		"0876f8d9670acb1730d282f0b70c2eb00527fc9175407942f56d783f6ae4b0c4",
};

FIXTURE_VARIANT_ADD(derived, aes128) {
	.type = ASRCB_AES_128,
	.name = "aes128",
	.byte = 0x11,
	.size = 16,
	.total = 1400,
	.tag = "d88552507be1e5fbf7ed68779a4e6c2a",
	.sha256 =
		"0c4e9ee015bc38a6586e4cdaff55e9d5e4e18e0d557f487142a92b609f1fe26b",
};

FIXTURE_VARIANT_ADD(derived, aes192) {
	.type = ASRCB_AES_192,
	.name = "aes192",
	.byte = 0x11,
	.size = 24,
	.total = 1408,
	.tag = "1d575a65dd51852365daf31a49c88ee4",
	.sha256 =
		"021dc7b76e88a751bad80ef81c96e69151f904e479d56971d0f252aff5948c20",
};

FIXTURE_VARIANT_ADD(derived, aes256) {
	.type = ASRCB_AES_256,
	.name = "aes256",
	.byte = 0x11,
	.size = 32,
	.total = 1416,
	.tag = "36b7cc620c1e6580dc54471fd9452f0c",
	.sha256 =
		"76f96ec5342af4f5bf00cad814add7fb5084c86b238aa9d0c55bb545b763b158",
};

FIXTURE_VARIANT_ADD(derived, xts128) {
	.type = ASRCB_XTS_128,
	.name = "xts128",
	.byte = 0x11,
	.size = 32,
	.total = 1416,
	.tag = "d584cc97f7e66d6b22d2a9f514ecf537",
	.sha256 =
		"2add38af2edb2fb783e91e0b2cb235b9ada6b31e81db9062c096ae9f5dcf6c14",
};

FIXTURE_VARIANT_ADD(derived, xts256) {
	.type = ASRCB_XTS_256,
	.name = "xts256",
	.byte = 0x11,
	.size = 64,
	.total = 1448,
	.tag = "d9fd8488072b017f458934d825343d90",
	.sha256 =
		"77264639ea358c12e1f0eeb430919da79f33c915fc70974515895dcacc628b36",
};

FIXTURE_VARIANT_ADD(derived, hmac256) {
	.type = ASRCB_HMAC_256,
	.name = "hmac256",
	.byte = 0x11,
	.size = 64,
	.total = 1448,
	.tag = "52d0ef333aa9e4b46099fa1cb4cf31a2",
	.sha256 =
		"851e55f5c0aa3efb53b18ab1687e96483a3801cb2a648fd9bcfec91a4436a172",
};

FIXTURE_VARIANT_ADD(derived, hmac512) {
	.type = ASRCB_HMAC_512,
	.name = "hmac512",
	.byte = 0x11,
	.size = 128,
	.total = 1512,
	.tag = "b2cfdec51804b3ef80dead845ee6f96a",
	.sha256 =
		"76c4f073932b0cec560fb3c0edfd76a8e90736f9f8f27240faaa67251213b192",
};

FIXTURE_VARIANT_ADD(derived, p256) {
	.type = ASRCB_P256,
	.name = "p256",
	.byte = 0x11,
	.size = 32,
	.total = 1416,
	.tag = "41a586f444c840910a9ee9ae9778503a",
	.sha256 =
		"a020665ff5759b8e7e56953b8d0b1f5e6d30f25b0352d41b20c5ecfc643e0e44",
};

FIXTURE_VARIANT_ADD(derived, p384) {
	.type = ASRCB_P384,
	.name = "p384",
	.byte = 0x11,
	.size = 48,
	.total = 1432,
	.tag = "8849de5adc591d691900b2f5c13805b1",
	.sha256 =
		"d1c7e6b47b37e61a3a91190e3211c6ecb1b3b6a8948ab3d16210b2494686fbad",
};

FIXTURE_VARIANT_ADD(derived, p521) {
	.type = ASRCB_P521,
	.name = "p521",
	.byte = 0x88,
	.zeros = 15,
	.size = 65,
	.total = 1464,
	.tag = "f4c1742a217c93d33adb25c3eea5a3a1",
	.sha256 =
		"b2ed060dc3a76fb043375c40c6065499a22c381689a2830a31cf0586540e5b58",
};

FIXTURE_VARIANT_ADD(derived, ed25519) {
	.type = ASRCB_ED25519,
	.name = "ed25519",
	.byte = 0x11,
	.size = 32,
	.total = 1416,
	.tag = "3a595792d113e88a6aa43b346e9c1e83",
	.sha256 =
		"47f24b2827fea496542d4783a3289d651c218dbcf9cfa63ab0df7125bdbe87d5",
};

FIXTURE_VARIANT_ADD(derived, ed448) {
	.type = ASRCB_ED448,
	.name = "ed448",
	.byte = 0x11,
	.zeros = 7,
	.size = 57,
	.total = 1448,
	.tag = "81d76424dc8cff1c4203e00b55cc0120",
	.sha256 =
		"de8add7426f51af71794da84f69784c53cea70e901ca1a825b45ce9f7a5a176c",
};

FIXTURE_VARIANT_ADD(derived, update_cck) {
	.type = ASRCB_UPDATE_CCK,
	.byte = 0x0b,
	.size = 32,
	.total = 1416,
	.tag = "cfff9d9a6b88218c73e0f6e3bf25bcd6",
	.sha256 =
		"de3573f3a2da996adfcfb5c79d2c076f345ba6f552792ea81608287cc3b9432a",
};

FIXTURE_SETUP(derived)
{
	struct asrcb_request *req = &self->req;
	uint8_t value[ASRCB_SECRET_MAX] = {};
	const char *text = variant->text;

	ASSERT_EQ(0, common(req, synthetic_host()));
	req->type = variant->type;
	if (variant->name)
		ASSERT_EQ(0, asrcb_set_name(req, variant->name));
	memset(value + variant->zeros, variant->byte, variant->size);
	req->secret_size = variant->zeros + variant->size;
	memcpy(req->secret, value, req->secret_size);
	/* Private key of the customer: 15 zero bytes, 01, 64 times 88. */
	if (variant->type == ASRCB_P521)
		req->secret[variant->zeros] = 0x01;
	if (variant->type == ASRCB_PLAINTEXT)
		ASSERT_EQ(0, asrcb_set_plaintext(req, text ? text : (char *)value,
						 text ? strlen(text) : variant->size));
}

FIXTURE_TEARDOWN(derived)
{
	release(&self->req);
}

TEST_F(derived, request_is_sealed_byte_by_byte)
{
	ASSERT_EQ(variant->total, asrcb_size(&self->req));
	ASSERT_EQ(0, asrcb_seal(&self->req, self->asrcb));
	EXPECT_TRUE(same_hex(self->asrcb + variant->total - 16, 16,
			     variant->tag));
	ASSERT_NE(NULL, SHA256(self->asrcb, variant->total, self->hash));
	EXPECT_TRUE(same_hex(self->hash, 32, variant->sha256));
}

TEST_F(derived, request_is_the_same_with_slots_made_before)
{
	uint8_t slot[REQUEST_SLOT_SIZE];

	ASSERT_EQ(0, asrcb_seal(&self->req, self->asrcb));
	memcpy(slot, self->asrcb + ASRCB_SLOT_AT, sizeof(slot));
	self->req.slots = slot;
	memset(self->asrcb, 0, sizeof(self->asrcb));
	ASSERT_EQ(0, asrcb_seal(&self->req, self->asrcb));
	ASSERT_NE(NULL, SHA256(self->asrcb, variant->total, self->hash));
	EXPECT_TRUE(same_hex(self->hash, 32, variant->sha256));
}

/* Null secrets with flags and user data.  What is signed has no tag. */
FIXTURE(extra) {
	struct asrcb_request req;
	uint8_t asrcb[0x800];
	uint8_t hash[64];
};

FIXTURE_VARIANT(extra) {
	uint64_t flags;
	uint16_t kind;
	size_t user_data_size;
	const char *sha256;
	const char *signed_sha512;
};

FIXTURE_VARIANT_ADD(extra, no_dump) {
	.flags = ASRCB_NO_DUMP,
	.sha256 =
		"a469d7f501c200ee3b904d7492daa17400e808c9a200a0e01b9e25e3d55d63c6",
};

FIXTURE_VARIANT_ADD(extra, unsigned_user_data) {
	.kind = 1,
	.user_data_size = 0x183,
	.sha256 =
		"87ce0efb479930a27519872bd61cc81787992657dbebe13600dfa5fa1a161337",
};

FIXTURE_VARIANT_ADD(extra, to_be_signed_with_p521) {
	.kind = 2,
	.user_data_size = 256,
	.signed_sha512 =
		"f1e1c3d90327a25539cc16cf4eb695adbc0ab599abec3cb2f2ccc98357b6c39a604c0d1189440f43802a7e6c49c8c94dc912020d08c21e8ff07c9dd87daee5fc",
};

FIXTURE_VARIANT_ADD(extra, to_be_signed_with_rsa_2048) {
	.kind = 3,
	.user_data_size = 256,
	.signed_sha512 =
		"76e700a9fdf020855a99a3c84c78d115c7ccb554b1b4802fd7e13820311994f43803618065ad6f3f4a89e68e3ea7be7b33cbe48b57206cb2d325df72a6d87ee1",
};

FIXTURE_VARIANT_ADD(extra, to_be_signed_with_rsa_3072) {
	.kind = 4,
	.user_data_size = 128,
	.signed_sha512 =
		"25baccd943f0b43ecc1aeabdc000d933be0c489f20ffde7eb2d805a8c54294d91169f52e600e861c04f978cf827fd94cd3dc5ea35b065e92d0921a0571d83954",
};

FIXTURE_SETUP(extra)
{
	ASSERT_EQ(0, common(&self->req, synthetic_host()));
	self->req.type = ASRCB_NULL;
	self->req.flags = variant->flags;
	self->req.kind = variant->kind;
	memset(self->req.user_data, 0x56, variant->user_data_size);
}

FIXTURE_TEARDOWN(extra)
{
	release(&self->req);
}

TEST_F(extra, is_part_of_the_request)
{
	size_t size = asrcb_size(&self->req);

	ASSERT_EQ(1352, size);
	ASSERT_EQ(0, asrcb_seal(&self->req, self->asrcb));
	if (variant->sha256) {
		ASSERT_NE(NULL, SHA256(self->asrcb, size, self->hash));
		EXPECT_TRUE(same_hex(self->hash, 32, variant->sha256));
	} else {
		ASSERT_NE(NULL, SHA512(self->asrcb, size - 16, self->hash));
		EXPECT_TRUE(same_hex(self->hash, 64, variant->signed_sha512));
	}
}

TEST(extension_secret_is_derived)
{
	struct asrcb_request req = {};
	uint8_t cck[ASRCB_CCK_SIZE];

	known_boot_tags(req.boot_tags);
	memset(cck, 0x0b, sizeof(cck));
	ASSERT_EQ(0, asrcb_derive_extension(&req, cck));
	EXPECT_TRUE(same_hex(req.extension, 32,
			     "96d67be7870c58e3c647b5535b43b31e2a92db337576b84966d4a60e511439fe"));
}

TEST(longer_plaintext_than_fits_is_refused)
{
	struct asrcb_request req = {};
	uint8_t payload[ASRCB_PLAINTEXT_MAX + 1] = {};

	EXPECT_EQ(-1, asrcb_set_plaintext(&req, payload, sizeof(payload)));
	EXPECT_EQ(0, asrcb_set_plaintext(&req, payload, sizeof(payload) - 1));
	EXPECT_EQ(ASRCB_SECRET_MAX, req.secret_size);
}

TEST_HARNESS_MAIN
