// SPDX-License-Identifier: MIT
/* The extension secret that only the holder of a guest's CCK can derive. */
#include "asrcb.h"
#include "hkdf.h"

int pv_extension_secret_derive(uint8_t *extension, const uint8_t *cck,
			       const uint8_t *header_tag,
			       struct pv_error *err)
{
	const struct pv_hkdf from = {
		.key = cck, .key_size = PV_CCK_SIZE,
		.salt = header_tag, .salt_size = PV_GCM_TAG_SIZE,
		.info = PV_EXTENSION_SECRET_INFO,
	};

	return pv_hkdf_sha512(extension, PV_EXTENSION_SECRET_SIZE, &from,
			      "the extension secret", err);
}
