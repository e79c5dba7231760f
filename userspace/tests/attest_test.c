// SPDX-License-Identifier: MIT
/* Whole responses: what verifies, and that nothing altered does. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "arcb.h"
#include "fake_uv.h"
#include "measurement.h"
#include "tap.h"
#include "vectors.h"

/**
 * struct response - a response with the key it verifies with
 */
struct response {
	struct pv_buffer file;
	struct pv_boot_tags tags;
	uint8_t arpk[32];
};

static void perform(struct response *r, struct fake_uv *uv,
		    const struct pv_buffer *arcb, uint64_t flags,
		    const char *user_data)
{
	uint8_t measurement[64], additional[448];
	struct pv_exchange exchange = { 0 };
	struct pv_exchange_entry *item = exchange.item;
	struct pv_uvdevice_attest attest = {
		.arcb = arcb->data, .arcb_len = (uint32_t)arcb->size,
		.user_data = user_data,
		.user_data_len = (uint16_t)strlen(user_data),
		.measurement = measurement, .measurement_len = 64,
		.additional = additional,
		.additional_len = (uint32_t)pv_additional_size(flags),
	};
	struct pv_error err = { 0 };

	if (pv_uvdevice_attest(&uv->dev, &attest, &err) < 0)
		abort();
	item[PV_EXCHANGE_ARCB].data = arcb->data;
	item[PV_EXCHANGE_ARCB].size = (uint32_t)arcb->size;
	item[PV_EXCHANGE_MEASUREMENT].data = measurement;
	item[PV_EXCHANGE_MEASUREMENT].size = 64;
	item[PV_EXCHANGE_ADDITIONAL].data = additional;
	item[PV_EXCHANGE_ADDITIONAL].size = attest.additional_len;
	item[PV_EXCHANGE_USER_DATA].data = (const uint8_t *)user_data;
	item[PV_EXCHANGE_USER_DATA].size = attest.user_data_len;
	item[PV_EXCHANGE_CONFIG_UID].data = attest.config_uid;
	item[PV_EXCHANGE_CONFIG_UID].size = 16;
	if (pv_exchange_build(&r->file, &exchange, &err) < 0)
		abort();
}

static void make_response(struct response *r, uint64_t flags,
			  const char *user_data)
{
	EVP_PKEY *host = vector_synthetic_key();
	struct pv_arcb_spec spec = {
		.flags = flags, .hosts = &host, .n_hosts = 1,
	};
	struct pv_error err = { 0 };
	struct pv_buffer arcb;
	struct fake_uv uv;

	fake_uv_init(&uv, host);
	if (pv_arcb_spec_randomize(&spec, &err) < 0 ||
	    pv_arcb_create(&arcb, &spec, &err) < 0)
		abort();
	perform(r, &uv, &arcb, flags, user_data);
	memcpy(r->arpk, spec.arpk, sizeof(r->arpk));
	vector_boot_tags(&r->tags);
	pv_buffer_free(&arcb);
	pv_arcb_spec_wipe(&spec);
	EVP_PKEY_free(host);
}

static int verify(const struct response *r, struct pv_error *err)
{
	struct pv_exchange exchange;
	uint64_t flags;

	memset(err, 0, sizeof(*err));
	if (pv_exchange_parse(&exchange, r->file.data, r->file.size, err) < 0)
		return -1;
	return pv_attest_verify(&exchange, &r->tags, r->arpk, &flags, err);
}

static void test_good(uint64_t flags, const char *user_data)
{
	struct pv_error err;
	struct response r;

	make_response(&r, flags, user_data);
	tap_ok(verify(&r, &err) == 0,
	       "verifies: flags %016" PRIx64 ", user data \"%s\"", flags,
	       user_data);
	pv_buffer_free(&r.file);
}

/*
 * Every bit of a response decides, except where an absent entry would stand:
 * nobody reads that.  @ignored: offsets of @n such fields of 4 bytes.
 */
static void test_every_bit(const char *name, uint64_t flags,
			   const char *user_data, const size_t *ignored,
			   size_t n)
{
	unsigned int accepted = 0, refused_ignored = 0;
	struct pv_error err;
	struct response r;

	make_response(&r, flags, user_data);
	for (size_t bit = 0; bit < 8 * r.file.size; bit++) {
		bool matters = true;
		int ret;

		for (size_t i = 0; i < n; i++)
			if (bit / 8 >= ignored[i] && bit / 8 < ignored[i] + 4)
				matters = false;
		r.file.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		ret = verify(&r, &err);
		r.file.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (ret == 0 && matters)
			tap_note("bit %zu of byte 0x%zx", bit % 8, bit / 8);
		accepted += ret == 0 && matters;
		refused_ignored += ret < 0 && !matters;
	}
	tap_ok(accepted == 0, "%s: no bit can be altered unnoticed", name);
	tap_ok(refused_ignored == 0,
	       "%s: the place of an absent entry does not matter", name);
	tap_ok(verify(&r, &err) == 0, "%s: unaltered, it still verifies", name);
	pv_buffer_free(&r.file);
}

