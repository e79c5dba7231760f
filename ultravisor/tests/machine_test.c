// SPDX-License-Identifier: MIT
/* Machines: parameters, host keys, reset, several configurations. */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "config.h"
#include "fake_machine.h"
#include "machine.h"
#include "pv/uvc.h"
#include "tap.h"

static void test_one_param(struct uv_machine_params params, const char *name)
{
	struct uv_error err = { 0 };
	struct uv_machine *machine = uv_machine_new(&params, &err);

	tap_ok(!machine && err.text[0], "no machine: %s", name);
	uv_machine_free(machine);
}

static void test_params(void)
{
	struct fake_machine *fake = fake_new("z15");
	const struct uv_machine_params good = fake_params(fake, "z17");
	struct uv_machine_params params = good;
	struct uv_machine *machine = uv_machine_new(&params, NULL);

	tap_ok(machine, "control case: a machine is made");
	uv_machine_free(machine);
	params.profile = "z14";
	test_one_param(params, "unknown profile");
	params.profile = NULL;
	test_one_param(params, "no profile");
	params = good;
	params.memory_size = 0;
	test_one_param(params, "no storage");
	params.memory_size = 4097;
	test_one_param(params, "half a page");
	params.memory_size = UINT64_MAX - 4095;
	test_one_param(params, "too much storage");
	params = good;
	params.ops.read_abs = NULL;
	test_one_param(params, "read_abs missing");
	params = good;
	params.ops.write_abs = NULL;
	test_one_param(params, "write_abs missing");
	params = good;
	params.ops.read_logical = NULL;
	test_one_param(params, "read_logical missing");
	params = good;
	params.ops.write_logical = NULL;
	test_one_param(params, "write_logical missing");
	params = good;
	params.ops.probe_logical = NULL;
	test_one_param(params, "probe_logical missing");
	params = good;
	params.ops.probe_home = NULL;
	test_one_param(params, "probe_home missing");
	params = good;
	params.ops.read_home = NULL;
	test_one_param(params, "read_home missing");
	params = good;
	params.ops.write_home = NULL;
	test_one_param(params, "write_home missing");
	fake_free(fake);
	uv_machine_free(NULL);
}

static void test_optional_ops(void)
{
	struct fake_machine *fake = fake_new("z17");
	struct uv_machine_params params = fake_params(fake, "z17");
	uint8_t *block;

	params.ops.rights_reduced = NULL;
	params.ops.time_ns = NULL;
	params.ops.log = NULL;
	uv_machine_free(fake->uv);
	fake->uv = uv_machine_new(&params, NULL);
	block = fake_block(fake, 0x3000, PV_CMD_QUI, 0x120);
	tap_equal((uint64_t)fake_call(fake, 0x3000), 0,
		  "optional callbacks can be missing");
	tap_equal(fake_get16(block + 4), 1, "and calls still work");
	fake_free(fake);
}

static bool accepts_key(struct fake_machine *fake, const char *pem, size_t len)
{
	struct uv_error err = { 0 };
	int ret = uv_machine_set_host_key(fake->uv, UV_HOST_KEY, pem, len,
					  &err);

	return ret == 0 || !err.text[0];
}

static char *encrypted_pem(EVP_PKEY *key)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *data, *pem;
	size_t len;

	PEM_write_bio_PKCS8PrivateKey(bio, key, EVP_aes_256_cbc(), "TEST", 4,
				      NULL, NULL);
	len = (size_t)BIO_get_mem_data(bio, &data);
	pem = strndup(data, len);
	BIO_free(bio);
	return pem;
}

static void test_host_keys(void)
{
	struct fake_machine *fake = fake_new("z17");
	EVP_PKEY *p384 = EVP_EC_gen("P-384");
	char *good = seal_pem(fake_keys()->backup);
	char *other = seal_pem(p384);
	char *locked = encrypted_pem(fake_keys()->backup);
	uint8_t phkh[32];

	tap_ok(accepts_key(fake, good, strlen(good)),
	       "a host key need not be terminated");
	memcpy(phkh, fake->uv->host_keys[UV_HOST_KEY].phkh, 32);
	tap_ok(!accepts_key(fake, other, strlen(other)),
	       "a host key on another curve is refused");
	tap_ok(!accepts_key(fake, locked, strlen(locked)),
	       "an encrypted host key is refused without asking");
	tap_ok(!accepts_key(fake, good, strlen(good) / 2),
	       "a truncated host key is refused");
	tap_ok(!accepts_key(fake, "", 0), "an empty host key is refused");
	tap_ok(!accepts_key(fake, "nonsense", 8), "nonsense is refused");
	tap_ok(uv_machine_set_host_key(fake->uv, 2, good, strlen(good),
				       NULL) == -1,
	       "there is no third host key");
	tap_ok(memcmp(phkh, fake->uv->host_keys[UV_HOST_KEY].phkh, 32) == 0,
	       "a refused host key leaves the old one");
	tap_equal(ERR_peek_error(), 0,
		  "the embedder's error queue is left alone");
	EVP_PKEY_free(p384);
	free(good);
	free(other);
	free(locked);
	fake_free(fake);
}

static void get_uid(const struct fake_machine *fake, uint8_t uid[16])
{
	memcpy(uid, fake->cpu.config->uid, 16);
}

