// SPDX-License-Identifier: MIT
/* Private keys and certificates of users, PEM or DER. */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "file.h"
#include "key_file.h"

#define KEY_FILE_MAX	0x10000

/* A prompt would hang whoever calls from a script. */
static int no_passphrase(char *text, int size, int writing, void *ctx)
{
	(void)text;
	(void)size;
	(void)writing;
	(void)ctx;
	return -1;
}

static EVP_PKEY *parse_private(BIO *bio)
{
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);

	if (key || BIO_reset(bio) != 1)
		return key;
	return d2i_PrivateKey_bio(bio, NULL);
}

static EVP_PKEY *parse_certified(BIO *bio)
{
	X509 *cert = PEM_read_bio_X509(bio, NULL, no_passphrase, NULL);
	EVP_PKEY *key = NULL;

	if (!cert && BIO_reset(bio) == 1)
		cert = d2i_X509_bio(bio, NULL);
	if (cert)
		key = X509_get_pubkey(cert);
	X509_free(cert);
	return key;
}

static EVP_PKEY *read_key(const char *path, EVP_PKEY *(*parse)(BIO *bio),
			  const char *what, struct pv_error *err)
{
	EVP_PKEY *key = NULL;
	struct pv_buffer file;
	BIO *bio;

	if (pv_file_read(&file, path, KEY_FILE_MAX, err) < 0)
		return NULL;
	bio = BIO_new_mem_buf(file.size ? (void *)file.data : "",
			      (int)file.size);
	if (bio)
		key = parse(bio);
	BIO_free(bio);
	pv_buffer_free(&file);
	ERR_clear_error();
	if (!key)
		pv_fail(err, PV_ERR_FORMAT, "%s is not %s (PEM or DER)", path,
			what);
	return key;
}

EVP_PKEY *key_file_private(const char *path, struct pv_error *err)
{
	return read_key(path, parse_private,
			"a private key without a passphrase", err);
}

EVP_PKEY *key_file_certified(const char *path, struct pv_error *err)
{
	return read_key(path, parse_certified, "an X.509 certificate", err);
}
