// SPDX-License-Identifier: MIT
/* Attestation requests against known answers, and what a reader refuses. */
#include <stdlib.h>
#include <string.h>

#include "arcb.h"
#include "array.h"
#include "tap.h"
#include "vectors.h"

static void fill_spec(struct pv_arcb_spec *spec, uint64_t flags,
		      EVP_PKEY **hosts, size_t n)
{
	memset(spec, 0, sizeof(*spec));
	spec->flags = flags;
	spec->hosts = hosts;
	spec->n_hosts = n;
	spec->customer = vector_customer_key();
	memset(spec->iv, 0x55, sizeof(spec->iv));
	memset(spec->arpk, 0x17, sizeof(spec->arpk));
	memset(spec->meas_key, 0x77, sizeof(spec->meas_key));
	memset(spec->nonce, 0xab, sizeof(spec->nonce));
}

struct known_request {
	EVP_PKEY *(*hosts[2])(void);
	const char *name;
	uint64_t flags;
	size_t size;
	const char *tag, *sha256;
};

static const struct known_request known[] = {
	{ { vector_host_key }, "published request", 0x7000000000000000, 400,
	  "92cff0ab3e9131bc2984efb24b699cb4",
	  "8eefb020aea5b26d6da24d601636cb3cf034825f71e81c7b1f29c4dfffcaa8a7" },
	{ { vector_synthetic_key }, "all flags", 0x7c00000000000000, 400,
	  "5af421bc532819a7c9a86a226f197174",
	  "655ddfa0356b8ab03f6e0f78f056b72db79875e7b50db340502e95e6a16ff84e" },
	{ { vector_synthetic_key }, "no flag, no nonce", 0, 384,
	  "fad653aafde3ba5dbb5a1c4b2b2f38f4",
	  "a50ee1fe6036672ed3ce387fd03cc4b99df26f3893534785935dba21365a6bf8" },
	{ { vector_host_key, vector_synthetic_key }, "two hosts",
	  0x4000000000000000, 480,
	  "1613cc8c998febfc70af4cbe383ddfd8",
	  "52e257a3c1b2d4b663537f26cc73ba4d47677d88066bac5659049210b2b86120" },
};

static void test_known(const struct known_request *k)
{
	EVP_PKEY *hosts[2] = { 0 };
	struct pv_arcb_spec spec;
	struct pv_buffer arcb = { 0 };
	struct pv_error err = { 0 };
	size_t n = 0;

	for (; n < 2 && k->hosts[n]; n++)
		hosts[n] = k->hosts[n]();
	fill_spec(&spec, k->flags, hosts, n);
	if (tap_ok(pv_arcb_create(&arcb, &spec, &err) == 0 &&
		   arcb.size == k->size, "%s: has %zu bytes", k->name,
		   k->size)) {
		tap_bytes(arcb.data + arcb.size - 16, 16, k->tag, "%s: tag",
			  k->name);
		tap_sha256(arcb.data, arcb.size, k->sha256, "%s: every byte",
			   k->name);
	}
	pv_buffer_free(&arcb);
	pv_arcb_spec_wipe(&spec);
	for (size_t i = 0; i < n; i++)
		EVP_PKEY_free(hosts[i]);
}

/* The request of the reader tests, and the key that opens it. */
static void make_request(struct pv_buffer *arcb, uint8_t arpk[32])
{
	EVP_PKEY *host = vector_host_key();
	struct pv_error err = { 0 };
	struct pv_arcb_spec spec;

	fill_spec(&spec, 0x7000000000000000, &host, 1);
	if (pv_arcb_create(arcb, &spec, &err) < 0)
		abort();
	memcpy(arpk, spec.arpk, 32);
	pv_arcb_spec_wipe(&spec);
	EVP_PKEY_free(host);
}

static void test_open(const struct pv_buffer *arcb, const uint8_t *arpk)
{
	struct pv_error err = { 0 };
	struct pv_arcb_keys keys;
	struct pv_arcb_info info;
	uint8_t want[64];

	memset(want, 0x77, sizeof(want));
	tap_ok(pv_arcb_open(&keys, &info, arcb->data, arcb->size, arpk,
			    &err) == 0, "a request opens with its key");
	tap_ok(memcmp(keys.meas_key, want, 64) == 0,
	       "the measurement key comes out");
	memset(want, 0xab, 16);
	tap_ok(keys.has_nonce && memcmp(keys.nonce, want, 16) == 0,
	       "the nonce comes out");
	tap_ok(info.flags == 0x7000000000000000 && info.n_slots == 1 &&
	       info.encrypted == 0x130 && info.encrypted_size == 80,
	       "the plain text part is reported");
}

struct refusal {
	const char *name;
	size_t offset;
	uint8_t value;
	enum pv_error_code code;
};

/* In the order of the checks: each is also tried with all later ones. */
static const struct refusal refusals[] = {
	{ "magic is not zero", 0x00, 0x11, PV_ERR_FORMAT },
	{ "length field differs from the size", 0x0f, 0x91, PV_ERR_FORMAT },
	{ "unknown version", 0x0a, 0x02, PV_ERR_UNSUPPORTED },
	{ "unknown algorithm", 0x3b, 0x11, PV_ERR_UNSUPPORTED },
	{ "nonce flag without a nonce", 0x2f, 0x40, PV_ERR_FORMAT },
	{ "number of slots does not fit", 0x27, 0x02, PV_ERR_FORMAT },
	{ "reserved byte altered", 0x3c, 0x11, PV_ERR_UNSEAL },
};

