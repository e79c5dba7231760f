// SPDX-License-Identifier: MIT
/* Attestation requests (ARCB, version 1): making, reading and opening them. */
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "arcb.h"
#include "bytes.h"
#include "gcm.h"
#include "keyslot.h"

int pv_arcb_spec_randomize(struct pv_arcb_spec *spec, struct pv_error *err)
{
	spec->customer = pv_customer_key_generate(err);
	if (!spec->customer)
		return -1;
	if (RAND_bytes(spec->iv, sizeof(spec->iv)) != 1 ||
	    RAND_priv_bytes(spec->arpk, sizeof(spec->arpk)) != 1 ||
	    RAND_priv_bytes(spec->meas_key, sizeof(spec->meas_key)) != 1 ||
	    RAND_priv_bytes(spec->nonce, sizeof(spec->nonce)) != 1)
		return pv_fail_openssl(err, PV_ERR_CRYPTO,
				       "No random numbers for the request");
	return 0;
}

void pv_arcb_spec_wipe(struct pv_arcb_spec *spec)
{
	EVP_PKEY_free(spec->customer);
	OPENSSL_cleanse(spec, sizeof(*spec));
}

static size_t encrypted_size(uint64_t flags)
{
	return PV_ATTEST_MEAS_KEY_SIZE +
	       (flags & PV_ATTEST_FLAG_NONCE ? PV_ATTEST_NONCE_SIZE : 0);
}

int pv_arcb_create(struct pv_buffer *out, const struct pv_arcb_spec *spec,
		   struct pv_error *err)
{
	const struct pv_request request = {
		.hosts = spec->hosts,
		.customer = spec->customer,
		.n_hosts = spec->n_hosts,
		.key = spec->arpk,
		.iv = spec->iv,
		.fixed = sizeof(struct pv_arcb),
		.encrypted = encrypted_size(spec->flags),
	};
	uint8_t plain[PV_ATTEST_MEAS_KEY_SIZE + PV_ATTEST_NONCE_SIZE];
	struct pv_arcb *arcb;
	int ret;

	if (pv_request_begin(out, &request, err) < 0)
		return -1;
	arcb = (struct pv_arcb *)out->data;
	arcb->flags = pv_put_be64(spec->flags);
	arcb->algorithm = pv_put_be32(PV_ATTEST_HMAC_SHA512);
	memcpy(plain, spec->meas_key, PV_ATTEST_MEAS_KEY_SIZE);
	memcpy(plain + PV_ATTEST_MEAS_KEY_SIZE, spec->nonce,
	       PV_ATTEST_NONCE_SIZE);
	ret = pv_request_seal(out, &request, plain, err);
	OPENSSL_cleanse(plain, sizeof(plain));
	if (ret < 0)
		pv_buffer_free(out);
	return ret;
}

static int check_identity(const struct pv_arcb *arcb, size_t size,
			  struct pv_error *err)
{
	static const uint8_t no_magic[8];
	uint32_t algorithm;

	if (memcmp(arcb->header.magic, no_magic, sizeof(no_magic)) != 0)
		return pv_fail(err, PV_ERR_FORMAT,
			       "This is no attestation request (its magic is not zero)");
	if (pv_request_check(&arcb->header, size, "Attestation request",
			     err) < 0)
		return -1;
	algorithm = pv_get_be32(arcb->algorithm);
	if (algorithm != PV_ATTEST_HMAC_SHA512)
		return pv_fail(err, PV_ERR_UNSUPPORTED,
			       "Measurement algorithm %u is unknown (%d is supported)",
			       algorithm, PV_ATTEST_HMAC_SHA512);
	return 0;
}

static int check_layout(struct pv_arcb_info *info, const struct pv_arcb *arcb,
			size_t size, struct pv_error *err)
{
	info->flags = pv_get_be64(arcb->flags);
	info->n_slots = arcb->header.nks;
	info->slots = (const struct pv_keyslot *)(arcb + 1);
	info->encrypted = sizeof(*arcb) +
			  info->n_slots * sizeof(struct pv_keyslot);
	info->encrypted_size = pv_get_be32(arcb->header.sea);
	if (info->encrypted_size != encrypted_size(info->flags))
		return pv_fail(err, PV_ERR_FORMAT,
			       "The encrypted area of the request has %zu bytes, its flags ask for %zu",
			       info->encrypted_size,
			       encrypted_size(info->flags));
	if (info->n_slots == 0)
		return pv_fail(err, PV_ERR_FORMAT,
			       "The request has no key slot");
	if (info->encrypted + info->encrypted_size + PV_GCM_TAG_SIZE != size)
		return pv_fail(err, PV_ERR_FORMAT,
			       "A request with %zu key slots cannot have %zu bytes",
			       info->n_slots, size);
	return 0;
}

int pv_arcb_parse(struct pv_arcb_info *info, const void *arcb, size_t size,
		  struct pv_error *err)
{
	if (size < sizeof(struct pv_arcb) || size > PV_ARCB_MAX_SIZE)
		return pv_fail(err, PV_ERR_FORMAT,
			       "%zu bytes are no attestation request (0x%zx to 0x%x are possible)",
			       size, sizeof(struct pv_arcb), PV_ARCB_MAX_SIZE);
	if (check_identity(arcb, size, err) < 0)
		return -1;
	return check_layout(info, arcb, size, err);
}

int pv_arcb_open(struct pv_arcb_keys *keys, struct pv_arcb_info *info,
		 const void *arcb, size_t size, const uint8_t *arpk,
		 struct pv_error *err)
{
	uint8_t plain[PV_ATTEST_MEAS_KEY_SIZE + PV_ATTEST_NONCE_SIZE] = { 0 };
	const struct pv_request_header *header = arcb;
	const uint8_t *area;
	int ret = -1;

	memset(keys, 0, sizeof(*keys));
	if (pv_arcb_parse(info, arcb, size, err) < 0)
		return -1;
	area = (const uint8_t *)arcb + info->encrypted;
	if (pv_gcm_open(arpk, header->iv, arcb, info->encrypted, area,
			info->encrypted_size, plain,
			area + info->encrypted_size, err) < 0)
		goto out;
	memcpy(keys->meas_key, plain, sizeof(keys->meas_key));
	memcpy(keys->nonce, plain + sizeof(keys->meas_key),
	       sizeof(keys->nonce));
	keys->has_nonce = info->flags & PV_ATTEST_FLAG_NONCE;
	ret = 0;
out:
	OPENSSL_cleanse(plain, sizeof(plain));
	return ret;
}
