// SPDX-License-Identifier: MIT
/* Response codes of the Ultravisor, as sentences for people. */
#include <stddef.h>

#include <pv/uvc.h>

#include "array.h"
#include "uvdevice.h"

struct code {
	unsigned int rc;
	const char *text;
};

static const struct code common[] = {
	{
		PV_RC_EXECUTED,
		"the call was executed"
	},
	{
		PV_RC_INV_STATE,
		"the Ultravisor is not in the right state; restart the guest"
	},
	{
		PV_RC_INV_LEN,
		"the control block has a wrong length, which is a defect of the kernel driver"
	},
	{
		PV_RC_HOME_REAL_SPACE,
		"the kernel runs with an unsuitable address space, which is a defect of the kernel driver"
	},
	{
		PV_RC_TRANSLATION,
		"an address could not be translated, which is a defect of the kernel driver"
	},
	{
		PV_RC_INV_ABS,
		"an address is outside of the storage, which is a defect of the kernel driver"
	},
	{
		PV_RC_MORE_DATA,
		"not all of the output fitted"
	},
};

static const struct code attest[] = {
	{
		PV_RC_INV_CMD,
		"the call is not available here; only a protected guest on a machine with attestation can be attested (see 'uvctl info')"
	},
	{
		PV_RC_ATTEST_CONT_TOKEN,
		"invalid continuation token, which is a defect of the kernel driver"
	},
	{
		PV_RC_ATTEST_USER_DATA_LEN,
		"the user data is too long; give at most 256 bytes"
	},
	{
		PV_RC_ATTEST_ACC_ARCB,
		"the request could not be read; try again, and report it if it stays"
	},
	{
		PV_RC_ATTEST_ACC_MEAS,
		"the measurement could not be stored; try again, and report it if it stays"
	},
	{
		PV_RC_ATTEST_ACC_ADD,
		"the additional data could not be stored; try again, and report it if it stays"
	},
	{
		PV_RC_ATTEST_VERSION,
		"this machine does not know the version of the request; see 'supp_att_req_hdr_ver' of 'uvctl info'"
	},
	{
		PV_RC_ATTEST_ARCB_LEN,
		"the length of the request is wrong; the file is damaged, create a new request"
	},
	{
		PV_RC_ATTEST_SLOTS,
		"the number of host keys in the request is not supported; create one with fewer"
	},
	{
		PV_RC_ATTEST_ENCR_LEN,
		"the encrypted area of the request has a wrong size; the file is damaged, create a new request"
	},
	{
		PV_RC_ATTEST_FLAGS,
		"the request asks for additional data that this machine cannot give; see 'supp_att_pflags' of 'uvctl info' and create one without it"
	},
	{
		PV_RC_ATTEST_ALGORITHM,
		"this machine does not know the measurement algorithm of the request"
	},
	{
		PV_RC_ATTEST_UNSEAL,
		"the request cannot be opened; either it was altered, or it was not created for this machine: create one with the host key document of the machine that the guest runs on"
	},
	{
		PV_RC_ATTEST_MEAS_LEN,
		"the area for the measurement is too small; the file is damaged, create a new request"
	},
	{
		PV_RC_ATTEST_ADD_LEN,
		"the area for additional data is too small; the file is damaged, create a new request"
	},
};

