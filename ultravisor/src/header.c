// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <string.h>

#include <openssl/crypto.h>

#include "array.h"
#include "bytes.h"
#include "header.h"
#include "machine.h"
#include "pv/uvc.h"
#include "report.h"

/**
 * struct opening - a header on its way through the checks
 * @bytes: all of it
 * @head: its fixed part
 * @nks: number of slots
 * @pair: host key that a slot was made for
 * @slot: that slot
 */
struct opening {
	const struct uv_machine *machine;
	const uint8_t *bytes;
	size_t len;
	const struct pv_se_header *head;
	uint64_t nks;
	const struct uv_host_key_pair *pair;
	const struct pv_keyslot *slot;
	struct uv_image *image;
	struct uv_error *err;
};

static const struct pv_keyslot *slots(const struct opening *o)
{
	return (const struct pv_keyslot *)(o->head + 1);
}

static int check_frame(struct opening *o)
{
	if (o->len < sizeof(*o->head) || o->len > PV_SE_HEADER_MAX_SIZE)
		return uv_fail(o->err, PV_RC_PARAMS_HEADER,
			       PV_RRC_PARAMS_HEADER_SIZE,
			       "the SE header has %zu bytes, but must have %zu to %d",
			       o->len, sizeof(*o->head), PV_SE_HEADER_MAX_SIZE);
	if (memcmp(o->head->magic, PV_SE_HEADER_MAGIC, sizeof(o->head->magic)))
		return uv_fail(o->err, PV_RC_PARAMS_HEADER,
			       PV_RRC_PARAMS_HEADER_SIZE,
			       "this is no SE header: it does not start with " PV_SE_HEADER_MAGIC);
	return 0;
}

static int check_version(struct opening *o)
{
	uint32_t version = get32(o->head->version);

	if (version == PV_SE_HEADER_VERSION_1)
		return 0;
	return uv_fail(o->err, PV_RC_PARAMS_VERSION,
		       PV_RRC_PARAMS_VERSION,
		       "SE header version 0x%" PRIx32 " is not supported, only 0x%x is",
		       version, PV_SE_HEADER_VERSION_1);
}

static int check_size_field(struct opening *o)
{
	uint32_t size = get32(o->head->size);

	if (size == o->len)
		return 0;
	return uv_fail(o->err, PV_RC_PARAMS_HEADER,
		       PV_RRC_PARAMS_HEADER_SIZE,
		       "the SE header gives its size as %" PRIu32 " bytes, but there are %zu",
		       size, o->len);
}

static int check_encrypted_size(struct opening *o)
{
	uint64_t sea = get64(o->head->sea);

	if (sea == sizeof(struct pv_se_header_secret))
		return 0;
	return uv_fail(o->err, PV_RC_PARAMS_HEADER,
		       PV_RRC_PARAMS_HEADER_ENCRYPTED,
		       "the SE header encrypts %" PRIu64 " bytes instead of %zu",
		       sea, sizeof(struct pv_se_header_secret));
}

static int check_slots(struct opening *o)
{
	size_t rest = sizeof(struct pv_se_header_secret) + PV_GCM_TAG_SIZE;

	o->nks = get64(o->head->nks);
	if (!o->nks)
		return uv_fail(o->err, PV_RC_PARAMS_HEADER,
			       PV_RRC_PARAMS_HEADER_NO_SLOTS,
			       "the SE header has no key slots");
	/* The first test keeps the sum of the second from overflowing. */
	if (o->nks > PV_SE_HEADER_MAX_SLOTS ||
	    sizeof(*o->head) + o->nks * sizeof(*o->slot) + rest != o->len)
		return uv_fail(o->err, PV_RC_PARAMS_HEADER,
			       PV_RRC_PARAMS_HEADER_SIZE,
			       "an SE header with %" PRIu64 " key slots cannot have %zu bytes",
			       o->nks, o->len);
	return 0;
}

static int check_pcf(struct opening *o)
{
	uint64_t unknown = get64(o->head->pcf) &
			   ~o->machine->profile->header_pcf;

	if (!unknown)
		return 0;
	return uv_fail(o->err, PV_RC_PARAMS_PCF, PV_RRC_PARAMS_PCF,
		       "a %s has no plaintext control flags 0x%016" PRIx64 " of SE headers",
		       o->machine->profile->name, unknown);
}

static bool try_slots(struct opening *o, enum uv_host_key which)
{
	o->pair = &o->machine->host_keys[which];
	o->slot = uv_host_key_find_slot(o->pair, slots(o), o->nks);
	return o->slot;
}

