/* SPDX-License-Identifier: MIT */
/* Private keys and certificates of users, PEM or DER. */
#ifndef UVCTL_KEY_FILE_H
#define UVCTL_KEY_FILE_H

#include <openssl/evp.h>

#include "error.h"

/**
 * key_file_private() - read a private key
 * @err: PV_ERR_IO, PV_ERR_LIMIT, PV_ERR_FORMAT, PV_ERR_MEMORY
 *
 * Never asks for a passphrase.
 *
 * Return: to be freed with EVP_PKEY_free(), or NULL with @err set.
 */
EVP_PKEY *key_file_private(const char *path, struct pv_error *err);

/** key_file_certified() - the same for the public key in a certificate */
EVP_PKEY *key_file_certified(const char *path, struct pv_error *err);

#endif /* UVCTL_KEY_FILE_H */
