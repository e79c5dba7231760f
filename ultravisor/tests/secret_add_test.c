// SPDX-License-Identifier: MIT
/* Add secret: order of the checks, what a guest accepts, what it remembers. */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "config.h"
#include "machine.h"
#include "pv/secret.h"
#include "pv/se_header.h"
#include "pv/uvc.h"
#include "secrets.h"
#include "tap.h"

#define PAGE(addr)	((addr) / FAKE_PAGE)
#define ENFORCED	PV_SCF_CCK_EXTENSION_SECRET
#define UPDATE		PV_SCF_CCK_UPDATE

/* CCK of seal_header_init(). */
static const uint8_t header_cck[32] = {
	0x31, 0x31, 0x31, 0x31, 0x31, 0x31, 0x31, 0x31, 0x31, 0x31, 0x31,
	0x31, 0x31, 0x31, 0x31, 0x31, 0x31, 0x31, 0x31, 0x31, 0x31, 0x31,
	0x31, 0x31, 0x31, 0x31, 0x31, 0x31, 0x31, 0x31, 0x31, 0x31,
};

/* ---- everything that an addition may change ---- */

struct state {
	uint8_t hash[64];
	uint8_t extension[32];
	uint8_t cck[32];
	size_t count;
	bool has_extension;
	bool dump_disabled;
};

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

/* A refusal: the code, and that nothing else comes of it. */
static void must_refuse(struct fake_machine *fake,
			const struct seal_secret *secret, uint16_t rc,
			const char *name)
{
	struct state before, after;

	look(fake, &before);
	tap_equal(secrets_add(fake, secret), rc, "%s: is refused", name);
	look(fake, &after);
	tap_ok(memcmp(&before, &after, sizeof(before)) == 0,
	       "%s: nothing changes", name);
}

static void must_accept(struct fake_machine *fake,
			const struct seal_secret *secret, const char *name)
{
	tap_equal(secrets_add(fake, secret), 1, "%s: is accepted", name);
}

/* ---- order of the checks ---- */

/**
 * struct run - an association secret about to be added
 * @len: length that the block claims
 * @bad_tag: spoil the request's tag after it was sealed
 */
struct run {
	struct fake_machine *fake;
	struct seal_secret secret;
	uint16_t len;
	bool bad_tag;
};

static struct run *run_new(void)
{
	struct run *run = calloc(1, sizeof(*run));

	if (!run)
		abort();
	run->fake = secrets_guest("z17", ENFORCED);
	run->len = 0x48;
	secrets_request(run->fake, &run->secret);
	seal_secret_fill(&run->secret, PV_SECRET_ASSOCIATION, "test", 0x11,
			 32);
	seal_extension(header_cck, run->secret.tags + 192,
		       run->secret.extension);
	return run;
}

static void run_free(struct run *run)
{
	fake_free(run->fake);
	free(run);
}

static uint16_t perform(struct run *run)
{
	uint8_t *block = fake_block(run->fake, SECRETS_BLOCK,
				    PV_CMD_ADD_SECRET, 0x48);
	uint8_t asrcb[SEAL_MAX_ASRCB];
	size_t size = seal_secret(&run->secret, asrcb);

	asrcb[size - 1] ^= run->bad_tag;
	fake_home_put(run->fake, SECRETS_ASRCB, asrcb, size);
	fake_put16(block, run->len);
	fake_put64(block + 0x20, SECRETS_ASRCB);
	return fake_call_rc(run->fake, SECRETS_BLOCK);
}

static void bad_length(struct run *run)
{
	run->len = 0x40;
}

static void bad_lock(struct run *run)
{
	run->fake->cpu.config->store.locked = true;
}

static void bad_head(struct run *run)
{
	run->fake->home[PAGE(SECRETS_ASRCB)].valid = false;
}

static void bad_version(struct run *run)
{
	run->secret.version = 0x200;
}

static void bad_slots(struct run *run)
{
	run->secret.slots_off = -1;
}

static void bad_size(struct run *run)
{
	run->secret.total_off = -1;
}

static void bad_rest(struct run *run)
{
	run->fake->home[PAGE(SECRETS_ASRCB) + 1].valid = false;
}

static void bad_flags(struct run *run)
{
	run->secret.flags |= 1;
}

static void bad_tag(struct run *run)
{
	run->bad_tag = true;
}

/* Reserved, of the same size as the right one. */
static void bad_type(struct run *run)
{
	run->secret.type = 0x0b;
}

