// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "bytes.h"
#include "config.h"
#include "image.h"
#include "machine.h"
#include "pv/uvc.h"
#include "report.h"

#define STATE(name)	(1u << UV_CONFIG_##name)

/**
 * struct stage - one of the three calls
 * @name: for messages
 * @states: states of a configuration in which it is allowed, STATE()
 * @next: state after its success
 */
struct stage {
	const char *name;
	unsigned int states;
	enum uv_config_state next;
};

/* The table of README.md. */
static const struct stage set_params = {
	"set parameters", STATE(CREATED), UV_CONFIG_PARAMS_SET,
};

static const struct stage unpack = {
	"unpack", STATE(PARAMS_SET) | STATE(UNPACKING), UV_CONFIG_UNPACKING,
};

static const struct stage verify = {
	"verify", STATE(UNPACKING), UV_CONFIG_VERIFIED,
};

static int check_state(const struct uv_config *config,
		       const struct stage *stage, struct uv_error *err)
{
	static const char *const names[UV_CONFIG_STATES] = {
		"created", "parameters set", "unpacking", "verified",
	};

	if (stage->states & 1u << config->state)
		return 0;
	return uv_fail(err, PV_RC_INV_STATE, 0,
		       "%s is not possible in state '%s' of configuration %u",
		       stage->name, names[config->state], config->owner.id);
}

static int crypto_failed(struct uv_error *err, const char *what)
{
	return uv_fail(err, UV_RC_INTERNAL, 0, "libcrypto could not %s", what);
}

/* ---- running digests ---- */

static EVP_MD_CTX *digest_start(void)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	if (ctx && EVP_DigestInit_ex2(ctx, EVP_sha512(), NULL) == 1)
		return ctx;
	EVP_MD_CTX_free(ctx);
	return NULL;
}

static bool digests_start(struct uv_unpack *state)
{
	ERR_set_mark();
	state->pld = digest_start();
	state->ald = digest_start();
	state->tld = digest_start();
	ERR_pop_to_mark();
	return state->pld && state->ald && state->tld;
}

static bool digests_update(struct uv_unpack *state, const uint8_t *stored,
			   uint64_t addr, const pv_be64 tweak[2])
{
	const pv_be64 place = put64(addr);
	bool ok;

	ERR_set_mark();
	ok = EVP_DigestUpdate(state->pld, stored, PV_PAGE_SIZE) == 1 &&
	     EVP_DigestUpdate(state->ald, &place, sizeof(place)) == 1 &&
	     EVP_DigestUpdate(state->tld, tweak, 2 * sizeof(*tweak)) == 1;
	ERR_pop_to_mark();
	return ok;
}

/* Of a copy: after a failed comparison more pages may follow. */
static bool digest_value(const EVP_MD_CTX *running,
			 uint8_t value[UV_SHA512_SIZE])
{
	EVP_MD_CTX *copy;
	bool ok;

	ERR_set_mark();
	copy = EVP_MD_CTX_new();
	ok = copy && EVP_MD_CTX_copy_ex(copy, running) == 1 &&
	     EVP_DigestFinal_ex(copy, value, NULL) == 1;
	EVP_MD_CTX_free(copy);
	ERR_pop_to_mark();
	return ok;
}

void uv_unpack_free(struct uv_unpack *state)
{
	EVP_CIPHER_CTX_free(state->xts);
	EVP_MD_CTX_free(state->pld);
	EVP_MD_CTX_free(state->ald);
	EVP_MD_CTX_free(state->tld);
	*state = (struct uv_unpack){ 0 };
}

/* ---- set parameters ---- */

static int fetch_header(const struct uv_source *source, uint8_t *bytes,
			struct uv_error *err)
{
	size_t len = PV_SE_HEADER_MAX_SIZE;

	if (source->len < len)
		len = (size_t)source->len;
	switch (source->read(source->opaque, source->addr, bytes, len)) {
	case UV_ACCESS_OK:
		return 0;
	case UV_ACCESS_REAL_SPACE:
		return uv_fail(err, PV_RC_HOME_REAL_SPACE, 0,
			       "the home space is a real space, the SE header cannot be read");
	default:
		return uv_fail(err, PV_RC_PARAMS_ACCESS, 0,
			       "the SE header at 0x%" PRIx64 " cannot be read",
			       source->addr);
	}
}

/*
 * A key with identical halves is taken as it is: tools refuse to make one, but
 * libcrypto decrypts with it.  A libcrypto that does not (FIPS) is a failure of
 * ours, not of the header.
 */
static int prepare(struct uv_unpack *state, const struct uv_image *image,
		   struct uv_error *err)
{
	if (!digests_start(state))
		return crypto_failed(err, "start the digests of an image");
	if (image->pcf & PV_PCF_NO_COMPONENT_ENCRYPTION)
		return 0;
	state->xts = uv_xts_new(image->secret.xts_key, false);
	if (!state->xts)
		return crypto_failed(err, "use the image key of the SE header");
	return 0;
}

