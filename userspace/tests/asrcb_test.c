// SPDX-License-Identifier: MIT
/* Add-secret requests against known answers, and what a reader refuses. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "asrcb.h"
#include "measurement.h"
#include "secret.h"
#include "tap.h"
#include "vectors.h"

static void make(struct pv_buffer *asrcb, const struct pv_asrcb_spec *spec)
{
	struct pv_error err = { 0 };

	if (pv_asrcb_create(asrcb, spec, &err) == 0)
		return;
	tap_note("%s", err.text);
	abort();
}

static const uint8_t *tag_of(const struct pv_buffer *asrcb)
{
	return asrcb->data + asrcb->size - PV_GCM_TAG_SIZE;
}

enum extension { NONE, SIMPLE, DERIVED };

/* Requests that s390-tools publishes, all for the same host. */
static const struct published {
	const char *name;
	bool association;
	enum extension extension;
	uint64_t flags;
	bool bound;		/* to a configuration UID */
	size_t slots;
	size_t size;
	const char *tag;
} published[] = {
	{ "null_none_default_cuid_one", false, NONE, 0, true, 1, 1352,
	  "04e2c301200abaf71117ac30b972a70c" },
	{ "assoc_none_default_cuid_one", true, NONE, 0, true, 1, 1416,
	  "fbf57e5391337ffd69fc201c589e4ae2" },
	{ "null_simple_default_cuid_one", false, SIMPLE, 0, true, 1, 1352,
	  "497926d1c60026ebbc40c2e12dbf85ce" },
	{ "assoc_simple_default_cuid_one", true, SIMPLE, 0, true, 1, 1416,
	  "b66e9b837739e3e1c4ab4ecdcc536820" },
	{ "null_derived_default_cuid_one", false, DERIVED, 0, true, 1, 1352,
	  "bfaf761c7c6955c99e600dcacd39283e" },
	{ "assoc_derived_default_cuid_one", true, DERIVED, 0, true, 1, 1416,
	  "40b8cb4ecd5090c3e68b81e62cd5c5d0" },
	{ "null_none_dump_cuid_one", false, NONE,
	  PV_ADD_SECRET_FLAG_DISABLE_DUMP, true, 1, 1352,
	  "af18671392f569ca610176e2c1606889" },
	{ "null_none_default_ncuid_one", false, NONE, 0, false, 1, 1352,
	  "7c5f4a3ddfab6e2e9c45575515508ee0" },
	{ "null_none_default_cuid_seven", false, NONE, 0, true, 7, 1832,
	  "5ea37a9e1120360598dee2ad3ec232ab" },
};

/* The order in which s390-tools hashes the tags of these requests. */
static const uint8_t store_order[] = { 5, 3, 0, 7, 2, 1, 4, 8, 6 };

static void fill_published(struct pv_asrcb_spec *spec,
			   const struct published *p, EVP_PKEY **hosts)
{
	static const uint8_t cck[PV_CCK_SIZE];
	static const uint8_t value[32] = {
		0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
		0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
		0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
		0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
	};

	vector_asrcb_spec(spec, hosts);
	spec->n_hosts = p->slots;
	spec->flags = p->flags;
	if (p->bound)
		memset(spec->config_uid, 0x42, sizeof(spec->config_uid));
	if (p->extension == SIMPLE)
		memset(spec->extension, 0x17, sizeof(spec->extension));
	if (p->extension == DERIVED &&
	    pv_extension_secret_derive(spec->extension, cck,
				       spec->boot_tags.tag, NULL) < 0)
		abort();
	if (!p->association)
		return;
	spec->type = PV_SECRET_ASSOCIATION;
	spec->secret = value;
	spec->secret_size = sizeof(value);
	if (pv_secret_id_from_name(spec->id, "add_secret_request", NULL) < 0)
		abort();
}

