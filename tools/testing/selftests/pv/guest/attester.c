// SPDX-License-Identifier: GPL-2.0
/*
 * One attestation through /dev/uv.
 */
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "attester.h"

/* Every test is a process of its own; all of them get the seed from here. */
static void __attribute__((constructor)) choose_seed(void)
{
	char text[16];
	uint32_t seed;

	if (RAND_bytes((uint8_t *)&seed, sizeof(seed)) != 1)
		seed = 1;
	snprintf(text, sizeof(text), "%u", seed);
	setenv("PV_SEED", text, 0);
}

/**
 * attester_seed() - Start of everything random in a test
 *
 * Printed on the first use, so that a run can be repeated with PV_SEED.
 *
 * Return: the number in PV_SEED
 */
uint64_t attester_seed(void)
{
	static bool printed;
	const char *seed = getenv("PV_SEED");

	if (!printed)
		fprintf(stderr, "# PV_SEED=%s\n", seed);
	printed = true;
	return strtoull(seed, NULL, 0);
}

/** attester_bytes() - Reproducible: hashes over seed, purpose and counter */
void attester_bytes(uint64_t seed, char purpose, uint8_t *out, size_t len)
{
	struct {
		uint64_t seed;
		uint32_t counter;
		uint8_t purpose;
		uint8_t zero[3];
	} block = { .seed = htobe64(seed), .purpose = (uint8_t)purpose };
	uint8_t hash[SHA512_DIGEST_LENGTH];
	size_t n;

	for (; len; len -= n, out += n, block.counter++) {
		SHA512((uint8_t *)&block, sizeof(block), hash);
		n = len < sizeof(hash) ? len : sizeof(hash);
		memcpy(out, hash, n);
	}
}

/**
 * attester_new() - Prepare an attestation without additional data
 * @seed: of the request's keys, nonce and user data
 *
 * Return: buffers filled with ATTESTER_FILL and an argument that points to
 * them, with a measurement of the usual size and no request yet; or NULL
 */
struct attester *attester_new(uint64_t seed)
{
	struct attester *at = calloc(1, sizeof(*at));
	struct arcb_request *req;
	uint8_t scalar[64];

	if (!at)
		return NULL;
	req = &at->req;
	attester_bytes(seed, 'c', scalar, sizeof(scalar));
	attester_bytes(seed, 'i', req->iv, sizeof(req->iv));
	attester_bytes(seed, 'k', req->key, sizeof(req->key));
	attester_bytes(seed, 'm', req->meas_key, sizeof(req->meas_key));
	attester_bytes(seed, 'n', req->nonce, sizeof(req->nonce));
	attester_bytes(seed, 'u', at->att.user_data, sizeof(at->att.user_data));
	req->customer = arcb_private_key(scalar, sizeof(scalar));
	memset(at->meas, ATTESTER_FILL, sizeof(at->meas));
	memset(at->add, ATTESTER_FILL, sizeof(at->add));
	memset(at->att.config_uid, ATTESTER_FILL, sizeof(at->att.config_uid));
	at->att.arcb_addr = (uintptr_t)at->arcb;
	at->att.meas_addr = (uintptr_t)at->meas;
	at->att.add_data_addr = (uintptr_t)at->add;
	at->att.meas_len = ARCB_MEAS_SIZE;
	at->cb.argument_addr = (uintptr_t)&at->att;
	at->cb.argument_len = sizeof(at->att);
	return at;
}

/** attester_free() - Release an attestation; NULL is allowed */
void attester_free(struct attester *at)
{
	if (!at)
		return;
	EVP_PKEY_free(at->req.customer);
	free(at);
}

/**
 * attester_seal() - Make the request and ask for what it will be answered with
 * @at: attestation; req.nr_decoys and further hosts may have been set
 * @target: whose key the last slot is for
 * @flags: attestation flags
 *
 * Return: 0 or -1
 */
int attester_seal(struct attester *at, const struct target *target,
		  uint64_t flags)
{
	struct arcb_request *req = &at->req;

	if (!req->customer)
		return -1;
	req->flags = flags;
	req->hosts[req->nr_hosts++] = target->host;
	at->att.arcb_len = (uint32_t)arcb_size(req);
	at->att.add_data_len = (uint32_t)arcb_add_data_size(flags);
	return arcb_seal(req, at->arcb);
}

/** attester_call() - Perform the ioctl: 0 or a negative errno */
int attester_call(struct attester *at, int fd)
{
	at->asked = at->att;
	return ioctl(fd, UVIO_IOCTL_ATT, &at->cb) ? -errno : 0;
}