static void test_reset(void)
{
	struct fake_machine *fake = fake_new_guest("z17");
	struct fake_machine *twin = fake_new_guest("z17");
	uint8_t first[16], second[16], other[16];

	get_uid(fake, first);
	get_uid(twin, other);
	tap_ok(memcmp(first, other, 16) == 0,
	       "equal seeds give equal unique ids");
	tap_equal(fake->reduced, 1, "making a guest takes access away");
	fake_share(fake, PV_CMD_SET_SHARED_ACCESS, 0x8000);
	uv_machine_reset(fake->uv);
	tap_equal(fake->reduced, 2, "a reset takes access away");
	tap_equal(uv_page_state(fake->uv, 0x8000), UV_PAGE_NORMAL,
		  "after a reset a page is normal");
	tap_equal(uv_page_state(fake->uv, 0x9000), UV_PAGE_NORMAL,
		  "every page is");
	fake_become_guest(fake);
	get_uid(fake, second);
	tap_ok(memcmp(first, second, 16) != 0,
	       "the next configuration has another unique id");
	tap_equal(uv_page_state(fake->uv, 0x8000), UV_PAGE_SECURE,
		  "and shares nothing");
	fake_free(fake);
	fake_free(twin);
}

/* Random bytes of an embedder: all of them 0x5c, or none. */
static bool own_random(void *opaque, void *buf, size_t len)
{
	(void)opaque;
	memset(buf, 0x5c, len);
	return true;
}

static bool no_random(void *opaque, void *buf, size_t len)
{
	(void)opaque;
	(void)buf;
	(void)len;
	return false;
}

static void test_own_random(void)
{
	struct fake_machine *fake = fake_new("z17");
	struct uv_error err = { 0 };
	uint8_t want[16];

	memset(want, 0x5c, sizeof(want));
	fake->uv->ops.random = own_random;
	fake->cpu.config = uv_config_new(fake->uv, &err);
	tap_ok(fake->cpu.config &&
	       memcmp(fake->cpu.config->uid, want, sizeof(want)) == 0,
	       "the embedder's random bytes take the place of the seed's");
	tap_ok(memcmp(fake->cpu.config->export.key,
		      fake->cpu.config->export.key + 32, 32) != 0,
	       "and even these make an export key of two halves");
	fake->uv->ops.random = no_random;
	tap_ok(!uv_config_new(fake->uv, &err) && err.text[0],
	       "without random bytes there is no configuration");
	fake_free(fake);
}

static void test_guest(void)
{
	struct fake_machine *fake = fake_new_guest("z17");
	struct seal_header header;
	struct uv_error err = { 0 };
	uint8_t bytes[8192];
	size_t len;

	seal_header_init(&header, fake_keys()->customer, fake_keys()->host);
	len = seal_header(&header, bytes);
	tap_equal(fake->cpu.config->state, UV_CONFIG_VERIFIED,
		  "a guest from reset on is taken for verified");
	tap_filled(fake->cpu.config->image.secret.xts_key, 64, 0,
		   "and nothing is kept to unpack with");
	tap_ok(!uv_guest_new(fake->uv, bytes, len, &err) && err.text[0],
	       "a machine cannot be two guests");
	tap_ok(fake->uv->configs == fake->cpu.config &&
	       !fake->cpu.config->next, "and the first one stays alone");
	uv_machine_reset(fake->uv);
	bytes[0] ^= 1;
	tap_ok(!uv_guest_new(fake->uv, bytes, len, &err) &&
	       err.rc == 0x10a && err.rrc == 0x31,
	       "a bad header makes no guest, and says why");
	tap_equal(uv_page_state(fake->uv, 0), UV_PAGE_NORMAL,
		  "pages stay normal then");
	fake_free(fake);
}

/* Two configurations side by side, each with one page. */
static void test_two_configs(void)
{
	struct fake_machine *fake = fake_new("z17");
	struct uv_config *a = uv_config_new(fake->uv, NULL);
	struct uv_config *b = uv_config_new(fake->uv, NULL);

	tap_ok(a->owner.id != b->owner.id && a->owner.id && b->owner.id,
	       "configurations have own ids");
	tap_ok(memcmp(a->uid, b->uid, 16) != 0, "and own unique ids");
	uv_storage_apply(&fake->uv->storage, 0x8000, &a->owner, UV_PAGE_GIVE);
	uv_storage_apply(&fake->uv->storage, 0x9000, &b->owner, UV_PAGE_GIVE);
	fake->cpu.config = b;
	tap_equal(fake_share(fake, PV_CMD_SET_SHARED_ACCESS, 0x9000), 1,
		  "a configuration can share its page");
	tap_equal(fake_share(fake, PV_CMD_SET_SHARED_ACCESS, 0x8000), 0x101,
		  "but not that of another");
	tap_equal(fake_share(fake, PV_CMD_SET_SHARED_ACCESS, 0xa000), 0x101,
		  "nor one that nobody has");
	uv_config_destroy(fake->uv, b);
	tap_equal(uv_page_state(fake->uv, 0x9000), UV_PAGE_NORMAL,
		  "when it ends, its page is normal");
	tap_equal(uv_page_state(fake->uv, 0x8000), UV_PAGE_SECURE,
		  "that of the other stays secure");
	tap_equal(uv_page_state(fake->uv, UINT64_MAX), UV_PAGE_NORMAL,
		  "beyond storage everything is normal");
	fake_free(fake);
}

int main(void)
{
	tap_begin();
	test_params();
	test_optional_ops();
	test_host_keys();
	test_reset();
	test_own_random();
	test_guest();
	test_two_configs();
	return tap_end();
}