static const struct code add_secret[] = {
	{
		PV_RC_INV_CMD,
		"the call is not available here; only a protected guest on a machine with secrets can add them (see 'uvctl info')"
	},
	{
		PV_RC_SECRET_NOT_ALLOWED,
		"this guest may not change its secret store"
	},
	{
		PV_RC_SECRET_LOCKED,
		"the secret store is locked; restart the guest to add secrets, and lock after that"
	},
	{
		PV_RC_SECRET_ACC_REQUEST,
		"the request could not be read; try again, and report it if it stays"
	},
	{
		PV_RC_SECRET_VERSION,
		"this machine does not know the version of the request; see 'supp_add_secret_req_ver' of 'uvctl info'"
	},
	{
		PV_RC_SECRET_REQUEST_SIZE,
		"the size of the request is wrong; the file is damaged, create a new request"
	},
	{
		PV_RC_SECRET_SLOTS,
		"the number of host keys in the request is not supported; create one with fewer"
	},
	{
		PV_RC_SECRET_FLAGS,
		"the request has flags that this machine does not know; see 'supp_add_secret_pcf' of 'uvctl info' and create one without them"
	},
	{
		PV_RC_SECRET_UNSEAL,
		"the request cannot be opened; either it was altered, or it was not created for this machine: create one with the host key document of the machine that the guest runs on"
	},
	{
		PV_RC_SECRET_TYPE,
		"this machine does not take secrets of this type; see 'supp_secret_types' of 'uvctl info'"
	},
	{
		PV_RC_SECRET_SIZE,
		"the secret has a wrong size for its type; create a new request"
	},
	{
		PV_RC_SECRET_STORE_FULL,
		"the secret store is full; nothing can be removed from it, so restart the guest and add less"
	},
	{
		PV_RC_SECRET_NOT_FOR_GUEST,
		"the request is not for this guest: image, configuration UID or extension secret are others, or its customer communication key may not be replaced; create one with the SE header of the running image, the UID of this run, and the extension secret of the requests before it"
	},
	{
		PV_RC_SECRET_DUMPING,
		"the guest is being dumped; try again later"
	},
};

static const struct code list_secrets[] = {
	{
		PV_RC_INV_CMD,
		"the call is not available here; only a protected guest on a machine with secrets can list them (see 'uvctl info')"
	},
	{
		PV_RC_SECRET_ACC_OUTPUT,
		"the list could not be stored; try again, and report it if it stays"
	},
};

static const struct code lock_secrets[] = {
	{
		PV_RC_INV_CMD,
		"the call is not available here; only a protected guest on a machine with secrets can lock its store (see 'uvctl info')"
	},
	{
		PV_RC_SECRET_NOT_ALLOWED,
		"this guest may not change its secret store"
	},
	{
		PV_RC_SECRET_LOCKED,
		"the secret store is locked already, nothing needs to be done"
	},
};

static const struct code retrieve_secret[] = {
	{
		PV_RC_INV_CMD,
		"the call is not available here; only a protected guest on a machine with secrets that can be retrieved can retrieve them (see 'uvctl info')"
	},
	{
		PV_RC_SECRET_ACC_OUTPUT,
		"the secret could not be stored; try again, and report it if it stays"
	},
	{
		PV_RC_SECRET_BUF_SMALL,
		"the buffer is too small for the secret; list the secrets again and use the size given there"
	},
	{
		PV_RC_SECRET_STORE_EMPTY,
		"the secret store is empty; add a secret first"
	},
	{
		PV_RC_SECRET_INDEX,
		"there is no secret with this index; list the secrets to see those that are there"
	},
	{
		PV_RC_SECRET_NOT_RETRIEVABLE,
		"secrets of this type cannot be retrieved; an association secret stays within the Ultravisor"
	},
};

static const struct {
	const struct code *codes;
	size_t n;
} calls[] = {
	[PV_UVIO_NR_ATT] = { attest, ARRAY_SIZE(attest) },
	[PV_UVIO_NR_ADD_SECRET] = { add_secret, ARRAY_SIZE(add_secret) },
	[PV_UVIO_NR_LIST_SECRETS] = { list_secrets, ARRAY_SIZE(list_secrets) },
	[PV_UVIO_NR_LOCK_SECRETS] = { lock_secrets, ARRAY_SIZE(lock_secrets) },
	[PV_UVIO_NR_RETR_SECRET] = { retrieve_secret,
				     ARRAY_SIZE(retrieve_secret) },
};

static const char *find(const struct code *codes, size_t n, unsigned int rc)
{
	for (size_t i = 0; i < n; i++)
		if (codes[i].rc == rc)
			return codes[i].text;
	return NULL;
}

const char *pv_uv_rc_text(enum pv_uvio_nr nr, unsigned int rc)
{
	const char *text = NULL;

	if (nr < ARRAY_SIZE(calls))
		text = find(calls[nr].codes, calls[nr].n, rc);
	if (!text)
		text = find(common, ARRAY_SIZE(common), rc);
	return text ? text : "this response code is unknown";
}
