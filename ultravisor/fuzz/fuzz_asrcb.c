// SPDX-License-Identifier: MIT
/*
 * Any bytes as an add-secret request into a fresh store, and what can be done
 * with the secret then.
 *
 * Input: struct control, the request.
 */
#include <string.h>

#include "bytes.h"
#include "config.h"
#include "fuzz.h"
#include "pv/uvc.h"
#include "secrets.h"

#define AREA_MAX	(SEAL_MAX_SECRET + 32)

enum control_bits {
	SEAL_AGAIN	= 1 << 0,	/* the area is plain, seal it */
	CCK_EXTENSION	= 1 << 1,
	CCK_UPDATE	= 1 << 2,
	LOCK		= 1 << 3,
	TWICE		= 1 << 4,
};

/**
 * struct control - first bytes of the input
 * @profile: odd for a z16, even for a z17
 * @bits: enum control_bits
 */
struct control {
	uint8_t profile;
	uint8_t bits;
};

/** struct state - what only a successful request may change */
struct state {
	uint8_t hash[64];
	uint8_t extension[32];
	uint8_t cck[32];
	size_t count;
	bool has_extension;
	bool dump_disabled;
};

static struct fake_machine *machine_for(const struct control *control)
{
	static struct fake_machine *machines[2];
	struct fake_machine **slot = &machines[control->profile % 2];
	struct uv_config *config;
	uint64_t scf = 0;

	if (!*slot)
		*slot = secrets_known_guest(control->profile % 2 ? "z16" :
								   "z17");
	if (control->bits & CCK_EXTENSION)
		scf |= PV_SCF_CCK_EXTENSION_SECRET;
	if (control->bits & CCK_UPDATE)
		scf |= PV_SCF_CCK_UPDATE;
	config = (*slot)->cpu.config;
	uv_secret_store_free(&config->store);
	MUST(uv_secret_store_init(&config->store));
	config->store.locked = control->bits & LOCK;
	config->dump_disabled = false;
	memset(&config->image.secret, 0, sizeof(config->image.secret));
	config->image.secret.scf = put64(scf);
	return *slot;
}

static void look(const struct fake_machine *fake, struct state *state)
{
	const struct uv_config *config = fake->cpu.config;

	memset(state, 0, sizeof(*state));
	secrets_hash(fake, state->hash);
	memcpy(state->extension, config->store.extension, 32);
	memcpy(state->cck, config->image.secret.cck, 32);
	state->count = config->store.count;
	state->has_extension = config->store.has_extension;
	state->dump_disabled = config->dump_disabled;
}

/* With the request key of all known requests, whatever the sizes say. */
static void seal_area(uint8_t *asrcb, size_t size)
{
	uint8_t plain[AREA_MAX], key[32];
	size_t sea, area;

	if (size < 0x30)
		return;
	sea = fake_get32(asrcb + 0x2c);
	if (sea > sizeof(plain) || size < 0x30 + sea + 16)
		return;
	area = size - sea - 16;
	memset(key, 0x17, sizeof(key));
	memcpy(plain, asrcb + area, sea);
	seal_gcm(key, asrcb + 0x10, asrcb, area, plain, sea, asrcb + area);
}

/* A z16 keeps secrets, but has no call to retrieve them. */
static void use_secret(struct fake_machine *fake, bool z16)
{
	uint8_t page[SECRETS_PAGE], object[8192 + 8];
	uint16_t rc, type;
	uint32_t size;

	MUST(secrets_list(fake, 0, page) == PV_RC_EXECUTED);
	MUST(fake_get16(page) == 1 && fake_get16(page + 2) == 1);
	type = fake_get16(page + 0x12);
	size = fake_get32(page + 0x14);
	MUST(size >= 16 && size <= 8192);
	rc = secrets_retrieve(fake, 0, size, object);
	if (z16) {
		MUST(type == 2 && rc == PV_RC_INV_CMD);
		return;
	}
	MUST(rc == (type == 2 ? PV_RC_SECRET_NOT_RETRIEVABLE : PV_RC_EXECUTED));
	MUST(object[size] == 0xee);
	rc = secrets_retrieve(fake, 0, size - 1, object);
	MUST(rc == (type == 2 ? PV_RC_SECRET_NOT_RETRIEVABLE :
				PV_RC_SECRET_BUF_SMALL));
}

static void check(const struct state *before, const struct state *after,
		  uint16_t rc)
{
	if (rc != PV_RC_EXECUTED) {
		MUST(rc >= PV_RC_SECRET_LOCKED && rc <= PV_RC_SECRET_DUMPING);
		MUST(memcmp(before, after, sizeof(*before)) == 0);
		return;
	}
	MUST(after->count <= before->count + 1);
	MUST(after->has_extension);
	MUST(memcmp(before->hash, after->hash, sizeof(after->hash)) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t asrcb[SEAL_MAX_ASRCB];
	struct state before, after;
	struct control control;
	struct fake_machine *fake;
	uint16_t rc;

	if (size < sizeof(control) || size > sizeof(asrcb))
		return 0;
	memcpy(&control, data, sizeof(control));
	size -= sizeof(control);
	memcpy(asrcb, data + sizeof(control), size);
	fake = machine_for(&control);
	if (control.bits & SEAL_AGAIN)
		seal_area(asrcb, size);
	look(fake, &before);
	rc = secrets_add_bytes(fake, asrcb, size);
	look(fake, &after);
	check(&before, &after, rc);
	if (after.count)
		use_secret(fake, control.profile % 2);
	if (rc == PV_RC_EXECUTED && control.bits & TWICE)
		MUST(secrets_add_bytes(fake, asrcb, size) == PV_RC_EXECUTED);
	return 0;
}
