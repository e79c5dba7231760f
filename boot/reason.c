// SPDX-License-Identifier: MIT
#include "pv/se_image.h"
#include "reason.h"

#define SET	PV_DIAG308_STEP_PARAMETERS
#define UNPACK	PV_DIAG308_STEP_UNPACK
#define VERIFY	PV_DIAG308_STEP_VERIFY

/* No call answers the first, no reason code has as many bits as the second. */
#define ANY_RC	0
#define ANY	0x10000

#define OTHER_KEY	"Create the image again with the host key document of" \
			" this machine.\n"
#define OTHER_FLAGS	"Create the image again without that flag, or use a" \
			" newer machine.\n"
#define NEW_IMAGE	"The image is damaged or was changed: copy or create" \
			" it again.\n"

/* The first line that fits counts. */
static const struct reason reasons[] = {
	{ SET, 0x0103, ANY, "The SE header cannot be read.\n", NEW_IMAGE },
	{ SET, 0x0104, ANY,
	  "This machine does not know the version of the SE header.\n",
	  "Create the image for this machine, or use a newer machine.\n" },
	{ SET, 0x0106, ANY,
	  "A plaintext control flag of the image is not supported here.\n",
	  OTHER_FLAGS },
	{ SET, 0x0108, 0x0005,
	  "The image is not for this machine: no key slot fits its host key.\n",
	  OTHER_KEY },
	{ SET, 0x0108, 0x000b,
	  "The customer public key in the SE header is no valid key.\n",
	  NEW_IMAGE },
	{ SET, 0x0108, 0x0034,
	  "The image is not for this machine: no key slot for either host key.\n",
	  OTHER_KEY },
	{ SET, 0x0108, ANY,
	  "The key slot for this machine cannot be opened.\n", OTHER_KEY },
	{ SET, 0x0109, ANY,
	  "A secret control flag of the image is not supported here.\n",
	  OTHER_FLAGS },
	{ SET, 0x010a, 0x0031,
	  "The SE header is damaged or not as long as it says.\n", NEW_IMAGE },
	{ SET, 0x010a, 0x0039,
	  "The encrypted area of the SE header has a wrong size or content.\n",
	  NEW_IMAGE },
	{ SET, 0x010a, 0x0040, "The SE header has no key slots.\n", OTHER_KEY },
	{ SET, 0x010a, ANY, "The SE header is not authentic.\n", NEW_IMAGE },
	{ SET, ANY_RC, ANY,
	  "The Ultravisor refused the SE header.\n", NEW_IMAGE },
	{ UNPACK, 0x0103, ANY,
	  "A component lies outside of the storage of this guest.\n",
	  "Give the guest more memory.\n" },
	{ UNPACK, ANY_RC, ANY,
	  "A page of a component could not be unpacked.\n",
	  "Give the guest more memory, or look into the log of the host.\n" },
	{ VERIFY, 0x0102, 0x001a,
	  "The components are not at the addresses they were made for.\n",
	  NEW_IMAGE },
	{ VERIFY, 0x0102, 0x001b,
	  "The content of a component is not what the SE header says.\n",
	  NEW_IMAGE },
	{ VERIFY, 0x0102, 0x001c,
	  "The tweaks of the components are not what the SE header says.\n",
	  NEW_IMAGE },
	{ VERIFY, 0x0102, 0x001d,
	  "The components have more or fewer pages than the SE header says.\n",
	  NEW_IMAGE },
	{ VERIFY, ANY_RC, ANY,
	  "The components are not what the SE header says.\n", NEW_IMAGE },
};

static const struct reason unknown = {
	0, ANY_RC, ANY,
	"The host could not make a protected guest of this one.\n",
	"Look into the log of the host.\n",
};

const struct reason *find_reason(uint32_t step, uint32_t rc, uint32_t rrc)
{
	for (unsigned int i = 0; i < sizeof(reasons) / sizeof(*reasons); i++) {
		const struct reason *r = &reasons[i];

		if (r->step == step && (r->rc == rc || r->rc == ANY_RC) &&
		    (r->rrc == rrc || r->rrc == ANY))
			return r;
	}
	return &unknown;
}