int uv_image_set_params(struct uv_machine *machine, struct uv_config *config,
			const struct uv_source *header, struct uv_error *err)
{
	uint8_t bytes[PV_SE_HEADER_MAX_SIZE];
	struct uv_unpack state = { 0 };
	struct uv_image image;
	int ret;

	if (check_state(config, &set_params, err) ||
	    fetch_header(header, bytes, err) ||
	    uv_header_open(machine, bytes, header->len, &image, err))
		return -1;
	ret = prepare(&state, &image, err);
	if (ret) {
		uv_unpack_free(&state);
	} else {
		config->image = image;
		config->unpack = state;
		config->state = set_params.next;
	}
	OPENSSL_cleanse(&image, sizeof(image));
	return ret;
}

/* ---- unpack ---- */

static int check_page(const struct uv_machine *machine,
		      const struct uv_config *config, uint64_t addr,
		      struct uv_error *err)
{
	const struct uv_page *page = uv_storage_page(&machine->storage, addr);

	if (addr % PV_PAGE_SIZE || !page)
		return uv_fail(err, PV_RC_UNPACK_ADDR, 0,
			       "0x%" PRIx64 " is no address of a page of storage",
			       addr);
	if (!uv_page_free_for(page, &config->owner))
		return uv_fail(err, PV_RC_UNPACK_OWNED, 0,
			       "the page at 0x%" PRIx64 " belongs to a configuration already",
			       addr);
	return 0;
}

static int not_mapped(struct uv_error *err, uint64_t addr)
{
	return uv_fail(err, PV_RC_UNPACK_NOT_MAPPED, 0,
		       "storage at 0x%" PRIx64 " cannot be accessed", addr);
}

static int decrypt_in_place(const struct uv_machine *machine,
			    struct uv_unpack *state, const uint8_t *stored,
			    uint64_t addr, const pv_be64 tweak[2],
			    struct uv_error *err)
{
	const struct uv_ops *ops = &machine->ops;
	uint8_t plain[PV_PAGE_SIZE];
	int ret = 0;

	if (!uv_xts_unit(state->xts, tweak, stored, PV_PAGE_SIZE, plain))
		ret = crypto_failed(err, "decrypt a page of the image");
	else if (ops->write_abs(machine->opaque, addr, plain, sizeof(plain)) !=
		 UV_ACCESS_OK)
		ret = not_mapped(err, addr);
	OPENSSL_cleanse(plain, sizeof(plain));
	return ret;
}

int uv_image_may_unpack(const struct uv_config *config, struct uv_error *err)
{
	return check_state(config, &unpack, err);
}

int uv_image_unpack(struct uv_machine *machine, struct uv_config *config,
		    uint64_t frame, uint64_t addr, const pv_be64 tweak[2],
		    struct uv_error *err)
{
	struct uv_unpack *state = &config->unpack;
	uint8_t stored[PV_PAGE_SIZE];

	if (check_state(config, &unpack, err) ||
	    check_page(machine, config, frame, err))
		return -1;
	if (machine->ops.read_abs(machine->opaque, frame, stored,
				  sizeof(stored)) != UV_ACCESS_OK)
		return not_mapped(err, frame);
	if (state->xts &&
	    decrypt_in_place(machine, state, stored, frame, tweak, err))
		return -1;
	/* It may be in clear by now, so it is taken whatever happens next. */
	uv_storage_apply(&machine->storage, frame, &config->owner,
			 UV_PAGE_UNPACK);
	if (!digests_update(state, stored, addr, tweak))
		return crypto_failed(err, "hash a page of the image");
	state->pages++;
	config->state = unpack.next;
	return 0;
}

/* ---- verify ---- */

static int check_count(const struct uv_config *config, struct uv_error *err)
{
	if (config->unpack.pages == config->image.nep)
		return 0;
	return uv_fail(err, PV_RC_VERIFY_MISMATCH, PV_RRC_VERIFY_COUNT,
		       "%" PRIu64 " pages were unpacked, but the SE header speaks of %" PRIu64,
		       config->unpack.pages, config->image.nep);
}

static int compare(const EVP_MD_CTX *running,
		   const uint8_t want[UV_SHA512_SIZE], uint16_t rrc,
		   const char *what, struct uv_error *err)
{
	uint8_t value[UV_SHA512_SIZE];

	if (!digest_value(running, value))
		return crypto_failed(err, "complete a digest of the image");
	if (!CRYPTO_memcmp(value, want, sizeof(value)))
		return 0;
	return uv_fail(err, PV_RC_VERIFY_MISMATCH, rrc,
		       "the %s of the image are not those of the SE header",
		       what);
}

int uv_image_verify(struct uv_machine *machine, struct uv_config *config,
		    struct uv_error *err)
{
	const struct pv_boot_tags *tags = &config->image.tags;
	const struct uv_unpack *state = &config->unpack;

	(void)machine;
	if (check_state(config, &verify, err) || check_count(config, err) ||
	    compare(state->ald, tags->ald, PV_RRC_VERIFY_ADDRESSES,
		    "page addresses", err) ||
	    compare(state->pld, tags->pld, PV_RRC_VERIFY_PAGES,
		    "page contents", err) ||
	    compare(state->tld, tags->tld, PV_RRC_VERIFY_TWEAKS, "tweaks",
		    err))
		return -1;
	/* Nothing is unpacked with this key any more. */
	uv_unpack_free(&config->unpack);
	OPENSSL_cleanse(config->image.secret.xts_key,
			sizeof(config->image.secret.xts_key));
	config->state = verify.next;
	return 0;
}