static void bad_secret_size(struct run *run)
{
	run->secret.size_off = 1;
}

static void bad_tags(struct run *run)
{
	run->secret.tags[207] ^= 1;
}

static void bad_uid(struct run *run)
{
	memcpy(run->secret.uid, run->fake->cpu.config->uid, 16);
	run->secret.uid[15] ^= 1;
}

static void bad_extension(struct run *run)
{
	run->secret.extension[31] ^= 1;
}

static void bad_room(struct run *run)
{
	struct uv_config *config = run->fake->cpu.config;
	uint8_t value[32] = { 0 }, tag[16] = { 0 };
	const struct uv_secret secret = {
		.type = uv_secret_type_find(run->fake->uv->profile,
					    PV_SECRET_ASSOCIATION),
		.size = sizeof(value),
		.value = value,
	};

	for (int i = 0; i < 64; i++)
		uv_secret_store_add(&config->store, &secret, tag);
}

static const struct step {
	const char *name;
	void (*spoil)(struct run *run);
	uint16_t rc;
} order[] = {
	{ "block length", bad_length, PV_RC_INV_LEN },
	{ "lock", bad_lock, PV_RC_SECRET_LOCKED },
	{ "access to the request's head", bad_head, PV_RC_SECRET_ACC_REQUEST },
	{ "version", bad_version, PV_RC_SECRET_VERSION },
	{ "number of slots", bad_slots, PV_RC_SECRET_SLOTS },
	{ "request size", bad_size, PV_RC_SECRET_REQUEST_SIZE },
	{ "access to the request's rest", bad_rest, PV_RC_SECRET_ACC_REQUEST },
	{ "flags", bad_flags, PV_RC_SECRET_FLAGS },
	{ "authenticity", bad_tag, PV_RC_SECRET_UNSEAL },
	{ "type", bad_type, PV_RC_SECRET_TYPE },
	{ "secret size", bad_secret_size, PV_RC_SECRET_SIZE },
	{ "boot tags", bad_tags, PV_RC_SECRET_NOT_FOR_GUEST },
	{ "unique id", bad_uid, PV_RC_SECRET_NOT_FOR_GUEST },
	{ "extension secret", bad_extension, PV_RC_SECRET_NOT_FOR_GUEST },
	{ "room", bad_room, PV_RC_SECRET_STORE_FULL },
};

static void test_single(const struct step *step)
{
	struct state before, after;
	struct run *run = run_new();
	uint16_t rc;

	step->spoil(run);
	look(run->fake, &before);
	rc = perform(run);
	look(run->fake, &after);
	tap_equal(rc, step->rc, "wrong %s is refused", step->name);
	tap_ok(memcmp(&before, &after, sizeof(before)) == 0,
	       "wrong %s: nothing changes", step->name);
	run_free(run);
}

static void test_pair(const struct step *first, const struct step *second)
{
	struct run *run = run_new();

	second->spoil(run);
	first->spoil(run);
	tap_equal(perform(run), first->rc, "%s is checked before %s",
		  first->name, second->name);
	run_free(run);
}

static void test_order(void)
{
	struct run *run = run_new();

	tap_equal(perform(run), 1, "control case: nothing is wrong");
	run_free(run);
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		test_single(&order[i]);
		for (size_t j = i + 1; j < ARRAY_SIZE(order); j++)
			test_pair(&order[i], &order[j]);
	}
}

/* ---- sizes of the request ---- */

#define HEAD_END	(0x4b8 + 80 + 0x30)
#define NOBODY		PV_RC_SECRET_ACC_REQUEST

/* Sizes that a request claims; storage ends before the largest does. */
static const struct size_case {
	const char *name;
	uint64_t total;
	uint32_t sea;
	uint16_t rc;
} size_cases[] = {
	{ "1 MiB", 0x100000, 0x100000 - 16 - HEAD_END, NOBODY },
	{ "1 MiB and a byte", 0x100001, 0x100001 - 16 - HEAD_END,
	  PV_RC_SECRET_REQUEST_SIZE },
	{ "4 GiB", UINT32_MAX, UINT32_MAX - 16 - HEAD_END,
	  PV_RC_SECRET_REQUEST_SIZE },
	{ "an encrypted area of 4 GiB", 1416, UINT32_MAX,
	  PV_RC_SECRET_REQUEST_SIZE },
	{ "nothing", 0, 64, PV_RC_SECRET_REQUEST_SIZE },
	{ "no room for the extension secret", HEAD_END + 31 + 16, 31,
	  PV_RC_SECRET_REQUEST_SIZE },
	{ "a secret header of 17 bytes", 0x4b8 + 80 + 17 + 64 + 16, 64,
	  PV_RC_SECRET_REQUEST_SIZE },
	{ "no secret header", 0x4b8 + 80 + 64 + 16, 64,
	  PV_RC_SECRET_REQUEST_SIZE },
};

