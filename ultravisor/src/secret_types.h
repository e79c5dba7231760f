/* SPDX-License-Identifier: MIT */
/* The types of secrets. */
#ifndef UV_SECRET_TYPES_H
#define UV_SECRET_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "profile.h"

enum uv_secret_kind {
	UV_SECRET_NOT_KEPT,	/* does something, but enters no list */
	UV_SECRET_ASSOCIATION,	/* kept, but never handed out */
	UV_SECRET_PLAINTEXT,	/* handed out as it came */
	UV_SECRET_KEY,		/* handed out as a protected key */
};

/**
 * struct uv_secret_type - a type
 * @number: enum pv_secret_type
 * @kind: what can be done with it
 * @min: bytes that a request carries at least
 * @max: and at most
 * @unit: and their size is a multiple of
 */
struct uv_secret_type {
	uint16_t number;
	enum uv_secret_kind kind;
	size_t min;
	size_t max;
	size_t unit;
};

/** uv_secret_type_find() - NULL if a machine of @profile has no such type */
const struct uv_secret_type *
uv_secret_type_find(const struct uv_profile *profile, uint16_t number);

/** uv_secret_size_fits() - can a request for @type carry @size bytes? */
bool uv_secret_size_fits(const struct uv_secret_type *type, size_t size);

/** uv_secret_object_size() - bytes that a list reports and retrieving gives */
size_t uv_secret_object_size(const struct uv_secret_type *type, size_t size);

/** uv_secret_retrievable() - can it be handed out? */
bool uv_secret_retrievable(const struct uv_secret_type *type);

/** uv_secret_limit() - how many of this kind a configuration can hold */
size_t uv_secret_limit(const struct uv_profile *profile,
		       enum uv_secret_kind kind);

#endif /* UV_SECRET_TYPES_H */