static void test_sizes(void)
{
	unsigned int accepted = 0;
	struct pv_error err;
	struct response r;
	size_t size;

	make_response(&r, 0x7c00000000000000, "hello");
	size = r.file.size;
	while (r.file.size > 0) {
		r.file.size--;
		accepted += verify(&r, &err) == 0;
	}
	tap_ok(accepted == 0, "every shorter response is refused");
	r.file.size = size;
	pv_buffer_free(&r.file);
}

/* Every bit of what the verifier brings along. */
static void test_verifier_inputs(void)
{
	uint8_t *tags;
	unsigned int wrong = 0;
	struct pv_error err;
	struct response r;

	make_response(&r, PV_ATTEST_FLAG_NONCE, "");
	tags = (uint8_t *)&r.tags;
	for (size_t bit = 0; bit < 8 * sizeof(r.tags); bit++) {
		tags[bit / 8] ^= (uint8_t)(1 << bit % 8);
		wrong += verify(&r, &err) == 0 || err.code != PV_ERR_MISMATCH;
		tags[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	tap_ok(wrong == 0, "another image is a mismatch, whatever bit differs");
	wrong = 0;
	for (size_t bit = 0; bit < 8 * sizeof(r.arpk); bit++) {
		r.arpk[bit / 8] ^= (uint8_t)(1 << bit % 8);
		wrong += verify(&r, &err) == 0 || err.code != PV_ERR_UNSEAL;
		r.arpk[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	tap_ok(wrong == 0, "another key opens nothing, whatever bit differs");
	tap_ok(verify(&r, &err) == 0, "with the right ones it verifies");
	pv_buffer_free(&r.file);
}

/* A response to one request does not answer another. */
static void test_replay(void)
{
	struct response old, new;
	struct pv_error err;

	make_response(&old, PV_ATTEST_FLAG_NONCE, "");
	make_response(&new, PV_ATTEST_FLAG_NONCE, "");
	memcpy(old.arpk, new.arpk, sizeof(old.arpk));
	tap_ok(verify(&old, &err) < 0 && err.code == PV_ERR_UNSEAL,
	       "an old response does not open with the new key");
	/* The old measurement in a copy of the new response. */
	memcpy(new.file.data + new.file.size - 16 - 64,
	       old.file.data + old.file.size - 16 - 64, 64);
	tap_ok(verify(&new, &err) < 0 && err.code == PV_ERR_MISMATCH,
	       "an old measurement does not answer a new request");
	pv_buffer_free(&old.file);
	pv_buffer_free(&new.file);
}

/* A prefix of the right measurement is not the right measurement. */
static void test_short_measurement(void)
{
	unsigned int accepted = 0;
	struct pv_exchange exchange;
	struct pv_error err = { 0 };
	struct response r;
	uint64_t flags;

	make_response(&r, PV_ATTEST_FLAG_NONCE, "");
	pv_exchange_parse(&exchange, r.file.data, r.file.size, &err);
	for (uint32_t size = 0; size < 64; size++) {
		exchange.item[PV_EXCHANGE_MEASUREMENT].size = size;
		err.code = PV_OK;
		accepted += pv_attest_verify(&exchange, &r.tags, r.arpk,
					     &flags, &err) == 0;
	}
	tap_ok(accepted == 0, "a shorter measurement is refused");
	pv_buffer_free(&r.file);
}

int main(void)
{
	static const size_t minimal[] = { 0x2c, 0x34 };

	tap_start();
	test_good(0, "");
	test_good(PV_ATTEST_FLAG_NONCE, "");
	test_good(0x7c00000000000000, "hello");
	test_good(0x4800000000000000, "");
	test_every_bit("small response", PV_ATTEST_FLAG_NONCE, "", minimal, 2);
	test_every_bit("full response", 0x7c00000000000000, "hello", NULL, 0);
	test_sizes();
	test_verifier_inputs();
	test_replay();
	test_short_measurement();
	return tap_done();
}
