// SPDX-License-Identifier: MIT
/* The attestation measurement. */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "arcb.h"
#include "bytes.h"
#include "measurement.h"

static void fill_head(struct pv_measured_head *head,
		      const struct pv_measured *measured)
{
	memset(head, 0, sizeof(*head));
	head->boot_tags = *measured->boot_tags;
	memcpy(head->config_uid, measured->config_uid, PV_CONFIG_UID_SIZE);
	head->user_data_len = pv_put_be16((uint16_t)measured->user_data_len);
	head->add_data_len = pv_put_be32((uint32_t)measured->additional_len);
}

static int update_parts(EVP_MAC_CTX *ctx, const struct pv_measured *measured)
{
	struct pv_measured_head head;

	fill_head(&head, measured);
	if (EVP_MAC_update(ctx, (const uint8_t *)&head, sizeof(head)) != 1)
		return -1;
	if (measured->user_data_len > 0 &&
	    EVP_MAC_update(ctx, measured->user_data,
			   measured->user_data_len) != 1)
		return -1;
	if (measured->nonce &&
	    EVP_MAC_update(ctx, measured->nonce, PV_ATTEST_NONCE_SIZE) != 1)
		return -1;
	if (measured->additional_len > 0 &&
	    EVP_MAC_update(ctx, measured->additional,
			   measured->additional_len) != 1)
		return -1;
	return 0;
}

int pv_measure(uint8_t *out, const uint8_t *meas_key,
	       const struct pv_measured *measured, struct pv_error *err)
{
	char digest[] = "SHA2-512";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest,
						 0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC_CTX *ctx;
	EVP_MAC *mac;
	size_t len = 0;
	int ret = 0;

	if (measured->user_data_len > PV_USER_DATA_MAX ||
	    measured->additional_len > UINT32_MAX)
		return pv_fail(err, PV_ERR_LIMIT,
			       "More user or additional data than can be measured");
	mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;
	if (!ctx ||
	    EVP_MAC_init(ctx, meas_key, PV_ATTEST_MEAS_KEY_SIZE, params) != 1 ||
	    update_parts(ctx, measured) < 0 ||
	    EVP_MAC_final(ctx, out, &len, PV_ATTEST_MEASUREMENT_SIZE) != 1 ||
	    len != PV_ATTEST_MEASUREMENT_SIZE)
		ret = pv_fail_openssl(err, PV_ERR_CRYPTO,
				      "Cannot compute the measurement");
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(mac);
	return ret;
}

static void describe(struct pv_measured *measured,
		     const struct pv_exchange *response,
		     const struct pv_boot_tags *boot_tags,
		     const struct pv_arcb_keys *keys)
{
	const struct pv_exchange_entry *item = response->item;

	measured->boot_tags = boot_tags;
	measured->config_uid = item[PV_EXCHANGE_CONFIG_UID].data;
	measured->user_data = item[PV_EXCHANGE_USER_DATA].data;
	measured->user_data_len = item[PV_EXCHANGE_USER_DATA].size;
	measured->nonce = keys->has_nonce ? keys->nonce : NULL;
	measured->additional = item[PV_EXCHANGE_ADDITIONAL].data;
	measured->additional_len = item[PV_EXCHANGE_ADDITIONAL].size;
}

static int compare(const struct pv_exchange_entry *received,
		   const uint8_t *expected, struct pv_error *err)
{
	if (received->size == PV_ATTEST_MEASUREMENT_SIZE &&
	    CRYPTO_memcmp(received->data, expected, received->size) == 0)
		return 0;
	return pv_fail(err, PV_ERR_MISMATCH,
		       "Attestation measurement verification failed: the calculated and the received measurement are not equal");
}

int pv_attest_verify(const struct pv_exchange *response,
		     const struct pv_boot_tags *boot_tags, const uint8_t *arpk,
		     uint64_t *flags, struct pv_error *err)
{
	const struct pv_exchange_entry *arcb;
	uint8_t expected[PV_ATTEST_MEASUREMENT_SIZE];
	struct pv_measured measured;
	struct pv_arcb_keys keys;
	struct pv_arcb_info info;
	int ret = -1;

	if (pv_exchange_check_response(response, err) < 0)
		return -1;
	arcb = &response->item[PV_EXCHANGE_ARCB];
	if (pv_arcb_open(&keys, &info, arcb->data, arcb->size, arpk, err) < 0)
		return -1;
	describe(&measured, response, boot_tags, &keys);
	if (pv_measure(expected, keys.meas_key, &measured, err) == 0)
		ret = compare(&response->item[PV_EXCHANGE_MEASUREMENT],
			      expected, err);
	*flags = info.flags;
	/* Whoever learns the expected value could answer in the guest's name. */
	OPENSSL_cleanse(expected, sizeof(expected));
	OPENSSL_cleanse(&keys, sizeof(keys));
	return ret;
}
