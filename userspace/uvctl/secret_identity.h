/* SPDX-License-Identifier: MIT */
/* How people name secrets: names, ids, and the little file that keeps both. */
#ifndef UVCTL_SECRET_IDENTITY_H
#define UVCTL_SECRET_IDENTITY_H

#include <stdio.h>

#include "secret.h"

/**
 * struct secret_identity - what is public about a secret
 * @name: NULL for secrets without an id
 * @type: of the secret
 * @id: derived from @name, or @name itself
 */
struct secret_identity {
	const char *name;
	enum pv_secret_type type;
	uint8_t id[PV_SECRET_ID_SIZE];
};

/**
 * secret_identity_set() - a name, and the id that follows from it
 * @use_name: the id is the name, else its hash
 * @err: PV_ERR_CRYPTO
 *
 * Return: 0, or -1 with @err set.
 */
int secret_identity_set(struct secret_identity *identity, const char *name,
			bool use_name, struct pv_error *err);

/**
 * secret_identity_path() - where the file for a secret stands
 * @output: request, or "-"
 * @name: of the secret
 *
 * White space and slashes of the name become underscores, and what follows its
 * last dot becomes "yaml".
 *
 * Return: to be freed, or NULL without memory.
 */
char *secret_identity_path(const char *output, const char *name);

/**
 * secret_identity_render() - content of that file
 * @text: out, to be freed
 * @err: PV_ERR_MEMORY
 *
 * Return: 0, or -1 with @err set.
 */
int secret_identity_render(char **text, size_t *size,
			   const struct secret_identity *identity,
			   struct pv_error *err);

/**
 * secret_identity_read() - id of the retrievable secret that a file describes
 * @err: as yaml_read()
 *
 * Return: 0, or -1 with @err set.
 */
int secret_identity_read(uint8_t *id, const char *path, struct pv_error *err);

/** secret_id_put() - as people see it: "name | 0x...", or the number alone */
void secret_id_put(FILE *out, const uint8_t *id);

/**
 * secret_type_name() - of a secret that stands in a list
 * @text: out, SECRET_TYPE_NAME_MAX bytes do
 */
void secret_type_name(char *text, size_t size, unsigned int type);
#define SECRET_TYPE_NAME_MAX	40

#endif /* UVCTL_SECRET_IDENTITY_H */
