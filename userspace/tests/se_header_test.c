// SPDX-License-Identifier: MIT
/* SE headers and component digests against known answers and refusals. */
#include <stdlib.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/evp.h>

#include "array.h"
#include "bytes.h"
#include "gcm.h"
#include "keyslot.h"
#include "se_digests.h"
#include "se_header.h"
#include "tap.h"
#include "vectors.h"

#define SIZE_OF(slots)	(560 + 80 * (size_t)(slots))

/* Inputs of the known answer for a whole header. */
struct inputs {
	struct pv_se_header head;
	struct pv_se_header_secret secret;
	uint8_t header_key[32];
	uint8_t iv[12];
	EVP_PKEY *host;
	EVP_PKEY *customer;
	struct pv_se_seal_params params;
};

static void inputs_init(struct inputs *in)
{
	memset(in, 0, sizeof(*in));
	memset(in->head.pld, 2, sizeof(in->head.pld));
	memset(in->head.ald, 1, sizeof(in->head.ald));
	memset(in->head.tld, 3, sizeof(in->head.tld));
	in->head.nep = pv_put_be64(1);
	memset(in->secret.cck, 0x31, sizeof(in->secret.cck));
	memset(in->secret.xts_key, 3, sizeof(in->secret.xts_key));
	in->secret.psw_mask = pv_put_be64(5678);
	in->secret.psw_addr = pv_put_be64(1234);
	memset(in->header_key, 0x32, sizeof(in->header_key));
	memset(in->iv, 0x33, sizeof(in->iv));
	in->host = vector_host_key();
	in->customer = vector_customer_key();
	in->params = (struct pv_se_seal_params){
		.head = &in->head,
		.secret = &in->secret,
		.hosts = &in->host,
		.n_hosts = 1,
		.header_key = in->header_key,
		.iv = in->iv,
		.customer = in->customer,
	};
}

static void inputs_release(struct inputs *in)
{
	EVP_PKEY_free(in->host);
	EVP_PKEY_free(in->customer);
}

static void test_known_header(void)
{
	struct pv_error err = { 0 };
	struct inputs in;
	uint8_t *header = NULL;
	size_t len = 0;

	inputs_init(&in);
	if (tap_ok(!pv_se_header_seal(&header, &len, &in.params, &err) &&
		   len == 640, "a header for one host has 640 bytes")) {
		tap_bytes(header + 0x1c0, 48,
			  "e55266e4718905401d308a1294b3883bddcd624c29793bdca00c38d4ab4d55fd"
			  "26c4eb7031b75eabdd7860419566373b",
			  "key slot is the known one");
		tap_bytes(header + 0x1f0, 144,
			  "b4198fe3de90034df004d9cdc7af7b01bf4c4e63738305a0708e757d1eef0733"
			  "ef42ad3df3c71447736b718b44c8dbe954dc6cf285475b9aa0ab0420435a6bd8"
			  "958dd2147d042749a34b01944ef5874c442aa4aeb9d81d3c4c1ce8bfd1da86b8"
			  "6e9ae39042d5915d9d963d5045ee06bebfcaacdd9fbe3efd43a28ef56d171a66"
			  "7165174055f9fffa1e1c8887bb6d76de",
			  "encrypted area and tag are the known ones");
		tap_sha256(header, len,
			   "9aea8b257d5a647a4dba1ba49c27c5a37b3770f02c4a8346202e5626df9b8fb5",
			   "header is the known one byte by byte");
	}
	free(header);
	inputs_release(&in);
}