static void test_sizes(void)
{
	struct run *run = run_new();
	uint8_t asrcb[SEAL_MAX_ASRCB];
	size_t size = seal_secret(&run->secret, asrcb);

	for (size_t i = 0; i < ARRAY_SIZE(size_cases); i++) {
		fake_put32(asrcb + 0x0c, (uint32_t)size_cases[i].total);
		fake_put32(asrcb + 0x2c, size_cases[i].sea);
		tap_equal(secrets_add_bytes(run->fake, asrcb, size),
			  size_cases[i].rc, "a request that claims %s: rc",
			  size_cases[i].name);
	}
	run->secret.nks = 255;
	for (size_t i = 0; i < 255; i++)
		run->secret.hosts[i] = i < 254 ? fake_keys()->backup :
						 fake_keys()->host;
	must_accept(run->fake, &run->secret, "255 slots, the last is ours");
	run_free(run);
}

/* ---- types and their sizes ---- */

static void try_size(struct fake_machine *fake, uint16_t type, size_t size,
		     bool good)
{
	struct seal_secret secret;
	uint16_t want = good ? 1 : PV_RC_SECRET_SIZE;

	secrets_request(fake, &secret);
	seal_secret_fill(&secret, type, "test", 0x00, size);
	if (type == PV_SECRET_UPDATE_CCK)
		memset(secret.id, 0, sizeof(secret.id));
	tap_equal(secrets_add(fake, &secret), want,
		  "a secret of type 0x%02x and %zu bytes is %s", type, size,
		  good ? "accepted" : "refused");
}

static void test_secret_sizes(void)
{
	static const struct {
		uint16_t type;
		size_t size;
	} fixed[] = {
		{ 0x02, 32 }, { 0x04, 16 }, { 0x05, 24 }, { 0x06, 32 },
		{ 0x07, 32 }, { 0x08, 64 }, { 0x09, 64 }, { 0x0a, 128 },
		{ 0x11, 32 }, { 0x12, 48 }, { 0x13, 80 }, { 0x14, 32 },
		{ 0x15, 64 }, { 0x16, 32 },
	};
	static const size_t good_plain[] = { 16, 32, 8176, 8192 };
	static const size_t bad_plain[] = { 0, 1, 15, 17, 8191, 8193, 8208 };
	struct fake_machine *fake = secrets_guest("z17", UPDATE);

	for (size_t i = 0; i < ARRAY_SIZE(fixed); i++) {
		try_size(fake, fixed[i].type, fixed[i].size, true);
		try_size(fake, fixed[i].type, fixed[i].size - 1, false);
		try_size(fake, fixed[i].type, fixed[i].size + 1, false);
		try_size(fake, fixed[i].type, 0, false);
	}
	for (size_t i = 0; i < ARRAY_SIZE(good_plain); i++)
		try_size(fake, PV_SECRET_PLAINTEXT, good_plain[i], true);
	for (size_t i = 0; i < ARRAY_SIZE(bad_plain); i++)
		try_size(fake, PV_SECRET_PLAINTEXT, bad_plain[i], false);
	try_size(fake, PV_SECRET_NULL, 0, true);
	try_size(fake, PV_SECRET_NULL, 16, false);
	fake_free(fake);
}

static void test_unknown_types(void)
{
	static const uint16_t unknown[] = {
		0x00, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x17, 0x3f, 0x40,
		0x42, 0x102, 0xffff,
	};
	struct fake_machine *fake = secrets_guest("z17", UPDATE);
	struct fake_machine *z16 = secrets_guest("z16", 0);
	struct seal_secret secret;

	secrets_request(fake, &secret);
	for (size_t i = 0; i < ARRAY_SIZE(unknown); i++) {
		seal_secret_fill(&secret, unknown[i], "test", 0x11, 32);
		tap_equal(secrets_add(fake, &secret), PV_RC_SECRET_TYPE,
			  "there is no type 0x%04x", unknown[i]);
	}
	secrets_request(z16, &secret);
	for (uint16_t type = 0; type < PV_SECRET_TYPES; type++) {
		bool has = type == 1 || type == 2;

		seal_secret_fill(&secret, type, "test", 0x11,
				 type == 1 ? 0 : 32);
		tap_equal(secrets_add(z16, &secret),
			  has ? 1 : PV_RC_SECRET_TYPE,
			  "a z16 has %s type 0x%02x", has ? "a" : "no", type);
	}
	fake_free(fake);
	fake_free(z16);
}