static int open_altered(const struct pv_buffer *arcb, const uint8_t *arpk,
			size_t first, size_t last, struct pv_error *err)
{
	uint8_t *copy = malloc(arcb->size);
	struct pv_arcb_keys keys;
	struct pv_arcb_info info;
	int ret;

	memcpy(copy, arcb->data, arcb->size);
	for (size_t i = first; i <= last; i++)
		copy[refusals[i].offset] = refusals[i].value;
	ret = pv_arcb_open(&keys, &info, copy, arcb->size, arpk, err);
	free(copy);
	return ret;
}

static void test_refusals(const struct pv_buffer *arcb, const uint8_t *arpk)
{
	size_t n = ARRAY_SIZE(refusals);

	for (size_t i = 0; i < n; i++) {
		struct pv_error alone = { 0 }, first = { 0 };

		tap_ok(open_altered(arcb, arpk, i, i, &alone) < 0 &&
		       alone.code == refusals[i].code, "refused: %s",
		       refusals[i].name);
		tap_ok(open_altered(arcb, arpk, i, n - 1, &first) < 0 &&
		       strcmp(first.text, alone.text) == 0,
		       "checked before all that follows: %s",
		       refusals[i].name);
	}
}

static void test_sizes(const struct pv_buffer *arcb, const uint8_t *arpk)
{
	unsigned int accepted = 0;
	struct pv_arcb_keys keys;
	struct pv_arcb_info info;

	for (size_t size = 0; size < arcb->size; size++) {
		/* A buffer of that very size, so that the sanitizer watches. */
		uint8_t *copy = malloc(size ? size : 1);
		struct pv_error err = { 0 };

		memcpy(copy, arcb->data, size);
		if (size >= 16) {
			copy[0x0e] = (uint8_t)(size >> 8);
			copy[0x0f] = (uint8_t)size;
		}
		accepted += pv_arcb_open(&keys, &info, copy, size, arpk,
					 &err) == 0;
		free(copy);
	}
	tap_ok(accepted == 0, "every shorter request is refused");
}

static void test_every_bit(const struct pv_buffer *arcb, const uint8_t *arpk)
{
	unsigned int accepted = 0;

	for (size_t bit = 0; bit < 8 * arcb->size; bit++) {
		struct pv_error err = { 0 };
		struct pv_arcb_keys keys;
		struct pv_arcb_info info;

		arcb->data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (pv_arcb_open(&keys, &info, arcb->data, arcb->size, arpk,
				 &err) == 0) {
			tap_note("bit %zu does not matter", bit);
			accepted++;
		}
		arcb->data[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	tap_ok(accepted == 0, "no bit of a request can be altered unnoticed");
}

static void test_wrong_key(const struct pv_buffer *arcb, const uint8_t *arpk)
{
	struct pv_error err = { 0 };
	struct pv_arcb_keys keys;
	struct pv_arcb_info info;
	uint8_t other[32], zero[64] = { 0 };

	memcpy(other, arpk, 32);
	other[31] ^= 1;
	tap_ok(pv_arcb_open(&keys, &info, arcb->data, arcb->size, other,
			    &err) < 0 && err.code == PV_ERR_UNSEAL,
	       "refused: another request's key");
	tap_ok(memcmp(keys.meas_key, zero, 64) == 0,
	       "nothing is left of a refused request");
}

static void test_host_counts(void)
{
	static const struct { size_t n; bool good; } counts[] = {
		{ 0, false }, { 1, true }, { 255, true }, { 256, false },
	};
	EVP_PKEY *host = vector_host_key();
	EVP_PKEY *hosts[256];

	for (size_t i = 0; i < 256; i++)
		hosts[i] = host;
	for (size_t i = 0; i < 4; i++) {
		struct pv_buffer arcb = { 0 };
		struct pv_error err = { 0 };
		struct pv_arcb_spec spec;

		fill_spec(&spec, PV_ATTEST_FLAG_NONCE, hosts, counts[i].n);
		tap_ok((pv_arcb_create(&arcb, &spec, &err) == 0) ==
		       counts[i].good &&
		       (counts[i].good || err.code == PV_ERR_LIMIT),
		       "%zu host keys are %s", counts[i].n,
		       counts[i].good ? "possible" : "refused");
		pv_buffer_free(&arcb);
		pv_arcb_spec_wipe(&spec);
	}
	EVP_PKEY_free(host);
}

static void test_random(void)
{
	struct pv_arcb_spec a = { 0 }, b = { 0 };
	struct pv_error err = { 0 };

	tap_ok(pv_arcb_spec_randomize(&a, &err) == 0 &&
	       pv_arcb_spec_randomize(&b, &err) == 0,
	       "keys of a request are drawn");
	tap_ok(memcmp(a.iv, b.iv, sizeof(a.iv)) != 0 &&
	       memcmp(a.arpk, b.arpk, sizeof(a.arpk)) != 0 &&
	       memcmp(a.meas_key, b.meas_key, sizeof(a.meas_key)) != 0 &&
	       memcmp(a.nonce, b.nonce, sizeof(a.nonce)) != 0,
	       "every request has its own IV, keys and nonce");
	pv_arcb_spec_wipe(&a);
	pv_arcb_spec_wipe(&b);
}

int main(void)
{
	struct pv_buffer arcb;
	uint8_t arpk[32];

	tap_start();
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		test_known(&known[i]);
	make_request(&arcb, arpk);
	test_open(&arcb, arpk);
	test_refusals(&arcb, arpk);
	test_sizes(&arcb, arpk);
	test_every_bit(&arcb, arpk);
	test_wrong_key(&arcb, arpk);
	test_host_counts();
	test_random();
	pv_buffer_free(&arcb);
	return tap_done();
}