/* What a host does: agree on the exchange key, open its slot, open the area. */
static void test_host_opens(void)
{
	EVP_PKEY *hosts[2] = { vector_synthetic_key(),
			       vector_synthetic_key_77() };
	struct pv_se_header_secret secret = { 0 };
	uint8_t exchange[32], header_key[32] = { 0 }, zero_iv[12] = { 0 };
	struct pv_error err = { 0 };
	const struct pv_keyslot *slot;
	struct pv_se_view view;
	struct inputs in;
	uint8_t *header = NULL;
	size_t len = 0;

	inputs_init(&in);
	in.params.hosts = hosts;
	in.params.n_hosts = 2;
	tap_ok(!pv_se_header_seal(&header, &len, &in.params, &err) &&
	       !pv_se_header_parse(&view, header, len, &err) &&
	       view.n_slots == 2 && view.slot_size == sizeof(*slot),
	       "a header for two hosts has two slots");
	slot = (const struct pv_keyslot *)(view.slots + view.slot_size);
	tap_bytes(slot->phkh, 32,
		  "1cad0d72bffc4622d1043fe30a3465dc5a4f9ec84b43751ff3cf830b4c8aee8b",
		  "slots stand in the order of the hosts");
	tap_bytes(slot->wrapped_key, 48,
		  "3b926eff4792ec4da45a7cbb36dbd97da0a1b2215fbd4aaeb6237d16e3274163"
		  "7dcb848fe8650e8c06f9f6263b606b0e",
		  "slot of the second host is the known one");
	tap_ok(!pv_exchange_key(exchange, hosts[1], in.customer, &err) &&
	       !pv_gcm_open(exchange, zero_iv, NULL, 0,
			    slot->wrapped_key, 32, header_key, slot->tag,
			    &err) &&
	       !memcmp(header_key, in.header_key, 32),
	       "the second host gets the header key out of its slot");
	tap_ok(!pv_se_header_open(&secret, &view, header_key, &err) &&
	       !memcmp(&secret, &in.secret, sizeof(secret)),
	       "the header key opens the area");
	free(header);
	EVP_PKEY_free(hosts[0]);
	EVP_PKEY_free(hosts[1]);
	inputs_release(&in);
}

static void test_fresh(void)
{
	struct pv_error err = { 0 };
	uint8_t *one = NULL, *two = NULL;
	struct inputs in;
	size_t len = 0;

	inputs_init(&in);
	in.params.iv = NULL;
	in.params.customer = NULL;
	in.head.pcf = pv_put_be64(PV_PCF_NO_COMPONENT_ENCRYPTION | 0xe0);
	tap_ok(!pv_se_header_seal(&one, &len, &in.params, &err) &&
	       !pv_se_header_seal(&two, &len, &in.params, &err),
	       "headers are sealed without given IV and customer key");
	if (one && two) {
		tap_ok(memcmp(one + 0x10, two + 0x10, 12),
		       "every header has an IV of its own");
		tap_ok(memcmp(one + 0x40, two + 0x40, 160),
		       "every header has a customer key of its own");
		tap_bytes(one + 0x38, 8, "00000000100000e0",
			  "control flags are the ones given");
	}
	free(one);
	free(two);
	inputs_release(&in);
}

/* Sealing, then parsing, with many slots. */
static bool round_trip(size_t n, enum pv_error_code *code)
{
	EVP_PKEY *hosts[PV_SE_HEADER_MAX_SLOTS + 1];
	struct pv_error err = { 0 };
	struct pv_se_view view;
	uint8_t *header = NULL;
	struct inputs in;
	size_t len = 0;
	bool good;

	inputs_init(&in);
	for (size_t i = 0; i <= PV_SE_HEADER_MAX_SLOTS; i++)
		hosts[i] = in.host;
	in.params.hosts = hosts;
	in.params.n_hosts = n;
	good = !pv_se_header_seal(&header, &len, &in.params, &err) &&
	       len == SIZE_OF(n) &&
	       !pv_se_header_parse(&view, header, len, &err) &&
	       view.n_slots == n && view.area_len == 128 &&
	       view.tag == header + len - 16;
	*code = err.code;
	free(header);
	inputs_release(&in);
	return good;
}

static void test_sealed_size(void)
{
	struct pv_error err = { 0 };
	size_t size = 0;

	tap_ok(!pv_se_header_sealed_size(&size, 1, &err) && size == 640 &&
	       !pv_se_header_sealed_size(&size, 95, &err) && size == 8160,
	       "the size is known before");
	tap_ok(pv_se_header_sealed_size(&size, 96, &err) < 0 &&
	       err.code == PV_ERR_LIMIT &&
	       pv_se_header_sealed_size(&size, 0, NULL) < 0,
	       "and so is that there cannot be a header");
}

