// SPDX-License-Identifier: MIT
/* Secrets as users have them, on their way into a request. */
#include <string.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "array.h"
#include "key_file.h"
#include "secret_spec.h"

#define ASSOCIATION_SIZE	32
/* More than any secret has, to tell which size a file should have had. */
#define VALUE_MAX		0x10000

/* Types that a size makes of a value of --type; rows of a type are together. */
static const struct {
	const char *name;
	size_t size;
	enum pv_secret_type type;
} keys[] = {
	{ "aes", 16, PV_SECRET_AES_128 },
	{ "aes", 24, PV_SECRET_AES_192 },
	{ "aes", 32, PV_SECRET_AES_256 },
	{ "aes-xts", 32, PV_SECRET_AES_XTS_128 },
	{ "aes-xts", 64, PV_SECRET_AES_XTS_256 },
	{ "hmac-sha", 64, PV_SECRET_HMAC_SHA_256 },
	{ "hmac-sha", 128, PV_SECRET_HMAC_SHA_512 },
};

#define TYPE_PLAIN	"plain"
#define TYPE_EC		"ec"

bool secret_type_known(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (strcmp(name, keys[i].name) == 0)
			return true;
	return strcmp(name, TYPE_PLAIN) == 0 || strcmp(name, TYPE_EC) == 0;
}

static int fail_size(const char *path, const char *type, size_t size,
		     struct pv_error *err)
{
	char sizes[64] = "";
	size_t used = 0;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (strcmp(type, keys[i].name) == 0)
			used += (size_t)snprintf(sizes + used,
						 sizeof(sizes) - used, "%s%zu",
						 used ? " or " : "",
						 keys[i].size);
	return pv_fail(err, PV_ERR_FORMAT,
		       "%s has %zu bytes, but a key of type %s has %s", path,
		       size, type, sizes);
}

static int read_symmetric(struct pv_buffer *secret, enum pv_secret_type *type,
			  const char *path, const char *name,
			  struct pv_error *err)
{
	size_t size;

	if (pv_file_read(secret, path, VALUE_MAX, err) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (strcmp(name, keys[i].name) != 0 ||
		    secret->size != keys[i].size)
			continue;
		*type = keys[i].type;
		return 0;
	}
	size = secret->size;
	pv_buffer_free(secret);
	return fail_size(path, name, size, err);
}

static int read_plaintext(struct pv_buffer *secret, enum pv_secret_type *type,
			  const char *path, struct pv_error *err)
{
	struct pv_buffer payload;
	int ret;

	*type = PV_SECRET_PLAINTEXT;
	if (pv_file_read(&payload, path, PV_PLAINTEXT_MAX, err) < 0)
		return -1;
	ret = pv_secret_from_plaintext(secret, payload.data, payload.size,
				       err);
	pv_buffer_free(&payload);
	return ret;
}

static int read_ec(struct pv_buffer *secret, enum pv_secret_type *type,
		   const char *path, struct pv_error *err)
{
	EVP_PKEY *key = key_file_private(path, err);
	int ret;

	if (!key)
		return -1;
	ret = pv_secret_from_key(secret, type, key, err);
	if (ret < 0)
		pv_error_prefix(err, "%s", path);
	EVP_PKEY_free(key);
	return ret;
}

static int read_fixed(struct pv_buffer *secret, const char *path, size_t size,
		      const char *what, struct pv_error *err)
{
	if (pv_buffer_alloc(secret, size, err) < 0)
		return -1;
	if (path)
		return pv_file_read_exactly(secret->data, path, size, what,
					    err);
	if (RAND_priv_bytes(secret->data, (int)size) == 1)
		return 0;
	return pv_fail_openssl(err, PV_ERR_CRYPTO, "Cannot draw a secret");
}

static int read_retrievable(struct pv_buffer *secret, enum pv_secret_type *type,
			    const struct secret_options *options,
			    struct pv_error *err)
{
	if (strcmp(options->type, TYPE_PLAIN) == 0)
		return read_plaintext(secret, type, options->secret, err);
	if (strcmp(options->type, TYPE_EC) == 0)
		return read_ec(secret, type, options->secret, err);
	return read_symmetric(secret, type, options->secret, options->type,
			      err);
}

int secret_value_read(struct pv_buffer *secret, enum pv_secret_type *type,
		      const struct secret_options *options,
		      struct pv_error *err)
{
	switch (options->kind) {
	case SECRET_ASSOCIATION:
		*type = PV_SECRET_ASSOCIATION;
		return read_fixed(secret, options->input_secret,
				  ASSOCIATION_SIZE, "association secret", err);
	case SECRET_RETRIEVABLE:
		return read_retrievable(secret, type, options, err);
	case SECRET_UPDATE_CCK:
		*type = PV_SECRET_UPDATE_CCK;
		return read_fixed(secret, options->secret, PV_CCK_SIZE,
				  "customer communication key", err);
	case SECRET_META:
	case SECRET_N_WORDS:
		break;
	}
	*type = PV_SECRET_NULL;
	return 0;
}