static void test_header_sizes(void)
{
	struct fake_machine *fake = secrets_guest("z17", 0);
	struct seal_secret secret;

	secrets_request(fake, &secret);
	secret.header_size = 0x30;
	must_refuse(fake, &secret, PV_RC_SECRET_TYPE, "a null secret with an id");
	seal_secret_fill(&secret, PV_SECRET_ASSOCIATION, "test", 0x11, 32);
	secret.header_size = 0x10;
	must_refuse(fake, &secret, PV_RC_SECRET_TYPE,
		    "an association secret without id");
	secret.header_size = 0x30;
	secret.size_off = -1;
	must_refuse(fake, &secret, PV_RC_SECRET_SIZE,
		    "a secret larger than its header says");
	fake_free(fake);
}

/* ---- for whom a request is ---- */

static void test_binding(void)
{
	struct fake_machine *fake = secrets_guest("z17", 0);
	struct seal_secret secret;

	secrets_request(fake, &secret);
	for (size_t i = 0; i < sizeof(secret.tags); i += 23) {
		secret.tags[i] ^= 1;
		tap_equal(secrets_add(fake, &secret),
			  PV_RC_SECRET_NOT_FOR_GUEST,
			  "boot tags that differ in byte %zu are refused", i);
		secret.tags[i] ^= 1;
	}
	tap_ok(strstr(fake->said, "boot tags differ"), "and the log says why");
	memcpy(secret.uid, fake->cpu.config->uid, 16);
	must_accept(fake, &secret, "a request for this very instance");
	secret.uid[0] ^= 1;
	must_refuse(fake, &secret, PV_RC_SECRET_NOT_FOR_GUEST,
		    "a request for another instance");
	tap_ok(strstr(fake->said, "unique id differs"), "the log says why");
	fake_free(fake);
}

static void test_duplicates(void)
{
	struct fake_machine *fake = secrets_guest("z17", 0);
	struct seal_secret secret;
	uint8_t page[SECRETS_PAGE];

	secrets_request(fake, &secret);
	seal_secret_fill(&secret, PV_SECRET_AES_128, "test", 0x11, 16);
	must_accept(fake, &secret, "a secret");
	must_accept(fake, &secret, "the same request again");
	secrets_list(fake, 0, page);
	tap_equal(fake_get16(page + 2), 2, "and the store has both");
	fake_free(fake);
}

/* ---- extension secrets ---- */

static void test_fixed_extension(void)
{
	struct fake_machine *fake = secrets_guest("z17", 0);
	struct seal_secret secret;

	secrets_request(fake, &secret);
	memset(secret.extension, 0x17, 32);
	secret.tags[0] ^= 1;
	must_refuse(fake, &secret, PV_RC_SECRET_NOT_FOR_GUEST,
		    "a refused request fixes no extension secret, it");
	secret.tags[0] ^= 1;
	memset(secret.extension, 0x18, 32);
	must_accept(fake, &secret, "the first extension secret");
	must_accept(fake, &secret, "the same extension secret");
	memset(secret.extension, 0, 32);
	must_refuse(fake, &secret, PV_RC_SECRET_NOT_FOR_GUEST,
		    "no extension secret after one was fixed");
	tap_ok(strstr(fake->said, "not that of the first request"),
	       "and the log says why");
	fake_free(fake);

	fake = secrets_guest("z17", 0);
	secrets_request(fake, &secret);
	must_accept(fake, &secret, "no extension secret");
	secret.extension[31] = 1;
	must_refuse(fake, &secret, PV_RC_SECRET_NOT_FOR_GUEST,
		    "an extension secret after none was fixed");
	fake_free(fake);
}

static void test_derived_extension(void)
{
	struct fake_machine *fake = secrets_guest("z16", ENFORCED);
	struct seal_secret secret;

	secrets_request(fake, &secret);
	must_refuse(fake, &secret, PV_RC_SECRET_NOT_FOR_GUEST,
		    "no extension secret where the CCK's is demanded");
	tap_ok(strstr(fake->said, "not derived from the CCK"),
	       "and the log says why");
	memcpy(secret.extension, header_cck, 32);
	must_refuse(fake, &secret, PV_RC_SECRET_NOT_FOR_GUEST, "the CCK itself");
	seal_extension(header_cck, secret.tags + 192, secret.extension);
	must_accept(fake, &secret, "the derived extension secret");
	fake_free(fake);
}