/* As they add up in the tests of other tools. */
static void test_flags(void)
{
	tap_ok((PV_PCF_ALLOW_DUMPING | PV_PCF_BACKUP_TARGET_KEYS) ==
	       0x20000002, "two plaintext flags have the known value");
	tap_ok((PV_PCF_ALLOW_DUMPING | PV_PCF_NO_COMPONENT_ENCRYPTION |
		PV_PCF_PCKMO_DEA_TDEA | PV_PCF_PCKMO_AES | PV_PCF_PCKMO_ECC |
		PV_PCF_PCKMO_HMAC | PV_PCF_BACKUP_TARGET_KEYS) == 0x300000f2,
	       "all plaintext flags have the known value");
	tap_ok((PV_SCF_CCK_EXTENSION_SECRET | PV_SCF_CCK_UPDATE) ==
	       0x6000000000000000, "both secret flags have the known value");
}

static void test_limits(void)
{
	enum pv_error_code code;

	tap_ok(round_trip(1, &code), "one slot is sealed and parsed");
	tap_ok(round_trip(95, &code) && SIZE_OF(95) == 8160,
	       "95 slots are sealed and parsed, 8160 bytes");
	tap_ok(!round_trip(96, &code) && code == PV_ERR_LIMIT,
	       "96 slots are refused");
	tap_ok(!round_trip(0, &code) && code == PV_ERR_LIMIT,
	       "no slot is refused");
}

struct damage {
	const char *name;
	size_t offset;
	uint8_t value;
	enum pv_error_code code;
};

/* Of the known header: 0x280 bytes, one slot, area of 0x80 bytes. */
static const struct damage damages[] = {
	{ "wrong magic", 0, 'i', PV_ERR_FORMAT },
	{ "newer version", 0x0a, 2, PV_ERR_UNSUPPORTED },
	{ "older version", 0x0a, 0, PV_ERR_UNSUPPORTED },
	{ "size field too small", 0x0f, 0x7f, PV_ERR_FORMAT },
	{ "size field too large", 0x0f, 0x81, PV_ERR_FORMAT },
	{ "huge size field", 0x0c, 0xff, PV_ERR_FORMAT },
	{ "no slot", 0x27, 0, PV_ERR_LIMIT },
	{ "one slot too many", 0x27, 2, PV_ERR_FORMAT },
	{ "96 slots", 0x27, 96, PV_ERR_LIMIT },
	{ "2^56 slots", 0x20, 1, PV_ERR_LIMIT },
	{ "area too small", 0x2f, 0x7f, PV_ERR_LIMIT },
	{ "area too large", 0x2f, 0x81, PV_ERR_FORMAT },
	{ "huge area", 0x28, 0xff, PV_ERR_LIMIT },
};

static void test_parse_refusals(const uint8_t *header, size_t len)
{
	uint8_t copy[8192 + 80] = { 0 };
	struct pv_error err = { 0 };
	struct pv_se_view view;
	bool none = true;

	tap_ok(!pv_se_header_parse(&view, header, len, &err),
	       "the header itself is accepted");
	tap_ok(pv_se_header_size(header, len) == len &&
	       pv_se_header_size(header, 16) == len &&
	       !pv_se_header_size(header, 15),
	       "its size can be told from the first 16 bytes");
	for (size_t i = 0; i < ARRAY_SIZE(damages); i++) {
		memcpy(copy, header, len);
		copy[damages[i].offset] = damages[i].value;
		err = (struct pv_error){ 0 };
		tap_ok(pv_se_header_parse(&view, copy, len, &err) < 0 &&
		       err.code == damages[i].code, "refused: %s",
		       damages[i].name);
	}
	for (size_t n = 0; n < len; n++)
		if (!pv_se_header_parse(&view, header, n, NULL))
			none = false;
	tap_ok(none, "refused: cut at any length");
	memcpy(copy, header, len);
	tap_ok(pv_se_header_parse(&view, copy, len + 80, NULL) < 0,
	       "refused: bytes behind its end");
	copy[0x0f] += 80;
	err = (struct pv_error){ 0 };
	tap_ok(pv_se_header_parse(&view, copy, len + 80, &err) < 0 &&
	       err.code == PV_ERR_FORMAT,
	       "refused: bytes behind its end, counted in its size");
	copy[0x0e] = 0x20;
	copy[0x0f] = 0x50;
	err = (struct pv_error){ 0 };
	tap_ok(pv_se_header_parse(&view, copy, 0x2050, &err) < 0 &&
	       err.code == PV_ERR_LIMIT && !pv_se_header_size(copy, len),
	       "refused: larger than 8192 bytes");
}