static void test_published(void)
{
	uint8_t tags[ARRAY_SIZE(published)][16], ordered[9][16], hash[64];
	EVP_PKEY *host = vector_host_key();
	EVP_PKEY *hosts[7];

	for (size_t i = 0; i < 7; i++)
		hosts[i] = host;
	for (size_t i = 0; i < ARRAY_SIZE(published); i++) {
		const struct published *p = &published[i];
		struct pv_asrcb_spec spec;
		struct pv_buffer asrcb;

		fill_published(&spec, p, hosts);
		make(&asrcb, &spec);
		tap_ok(asrcb.size == p->size, "%s: has %zu bytes", p->name,
		       p->size);
		tap_bytes(tag_of(&asrcb), 16, p->tag, "%s: tag", p->name);
		memcpy(tags[i], tag_of(&asrcb), 16);
		pv_buffer_free(&asrcb);
		EVP_PKEY_free(spec.customer);
	}
	for (size_t i = 0; i < ARRAY_SIZE(store_order); i++)
		memcpy(ordered[i], tags[store_order[i]], 16);
	pv_secret_store_hash(hash, ordered[0], 9, true, NULL);
	tap_bytes(hash, 64,
		  "d048702b4a79478b985e92e7edff453f63f2044e7d72faf12efd2eaea0cd0505559ed6665a06f6b4f9c6fcf9f2960e6cd3c3cc8cafe57ac8406e616bf9529517",
		  "hash of a locked store with all nine");
	EVP_PKEY_free(host);
}

/* One request of each type; values are @zeros zero bytes, then @n times @fill. */
static const struct typed {
	enum pv_secret_type type;
	const char *name;
	size_t zeros, n;
	uint8_t fill;
	size_t size;
	const char *tag, *sha256;
} typed[] = {
	{ PV_SECRET_NULL, NULL, 0, 0, 0x00, 1352,
	  "4dfceaa30fa18e235f39e01071ebfb28",
	  "824cd6e99fd9ff224d5592ea92b9ad3be019f37597059b69eee9b708b68b9479" },
	{ PV_SECRET_ASSOCIATION, "assoc1", 0, 32, 0x11, 1416,
	  "29ce4ef9e9042d659f6afd197201c042",
	  "f5d781e696d57dcc49b846737ae2694deef3e00fc730f993d615bc87bcc3bf45" },
	{ PV_SECRET_PLAINTEXT, "plain1", 0, 11, 0x00, 1400,
	  "a5bbfaccafb4158654d02e5aeef232cf",
	  "7ce59a8530dadfe29bf1d6f6e14f8c832d040a15ba56f44aa4b03006a5d95322" },
	{ PV_SECRET_PLAINTEXT, "plain2", 0, 14, 0x07, 1400,
	  "c0fbdf7c0753ceab0dbc5e21304b1849",
	  "85827a0567defae601d9cef1ad29f24429d1e9ae3a302e859091cedd071351fa" },
	{ PV_SECRET_PLAINTEXT, "plain0", 0, 0, 0x00, 1400,
	  "7056d866368ccc81aab69ea94ad20200",
	  "1ffce11a6dea6aaa0afa7517c4856a3dedd4668a61ab14f46c48d73b2de9828b" },
	{ PV_SECRET_PLAINTEXT, "plainmax", 0, 8190, 0x5a, 9576,
	  "3c9606a466932eb62d812835c8950299",
	  "0876f8d9670acb1730d282f0b70c2eb00527fc9175407942f56d783f6ae4b0c4" },
	{ PV_SECRET_AES_128, "aes128", 0, 16, 0x11, 1400,
	  "d88552507be1e5fbf7ed68779a4e6c2a",
	  "0c4e9ee015bc38a6586e4cdaff55e9d5e4e18e0d557f487142a92b609f1fe26b" },
	{ PV_SECRET_AES_192, "aes192", 0, 24, 0x11, 1408,
	  "1d575a65dd51852365daf31a49c88ee4",
	  "021dc7b76e88a751bad80ef81c96e69151f904e479d56971d0f252aff5948c20" },
	{ PV_SECRET_AES_256, "aes256", 0, 32, 0x11, 1416,
	  "36b7cc620c1e6580dc54471fd9452f0c",
	  "76f96ec5342af4f5bf00cad814add7fb5084c86b238aa9d0c55bb545b763b158" },
	{ PV_SECRET_AES_XTS_128, "xts128", 0, 32, 0x11, 1416,
	  "d584cc97f7e66d6b22d2a9f514ecf537",
	  "2add38af2edb2fb783e91e0b2cb235b9ada6b31e81db9062c096ae9f5dcf6c14" },
	{ PV_SECRET_AES_XTS_256, "xts256", 0, 64, 0x11, 1448,
	  "d9fd8488072b017f458934d825343d90",
	  "77264639ea358c12e1f0eeb430919da79f33c915fc70974515895dcacc628b36" },
	{ PV_SECRET_HMAC_SHA_256, "hmac256", 0, 64, 0x11, 1448,
	  "52d0ef333aa9e4b46099fa1cb4cf31a2",
	  "851e55f5c0aa3efb53b18ab1687e96483a3801cb2a648fd9bcfec91a4436a172" },
	{ PV_SECRET_HMAC_SHA_512, "hmac512", 0, 128, 0x11, 1512,
	  "b2cfdec51804b3ef80dead845ee6f96a",
	  "76c4f073932b0cec560fb3c0edfd76a8e90736f9f8f27240faaa67251213b192" },
	{ PV_SECRET_EC_P256, "p256", 0, 32, 0x11, 1416,
	  "41a586f444c840910a9ee9ae9778503a",
	  "a020665ff5759b8e7e56953b8d0b1f5e6d30f25b0352d41b20c5ecfc643e0e44" },
	{ PV_SECRET_EC_P384, "p384", 0, 48, 0x11, 1432,
	  "8849de5adc591d691900b2f5c13805b1",
	  "d1c7e6b47b37e61a3a91190e3211c6ecb1b3b6a8948ab3d16210b2494686fbad" },
	{ PV_SECRET_EC_P521, "p521", 16, 64, 0x88, 1464,
	  "f4c1742a217c93d33adb25c3eea5a3a1",
	  "b2ed060dc3a76fb043375c40c6065499a22c381689a2830a31cf0586540e5b58" },
	{ PV_SECRET_EC_ED25519, "ed25519", 0, 32, 0x11, 1416,
	  "3a595792d113e88a6aa43b346e9c1e83",
	  "47f24b2827fea496542d4783a3289d651c218dbcf9cfa63ab0df7125bdbe87d5" },
	{ PV_SECRET_EC_ED448, "ed448", 7, 57, 0x11, 1448,
	  "81d76424dc8cff1c4203e00b55cc0120",
	  "de8add7426f51af71794da84f69784c53cea70e901ca1a825b45ce9f7a5a176c" },
	{ PV_SECRET_UPDATE_CCK, NULL, 0, 32, 0x0b, 1416,
	  "cfff9d9a6b88218c73e0f6e3bf25bcd6",
	  "de3573f3a2da996adfcfb5c79d2c076f345ba6f552792ea81608287cc3b9432a" },
};

