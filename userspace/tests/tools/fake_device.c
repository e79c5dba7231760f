// SPDX-License-Identifier: MIT
/*
 * uvctl with an Ultravisor inside, for tests on machines without one: the same
 * program, but pv_uvdevice_open() is replaced by the linker (--wrap).
 *
 * FAKE_UV_KEY: private host key, PEM; FAKE_UV_HEADER: SE header of the "guest";
 * FAKE_UV_STORE: hash of its secret store; FAKE_UV_RC: answer with this response
 * code; FAKE_UV_ERRNO: let the driver fail.
 *
 * FAKE_UV_SECRETS: file that keeps the secrets from one run to the next, made if
 * it is missing; FAKE_UV_MAX_SECRETS: room for them; FAKE_UV_CCK: file with the
 * guest's CCK, that extension secrets must then be derived from; FAKE_UV_DRIVER:
 * "6.1" knows no secrets, "6.12" lists one page and retrieves nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/pem.h>

#include "fake_uv.h"

enum pv_uvdevice_state __wrap_pv_uvdevice_open(struct pv_uvdevice *dev,
					       const char *path);

static EVP_PKEY *read_key(const char *path)
{
	EVP_PKEY *key = NULL;
	FILE *file = fopen(path, "r");

	if (file) {
		key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
		fclose(file);
	}
	return key;
}

static void read_tags(struct fake_uv *uv, const char *path)
{
	FILE *file = fopen(path, "r");

	if (!file || fseek(file, 0xe0, SEEK_SET) ||
	    fread(uv->boot_tags, 1, 192, file) != 192 ||
	    fseek(file, -16, SEEK_END) ||
	    fread(uv->boot_tags + 192, 1, 16, file) != 16)
		abort();
	fclose(file);
}

static void read_store(struct fake_uv *uv, const char *path)
{
	FILE *file = path ? fopen(path, "r") : NULL;

	if (!file)
		return;
	if (fread(uv->store_hash, 1, 64, file) != 64)
		abort();
	fclose(file);
}

static void read_cck(struct fake_uv *uv, const char *path)
{
	FILE *file = path ? fopen(path, "r") : NULL;

	if (!file)
		return;
	if (fread(uv->cck, 1, 32, file) != 32)
		abort();
	fclose(file);
	uv->cck_enforced = true;
	uv->cck_update = true;
}

static void set_driver(struct fake_uv *uv, const char *version)
{
	if (!version)
		return;
	uv->no_secrets = strcmp(version, "6.1") == 0;
	uv->no_info = uv->no_secrets;
	uv->one_page = strcmp(version, "6.12") == 0;
	uv->no_retrieve = uv->one_page;
}

enum pv_uvdevice_state __wrap_pv_uvdevice_open(struct pv_uvdevice *dev,
					       const char *path)
{
	static struct fake_uv uv;
	const char *rc = getenv("FAKE_UV_RC");
	const char *number = getenv("FAKE_UV_ERRNO");
	const char *room = getenv("FAKE_UV_MAX_SECRETS");
	static EVP_PKEY *key;

	(void)path;
	if (!key)
		key = read_key(getenv("FAKE_UV_KEY"));
	fake_uv_free(&uv);
	fake_uv_init(&uv, key);
	read_tags(&uv, getenv("FAKE_UV_HEADER"));
	read_store(&uv, getenv("FAKE_UV_STORE"));
	uv.fail_rc = rc ? (uint16_t)strtoul(rc, NULL, 0) : 0;
	uv.fail_errno = number ? atoi(number) : 0;
	uv.store_path = getenv("FAKE_UV_SECRETS");
	uv.max_secrets = room ? strtoul(room, NULL, 0) : uv.max_secrets;
	read_cck(&uv, getenv("FAKE_UV_CCK"));
	set_driver(&uv, getenv("FAKE_UV_DRIVER"));
	*dev = uv.dev;
	return PV_UVDEVICE_USABLE;
}