/* No bit of a header may change without being noticed. */
static void test_open_refusals(uint8_t *header, size_t len,
			       const uint8_t *header_key)
{
	struct pv_se_header_secret secret, zero = { 0 };
	uint8_t wrong[32];
	struct pv_error err = { 0 };
	struct pv_se_view view;
	size_t accepted = 0;

	memcpy(wrong, header_key, sizeof(wrong));
	wrong[31] ^= 1;
	pv_se_header_parse(&view, header, len, NULL);
	memset(&secret, 0xee, sizeof(secret));
	tap_ok(pv_se_header_open(&secret, &view, wrong, &err) < 0 &&
	       err.code == PV_ERR_UNSEAL, "a wrong header key opens nothing");
	tap_ok(!memcmp(&secret, &zero, sizeof(secret)),
	       "and the secret is wiped");
	for (size_t bit = 0; bit < 8 * len; bit++) {
		header[bit / 8] ^= 0x80 >> bit % 8;
		if (!pv_se_header_parse(&view, header, len, NULL) &&
		    !pv_se_header_open(&secret, &view, header_key, NULL))
			accepted++;
		header[bit / 8] ^= 0x80 >> bit % 8;
	}
	tap_ok(!accepted, "every single flipped bit is noticed");
	tap_ok(!pv_se_header_parse(&view, header, len, NULL) &&
	       !pv_se_header_open(&secret, &view, header_key, NULL),
	       "the header as it was opens again");
}

static void test_refusals(void)
{
	uint8_t *header = NULL;
	struct pv_error err = { 0 };
	struct pv_se_header_secret secret;
	struct pv_se_view view;
	struct inputs in;
	size_t len = 0;

	inputs_init(&in);
	if (!tap_ok(!pv_se_header_seal(&header, &len, &in.params, &err),
		    "a header to damage is sealed"))
		return;
	test_parse_refusals(header, len);
	test_open_refusals(header, len, in.header_key);
	free(header);
	in.secret.noi = pv_put_be32(1);
	pv_se_header_seal(&header, &len, &in.params, &err);
	pv_se_header_parse(&view, header, len, &err);
	tap_ok(pv_se_header_open(&secret, &view, in.header_key, &err) < 0 &&
	       err.code == PV_ERR_UNSUPPORTED, "optional items are refused");
	free(header);
	inputs_release(&in);
}

/* Only P-521 keys get a slot. */
static void test_wrong_curve(void)
{
	EVP_PKEY *wrong = EVP_EC_gen("P-384");
	struct pv_error err = { 0 };
	struct inputs in;
	uint8_t *header;
	size_t len;

	inputs_init(&in);
	in.params.hosts = &wrong;
	tap_ok(pv_se_header_seal(&header, &len, &in.params, &err) < 0 &&
	       err.code == PV_ERR_HOSTKEY && !header,
	       "a host key on another curve is refused");
	EVP_PKEY_free(wrong);
	inputs_release(&in);
}

/* One page of a component, encrypted as an image builder does. */
static bool encrypt_page(uint8_t *page, const uint8_t *tweak)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t key[64];
	int len = 0;
	bool good;

	memset(key, 0x42, 32);
	memset(key + 32, 0x43, 32);
	good = ctx &&
	       EVP_EncryptInit_ex(ctx, EVP_aes_256_xts(), NULL, key, tweak) &&
	       EVP_EncryptUpdate(ctx, page, &len, page, PV_PAGE_SIZE) &&
	       len == PV_PAGE_SIZE;
	EVP_CIPHER_CTX_free(ctx);
	return good;
}

