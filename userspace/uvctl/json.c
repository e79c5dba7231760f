// SPDX-License-Identifier: MIT
/* Writing JSON. */
#include <inttypes.h>

#include "encode.h"
#include "json.h"

static void put_text(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < 0x20)
			fprintf(out, "\\u%04x", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

static void new_line(const struct json *json)
{
	if (json->pretty)
		fprintf(json->out, "\n%*s", (int)(2 * json->depth), "");
}

static void begin(struct json *json, const char *name)
{
	if (json->filled)
		fputc(',', json->out);
	if (json->depth > 0)
		new_line(json);
	json->filled = true;
	if (!name)
		return;
	put_text(json->out, name);
	fputs(json->pretty ? ": " : ":", json->out);
}

void json_open(struct json *json, const char *name, char bracket)
{
	begin(json, name);
	fputc(bracket, json->out);
	json->depth++;
	json->filled = false;
}

void json_close(struct json *json, char bracket)
{
	json->depth--;
	if (json->filled)
		new_line(json);
	json->filled = true;
	fputc(bracket, json->out);
	if (json->depth == 0)
		fputc('\n', json->out);
}

void json_string(struct json *json, const char *name, const char *text)
{
	begin(json, name);
	put_text(json->out, text);
}

void json_number(struct json *json, const char *name, uint64_t number)
{
	begin(json, name);
	fprintf(json->out, "%" PRIu64, number);
}

void json_bool(struct json *json, const char *name, bool value)
{
	begin(json, name);
	fputs(value ? "true" : "false", json->out);
}

void json_null(struct json *json, const char *name)
{
	begin(json, name);
	fputs("null", json->out);
}

void json_hex(struct json *json, const char *name, const void *data,
	      size_t size)
{
	begin(json, name);
	fputc('"', json->out);
	put_hex(json->out, data, size);
	fputc('"', json->out);
}

void json_base64(struct json *json, const char *name, const void *data,
		 size_t size)
{
	begin(json, name);
	fputc('"', json->out);
	put_base64(json->out, data, size);
	fputc('"', json->out);
}