static int find_slot(struct opening *o)
{
	bool backup = get64(o->head->pcf) & PV_PCF_BACKUP_TARGET_KEYS;

	if (try_slots(o, UV_HOST_KEY) ||
	    (backup && try_slots(o, UV_HOST_KEY_BACKUP)))
		return 0;
	return uv_fail(o->err, PV_RC_PARAMS_SLOT,
		       backup ? PV_RRC_PARAMS_SLOT_NO_BACKUP :
				PV_RRC_PARAMS_SLOT_NO_MATCH,
		       "the SE header is for other machines: no key slot is for the host key%s",
		       backup ? " or its backup" : "");
}

static int unwrap(struct opening *o, uint8_t *key)
{
	switch (uv_host_key_unwrap(o->pair, &o->head->cust_pub_key, o->slot,
				   key)) {
	case UV_UNWRAP_DONE:
		return 0;
	case UV_UNWRAP_BAD_POINT:
		return uv_fail(o->err, PV_RC_PARAMS_SLOT,
			       PV_RRC_PARAMS_SLOT_BAD_POINT,
			       "the customer public key of the SE header is not on curve P-521");
	case UV_UNWRAP_BAD_TAG:
		return uv_fail(o->err, PV_RC_PARAMS_SLOT, PV_RRC_PARAMS_TAG,
			       "the key slot of the SE header for this machine is damaged");
	default:
		return uv_fail(o->err, UV_RC_INTERNAL, 0,
			       "libcrypto could not open the key slot of the SE header");
	}
}

static int open_secret(struct opening *o, const uint8_t *key)
{
	const uint8_t *tag = o->bytes + o->len - PV_GCM_TAG_SIZE;
	const uint8_t *area = tag - sizeof(o->image->secret);
	const struct uv_sealed sealed = {
		.iv = o->head->iv,
		.aad = o->bytes,
		.aad_len = (size_t)(area - o->bytes),
		.data = area,
		.len = sizeof(o->image->secret),
		.tag = tag,
	};

	switch (uv_gcm_open(key, &sealed, &o->image->secret)) {
	case UV_CRYPTO_OK:
		return 0;
	case UV_CRYPTO_REFUSED:
		return uv_fail(o->err, PV_RC_PARAMS_HEADER, PV_RRC_PARAMS_TAG,
			       "the SE header was altered: its authentication tag does not fit");
	default:
		return uv_fail(o->err, UV_RC_INTERNAL, 0,
			       "libcrypto could not decrypt the SE header");
	}
}

static int open_area(struct opening *o)
{
	uint8_t key[PV_REQUEST_KEY_SIZE];
	int ret = unwrap(o, key);

	if (!ret)
		ret = open_secret(o, key);
	OPENSSL_cleanse(key, sizeof(key));
	return ret;
}

static int check_secret(struct opening *o)
{
	const struct pv_se_header_secret *secret = &o->image->secret;
	uint64_t unknown = get64(secret->scf) &
			   ~o->machine->profile->header_scf;

	if (get32(secret->noi))
		return uv_fail(o->err, PV_RC_PARAMS_HEADER,
			       PV_RRC_PARAMS_HEADER_ENCRYPTED,
			       "the SE header has optional items, which are not supported");
	if (unknown)
		return uv_fail(o->err, PV_RC_PARAMS_SCF, 0,
			       "a %s has no secret control flags 0x%016" PRIx64 " of SE headers",
			       o->machine->profile->name, unknown);
	return 0;
}

static int take(struct opening *o)
{
	struct uv_image *image = o->image;

	memcpy(image->tags.pld, o->head->pld, sizeof(image->tags.pld));
	memcpy(image->tags.ald, o->head->ald, sizeof(image->tags.ald));
	memcpy(image->tags.tld, o->head->tld, sizeof(image->tags.tld));
	memcpy(image->tags.tag, o->bytes + o->len - PV_GCM_TAG_SIZE,
	       PV_GCM_TAG_SIZE);
	memcpy(image->phkh, o->pair->phkh, sizeof(image->phkh));
	image->pcf = get64(o->head->pcf);
	image->nep = get64(o->head->nep);
	return 0;
}

/* The order decides which code a header with several faults gets. */
static int (*const steps[])(struct opening *) = {
	check_frame,
	check_version,
	check_size_field,
	check_encrypted_size,
	check_slots,
	check_pcf,
	find_slot,
	open_area,
	check_secret,
	take,
};

int uv_header_open(const struct uv_machine *machine, const void *header,
		   size_t len, struct uv_image *image, struct uv_error *err)
{
	struct opening opening = {
		.machine = machine,
		.bytes = header,
		.len = len,
		.head = header,
		.image = image,
		.err = err,
	};
	int ret = 0;

	memset(image, 0, sizeof(*image));
	for (size_t i = 0; !ret && i < ARRAY_SIZE(steps); i++)
		ret = steps[i](&opening);
	if (ret)
		OPENSSL_cleanse(image, sizeof(*image));
	return ret;
}