static void fill_value(struct pv_buffer *value, const struct typed *t)
{
	uint8_t payload[PV_PLAINTEXT_MAX] = { 0 };
	size_t size = t->zeros + t->n;

	memset(payload + t->zeros, t->fill, t->n);
	if (t->type == PV_SECRET_EC_P521)
		payload[15] = 1;
	if (t->type == PV_SECRET_PLAINTEXT && !t->fill)
		memcpy(payload, "hello world", t->n);
	if (t->type == PV_SECRET_PLAINTEXT) {
		if (pv_secret_from_plaintext(value, payload, size, NULL) < 0)
			abort();
		return;
	}
	if (pv_buffer_alloc(value, size, NULL) < 0)
		abort();
	if (size)
		memcpy(value->data, payload, size);
}

static void test_type(const struct typed *t)
{
	EVP_PKEY *host = vector_synthetic_key();
	struct pv_asrcb_spec spec;
	struct pv_buffer asrcb, value;
	struct pv_asrcb_info info;
	struct pv_error err = { 0 };
	const char *name = pv_secret_kind(t->type)->name;

	vector_asrcb_spec(&spec, &host);
	fill_value(&value, t);
	spec.type = t->type;
	spec.secret = value.data;
	spec.secret_size = value.size;
	/* Where it does not belong, the id must not matter. */
	memset(spec.id, 0x99, sizeof(spec.id));
	if (t->name && pv_secret_id_from_name(spec.id, t->name, NULL) < 0)
		abort();
	make(&asrcb, &spec);
	tap_ok(asrcb.size == t->size, "%s '%s': has %zu bytes", name,
	       t->name ? t->name : "", t->size);
	tap_bytes(tag_of(&asrcb), 16, t->tag, "%s: tag", name);
	tap_sha256(asrcb.data, asrcb.size, t->sha256, "%s: every byte", name);
	tap_ok(pv_asrcb_parse(&info, asrcb.data, asrcb.size, &err) == 0 &&
	       info.type == t->type && info.size == value.size &&
	       info.kind == PV_USER_DATA_NONE && info.n_slots == 1 &&
	       info.data_size == 0 && !info.id == !t->name &&
	       (!info.id || memcmp(info.id, spec.id, 32) == 0),
	       "%s: is read as it was made", name);
	pv_buffer_free(&asrcb);
	pv_buffer_free(&value);
	EVP_PKEY_free(spec.customer);
	EVP_PKEY_free(host);
}