static bool add_component(struct pv_se_digests *digests, uint64_t addr,
			  size_t size, uint8_t value)
{
	uint8_t page[PV_PAGE_SIZE], tweak[16] = { 0, 0, 0, 0, 0, 0, 0, 0x42 };
	struct pv_se_place place = { .tweak_prefix = 0x42 };

	for (size_t at = 0; at < size; at += sizeof(page)) {
		size_t n = size - at < sizeof(page) ? size - at : sizeof(page);

		memset(page, 0, sizeof(page));
		memset(page, value, n);
		tweak[14] = (uint8_t)(at >> 8);
		place.addr = addr + at;
		place.offset = at;
		if (!encrypt_page(page, tweak) ||
		    pv_se_digests_pages(digests, page, 1, &place, NULL))
			return false;
	}
	return true;
}

static void test_digests(void)
{
	struct pv_se_digests *digests = pv_se_digests_new(NULL);
	struct pv_se_header head = { 0 };

	tap_ok(digests && add_component(digests, 0x10000, 0x3400, 1) &&
	       add_component(digests, 0x20000, 0x3000, 2) &&
	       !pv_se_digests_final(digests, &head, NULL),
	       "two components are digested");
	tap_ok(pv_get_be64(head.nep) == 7, "they have seven pages");
	tap_bytes(head.pld, 64,
		  "a24ff30a8af1295888dedfe9369eb509290309a90159ebc32ca26a53f9d4364a"
		  "781857e2590587536c3e767355c7b7603f2b0c6a407f16330d82128d0964fad2",
		  "page list digest is the known one");
	tap_bytes(head.ald, 64,
		  "c391de5727a08212ea2fea9c37f9cf090be51f93c6d521b8906332ce720c5f38"
		  "ada0e73e69663e5211d015fef41dc62606f5135e619904d4f450ab889f49caad",
		  "address list digest is the known one");
	tap_bytes(head.tld, 64,
		  "424fe3cf04a6f64a7aef185c3b4ef607c0e4f54bb7e14620b574a3d31eef31c7"
		  "d462eb040d45ee6918e6b80968ba4454f9e2edc26f6929ed624d0055f2355659",
		  "tweak list digest is the known one");
	pv_se_digests_free(digests);
}

/* Any number of pages at once is the same as one after the other. */
static void test_many_pages(void)
{
	struct pv_se_digests *one = pv_se_digests_new(NULL);
	struct pv_se_digests *all = pv_se_digests_new(NULL);
	const struct pv_se_place start = { 0x15000, 0x28, 0x3000 };
	struct pv_se_header want = { 0 }, got = { 0 };
	const size_t n = 100;
	uint8_t *data = calloc(n, PV_PAGE_SIZE);
	bool good = one && all && data;

	for (size_t i = 0; good && i < n; i++) {
		const size_t at = i * PV_PAGE_SIZE;
		const struct pv_se_place place = { 0x15000 + at, 0x28,
						   0x3000 + at };

		data[at] = (uint8_t)i;
		good = !pv_se_digests_pages(one, data + at, 1, &place, NULL);
	}
	tap_ok(good && !pv_se_digests_pages(all, data, n, &start, NULL) &&
	       !pv_se_digests_final(one, &want, NULL) &&
	       !pv_se_digests_final(all, &got, NULL) &&
	       !memcmp(&want, &got, sizeof(want)),
	       "many pages are digested as one after the other");
	pv_se_digests_free(one);
	pv_se_digests_free(all);
	free(data);
}

int main(void)
{
	tap_start();
	test_known_header();
	test_host_opens();
	test_fresh();
	test_limits();
	test_sealed_size();
	test_flags();
	test_refusals();
	test_wrong_curve();
	test_digests();
	test_many_pages();
	return tap_done();
}