/* ---- update of the CCK ---- */

static void test_update(void)
{
	struct fake_machine *fake = secrets_guest("z17", 0);
	struct seal_secret secret;
	const uint8_t *cck;

	secrets_request(fake, &secret);
	seal_secret_fill(&secret, PV_SECRET_UPDATE_CCK, NULL, 0x0b, 32);
	must_refuse(fake, &secret, PV_RC_SECRET_NOT_FOR_GUEST,
		    "an update of the CCK that the header does not allow");
	tap_ok(strstr(fake->said, "does not allow to update"),
	       "and the log says why");
	fake_free(fake);

	fake = secrets_guest("z17", UPDATE);
	cck = fake->cpu.config->image.secret.cck;
	secrets_request(fake, &secret);
	tap_filled(cck, 32, 0x31, "before an update the CCK is the header's");
	seal_secret_fill(&secret, PV_SECRET_UPDATE_CCK, NULL, 0x0b, 32);
	must_accept(fake, &secret, "an update of the CCK");
	tap_filled(cck, 32, 0x0b, "the CCK is the new one");
	tap_equal(fake->cpu.config->store.count, 0, "and enters no list");
	fake_free(fake);
}

/* What the first request fixed stays, also if the CCK does not. */
static void test_update_and_extension(void)
{
	struct fake_machine *fake = secrets_guest("z17", UPDATE | ENFORCED);
	struct seal_secret secret;
	uint8_t new_cck[32];

	secrets_request(fake, &secret);
	seal_extension(header_cck, secret.tags + 192, secret.extension);
	seal_secret_fill(&secret, PV_SECRET_UPDATE_CCK, NULL, 0x0b, 32);
	must_accept(fake, &secret, "an update with the old CCK's extension");
	seal_secret_fill(&secret, PV_SECRET_ASSOCIATION, "a", 0x11, 32);
	must_accept(fake, &secret, "the old CCK's extension after an update");
	memset(new_cck, 0x0b, sizeof(new_cck));
	seal_extension(new_cck, secret.tags + 192, secret.extension);
	must_refuse(fake, &secret, PV_RC_SECRET_NOT_FOR_GUEST,
		    "the new CCK's extension after an update");
	fake_free(fake);
}

/* ---- flags, limits ---- */

/* Behind what is wrong with the request, before what is wrong for the guest. */
static void test_while_dumping(void)
{
	struct fake_machine *fake = secrets_guest("z16", 0);
	struct uv_config *config = fake->cpu.config;
	struct seal_secret secret;

	secrets_request(fake, &secret);
	config->dump.active = true;
	must_refuse(fake, &secret, PV_RC_SECRET_DUMPING,
		    "a good request while a dump is taken");
	secret.tags[0] ^= 1;
	must_refuse(fake, &secret, PV_RC_SECRET_DUMPING,
		    "one for another image while a dump is taken");
	seal_secret_fill(&secret, PV_SECRET_ASSOCIATION, "a", 0x11, 31);
	must_refuse(fake, &secret, PV_RC_SECRET_SIZE,
		    "one of a wrong size while a dump is taken");
	secrets_request(fake, &secret);
	secret.flags = PV_ADD_SECRET_FLAG_DISABLE_DUMP;
	must_refuse(fake, &secret, PV_RC_SECRET_DUMPING,
		    "one that disables dumps while a dump is taken");
	tap_ok(!config->dump_disabled, "dumps are not disabled by it");
	config->dump.active = false;
	must_accept(fake, &secret, "the same after the dump");
	fake_free(fake);
}

static void test_dump(void)
{
	struct fake_machine *fake = secrets_guest("z16", 0);
	struct uv_config *config = fake->cpu.config;
	struct seal_secret secret;

	secrets_request(fake, &secret);
	must_accept(fake, &secret, "a null secret without flags");
	tap_ok(!config->dump_disabled, "dumps are as they were");
	secret.flags = PV_ADD_SECRET_FLAG_DISABLE_DUMP;
	must_accept(fake, &secret, "a null secret that disables dumps");
	tap_ok(config->dump_disabled, "dumps are disabled");
	secret.flags = 0;
	must_accept(fake, &secret, "another without flags");
	tap_ok(config->dump_disabled, "dumps stay disabled");
	for (unsigned int bit = 1; bit < 64; bit++) {
		secret.flags = PV_BIT64(bit);
		if (secrets_add(fake, &secret) != PV_RC_SECRET_FLAGS)
			tap_ok(false, "flag %u is refused", bit);
	}
	fake_free(fake);
}

