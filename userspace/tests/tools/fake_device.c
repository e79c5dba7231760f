// SPDX-License-Identifier: MIT
/*
 * uvctl with an Ultravisor inside, for tests on machines without one: the same
 * program, but pv_uvdevice_open() is replaced by the linker (--wrap).
 *
 * FAKE_UV_KEY: private host key, PEM; FAKE_UV_HEADER: SE header of the "guest";
 * FAKE_UV_STORE: hash of its secret store; FAKE_UV_RC: answer with this response
 * code; FAKE_UV_ERRNO: let the driver fail.
 */
#include <stdio.h>
#include <stdlib.h>

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

enum pv_uvdevice_state __wrap_pv_uvdevice_open(struct pv_uvdevice *dev,
					       const char *path)
{
	static struct fake_uv uv;
	const char *rc = getenv("FAKE_UV_RC");
	const char *number = getenv("FAKE_UV_ERRNO");
	static EVP_PKEY *key;

	(void)path;
	if (!key)
		key = read_key(getenv("FAKE_UV_KEY"));
	fake_uv_init(&uv, key);
	read_tags(&uv, getenv("FAKE_UV_HEADER"));
	read_store(&uv, getenv("FAKE_UV_STORE"));
	uv.fail_rc = rc ? (uint16_t)strtoul(rc, NULL, 0) : 0;
	uv.fail_errno = number ? atoi(number) : 0;
	*dev = uv.dev;
	return PV_UVDEVICE_USABLE;
}