static void test_further(void)
{
	uint8_t data[0x183], extension[32], cck[32], salt[16];
	EVP_PKEY *host = vector_synthetic_key();
	struct pv_asrcb_spec spec;
	struct pv_buffer asrcb;

	vector_asrcb_spec(&spec, &host);
	spec.flags = PV_ADD_SECRET_FLAG_DISABLE_DUMP;
	make(&asrcb, &spec);
	tap_sha256(asrcb.data, asrcb.size,
		   "a469d7f501c200ee3b904d7492daa17400e808c9a200a0e01b9e25e3d55d63c6",
		   "a request that forbids dumps");
	pv_buffer_free(&asrcb);
	spec.flags = 0;
	memset(data, 0x56, sizeof(data));
	spec.user_data = data;
	spec.user_data_size = sizeof(data);
	make(&asrcb, &spec);
	tap_bytes(tag_of(&asrcb), 16, "d8edab8c32cd734044eb949da7901b95",
		  "user data without signature: tag");
	tap_sha256(asrcb.data, asrcb.size,
		   "87ce0efb479930a27519872bd61cc81787992657dbebe13600dfa5fa1a161337",
		   "user data without signature: every byte");
	pv_buffer_free(&asrcb);
	memset(cck, 0x0b, sizeof(cck));
	memset(salt, 0x04, sizeof(salt));
	pv_extension_secret_derive(extension, cck, salt, NULL);
	tap_bytes(extension, 32,
		  "96d67be7870c58e3c647b5535b43b31e2a92db337576b84966d4a60e511439fe",
		  "extension secret of a CCK");
	EVP_PKEY_free(spec.customer);
	EVP_PKEY_free(host);
}

/* What a spec can have wrong with it. */
static void test_bad_specs(void)
{
	static const struct {
		const char *name;
		enum pv_secret_type type;
		size_t size, data_size, hosts;
		enum pv_error_code code;
	} bad[] = {
		{ "type 0", 0, 0, 0, 1, PV_ERR_UNSUPPORTED },
		{ "type 0x0b", 0x0b, 0, 0, 1, PV_ERR_UNSUPPORTED },
		{ "type 0x17", 0x17, 32, 0, 1, PV_ERR_UNSUPPORTED },
		{ "null secret with a value", 1, 16, 0, 1, PV_ERR_FORMAT },
		{ "short key", 6, 31, 0, 1, PV_ERR_FORMAT },
		{ "long key", 4, 32, 0, 1, PV_ERR_FORMAT },
		{ "empty plaintext object", 3, 0, 0, 1, PV_ERR_FORMAT },
		{ "odd plaintext object", 3, 24, 0, 1, PV_ERR_FORMAT },
		{ "large plaintext object", 3, 8208, 0, 1, PV_ERR_FORMAT },
		{ "513 bytes of user data", 1, 0, 513, 1, PV_ERR_LIMIT },
		{ "no host", 1, 0, 0, 0, PV_ERR_LIMIT },
		{ "256 hosts", 1, 0, 0, 256, PV_ERR_LIMIT },
	};
	static const uint8_t bytes[8208];
	EVP_PKEY *host = vector_synthetic_key();
	struct pv_asrcb_spec spec;

	vector_asrcb_spec(&spec, &host);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct pv_error err = { 0 };
		struct pv_buffer asrcb;

		spec.type = bad[i].type;
		spec.secret = bytes;
		spec.secret_size = bad[i].size;
		spec.user_data = bad[i].data_size ? bytes : NULL;
		spec.user_data_size = bad[i].data_size;
		spec.n_hosts = bad[i].hosts;
		tap_ok(pv_asrcb_create(&asrcb, &spec, &err) < 0 &&
		       err.code == bad[i].code && !asrcb.data,
		       "not made: %s", bad[i].name);
	}
	EVP_PKEY_free(spec.customer);
	EVP_PKEY_free(host);
}