static void fill(struct fake_machine *fake, struct seal_secret *secret,
		 unsigned int n, const char *name)
{
	unsigned int good = 0;

	for (unsigned int i = 0; i < n; i++)
		good += secrets_add(fake, secret) == 1;
	tap_equal(good, n, "there is room for %u %s", n, name);
	must_refuse(fake, secret, PV_RC_SECRET_STORE_FULL, "one more");
}

static void test_full(void)
{
	struct fake_machine *fake = secrets_guest("z17", UPDATE);
	struct seal_secret secret;

	secrets_request(fake, &secret);
	seal_secret_fill(&secret, PV_SECRET_ASSOCIATION, "a", 0x11, 32);
	fill(fake, &secret, 64, "association secrets");
	seal_secret_fill(&secret, PV_SECRET_AES_128, "b", 0x11, 16);
	for (int i = 0; i < 28; i++)
		secrets_add(fake, &secret);
	seal_secret_text(&secret, "c", "text", 4);
	fill(fake, &secret, 100, "retrievable secrets more");
	seal_secret_fill(&secret, PV_SECRET_NULL, NULL, 0, 0);
	must_accept(fake, &secret, "a null secret when all is full");
	seal_secret_fill(&secret, PV_SECRET_UPDATE_CCK, NULL, 0x0b, 32);
	must_accept(fake, &secret, "a CCK when all is full");
	tap_equal(fake->cpu.config->store.count, 192, "192 secrets in all");
	fake_free(fake);
}

/* ---- slots, keys, altered requests ---- */

static void test_slots(void)
{
	struct fake_machine *fake = secrets_guest("z17", 0);
	char *pem = seal_pem(fake_keys()->backup);
	struct seal_secret secret;

	secrets_request(fake, &secret);
	secret.hosts[0] = fake_keys()->backup;
	must_refuse(fake, &secret, PV_RC_SECRET_UNSEAL, "a request for another host");
	uv_machine_set_host_key(fake->uv, UV_HOST_KEY_BACKUP, pem, strlen(pem),
				NULL);
	free(pem);
	must_refuse(fake, &secret, PV_RC_SECRET_UNSEAL,
		    "a request for the backup host key");
	secret.hosts[1] = fake_keys()->host;
	secret.nks = 2;
	must_accept(fake, &secret, "a request for another host and this one");
	fake->real_space = true;
	must_refuse(fake, &secret, PV_RC_HOME_REAL_SPACE,
		    "a home space that is real space");
	fake_free(fake);
}

static void test_flipped_bits(uint64_t seed)
{
	struct run *run = run_new();
	uint8_t asrcb[SEAL_MAX_ASRCB];
	size_t size = seal_secret(&run->secret, asrcb);
	unsigned int changed = 0;
	struct state before, after;
	uint64_t random = seed | 1;

	look(run->fake, &before);
	for (size_t byte = 0; byte < size; byte++) {
		uint8_t bit = (uint8_t)(1 << fake_random(&random) % 8);

		asrcb[byte] ^= bit;
		changed += secrets_add_bytes(run->fake, asrcb, size) == 1;
		asrcb[byte] ^= bit;
		look(run->fake, &after);
		changed += memcmp(&before, &after, sizeof(before)) != 0;
	}
	tap_equal(size, 1416, "a bit of every byte of 1416 is flipped");
	tap_equal(changed, 0, "none is accepted, none changes anything");
	tap_equal(secrets_add_bytes(run->fake, asrcb, size), 1,
		  "and the original is accepted");
	run_free(run);
}

int main(void)
{
	uint64_t seed;

	tap_begin();
	seed = tap_seed();
	test_order();
	test_sizes();
	test_secret_sizes();
	test_unknown_types();
	test_header_sizes();
	test_binding();
	test_duplicates();
	test_fixed_extension();
	test_derived_extension();
	test_update();
	test_update_and_extension();
	test_dump();
	test_while_dumping();
	test_full();
	test_slots();
	test_flipped_bits(seed);
	return tap_end();
}
