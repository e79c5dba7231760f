// SPDX-License-Identifier: MIT
/* What the commands that read a dump have in common. */
#include <openssl/crypto.h>

#include <pv/secret.h>

#include "dump_input.h"
#include "image_keys.h"
#include "log.h"
#include "uvctl.h"

int dump_input_open(struct pv_dump *dump, const char *path, const char *cck,
		    struct pv_error *err)
{
	uint8_t key[PV_CCK_SIZE];
	int ret;

	*dump = (struct pv_dump){ .fd = -1 };
	if (cck && image_key_file_read(key, cck, sizeof(key),
				       "customer communication key", err) < 0)
		return -1;
	ret = pv_dump_open(dump, path, err);
	if (ret == 0 && cck)
		ret = pv_dump_unlock(dump, key, err);
	OPENSSL_cleanse(key, sizeof(key));
	return ret;
}

int dump_input_explain(const struct pv_error *err)
{
	log_failure(err);
	if (err->code != PV_ERR_UNSEAL)
		return UVCTL_ERROR;
	log_error("This is not the CCK of the guest, or the dump was altered "
		  "(a guest may have replaced the CCK of its image).");
	return UVCTL_REFUSED;
}
