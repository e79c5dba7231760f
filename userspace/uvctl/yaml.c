// SPDX-License-Identifier: MIT
/* The little YAML that pvattest writes. */
#include <string.h>

#include "array.h"
#include "yaml.h"

/* 128 bits */
#define NUMBER_BYTES	16

static void start(FILE *out, unsigned int depth, const char *key)
{
	fprintf(out, "%*s%s:", (int)(2 * depth), "", key);
}

void yaml_section(FILE *out, unsigned int depth, const char *key)
{
	start(out, depth, key);
	fputc('\n', out);
}

void yaml_bool(FILE *out, unsigned int depth, const char *key, bool value)
{
	start(out, depth, key);
	fprintf(out, " %s\n", value ? "true" : "false");
}

static bool is_number(const uint8_t *data, size_t size)
{
	while (size > 0 && *data == 0) {
		data++;
		size--;
	}
	return size <= NUMBER_BYTES;
}

void yaml_hex(FILE *out, unsigned int depth, const char *key,
	      const uint8_t *data, size_t size)
{
	const char *quote = is_number(data, size) ? "'" : "";

	start(out, depth, key);
	fprintf(out, " %s0x", quote);
	for (size_t i = 0; i < size; i++)
		fprintf(out, "%02x", data[i]);
	fprintf(out, "%s\n", quote);
}

static bool is_word_character(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || strchr("_./-", c);
}

/* Words that mean something else than their letters. */
static bool is_reserved(const char *text)
{
	static const char *const words[] = {
		"true", "True", "TRUE", "false", "False", "FALSE", "null",
		"Null", "NULL", "yes", "Yes", "YES", "no", "No", "NO", "on",
		"On", "ON", "off", "Off", "OFF", "y", "Y", "n", "N",
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(text, words[i]) == 0)
			return true;
	return false;
}

static bool is_plain(const char *text)
{
	const unsigned char *c = (const unsigned char *)text;
	bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');

	if (!letter && *c != '/' && !(*c == '.' && c[1] == '/'))
		return false;
	for (; *c; c++)
		if (!is_word_character(*c) && !(*c == ' ' && c[1]))
			return false;
	return !is_reserved(text);
}

static bool has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return true;
	return false;
}

static void put_double_quoted(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			fprintf(out, "\\x%02x", c);
		else
			fputc(c, out);
	}
	fputs("\"\n", out);
}

static void put_text(FILE *out, const char *text)
{
	if (is_plain(text)) {
		fprintf(out, "%s\n", text);
	} else if (has_control(text)) {
		put_double_quoted(out, text);
	} else {
		fputc('\'', out);
		for (; *text; text++)
			fprintf(out, *text == '\'' ? "''" : "%c", *text);
		fputs("'\n", out);
	}
}

void yaml_string(FILE *out, unsigned int depth, const char *key,
		 const char *text)
{
	start(out, depth, key);
	fputc(' ', out);
	put_text(out, text);
}

void yaml_list(FILE *out, unsigned int depth, const char *key,
	       const char *const *items, size_t n)
{
	start(out, depth, key);
	fputs(n ? "\n" : " []\n", out);
	for (size_t i = 0; i < n; i++) {
		fprintf(out, "%*s- ", (int)(2 * depth), "");
		put_text(out, items[i]);
	}
}
