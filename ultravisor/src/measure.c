// SPDX-License-Identifier: MIT
#include <string.h>

#include "array.h"
#include "bytes.h"
#include "measure.h"

bool uv_measure(const uint8_t key[PV_ATTEST_MEAS_KEY_SIZE],
		const struct uv_evidence *evidence,
		uint8_t measurement[PV_ATTEST_MEASUREMENT_SIZE])
{
	struct pv_measured_head head = {
		.boot_tags = *evidence->tags,
		.user_data_len = put16((uint16_t)evidence->user_data.len),
		.add_data_len = put32((uint32_t)evidence->add_data.len),
	};
	const struct uv_chunk message[] = {
		{ &head, sizeof(head) },
		evidence->user_data,
		evidence->nonce,
		evidence->add_data,
	};

	memcpy(head.config_uid, evidence->uid, sizeof(head.config_uid));
	return uv_hmac_sha512(key, PV_ATTEST_MEAS_KEY_SIZE, message,
			      ARRAY_SIZE(message),
			      measurement);
}