/* An association secret with two slots: S = 0x558, area at 0x588, tag 0x5c8. */
static void make_request(struct pv_buffer *asrcb)
{
	EVP_PKEY *host = vector_synthetic_key();
	EVP_PKEY *hosts[2] = { host, host };
	static const uint8_t value[32];
	struct pv_asrcb_spec spec;

	vector_asrcb_spec(&spec, hosts);
	spec.n_hosts = 2;
	spec.type = PV_SECRET_ASSOCIATION;
	spec.secret = value;
	spec.secret_size = sizeof(value);
	make(asrcb, &spec);
	EVP_PKEY_free(spec.customer);
	EVP_PKEY_free(host);
}

/* In the order of the checks: each is also tried with all later ones. */
static const struct refusal {
	const char *name;
	size_t offset;
	uint8_t value;
	enum pv_error_code code;
} refusals[] = {
	{ "magic", 0x00, 0x11, PV_ERR_FORMAT },
	{ "length field differs from the size", 0x0f, 0xd9, PV_ERR_FORMAT },
	{ "unknown version", 0x0a, 0x02, PV_ERR_UNSUPPORTED },
	{ "unknown kind of user data", 0x07, 0x05, PV_ERR_UNSUPPORTED },
	{ "no slot", 0x27, 0x00, PV_ERR_FORMAT },
	{ "no room for an extension secret", 0x2f, 0x1f, PV_ERR_FORMAT },
	{ "unknown type", 0x55b, 0x0b, PV_ERR_UNSUPPORTED },
	{ "size of the secret", 0x55f, 0x21, PV_ERR_FORMAT },
};

static int parse_altered(const struct pv_buffer *asrcb, size_t first,
			 size_t last, struct pv_error *err)
{
	uint8_t *copy = malloc(asrcb->size);
	struct pv_asrcb_info info;
	int ret;

	memcpy(copy, asrcb->data, asrcb->size);
	for (size_t i = first; i <= last; i++)
		copy[refusals[i].offset] = refusals[i].value;
	ret = pv_asrcb_parse(&info, copy, asrcb->size, err);
	free(copy);
	return ret;
}

static void test_refusals(const struct pv_buffer *asrcb)
{
	size_t n = ARRAY_SIZE(refusals);

	for (size_t i = 0; i < n; i++) {
		struct pv_error alone = { 0 }, first = { 0 };

		tap_ok(parse_altered(asrcb, i, i, &alone) < 0 &&
		       alone.code == refusals[i].code, "refused: %s",
		       refusals[i].name);
		tap_ok(parse_altered(asrcb, i, n - 1, &first) < 0 &&
		       strcmp(first.text, alone.text) == 0,
		       "checked before all that follows: %s",
		       refusals[i].name);
	}
}

