/* SPDX-License-Identifier: MIT */
/* Writing JSON. */
#ifndef UVCTL_JSON_H
#define UVCTL_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/**
 * struct json - a document being written
 * @out: where to
 * @pretty: one member a line, indented by two spaces a level
 * @depth: of what is open
 * @filled: something stands in what is open
 */
struct json {
	FILE *out;
	bool pretty;
	unsigned int depth;
	bool filled;
};

/* @name is that of a member, NULL in an array and at the top. */

/** json_open() - @bracket: '{' or '[' */
void json_open(struct json *json, const char *name, char bracket);

/** json_close() - @bracket: '}' or ']' */
void json_close(struct json *json, char bracket);

void json_string(struct json *json, const char *name, const char *text);
void json_number(struct json *json, const char *name, uint64_t number);
void json_bool(struct json *json, const char *name, bool value);
void json_null(struct json *json, const char *name);

/** json_hex() - bytes as a string of lower case hexadecimal digits */
void json_hex(struct json *json, const char *name, const void *data,
	      size_t size);

/** json_base64() - bytes as a string */
void json_base64(struct json *json, const char *name, const void *data,
		 size_t size);

#endif /* UVCTL_JSON_H */
