/* SPDX-License-Identifier: MIT */
/*
 * The little YAML that pvattest writes: nested keys, hex values, strings, lists.
 *
 * A hex value is quoted if a YAML reader would take it for a number, as the
 * emitter of pvattest does: when it fits into 128 bits.
 */
#ifndef UVCTL_YAML_H
#define UVCTL_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/** yaml_section() - "key:" above deeper entries */
void yaml_section(FILE *out, unsigned int depth, const char *key);

/** yaml_bool() - "key: true" */
void yaml_bool(FILE *out, unsigned int depth, const char *key, bool value);

/** yaml_hex() - "key: 0x..." */
void yaml_hex(FILE *out, unsigned int depth, const char *key,
	      const uint8_t *data, size_t size);

/** yaml_string() - "key: text", quoted if needed */
void yaml_string(FILE *out, unsigned int depth, const char *key,
		 const char *text);

/** yaml_list() - "key:" and "- text" lines, or "key: []" */
void yaml_list(FILE *out, unsigned int depth, const char *key,
	       const char *const *items, size_t n);

#endif /* UVCTL_YAML_H */