static bool all_are(uint8_t value, const uint8_t *data, size_t len)
{
	while (len--)
		if (*data++ != value)
			return false;
	return true;
}

/** attester_inputs_intact() - The ioctl left its inputs as they were */
bool attester_inputs_intact(const struct attester *at)
{
	struct uvio_attest att = at->att;

	memcpy(att.config_uid, at->asked.config_uid, sizeof(att.config_uid));
	att.add_data_len = at->asked.add_data_len;
	return !memcmp(&att, &at->asked, sizeof(att));
}

/** attester_guards_intact() - No byte behind the given lengths was stored */
bool attester_guards_intact(const struct attester *at)
{
	size_t meas = at->asked.meas_len, add = at->asked.add_data_len;

	return all_are(ATTESTER_FILL, at->meas + meas, sizeof(at->meas) - meas) &&
	       all_are(ATTESTER_FILL, at->add + add, sizeof(at->add) - add);
}

/** attester_results_zero() - All results were stored, and they are zero */
bool attester_results_zero(const struct attester *at)
{
	return all_are(0, at->meas, at->asked.meas_len) &&
	       all_are(0, at->add, at->asked.add_data_len) &&
	       all_are(0, at->att.config_uid, sizeof(at->att.config_uid)) &&
	       at->att.add_data_len == at->asked.add_data_len;
}

/** attester_results_untouched() - Nothing was stored */
bool attester_results_untouched(const struct attester *at)
{
	return all_are(ATTESTER_FILL, at->meas, sizeof(at->meas)) &&
	       all_are(ATTESTER_FILL, at->add, sizeof(at->add)) &&
	       !memcmp(&at->att, &at->asked, sizeof(at->att));
}

/* Take an expected field off the additional data. */
static bool starts_with(const uint8_t **data, const uint8_t *field, size_t len)
{
	bool same = !memcmp(*data, field, len);

	*data += len;
	return same;
}

/*
 * The fields whose content is known: the machine has one host key, and the
 * secret store is as the target says.
 */
static bool additional_data_fits(const struct attester *at,
				 const struct target *target)
{
	uint8_t phkh[ARCB_PHKH_SIZE];
	uint64_t flags = at->req.flags;
	const uint8_t *data = at->add;

	if (request_phkh(target->host, phkh))
		return false;
	if (flags & ARCB_FLAG_IMAGE_PHKH &&
	    !starts_with(&data, phkh, sizeof(phkh)))
		return false;
	if (flags & ARCB_FLAG_ATTEST_PHKH &&
	    !starts_with(&data, phkh, sizeof(phkh)))
		return false;
	return !(flags & ARCB_FLAG_SECRET_STORE) ||
	       starts_with(&data, target->store, sizeof(target->store));
}

static bool measurement_fits(const struct attester *at,
			     const struct target *target)
{
	struct arcb_answer answer = {
		.boot_tags = target->boot_tags,
		.config_uid = at->att.config_uid,
		.user_data = at->asked.user_data,
		.user_data_len = at->asked.user_data_len,
		.add_data = at->add,
		.add_data_len = at->att.add_data_len,
	};
	uint8_t expected[ARCB_MEAS_SIZE];

	return !arcb_measure(&at->req, &answer, expected) &&
	       !CRYPTO_memcmp(expected, at->meas, sizeof(expected));
}

/**
 * attester_verify() - Check all that a successful answer consists of
 * @at: attestation after the ioctl
 * @target: the guest it was made in
 *
 * Return: NULL if everything fits, else what does not
 */
const char *attester_verify(const struct attester *at,
			    const struct target *target)
{
	size_t meas = at->asked.meas_len, add = at->att.add_data_len;

	if (at->cb.uv_rc != UV_RC_EXECUTED)
		return "the Ultravisor has refused the request";
	if (add != arcb_add_data_size(at->req.flags))
		return "wrong length of the additional data";
	if (!measurement_fits(at, target))
		return "wrong measurement";
	if (!additional_data_fits(at, target))
		return "wrong additional data";
	if (!all_are(0, at->meas + ARCB_MEAS_SIZE, meas - ARCB_MEAS_SIZE) ||
	    !all_are(0, at->add + add, at->asked.add_data_len - add))
		return "the unused rest of a buffer is not zero";
	if (!attester_guards_intact(at))
		return "something was stored behind a buffer";
	if (!attester_inputs_intact(at))
		return "an input was changed";
	return NULL;
}