/* Fields that are right alone, but do not fit each other. */
static void test_contradictions(struct pv_buffer *asrcb)
{
	static const struct {
		const char *name;
		size_t offset;
		uint8_t value;
	} wrong[] = {
		{ "one slot less", 0x27, 1 },
		{ "one slot more", 0x27, 3 },
		{ "255 slots", 0x27, 255 },
		{ "encrypted area beyond the request", 0x2d, 1 },
		{ "encrypted area of 4 GiB", 0x2c, 0xff },
		{ "a gap", 0x2f, 0x3f },
		{ "a header of 16 bytes with an id's type", 0x2f, 0x60 },
		{ "null secret with an id", 0x55b, 1 },
		{ "key larger than its area", 0x55b, 8 },
	};
	struct pv_asrcb_info info;

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		uint8_t old = asrcb->data[wrong[i].offset];
		struct pv_error err = { 0 };

		asrcb->data[wrong[i].offset] = wrong[i].value;
		tap_ok(pv_asrcb_parse(&info, asrcb->data, asrcb->size,
				      &err) < 0 && err.code == PV_ERR_FORMAT,
		       "refused: %s", wrong[i].name);
		asrcb->data[wrong[i].offset] = old;
	}
	/* Type and size fit each other, but not the encrypted area. */
	asrcb->data[0x55b] = PV_SECRET_AES_128;
	asrcb->data[0x55f] = 16;
	tap_ok(pv_asrcb_parse(&info, asrcb->data, asrcb->size, NULL) < 0,
	       "refused: an encrypted area larger than the secret");
}

static void test_sizes(const struct pv_buffer *asrcb)
{
	uint8_t *large = calloc(1, PV_ASRCB_MAX_SIZE + 1);
	struct pv_asrcb_info info;
	unsigned int accepted = 0;

	for (size_t size = 0; size < asrcb->size; size++) {
		/* A buffer of that very size, so that the sanitizer watches. */
		uint8_t *copy = malloc(size ? size : 1);

		memcpy(copy, asrcb->data, size);
		if (size >= 16) {
			copy[0x0e] = (uint8_t)(size >> 8);
			copy[0x0f] = (uint8_t)size;
		}
		accepted += pv_asrcb_parse(&info, copy, size, NULL) == 0;
		free(copy);
	}
	tap_ok(accepted == 0, "every shorter request is refused");
	memcpy(large, asrcb->data, asrcb->size);
	memcpy(large + 0x0c, "\0\x10\0\1", 4);
	tap_ok(pv_asrcb_parse(&info, large, PV_ASRCB_MAX_SIZE + 1, NULL) < 0,
	       "a request of more than 1 MiB is refused");
	free(large);
}

static void test_random(void)
{
	EVP_PKEY *host = vector_synthetic_key();
	struct pv_asrcb_spec a, b;
	struct pv_buffer one, two;
	struct pv_error err = { 0 };

	vector_asrcb_spec(&a, &host);
	EVP_PKEY_free(a.customer);
	a.customer = NULL;
	b = a;
	make(&one, &a);
	make(&two, &a);
	tap_ok(memcmp(one.data + 0x418, two.data + 0x418, 160) != 0,
	       "every request has its own customer key");
	tap_ok(pv_asrcb_spec_randomize(&a, &err) == 0 &&
	       pv_asrcb_spec_randomize(&b, &err) == 0 &&
	       memcmp(a.iv, b.iv, sizeof(a.iv)) != 0 &&
	       memcmp(a.key, b.key, sizeof(a.key)) != 0,
	       "every request has its own IV and key");
	memset(a.extension, 0x17, sizeof(a.extension));
	pv_asrcb_spec_wipe(&a);
	memset(&b.key, 0, sizeof(b.key));
	memset(&b.extension, 0, sizeof(b.extension));
	tap_ok(memcmp(a.key, b.key, sizeof(a.key)) == 0 &&
	       memcmp(a.extension, b.extension, sizeof(a.extension)) == 0,
	       "keys are wiped");
	pv_buffer_free(&one);
	pv_buffer_free(&two);
	EVP_PKEY_free(host);
}

int main(void)
{
	struct pv_buffer asrcb;

	tap_start();
	test_published();
	for (size_t i = 0; i < ARRAY_SIZE(typed); i++)
		test_type(&typed[i]);
	test_further();
	test_bad_specs();
	make_request(&asrcb);
	test_refusals(&asrcb);
	test_sizes(&asrcb);
	test_contradictions(&asrcb);
	test_random();
	pv_buffer_free(&asrcb);
	return tap_done();
}
