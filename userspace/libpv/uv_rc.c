// SPDX-License-Identifier: MIT
/* Response codes of the attestation call, as sentences for people. */
#include <stddef.h>

#include <pv/uvc.h>

#include "array.h"
#include "uvdevice.h"

static const struct {
	unsigned int rc;
	const char *text;
} codes[] = {
	{
		PV_RC_EXECUTED,
		"the call was executed"
	},
	{
		PV_RC_INV_CMD,
		"the call is not available here; only a protected guest on a machine with attestation can be attested (see 'uvctl info')"
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

const char *pv_uv_rc_text(unsigned int rc)
{
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
		if (codes[i].rc == rc)
			return codes[i].text;
	return "this response code is unknown";
}
